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
};

use anyhow::{Context as _, anyhow, bail, ensure};
use keepwell_ledger::transaction::{Ordering, Transaction};
use keepwell_primitives::BlockIndex;
use keepwell_tests::{
    Ended, Issued, Keepwell, Lie, Proxy, Question, Story, in_turn, sample, text, wait_for,
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

#[test]
fn genesis_is_altered_in_turn_and_no_home_is_made() -> anyhow::Result<()> {
    let story = Story::among(2)?;
    let relay = story.network.relay(0)?.api.origin();
    let hash = story.network.genesis.hash().to_string();
    let make = |home: &Keepwell, relay: &str| {
        home.ended(&["--relay", relay, "patient", "new", "--genesis", &hash])
    };
    let honest = Proxy::honest(relay)?;
    let made = make(
        &Keepwell::at(story.network.dir().join("new")),
        honest.origin(),
    )?;
    made.map_err(|ended| anyhow!("{ended:?}"))?;
    let ids = [story.hospital(0)?, story.hospital(1)?];
    let lies = Lie::all(&honest.heard(), &ids);
    assert!(lies.iter().all(|lie| lie.path() == "/v1/genesis"));
    let codes = in_turn(&lies, |number, lie| {
        let proxy = lie.told_before(relay)?;
        let folder = story.network.dir().join(format!("nothing-{number}"));
        fs::create_dir(&folder)?;
        let home = Keepwell::at(folder.join("home"));
        let ended = make(&home, proxy.origin())?;
        let ended = ended.err().context("a home was made")?;
        ensure!(ended.exit == 4, "{ended:?}");
        ensure!(fs::read_dir(&folder)?.next().is_none(), "something is left");
        Ok(ended.code)
    })?;
    let known = ["malformedAnswer", "malformedGenesis", "wrongGenesis"];
    assert!(
        codes.iter().all(|code| known.contains(&code.as_str())),
        "{codes:?}"
    );
    println!("{} alterations of the genesis, one run each", lies.len());
    assert!(lies.len() >= 25, "{} alterations", lies.len());
    Ok(())
}

#[test]
fn relay_of_another_network_is_refused_and_nothing_is_written() -> anyhow::Result<()> {
    let (ours, theirs) = (Story::among(1)?, Story::among(1)?);
    ours.issue("fhir/johnnie.json", "Health record")?;
    let listed = ours.patient.json(&["patient", "records"])?;
    let their_relay = theirs.network.relay(0)?.api.origin();
    let our_hash = ours.network.genesis.hash().to_string();

    let home = Keepwell::at(ours.network.dir().join("never"));
    let new = [
        "--relay",
        their_relay,
        "patient",
        "new",
        "--genesis",
        &our_hash,
    ];
    let refused = home.refused(&new)?;
    assert_eq!((refused.exit, refused.code.as_str()), (4, "wrongGenesis"));
    assert!(!home.home().exists());

    let before = files(ours.patient.home())?;
    for verb in ["records", "log"] {
        let refused = ours
            .patient
            .refused(&["--relay", their_relay, "patient", verb])?;
        assert_eq!((refused.exit, refused.code.as_str()), (4, "wrongGenesis"));
        assert!(refused.message.contains(their_relay), "{}", refused.message);
        assert_eq!(files(ours.patient.home())?, before);
    }
    assert_eq!(ours.patient.json(&["patient", "records"])?, listed);
    Ok(())
}

#[test]
fn proof_of_another_patient_is_no_proof() -> anyhow::Result<()> {
    let seen = Seen::new()?;
    let ask = |home: &Keepwell, relay: &str| home.ended(&["--relay", relay, "patient", "records"]);
    // Another patient asks for the same leaves of theirs, at the same block.
    let other = Keepwell::at(seen.story.network.dir().join("other"));
    let hash = seen.story.network.genesis.hash().to_string();
    other.json(&[
        "--relay",
        seen.honest()?,
        "patient",
        "new",
        "--genesis",
        &hash,
    ])?;
    let hospital = seen.story.hospital(0)?;
    let card = text(
        &other.json(&["patient", "card", "--hospital", &hospital])?,
        "card",
    );
    let options = ["--wait", "final", "--card", &card];
    seen.story
        .submit(&options, "pdf/discharge-letter.pdf", "Letter")?;
    let theirs = Proxy::honest(seen.honest()?)?;
    let listed = ask(&other, theirs.origin())?.map_err(|ended| anyhow!("{ended:?}"))?;
    assert_eq!(listed.as_array().map(Vec::len), Some(1));
    let is_proof = |question: &Question| question.path == "/v1/proofs";
    let heard = theirs.heard().into_iter();
    let proofs: Vec<_> = heard.filter(|(question, _)| is_proof(question)).collect();
    let (question, proof) = proofs.first().context("a proof was asked for")?;
    assert!(
        proof
            .json()
            .is_some_and(|proof| proof["patients"].is_string())
    );

    let home = seen.again("deceived")?;
    let (asked, body) = (question.clone(), proof.body.clone());
    let liar = Proxy::before(seen.honest()?, move |question, answer| {
        let is_another = is_proof(question) && *question != asked;
        if is_another {
            answer.with_body(body.clone())
        } else {
            answer
        }
    })?;
    let refused = ask(&home, liar.origin())?
        .err()
        .context("it was believed")?;
    check_lie_is_named(&refused, liar.origin())?;
    assert_eq!(refused.code, "verificationFailed");
    assert!(files(home.home())? == files(&seen.home)?);
    assert_eq!(home.json(&["patient", "records"])?, seen.now);
    Ok(())
}

#[test]
fn stale_head_takes_nothing_away_that_was_seen() -> anyhow::Result<()> {
    // All that the relay ever says is what it said when there was one record.
    let story = Story::among(1)?;
    story.issue("fhir/johnnie.json", "Health record")?;
    let relay = story.network.relay(0)?.api.origin().to_owned();
    let then = Proxy::honest(&relay)?;
    let old = story
        .patient
        .json(&["--relay", then.origin(), "patient", "records"])?;
    let heard = then.heard();
    story.issue("dicom/CT_small.dcm", "CT slice")?;
    let now = story.patient.json(&["patient", "records"])?;
    assert_eq!(
        (old.as_array().map(Vec::len), now.as_array().map(Vec::len)),
        (Some(1), Some(2))
    );
    let before = files(story.patient.home())?;

    let frozen = Proxy::before(&relay, move |question, answer| {
        let heard = heard.iter().find(|(asked, _)| asked == question);
        heard.map_or(answer, |(_, then)| then.clone())
    })?;
    let listed = story
        .patient
        .json(&["--relay", frozen.origin(), "patient", "records"])?;
    assert_eq!(listed, now);
    assert!(files(story.patient.home())? == before);
    Ok(())
}

#[test]
fn sign_in_is_altered_in_turn_and_the_record_opens_as_it_is_or_not_at_all() -> anyhow::Result<()> {
    let story = Story::among(2)?;
    let relay = story.network.relay(0)?.api.origin().to_owned();
    let record = story.issue("dicom/CT_small.dcm", "CT slice")?;
    let content = fs::read(sample("dicom/CT_small.dcm"))?;
    let open = |home: &Keepwell, relay: &str, out: &Path| {
        let out = out.display().to_string();
        let mut arguments = vec!["--relay", relay, "patient", "open", "--out", &out];
        arguments.extend(["--patient", &record.patient_id, "--record", &record.txid]);
        home.ended(&arguments)
    };
    let honest = Proxy::honest(&relay)?;
    let out = story.network.dir().join("opened");
    open(&story.patient, honest.origin(), &out)?.map_err(|ended| anyhow!("{ended:?}"))?;
    assert!(fs::read(&out)? == content);
    let is_sign_in = |lie: &Lie| ["/v1/challenges", "/v1/tokens"].contains(&lie.path());
    let lies = Lie::all(&honest.heard(), &[]).into_iter();
    let lies: Vec<_> = lies.filter(is_sign_in).collect();
    let endings = in_turn(&lies, |number, lie| {
        let proxy = lie.told_before(&relay)?;
        let home = Keepwell::at(story.network.dir().join(format!("lied-to-{number}")));
        copy_folder(story.patient.home(), home.home())?;
        let folder = story.network.dir().join(format!("opened-{number}"));
        fs::create_dir(&folder)?;
        let out = folder.join("scan");
        Ok(match open(&home, proxy.origin(), &out)? {
            Ok(_) => {
                ensure!(lie.alteration.place == "/expiresAt", "it was not noticed");
                ensure!(fs::read(&out)? == content, "another content");
                format!("{}: no effect", lie.alteration.place)
            }
            // A token that was not given is refused by the relay, a form that is none here.
            Err(ended) => {
                ensure!([3, 4].contains(&ended.exit), "{ended:?}");
                ensure!(ended.message.contains(proxy.origin()), "{ended:?}");
                ensure!(fs::read_dir(&folder)?.next().is_none(), "something is left");
                ended.code
            }
        })
    })?;
    println!("{} alterations of the sign-in: {endings:?}", lies.len());
    assert!(endings.iter().any(|ending| !ending.ends_with("no effect")));
    Ok(())
}

#[test]
fn what_a_hospital_is_told_of_a_grant_is_altered_in_turn_and_opens_nothing_else()
-> anyhow::Result<()> {
    let story = Story::new()?;
    let record = story.issue("dicom/CT_small.dcm", "CT slice")?;
    let content = fs::read(sample("dicom/CT_small.dcm"))?;
    let requester = story.hospital(1)?;
    let mut grant = [&["patient", "grant"], &record.scope()[..]].concat();
    grant.extend(["--to", &requester, "--until", "7d"]);
    story.patient.json(&grant)?;
    let staff = story.staff(1)?;
    let mut request = [&["hospital", "request"], &record.scope()[..]].concat();
    request.extend(["--record", &record.txid]);
    staff.json(&request)?;
    // All three custodians have served, and the chain rests.
    wait_for("three final receipts", || {
        let log = story.patient.json(&["patient", "log"]).ok()?;
        let lines = log.as_array()?;
        let is_served = |line: &&Value| text(line, "event") == "served";
        let are_final = lines.iter().all(|line| text(line, "state") == "final");
        (are_final && lines.iter().filter(is_served).count() == 3).then_some(())
    })?;

    let relay = story.network.relay(1)?.api.origin().to_owned();
    let open = |home: &Keepwell, relay: &str, out: &Path| {
        let out = out.display().to_string();
        let mut arguments = vec!["--relay", relay, "--timeout", "5", "hospital", "open"];
        arguments.extend(record.scope());
        arguments.extend(["--record", &record.txid, "--out", &out]);
        home.with_timeout_of_its_own().ended(&arguments)
    };
    let out = story.network.dir().join("opened");
    open(&staff, &relay, &out)?.map_err(|ended| anyhow!("{ended:?}"))?;
    let honest = Proxy::honest(&relay)?;
    fs::remove_file(&out)?;
    open(&staff, honest.origin(), &out)?.map_err(|ended| anyhow!("{ended:?}"))?;
    assert!(fs::read(&out)? == content);
    let lies = Lie::all(&honest.heard(), &[story.hospital(0)?, requester.clone()]);
    let asked: BTreeSet<_> = lies.iter().map(Lie::path).collect();
    let expected = [
        "/v1/challenges",
        "/v1/head",
        "/v1/mailbox",
        "/v1/proofs",
        "/v1/tokens",
    ];
    assert_eq!(asked.into_iter().collect::<Vec<_>>(), expected);

    let endings = in_turn(&lies, |number, lie| {
        let proxy = lie.told_before(&relay)?;
        let home = Keepwell::at(story.network.dir().join(format!("lied-to-{number}")));
        copy_folder(staff.home(), home.home())?;
        let folder = story.network.dir().join(format!("opened-{number}"));
        fs::create_dir(&folder)?;
        let out = folder.join("scan");
        Ok(match open(&home, proxy.origin(), &out)? {
            Ok(_) => {
                ensure!(fs::read(&out)? == content, "another content");
                // What the newest block proves stands for all else that is altered here.
                ensure!(lie.path() != "/v1/proofs", "it was not noticed");
                format!("{} {}: opens", lie.path(), lie.told())
            }
            Err(ended) => {
                // Answers that are kept back are waited for.
                let exits = if lie.path() == "/v1/mailbox" {
                    &[3, 4, 6][..]
                } else {
                    &[3, 4]
                };
                ensure!(exits.contains(&ended.exit), "{ended:?}");
                ensure!(fs::read_dir(&folder)?.next().is_none(), "something is left");
                ended.code
            }
        })
    })?;
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for ending in endings {
        *counts.entry(ending).or_default() += 1;
    }
    println!("{} alterations, one run each: {counts:#?}", lies.len());
    Ok(())
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
