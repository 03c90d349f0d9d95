//! What the pages of staff show in the same way.

use keepwell_keys::PatientId;
use yew::{AttrValue, Callback, Html, Properties, component, html};

use crate::{
    components::{Busy, Button, PageHeading, ProgressBar, When},
    pages::parts::{failure_notice, job_failure, size_words},
    ports::dates,
    state::{JobHandle, JobState, purpose_words, use_desk, use_job},
    talk::{StaffView, Stage, Verb},
};

/// How much of an id is shown in front, and at its end.
const ID_ENDS: (usize, usize) = (12, 6);

#[derive(Clone, PartialEq, Properties)]
pub(super) struct StaffPageProps {
    /// The page's name.
    pub(super) title: &'static str,
    /// What one does here.
    pub(super) lead: &'static str,
    /// What is shown of what was read.
    pub(super) shown: Callback<StaffView, Html>,
}

/// A page of what was read for staff: how fresh it is, and the way to read it anew.
#[component]
pub(super) fn StaffPage(props: &StaffPageProps) -> Html {
    let desk = use_desk();
    let refreshing = use_job();
    let refresh = {
        let run = refreshing.run.clone();
        Callback::from(move |()| run.emit(Verb::Refresh))
    };
    html! {
        <>
            <PageHeading title={props.title} lead={props.lead} />
            { match &desk.state.staff {
                None => html! { <Busy label="Reading and checking what concerns your hospital" /> },
                Some(view) => html! {
                    <>
                        { trouble(view, &refresh) }
                        { props.shown.emit(view.clone()) }
                    </>
                },
            } }
            { job_failure(&refreshing) }
            <div class="button-row">
                <Button
                    label="Look for news"
                    busy={refreshing.is_busy()}
                    onclick={refresh.reform(|_| ())}
                />
            </div>
        </>
    }
}

/// What is wrong with the relay's answers, if anything is.
fn trouble(view: &StaffView, refresh: &Callback<()>) -> Html {
    let Some(failure) = &view.standing.trouble else {
        return Html::default();
    };
    html! {
        <>
            { failure_notice(failure, Some(refresh.clone())) }
            if let Some(time) = view.standing.verified_at {
                <p class="soft">
                    { "What is shown below was checked " }<When at={dates::moment(time.0)} />
                    { ", and has not changed." }
                </p>
            }
        </>
    }
}

/// How far a command is; nothing unless it is at work.
pub(super) fn progress(job: &JobHandle) -> Html {
    let Some(JobState::Busy(Some((stage, done, all)))) = job.state else {
        return Html::default();
    };
    let (label, text) = progress_words(stage, done, all);
    let text = text.map(AttrValue::from);
    html! { <ProgressBar {label} {done} {all} {text} /> }
}

/// What is being done, and how much of it where a number says more than a percentage.
fn progress_words(stage: Stage, done: u64, all: u64) -> (&'static str, Option<String>) {
    let of_all = |words: String| (all > 0).then_some(words);
    match stage {
        Stage::Sealing => (
            "Sealing",
            of_all(format!("{} of {}", size_words(done), size_words(all))),
        ),
        Stage::Uploading => ("Uploading", of_all(format!("part {done} of {all}"))),
        Stage::Recording => ("Waiting until the network has recorded it", None),
        Stage::Waiting => ("Waiting for the custodians", None),
        Stage::Opening => ("Downloading, checking and opening", None),
    }
}

/// A patient as a heading names them: the ends of their id.
pub(super) fn patient_name(patient_id: &PatientId) -> String {
    let id = patient_id.to_string();
    let (start, end) = ID_ENDS;
    match (id.get(..start), id.len().checked_sub(end)) {
        (Some(front), Some(at)) => format!("Patient {front}…{}", id.get(at..).unwrap_or_default()),
        _ => format!("Patient {id}"),
    }
}

/// Why a patient has granted something. What patients read of themselves is said of them.
pub(super) fn purpose_for_staff(code: &str) -> &str {
    match code {
        "CAREMGT" => "Coordinating the patient's care",
        "PATRQT" => "The patient asked for it",
        "FAMRQT" => "The patient's family asked for it",
        "COVERAGE" => "Finding out what the insurance covers",
        other => purpose_words(other),
    }
}

/// What a record is called where its title is sealed.
pub(super) fn numbered(index: u32) -> String {
    format!("Record {}", u64::from(index) + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_is_told_in_what_a_person_can_count() {
        let (label, text) = progress_words(Stage::Sealing, 1_500_000, 3_000_000);
        assert_eq!(
            (label, text.as_deref()),
            ("Sealing", Some("1.5 MB of 3.0 MB"))
        );
        let (_, text) = progress_words(Stage::Uploading, 1, 3);
        assert_eq!(text.as_deref(), Some("part 1 of 3"));
        assert_eq!(progress_words(Stage::Recording, 0, 0).1, None);
    }

    #[test]
    fn no_purpose_speaks_to_staff_as_the_patient() {
        for (code, _) in crate::state::PURPOSES {
            let words = purpose_for_staff(code);
            let is_own = |word: &str| ["I", "My", "my"].contains(&word);
            assert!(!words.split(' ').any(is_own), "{words}");
        }
        assert_eq!(purpose_for_staff("TREAT"), "Treatment");
        assert_eq!(purpose_for_staff("HSYSADMIN"), "HSYSADMIN");
    }

    #[test]
    fn a_patient_is_named_by_the_ends_of_their_id() {
        let id = PatientId::from_bytes([7; 32]);
        let name = patient_name(&id);
        let text = id.to_string();
        assert!(name.starts_with("Patient kwp1"), "{name}");
        assert!(text.ends_with(name.rsplit('…').next().unwrap()), "{name}");
        assert!(name.chars().count() < 30, "{name}");
    }
}
