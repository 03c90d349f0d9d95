//! The passphrase of a home: from a file, or from the environment; never from the command line,
//! which other users of the machine can read.

use std::{env, fs, path::Path};

use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use crate::{
    arguments::GlobalOptions,
    failure::{Exit, Failure},
};

const VARIABLE: &str = "KEEPWELL_PASSPHRASE";

/// In NFC, so that it is the same on every keyboard. Wiped from memory when dropped.
pub(crate) type Passphrase = Zeroizing<String>;

/// Asks the file that was named, else the environment.
pub(crate) fn passphrase(global: &GlobalOptions) -> Result<Passphrase, Failure> {
    let text = match &global.passphrase_file {
        Some(file) => first_line_of(file)?,
        None => from_environment()?,
    };
    if text.is_empty() {
        return Err(Failure::new(
            Exit::Local,
            "passphraseMissing",
            "The passphrase is empty.",
            "Choose one that nobody guesses, such as six random words.",
        ));
    }
    Ok(Zeroizing::new(text.nfc().collect()))
}

/// A vault that did not open: most often the passphrase, and the message says what else.
pub(crate) fn wrong_passphrase(path: &Path, error: &dyn std::fmt::Display) -> Failure {
    Failure::new(
        Exit::Local,
        "wrongPassphrase",
        format!("{} does not open: {error}.", path.display()),
        "Check the passphrase; if it is right, put back a copy of the file.",
    )
}

/// A file for one passphrase ends in at most one line break, which is not part of it.
fn first_line_of(file: &Path) -> Result<Zeroizing<String>, Failure> {
    let text = fs::read_to_string(file);
    let text = Zeroizing::new(text.map_err(|error| Failure::file(file, "read", &error))?);
    let line = text.strip_suffix('\n').unwrap_or(&text);
    let line = line.strip_suffix('\r').unwrap_or(line);
    if line.contains('\n') {
        return Err(Failure::new(
            Exit::Local,
            "passphraseFile",
            format!("{} has more than one line.", file.display()),
            "Put the passphrase alone into the file, on one line.",
        ));
    }
    Ok(Zeroizing::new(String::from(line)))
}

fn from_environment() -> Result<Zeroizing<String>, Failure> {
    match env::var(VARIABLE) {
        Ok(text) => Ok(Zeroizing::new(text)),
        Err(env::VarError::NotPresent) => Err(Failure::new(
            Exit::Local,
            "passphraseMissing",
            "This needs the home's passphrase, and none was given.",
            format!("Put it into a file and name it with --passphrase-file, or set {VARIABLE}."),
        )),
        Err(env::VarError::NotUnicode(_)) => Err(Failure::new(
            Exit::Local,
            "passphraseMissing",
            format!("{VARIABLE} is not UTF-8."),
            "Set it in a terminal that uses UTF-8, or use --passphrase-file.",
        )),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::arguments::Arguments;

    fn from_file(contents: &str) -> Result<String, String> {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(&file, contents).unwrap();
        let path = file.path().to_str().unwrap();
        let line = ["keepwell", "status", "--passphrase-file", path];
        let global = Arguments::try_parse_from(line).unwrap().global;
        let passphrase = passphrase(&global).map_err(|failure| failure.code)?;
        Ok(passphrase.to_string())
    }

    #[test]
    fn file_may_end_in_a_line_break() {
        for contents in ["two words", "two words\n", "two words\r\n"] {
            assert_eq!(from_file(contents), Ok(String::from("two words")));
        }
        assert_eq!(from_file(" a "), Ok(String::from(" a ")));
    }

    #[test]
    fn passphrase_is_the_same_however_it_was_composed() {
        assert_eq!(from_file("e\u{301}"), from_file("\u{e9}"));
    }

    #[test]
    fn empty_file_and_many_lines_are_refused() {
        assert_eq!(from_file("\n"), Err(String::from("passphraseMissing")));
        assert_eq!(from_file("a\nb\n"), Err(String::from("passphraseFile")));
    }
}
