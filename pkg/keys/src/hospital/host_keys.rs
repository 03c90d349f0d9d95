//! The key file of a relay's host.
//!
//! The host must start unattended, so no passphrase protects this file: its permissions do. It is
//! a text of two lines, safe to copy through a terminal:
//!
//! ```text
//! keepwell-host-keys/1
//! <lowercase hex of RLP [node, custody] and of the first 4 bytes of its hash tagged "host-keys">
//! ```

use alloc::{string::String, vec::Vec};

use alloy_rlp::{RlpDecodable, RlpEncodable};
use keepwell_primitives::{CanonicalError, Hash, decode_canonical};
use rand_core::CryptoRngCore;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::{FixedHexError, SecretKey, SecretKeyError, fixed_hex};

/// The two keys on a relay's host.
#[derive(Clone)]
pub struct HostKeys {
    /// Mines, votes and answers requests; the relay's identity to its peers.
    pub node: SecretKey,
    /// Receives fragments of re-encryption keys.
    pub custody: SecretKey,
}

#[derive(RlpEncodable, RlpDecodable, Zeroize, ZeroizeOnDrop)]
struct Contents {
    node: [u8; SecretKey::SIZE],
    custody: [u8; SecretKey::SIZE],
}

/// What the first line says before the version.
const MAGIC: &str = "keepwell-host-keys/";
const VERSION: &str = "1";
/// Two strings of 32 bytes and three heads, the list's of two bytes.
const CONTENTS_BYTES: usize = 2 + 2 * 33;
const CHECKSUM_BYTES: usize = 4;
const PAYLOAD_BYTES: usize = CONTENTS_BYTES + CHECKSUM_BYTES;
/// Characters of a first line that an error repeats.
const FIRST_LINE_CHARS_MAX: usize = 40;

impl HostKeys {
    /// New keys.
    pub fn generate(rng: &mut impl CryptoRngCore) -> Self {
        Self {
            node: SecretKey::generate(rng),
            custody: SecretKey::generate(rng),
        }
    }

    /// The text of the file, with a line break at its end.
    pub fn to_file_text(&self) -> Zeroizing<String> {
        let contents = Contents {
            node: *self.node.expose_secret(),
            custody: *self.custody.expose_secret(),
        };
        let mut payload = Zeroizing::new(Vec::with_capacity(PAYLOAD_BYTES));
        alloy_rlp::Encodable::encode(&contents, &mut *payload);
        let checksum = checksum_of(&payload);
        payload.extend_from_slice(&checksum);
        let digits = Zeroizing::new(hex::encode(&*payload));

        let length = MAGIC.len() + VERSION.len() + digits.len() + 2;
        let mut text = Zeroizing::new(String::with_capacity(length));
        for part in [MAGIC, VERSION, "\n", &digits, "\n"] {
            text.push_str(part);
        }
        text
    }

    /// The keys in the text of a file. Space around its lines is left out.
    ///
    /// # Errors
    /// [`HostKeysError::NotHostKeys`] and [`HostKeysError::Version`] by the first line;
    /// [`HostKeysError::Lines`] unless there are two; [`HostKeysError::Hex`] and
    /// [`HostKeysError::Checksum`] where the second was damaged; [`HostKeysError::Contents`] and
    /// [`HostKeysError::Key`] where it was never right.
    pub fn from_file_text(text: &str) -> Result<Self, HostKeysError> {
        let mut lines = text.trim().lines().map(str::trim);
        let first = lines.next().unwrap_or_default();
        let Some(version) = first.strip_prefix(MAGIC) else {
            return Err(HostKeysError::NotHostKeys {
                got: first.chars().take(FIRST_LINE_CHARS_MAX).collect(),
            });
        };
        if version != VERSION {
            return Err(HostKeysError::Version {
                got: version.chars().take(FIRST_LINE_CHARS_MAX).collect(),
                expected: VERSION,
            });
        }
        let (Some(digits), None) = (lines.next(), lines.next()) else {
            return Err(HostKeysError::Lines {
                got: text.trim().lines().count(),
                expected: 2,
            });
        };
        let payload = Zeroizing::new(fixed_hex::decode::<PAYLOAD_BYTES>(digits)?);
        let (bytes, checksum) = payload.split_at(CONTENTS_BYTES);
        if checksum != checksum_of(bytes) {
            return Err(HostKeysError::Checksum);
        }
        let contents: Contents =
            decode_canonical(bytes, CONTENTS_BYTES).map_err(HostKeysError::Contents)?;
        Ok(Self {
            node: SecretKey::from_bytes(contents.node)?,
            custody: SecretKey::from_bytes(contents.custody)?,
        })
    }
}

