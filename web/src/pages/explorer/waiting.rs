//! What waits at the relay to be put into a block.

use yew::{Html, component, html};

use super::{
    frame::{Frame, Part},
    look::use_look,
    transaction::transaction,
    words::count,
};
use crate::{
    components::EmptyState,
    state::use_desk,
    talk::{ExplorerVerb, Found},
};

#[component]
pub(crate) fn ExplorerWaiting() -> Html {
    let desk = use_desk();
    let look = use_look(ExplorerVerb::Mempool);
    let waiting = look
        .found
        .as_deref()
        .and_then(|explored| match &explored.found {
            Found::Mempool(waiting) => Some(waiting.as_slice()),
            _ => None,
        });
    let known = desk.state.known();
    html! {
        <Frame
            part={Part::Waiting}
            title="Waiting transactions"
            lead="The mempool of this page's relay: what is not in a block yet."
        >
            { look.standing() }
            { match waiting {
                None => Html::default(),
                Some([]) => html! { <EmptyState title="Nothing waits" /> },
                Some(waiting) => html! {
                    <>
                        <p>{ format!("There wait {}.", count(waiting.len(), "transaction", "transactions")) }</p>
                        <p class="soft">
                            { "Checked here: each is of this network, and is what its txid names; not \
                               checked: its signature and the rules, which decide whether it gets \
                               into a block." }
                        </p>
                        { for waiting.iter().map(|shown| transaction(shown, known)) }
                    </>
                },
            } }
            { look.again_button() }
        </Frame>
    }
}
