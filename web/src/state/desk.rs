//! The engine as pages see it: the state that it keeps up to date, and a way to ask.

use std::{cell::Cell, rc::Rc};

use yew::{
    Callback, ContextProvider, Html, Properties, UseReducerHandle, component, hook, html,
    use_callback, use_context, use_effect_with, use_memo, use_reducer,
};

use super::{Action, PageState};
use crate::{
    ports::{address::Address, engine::EngineHandle},
    talk::{Command, JobId, Verb, Who},
};

/// What pages are given.
#[derive(Clone, PartialEq)]
pub(crate) struct Desk {
    /// What is known.
    pub(crate) state: UseReducerHandle<PageState>,
    /// Asks for something, and names it.
    pub(crate) ask: Callback<Verb, JobId>,
    /// Says that nobody wants to hear of it any more.
    pub(crate) drop: Callback<JobId>,
}

/// What a page knows and can ask.
#[hook]
pub(crate) fn use_desk() -> Desk {
    use_context().expect("every page is inside the provider")
}

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct DeskProviderProps {
    pub(crate) children: Html,
}

/// Starts the engine, once, and gives everything inside its [`Desk`].
#[component]
pub(crate) fn DeskProvider(props: &DeskProviderProps) -> Html {
    let state = use_reducer(PageState::default);
    let dispatcher = state.dispatcher();
    let engine = {
        let dispatcher = dispatcher.clone();
        use_memo((), move |()| {
            EngineHandle::start(move |report| dispatcher.dispatch(Action::Heard(report)))
        })
    };
    let next = use_memo((), |()| Cell::new(0));
    let ask = {
        let dispatcher = dispatcher.clone();
        use_callback((), move |verb, ()| {
            let job = next_job(&next);
            dispatcher.dispatch(Action::Asked(job));
            engine.send(Command { job, verb });
            job
        })
    };
    let drop = use_callback((), move |job, ()| dispatcher.dispatch(Action::Dropped(job)));
    {
        let ask = ask.clone();
        use_effect_with((), move |()| {
            let Address { origin, genesis } = Address::of_this_page();
            ask.emit(Verb::Begin { genesis, origin });
        });
    }
    {
        let ask = ask.clone();
        use_effect_with(state.who(), move |who| {
            if *who != Who::Nobody {
                ask.emit(Verb::Refresh);
            }
        });
    }
    let desk = Desk { state, ask, drop };
    html! {
        <ContextProvider<Desk> context={desk}>
            { props.children.clone() }
        </ContextProvider<Desk>>
    }
}

fn next_job(next: &Rc<Cell<u32>>) -> JobId {
    let job = next.get();
    next.set(job.wrapping_add(1));
    JobId(job)
}
