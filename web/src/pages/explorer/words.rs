//! What the explorer says of what was checked. The protocol's own words, for those who know them.

use keepwell_client::explorer::{ChainMark, ShownSender};
use keepwell_keys::HospitalId;
use keepwell_ledger::transaction::TransactionKind;
use keepwell_primitives::BlockIndex;
use keepwell_wire::api::TransactionState;
use yew::{Html, html};

use crate::{
    components::{Badge, BadgeKind},
    talk::KnownNetwork,
};

/// How a block stands to the verified chain.
pub(super) fn chain_badge(mark: ChainMark) -> Html {
    let (label, kind) = match mark {
        ChainMark::Verified(TransactionState::Final) => ("Verified, final", BadgeKind::Good),
        ChainMark::Verified(_) => ("Verified", BadgeKind::Info),
        ChainMark::OtherFork => ("Other fork", BadgeKind::Warn),
        ChainMark::RelaysWord => ("Relay's word", BadgeKind::Neutral),
    };
    html! { <Badge {label} {kind} /> }
}

/// What was checked of a block, and what was not.
pub(super) fn checked(index: BlockIndex, mark: ChainMark) -> &'static str {
    if index == BlockIndex::GENESIS {
        return "Checked here: this is the block that the network is named after, and the \
                transactions are those of the Merkle root.";
    }
    match mark {
        ChainMark::Verified(_) => {
            "Checked here: the hash is the header's and meets its target, the transactions are those \
             of the Merkle root, and the block is part of the verified chain, by its target and its \
             miner's seal too; not checked: the signatures and the rules of its transactions."
        }
        ChainMark::OtherFork => {
            "Checked here: the hash is the header's and meets its target, and the transactions are \
             those of the Merkle root; but the verified chain has another block in this place, so \
             that nothing in this one counts."
        }
        ChainMark::RelaysWord => {
            "Checked here: the hash is the header's and meets its target, and the transactions are \
             those of the Merkle root; not checked: that the block is on the chain, its target and \
             its miner's seal, and the signatures and the rules of its transactions. For these \
             there is only the relay's word."
        }
    }
}

/// The protocol's name of a type of transaction.
pub(super) const fn kind_name(kind: TransactionKind) -> &'static str {
    match kind {
        TransactionKind::SubmitRecord => "SubmitRecord",
        TransactionKind::GrantAccess => "GrantAccess",
        TransactionKind::RevokeAccess => "RevokeAccess",
        TransactionKind::RequestKey => "RequestKey",
        TransactionKind::AnswerRequest => "AnswerRequest",
    }
}

/// Whoever sends a transaction: their id, and what they are.
pub(super) fn sender(sender: &ShownSender, known: Option<&KnownNetwork>) -> (String, String) {
    match sender {
        ShownSender::Patient(id) => (id.to_string(), String::from("a patient")),
        ShownSender::Hospital(id) => {
            let name = known.map(|known| known.name_of(id));
            (id.to_string(), name.unwrap_or_default())
        }
    }
}

/// Whose node mined a block, by name; the genesis was made, not mined.
pub(super) fn miner(index: BlockIndex, id: &HospitalId, known: Option<&KnownNetwork>) -> String {
    if index == BlockIndex::GENESIS {
        return String::from("nobody");
    }
    let mut hospitals = known.iter().flat_map(|known| &known.hospitals);
    let found = hospitals.find(|hospital| hospital.id == *id);
    found.map_or_else(
        || String::from("not of the directory"),
        |hospital| hospital.name.clone(),
    )
}

/// So many of something.
pub(super) fn count(of: usize, one: &str, more: &str) -> String {
    match of {
        0 => format!("no {more}"),
        1 => format!("1 {one}"),
        _ => format!("{of} {more}"),
    }
}

#[cfg(test)]
mod tests {
    use keepwell_keys::GenesisHash;
    use keepwell_primitives::Hash;

    use super::*;
    use crate::talk::HospitalLine;

    #[test]
    fn only_a_block_of_the_verified_chain_is_called_part_of_it() {
        let of = |mark| checked(BlockIndex(7), mark);
        for state in [TransactionState::Mined, TransactionState::Final] {
            let words = of(ChainMark::Verified(state));
            assert!(words.contains("part of the verified chain"));
        }
        for mark in [ChainMark::OtherFork, ChainMark::RelaysWord] {
            assert!(!of(mark).contains("part of the verified chain"));
            assert!(!of(mark).contains("seal too"));
        }
        assert!(of(ChainMark::RelaysWord).contains("the relay's word"));
    }

    #[test]
    fn types_are_called_as_in_the_api() {
        for kind in [
            TransactionKind::SubmitRecord,
            TransactionKind::GrantAccess,
            TransactionKind::RevokeAccess,
            TransactionKind::RequestKey,
            TransactionKind::AnswerRequest,
        ] {
            let json = serde_json::to_string(&kind).unwrap();
            assert_eq!(json, format!("{:?}", kind_name(kind)));
        }
    }

    #[test]
    fn a_miner_is_called_by_name_if_the_directory_has_it() {
        let [one, other] = [1, 2].map(|byte| HospitalId::from_bytes([byte; 32]));
        let known = KnownNetwork {
            genesis: GenesisHash(Hash([0; 32])),
            head: None,
            hospitals: vec![HospitalLine {
                id: one,
                name: String::from("First"),
                relay: None,
                is_active: false,
            }],
            home: None,
        };
        let of = |index, id| miner(BlockIndex(index), id, Some(&known));
        assert_eq!(of(1, &one), "First");
        assert_eq!(of(1, &other), "not of the directory");
        assert_eq!(of(0, &HospitalId::from_bytes([0; 32])), "nobody");
    }

    #[test]
    fn one_is_not_many() {
        assert_eq!(count(0, "block", "blocks"), "no blocks");
        assert_eq!(count(1, "block", "blocks"), "1 block");
        assert_eq!(count(2, "block", "blocks"), "2 blocks");
    }
}
