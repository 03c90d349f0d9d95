//! A relay that lies to the command: whatever it says, a patient sees no timeline but the true one.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic, its helpers too"
)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    sync::Mutex,
    thread,
};

use anyhow::{Context as _, bail, ensure};
use keepwell_ledger::transaction::{Ordering, Transaction};
use keepwell_primitives::BlockIndex;
use keepwell_tests::{
    Alteration, Answer, Ended, Issued, Keepwell, Proxy, Question, Story, alterations, text,
};
use serde_json::Value;

/// Where a relay may say what it likes and the timeline is the same, each with the reason.
const WITHOUT_EFFECT: [(&str, &str, &str); 4] = [
    (
        "/v1/head",
        "/time",
        "the relay's clock: the client has its own",
    ),
    (
        "/v1/head",
        "/peers",
        "how many nodes it is connected to, which is said to people",
    ),
    (
        "/v1/head",
        "/hospitalId another's",
        "whose relay it says to be: what it answers is proved all the same",
    ),
    (
        "/v1/blocks",
        "/blocks without its last",
        "an answer may be cut short: the client asks on from there",
    ),
];

/// Where a relay can keep something back, as one can that has not heard of it: the timeline lacks
/// what is new, and nothing else of it is another.
const KEPT_BACK: [(&str, &str, &str); 3] = [
    (
        "/v1/head",
        "/work",
        "a chain of less work is behind: the timeline is the one verified before",
    ),
    (
        "/v1/mempool",
        "/transactions emptied",
        "what waits is in no block: that it is all there is no relay can prove",
    ),
    (
        "/v1/mempool",
        "/transactions/0/bytes its last character another",
        "this is of its signature: what is not signed by its hospital is not shown",
    ),
];

/// A patient who has seen the first of two records.
struct Seen {
    story: Story,
    /// Their home at that time.
    home: PathBuf,
    now: Value,
}

impl Seen {
    fn new() -> anyhow::Result<Self> {
        let story = Story::among(2)?;
        story.issue("fhir/johnnie.json", "Health record")?;
        story.patient.json(&["patient", "records"])?;
        let home = story.network.dir().join("patient-earlier");
        copy_folder(story.patient.home(), &home)?;
        let second = story.issue("dicom/CT_small.dcm", "CT slice")?;
        wait_with_a_third(&story, &second)?;
        let now = story.patient.json(&["patient", "records"])?;
        let states = now.as_array().context("a list")?.iter();
        let states: Vec<_> = states.map(|record| text(record, "state")).collect();
        assert_eq!(states, ["final", "final", "pending"]);
        Ok(Self { story, home, now })
    }

    fn honest(&self) -> anyhow::Result<&str> {
        Ok(self.story.network.relay(0)?.api.origin())
    }

    /// The home as it was, at another place.
    fn again(&self, name: &str) -> anyhow::Result<Keepwell> {
        let home = self.story.network.dir().join(name);
        copy_folder(&self.home, &home)?;
        Ok(Keepwell::at(home))
    }

    /// Whether this is the true timeline without some of it.
    fn has_all_of(&self, listed: &Value) -> bool {
        let mut now = self.now.as_array().into_iter().flatten();
        let mut listed = listed.as_array().into_iter().flatten();
        listed.all(|record| now.any(|one| one == record))
    }

    fn ids(&self) -> anyhow::Result<Vec<String>> {
        Ok(vec![self.story.hospital(0)?, self.story.hospital(1)?])
    }
}

/// The hospital sends a third record, which waits for a transaction before it that never comes.
fn wait_with_a_third(story: &Story, second: &Issued) -> anyhow::Result<()> {
    let relay = story.network.relay(0)?;
    let (identity, genesis_hash) = (relay.identity()?, story.network.genesis.hash());
    let submitted = relay.api.transaction(&second.txid.parse()?)?;
    let Transaction::Sent(envelope) = Transaction::from_bytes(&submitted.bytes, &genesis_hash)?
    else {
        bail!("a record is sent by its hospital")
    };
    let order = Ordering {
        nonce: envelope.order.nonce + 5,
        valid_until_index: BlockIndex(1_000_000),
    };
    let third = Transaction::sign(envelope.payload, order, genesis_hash, &identity.authority);
    relay.api.submit(&third)?;
    Ok(())
}

/// What is asked in the course of a verb, and one answer to it altered.
struct Lie {
    question: Question,
    alteration: Alteration,
}

impl Lie {
    /// Each question that was heard and was answered in JSON, with each alteration of its answer.
    fn all(heard: &[(Question, Answer)], others: &[String]) -> Vec<Self> {
        let mut questions: Vec<&Question> = Vec::new();
        let mut all = Vec::new();
        for (question, answer) in heard {
            if questions.contains(&question) {
                continue;
            }
            questions.push(question);
            let answer = answer.json().unwrap_or_default();
            let altered = alterations(&answer, others).into_iter();
            all.extend(altered.map(|alteration| Self {
                question: question.clone(),
                alteration,
            }));
        }
        all
    }

    /// A relay that tells it whenever it is asked this.
    fn told_before(&self, relay: &str) -> anyhow::Result<Proxy> {
        let (question, value) = (self.question.clone(), self.alteration.value.clone());
        Proxy::before(relay, move |asked, answer| {
            if *asked == question {
                return answer.with_body(value.to_string());
            }
            answer
        })
    }

