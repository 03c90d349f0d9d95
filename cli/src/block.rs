//! `keepwell block`: a block under the report's names, its transactions decoded.

use keepwell_client::explorer::{BlockChoice, CheckedBlock, transaction_json};
use serde_json::{Map, Value, json};

use crate::{
    answer::{Answer, columns},
    arguments::{BlockArgument, GlobalOptions},
    failure::Failure,
    home::{self, Home},
    http,
    runtime::block_on,
    times::with_times_as_text,
};

pub(crate) fn block(global: &GlobalOptions, wanted: &BlockArgument) -> Result<Answer, Failure> {
    let home = Home::optional(global)?;
    let relays = home::relays(global, home.as_ref())?;
    let choice = match wanted {
        BlockArgument::Index(index) => BlockChoice::Index(*index),
        BlockArgument::Hash(hash) => BlockChoice::Hash(*hash),
    };
    http::first_reachable(&relays, global.timeout(), |relay| {
        let genesis = match &home {
            Some(home) => home.file.genesis,
            None => block_on(keepwell_client::head(relay))?.genesis_hash,
        };
        let block = block_on(CheckedBlock::fetch(relay, &genesis, choice))?;
        Ok(answer(&block))
    })
}

fn answer(block: &CheckedBlock) -> Answer {
    let header = block.header();
    let transactions = block.transactions();
    let mut fields = as_fields(block.sealed());
    let decoded = transactions.iter().map(transaction_json);
    fields.insert(String::from("transactions"), decoded.collect());
    fields.insert(String::from("hash"), json!(block.hash()));
    let kinds = transactions
        .iter()
        .map(|transaction| format!("\n  {} {:?}", transaction.txid(), transaction.kind()));
    let kinds: String = kinds.collect();
    Answer {
        words: columns([
            ("index", header.index.to_string()),
            ("timestamp", header.timestamp.to_string()),
            ("nonce", header.nonce.to_string()),
            ("transactions", format!("{}{kinds}", transactions.len())),
            ("hash", block.hash().to_string()),
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
    }
}

fn as_fields<T: serde::Serialize>(value: &T) -> Map<String, Value> {
    match json!(value) {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}
