//! Issuing a record: a file, for whom, what it is called and how it is coded.

use std::str::FromStr as _;

use keepwell_keys::PatientId;
use keepwell_ledger::transaction::{DiseaseId, Txid};
use keepwell_seal::MediaType;
use wasm_bindgen::JsCast as _;
use web_sys::File;
use yew::{AttrValue, Callback, Html, Properties, component, html, use_state_eq};
use yew_router::components::Link;

use super::parts::{patient_name, progress};
use crate::{
    components::{
        Button, ButtonKind, ChosenFile, DataList, EmptyState, Field, FieldKind, FileField,
        Identifier, Notice, NoticeKind, PageHeading, Select,
    },
    pages::parts::{job_failure, on_submit, size_words},
    ports::{blob_bytes, document::use_focus_on_mistake, leaving::use_leave_warning},
    route::Route,
    state::{CODE_SYSTEMS, Complaints, Draft, JobHandle, JobState, OTHER_SYSTEM, use_job},
    talk::{IssueTo, NewRecordForm, Outcome, StaffVerb, Verb},
};

/// What browsers offer to choose from. DICOM files often have no extension, so that any may come.
const ACCEPTED: &str = ".json,.pdf,.png,.jpg,.jpeg,.dcm,.dicom,application/fhir+json,application/pdf,\
                        image/png,image/jpeg,application/dicom";

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct IssueProps {
    /// The patient and the scope that it goes to; those of a visit card without.
    #[prop_or_default]
    pub(crate) scope: Option<(String, String)>,
    /// The record that it corrects.
    #[prop_or_default]
    pub(crate) corrects: Option<String>,
}

#[component]
pub(crate) fn Issue(props: &IssueProps) -> Html {
    let Some((scope, corrects)) = named(props) else {
        return html! {
            <EmptyState title="There is no such record or scope">
                <p><Link<Route> to={Route::Issued}>{ "Go to what was issued" }</Link<Route>></p>
            </EmptyState>
        };
    };
    let (title, lead) = if corrects.is_some() {
        (
            "Correct a record",
            "The new record takes the place of the old one, which stays readable to the patient.",
        )
    } else {
        (
            "Issue a record",
            "The file is sealed in this browser, for the patient. The relays that keep it cannot \
             read it.",
        )
    };
    // What was written belongs to where it goes.
    let key = format!("{:?} {:?}", props.scope, props.corrects);
    html! {
        <>
            <PageHeading {title} {lead} />
            <IssueForm {key} {scope} {corrects} />
        </>
    }
}

/// A patient's scope.
type Scope = (PatientId, DiseaseId);

/// The scope that the address names, and the record to correct, if it names them rightly.
fn named(props: &IssueProps) -> Option<(Option<Scope>, Option<Txid>)> {
    let scope = match &props.scope {
        Some((patient_id, disease_id)) => {
            let patient_id = PatientId::from_str(patient_id).ok()?;
            Some((patient_id, DiseaseId::from_str(disease_id).ok()?))
        }
        None => None,
    };
    let corrects = match &props.corrects {
        Some(txid) => Some(Txid::from_str(txid).ok()?),
        None => None,
    };
    Some((scope, corrects))
}

#[derive(Clone, PartialEq, Properties)]
struct IssueFormProps {
    scope: Option<Scope>,
    corrects: Option<Txid>,
}

