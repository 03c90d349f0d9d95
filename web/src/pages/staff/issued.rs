//! What this hospital has issued: its patients' scopes, and the records in them.

use keepwell_ledger::transaction::Txid;
use yew::{Callback, Html, component, html};
use yew_router::components::Link;

use super::parts::{StaffPage, numbered, patient_name};
use crate::{
    components::{Badge, BadgeKind, CardPanel, DataList, EmptyState, Identifier, When},
    pages::parts::{size_words, state_badge},
    ports::dates,
    route::Route,
    talk::{StaffRecordLine, StaffScopeLine, StaffView},
};

#[component]
pub(crate) fn Issued() -> Html {
    html! {
        <StaffPage
            title="Issued"
            lead="What a record says is sealed for its patient: titles are shown here only until you \
                  lock the page."
            shown={Callback::from(|view: StaffView| scopes(&view))}
        />
    }
}

fn scopes(view: &StaffView) -> Html {
    if view.issued.is_empty() {
        return html! {
            if view.standing.verified_at.is_some() {
                <EmptyState title="Nothing was issued yet">
                    <p><Link<Route> to={Route::Issue}>{ "Issue a record" }</Link<Route>></p>
                </EmptyState>
            }
        };
    }
    html! { <>{ for view.issued.iter().map(scope) }</> }
}

fn scope(scope: &StaffScopeLine) -> Html {
    let state = if scope.is_open {
        html! { <Badge kind={BadgeKind::Good} label="Open" /> }
    } else {
        html! { <Badge label="Closed" /> }
    };
    let entries = vec![
        (
            "Patient".into(),
            html! { <Identifier value={scope.patient_id.to_string()} /> },
        ),
        (
            "Scope".into(),
            html! { <>{ state }{ " " }<Identifier value={scope.disease_id.to_string()} /></> },
        ),
    ];
    let into = Route::IssueInto {
        patient_id: scope.patient_id.to_string(),
        disease_id: scope.disease_id.to_string(),
    };
    html! {
        <CardPanel key={scope.disease_id.to_string()} title={patient_name(&scope.patient_id)}>
            <DataList {entries} />
            <ul class="timeline" aria-label="Records, newest first">
                { for scope.records.iter().map(|record| line(scope, record)) }
            </ul>
            if scope.is_open {
                <div class="button-row">
                    <Link<Route> classes="button" to={into}>
                        { "Issue another into this scope" }
                    </Link<Route>>
                </div>
            } else {
                <p class="soft">
                    { "The patient has closed it. For another record, ask for a new visit card." }
                </p>
            }
        </CardPanel>
    }
}

fn line(scope: &StaffScopeLine, record: &StaffRecordLine) -> Html {
    let name = record
        .title
        .clone()
        .unwrap_or_else(|| numbered(record.index));
    let is_corrected = correction_of(&record.txid, &scope.records).is_some();
    let correct = Route::Correct {
        patient_id: scope.patient_id.to_string(),
        disease_id: scope.disease_id.to_string(),
        txid: record.txid.to_string(),
    };
    html! {
        <li class="timeline-entry" key={record.txid.to_string()}>
            <div class="timeline-title">
                <b>{ name.clone() }</b>
                { state_badge(record.state) }
                if is_corrected {
                    <Badge kind={BadgeKind::Warn} label="Corrected since" />
                }
                if record.supersedes.is_some() {
                    <Badge label="A correction" />
                }
            </div>
            <div class="soft">
                <When at={dates::moment(record.issued_at.0)} />
                { " · " }{ size_words(record.size_bytes) }
                { " · " }<Identifier value={record.txid.to_string()} />
            </div>
            if scope.is_open && !is_corrected {
                <p>
                    <Link<Route> to={correct}>
                        { "Correct this record" }<span class="visually-hidden">{ name }</span>
                    </Link<Route>>
                </p>
            }
        </li>
    }
}

/// The record that corrects this one. A correction is corrected itself, not what it corrects.
fn correction_of<'r>(txid: &Txid, records: &'r [StaffRecordLine]) -> Option<&'r StaffRecordLine> {
    records
        .iter()
        .find(|record| record.supersedes.as_ref() == Some(txid))
}

#[cfg(test)]
mod tests {
    use keepwell_primitives::{Hash, Timestamp};
    use keepwell_wire::api::TransactionState;

    use super::*;

    fn record(name: u8, supersedes: Option<u8>) -> StaffRecordLine {
        let txid = |name| Txid(Hash([name; 32]));
        StaffRecordLine {
            txid: txid(name),
            title: None,
            index: u32::from(name),
            size_bytes: 1,
            issued_at: Timestamp(1),
            state: TransactionState::Final,
            supersedes: supersedes.map(txid),
            request: None,
        }
    }

    #[test]
    fn a_corrected_record_is_told_from_its_correction() {
        let records = [record(2, Some(1)), record(1, None)];
        let correction = correction_of(&records[1].txid, &records);
        assert_eq!(correction.map(|record| record.index), Some(2));
        assert!(correction_of(&records[0].txid, &records).is_none());
    }
}
