//! An honest relay over a world, and the loop that every client writes.

use keepwell_ledger::block::BURIED_DEPTH;
use keepwell_light::{Answer, Interest, LightClient, Query, Update, VerificationError};
use keepwell_primitives::{BlockIndex, BoundedBytes};
use keepwell_trie::{NodeStore, Sha256, Trie, TrieError};
use keepwell_wire::api::{
    BlockAnswer, BlockName, BlocksAnswer, BlocksQuery, HeadAnswer, ProofAnswer, ProofQuestion,
};

use super::{NOW, World};

/// Whoever answers a client's questions.
pub(crate) trait Relay {
    fn answer(&mut self, query: &Query) -> Answer;
}

pub(crate) struct HonestRelay<'w>(pub &'w World);

impl Relay for HonestRelay<'_> {
    fn answer(&mut self, query: &Query) -> Answer {
        match query {
            Query::Head => Answer::Head(self.0.head_answer()),
            Query::Headers(query) => Answer::Headers(self.0.blocks_answer(query)),
            Query::Proof(question) => self.0.proof_answer(question),
        }
    }
}

/// Asks a relay until the round is over.
pub(crate) fn drive(
    client: &LightClient,
    relay: &mut impl Relay,
    interests: &[Interest],
) -> Result<Update, VerificationError> {
    let mut round = client.round(interests);
    for _ in 0..1000 {
        let Some(query) = round.next_query() else {
            return Ok(round.finish());
        };
        round = round.resolve(relay.answer(&query), NOW)?;
    }
    panic!("the round goes on for ever")
}

impl World {
    pub(crate) fn head_answer(&self) -> HeadAnswer {
        let head = self.head_index();
        let name = |index: BlockIndex| BlockName {
            index,
            hash: self.hash_at(index.0),
        };
        HeadAnswer {
            genesis_hash: self.genesis_hash(),
            hospital_id: self.hospitals[0].id,
            head: name(head),
            final_block: name(BlockIndex(head.0.saturating_sub(BURIED_DEPTH))),
            work: self.chain.work(),
            time: NOW,
            peers: 3,
        }
    }

    pub(crate) fn blocks_answer(&self, query: &BlocksQuery) -> BlocksAnswer {
        assert!(query.headers_only && query.limit <= BlocksQuery::LIMIT_MAX);
        let from = usize::try_from(query.from.0).unwrap();
        assert!(from > 0, "nobody asks for block 0");
        let blocks = self.blocks.iter().skip(from - 1);
        BlocksAnswer {
            blocks: blocks
                .take(query.limit as usize)
                .map(|sealed| BlockAnswer {
                    hash: sealed.header.hash(),
                    sealed: *sealed,
                    transactions: None,
                })
                .collect(),
        }
    }

    pub(crate) fn proof_answer(&self, question: &ProofQuestion) -> Answer {
        let headers = (0..=self.head_index().0).filter_map(|index| self.header(BlockIndex(index)));
        let header = { headers }.find(|header| header.hash() == question.block_hash);
        let state = self.state_at(header.expect("a client asks about blocks it was shown"));
        let patients = prove(state.patients(), &question.patients);
        let hospitals = prove(state.hospitals(), &question.hospitals);
        match (patients, hospitals) {
            (Ok(patients), Ok(hospitals)) => Answer::Proof(ProofAnswer {
                patients,
                hospitals,
            }),
            _ => Answer::ProofTooLarge,
        }
    }
}

type ProofBytes<const MAX: usize> = Option<BoundedBytes<MAX>>;

fn prove<S: NodeStore, const MAX: usize>(
    trie: &Trie<Sha256, S>,
    keys: &[BoundedBytes<65>],
) -> Result<ProofBytes<MAX>, ()> {
    if keys.is_empty() {
        return Ok(None);
    }
    let keys: Vec<&[u8]> = keys.iter().map(|key| &**key).collect();
    match trie.prove(&keys) {
        Ok(proof) => Ok(Some(BoundedBytes::new(proof.to_bytes()).unwrap())),
        Err(TrieError::ProofTooLong { .. }) => Err(()),
        Err(error) => panic!("{error}"),
    }
}
