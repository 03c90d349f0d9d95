//! One block: all its attributes, what was checked of it, and its transactions.

use keepwell_client::explorer::{BlockChoice, ShownBlock};
use keepwell_primitives::BlockIndex;
use yew::{AttrValue, Html, Properties, component, html};
use yew_router::components::Link;

use super::{
    attributes::{Attribute, of_the_protocol, of_the_report},
    frame::{Frame, Part},
    look::use_look,
    search::Search,
    transaction::{transaction, value},
    words::{chain_badge, checked, count, miner},
};
use crate::{
    components::{DataList, EmptyState, Section, When},
    ports::dates,
    route::Route,
    state::use_desk,
    talk::{Explored, ExplorerVerb, Failure, Found, KnownNetwork, block_choice},
};

/// The relay's code for a block that it does not have.
const BLOCK_NOT_FOUND: &str = "blockNotFound";

#[derive(Clone, PartialEq, Eq, Properties)]
pub(crate) struct ExplorerBlockProps {
    /// Its index or its hash, as it stands in the address.
    pub(crate) name: String,
}

#[component]
pub(crate) fn ExplorerBlock(props: &ExplorerBlockProps) -> Html {
    match block_choice(&props.name) {
        Some(choice) => html! { <Chosen {choice} name={props.name.clone()} /> },
        None => html! {
            <Frame part={Part::Blocks} title="A block">
                <Search />
                <EmptyState title="This names no block">
                    <p>{ "A block is named by its index, such as 12, or by its hash of 64 hex digits." }</p>
                </EmptyState>
            </Frame>
        },
    }
}

#[derive(Clone, PartialEq, Properties)]
struct ChosenProps {
    choice: BlockChoice,
    name: String,
}

#[component]
fn Chosen(props: &ChosenProps) -> Html {
    let desk = use_desk();
    let look = use_look(ExplorerVerb::Block(props.choice));
    let block = look.found.as_deref().and_then(shown);
    let title = match (block, props.choice) {
        (Some((block, _)), _) => format!("Block {}", block.header.index),
        (None, BlockChoice::Index(index)) => format!("Block {index}"),
        (None, BlockChoice::Hash(_)) => String::from("A block"),
    };
    html! {
        <Frame part={Part::Blocks} {title}>
            <Search />
            if look.failure.as_ref().is_some_and(is_unknown) {
                <EmptyState title="The relay has no such block">
                    <p>
                        { "There is none of the name " }
                        { value(props.name.clone()) }
                        { ", or it is not there yet." }
                    </p>
                </EmptyState>
            } else {
                { look.standing() }
                if let Some((block, newest)) = block {
                    { whole(block, newest, desk.state.known()) }
                }
            }
        </Frame>
    }
}

/// The block that was found, and the index of the newest that was verified.
fn shown(explored: &Explored) -> Option<(&ShownBlock, BlockIndex)> {
    match &explored.found {
        Found::Block(block) => Some((block, explored.head.header.index)),
        _ => None,
    }
}

fn is_unknown(failure: &Failure) -> bool {
    failure.code == BLOCK_NOT_FOUND
}

fn whole(block: &ShownBlock, newest: BlockIndex, known: Option<&KnownNetwork>) -> Html {
    let entries = |attributes: Vec<Attribute>| {
        let entries = attributes.into_iter();
        entries
            .map(|(name, text)| (AttrValue::from(name), entry(name, text, block, known)))
            .collect::<Vec<_>>()
    };
    let amount = count(block.transactions.len(), "transaction", "transactions");
    html! {
        <>
            <p>{ chain_badge(block.chain) }</p>
            <p class="soft">{ checked(block.header.index, block.chain) }</p>
            { neighbours(block, newest) }
            <Section heading="The block"><DataList entries={entries(of_the_report(block))} /></Section>
            <Section heading="Besides"><DataList entries={entries(of_the_protocol(block))} /></Section>
            <Section heading="Transactions">
                <p>{ format!("The block has {amount}.") }</p>
                { for block.transactions.iter().map(|shown| transaction(shown, known)) }
            </Section>
        </>
    }
}

/// The value as the API has it, and what it means where that is not plain.
fn entry(name: &str, text: String, block: &ShownBlock, known: Option<&KnownNetwork>) -> Html {
    let meaning = match name {
        "timestamp" => html! { <When at={dates::moment(block.header.timestamp.0)} /> },
        "miner" => html! { { miner(block.header.index, &block.header.miner, known) } },
        _ => return value(text),
    };
    html! { <>{ value(text) }{ " " }{ meaning }</> }
}

fn neighbours(block: &ShownBlock, newest: BlockIndex) -> Html {
    let header = &block.header;
    let is_first = header.index == BlockIndex::GENESIS;
    let before = (!is_first).then(|| Route::ExplorerBlock {
        name: header.previous_hash.to_string(),
    });
    let after = (header.index < newest).then(|| Route::ExplorerBlock {
        name: header.index.next().to_string(),
    });
    html! {
        <nav class="button-row" aria-label="Neighbours">
            if let Some(to) = before {
                <Link<Route> classes="button" {to}>{ "Previous block" }</Link<Route>>
            }
            if let Some(to) = after {
                <Link<Route> classes="button" {to}>{ "Next block" }</Link<Route>>
            }
        </nav>
    }
}
