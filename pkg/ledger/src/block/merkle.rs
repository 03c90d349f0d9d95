//! The Merkle root over a block's transactions.
//!
//! Leaves and inner nodes are tagged apart, an odd node moves up unchanged, and the count is
//! hashed with the top: no two lists of transactions share a root.

use alloc::vec::Vec;

use keepwell_primitives::Hash;

/// `tagged("merkle-root", count ‖ top)` over `tagged("merkle-leaf", signed bytes)`, where the top
/// of no leaves is the zero hash.
pub fn merkle_root(transactions: &[&[u8]]) -> Hash {
    let leaves = transactions
        .iter()
        .map(|bytes| Hash::tagged("merkle-leaf", &[bytes]));
    let mut level: Vec<Hash> = leaves.collect();
    while level.len() > 1 {
        level = level.chunks(2).map(parent).collect();
    }
    let top = level.first().copied().unwrap_or(Hash::ZERO);
    let count = transactions.iter().fold(0_u32, |count, _| count + 1);
    Hash::tagged("merkle-root", &[&count.to_be_bytes(), top.as_bytes()])
}

fn parent(children: &[Hash]) -> Hash {
    match children {
        [left, right] => Hash::tagged("merkle-node", &[left.as_bytes(), right.as_bytes()]),
        [odd] => *odd,
        _ => Hash::ZERO,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeating_the_last_transaction_changes_the_root() {
        let (a, b, c): (&[u8], &[u8], &[u8]) = (b"a", b"b", b"c");
        assert_ne!(merkle_root(&[a, b, c]), merkle_root(&[a, b, c, c]));
        assert_ne!(merkle_root(&[a, b]), merkle_root(&[b, a]));
        assert_ne!(merkle_root(&[]), merkle_root(&[&[]]));
    }

    #[test]
    fn inner_node_passed_off_as_a_transaction_changes_the_root() {
        let (a, b): (&[u8], &[u8]) = (b"a", b"b");
        let leaves = [
            Hash::tagged("merkle-leaf", &[a]),
            Hash::tagged("merkle-leaf", &[b]),
        ];
        let inner = [*leaves[0].as_bytes(), *leaves[1].as_bytes()].concat();
        assert_ne!(merkle_root(&[&inner]), merkle_root(&[a, b]));
    }
}
