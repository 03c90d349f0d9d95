//! A new patient: words are made, shown, confirmed, and kept under a passphrase.

use yew::{Callback, Html, Properties, component, html, use_state_eq};
use yew_router::components::Redirect;

use super::parts::{NewPassphrase, job_failure, on_submit, use_text, word_field};
use crate::{
    components::{Button, ButtonKind, Notice, NoticeKind, PageHeading, PhraseGrid},
    ports::chance,
    route::Route,
    state::{use_desk, use_job},
    talk::{Outcome, Verb, Who},
};

/// How many words are asked for again: enough to find out who wrote nothing down.
const CONFIRMED_WORDS: usize = 3;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Words,
    Confirm,
    Passphrase,
}

#[component]
pub(crate) fn NewPatient() -> Html {
    let desk = use_desk();
    let draft = use_job();
    let step = use_state_eq(|| Step::Words);
    if desk.state.who() == Who::Patient {
        return html! { <Redirect<Route> to={Route::Card} /> };
    }
    if desk.state.kept.patient {
        return html! { <Redirect<Route> to={Route::Start} /> };
    }
    let Some(Outcome::Phrase(words)) = draft.outcome() else {
        let make = {
            let run = draft.run.clone();
            move |_| run.emit(Verb::DraftPhrase)
        };
        return html! {
            <>
                <PageHeading
                    title="Your recovery phrase"
                    lead="Keepwell makes 24 words for you, on this device. They are the key to all your \
                          records, on any device, for ever. Have paper and pen ready, and nobody \
                          looking over your shoulder."
                />
                { job_failure(&draft) }
                <div class="button-row">
                    <Button
                        kind={ButtonKind::Primary}
                        label="Make my recovery phrase"
                        busy={draft.is_busy()}
                        onclick={make}
                    />
                </div>
            </>
        };
    };
    let go = |to: Step| {
        let step = step.setter();
        Callback::from(move |()| step.set(to))
    };
    match *step {
        Step::Words => html! { <Words words={words.clone()} on_done={go(Step::Confirm)} /> },
        Step::Confirm => html! {
            <Confirm
                words={words.clone()}
                on_done={go(Step::Passphrase)}
                on_back={go(Step::Words)}
            />
        },
        Step::Passphrase => html! { <ChoosePassphrase /> },
    }
}

#[derive(Clone, PartialEq, Properties)]
struct WordsProps {
    words: Vec<String>,
    on_done: Callback<()>,
}

#[component]
fn Words(props: &WordsProps) -> Html {
    let done = props.on_done.reform(|_| ());
    html! {
        <>
            <PageHeading
                title="Write these words down"
                lead="On paper, in this order. They are shown once; later only with your passphrase."
            />
            <PhraseGrid words={props.words.iter().map(|word| word.clone().into()).collect::<Vec<_>>()} />
            <Notice kind={NoticeKind::Warn} title="Whoever has these words can read your records.">
                <p>
                    { "Nobody of Keepwell or of a hospital will ever ask for them. Without them, and \
                       without this device, nobody can bring your records back." }
                </p>
            </Notice>
            <div class="button-row">
                <Button
                    kind={ButtonKind::Primary}
                    label="I have written them down"
                    onclick={done}
                />
            </div>
        </>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct ConfirmProps {
    words: Vec<String>,
    on_done: Callback<()>,
    on_back: Callback<()>,
}

#[component]
fn Confirm(props: &ConfirmProps) -> Html {
    let count = props.words.len();
    let asked = use_state_eq(|| chance::some_below(count, CONFIRMED_WORDS));
    let typed = use_state_eq(|| vec![String::new(); CONFIRMED_WORDS]);
    let is_checked = use_state_eq(|| false);
    let is_right = |place: usize| {
        let word = asked
            .get(place)
            .and_then(|position| props.words.get(*position));
        let typed = typed.get(place).map(|word| word.trim().to_lowercase());
        typed.as_ref() == word
    };
    let are_all_right = (0..asked.len()).all(is_right);
    let field = |(place, position): (usize, &usize)| {
        let oninput = {
            let (setter, typed, unchecked) = (typed.setter(), typed.clone(), is_checked.setter());
            Callback::from(move |word: String| {
                let mut words = (*typed).clone();
                if let Some(slot) = words.get_mut(place) {
                    *slot = word;
                }
                setter.set(words);
                unchecked.set(false);
            })
        };
        let word = typed.get(place).cloned().unwrap_or_default();
        word_field(*position, &word, oninput, *is_checked && !is_right(place))
    };
    let check = {
        let (setter, on_done) = (is_checked.setter(), props.on_done.clone());
        on_submit(move || {
            setter.set(true);
            if are_all_right {
                on_done.emit(());
            }
        })
    };
    html! {
        <>
            <PageHeading
                title="Check what you wrote"
                lead="Type these words from your paper."
            />
            <form class="stack" onsubmit={check}>
                { for asked.iter().enumerate().map(field) }
                <div class="button-row">
                    <Button kind={ButtonKind::Primary} label="Check" submit=true />
                    <Button
                        kind={ButtonKind::Quiet}
                        label="Show the words again"
                        onclick={props.on_back.reform(|_| ())}
                    />
                </div>
            </form>
        </>
    }
}

/// The last step, of new patients and of restored ones.
#[component]
pub(super) fn ChoosePassphrase() -> Html {
    let job = use_job();
    let (first, on_first) = use_text();
    let (second, on_second) = use_text();
    let keep = {
        let (run, passphrase) = (job.run.clone(), first.clone());
        on_submit(move || {
            let passphrase = passphrase.clone();
            run.emit(Verb::KeepPhrase { passphrase });
        })
    };
    let is_ready = !first.is_empty() && first == second;
    html! {
        <>
            <PageHeading
                title="Choose a passphrase"
                lead="It locks your keys on this device. You type it whenever you come back."
            />
            <form class="stack" onsubmit={keep}>
                <NewPassphrase first={first} second={second} {on_first} {on_second} />
                { job_failure(&job) }
                <div class="button-row">
                    <Button
                        kind={ButtonKind::Primary}
                        label="Keep my keys on this device"
                        submit=true
                        busy={job.is_busy()}
                        disabled={!is_ready}
                    />
                </div>
            </form>
        </>
    }
}
