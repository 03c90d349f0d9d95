//! The attributes of a block: those of the report under its names, in its order, then those that
//! the protocol adds.

use keepwell_client::explorer::ShownBlock;

/// An attribute's name, and its value as the API has it.
pub(super) type Attribute = (&'static str, String);

/// Those that the report names.
pub(super) fn of_the_report(block: &ShownBlock) -> Vec<Attribute> {
    let header = &block.header;
    vec![
        ("index", header.index.to_string()),
        ("timestamp", header.timestamp.0.to_string()),
        ("nonce", header.nonce.to_string()),
        ("transactions", block.transactions.len().to_string()),
        ("hash", block.hash.to_string()),
        ("previousHash", header.previous_hash.to_string()),
        ("merkleRootHash", header.merkle_root_hash.to_string()),
        (
            "patientStateTrieHash",
            header.patient_state_trie_hash.to_string(),
        ),
        (
            "hospitalStateTrieHash",
            header.hospital_state_trie_hash.to_string(),
        ),
    ]
}

/// Those beside.
pub(super) fn of_the_protocol(block: &ShownBlock) -> Vec<Attribute> {
    let header = &block.header;
    vec![
        ("version", header.version.to_string()),
        ("miner", header.miner.to_string()),
        ("target", header.target.to_string()),
        ("extraNonce", header.extra_nonce.to_string()),
        ("councilHash", header.council_hash.to_string()),
        ("historyRoot", header.history_root.to_string()),
        ("seal", block.seal.to_string()),
        ("transactionsBytes", block.transactions_bytes.to_string()),
    ]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use keepwell_client::explorer::ChainMark;
    use keepwell_keys::{HospitalId, Signature};
    use keepwell_ledger::block::{BlockHash, Header, Target};
    use keepwell_primitives::{BlockIndex, Hash, Timestamp};

    use super::*;

    fn block() -> ShownBlock {
        let mut seal = [0; 64];
        (seal[31], seal[63]) = (1, 1);
        ShownBlock {
            hash: BlockHash(Hash([1; 32])),
            header: Header {
                version: 1,
                index: BlockIndex(2),
                timestamp: Timestamp(3),
                previous_hash: BlockHash(Hash([4; 32])),
                merkle_root_hash: Hash([5; 32]),
                patient_state_trie_hash: Hash([6; 32]),
                hospital_state_trie_hash: Hash([7; 32]),
                council_hash: Hash([8; 32]),
                history_root: Hash([9; 32]),
                miner: HospitalId::from_bytes([10; 32]),
                target: Target::from_bytes([11; 32]),
                extra_nonce: u64::MAX,
                nonce: 13,
            },
            seal: Signature::from_bytes(seal).unwrap(),
            transactions: Vec::new(),
            transactions_bytes: 0,
            chain: ChainMark::RelaysWord,
        }
    }

    #[test]
    fn every_field_of_a_header_is_an_attribute_with_the_value_of_the_api() {
        let block = block();
        let mut shown = of_the_report(&block);
        shown.extend(of_the_protocol(&block));
        let json = serde_json::to_value(block.header).unwrap();
        let header = json.as_object().unwrap();
        for (name, value) in header {
            let expected = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            let got = shown.iter().find(|(shown, _)| shown == name);
            assert_eq!(got.map(|(_, value)| value), Some(&expected), "{name}");
        }
        let beside: BTreeSet<&str> = shown
            .iter()
            .map(|(name, _)| *name)
            .filter(|name| !header.contains_key(*name))
            .collect();
        let expected = ["hash", "seal", "transactions", "transactionsBytes"];
        assert_eq!(beside, expected.into());
    }
}
