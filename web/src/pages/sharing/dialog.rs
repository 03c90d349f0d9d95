//! The question before anything is taken back: what it does, and what it cannot.

use keepwell_keys::{HospitalId, PatientId};
use keepwell_ledger::transaction::DiseaseId;
use yew::{Callback, Html, Properties, component, html, use_state_eq};

use crate::{
    components::{Checkbox, ConfirmDialog, ProgressBar},
    pages::parts::job_failure,
    state::JobHandle,
};

/// What the patient is about to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    /// Take a grant back.
    Revoke {
        /// Whether anything was opened by it.
        was_served: bool,
    },
    /// Close a set to new records.
    Close,
}

/// To what, and how it is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) patient_id: PatientId,
    pub(super) disease_id: DiseaseId,
    /// From whom it is taken back; the issuer, where a set is closed.
    pub(super) from: HospitalId,
    /// The name of that one.
    pub(super) hospital: String,
    /// The name of the hospital that writes into the set.
    pub(super) issuer: String,
    /// The name of the set.
    pub(super) scope: String,
    /// Whether the set is open to new records.
    pub(super) is_open: bool,
    pub(super) deed: Deed,
}

#[derive(Clone, PartialEq, Properties)]
pub(super) struct DialogProps {
    pub(super) asked: Asked,
    pub(super) job: JobHandle,
    /// Told whether the set is closed.
    pub(super) on_confirm: Callback<bool>,
    pub(super) on_cancel: Callback<()>,
}

#[component]
pub(super) fn Dialog(props: &DialogProps) -> Html {
    let closes_too = use_state_eq(|| false);
    let Asked {
        hospital,
        issuer,
        scope,
        is_open,
        deed,
        ..
    } = props.asked.clone();
    let on_tick = {
        let closes_too = closes_too.setter();
        Callback::from(move |is_ticked| closes_too.set(is_ticked))
    };
    let (title, confirm_label) = match deed {
        Deed::Revoke { .. } => (format!("Take back what {hospital} may open?"), "Revoke"),
        Deed::Close => (format!("Close “{scope}”?"), "Close this set"),
    };
    let closes = deed == Deed::Close || *closes_too;
    html! {
        <ConfirmDialog
            {title}
            {confirm_label}
            danger=true
            busy={props.job.is_busy()}
            on_confirm={props.on_confirm.reform(move |()| closes)}
            on_cancel={props.on_cancel.clone()}
        >
            { match deed {
                Deed::Revoke { was_served } => of_revoking(&hospital, &scope, was_served),
                Deed::Close => of_closing(&issuer),
            } }
            if deed != Deed::Close && is_open {
                <Checkbox
                    id="close-too"
                    label="Also close this set: later records go to a new one"
                    explanation={format!(
                        "{issuer} will ask you for a new visit card. Nobody else can open what it \
                         issues with it, until you say so.",
                    )}
                    checked={*closes_too}
                    onchange={on_tick}
                    disabled={props.job.is_busy()}
                />
            }
            if props.job.is_busy() {
                <ProgressBar label="Recording…" done=0 all=0 />
            }
            { job_failure(&props.job) }
        </ConfirmDialog>
    }
}

fn of_revoking(hospital: &str, scope: &str, was_served: bool) -> Html {
    let opened = if was_served {
        format!(
            "{hospital} has already opened something of it. That cannot be called back: what it \
             opened, it has."
        )
    } else {
        format!(
            "{hospital} has opened nothing of it, as far as the network has recorded. What it opens \
             before this is recorded, it has."
        )
    };
    html! {
        <>
            <p>
                { format!(
                    "{hospital} gets no more keys to “{scope}”, and no more of its files: custodians \
                     and relays that keep to the rules refuse from now on.",
                ) }
            </p>
            <p>{ opened }</p>
        </>
    }
}

fn of_closing(issuer: &str) -> Html {
    html! {
        <>
            <p>
                { format!(
                    "Later records go to a new set, which nobody else can open until you say so. \
                     {issuer} will ask you for a new visit card.",
                ) }
            </p>
            <p>
                { "The records in this set stay where they are. Hospitals that may open them now \
                   still may: revoke that apart if you want. A closed set cannot be opened to new \
                   records again." }
            </p>
        </>
    }
}
