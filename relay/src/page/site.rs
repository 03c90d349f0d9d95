//! What a relay shows to browsers, and the policy it shows it under.

use std::sync::{Mutex, PoisonError};

use axum::http::HeaderValue;
use keepwell_ledger::block::BlockHash;

use super::{Origin, Page, asset::short_hash, connect, policy};
use crate::{
    chain::{Chain, ChainError},
    host::blocking,
};

/// The page, if there is one, and how this relay is reached.
#[derive(Debug, Default)]
pub struct Site {
    page: Option<Page>,
    advertised: Option<Origin>,
    is_tls: bool,
    /// The policy by the block whose state it was made of.
    latest: Mutex<Option<(BlockHash, Policy)>>,
}

/// A Content-Security-Policy, and a tag that changes with it.
#[derive(Clone, Debug)]
pub(super) struct Policy {
    pub(super) value: HeaderValue,
    pub(super) tag: String,
}

impl Site {
    /// `is_tls`: this relay speaks TLS itself.
    pub fn new(page: Option<Page>, advertised: Option<Origin>, is_tls: bool) -> Self {
        Self {
            page,
            advertised,
            is_tls,
            latest: Mutex::default(),
        }
    }

    /// Where this relay says that it is reached.
    pub fn advertised(&self) -> Option<&Origin> {
        self.advertised.as_ref()
    }

    pub(super) fn page(&self) -> Option<&Page> {
        self.page.as_ref()
    }

    pub(super) fn is_tls(&self) -> bool {
        self.is_tls
    }

    /// The page's policy by the directory as it is now: looked up once a block.
    ///
    /// # Errors
    /// [`ChainError`].
    pub(super) async fn policy(&self, chain: &Chain, page: &Page) -> Result<Policy, ChainError> {
        let block = chain.head().hash;
        if let Some((of, policy)) = &*self.latest.lock().unwrap_or_else(PoisonError::into_inner)
            && *of == block
        {
            return Ok(policy.clone());
        }
        let advertised = self.advertised.clone();
        let origins = blocking(chain, move |chain| {
            connect::origins(chain, advertised.as_ref())
        })
        .await?;
        let text = policy::of_page(page.script_hashes(), &origins);
        let policy = Policy {
            tag: short_hash(text.as_bytes()),
            value: HeaderValue::try_from(text).map_err(|error| ChainError::Corrupt {
                reason: error.to_string(),
            })?,
        };
        let mut latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        *latest = Some((block, policy.clone()));
        Ok(policy)
    }
}
