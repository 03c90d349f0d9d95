//! Answering what other nodes ask.

use keepwell_primitives::{BoundedBytes, limits};
use keepwell_wire::peer::{Answer, Question};
use libp2p::PeerId;

use super::{Host, peers_loop::blocking};
use crate::chain::ChainError;

/// The answer to a peer's question; a refusal where there is none.
pub(super) async fn answer(host: &Host, peer: PeerId, bytes: Vec<u8>) -> Answer {
    let question = match Question::from_bytes(&bytes) {
        Ok(question) => question,
        Err(error) => {
            tracing::warn!(%peer, %error, "a peer asked something malformed");
            return refused("the question is malformed");
        }
    };
    match question {
        Question::Status => {
            let status = blocking(&host.chain, |chain| Ok(chain.read(|node| node.status())));
            match status.await {
                Ok(status) => Answer::Status(status),
                Err(error) => {
                    tracing::error!(%error, "the node could not be asked how far it is");
                    refused("the node cannot be asked now")
                }
            }
        }
        Question::BlocksAfter(locator) => {
            let blocks = blocking(&host.chain, move |chain| {
                chain
                    .read(|node| node.blocks_after(&locator))
                    .map_err(ChainError::from)
            });
            match blocks.await {
                Ok(blocks) => Answer::Blocks(blocks),
                Err(error) => {
                    tracing::error!(%error, "blocks could not be read for a peer");
                    refused("the blocks cannot be read")
                }
            }
        }
        Question::KeepFragment(fragment) => host.custodian.keep_fragment(fragment).await,
        Question::Deliver(answer) => {
            let Some(custodian_id) = host.directory.hospital(&peer) else {
                return refused("not an enrolled hospital");
            };
            host.custodian.put_in_mailbox(custodian_id, answer).await
        }
        Question::FileLeaves(blob_id) => crate::replica::leaves(host, blob_id).await,
        Question::FileChunk(chunk) => crate::replica::chunk(host, chunk).await,
        Question::KeepFile(blob_id) => crate::replica::keep(host, peer, blob_id).await,
    }
}

/// A refusal with a reason for the other side's log.
pub(crate) fn refused(reason: &str) -> Answer {
    let reason: Vec<u8> = reason.bytes().take(256).collect();
    Answer::Refused(BoundedBytes::new(reason).unwrap_or_default())
}

/// The largest answer there is fits a message.
const _: () = assert!(limits::BLOB_CHUNK_BYTES < crate::peers::limits::MESSAGE_BYTES_MAX);