    fn path(&self) -> &str {
        let path = self.question.path.split('?').next();
        path.unwrap_or_default()
    }

    /// The place, and what was done to it.
    fn told(&self) -> String {
        let Alteration { place, how, .. } = &self.alteration;
        format!("{place} {how}")
    }

    fn is_among(&self, known: &[(&str, &str, &str)]) -> bool {
        known
            .iter()
            .any(|(path, told, _)| self.path() == *path && self.told().starts_with(told))
    }
}

#[test]
fn each_field_of_each_reply_is_altered_in_turn_and_the_timeline_stays_true() -> anyhow::Result<()> {
    let seen = Seen::new()?;
    let honest = Proxy::honest(seen.honest()?)?;
    let listed =
        seen.again("listens")?
            .json(&["--relay", honest.origin(), "patient", "records"])?;
    assert_eq!(listed, seen.now);
    let lies = Lie::all(&honest.heard(), &seen.ids()?);
    let asked: BTreeSet<_> = lies.iter().map(Lie::path).collect();
    let expected = ["/v1/blocks", "/v1/head", "/v1/mempool", "/v1/proofs"];
    assert_eq!(asked.into_iter().collect::<Vec<_>>(), expected);

    let endings = in_turn(&lies, |number, lie| believed(&seen, number, lie))?;
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for ending in endings {
        *counts.entry(ending).or_default() += 1;
    }
    println!("{} alterations, one run each: {counts:#?}", lies.len());
    assert!(lies.len() >= 100, "{} alterations", lies.len());
    for (path, told, reason) in WITHOUT_EFFECT.iter().chain(&KEPT_BACK) {
        let place = told.split(' ').next().unwrap_or_default();
        let mut endings = counts.keys();
        let is_needed = endings.any(|ending| ending.starts_with(&format!("{path} {place}: ")));
        assert!(is_needed, "{path} {told} is noticed, though {reason}");
    }
    Ok(())
}

/// What comes of a lie; an error if that is anything but one of the endings it may have.
fn believed(seen: &Seen, number: usize, lie: &Lie) -> anyhow::Result<String> {
    let proxy = lie.told_before(seen.honest()?)?;
    let home = seen.again(&format!("lied-to-{number}"))?;
    let ended = home.ended(&["--relay", proxy.origin(), "patient", "records"])?;
    let place = format!("{} {}", lie.path(), lie.alteration.place);
    let ending = match ended {
        Err(ended) => {
            check_lie_is_named(&ended, proxy.origin())?;
            let is_as_before = files(home.home())? == files(&seen.home)?;
            ensure!(is_as_before, "the home is another after {}", ended.message);
            ended.code
        }
        Ok(listed) if listed == seen.now => {
            ensure!(lie.is_among(&WITHOUT_EFFECT), "it was not noticed");
            format!("{place}: no effect")
        }
        Ok(listed) if seen.has_all_of(&listed) => {
            ensure!(lie.is_among(&KEPT_BACK), "it kept something back: {listed}");
            format!("{place}: kept back")
        }
        Ok(listed) => bail!("it made another timeline: {listed}"),
    };
    let honestly = home.json(&["--relay", seen.honest()?, "patient", "records"])?;
    ensure!(
        honestly == seen.now,
        "afterwards the timeline is {honestly}"
    );
    fs::remove_dir_all(home.home())?;
    Ok(ending)
}

/// The error of a relay that was caught: its exit, and words that name the relay.
fn check_lie_is_named(ended: &Ended, relay: &str) -> anyhow::Result<()> {
    ensure!(ended.exit == 4, "{ended:?}");
    ensure!(
        ended.message.contains(relay),
        "no relay is named: {ended:?}"
    );
    Ok(())
}

/// Tries all lies, two at a time. The error, if there is one, tells each that went wrong.
fn in_turn(
    lies: &[Lie],
    try_one: impl Fn(usize, &Lie) -> anyhow::Result<String> + Sync,
) -> anyhow::Result<Vec<String>> {
    let (waiting, endings) = (Mutex::new(lies.iter().enumerate()), Mutex::new(Vec::new()));
    let work = || {
        loop {
            let Some((number, lie)) = waiting.lock().unwrap().next() else {
                return;
            };
            let ending =
                try_one(number, lie).with_context(|| format!("{} {}", lie.path(), lie.told()));
            endings.lock().unwrap().push(ending);
        }
    };
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(work);
        }
    });
    let endings = endings.into_inner().unwrap();
    let wrong = endings.iter().filter_map(|ending| ending.as_ref().err());
    let wrong: Vec<_> = wrong.map(|error| format!("{error:#}")).collect();
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    endings.into_iter().collect()
}

/// All files of a folder without folders in it, but the lock, which is empty.
fn files(folder: &Path) -> anyhow::Result<BTreeMap<std::ffi::OsString, Vec<u8>>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        files.insert(entry.file_name(), fs::read(entry.path())?);
    }
    Ok(files)
}

fn copy_folder(from: &Path, to: &Path) -> anyhow::Result<()> {
    fs::create_dir(to)?;
    for (name, bytes) in files(from)? {
        fs::write(to.join(name), bytes)?;
    }
    Ok(())
}
