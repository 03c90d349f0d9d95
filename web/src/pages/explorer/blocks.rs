//! Blocks, newest first, and the current roots of both tries.

use keepwell_primitives::BlockIndex;
use yew::{Html, Properties, component, html};
use yew_router::components::Link;

use super::{
    frame::{Frame, Part},
    look::use_look,
    mine::{Mine, may_mine},
    search::Search,
    transaction::value,
    words::{chain_badge, miner},
};
use crate::{
    components::{DataList, Section, Table, When},
    ports::dates,
    route::Route,
    state::use_desk,
    talk::{BlockLine, ExploredHead, ExplorerVerb, Found, KnownNetwork},
};

/// So many blocks fit a person's eye, and a relay's answer.
const BLOCKS_ON_A_PAGE: u32 = 20;

#[derive(Clone, PartialEq, Eq, Properties)]
pub(crate) struct ExplorerBlocksProps {
    /// Those before this one; from the newest on without.
    #[prop_or_default]
    pub(crate) before: Option<BlockIndex>,
}

#[component]
pub(crate) fn ExplorerBlocks(props: &ExplorerBlocksProps) -> Html {
    let desk = use_desk();
    let before = props.before;
    let home = desk.state.known().and_then(|known| known.home);
    let limit = BLOCKS_ON_A_PAGE;
    let look = use_look(ExplorerVerb::Blocks { before, limit });
    let found = look.found.as_deref();
    let lines = found.and_then(|explored| match &explored.found {
        Found::Blocks(lines) => Some(lines.as_slice()),
        _ => None,
    });
    html! {
        <Frame
            part={Part::Blocks}
            title="Network explorer"
            lead="What everybody can see of this network: blocks, transactions, and nothing that opens a record."
        >
            <Search />
            { look.standing() }
            if before.is_none() {
                if let Some(explored) = found {
                    { roots(&explored.head) }
                }
                // Decided here: a component that draws nothing would let its neighbours change places.
                if may_mine(&desk.state.who(), home) {
                    <Mine />
                }
            }
            if let Some(lines) = lines {
                { table(lines, desk.state.known()) }
                { pages(before, lines) }
            }
        </Frame>
    }
}

fn roots(head: &ExploredHead) -> Html {
    let header = &head.header;
    let to = Route::ExplorerBlock {
        name: head.hash.to_string(),
    };
    let entries = vec![
        (
            "Newest verified block".into(),
            html! { <Link<Route> {to}>{ header.index.to_string() }</Link<Route>> },
        ),
        (
            "patientStateTrieHash".into(),
            value(header.patient_state_trie_hash.to_string()),
        ),
        (
            "hospitalStateTrieHash".into(),
            value(header.hospital_state_trie_hash.to_string()),
        ),
        (
            "Verified here".into(),
            html! { <When at={dates::moment(head.verified_at.0)} /> },
        ),
    ];
    html! { <Section heading="The tries' roots now"><DataList {entries} /></Section> }
}

fn table(lines: &[BlockLine], known: Option<&KnownNetwork>) -> Html {
    let columns = ["Index", "Time", "Transactions", "Miner", "Hash", "Chain"];
    let rows: Vec<Vec<Html>> = lines.iter().map(|line| row(line, known)).collect();
    html! {
        <Section heading="Blocks">
            <Table
                caption="Blocks, newest first"
                columns={columns.map(Into::into).to_vec()}
                {rows}
            />
        </Section>
    }
}

fn row(line: &BlockLine, known: Option<&KnownNetwork>) -> Vec<Html> {
    // By its hash: the index may soon name another.
    let to = Route::ExplorerBlock {
        name: line.hash.to_string(),
    };
    vec![
        html! { <Link<Route> {to}>{ line.index.to_string() }</Link<Route>> },
        html! { <When at={dates::moment(line.timestamp.0)} /> },
        html! { { line.transactions.to_string() } },
        html! { { miner(line.index, &line.miner, known) } },
        value(line.hash.to_string()),
        chain_badge(line.chain),
    ]
}

fn pages(before: Option<BlockIndex>, lines: &[BlockLine]) -> Html {
    let older = older_than(lines).map(|index| Route::ExplorerBefore {
        index: index.to_string(),
    });
    html! {
        <nav class="button-row" aria-label="More blocks">
            if before.is_some() {
                <Link<Route> classes="button" to={Route::Explorer}>{ "Newest" }</Link<Route>>
            }
            if let Some(to) = older {
                <Link<Route> classes="button" {to}>{ "Older" }</Link<Route>>
            }
        </nav>
    }
}

/// The last of these, if there are any before it.
fn older_than(lines: &[BlockLine]) -> Option<BlockIndex> {
    let last = lines.last().map(|line| line.index);
    last.filter(|index| *index > BlockIndex::GENESIS)
}

#[cfg(test)]
mod tests {
    use keepwell_client::explorer::ChainMark;
    use keepwell_keys::HospitalId;
    use keepwell_ledger::block::BlockHash;
    use keepwell_primitives::{Hash, Timestamp};

    use super::*;

    fn line(index: u64) -> BlockLine {
        BlockLine {
            index: BlockIndex(index),
            hash: BlockHash(Hash([0; 32])),
            timestamp: Timestamp(0),
            transactions: 0,
            miner: HospitalId::from_bytes([0; 32]),
            chain: ChainMark::RelaysWord,
        }
    }

    #[test]
    fn there_is_nothing_older_than_block_0() {
        assert_eq!(older_than(&[line(9), line(8)]), Some(BlockIndex(8)));
        assert_eq!(older_than(&[line(1), line(0)]), None);
        assert_eq!(older_than(&[]), None);
    }
}
