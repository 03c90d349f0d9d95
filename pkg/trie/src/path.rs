//! The way from the root to a node, in nibbles, and how it is written in a node.

use alloc::vec::Vec;
use core::fmt;

use crate::node::NodeError;

/// A path of nibbles, half bytes, from the root of a trie downwards.
///
/// Shown as hex digits, one a nibble; the path of the root, which has none, as `(root)`.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NibblePath(Vec<u8>);

impl NibblePath {
    /// The path to the value of `key`: two nibbles a byte, the more significant first.
    pub fn of_key(key: &[u8]) -> Self {
        Self(
            key.iter()
                .flat_map(|byte| [byte >> 4, byte & 0x0f])
                .collect(),
        )
    }

    /// The nibbles, one a byte, each below 16.
    pub fn nibbles(&self) -> &[u8] {
        &self.0
    }

    /// How many nibbles there are.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// A path of these nibbles, which the caller took from another path.
    pub(crate) fn of_nibbles(nibbles: &[u8]) -> Self {
        Self(nibbles.to_vec())
    }

    /// This path followed by `nibbles`.
    pub(crate) fn join(&self, nibbles: &[u8]) -> Self {
        Self([&self.0, nibbles].concat())
    }

    /// The hex-prefix form (Yellow Paper, appendix C): a flag nibble, 2 for a leaf plus 1 for an odd
    /// length, a zero nibble if that makes it even, then the path.
    pub(crate) fn hex_prefix(&self, is_leaf: bool) -> Vec<u8> {
        let flag = if is_leaf { 0x20 } else { 0x00 };
        let (pairs, first) = match self.0.split_first() {
            Some((odd, rest)) if self.0.len() % 2 == 1 => (rest, flag | 0x10 | odd),
            _ => (self.0.as_slice(), flag),
        };
        let mut bytes = Vec::with_capacity(1 + pairs.len() / 2);
        bytes.push(first);
        bytes.extend(pairs.chunks_exact(2).map(|pair| match pair {
            [high, low] => high << 4 | low,
            _ => 0,
        }));
        bytes
    }

    /// The path in `bytes`, and whether it is a leaf's.
    pub(crate) fn from_hex_prefix(bytes: &[u8]) -> Result<(Self, bool), NodeError> {
        let (&first, pairs) = bytes.split_first().ok_or(NodeError::PathMissing)?;
        let flag = first >> 4;
        if flag > 3 {
            return Err(NodeError::PathFlag { got: flag });
        }
        let is_odd = flag & 1 == 1;
        if !is_odd && first & 0x0f != 0 {
            return Err(NodeError::PathPadding { got: first & 0x0f });
        }
        let mut nibbles = Vec::with_capacity(1 + pairs.len() * 2);
        if is_odd {
            nibbles.push(first & 0x0f);
        }
        nibbles.extend(pairs.iter().flat_map(|byte| [byte >> 4, byte & 0x0f]));
        Ok((Self(nibbles), flag & 2 == 2))
    }
}

impl fmt::Display for NibblePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("(root)");
        }
        self.0.iter().try_for_each(|nibble| write!(f, "{nibble:x}"))
    }
}

impl fmt::Debug for NibblePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn hex_prefix_is_that_of_appendix_c() {
        // The four forms of the Yellow Paper: odd and even, leaf and extension.
        for (nibbles, is_leaf, bytes) in [
            (&[1, 2, 3, 4, 5][..], false, &[0x11, 0x23, 0x45][..]),
            (&[0, 1, 2, 3, 4, 5], false, &[0x00, 0x01, 0x23, 0x45]),
            (&[0, 0xf, 1, 0xc, 0xb, 8], true, &[0x20, 0x0f, 0x1c, 0xb8]),
            (&[0xf, 1, 0xc, 0xb, 8], true, &[0x3f, 0x1c, 0xb8]),
            (&[], true, &[0x20]),
        ] {
            let path = NibblePath::of_nibbles(nibbles);
            assert_eq!(path.hex_prefix(is_leaf), bytes);
            assert_eq!(NibblePath::from_hex_prefix(bytes), Ok((path, is_leaf)));
        }
    }

    #[test]
    fn path_reads_as_hex_digits() {
        assert_eq!(NibblePath::of_key(&[0x0a, 0xf1]).to_string(), "0af1");
        assert_eq!(NibblePath::default().to_string(), "(root)");
    }
}
