//! `/v1/genesis`, `/v1/head`, `/v1/hospitals`, `/v1/peers`, `/healthz`, `/readyz`, `/metrics`.

use axum::{Json, extract::State, http::StatusCode};
use keepwell_ledger::genesis::GenesisFile;
use keepwell_wire::api::{
    BlockName, HeadAnswer, HospitalEntry, HospitalsAnswer, PeerEntry, PeersAnswer,
};

use super::{Api, ApiError};
use crate::{
    chain::{Chain, ChainError},
    clock,
    host::blocking,
};

/// `GET /v1/genesis`: the genesis file; whoever knows the genesis hash can check it.
pub(super) async fn genesis(State(api): State<Api>) -> Json<GenesisFile> {
    Json(api.host.chain.genesis().file().clone())
}

/// `GET /v1/head`.
pub(super) async fn head(State(api): State<Api>) -> Result<Json<HeadAnswer>, ApiError> {
    let peers = u32::try_from(api.host.peers.connected().len()).unwrap_or(u32::MAX);
    Ok(Json(
        blocking(&api.host.chain, move |chain| head_answer(chain, peers)).await?,
    ))
}

/// The newest block and the newest final one.
pub(super) fn head_answer(chain: &Chain, peers: u32) -> Result<HeadAnswer, ChainError> {
    let (head, final_hash) = chain.head_and_final()?;
    Ok(HeadAnswer {
        genesis_hash: chain.genesis_hash(),
        hospital_id: chain.hospital_id(),
        head: BlockName {
            index: head.index,
            hash: head.hash,
        },
        final_block: BlockName {
            index: head.final_index,
            hash: final_hash,
        },
        work: head.work,
        time: clock::now(),
        peers,
    })
}

/// `GET /v1/hospitals`.
pub(super) async fn hospitals(State(api): State<Api>) -> Result<Json<HospitalsAnswer>, ApiError> {
    Ok(Json(blocking(&api.host.chain, directory).await?))
}

fn directory(chain: &Chain) -> Result<HospitalsAnswer, ChainError> {
    let state = chain.head_state()?;
    let mut hospitals = Vec::new();
    for index in 0..state.directory_count()? {
        let Some(id) = state.directory_entry(index)? else {
            continue;
        };
        let Some(hospital) = state.hospital(&id)? else {
            continue;
        };
        hospitals.push(HospitalEntry {
            id,
            name: hospital.name_text(),
            keys: hospital.public_keys,
            urls: hospital.addresses.url_texts().collect(),
            peers: hospital.addresses.peer_texts().collect(),
            status: hospital.status,
        });
    }
    Ok(HospitalsAnswer { hospitals })
}

/// `GET /v1/peers`.
pub(super) async fn peers(State(api): State<Api>) -> Json<PeersAnswer> {
    let names = api.host.chain.genesis().hospitals();
    let connected = api.host.peers.connected();
    let entries = connected.iter().filter_map(|peer| {
        let hospital_id = api.host.directory.hospital(&peer.peer_id)?;
        let (_, hospital) = names.iter().find(|(id, _)| *id == hospital_id)?;
        let name = hospital.name_text();
        let (address, since) = (peer.address.to_string(), peer.since);
        Some(PeerEntry {
            hospital_id,
            name,
            address,
            since,
        })
    });
    Json(PeersAnswer {
        peers: entries.collect(),
        url: api.site.advertised().map(ToString::to_string),
    })
}

/// `GET /healthz`: the process answers.
pub(super) async fn health() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: the node has its head and can be asked.
pub(super) async fn ready(State(api): State<Api>) -> (StatusCode, String) {
    let head = api.host.chain.head();
    let peers = api.host.peers.connected().len();
    (
        StatusCode::OK,
        format!("ready: block {}, {peers} peers\n", head.index),
    )
}

/// `GET /metrics`, in the text format of Prometheus.
pub(super) async fn metrics(State(api): State<Api>) -> Result<String, ApiError> {
    let head = api.host.chain.head();
    let status = api.host.peers.status().borrow().clone();
    let waiting = blocking(&api.host.chain, |chain| {
        Ok(chain.read(|node| node.all_waiting().count()))
    });
    let waiting = waiting.await?;
    let lines = [
        (
            "keepwell_head_index",
            "Index of the newest block.",
            head.index.0,
        ),
        (
            "keepwell_final_index",
            "Index of the newest final block.",
            head.final_index.0,
        ),
        (
            "keepwell_mempool_transactions",
            "Transactions that wait.",
            waiting as u64,
        ),
        (
            "keepwell_peers_connected",
            "Nodes connected.",
            status.connected.len() as u64,
        ),
        (
            "keepwell_peers_refused_total",
            "Strangers refused.",
            status.refused_total,
        ),
        (
            "keepwell_dials_failed_total",
            "Dials without success.",
            status.dials_failed_total,
        ),
    ];
    let text = lines.map(|(name, help, value)| {
        let kind = if name.ends_with("_total") {
            "counter"
        } else {
            "gauge"
        };
        format!("# HELP {name} {help}\n# TYPE {name} {kind}\n{name} {value}\n")
    });
    Ok(text.concat())
}
