//! `/v1/events`: server-sent events, so that a client need not ask again and again.
//!
//! An event says only that there is something new: the client fetches and verifies it.

use std::convert::Infallible;

use axum::{
    extract::State,
    response::sse::{Event, KeepAlive, Sse},
};
use futures::{Stream, StreamExt, stream};
use keepwell_wire::api::BlockName;

use super::Api;

/// `GET /v1/events`: `block` with the new head's name, `mailbox` when something has come.
pub(super) async fn stream(
    State(api): State<Api>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let (news, mail) = (api.host.chain.news(), api.host.custodian.mail());
    let head = news.borrow().head.hash;
    let events = stream::unfold(
        (news, mail, head),
        |(mut news, mut mail, seen)| async move {
            loop {
                tokio::select! {
                    changed = news.changed() => {
                        changed.ok()?;
                        let head = news.borrow_and_update().head;
                        if head.hash == seen {
                            continue;
                        }
                        let name = BlockName { index: head.index, hash: head.hash };
                        let event = Event::default().event("block").json_data(name).ok()?;
                        return Some((Ok(event), (news, mail, head.hash)));
                    }
                    changed = mail.changed() => {
                        changed.ok()?;
                        let event = Event::default().event("mailbox").data("");
                        return Some((Ok(event), (news, mail, seen)));
                    }
                }
            }
        },
    );
    let mut stopping = api.stopping;
    let stopped = async move {
        // An error is the end of the service, too.
        let _ = stopping.wait_for(|stopping| *stopping).await;
    };
    Sse::new(events.take_until(Box::pin(stopped))).keep_alive(KeepAlive::default())
}
