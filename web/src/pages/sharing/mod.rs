//! Who may open the patient's records: each set of each hospital, and the ways to change that.

mod dialog;
mod scope;
pub(super) mod terms;

use keepwell_client::Clock as _;
use keepwell_primitives::Timestamp;
use yew::{Callback, Html, component, html, use_state_eq};
use yew_router::components::Link;

use self::dialog::{Asked, Dialog};
use super::records::troubles;
use crate::{
    components::{Busy, EmptyState, PageHeading, Section},
    ports::clock::DeviceClock,
    route::Route,
    state::{JobHandle, use_desk, use_job},
    talk::{History, KnownNetwork, PatientVerb, PersonaHistory, Verb},
};

#[component]
pub(crate) fn Sharing() -> Html {
    let desk = use_desk();
    let job = use_job();
    let asked = use_state_eq(|| None::<Asked>);
    let Some(known) = desk.state.known() else {
        return Html::default();
    };
    let ask = {
        let (asked, clear) = (asked.setter(), job.clear.clone());
        Callback::from(move |what| {
            clear.emit(());
            asked.set(Some(what));
        })
    };
    let cancel = {
        let (asked, clear) = (asked.setter(), job.clear.clone());
        Callback::from(move |()| {
            clear.emit(());
            asked.set(None);
        })
    };
    let confirm = {
        let (run, asked) = (job.run.clone(), (*asked).clone());
        Callback::from(move |close_scope| {
            if let Some(asked) = &asked {
                run.emit(Verb::Patient(PatientVerb::Revoke {
                    patient_id: asked.patient_id,
                    disease_id: asked.disease_id,
                    from: asked.from,
                    close_scope,
                }));
            }
        })
    };
    let look = Look {
        known,
        now: DeviceClock.now(),
        job: &job,
        asked: asked.as_ref(),
        ask,
    };
    let dialog = (*asked).clone().filter(|_| job.outcome().is_none());
    html! {
        <>
            <PageHeading
                title="Sharing"
                lead="Which other hospitals may open which of your records, and until when."
            />
            { match &desk.state.history {
                None => html! { <Busy label="Reading and checking your records" /> },
                Some(history) => sets(history, &look),
            } }
            if let Some(asked) = dialog {
                <Dialog {asked} {job} on_confirm={confirm} on_cancel={cancel} />
            }
        </>
    }
}

/// What every set on the page is drawn with.
struct Look<'l> {
    known: &'l KnownNetwork,
    now: Timestamp,
    job: &'l JobHandle,
    asked: Option<&'l Asked>,
    ask: Callback<Asked>,
}

fn sets(history: &History, look: &Look<'_>) -> Html {
    let has_any = history
        .personas
        .iter()
        .any(|persona| !persona.scopes.is_empty());
    html! {
        <>
            { troubles(history, look.known) }
            if has_any {
                { for history.personas.iter().map(|persona| of_hospital(persona, look)) }
            } else {
                <EmptyState title="There is nothing to share yet">
                    <p>
                        { "Show a hospital your " }
                        <Link<Route> to={Route::Card}>{ "visit card" }</Link<Route>>
                        { ". Once it has issued a record, you can let other hospitals open it here." }
                    </p>
                </EmptyState>
            }
        </>
    }
}

fn of_hospital(persona: &PersonaHistory, look: &Look<'_>) -> Html {
    if persona.scopes.is_empty() {
        return Html::default();
    }
    let name = look.known.name_of(&persona.hospital_id);
    html! {
        <Section heading={format!("Issued by {name}")}>
            { for persona.scopes.iter().map(|one| scope::panel(persona, one, look)) }
        </Section>
    }
}
