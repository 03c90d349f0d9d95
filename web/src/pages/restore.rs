//! A patient who has a phrase already: typed, checked, kept, and their records found again.

use yew::{Html, component, html, use_effect_with};
use yew_router::components::Redirect;

use super::{
    new_patient::ChoosePassphrase,
    parts::{job_failure, on_submit, use_text},
};
use crate::{
    components::{Busy, Button, ButtonKind, PageHeading, PhraseInput},
    route::Route,
    state::{use_desk, use_job},
    talk::{PatientVerb, Verb, Who},
};

#[component]
pub(crate) fn Restore() -> Html {
    let desk = use_desk();
    let typing = use_job();
    let finding = use_job();
    let (text, on_text) = use_text();
    let is_in = desk.state.who() == Who::Patient;
    let was_typed = typing.outcome().is_some();
    {
        let run = finding.run.clone();
        use_effect_with(is_in && was_typed, move |is_restored| {
            if *is_restored {
                run.emit(Verb::Patient(PatientVerb::FindRecords));
            }
        });
    }
    if is_in {
        return match (was_typed, finding.outcome(), finding.failure()) {
            (true, None, None) => html! {
                <>
                    <PageHeading title="Looking for your records" />
                    <Busy label="Asking each hospital whether it knows you" />
                </>
            },
            _ => html! { <Redirect<Route> to={Route::Records} /> },
        };
    }
    if desk.state.kept.patient {
        return html! { <Redirect<Route> to={Route::Start} /> };
    }
    if was_typed {
        return html! { <ChoosePassphrase /> };
    }
    let check = {
        let (run, text) = (typing.run.clone(), text.clone());
        on_submit(move || {
            let text = text.clone();
            run.emit(Verb::TypePhrase { text });
        })
    };
    html! {
        <>
            <PageHeading
                title="Restore from your phrase"
                lead="Type or paste your 24 words. Spaces, line breaks, capital letters and numbering do \
                      not matter."
            />
            <form class="stack" onsubmit={check}>
                <PhraseInput id="phrase" value={text.clone()} oninput={on_text} />
                { job_failure(&typing) }
                <div class="button-row">
                    <Button
                        kind={ButtonKind::Primary}
                        label="Restore"
                        submit=true
                        busy={typing.is_busy()}
                        disabled={text.trim().is_empty()}
                    />
                </div>
            </form>
        </>
    }
}
