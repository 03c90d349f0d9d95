//! The top of a binary Merkle tree over leaves that are hashes already.

use alloc::vec::Vec;

use keepwell_primitives::Hash;

/// The top over `leaves`: neighbours joined as `tagged(node_domain, left ‖ right)`, an odd last
/// node moved up unchanged. No leaves have the top [`Hash::ZERO`].
///
/// The caller commits to the number of leaves and tags them apart from inner nodes.
pub fn merkle_top(node_domain: &str, leaves: impl IntoIterator<Item = Hash>) -> Hash {
    let mut level: Vec<Hash> = leaves.into_iter().collect();
    while level.len() > 1 {
        level = level
            .chunks(2)
            .map(|pair| match pair {
                [left, right] => Hash::tagged(node_domain, &[left.as_bytes(), right.as_bytes()]),
                odd => odd.first().copied().unwrap_or(Hash::ZERO),
            })
            .collect();
    }
    level.first().copied().unwrap_or(Hash::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_odd_last_node_moves_up_unchanged() {
        let [a, b, c] = [b"a", b"b", b"c"].map(|name| Hash::untagged(name));
        let join = |l: Hash, r: Hash| Hash::tagged("node", &[l.as_bytes(), r.as_bytes()]);
        assert_eq!(merkle_top("node", []), Hash::ZERO);
        assert_eq!(merkle_top("node", [a]), a);
        assert_eq!(merkle_top("node", [a, b]), join(a, b));
        assert_eq!(merkle_top("node", [a, b, c]), join(join(a, b), c));
        assert_eq!(
            merkle_top("node", [a, b, c, a, b]),
            join(join(join(a, b), join(c, a)), b)
        );
    }
}
