//! A relay that spoils files: the command opens none of them, and leaves nothing of them.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic, its helpers too"
)]

use std::{fs, path::Path};

use anyhow::{Context as _, anyhow};
use keepwell_primitives::limits;
use keepwell_tests::{Issued, Proxy, Question, Story};

/// The code of a file that is not the one whose record was verified.
const WRONG_FILE: &str = "fileVerificationFailed";

/// A file of a record, as its relay could spoil it.
type Spoil = fn(&Question, Vec<u8>, &[u8]) -> Vec<u8>;

#[test]
fn spoiled_file_is_refused_and_leaves_nothing() -> anyhow::Result<()> {
    let story = Story::among(2)?;
    let relay = story.network.relay(0)?.api.origin().to_owned();
    // Three chunks, the last one short.
    let content = generated(2 * limits::BLOB_CHUNK_BYTES + 500_000);
    let scan = story.network.dir().join("scan.dcm");
    fs::write(&scan, &content)?;
    let record = story.issue(&scan.display().to_string(), "Scan")?;
    let other = story.issue("dicom/CT_small.dcm", "CT slice")?;

    let open = |record: &Issued, relay: &str, out: &Path| {
        let out = out.display().to_string();
        let mut arguments = vec!["--relay", relay, "patient", "open"];
        arguments.extend(["--patient", &record.patient_id, "--record", &record.txid]);
        arguments.extend(["--out", &out]);
        story.patient.ended(&arguments)
    };
    let folder = story.network.dir().join("opened");
    fs::create_dir(&folder)?;
    let out = folder.join("scan");

    let honest = Proxy::honest(&relay)?;
    open(&other, honest.origin(), &out)?.map_err(|ended| anyhow!("{ended:?}"))?;
    fs::remove_file(&out)?;
    let heard = honest.heard();
    let leaves = heard.iter().find(|(question, _)| is_leaves(question));
    let others_leaves = leaves.context("leaves were asked for")?.1.body.clone();

    let spoils: [(&str, &str, Spoil); 9] = [
        ("a bit of the first chunk", WRONG_FILE, |asked, body, _| {
            spoiled(asked, 0, body, flip)
        }),
        ("a bit of the second chunk", WRONG_FILE, |asked, body, _| {
            spoiled(asked, 1, body, flip)
        }),
        ("a bit of the last chunk", WRONG_FILE, |asked, body, _| {
            spoiled(asked, 2, body, flip)
        }),
        ("a chunk cut short", WRONG_FILE, |asked, body, _| {
            spoiled(asked, 1, body, |body| body[..body.len() - 1].to_vec())
        }),
        ("an empty chunk", WRONG_FILE, |asked, body, _| {
            spoiled(asked, 2, body, |_| Vec::new())
        }),
        (
            "a last chunk that is too long",
            WRONG_FILE,
            |asked, body, _| spoiled(asked, 2, body, |body| [body, &[0]].concat()),
        ),
        (
            "a chunk longer than any",
            "answerTooLarge",
            |asked, body, _| spoiled(asked, 1, body, |body| [body, &[0]].concat()),
        ),
        (
            "leaves of another file",
            WRONG_FILE,
            |asked, body, others| {
                if is_leaves(asked) {
                    others.to_vec()
                } else {
                    body
                }
            },
        ),
        ("leaves cut short", WRONG_FILE, |asked, body, _| {
            if is_leaves(asked) {
                body[..body.len() - 1].to_vec()
            } else {
                body
            }
        }),
    ];
    for (what, code, spoil) in spoils {
        let others = others_leaves.clone();
        let liar = Proxy::before(&relay, move |question, answer| {
            let body = spoil(question, answer.body.clone(), &others);
            answer.with_body(body)
        })?;
        let ended = open(&record, liar.origin(), &out)?
            .err()
            .with_context(|| what.to_owned())?;
        assert!(
            ended.exit == 4 && ended.message.contains(liar.origin()),
            "{what}: {ended:?}"
        );
        assert_eq!(ended.code, code, "{what}");
        assert_eq!(fs::read_dir(&folder)?.count(), 0, "{what}");
    }
    open(&record, &relay, &out)?.map_err(|ended| anyhow!("{ended:?}"))?;
    assert!(fs::read(&out)? == content);
    Ok(())
}

fn is_leaves(question: &Question) -> bool {
    question.path.ends_with("/leaves")
}

/// The chunk of this index spoiled; all else as it is.
fn spoiled(asked: &Question, index: usize, body: Vec<u8>, spoil: fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
    let start = format!("bytes={}-", index * limits::BLOB_CHUNK_BYTES);
    let is_it = asked
        .range
        .as_ref()
        .is_some_and(|range| range.starts_with(&start));
    if is_it { spoil(&body) } else { body }
}

fn flip(body: &[u8]) -> Vec<u8> {
    let mut flipped = body.to_vec();
    flipped[body.len() / 2] ^= 1;
    flipped
}

/// What starts as DICOM does and goes on as noise.
fn generated(length: usize) -> Vec<u8> {
    let mut content = vec![0; 128];
    content.extend(b"DICM");
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    while content.len() < length {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        content.extend(state.to_le_bytes());
    }
    content.truncate(length);
    content
}
