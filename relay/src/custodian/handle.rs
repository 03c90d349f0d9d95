//! The custodian of this process: what peers, patients and the chain ask of it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use keepwell_custody::SealedFragmentError;
use keepwell_keys::{HospitalId, SecretKey};
use keepwell_wire::peer::{Answer, AnswerForRequester, FragmentForCustodian};
use tokio::sync::{Notify, watch};

use super::{fragments::Kept, mailbox::Posted};
use crate::{
    chain::{Chain, ChainError},
    host::refused,
    store::{Store, StoreError},
};

/// The custodian. Cheap to clone.
#[derive(Clone)]
pub struct Custodian {
    pub(super) shared: Arc<Shared>,
}

pub(super) struct Shared {
    pub(super) chain: Chain,
    pub(super) node_key: SecretKey,
    pub(super) custody_key: SecretKey,
    /// Held while something is read, decided and written.
    pub(super) deciding: Mutex<()>,
    /// Rings when there is something to do: a new block, a fragment, a peer that came.
    pub(super) wake: Notify,
    /// Counts what came into the mailbox.
    pub(super) mail: watch::Sender<u64>,
}

/// Why the custodian could not do its work.
#[derive(Debug, thiserror::Error)]
pub enum CustodianError {
    /// The chain could not be read.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// The store could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A fragment that was kept does not open any more.
    #[error("a kept fragment does not open: {0}")]
    KeptFragment(#[from] SealedFragmentError),
}

impl Custodian {
    /// A custodian beside this node.
    pub fn new(chain: Chain, node_key: SecretKey, custody_key: SecretKey) -> Self {
        Self {
            shared: Arc::new(Shared {
                chain,
                node_key,
                custody_key,
                deciding: Mutex::new(()),
                wake: Notify::new(),
                mail: watch::Sender::new(0),
            }),
        }
    }

    /// There may be something to do.
    pub fn wake(&self) {
        self.shared.wake.notify_one();
    }

    /// Changes whenever something came into the mailbox.
    pub fn mail(&self) -> watch::Receiver<u64> {
        self.shared.mail.subscribe()
    }

    /// A peer hands over a fragment for this custodian.
    pub async fn keep_fragment(&self, fragment: FragmentForCustodian) -> Answer {
        match self
            .blocking(move |custodian| custodian.keep(&fragment))
            .await
        {
            Ok(Kept::Acknowledged(signature)) => Answer::FragmentKept(signature),
            Ok(Kept::NotYet(reason)) => refused(&reason),
            Ok(Kept::Rejected(reason)) => {
                tracing::warn!(reason, "a fragment was rejected");
                Answer::FragmentRejected(short(&reason))
            }
            Err(error) => {
                tracing::error!(%error, "a fragment could not be kept");
                refused("the fragment cannot be kept now")
            }
        }
    }

    /// A custodian's answer arrives for a request of this hospital.
    pub async fn put_in_mailbox(&self, from: HospitalId, answer: AnswerForRequester) -> Answer {
        match self
            .blocking(move |custodian| custodian.post(from, &answer))
            .await
        {
            Ok(Posted::Taken | Posted::HadIt) => Answer::Taken,
            Ok(Posted::Refused(reason)) => refused(reason),
            Err(error) => {
                tracing::error!(%error, "an answer could not be put into the mailbox");
                refused("the mailbox cannot be written now")
            }
        }
    }

    /// Runs something where blocking is allowed.
    pub async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> Result<T, CustodianError> + Send + 'static,
    ) -> Result<T, CustodianError> {
        let custodian = self.clone();
        match tokio::task::spawn_blocking(move || work(&custodian)).await {
            Ok(result) => result,
            Err(stopped) => Err(ChainError::Corrupt {
                reason: stopped.to_string(),
            }
            .into()),
        }
    }

    pub(super) fn store(&self) -> &Store {
        self.shared.chain.store()
    }

    /// One decision at a time. Nothing is half done when one panics: each writes one batch.
    pub(super) fn decide(&self) -> MutexGuard<'_, ()> {
        self.shared
            .deciding
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

fn short(reason: &str) -> keepwell_primitives::BoundedBytes<256> {
    let bytes: Vec<u8> = reason.bytes().take(256).collect();
    keepwell_primitives::BoundedBytes::new(bytes).unwrap_or_default()
}
