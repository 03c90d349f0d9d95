//! One command of a page, from the click to what came of it.

use yew::{Callback, hook, use_callback, use_effect_with, use_state_eq};

use super::use_desk;
use crate::talk::{Failure, JobId, Outcome, Stage, Verb};

/// Where a command is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum JobState {
    /// At work: what is being done, how much of it, of how much.
    Busy(Option<(Stage, u64, u64)>),
    /// Done.
    Done(Outcome),
    /// It did not happen.
    Failed(Failure),
}

/// A page's way to ask for something and to hear what came of it. Asking again drops what was asked
/// before.
#[derive(Clone, PartialEq)]
pub(crate) struct JobHandle {
    /// `None` before anything was asked.
    pub(crate) state: Option<JobState>,
    /// Asks.
    pub(crate) run: Callback<Verb>,
    /// Forgets what came of it.
    pub(crate) clear: Callback<()>,
}

impl JobHandle {
    /// Is it at work?
    pub(crate) fn is_busy(&self) -> bool {
        matches!(self.state, Some(JobState::Busy(_)))
    }

    /// What came of it, once it is done.
    pub(crate) fn outcome(&self) -> Option<&Outcome> {
        match &self.state {
            Some(JobState::Done(outcome)) => Some(outcome),
            _ => None,
        }
    }

    /// Why it did not happen, if so.
    pub(crate) fn failure(&self) -> Option<&Failure> {
        match &self.state {
            Some(JobState::Failed(failure)) => Some(failure),
            _ => None,
        }
    }
}

/// A command of this component. It is forgotten with the component.
#[hook]
pub(crate) fn use_job() -> JobHandle {
    let desk = use_desk();
    let job = use_state_eq(|| None::<JobId>);
    let run = use_callback((desk.ask.clone(), job.setter()), |verb, (ask, set)| {
        set.set(Some(ask.emit(verb)));
    });
    let clear = use_callback(job.setter(), |(), set| set.set(None));
    let drop = desk.drop.clone();
    use_effect_with(*job, move |job| {
        let job = *job;
        move || {
            if let Some(job) = job {
                drop.emit(job);
            }
        }
    });
    let state = job.and_then(|job| desk.state.jobs.get(&job).cloned());
    JobHandle { state, run, clear }
}
