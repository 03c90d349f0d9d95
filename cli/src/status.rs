//! `keepwell status`: how far a relay is, by its own account.

use keepwell_wire::api::HeadAnswer;
use serde_json::json;

use crate::{
    answer::{Answer, columns},
    arguments::GlobalOptions,
    failure::Failure,
    home::{self, Home},
    http,
    runtime::block_on,
};

pub(crate) fn status(global: &GlobalOptions) -> Result<Answer, Failure> {
    let home = Home::optional(global)?;
    let relays = home::relays(global, home.as_ref())?;
    let (url, head) = http::first_reachable(&relays, global.timeout(), |relay| {
        let head = block_on(keepwell_client::head(relay))?;
        Ok((relay.url().clone(), head))
    })?;
    if let Some(home) = &home {
        check_network(url.as_str(), &head, home)?;
    }
    Ok(Answer {
        json: json!({
            "genesis": head.genesis_hash,
            "head": head.head,
            "final": head.final_block,
            "relay": url,
            "peers": head.peers,
        }),
        words: columns([
            ("relay", format!("{url} of {}", head.hospital_id)),
            ("genesis", head.genesis_hash.to_string()),
            ("head", format!("{} {}", head.head.index, head.head.hash)),
            (
                "final",
                format!("{} {}", head.final_block.index, head.final_block.hash),
            ),
            ("peers", head.peers.to_string()),
        ]),
    })
}

/// The one claim that can be checked without the headers.
fn check_network(relay: &str, head: &HeadAnswer, home: &Home) -> Result<(), Failure> {
    let (got, expected) = (head.genesis_hash, home.file.genesis);
    if got == expected {
        return Ok(());
    }
    let failure = Failure::unverified(relay, "wrongGenesis", "it is of another network");
    Err(failure.with_difference(got.to_string(), expected.to_string()))
}
