//! What the explorer is asked: always of the page's own relay, and on a copy of the verified chain,
//! so that nobody waits for it and it waits for nobody.

use keepwell_client::{
    ClientError, Hospitals, NamedHospital,
    explorer::{self, ShownBlock},
};
use keepwell_light::Interest;
use keepwell_primitives::BlockIndex;
use keepwell_wire::api::HospitalEntry;

use super::desk::{Desk, FetchSession, now};
use crate::talk::{
    BlockLine, DirectoryLine, Explored, ExploredHead, ExplorerVerb, Failure, Found, Outcome,
};

impl Desk {
    /// Catches up first, so that what is on the chain can be told from what is not.
    pub(super) async fn explore(&self, verb: ExplorerVerb) -> Result<Outcome, Failure> {
        let relay = self.own_relay();
        let explored = self.beside_relay(&relay, async |session| {
            session.sync(&[Interest::Directory]).await?;
            let found = found(session, verb).await?;
            let head = session.light.head();
            let head = ExploredHead {
                hash: head.hash(),
                header: *head.header(),
                verified_at: now(),
            };
            Ok(Explored { head, found })
        });
        Ok(Outcome::Explored(Box::new(explored.await?)))
    }
}

async fn found(session: &mut FetchSession<'_>, verb: ExplorerVerb) -> Result<Found, ClientError> {
    let (relay, light) = (session.relay, &*session.light);
    Ok(match verb {
        ExplorerVerb::Blocks { before, limit } => {
            let (from, end) = span(light.head().index(), before, limit);
            let blocks = blocks(session, from, end).await?;
            Found::Blocks(blocks.iter().rev().map(BlockLine::from).collect())
        }
        ExplorerVerb::Block(choice) => {
            Found::Block(Box::new(explorer::block(relay, light, choice).await?))
        }
        ExplorerVerb::Mempool => {
            Found::Mempool(explorer::mempool(relay, &light.network().hash()).await?)
        }
        ExplorerVerb::Peers => Found::Peers(explorer::peers(relay, light).await?),
        ExplorerVerb::Hospitals => {
            let hospitals = Hospitals::of(light);
            Found::Hospitals(hospitals.all().iter().map(directory_line).collect())
        }
    })
}

/// From which block on, and before which: the last `limit` before that one and up to the head.
fn span(head: BlockIndex, before: Option<BlockIndex>, limit: u32) -> (BlockIndex, BlockIndex) {
    let end = head.next();
    let end = before.map_or(end, |before| before.min(end));
    (BlockIndex(end.0.saturating_sub(limit.into())), end)
}

/// All of them, in their order. A relay gives less than was asked for where blocks are large.
async fn blocks(
    session: &FetchSession<'_>,
    from: BlockIndex,
    end: BlockIndex,
) -> Result<Vec<ShownBlock>, ClientError> {
    let mut all: Vec<ShownBlock> = Vec::new();
    let mut next = from;
    while next < end {
        let missing = u32::try_from(end.0 - next.0).unwrap_or(u32::MAX);
        let more = explorer::blocks(session.relay, session.light, next, missing).await?;
        let Some(last) = more.last() else { break };
        next = last.header.index.next();
        all.extend(more);
    }
    Ok(all)
}

fn directory_line(named: &NamedHospital) -> DirectoryLine {
    let hospital = &named.hospital;
    DirectoryLine {
        entry: HospitalEntry {
            id: named.id,
            name: hospital.name_text(),
            keys: hospital.public_keys,
            urls: hospital.addresses.url_texts().collect(),
            peers: hospital.addresses.peer_texts().collect(),
            status: hospital.status,
        },
        nonce: hospital.nonce,
        issued_count: hospital.issued_count,
        access_count: hospital.access_count,
        request_count: hospital.request_count,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(head: u64, before: Option<u64>) -> (u64, u64) {
        let (from, end) = span(BlockIndex(head), before.map(BlockIndex), 20);
        (from.0, end.0)
    }

    #[test]
    fn a_list_ends_before_what_was_named_and_never_past_the_head() {
        assert_eq!(of(100, None), (81, 101));
        assert_eq!(of(100, Some(81)), (61, 81));
        assert_eq!(of(100, Some(7)), (0, 7));
        assert_eq!(of(100, Some(0)), (0, 0));
        assert_eq!(of(100, Some(u64::MAX)), (81, 101));
        assert_eq!(of(0, None), (0, 1));
    }
}