fn checksum_of(contents: &[u8]) -> [u8; CHECKSUM_BYTES] {
    let [a, b, c, d, ..] = Hash::tagged("host-keys", &[contents]).0;
    [a, b, c, d]
}

/// Why a text is not the key file of a host.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HostKeysError {
    /// The first line is another.
    #[error("a host's key file starts with \"keepwell-host-keys/1\", this with {got:?}")]
    NotHostKeys {
        /// The first line, at most its first 40 characters.
        got: String,
    },
    /// Made by a later version of Keepwell.
    #[error("a host's key file of version {got:?}; this software reads version {expected}")]
    Version {
        /// The version in the first line.
        got: String,
        /// Always `1`.
        expected: &'static str,
    },
    /// Lines are missing or too many.
    #[error("a host's key file has {expected} lines, this has {got}")]
    Lines {
        /// Lines found.
        got: usize,
        /// Always 2.
        expected: usize,
    },
    /// The second line is not hex, or of another length.
    #[error("the second line of the host's key file is damaged: {0}")]
    Hex(#[from] FixedHexError),
    /// A digit was altered.
    #[error("the second line of the host's key file is damaged: its checksum does not match")]
    Checksum,
    /// The checksum is right, and the contents are not keys.
    #[error("the host's key file holds no keys: {0}")]
    Contents(CanonicalError),
    /// The checksum is right, and a key is out of range.
    #[error("the host's key file holds no keys: {0}")]
    Key(#[from] SecretKeyError),
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use proptest::prelude::*;
    use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

    use super::*;

    fn keys() -> HostKeys {
        HostKeys::generate(&mut ChaCha20Rng::seed_from_u64(1))
    }

    fn error(text: &str) -> HostKeysError {
        HostKeys::from_file_text(text).err().unwrap()
    }

    #[test]
    fn host_keys_survive_their_file() {
        let text = keys().to_file_text().replace('\n', " \r\n");
        let read = HostKeys::from_file_text(&text).unwrap();
        assert_eq!(read.node.public_key(), keys().node.public_key());
        assert_eq!(read.custody.public_key(), keys().custody.public_key());
    }

    #[test]
    fn each_way_to_be_wrong_has_its_own_error() {
        let text = keys().to_file_text();
        let second_line = text.lines().nth(1).unwrap();
        assert_eq!(
            error(second_line),
            HostKeysError::NotHostKeys {
                got: second_line[..40].to_string()
            }
        );
        assert_eq!(
            error(&text.replace("keys/1", "keys/2")),
            HostKeysError::Version {
                got: "2".to_string(),
                expected: "1"
            }
        );
        assert_eq!(
            error("keepwell-host-keys/1\n"),
            HostKeysError::Lines {
                got: 1,
                expected: 2
            }
        );
        assert_eq!(
            error(&text[..text.len() - 3]),
            HostKeysError::Hex(FixedHexError::Length {
                got: 142,
                expected: 144
            })
        );
        assert_eq!(
            error(&with_contents(&[0; 68])),
            HostKeysError::Contents(CanonicalError::Rlp(alloy_rlp::Error::UnexpectedString))
        );
        let no_keys = alloy_rlp::encode(Contents {
            node: [0; 32],
            custody: [1; 32],
        });
        assert_eq!(
            error(&with_contents(&no_keys)),
            HostKeysError::Key(SecretKeyError::OutOfRange)
        );
    }

    fn with_contents(contents: &[u8]) -> String {
        let payload = [contents, checksum_of(contents).as_slice()].concat();
        alloc::format!("{MAGIC}{VERSION}\n{}\n", hex::encode(payload))
    }

    proptest! {
        #[test]
        fn any_altered_digit_is_noticed(at in 0..2 * PAYLOAD_BYTES, digit in "[0-9a-f]") {
            let mut text = keys().to_file_text().to_string();
            let at = MAGIC.len() + VERSION.len() + 1 + at;
            prop_assume!(text[at..=at] != digit);
            text.replace_range(at..=at, &digit);
            prop_assert_eq!(error(&text), HostKeysError::Checksum);
        }
    }
}
