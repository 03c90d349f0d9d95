//! The rules of a node's bytes, one variant each.

use crate::key::PATH_NIBBLES_MAX;

/// Why bytes are not a node, though their hash may be right: each rule of the canonical form
/// (Yellow Paper, appendices B to D) that can be broken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NodeError {
    /// A rule of RLP is broken, or a string stands where a list should, or the reverse.
    #[error("not canonical RLP: {0}")]
    Rlp(alloy_rlp::Error),
    /// Bytes follow the node.
    #[error("{got} bytes follow the node")]
    TrailingBytes {
        /// How many.
        got: usize,
    },
    /// Neither the 2 items of a leaf or an extension nor the 17 of a branch.
    #[error("a node has 2 or 17 items, this has {got}")]
    ItemCount {
        /// Items in the list; counting stops at 18.
        got: usize,
    },
    /// The path is an empty string, without even its flag.
    #[error("the path lacks its flag nibble")]
    PathMissing,
    /// The flag nibble is none of the four that exist.
    #[error("a path's flag nibble is 0 to 3, this is {got}")]
    PathFlag {
        /// The first nibble.
        got: u8,
    },
    /// The padding nibble of a path of even length is not zero.
    #[error("the padding nibble of an even path is 0, this is {got}")]
    PathPadding {
        /// The second nibble.
        got: u8,
    },
    /// An extension that extends by nothing.
    #[error("an extension's path is empty")]
    ExtensionEmpty,
    /// An extension over anything but a branch: the two should be one node.
    #[error("an extension leads to something other than a branch")]
    ExtensionWithoutBranch,
    /// A branch with fewer than two children and values: it should be a leaf or an extension.
    #[error("a branch has at least {expected} occupants, this has {got}")]
    BranchOccupants {
        /// Children, plus one for a value.
        got: usize,
        /// Always 2.
        expected: usize,
    },
    /// A leaf without a value: an empty value is an absent one.
    #[error("a leaf's value is empty")]
    ValueEmpty,
    /// A pointer at a child that is neither absent nor a hash.
    #[error("a child is absent or a hash of {expected} bytes, this has {got}")]
    ChildLength {
        /// Bytes in the string.
        got: usize,
        /// Always 32.
        expected: usize,
    },
    /// A child that stands in its parent though it is long enough to be hashed.
    #[error("a child of {got} bytes stands in its parent, from {limit} on it is hashed")]
    ChildInlined {
        /// Bytes of the child.
        got: usize,
        /// Always 32.
        limit: usize,
    },
    /// A child that is pointed at by its hash though it is short enough to stand in its parent.
    #[error("a child of {got} bytes is hashed, under {limit} it stands in its parent")]
    ChildHashed {
        /// Bytes of the child.
        got: usize,
        /// Always 32.
        limit: usize,
    },
    /// The path from the root is longer than that of the longest key.
    #[error("the path from the root has {got} nibbles, at most {max} are allowed")]
    PathTooLong {
        /// Nibbles down to this node, its own included.
        got: usize,
        /// Twice [`KEY_BYTES_MAX`](crate::KEY_BYTES_MAX).
        max: usize,
    },
    /// A value at an odd number of nibbles: no key of whole bytes ends there.
    #[error("a value stands at {got} nibbles, half way through a byte")]
    ValueAtHalfByte {
        /// Nibbles down to the value.
        got: usize,
    },
}

impl NodeError {
    pub(super) fn check_path_length(got: usize) -> Result<(), Self> {
        if got > PATH_NIBBLES_MAX {
            return Err(Self::PathTooLong {
                got,
                max: PATH_NIBBLES_MAX,
            });
        }
        Ok(())
    }

    pub(super) fn check_value_depth(got: usize) -> Result<(), Self> {
        if got % 2 == 1 {
            return Err(Self::ValueAtHalfByte { got });
        }
        Ok(())
    }
}

impl From<alloy_rlp::Error> for NodeError {
    fn from(error: alloy_rlp::Error) -> Self {
        Self::Rlp(error)
    }
}
