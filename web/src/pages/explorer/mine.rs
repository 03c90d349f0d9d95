//! Having the relay mine, for the staff of the hospital that runs it.

use keepwell_keys::HospitalId;
use keepwell_primitives::BlockIndex;
use yew::{Callback, Html, component, html};

use crate::{
    components::{Button, Notice, NoticeKind, Section},
    pages::parts::job_failure,
    state::{use_desk, use_job},
    talk::{Outcome, StaffVerb, Verb, Who},
};

#[component]
pub(super) fn Mine() -> Html {
    let desk = use_desk();
    let job = use_job();
    let known = desk.state.known();
    let mine = {
        let run = job.run.clone();
        Callback::from(move |_| run.emit(Verb::Staff(StaffVerb::MineNow)))
    };
    let head = known.and_then(|known| known.head).map(|head| head.index);
    html! {
        <Section heading="Mining">
            <p>{ "Your relay mines when there is something to mine for. It can be asked for a block now, even an empty one." }</p>
            { job_failure(&job) }
            if let Some(Outcome::Mining { after }) = job.outcome() {
                <Notice kind={NoticeKind::Good} title={progress(*after, head)} />
            }
            <div class="button-row">
                <Button label="Mine now" busy={job.is_busy()} onclick={mine} />
            </div>
        </Section>
    }
}

/// Only the hospital whose relay serves this page can ask it to.
pub(super) fn may_mine(who: &Who, home: Option<HospitalId>) -> bool {
    matches!((who, home), (Who::Staff(id), Some(home)) if *id == home)
}

/// Where it is. The block is anybody's: whose node finds it first.
fn progress(after: BlockIndex, head: Option<BlockIndex>) -> String {
    match head.filter(|head| *head > after) {
        Some(head) => format!("Block {head} is there."),
        None => format!("The relay mines. Its newest block was {after}; the next appears below."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_staff_of_the_relay_s_own_hospital_mine() {
        let [one, other] = [1, 2].map(|byte| HospitalId::from_bytes([byte; 32]));
        assert!(may_mine(&Who::Staff(one), Some(one)));
        assert!(!may_mine(&Who::Staff(other), Some(one)));
        assert!(!may_mine(&Who::Staff(one), None));
        assert!(!may_mine(&Who::Patient, Some(one)));
        assert!(!may_mine(&Who::Nobody, None));
    }

    #[test]
    fn a_block_is_there_once_it_is_verified() {
        let words = |head: Option<u64>| progress(BlockIndex(7), head.map(BlockIndex));
        assert!(words(None).contains("was 7"));
        assert!(words(Some(7)).contains("was 7"));
        assert_eq!(words(Some(9)), "Block 9 is there.");
    }
}
