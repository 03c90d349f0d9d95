//! Four real relays: they agree on blocks, and a killed one loses nothing.

use keepwell_keys::HospitalId;
use keepwell_ledger::transaction::Txid;
use keepwell_tests::{Network, Patient, Refused, wait_for};
use keepwell_wire::api::{HeadAnswer, TransactionState};

/// Waits until a relay holds the transaction for final.
fn wait_until_final(network: &Network, txid: Txid) -> anyhow::Result<()> {
    for relay in &network.relays {
        wait_for(&format!("{} to hold {txid} for final", relay.name), || {
            let answer = relay.api.transaction(&txid).ok()?;
            (answer.state == TransactionState::Final).then_some(())
        })
        .map_err(|error| error.context(relay.log()))?;
    }
    Ok(())
}

fn hospital_id(network: &Network, position: usize) -> HospitalId {
    let hospital = network.genesis.hospitals().get(position);
    hospital
        .map(|(id, _)| *id)
        .expect("a hospital of the network")
}

#[test]
fn four_relays_agree_on_what_one_was_told() -> anyhow::Result<()> {
    let network = Network::start(4)?;
    let genesis_hash = network.genesis.hash();
    let patient = Patient::numbered(1, hospital_id(&network, 0));
    let first = network.relays[0].identity()?;
    let record = patient.record(&first, 0, true, &genesis_hash)?;
    let answer = network.relays[0].api.submit(&record)?;
    assert_eq!(answer.txid, record.txid());
    wait_until_final(&network, answer.txid)?;
    network.wait_until_agreed(3)?;

    let block = network.relays[2]
        .api
        .transaction(&answer.txid)?
        .block
        .unwrap();
    for relay in &network.relays {
        let read = relay.api.block(&block.hash.to_string())?;
        assert_eq!(read.sealed.header.hash(), block.hash);
        let transactions = read.transactions.unwrap();
        assert!(
            transactions
                .iter()
                .any(|bytes| bytes[..] == record.to_bytes()[..])
        );
    }
    // The chain rests once the block is buried: the same transaction again changes nothing.
    assert_eq!(
        network.relays[1].api.submit(&record)?.state,
        TransactionState::Final
    );
    Ok(())
}

#[test]
fn killed_relay_loses_nothing_and_catches_up() -> anyhow::Result<()> {
    let mut network = Network::start(4)?;
    let genesis_hash = network.genesis.hash();
    let patient = Patient::numbered(2, hospital_id(&network, 0));
    let identity = network.relays[0].identity()?;

    // Killed in the moment after it has acknowledged: the others may not have heard of it.
    let first = patient.record(&identity, 0, true, &genesis_hash)?;
    network.relays[0].api.submit(&first)?;
    network.relays[0].kill()?;
    network.relays[0].start()?;
    assert_eq!(
        network.relays[0].api.transaction(&first.txid())?.txid,
        first.txid()
    );
    wait_until_final(&network, first.txid())?;

    // Killed while the others go on: it has to catch up.
    network.relays[3].kill()?;
    let second = patient.record(&identity, 1, false, &genesis_hash)?;
    network.relays[0].api.submit(&second)?;
    let before = network.relays[1].api.head()?.head.index.0;
    wait_for("the others to mine without it", || {
        let head = network.relays[1].api.head().ok()?;
        (head.head.index.0 > before).then_some(())
    })?;
    network.relays[3].start()?;
    wait_until_final(&network, second.txid())?;
    wait_until_final(&network, first.txid())?;
    network.wait_until_agreed(before + 1)
}

#[test]
fn second_process_on_a_data_directory_is_refused() -> anyhow::Result<()> {
    let network = Network::start(1)?;
    let (succeeded, log) = network.relays[0].second_process()?;
    assert!(!succeeded);
    assert!(log.contains("in use by another process"), "{log}");
    network.relays[0].api.head()?;
    Ok(())
}

#[test]
fn operator_alone_may_have_a_block_mined() -> anyhow::Result<()> {
    let network = Network::start(2)?;
    let genesis_hash = network.genesis.hash();
    let api = &network.relays[0].api;
    let own = network.relays[0].identity()?;
    let other = network.relays[1].identity()?;
    let mine = |token| api.post::<HeadAnswer>("/v1/mine", &serde_json::json!({}), token);
    let code = |error: anyhow::Error| error.downcast::<Refused>().map(|refused| refused.0.code.0);

    assert_eq!(code(mine(None).unwrap_err())?, "signInFirst");
    let token = api.sign_in(hospital_id(&network, 1), &other.authority, &genesis_hash)?;
    assert_eq!(code(mine(Some(&token)).unwrap_err())?, "operatorOnly");
    let forged = api.sign_in(hospital_id(&network, 0), &other.authority, &genesis_hash);
    assert_eq!(code(forged.unwrap_err())?, "notTheirKey");

    let token = api.sign_in(hospital_id(&network, 0), &own.authority, &genesis_hash)?;
    let before = mine(Some(&token))?.head.index.0;
    network.wait_until_agreed(before + 1)
}

#[test]
fn refused_transaction_is_named_by_its_rule() -> anyhow::Result<()> {
    let network = Network::start(1)?;
    let genesis_hash = network.genesis.hash();
    let api = &network.relays[0].api;
    let identity = network.relays[0].identity()?;
    let patient = Patient::numbered(3, hospital_id(&network, 0));
    let code = |error: anyhow::Error| error.downcast::<Refused>().map(|refused| refused.0.code.0);

    let without_card = patient.record(&identity, 0, false, &genesis_hash)?;
    assert_eq!(
        code(api.submit(&without_card).unwrap_err())?,
        "scopeNotOpened"
    );
    let record = patient.record(&identity, 0, true, &genesis_hash)?;
    let bytes = record.to_bytes();
    let truncated = &bytes[..bytes.len() - 1];
    assert_eq!(
        code(api.submit_bytes(truncated).unwrap_err())?,
        "notCanonical"
    );
    let mut forged = bytes.clone();
    let last = forged.len() - 1;
    forged[last] ^= 1;
    assert_eq!(code(api.submit_bytes(&forged).unwrap_err())?, "signature");
    assert_eq!(
        code(api.submit_bytes(&[0; 20_000]).unwrap_err())?,
        "tooLong"
    );
    assert_eq!(api.head()?.head.index.0, 0);
    Ok(())
}
