//! The recovery phrase: 24 English words of BIP-39, from which everything of a patient's comes.
//!
//! Parsing forgives how a phrase was written down (spaces, lines, case, numbering), never what:
//! a wrong word is named by its place, with the word that was probably meant.

use alloc::string::{String, ToString};

use bip39::{Language, Mnemonic};
use rand_core::CryptoRngCore;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

mod suggestion;

/// 24 words that carry 256 random bits and an 8-bit checksum. Wiped from memory when dropped.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Phrase(Mnemonic);

impl Phrase {
    /// Words in a phrase.
    pub const WORDS: usize = 24;

    /// Characters of an unknown word that an error repeats; the longest English word has 8.
    const UNKNOWN_WORD_CHARS_MAX: usize = 32;

    /// A phrase of 256 bits drawn from `rng`.
    pub fn generate(rng: &mut impl CryptoRngCore) -> Self {
        let mut entropy = Zeroizing::new([0; 32]);
        rng.fill_bytes(entropy.as_mut_slice());
        Self::from_entropy(&entropy)
    }

    /// The phrase a person typed or pasted: words apart by white space or commas, in any case,
    /// each possibly numbered (`1. abandon`, `2) ability`).
    ///
    /// # Errors
    /// [`PhraseError::WordCount`] unless there are 24; [`PhraseError::UnknownWord`] for the first
    /// that is not in the English list; [`PhraseError::Checksum`] where all are, yet not these 24
    /// or not in this order.
    pub fn parse(text: &str) -> Result<Self, PhraseError> {
        let got = words_of(text).count();
        if got != Self::WORDS {
            return Err(PhraseError::WordCount {
                got,
                expected: Self::WORDS,
            });
        }
        // As long as it ever gets, so that it never moves and leaves a copy behind.
        let mut normalised = Zeroizing::new(String::with_capacity(text.len() + Self::WORDS));
        for (index, word) in words_of(text).enumerate() {
            let word = Zeroizing::new(word.to_lowercase());
            if Language::English.find_word(&word).is_none() {
                return Err(PhraseError::UnknownWord {
                    position: index + 1,
                    suggestion: suggestion::nearest_word(&word),
                    word: word.chars().take(Self::UNKNOWN_WORD_CHARS_MAX).collect(),
                });
            }
            normalised.push_str(&word);
            normalised.push(' ');
        }
        // The words and their number were checked: only the checksum can be wrong.
        Mnemonic::parse_in_normalized(Language::English, &normalised)
            .map(Self)
            .map_err(|_| PhraseError::Checksum)
    }

    /// The 24 words in their order.
    pub fn words(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.0.words()
    }

    /// The words with one space between them, for showing and for saving where the patient asks.
    pub fn expose_secret(&self) -> Zeroizing<String> {
        Zeroizing::new(self.0.to_string())
    }

    /// BIP-39's seed under an empty passphrase: PBKDF2-HMAC-SHA512, 2048 rounds, salt "mnemonic".
    pub(crate) fn to_seed(&self) -> Zeroizing<[u8; 64]> {
        Zeroizing::new(self.0.to_seed_normalized(""))
    }

    fn from_entropy(entropy: &[u8; 32]) -> Self {
        Self(
            Mnemonic::from_entropy_in(Language::English, entropy)
                .expect("BIP-39 has a phrase for any 256 bits"),
        )
    }
}

/// The words of a text without their numbers and punctuation; numbers that stand alone are left
/// out, and a digit inside a word stays, to be reported with it.
fn words_of(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || c == ',')
        .map(|token| token.trim_matches(|c: char| !c.is_alphabetic()))
        .filter(|word| !word.is_empty())
}

/// Why a text is not a recovery phrase. It repeats a wrong word, never a right one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PhraseError {
    /// Words are missing or too many.
    #[error("a recovery phrase has {expected} words, this has {got}")]
    WordCount {
        /// Words found.
        got: usize,
        /// Always 24.
        expected: usize,
    },
    /// A word that is not in BIP-39's English list.
    #[error(
        "word {position}, \"{word}\", is not a word of recovery phrases{}",
        .suggestion.map_or(String::new(), |meant| alloc::format!(" (did you mean \"{meant}\"?)"))
    )]
    UnknownWord {
        /// Its place, counted from 1.
        position: usize,
        /// The word in lower case, at most its first 32 characters.
        word: String,
        /// The one word of the list that is nearest, if it is near: at most two edits away.
        suggestion: Option<&'static str>,
    },
    /// Every word is in the list, but the checksum in the last one does not match.
    #[error("a word is wrong or in the wrong place: the phrase's checksum does not match")]
    Checksum,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

    use super::*;

    #[test]
    fn generated_phrase_parses_and_differs_by_randomness() {
        let phrase = |seed| Phrase::generate(&mut ChaCha20Rng::seed_from_u64(seed)).expose_secret();
        assert_eq!(phrase(1).split(' ').count(), 24);
        assert_eq!(
            *Phrase::parse(&phrase(1)).unwrap().expose_secret(),
            *phrase(1)
        );
        assert_ne!(*phrase(1), *phrase(2));
    }

    #[test]
    fn unknown_word_is_repeated_only_in_part() {
        let text = alloc::format!("{} {}", "x".repeat(1000), "zoo ".repeat(23));
        assert_eq!(
            Phrase::parse(&text).err(),
            Some(PhraseError::UnknownWord {
                position: 1,
                word: "x".repeat(32),
                suggestion: None,
            })
        );
    }

    #[test]
    fn error_says_which_word_and_what_was_meant() {
        let error = Phrase::parse(&("zoo ".repeat(22) + "abandn zoo")).err();
        assert_eq!(
            error.unwrap().to_string(),
            "word 23, \"abandn\", is not a word of recovery phrases (did you mean \"abandon\"?)"
        );
    }

    proptest! {
        #[test]
        fn phrase_survives_how_it_is_written_down(
            entropy: [u8; 32],
            apart in proptest::collection::vec("[ \t\n\r\u{a0}]{1,3}|, |\n[0-9]{1,2}[.):] ", 24),
            upper: bool,
        ) {
            let phrase = Phrase::from_entropy(&entropy);
            let mut text = String::new();
            for (word, apart) in phrase.words().zip(&apart) {
                text.push_str(apart);
                text.push_str(&if upper { word.to_uppercase() } else { word.to_string() });
            }
            let parsed = Phrase::parse(&text).unwrap();
            prop_assert!(parsed.words().eq(phrase.words()));
        }

        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,200}") {
            prop_assert!(Phrase::parse(&text).is_err());
        }
    }
}
