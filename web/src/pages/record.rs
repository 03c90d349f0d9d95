//! One record: what is known of it, and the record itself once it is opened.

use std::str::FromStr as _;

use keepwell_keys::PatientId;
use keepwell_ledger::transaction::Txid;
use keepwell_seal::MediaType;
use wasm_bindgen::JsCast as _;
use yew::{Callback, Html, Properties, component, html, use_effect_with};
use yew_router::components::Link;

use super::parts::{failure_notice, state_badge};
use crate::{
    components::{
        Busy, Button, DataList, EmptyState, Notice, NoticeKind, PageHeading, ProgressBar, When,
    },
    ports::{clipboard, dates},
    record::{Content, RecordView},
    route::Route,
    state::{JobState, use_desk, use_job},
    talk::{OpenedFile, Outcome, PatientVerb, RecordLine, SummaryLine, Verb},
};

/// What every file system takes, an extension with it.
const FILE_NAME_CHARS_MAX: usize = 100;

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct RecordProps {
    pub(crate) patient_id: String,
    pub(crate) txid: String,
}

#[component]
pub(crate) fn Record(props: &RecordProps) -> Html {
    let desk = use_desk();
    let job = use_job();
    let named = PatientId::from_str(&props.patient_id)
        .ok()
        .zip(Txid::from_str(&props.txid).ok());
    let persona = desk
        .state
        .history
        .as_ref()
        .zip(named)
        .and_then(|(history, (patient_id, _))| {
            history
                .personas
                .iter()
                .find(|persona| persona.patient_id == patient_id)
        });
    let record = persona
        .zip(named)
        .and_then(|(persona, (_, txid))| persona.records.iter().find(|record| record.txid == txid));
    let open = {
        let run = job.run.clone();
        Callback::from(move |()| {
            if let Some((patient_id, txid)) = named {
                let verb = PatientVerb::OpenRecord { patient_id, txid };
                run.emit(Verb::Patient(verb));
            }
        })
    };
    {
        let open = open.clone();
        use_effect_with((named, record.is_some()), move |(_, is_there)| {
            if *is_there {
                open.emit(());
            }
        });
    }
    let Some((persona, record)) = persona.zip(record) else {
        return html! {
            if desk.state.history.is_none() {
                <Busy label="Reading and checking your records" />
            } else {
                <EmptyState title="There is no such record">
                    <p><Link<Route> to={Route::Records}>{ "Go to the records" }</Link<Route>></p>
                </EmptyState>
            }
        };
    };
    let title = record.summary.as_ref().map_or_else(
        || String::from("A record whose description does not open"),
        |summary| summary.title.clone(),
    );
    let hospital = desk
        .state
        .known()
        .map(|known| known.name_of(&persona.hospital_id));
    html! {
        <>
            <p><Link<Route> to={Route::Records}>{ "All records" }</Link<Route>></p>
            <PageHeading {title} />
            { facts(record, hospital.unwrap_or_default(), persona.patient_id) }
            { match &job.state {
                None => Html::default(),
                Some(JobState::Busy(progress)) => {
                    let (_, done, all) = (*progress).unwrap_or((crate::talk::Stage::Opening, 0, 0));
                    html! { <ProgressBar label="Downloading, checking and opening" {done} {all} /> }
                }
                Some(JobState::Failed(failure)) => failure_notice(failure, Some(open)),
                Some(JobState::Done(Outcome::Opened(file))) => html! {
                    <Opened file={file.clone()} />
                },
                Some(JobState::Done(_)) => Html::default(),
            } }
        </>
    }
}

fn facts(record: &RecordLine, hospital: String, patient_id: PatientId) -> Html {
    let mut entries = vec![
        ("Issued by".into(), html! { { hospital } }),
        (
            "Issued at".into(),
            html! { <When at={dates::moment(record.issued_at.0)} /> },
        ),
        ("State".into(), state_badge(record.state)),
    ];
    if let Some(summary) = &record.summary {
        let code = format!("{} ({})", summary.code, summary.code_system);
        entries.push(("Code".into(), html! { { code } }));
    }
    let link = |txid: Txid| {
        let to = Route::Record {
            patient_id: patient_id.to_string(),
            txid: txid.to_string(),
        };
        html! { <Link<Route> {to}>{ "Open it" }</Link<Route>> }
    };
    if let Some(txid) = record.superseded_by {
        entries.push(("Corrected by a later record".into(), link(txid)));
    }
    if let Some(txid) = record.supersedes {
        entries.push(("Corrects an earlier record".into(), link(txid)));
    }
    html! { <DataList {entries} /> }
}

#[derive(Clone, PartialEq, Properties)]
pub(super) struct OpenedProps {
    pub(super) file: OpenedFile,
}

/// What a record is called on a disk: its title without what file systems refuse.
fn file_name(title: &str, media_type: MediaType) -> String {
    let kept = |c: char| {
        if c.is_alphanumeric() || "-_. ".contains(c) {
            c
        } else {
            '-'
        }
    };
    let name: String = title.chars().map(kept).take(FILE_NAME_CHARS_MAX).collect();
    let extension = match media_type {
        MediaType::FhirJson => "json",
        MediaType::Pdf => "pdf",
        MediaType::Png => "png",
        MediaType::Jpeg => "jpg",
        MediaType::Dicom => "dcm",
    };
    format!("{}.{extension}", name.trim_matches(['.', ' ']))
}

/// A record that was opened, and the way to save it.
#[component]
pub(super) fn Opened(props: &OpenedProps) -> Html {
    let OpenedFile { blob, summary } = &props.file;
    let Some(blob) = blob.dyn_ref::<web_sys::Blob>().cloned() else {
        return Html::default();
    };
    let Some(SummaryLine {
        title, media_type, ..
    }) = summary
    else {
        let save = {
            let blob = blob.clone();
            Callback::from(move |_| clipboard::save(&blob, "record"))
        };
        return html! {
            <Notice
                kind={NoticeKind::Info}
                title="What kind of file this is was not said."
                action={html! { <Button label="Save" onclick={save} /> }}
            />
        };
    };
    let name = file_name(title, *media_type);
    let save = {
        let (blob, name) = (blob.clone(), name.clone());
        Callback::from(move |()| clipboard::save(&blob, &name))
    };
    let content = Content {
        media_type: *media_type,
        title: title.clone().into(),
        file_name: name.into(),
        blob,
    };
    html! { <RecordView {content} on_save={save} /> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_called_by_their_title() {
        let name = file_name("Chest CT, 2026/11", MediaType::Dicom);
        assert_eq!(name, "Chest CT- 2026-11.dcm");
        assert_eq!(file_name("../etc", MediaType::Pdf), "-etc.pdf");
    }
}
