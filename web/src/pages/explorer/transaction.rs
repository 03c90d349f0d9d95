//! A transaction with all its fields.

use keepwell_client::explorer::ShownTransaction;
use yew::{AttrValue, Html, html};

use super::words::{kind_name, sender};
use crate::{
    components::{CardPanel, DataList, Identifier},
    talk::KnownNetwork,
};

/// As a panel, named by its type.
pub(super) fn transaction(shown: &ShownTransaction, known: Option<&KnownNetwork>) -> Html {
    let (id, who) = sender(&shown.sender, known);
    let mut entries: Vec<(AttrValue, Html)> = vec![
        ("txid".into(), value(shown.txid.to_string())),
        ("sender".into(), html! { <>{ who }{ " " }{ value(id) }</> }),
        (
            "senderPublicKey".into(),
            value(shown.sender_public_key.to_string()),
        ),
    ];
    if let Some(nonce) = shown.nonce {
        entries.push(("nonce".into(), value(nonce.to_string())));
    }
    if let Some(index) = shown.valid_until_index {
        entries.push(("validUntilIndex".into(), value(index.to_string())));
    }
    let fields = shown.fields.iter();
    entries.extend(fields.map(|field| (field.name.clone().into(), value(field.value.clone()))));
    html! {
        <CardPanel key={shown.txid.to_string()} title={kind_name(shown.kind)}>
            <DataList {entries} />
        </CardPanel>
    }
}

/// Something to be compared or copied.
pub(super) fn value(value: String) -> Html {
    html! { <Identifier {value} /> }
}
