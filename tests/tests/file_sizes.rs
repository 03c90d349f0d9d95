//! Records of every size that is allowed come back as they were issued, and no size of a file is
//! ever in memory as a whole.
#![allow(clippy::unwrap_used, reason = "a test may panic, its helpers too")]

use std::{
    fs::File,
    io::{BufWriter, Read as _, Write as _},
    path::{Path, PathBuf},
};

use keepwell_tests::{Issued, SNOMED_RECORD, Story, text};

/// A large record.
const LARGE_BYTES: u64 = 200_000_000;

/// The most memory that the command may have resident, whatever the size of the file. Opening a
/// home takes 19 MiB of it for the passphrase.
const RESIDENT_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// The most that a relay may, which keeps the file and sends it to another.
const RELAY_RESIDENT_BYTES_MAX: u64 = 128 * 1024 * 1024;

/// Read and compared at a time.
const PIECE_BYTES: usize = 1024 * 1024;

#[test]
fn record_of_200_megabytes_comes_back_in_bounded_memory() -> anyhow::Result<()> {
    let story = Story::among(2)?;
    let file = story.network.dir().join("volume.dcm");
    generate(&file, LARGE_BYTES)?;
    let (out, peaks) = there_and_back(&story, &file)?;
    println!("most resident, in bytes, to issue and to open: {peaks:?}");
    for relay in &story.network.relays {
        let peak = relay.peak_resident_bytes()?;
        println!("most resident, in bytes, of {}: {peak}", relay.name);
        assert!(peak <= RELAY_RESIDENT_BYTES_MAX, "{peak} bytes");
    }
    assert!(is_same(&file, &out)?);
    assert_eq!(out.metadata()?.len(), LARGE_BYTES);
    for peak in peaks {
        assert!(peak > 0 && peak <= RESIDENT_BYTES_MAX, "{peak} bytes");
    }
    Ok(())
}

#[test]
fn record_of_0_bytes_comes_back_as_one() -> anyhow::Result<()> {
    let story = Story::among(2)?;
    let file = story.network.dir().join("empty.pdf");
    File::create_new(&file)?;
    let (out, _) = there_and_back(&story, &file)?;
    assert_eq!(out.metadata()?.len(), 0);
    Ok(())
}

/// Issues a file and opens it as the patient. Returns where it was opened, and the most memory that
/// both verbs had.
fn there_and_back(story: &Story, file: &Path) -> anyhow::Result<(PathBuf, [u64; 2])> {
    let hospital = story.hospital(0)?;
    let card = ["patient", "card", "--hospital", &hospital];
    let card = text(&story.patient.json(&card)?, "card");
    let file = file.display().to_string();
    let mut submit = vec!["hospital", "submit", "--wait", "final", "--card", &card];
    submit.extend(["--code", SNOMED_RECORD, "--title", "A record", &file]);
    let (answer, to_issue) = story.staff(0)?.measured(&submit)?;
    let issued = Issued::from_answer(&answer);

    let out = story.network.dir().join("opened");
    let out_text = out.display().to_string();
    let mut open = vec!["patient", "open", "--out", &out_text];
    open.extend(["--patient", &issued.patient_id, "--record", &issued.txid]);
    let (_, to_open) = story.patient.measured(&open)?;
    Ok((out, [to_issue, to_open]))
}

/// Starts as DICOM does, and goes on as noise: no part of it is like another.
fn generate(file: &Path, bytes: u64) -> anyhow::Result<()> {
    let mut file = BufWriter::new(File::create_new(file)?);
    file.write_all(&[0; 128])?;
    file.write_all(b"DICM")?;
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    for _ in 0..(bytes - 132).div_ceil(8) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        file.write_all(&state.to_le_bytes())?;
    }
    let file = file.into_inner()?;
    Ok(file.set_len(bytes)?)
}

fn is_same(one: &Path, other: &Path) -> anyhow::Result<bool> {
    let (mut one, mut other) = (File::open(one)?, File::open(other)?);
    loop {
        let piece = piece_of(&mut one)?;
        if piece != piece_of(&mut other)? {
            return Ok(false);
        }
        if piece.is_empty() {
            return Ok(true);
        }
    }
}

fn piece_of(file: &mut File) -> anyhow::Result<Vec<u8>> {
    let mut piece = Vec::with_capacity(PIECE_BYTES);
    file.take(PIECE_BYTES as u64).read_to_end(&mut piece)?;
    Ok(piece)
}
