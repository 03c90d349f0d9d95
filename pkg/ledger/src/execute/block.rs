//! A whole block: every transaction in order, then the roots that the header promised.

use keepwell_primitives::Hash;
use keepwell_trie::NodeStore;

use super::{BlockContext, ExecutionError, RuleError, apply};
use crate::{
    block::Block,
    state::{State, StateChange, StateError, StateRoots},
    transaction::Txid,
};

/// Executes a block on the state of its parent and returns what it changed.
///
/// # Errors
/// [`BlockRefused`]. Except for `State`, which blames the node store, the block's hash is bad for
/// ever. The state must be dropped.
pub fn execute_block<S: NodeStore>(
    state: &mut State<S>,
    block: &Block,
) -> Result<StateChange, BlockRefused<S::Error>> {
    let header = block.header();
    let context = BlockContext {
        index: header.index,
        time: header.timestamp,
    };
    for transaction in block.transactions() {
        apply(state, context, transaction).map_err(|error| match error {
            ExecutionError::Rule(rule) => BlockRefused::Rule {
                txid: transaction.txid(),
                rule,
            },
            ExecutionError::State(error) => BlockRefused::State(error),
        })?;
    }
    let (got, expected) = (state.roots(), StateRoots::from(header));
    if got.patients != expected.patients {
        let (got, expected) = (got.patients, expected.patients);
        return Err(BlockRefused::PatientStateRoot { got, expected });
    }
    if got.hospitals != expected.hospitals {
        let (got, expected) = (got.hospitals, expected.hospitals);
        return Err(BlockRefused::HospitalStateRoot { got, expected });
    }
    Ok(state.commit())
}

/// Why a block was not executed.
#[derive(Debug, thiserror::Error)]
#[expect(
    missing_docs,
    reason = "`got` and `expected` are what the message says of them"
)]
pub enum BlockRefused<E: core::error::Error + 'static> {
    /// A transaction breaks a rule.
    #[error("transaction {txid}: {rule}")]
    Rule { txid: Txid, rule: RuleError },
    /// The transactions lead to another patient trie.
    #[error("the patient trie has root {got}, the header says {expected}")]
    PatientStateRoot { got: Hash, expected: Hash },
    /// The transactions lead to another hospital trie.
    #[error("the hospital trie has root {got}, the header says {expected}")]
    HospitalStateRoot { got: Hash, expected: Hash },
    /// The parent's state could not be read.
    #[error(transparent)]
    State(StateError<E>),
}
