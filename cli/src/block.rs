//! `keepwell block`: a block under the report's names, its transactions decoded.

use keepwell_keys::GenesisHash;
use keepwell_ledger::{
    block::merkle_root,
    transaction::{Envelope, Ordering, Payload, Transaction},
};
use keepwell_wire::api::BlockAnswer;
use serde_json::{Map, Value, json};

use crate::{
    answer::{Answer, columns},
    arguments::{BlockArgument, GlobalOptions},
    failure::Failure,
    home::{self, Home},
    http::{self, HttpRelay},
    runtime::block_on,
    times::with_times_as_text,
};

pub(crate) fn block(global: &GlobalOptions, wanted: &BlockArgument) -> Result<Answer, Failure> {
    let home = Home::optional(global)?;
    let relays = home::relays(global, home.as_ref())?;
    http::first_reachable(&relays, global.timeout(), |relay| {
        let genesis = match &home {
            Some(home) => home.file.genesis,
            None => block_on(keepwell_client::head(relay))?.genesis_hash,
        };
        let name = match wanted {
            BlockArgument::Index(index) => index.to_string(),
            BlockArgument::Hash(hash) => hash.to_string(),
        };
        let block = block_on(keepwell_client::block(relay, &name))?;
        check_name(relay, wanted, &block)?;
        answer(&block, &transactions(relay, &block, &genesis)?)
    })
}

fn check_name(
    relay: &HttpRelay,
    wanted: &BlockArgument,
    block: &BlockAnswer,
) -> Result<(), Failure> {
    let header = &block.sealed.header;
    let wrong = |code, message, got: String, expected: String| {
        let failure = Failure::unverified(relay.url().as_str(), code, message);
        Err(failure.with_difference(got, expected))
    };
    let hash = header.hash();
    if block.hash != hash {
        let message = "the block's hash is not that of its header";
        return wrong(
            "blockHash",
            message,
            block.hash.to_string(),
            hash.to_string(),
        );
    }
    let message = "it is another block than was asked for";
    match wanted {
        BlockArgument::Index(index) if *index != header.index => wrong(
            "otherBlock",
            message,
            header.index.to_string(),
            index.to_string(),
        ),
        BlockArgument::Hash(wanted) if *wanted != hash => {
            wrong("otherBlock", message, hash.to_string(), wanted.to_string())
        }
        _ => Ok(()),
    }
}

/// The transactions, held against the header.
fn transactions(
    relay: &HttpRelay,
    block: &BlockAnswer,
    genesis: &GenesisHash,
) -> Result<Vec<Transaction>, Failure> {
    let url = relay.url().as_str();
    let Some(all) = &block.transactions else {
        let message = "the transactions are missing";
        return Err(Failure::unverified(url, "transactionsMissing", message));
    };
    let bytes: Vec<&[u8]> = all.iter().map(|bytes| &bytes[..]).collect();
    let (got, expected) = (merkle_root(&bytes), block.sealed.header.merkle_root_hash);
    if got != expected {
        let message = "the transactions are not those of the header";
        let failure = Failure::unverified(url, "merkleRoot", message);
        return Err(failure.with_difference(got.to_string(), expected.to_string()));
    }
    let parse = |bytes: &[u8]| Transaction::from_bytes(bytes, genesis);
    let parsed = bytes.into_iter().map(parse).collect::<Result<_, _>>();
    parsed.map_err(|error| Failure::unverified(url, "malformedTransaction", error))
}

fn answer(block: &BlockAnswer, transactions: &[Transaction]) -> Result<Answer, Failure> {
    let header = &block.sealed.header;
    let mut fields = as_fields(block);
    let decoded: Vec<Value> = transactions.iter().map(transaction).collect();
    fields.insert(String::from("transactions"), Value::Array(decoded));
    let kinds = transactions
        .iter()
        .map(|transaction| format!("\n  {} {:?}", transaction.txid(), transaction.kind()));
    let kinds: String = kinds.collect();
    Ok(Answer {
        words: columns([
            ("index", header.index.to_string()),
            ("timestamp", header.timestamp.to_string()),
            ("nonce", header.nonce.to_string()),
            ("transactions", format!("{}{kinds}", transactions.len())),
            ("hash", block.hash.to_string()),
            ("previousHash", header.previous_hash.to_string()),
            ("merkleRootHash", header.merkle_root_hash.to_string()),
            (
                "patientStateTrieHash",
                header.patient_state_trie_hash.to_string(),
            ),
            (
                "hospitalStateTrieHash",
                header.hospital_state_trie_hash.to_string(),
            ),
            ("miner", header.miner.to_string()),
            ("target", header.target.to_string()),
        ]),
        json: with_times_as_text(Value::Object(fields)),
    })
}

/// A transaction under the names of the protocol: its envelope, then what it asks.
fn transaction(transaction: &Transaction) -> Value {
    let mut fields = match transaction {
        Transaction::Sent(Envelope { payload, order, .. }) => {
            let Ordering {
                nonce,
                valid_until_index,
            } = order;
            let mut fields = as_fields::<Payload>(payload);
            fields.insert(String::from("nonce"), json!(nonce));
            fields.insert(String::from("validUntilIndex"), json!(valid_until_index));
            fields
        }
        Transaction::Answer(Envelope { payload, .. }) => {
            let mut fields = as_fields(payload);
            fields.insert(String::from("type"), json!(transaction.kind()));
            fields
        }
    };
    let (version, signature) = match transaction {
        Transaction::Sent(envelope) => (envelope.version, envelope.signature),
        Transaction::Answer(envelope) => (envelope.version, envelope.signature),
    };
    for (name, value) in [
        ("txid", json!(transaction.txid())),
        ("version", json!(version)),
        ("genesisHash", json!(transaction.genesis_hash())),
        ("senderPublicKey", json!(transaction.sender_public_key())),
        ("signature", json!(signature)),
    ] {
        fields.insert(String::from(name), value);
    }
    Value::Object(fields)
}

fn as_fields<T: serde::Serialize>(value: &T) -> Map<String, Value> {
    match json!(value) {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}
