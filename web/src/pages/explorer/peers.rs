//! The nodes that the relay is connected to.

use keepwell_wire::api::PeerEntry;
use yew::{Html, component, html};

use super::{
    frame::{Frame, Part},
    look::use_look,
    transaction::value,
};
use crate::{
    components::{EmptyState, Table, When},
    ports::dates,
    talk::{ExplorerVerb, Found},
};

#[component]
pub(crate) fn ExplorerPeers() -> Html {
    let look = use_look(ExplorerVerb::Peers);
    let peers = look
        .found
        .as_deref()
        .and_then(|explored| match &explored.found {
            Found::Peers(peers) => Some(peers.as_slice()),
            _ => None,
        });
    html! {
        <Frame
            part={Part::Peers}
            title="Peers"
            lead="The nodes that this page's relay says it is connected to. That they are is its word; \
                  their names are those of the verified directory."
        >
            { look.standing() }
            { match peers {
                None => Html::default(),
                Some([]) => html! { <EmptyState title="The relay is connected to no other" /> },
                Some(peers) => table(peers),
            } }
            { look.again_button() }
        </Frame>
    }
}

fn table(peers: &[PeerEntry]) -> Html {
    let columns = ["Hospital", "Address", "Since", "Id"];
    let rows: Vec<Vec<Html>> = peers.iter().map(row).collect();
    html! {
        <Table caption="Connected nodes" columns={columns.map(Into::into).to_vec()} {rows} />
    }
}

fn row(peer: &PeerEntry) -> Vec<Html> {
    vec![
        html! { { peer.name.clone() } },
        html! { <code>{ peer.address.clone() }</code> },
        html! { <When at={dates::moment(peer.since.0)} /> },
        value(peer.hospital_id.to_string()),
    ]
}
