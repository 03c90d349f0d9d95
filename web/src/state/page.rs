//! The page's state as a value, and the one function that changes it.

use std::{collections::BTreeMap, rc::Rc};

use keepwell_primitives::Timestamp;
use yew::Reducible;

use super::JobState;
use crate::talk::{
    Failure, History, JobId, Kept, KnownNetwork, NetworkNews, News, Report, StaffView, Who,
};

/// Everything that the engine has told and that is still so.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct PageState {
    /// `None` until the engine has looked.
    pub(crate) network: Option<NetworkNews>,
    /// Why the page's own relay could not be asked, if so.
    pub(crate) relay_trouble: Option<Failure>,
    /// `None` until the engine has looked.
    pub(crate) who: Option<Who>,
    /// What the device keeps.
    pub(crate) kept: Kept,
    /// The patient's history; `None` until it was read, and once locked.
    pub(crate) history: Option<History>,
    /// What staff see; likewise.
    pub(crate) staff: Option<StaffView>,
    /// Commands that somebody on the page still wants to hear of.
    pub(crate) jobs: BTreeMap<JobId, JobState>,
}

/// What changes it.
#[derive(Clone, Debug)]
pub(crate) enum Action {
    /// A command was sent.
    Asked(JobId),
    /// The engine has told something.
    Heard(Report),
    /// Nobody wants to hear of a command any more.
    Dropped(JobId),
}

impl PageState {
    /// The network, once it is known.
    pub(crate) fn known(&self) -> Option<&KnownNetwork> {
        match &self.network {
            Some(NetworkNews::Known(known)) => Some(known),
            _ => None,
        }
    }

    /// Who is signed in; nobody until that is known.
    pub(crate) fn who(&self) -> Who {
        self.who.clone().unwrap_or_default()
    }

    fn verified_at(&self) -> Option<Timestamp> {
        let head = self.known().and_then(|known| known.head);
        head.map(|head| head.verified_at)
    }

    fn hear(&mut self, Report { job, news }: Report) {
        match news {
            News::Network(network) => {
                let before = self.verified_at();
                self.network = Some(network);
                if self.verified_at() > before {
                    self.relay_trouble = None;
                }
            }
            News::RelayTrouble(failure) => self.relay_trouble = Some(failure),
            News::Who { who, kept } => {
                if self.who.as_ref() != Some(&who) {
                    // Whoever is signed in now is shown nothing of whoever was.
                    self.history = None;
                    self.staff = None;
                }
                self.who = Some(who);
                self.kept = kept;
            }
            News::History(history) if self.who == Some(Who::Patient) => {
                self.history = Some(history);
            }
            News::Staff(view) if self.who == Some(Who::Staff(view.hospital_id)) => {
                self.staff = Some(view);
            }
            // Told before the lock, come after it.
            News::History(_) | News::Staff(_) => {}
            News::Progress { stage, done, all } => {
                self.move_job(job, JobState::Busy(Some((stage, done, all))));
            }
            News::Done(outcome) => self.move_job(job, JobState::Done(outcome)),
            News::Failed(failure) => self.move_job(job, JobState::Failed(failure)),
        }
    }

    /// What comes of a command that nobody asks about any more is forgotten.
    fn move_job(&mut self, job: Option<JobId>, to: JobState) {
        if let Some(state) = job.and_then(|job| self.jobs.get_mut(&job)) {
            *state = to;
        }
    }
}

impl Reducible for PageState {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        let mut state = Rc::unwrap_or_clone(self);
        match action {
            Action::Asked(job) => {
                state.jobs.insert(job, JobState::Busy(None));
            }
            Action::Heard(report) => state.hear(report),
            Action::Dropped(job) => {
                state.jobs.remove(&job);
            }
        }
        Rc::new(state)
    }
}

#[cfg(test)]
mod tests {
    use keepwell_keys::HospitalId;

    use super::*;
    use crate::talk::{FailureClass, Outcome, Stage};

    fn after(actions: impl IntoIterator<Item = Action>) -> Rc<PageState> {
        let start = Rc::new(PageState::default());
        actions.into_iter().fold(start, PageState::reduce)
    }

    fn heard(job: Option<u32>, news: News) -> Action {
        let job = job.map(JobId);
        Action::Heard(Report { job, news })
    }

    fn signed_in(who: Who) -> Action {
        let kept = Kept::default();
        heard(None, News::Who { who, kept })
    }

    #[test]
    fn a_command_is_followed_to_its_end_and_then_forgotten() {
        let (stage, done, all) = (Stage::Uploading, 1, 2);
        let asked = Action::Asked(JobId(7));
        let state = after([asked.clone()]);
        assert_eq!(state.jobs.get(&JobId(7)), Some(&JobState::Busy(None)));
        let progress = heard(Some(7), News::Progress { stage, done, all });
        let state = after([asked.clone(), progress]);
        assert_eq!(
            state.jobs.get(&JobId(7)),
            Some(&JobState::Busy(Some((stage, 1, 2))))
        );
        let end = heard(Some(7), News::Done(Outcome::Nothing));
        let state = after([asked.clone(), end.clone()]);
        assert_eq!(
            state.jobs.get(&JobId(7)),
            Some(&JobState::Done(Outcome::Nothing))
        );
        let state = after([asked, Action::Dropped(JobId(7)), end]);
        assert!(state.jobs.is_empty());
    }

    #[test]
    fn locking_forgets_what_was_shown_and_what_comes_late() {
        let history = || heard(None, News::History(History::default()));
        let shown = after([signed_in(Who::Patient), history()]);
        assert!(shown.history.is_some());
        let locked = after([
            signed_in(Who::Patient),
            history(),
            signed_in(Who::Nobody),
            history(),
        ]);
        assert!(locked.history.is_none());
    }

    #[test]
    fn staff_are_shown_nothing_of_a_patient() {
        let staff = Who::Staff(HospitalId::from_bytes([1; 32]));
        let state = after([
            signed_in(Who::Patient),
            heard(None, News::History(History::default())),
            signed_in(staff),
        ]);
        assert!(state.history.is_none());
    }

    #[test]
    fn a_relay_in_trouble_takes_nothing_away() {
        let failure = Failure {
            class: FailureClass::Unreachable,
            code: String::from("unreachable"),
            message: String::new(),
            hint: String::new(),
            relay: None,
        };
        let state = after([
            signed_in(Who::Patient),
            heard(None, News::History(History::default())),
            heard(None, News::RelayTrouble(failure.clone())),
        ]);
        assert!(state.history.is_some());
        assert_eq!(state.relay_trouble, Some(failure));
    }
}