#[component]
fn IssueForm(props: &IssueFormProps) -> Html {
    let (looking, issuing) = (use_job(), use_job());
    let draft = use_state_eq(Draft::default);
    let file = use_state_eq(|| None::<File>);
    let tries = use_state_eq(|| 0_u32);
    use_leave_warning(issuing.is_busy());
    use_focus_on_mistake(*tries);

    if let Some(Outcome::Issued { txid }) = issuing.outcome() {
        let again = {
            let (draft, file, tries) = (draft.clone(), file.clone(), tries.clone());
            let (looking, issuing) = (looking.clear.clone(), issuing.clear.clone());
            Callback::from(move |()| {
                draft.set(draft.next());
                file.set(None);
                tries.set(0);
                looking.emit(());
                issuing.emit(());
            })
        };
        let again = props.corrects.is_none().then_some(again);
        return html! { <Done txid={*txid} title={draft.title.clone()} {again} /> };
    }

    let on_file = {
        let (file, draft, run) = (file.setter(), draft.clone(), looking.run.clone());
        let clear = issuing.clear.clone();
        Callback::from(move |given: File| {
            clear.emit(());
            draft.set((*draft).clone().with_file(&given.name()));
            let file_to_look_at = given.clone().into();
            file.set(Some(given));
            run.emit(Verb::Staff(StaffVerb::Recognise {
                file: file_to_look_at,
            }));
        })
    };
    let complaints = draft.complaints(file.is_some(), props.scope.is_none());
    let submit = {
        let (draft, file, tries) = (draft.clone(), file.clone(), tries.clone());
        let (run, is_busy) = (issuing.run.clone(), issuing.is_busy());
        let is_ready = complaints.is_empty() && looking.failure().is_none();
        let (scope, supersedes) = (props.scope, props.corrects);
        on_submit(move || {
            tries.set(tries.wrapping_add(1));
            if let Some(file) = file.as_ref().filter(|_| is_ready && !is_busy) {
                let form = form(&draft, file, scope, supersedes);
                run.emit(Verb::Staff(StaffVerb::Issue(form)));
            }
        })
    };
    let shown = if *tries > 0 {
        complaints
    } else {
        Complaints::default()
    };
    html! {
        <form class="stack" onsubmit={submit} novalidate=true>
            <FileField
                id="record-file"
                label="File"
                hint="FHIR in JSON, PDF, PNG, JPEG or DICOM, up to 8 GiB."
                accept={ACCEPTED}
                chosen={file.as_ref().map(|file| chosen_file(file, &looking))}
                error={file_error(&looking).or(shown.file.clone()).map(AttrValue::from)}
                onfile={on_file}
                disabled={issuing.is_busy()}
            />
            <ForWhom
                scope={props.scope}
                corrects={props.corrects}
                card={draft.card.clone()}
                on_card={edit(&draft, |draft, card| draft.card = card)}
                error={shown.card.clone()}
                disabled={issuing.is_busy()}
            />
            { words(&draft, &shown, issuing.is_busy()) }
            { job_failure(&issuing) }
            { progress(&issuing) }
            <div class="button-row">
                <Button
                    kind={ButtonKind::Primary}
                    label={if props.corrects.is_some() { "Issue the correction" } else { "Issue" }}
                    submit=true
                    busy={issuing.is_busy()}
                />
            </div>
        </form>
    }
}

fn form(
    draft: &Draft,
    file: &File,
    scope: Option<Scope>,
    supersedes: Option<Txid>,
) -> NewRecordForm {
    NewRecordForm {
        file: file.clone().into(),
        to: match scope {
            Some((patient_id, disease_id)) => IssueTo::Scope {
                patient_id,
                disease_id,
            },
            None => IssueTo::Card(draft.card.clone()),
        },
        title: String::from(draft.title.trim()),
        code_system: String::from(draft.system_uri()),
        code: String::from(draft.code.trim()),
        supersedes,
    }
}

/// A change of one part of the draft.
fn edit(
    draft: &yew::UseStateHandle<Draft>,
    change: impl Fn(&mut Draft, String) + 'static,
) -> Callback<String> {
    let draft = draft.clone();
    Callback::from(move |typed| {
        let mut changed = (*draft).clone();
        change(&mut changed, typed);
        draft.set(changed);
    })
}

/// What it is called and how it is coded.
fn words(draft: &yew::UseStateHandle<Draft>, shown: &Complaints, disabled: bool) -> Html {
    let systems = CODE_SYSTEMS.iter().map(|(uri, name)| {
        let text = format!("{name} ({uri})");
        (AttrValue::from(*uri), AttrValue::from(text))
    });
    let other = (
        AttrValue::from(OTHER_SYSTEM),
        AttrValue::from("Another one"),
    );
    let systems: Vec<_> = systems.chain([other]).collect();
    let error = |words: &Option<String>| words.clone().map(AttrValue::from);
    let is_other = draft.system == OTHER_SYSTEM;
    html! {
        <>
            <Field
                id="record-title"
                label="Title"
                hint="What the patient's list of records calls it. It is sealed like the file."
                value={draft.title.clone()}
                oninput={edit(draft, |draft, title| draft.title = title)}
                error={error(&shown.title)}
                required=true
                {disabled}
            />
            <Select
                id="record-code-system"
                label="Code system"
                options={systems}
                value={draft.system.clone()}
                onchange={edit(draft, |draft, system| draft.system = system)}
                error={if is_other { None } else { error(&shown.system) }}
                {disabled}
            />
            if is_other {
                <Field
                    id="record-other-system"
                    label="URI of the code system"
                    value={draft.other_system.clone()}
                    oninput={edit(draft, |draft, uri| draft.other_system = uri)}
                    error={error(&shown.system)}
                    monospaced=true
                    required=true
                    {disabled}
                />
            }
            <Field
                id="record-code"
                label="Code"
                hint="The illness, finding or reason, such as 38341003."
                value={draft.code.clone()}
                oninput={edit(draft, |draft, code| draft.code = code)}
                error={error(&shown.code)}
                monospaced=true
                required=true
                {disabled}
            />
        </>
    }
}

