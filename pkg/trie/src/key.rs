//! How long a key may be.

use crate::path::NibblePath;

/// The longest key. The chain's longest has 65 bytes (an id, a letter, an id); twice that leaves
/// room. The path of a key bounds the depth of the trie, and so the stack that a change needs.
pub const KEY_BYTES_MAX: usize = 128;

/// Nibbles from the root to the value of the longest key.
pub(crate) const PATH_NIBBLES_MAX: usize = 2 * KEY_BYTES_MAX;

/// A key over [`KEY_BYTES_MAX`]; each operation has its own error for it.
pub(crate) struct KeyTooLong {
    pub(crate) got: usize,
}

/// The path of `key`, if it is not too long.
pub(crate) fn path_of(key: &[u8]) -> Result<NibblePath, KeyTooLong> {
    if key.len() > KEY_BYTES_MAX {
        return Err(KeyTooLong { got: key.len() });
    }
    Ok(NibblePath::of_key(key))
}
