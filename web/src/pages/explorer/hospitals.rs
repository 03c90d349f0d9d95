//! The directory of hospitals, as the hospital trie has it.

use keepwell_ledger::state::Status;
use yew::{Html, component, html};

use super::{
    frame::{Frame, Part},
    look::use_look,
    transaction::value,
};
use crate::{
    components::{Badge, BadgeKind, CardPanel, DataList},
    talk::{DirectoryLine, ExplorerVerb, Found},
};

#[component]
pub(crate) fn ExplorerHospitals() -> Html {
    let look = use_look(ExplorerVerb::Hospitals);
    let lines = look
        .found
        .as_deref()
        .and_then(|explored| match &explored.found {
            Found::Hospitals(lines) => Some(lines.as_slice()),
            _ => None,
        });
    html! {
        <Frame
            part={Part::Hospitals}
            title="Hospitals"
            lead="Every hospital ever enrolled, as its leaf in the verified hospital trie has it."
        >
            { look.standing() }
            { for lines.unwrap_or_default().iter().map(panel) }
            { look.again_button() }
        </Frame>
    }
}

fn panel(line: &DirectoryLine) -> Html {
    let hospital = &line.entry;
    let keys = &hospital.keys;
    let (status, kind) = match hospital.status {
        Status::Active => ("Active", BadgeKind::Good),
        Status::Retired => ("Retired", BadgeKind::Warn),
    };
    let entries = vec![
        ("id".into(), value(hospital.id.to_string())),
        ("status".into(), html! { <Badge label={status} {kind} /> }),
        ("Authority key".into(), value(keys.authority.to_string())),
        ("Encryption key".into(), value(keys.encryption.to_string())),
        ("Node key".into(), value(keys.node.to_string())),
        ("Custody key".into(), value(keys.custody.to_string())),
        ("Relay".into(), addresses(&hospital.urls)),
        ("Node".into(), addresses(&hospital.peers)),
        ("Transactions sent".into(), value(line.nonce.to_string())),
        ("Scopes opened".into(), value(line.issued_count.to_string())),
        (
            "Scopes granted to it".into(),
            value(line.access_count.to_string()),
        ),
        ("Key requests".into(), value(line.request_count.to_string())),
    ];
    html! {
        <CardPanel key={hospital.id.to_string()} title={hospital.name.clone()}>
            <DataList {entries} />
        </CardPanel>
    }
}

fn addresses(all: &[String]) -> Html {
    if all.is_empty() {
        return html! { { "none" } };
    }
    html! { { for all.iter().map(|address| html! { <div>{ address.clone() }</div> }) } }
}
