//! The position of a block in the chain.

use core::{fmt, str::FromStr};

use alloy_rlp::{RlpDecodableWrapper, RlpEncodableWrapper};

/// The number of blocks before this one: the genesis block has index 0.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    RlpEncodableWrapper,
    RlpDecodableWrapper,
    serde::Serialize,
    serde::Deserialize,
)]
#[serde(transparent)]
pub struct BlockIndex(pub u64);

impl BlockIndex {
    /// The genesis block.
    pub const GENESIS: Self = Self(0);

    /// The block after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// The block before this one; the genesis block has none.
    pub const fn previous(self) -> Option<Self> {
        match self.0.checked_sub(1) {
            Some(index) => Some(Self(index)),
            None => None,
        }
    }
}

impl fmt::Display for BlockIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl FromStr for BlockIndex {
    type Err = core::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}
