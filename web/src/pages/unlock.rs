//! What stands in place of a page while the keys are locked.

use yew::{Html, component, html};
use yew_router::components::Link;

use super::{
    Start,
    parts::{job_failure, on_submit, use_text},
};
use crate::{
    components::{Button, ButtonKind, CardPanel, PageHeading, PassphraseField},
    route::Route,
    state::{use_desk, use_job},
    talk::Verb,
};

#[component]
pub(crate) fn Unlock() -> Html {
    let desk = use_desk();
    let kept = desk.state.kept;
    if !kept.patient && !kept.staff {
        return html! { <Start /> };
    }
    html! {
        <>
            <PageHeading title="Locked" lead="Your keys are on this device, under your passphrase." />
            if kept.patient {
                <UnlockForm
                    id="patient-passphrase"
                    title="My records"
                    label="Passphrase of my records"
                    button="Unlock my records"
                    verb={yew::Callback::from(|passphrase| Verb::UnlockPatient { passphrase })}
                />
            }
            if kept.staff {
                <UnlockForm
                    id="staff-passphrase"
                    title="Hospital staff"
                    label="Passphrase of the identity file"
                    button="Unlock for hospital staff"
                    verb={yew::Callback::from(|passphrase| Verb::UnlockStaff { passphrase })}
                />
            }
            <p class="soft">
                if !kept.patient {
                    <Link<Route> to={Route::NewPatient}>{ "I am new here" }</Link<Route>>
                    { " · " }
                    <Link<Route> to={Route::Restore}>{ "I already have a phrase" }</Link<Route>>
                }
                if !kept.staff {
                    <Link<Route> to={Route::StaffSignIn}>{ "I work at a hospital" }</Link<Route>>
                }
            </p>
            <ForgetDevice />
        </>
    }
}

#[derive(Clone, PartialEq, yew::Properties)]
struct UnlockFormProps {
    id: &'static str,
    title: &'static str,
    label: &'static str,
    button: &'static str,
    verb: yew::Callback<String, Verb>,
}

#[component]
fn UnlockForm(props: &UnlockFormProps) -> Html {
    let job = use_job();
    let (passphrase, on_passphrase) = use_text();
    let unlock = {
        let (run, verb, passphrase) = (job.run.clone(), props.verb.clone(), passphrase.clone());
        on_submit(move || run.emit(verb.emit(passphrase.clone())))
    };
    html! {
        <CardPanel title={props.title}>
            <form class="stack" onsubmit={unlock}>
                <PassphraseField
                    id={props.id}
                    label={props.label}
                    value={passphrase.clone()}
                    oninput={on_passphrase}
                />
                { job_failure(&job) }
                <div class="button-row">
                    <Button
                        kind={ButtonKind::Primary}
                        label={props.button}
                        submit=true
                        busy={job.is_busy()}
                        disabled={passphrase.is_empty()}
                    />
                </div>
            </form>
        </CardPanel>
    }
}

/// The way out for whoever has forgotten the passphrase.
#[component]
fn ForgetDevice() -> Html {
    let job = use_job();
    let asks = yew::use_state_eq(|| false);
    let (open, close) = {
        let (one, other) = (asks.setter(), asks.setter());
        (move |_| one.set(true), move |()| other.set(false))
    };
    let forget = {
        let run = job.run.clone();
        move |()| run.emit(Verb::SignOut)
    };
    html! {
        <>
            { job_failure(&job) }
            <Button kind={ButtonKind::Quiet} label="I have forgotten the passphrase" onclick={open} />
            if *asks {
                <crate::components::ConfirmDialog
                    title="Remove the keys from this device?"
                    confirm_label="Remove the keys"
                    danger=true
                    busy={job.is_busy()}
                    on_confirm={forget}
                    on_cancel={close}
                >
                    <p>
                        { "A passphrase cannot be reset. Removed here, your records stay where they \
                           are, and your 24 words bring them back with a new passphrase. Without the \
                           words nobody can open them again." }
                    </p>
                </crate::components::ConfirmDialog>
            }
        </>
    }
}
