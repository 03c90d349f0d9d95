//! Whom the page may ask besides the relay it came from: the relays of the hospitals that are
//! enrolled now, by the addresses that stand in the state.

use std::collections::HashSet;

use keepwell_ledger::state::State;

use super::Origin;
use crate::{
    chain::{Chain, ChainError},
    store::NodeTable,
};

/// How much of a policy these may take: a council of 256 hospitals, each at an address of 60
/// bytes. Proxies refuse much longer headers.
const BYTES_MAX: usize = 16 * 1024;

/// The origins of all active hospitals' relays, as far as there is room: everybody's first address
/// before anybody's second.
pub(super) fn origins(
    chain: &Chain,
    advertised: Option<&Origin>,
) -> Result<Vec<Origin>, ChainError> {
    let mut listed = addresses(&chain.head_state()?)?;
    // Stable: of the same rank, in the order of the directory.
    listed.sort_by_key(|(rank, _)| *rank);
    let known = listed.iter().filter_map(|(_, address)| {
        Origin::of(address)
            .inspect_err(|error| {
                tracing::warn!(%error, "an address in the directory cannot be asked by the page");
            })
            .ok()
    });
    let mut seen = HashSet::new();
    let mut bytes = 0;
    Ok(advertised
        .cloned()
        .into_iter()
        .chain(known)
        .filter(|origin| seen.insert(origin.clone()))
        .take_while(|origin| {
            bytes += origin.as_str().len() + 1;
            bytes <= BYTES_MAX
        })
        .collect())
}

/// The addresses of active hospitals, each with its place in its hospital's list.
fn addresses(state: &State<NodeTable>) -> Result<Vec<(usize, String)>, ChainError> {
    let mut listed = Vec::new();
    for index in 0..state.directory_count()? {
        let Some(id) = state.directory_entry(index)? else {
            continue;
        };
        let Some(hospital) = state.hospital(&id)?.filter(|hospital| hospital.is_active()) else {
            continue;
        };
        listed.extend(hospital.addresses.url_texts().enumerate());
    }
    Ok(listed)
}
