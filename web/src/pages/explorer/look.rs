//! What a page of the explorer looks at: asked when it is drawn, and again whenever the verified
//! head moves. What was found stays until something newer is.

use std::rc::Rc;

use yew::{Callback, Html, hook, html, use_callback, use_effect_with, use_state};

use crate::{
    components::{Busy, Button, ButtonKind},
    pages::parts::failure_notice,
    state::{JobState, use_desk, use_job},
    talk::{Explored, ExplorerVerb, Failure, Outcome, Verb},
};

/// Where a look is.
#[derive(Clone)]
pub(super) struct Look {
    /// What was found last.
    pub(super) found: Option<Rc<Explored>>,
    /// Why nothing newer was.
    pub(super) failure: Option<Failure>,
    /// Whether it looks just now.
    pub(super) is_busy: bool,
    /// Looks again.
    pub(super) again: Callback<()>,
}

/// Looks at one thing. A component that looks at another is to have another key.
#[hook]
pub(super) fn use_look(verb: ExplorerVerb) -> Look {
    let desk = use_desk();
    let job = use_job();
    let found = use_state(|| None::<Rc<Explored>>);
    let again = use_callback((job.run.clone(), verb), |(), (run, verb)| {
        run.emit(Verb::Explorer(*verb));
    });
    let head = desk.state.known().and_then(|known| known.head);
    let head = head.map(|head| (head.index, head.made_at));
    {
        let again = again.clone();
        use_effect_with(head, move |_| again.emit(()));
    }
    {
        let found = found.setter();
        use_effect_with(job.state.clone(), move |state| {
            if let Some(JobState::Done(Outcome::Explored(explored))) = state {
                found.set(Some(Rc::new((**explored).clone())));
            }
        });
    }
    Look {
        found: (*found).clone(),
        failure: job.failure().cloned(),
        is_busy: job.is_busy(),
        again,
    }
}

impl Look {
    /// What went wrong; before that, that it is under way.
    pub(super) fn standing(&self) -> Html {
        match (&self.failure, &self.found) {
            (Some(failure), None) => failure_notice(failure, Some(self.again.clone())),
            (Some(failure), Some(_)) => html! {
                <>
                    { failure_notice(failure, Some(self.again.clone())) }
                    <p class="soft">{ "What is shown below was found before." }</p>
                </>
            },
            (None, None) => html! { <Busy label="Asking the relay and checking" /> },
            (None, Some(_)) => Html::default(),
        }
    }

    /// The way to look again by hand: for what changes while the head does not.
    pub(super) fn again_button(&self) -> Html {
        html! {
            <div class="button-row">
                <Button
                    kind={ButtonKind::Quiet}
                    label="Look again"
                    busy={self.is_busy}
                    onclick={self.again.reform(|_| ())}
                />
            </div>
        }
    }
}
