//! The word that was probably meant by one that is not in the list.

use alloc::vec::Vec;
use core::cmp::Ordering;

use bip39::Language;

/// Two edits are a slip of the fingers; three turn one short word into most others.
const EDITS_MAX: usize = 2;

/// The longest English word of BIP-39 has 8 letters: what is longer by more than the edits allowed
/// is near none of them.
const LETTERS_MAX: usize = 8 + EDITS_MAX;

/// The one word of the English list with the fewest edits from `word`, if that is at most two and
/// no other word is as near.
pub(super) fn nearest_word(word: &str) -> Option<&'static str> {
    let typed: Vec<char> = word.chars().take(LETTERS_MAX + 1).collect();
    if typed.len() > LETTERS_MAX {
        return None;
    }
    let mut fewest_edits = EDITS_MAX + 1;
    let mut nearest = None;
    for candidate in Language::English.word_list() {
        let edits = edit_distance(&typed, candidate);
        match edits.cmp(&fewest_edits) {
            Ordering::Less => (fewest_edits, nearest) = (edits, Some(*candidate)),
            Ordering::Equal => nearest = None,
            Ordering::Greater => {}
        }
    }
    nearest
}

/// Levenshtein's distance: letters to insert, remove or replace.
fn edit_distance(typed: &[char], candidate: &str) -> usize {
    // `row` holds the distances from the letters of `typed` so far to each start of `candidate`.
    let mut row: Vec<usize> = (0..=candidate.chars().count()).collect();
    for (index, letter) in typed.iter().enumerate() {
        let mut diagonal = index;
        let mut left = index + 1;
        let mut next = Vec::with_capacity(row.len());
        next.push(left);
        for (above, meant) in row.iter().skip(1).zip(candidate.chars()) {
            let replaced = diagonal + usize::from(*letter != meant);
            left = replaced.min(above + 1).min(left + 1);
            diagonal = *above;
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_counts_insertions_removals_and_replacements() {
        for (typed, meant, edits) in [
            ("abandon", "abandon", 0),
            ("abandn", "abandon", 1),
            ("abbandon", "abandon", 1),
            ("abamdon", "abandon", 1),
            ("kitten", "sitting", 3),
            ("", "zoo", 3),
        ] {
            let typed: Vec<char> = typed.chars().collect();
            assert_eq!(edit_distance(&typed, meant), edits);
        }
    }

    #[test]
    fn only_a_single_near_word_is_suggested() {
        assert_eq!(nearest_word("abandn"), Some("abandon"));
        assert_eq!(nearest_word("abandoned"), Some("abandon"));
        // `cat`, `bat`, `fat` …: as near, so none is named.
        assert_eq!(nearest_word("zat"), None);
        assert_eq!(nearest_word("xxxxxx"), None);
    }
}