/// The file's name, and beside its size what it was recognised as.
fn chosen_file(file: &File, looking: &JobHandle) -> ChosenFile {
    let size = size_words(blob_bytes::size_bytes(file.unchecked_ref()));
    let said = match &looking.state {
        Some(JobState::Done(Outcome::Recognised {
            media_type,
            fhir_type,
        })) => format!(
            "{size}. Recognised as {}.",
            kind_words(*media_type, fhir_type)
        ),
        Some(JobState::Busy(_)) => format!("{size}. Looking at it …"),
        _ => size,
    };
    ChosenFile {
        name: file.name().into(),
        size: said.into(),
    }
}

fn kind_words(media_type: MediaType, fhir_type: &str) -> String {
    match media_type {
        MediaType::FhirJson => format!("FHIR ({fhir_type})"),
        MediaType::Pdf => String::from("PDF"),
        MediaType::Png => String::from("a PNG picture"),
        MediaType::Jpeg => String::from("a JPEG picture"),
        MediaType::Dicom => String::from("DICOM"),
    }
}

/// Why the file cannot become a record, if so.
fn file_error(looking: &JobHandle) -> Option<String> {
    let failure = looking.failure()?;
    Some(format!("{} {}", failure.message, failure.hint))
}

#[derive(Clone, PartialEq, Properties)]
struct ForWhomProps {
    scope: Option<Scope>,
    corrects: Option<Txid>,
    card: String,
    on_card: Callback<String>,
    error: Option<String>,
    disabled: bool,
}

/// The patient: by a visit card, or by a scope that is open.
#[component]
fn ForWhom(props: &ForWhomProps) -> Html {
    let Some((patient_id, disease_id)) = props.scope else {
        return html! {
            <Field
                id="record-card"
                label="The patient's visit card"
                hint="Its text, as the patient copied or sent it. It starts with kwv1."
                kind={FieldKind::Multiline}
                monospaced=true
                value={props.card.clone()}
                oninput={props.on_card.clone()}
                error={props.error.clone().map(AttrValue::from)}
                required=true
                disabled={props.disabled}
            />
        };
    };
    let mut entries = vec![
        (
            "For".into(),
            html! { <Identifier value={patient_id.to_string()} /> },
        ),
        (
            "Scope".into(),
            html! { <Identifier value={disease_id.to_string()} /> },
        ),
    ];
    if let Some(txid) = props.corrects {
        let corrected = html! { <Identifier value={txid.to_string()} /> };
        entries.push(("Corrects the record".into(), corrected));
    }
    html! {
        <div class="panel" role="group" aria-label={patient_name(&patient_id)}>
            <DataList {entries} />
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct DoneProps {
    txid: Txid,
    title: String,
    again: Option<Callback<()>>,
}

#[component]
fn Done(props: &DoneProps) -> Html {
    let action = html! {
        <>
            if let Some(again) = &props.again {
                <Button
                    kind={ButtonKind::Primary}
                    label="Issue another"
                    onclick={again.reform(|_| ())}
                />
            }
            <Link<Route> classes="button" to={Route::Issued}>{ "See what was issued" }</Link<Route>>
        </>
    };
    html! {
        <Notice kind={NoticeKind::Good} title="The record is issued." {action}>
            <p>{ &props.title }</p>
            <p>{ "Record " }<Identifier value={props.txid.to_string()} /></p>
        </Notice>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_said_to_be_what_a_person_calls_it() {
        assert_eq!(kind_words(MediaType::FhirJson, "Bundle"), "FHIR (Bundle)");
        assert_eq!(kind_words(MediaType::Dicom, "ImagingStudy"), "DICOM");
    }
}
