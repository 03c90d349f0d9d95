//! The state transition: what a transaction does to the state, if the rules of section 5 let it.
//!
//! Each transaction is checked as a whole before anything is written, so a refused one changes
//! nothing and the caller may go on with the next.

mod answer;
mod block;
mod error;
mod grant;
mod log;
mod request;
mod revoke;
mod sender;
mod submit;

use keepwell_primitives::{BlockIndex, Timestamp};
use keepwell_trie::NodeStore;

pub use block::{BlockRefused, execute_block};
pub use error::{ExecutionError, RuleError};
pub use request::REQUESTS_PER_DAY_MAX;
pub use sender::Sender;

use crate::{
    state::State,
    transaction::{Payload, Transaction, Txid, VerifiedTransaction},
};

/// What a transaction can see of the block it stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockContext {
    /// The block's index.
    pub index: BlockIndex,
    /// The block's time.
    pub time: Timestamp,
}

/// Applies one transaction.
///
/// # Errors
/// [`ExecutionError::Rule`] if a rule forbids it; nothing is changed then.
/// [`ExecutionError::State`] if the state cannot be read: the caller must drop the state.
pub fn apply<S: NodeStore>(
    state: &mut State<S>,
    context: BlockContext,
    transaction: &VerifiedTransaction,
) -> Result<(), ExecutionError<S::Error>> {
    let step = Step {
        context,
        txid: transaction.txid(),
    };
    match transaction.transaction() {
        Transaction::Sent(envelope) => {
            sender::check_validity(&envelope.order, &context)?;
            let claim = sender::Claim {
                public_key: envelope.sender_public_key,
                nonce: envelope.order.nonce,
            };
            match &envelope.payload {
                Payload::SubmitRecord(submit) => submit::apply(state, &step, &claim, submit),
                Payload::GrantAccess(grant) => grant::apply(state, &step, &claim, grant),
                Payload::RevokeAccess(revoke) => revoke::apply(state, &step, &claim, revoke),
                Payload::RequestKey(request) => request::apply(state, &step, &claim, request),
            }
        }
        Transaction::Answer(envelope) => {
            answer::apply(state, &step, &envelope.sender_public_key, &envelope.payload)
        }
    }
}

/// The transaction at hand and its block.
struct Step {
    context: BlockContext,
    txid: Txid,
}
