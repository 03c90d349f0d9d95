//! What page and command share to look at the chain, on real relays.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic, its helpers too"
)]

use std::time::{Duration, SystemTime};

use futures::executor::block_on;
use keepwell_client::{
    Clock, Method, Relay, RelayFailure, Request, Response, Session,
    explorer::{self, BlockChoice, ChainMark, ShownSender},
};
use keepwell_ledger::transaction::TransactionKind;
use keepwell_light::{HeadComparison, LightClient};
use keepwell_primitives::{BlockIndex, Milliseconds, Timestamp};
use keepwell_tests::{Network, Patient, wait_for};
use keepwell_wire::api::TransactionState;
use ureq::Agent;

/// A relay over sockets.
struct Socket {
    origin: String,
    agent: Agent,
}

impl Relay for Socket {
    fn name(&self) -> &str {
        &self.origin
    }

    async fn send(&self, request: Request) -> Result<Response, RelayFailure> {
        let unreachable = |error: ureq::Error| RelayFailure::Unreachable {
            why: error.to_string(),
        };
        let url = format!("{}{}", self.origin, request.path);
        let mut response = match request.method {
            Method::Get => {
                let mut call = self.agent.get(url);
                for (name, value) in &request.headers {
                    call = call.header(*name, value);
                }
                call.call()
            }
            Method::Post => {
                let mut call = self.agent.post(url);
                for (name, value) in &request.headers {
                    call = call.header(*name, value);
                }
                call.send(request.body.as_slice())
            }
            Method::Head | Method::Put => panic!("the explorer has no files"),
        }
        .map_err(unreachable)?;
        let media_type = response.headers().get("content-type");
        let media_type = media_type.and_then(|value| value.to_str().ok());
        Ok(Response {
            status: response.status().as_u16(),
            media_type: media_type.unwrap_or_default().to_owned(),
            chunks: None,
            body: response.body_mut().read_to_vec().map_err(unreachable)?,
        })
    }
}

struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since_1970 = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        Timestamp(u64::try_from(since_1970.unwrap().as_millis()).unwrap())
    }

    async fn sleep(&self, span: Milliseconds) {
        std::thread::sleep(Duration::from_millis(span.0));
    }
}

fn socket(network: &Network, position: usize) -> Socket {
    let config = Agent::config_builder().http_status_as_error(false).build();
    Socket {
        origin: network.relays[position].api.origin().to_owned(),
        agent: config.into(),
    }
}

#[test]
fn explorer_shows_what_is_on_the_verified_chain_and_what_waits() -> anyhow::Result<()> {
    let network = Network::start(2)?;
    let genesis_hash = network.genesis.hash();
    let identity = network.relays[0].identity()?;
    let patient = Patient::numbered(1, identity.id());
    let api = &network.relays[0].api;
    let record = patient.record(&identity, 0, true, &genesis_hash)?;
    api.submit(&record)?;
    wait_for("the record to be final", || {
        let answer = api.transaction(&record.txid()).ok()?;
        (answer.state == TransactionState::Final).then_some(())
    })?;
    network.wait_until_agreed(3)?;
    // This one waits for one before it that never comes.
    let waiting = patient.record(&identity, 7, false, &genesis_hash)?;
    api.submit(&waiting)?;

    let (relay, other) = (socket(&network, 0), socket(&network, 1));
    let mut light = LightClient::new(network.genesis.clone());
    // Before anything is verified but the genesis, the rest is the relay's word.
    let blocks = block_on(explorer::blocks(&relay, &light, BlockIndex(0), 64))?;
    let genesis_mark = ChainMark::Verified(TransactionState::Final);
    assert_eq!(blocks[0].chain, genesis_mark);
    assert_eq!(blocks[1].chain, ChainMark::RelaysWord);

    let timeout = Milliseconds(60_000);
    let mut session = Session::new(&relay, &SystemClock, &mut light, timeout);
    block_on(session.sync(&[]))?;
    let blocks = block_on(explorer::blocks(&relay, session.light, BlockIndex(0), 64))?;
    assert!(
        blocks
            .iter()
            .all(|block| matches!(block.chain, ChainMark::Verified(_)))
    );
    let with_record = blocks.iter().find(|block| !block.transactions.is_empty());
    let shown = with_record.unwrap();
    assert_eq!(shown.transactions[0].txid, record.txid());
    assert_eq!(shown.transactions[0].kind, TransactionKind::SubmitRecord);
    let sender = ShownSender::Hospital(identity.id());
    assert_eq!(shown.transactions[0].sender, sender);
    let one = explorer::block(&relay, session.light, BlockChoice::Hash(shown.hash));
    assert_eq!(block_on(one)?, *shown);

    let mempool = block_on(explorer::mempool(&relay, &genesis_hash))?;
    let txids: Vec<_> = mempool.iter().map(|waiting| waiting.txid).collect();
    assert_eq!(txids, [waiting.txid()]);
    assert_eq!(mempool[0].nonce, Some(7));

    let hospitals = block_on(explorer::hospitals(&mut session))?;
    let ids: Vec<_> = hospitals.iter().map(|hospital| hospital.id).collect();
    assert_eq!(ids, [network.hospital_id(0)?, network.hospital_id(1)?]);
    let peers = block_on(explorer::peers(&relay, session.light))?;
    assert_eq!(peers.len(), 1);
    assert_eq!(peers[0].hospital_id, network.hospital_id(1)?);
    assert_eq!(peers[0].name, hospitals[1].name);

    let compared = block_on(session.check_with(&other))?;
    assert_eq!(compared.comparison, HeadComparison::Same);
    let before = session.freshness();
    assert_eq!(before.head, compared.own.head);
    assert_eq!(before.final_index, compared.own.final_block.index);
    assert!(!before.is_old);

    // The operator's own relay mines; another hospital's refuses.
    let stranger = network.relays[1].identity()?;
    let refused = block_on(explorer::mine(&session, &stranger)).unwrap_err();
    assert_eq!(refused.code(), "operatorOnly");
    block_on(explorer::mine(&session, &identity))?;
    wait_for("a block that was asked for", || {
        block_on(session.sync(&[])).ok()?;
        (session.freshness().head.index > before.head.index).then_some(())
    })
}
