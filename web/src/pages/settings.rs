//! What a person can set, see again and take away on this device.

use yew::{Callback, Html, component, html, use_state_eq};
use yew_router::components::Link;

use super::parts::{job_failure, on_submit, use_text};
use crate::{
    components::{
        Button, ButtonKind, ConfirmDialog, DataList, Identifier, PageHeading, PassphraseField,
        PhraseGrid, Section, Select,
    },
    ports::preferences,
    route::Route,
    state::{use_desk, use_job},
    talk::{Outcome, PatientVerb, Verb, Who, short_code},
};

/// After how many minutes the page can lock.
const AUTO_LOCK_MINUTES: [u32; 5] = [1, 5, 10, 30, 60];

#[component]
pub(crate) fn Settings() -> Html {
    let desk = use_desk();
    let is_patient = desk.state.who() == Who::Patient;
    html! {
        <>
            <PageHeading title="Settings" />
            <Section heading="Locking"><AutoLock /></Section>
            if is_patient {
                <Section heading="Recovery phrase"><ShowPhrase /></Section>
            }
            <Section heading="The network"><Network /></Section>
            <Section heading="Sign out"><SignOut {is_patient} /></Section>
        </>
    }
}

#[component]
fn AutoLock() -> Html {
    let minutes = use_state_eq(preferences::auto_lock_minutes);
    let options = AUTO_LOCK_MINUTES.map(|minutes| {
        let words = match minutes {
            1 => String::from("1 minute"),
            60 => String::from("1 hour"),
            more => format!("{more} minutes"),
        };
        (minutes.to_string().into(), words.into())
    });
    let onchange = {
        let setter = minutes.setter();
        Callback::from(move |value: String| {
            if let Ok(minutes) = value.parse() {
                preferences::set_auto_lock_minutes(minutes);
                setter.set(minutes);
            }
        })
    };
    html! {
        <Select
            id="auto-lock"
            label="Lock when nobody has touched the page for"
            options={options.to_vec()}
            value={minutes.to_string()}
            {onchange}
        />
    }
}

#[component]
fn ShowPhrase() -> Html {
    let job = use_job();
    let (passphrase, on_passphrase) = use_text();
    if let Some(Outcome::Phrase(words)) = job.outcome() {
        return html! {
            <>
                <PhraseGrid words={words.iter().map(|word| word.clone().into()).collect::<Vec<_>>()} />
                <Button label="Hide the words" onclick={job.clear.reform(|_| ())} />
            </>
        };
    }
    let show = {
        let (run, passphrase) = (job.run.clone(), passphrase.clone());
        on_submit(move || {
            let passphrase = passphrase.clone();
            run.emit(Verb::Patient(PatientVerb::ShowPhrase { passphrase }));
        })
    };
    html! {
        <form class="stack" onsubmit={show}>
            <PassphraseField
                id="show-phrase"
                label="Your passphrase"
                hint="To see your 24 words again. Make sure that nobody looks over your shoulder."
                value={passphrase.clone()}
                oninput={on_passphrase}
            />
            { job_failure(&job) }
            <div class="button-row">
                <Button
                    label="Show my words"
                    submit=true
                    busy={job.is_busy()}
                    disabled={passphrase.is_empty()}
                />
            </div>
        </form>
    }
}

#[component]
fn Network() -> Html {
    let desk = use_desk();
    let Some(known) = desk.state.known() else {
        return Html::default();
    };
    let hospitals = known.hospitals.iter().map(|hospital| {
        let relay = hospital
            .relay
            .clone()
            .unwrap_or_else(|| String::from("no address"));
        let retired = if hospital.is_active {
            ""
        } else {
            " (has left the network)"
        };
        (
            format!("{}{retired}", hospital.name).into(),
            html! { { relay } },
        )
    });
    let mut entries = vec![
        (
            "Code".into(),
            html! { <code>{ short_code(&known.genesis) }</code> },
        ),
        (
            "Whole name".into(),
            html! { <Identifier value={known.genesis.to_string()} /> },
        ),
    ];
    entries.extend(hospitals);
    html! {
        <>
            <DataList {entries} />
            <p><Link<Route> to={Route::Explorer}>{ "Network explorer" }</Link<Route>></p>
        </>
    }
}

#[derive(Clone, PartialEq, yew::Properties)]
struct SignOutProps {
    is_patient: bool,
}

#[component]
fn SignOut(props: &SignOutProps) -> Html {
    let job = use_job();
    let asks = use_state_eq(|| false);
    let (open, close) = {
        let (one, other) = (asks.setter(), asks.setter());
        (move |_| one.set(true), move |()| other.set(false))
    };
    let sign_out = {
        let run = job.run.clone();
        move |()| run.emit(Verb::SignOut)
    };
    let what_follows = if props.is_patient {
        "Your keys and what was checked for you are deleted from this device. Your records stay where \
         they are; your 24 words bring them back here or anywhere. Make sure that you have them."
    } else {
        "The identity file is deleted from this browser. You need the file again to sign in."
    };
    html! {
        <>
            <p>{ "Locking keeps your keys on this device. Signing out removes them." }</p>
            { job_failure(&job) }
            <Button kind={ButtonKind::Danger} label="Sign out" onclick={open} />
            if *asks {
                <ConfirmDialog
                    title="Remove the keys from this device?"
                    confirm_label="Sign out"
                    danger=true
                    busy={job.is_busy()}
                    on_confirm={sign_out}
                    on_cancel={close}
                >
                    <p>{ what_follows }</p>
                </ConfirmDialog>
            }
        </>
    }
}
