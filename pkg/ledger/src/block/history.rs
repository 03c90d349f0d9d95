//! The Merkle mountain range over all earlier headers.
//!
//! `historyRoot` in a header commits to every block before it, so that an old block can be proved
//! from a new one in logarithmic size. Kept here is the accumulator: one peak for each one-bit of
//! the count, largest mountain first.

use alloc::vec::Vec;

use alloy_rlp::{RlpDecodable, RlpEncodable};
use keepwell_primitives::Hash;

use super::BlockHash;

/// The peaks over the blocks before some header.
#[derive(Clone, Debug, Default, PartialEq, Eq, RlpEncodable, RlpDecodable)]
pub struct History {
    count: u64,
    peaks: Vec<Hash>,
}

impl History {
    /// The history of the genesis block: nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// A history read back from storage.
    ///
    /// # Errors
    /// [`HistoryError`] if the peaks are not as many as the count has one-bits.
    pub fn checked(self) -> Result<Self, HistoryError> {
        let expected = self.count.count_ones();
        if self.peaks.len() != expected as usize {
            return Err(HistoryError {
                got: self.peaks.len(),
                expected,
            });
        }
        Ok(self)
    }

    /// How many blocks it covers.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Appends the next block.
    pub fn push(&mut self, block: &BlockHash) {
        let mut peak = Hash::tagged("history-leaf", &[block.as_bytes()]);
        // Each trailing one-bit of the count is a mountain of the height just reached: join them.
        for _ in 0..self.count.trailing_ones() {
            let Some(left) = self.peaks.pop() else { break };
            peak = Hash::tagged("history-node", &[left.as_bytes(), peak.as_bytes()]);
        }
        self.peaks.push(peak);
        self.count += 1;
    }

    /// `tagged("history-root", count ‖ peaks)`.
    pub fn root(&self) -> Hash {
        let mut bytes = self.count.to_be_bytes().to_vec();
        self.peaks
            .iter()
            .for_each(|peak| bytes.extend_from_slice(peak.as_bytes()));
        Hash::tagged("history-root", &[&bytes])
    }
}

/// A stored history that contradicts itself.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{got} peaks where the count calls for {expected}")]
pub struct HistoryError {
    got: usize,
    expected: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaf(number: u8) -> BlockHash {
        BlockHash(Hash([number; 32]))
    }

    #[test]
    fn three_blocks_make_a_mountain_of_two_and_one_of_one() {
        let mut history = History::new();
        (1..=3).for_each(|number| history.push(&leaf(number)));
        let [a, b, c] = [1, 2, 3].map(|n| Hash::tagged("history-leaf", &[leaf(n).as_bytes()]));
        let ab = Hash::tagged("history-node", &[a.as_bytes(), b.as_bytes()]);
        let count = 3_u64.to_be_bytes();
        let root = Hash::tagged("history-root", &[&count, ab.as_bytes(), c.as_bytes()]);
        assert_eq!(history.root(), root);
    }

    #[test]
    fn peaks_are_as_many_as_the_one_bits_of_the_count() {
        let mut history = History::new();
        for number in 0..=255 {
            history.push(&leaf(number));
            assert_eq!(history.clone().checked().as_ref(), Ok(&history));
        }
        assert_eq!(history.peaks.len(), 1);
        let broken = History {
            count: 3,
            peaks: history.peaks,
        };
        assert_eq!(
            broken.checked(),
            Err(HistoryError {
                got: 1,
                expected: 2
            })
        );
    }
}
