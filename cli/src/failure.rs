//! Why a verb did not do what was asked: for people in words, for scripts as a code and an exit.

use keepwell_client::{ClientError, ErrorClass, Refusal};
use serde::Serialize;

/// The exit codes. 0 is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// A passphrase, a file, a directory.
    Local = 1,
    /// The command line.
    Usage = 2,
    /// A rule refused it, at a relay or here.
    Refused = 3,
    /// A relay's answer failed verification.
    Unverified = 4,
    /// No relay could be reached.
    Unreachable = 5,
    /// It took longer than allowed.
    TimedOut = 6,
}

/// How a verb failed. Serialized, it is what stands under `error` in the last line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Failure {
    #[serde(skip)]
    pub(crate) exit: Exit,
    /// The API's code where a relay gave one.
    pub(crate) code: String,
    /// What happened.
    pub(crate) message: String,
    /// What to do.
    pub(crate) hint: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) got: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) expected: Option<String>,
}

impl Exit {
    pub(crate) const fn code(self) -> u8 {
        self as u8
    }
}

impl Failure {
    pub(crate) fn new(
        exit: Exit,
        code: &str,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self {
            exit,
            code: String::from(code),
            message: message.into(),
            hint: hint.into(),
            got: None,
            expected: None,
        }
    }

    /// The same with what there was and what there should have been.
    #[must_use]
    pub(crate) fn with_difference(
        self,
        got: impl Into<String>,
        expected: impl Into<String>,
    ) -> Self {
        Self {
            got: Some(got.into()),
            expected: Some(expected.into()),
            ..self
        }
    }

    /// A file or directory that could not be read or written.
    pub(crate) fn file(path: &std::path::Path, doing: &str, error: &std::io::Error) -> Self {
        let hint = match error.kind() {
            std::io::ErrorKind::NotFound => "Check the path.",
            std::io::ErrorKind::PermissionDenied => {
                "Check who owns it and who may read and write it."
            }
            std::io::ErrorKind::StorageFull => "Make room on the disk, then run it again.",
            _ => "Check the path and the disk.",
        };
        let message = format!("{} could not be {doing}: {error}", path.display());
        Self::new(Exit::Local, "file", message, hint)
    }

    /// A relay whose answer is not what it claims to be.
    pub(crate) fn unverified(relay: &str, code: &str, message: impl std::fmt::Display) -> Self {
        Self::new(
            Exit::Unverified,
            code,
            format!("{relay} gave an answer that failed verification: {message}"),
            "Nothing was changed. Ask another relay with --relay, and tell this one's operator.",
        )
    }
}

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        let exit = match error.class() {
            ErrorClass::Local => Exit::Local,
            ErrorClass::Refused => Exit::Refused,
            ErrorClass::Unverified => Exit::Unverified,
            ErrorClass::Unreachable => Exit::Unreachable,
            ErrorClass::TimedOut => Exit::TimedOut,
        };
        let hint = match exit {
            Exit::Unreachable => format!("{} Name one with --relay.", error.hint()),
            Exit::TimedOut => format!("{} The option is --timeout.", error.hint()),
            _ => error.hint(),
        };
        let failure = Self::new(exit, &error.code(), error.to_string(), hint);
        match error.difference() {
            Some((got, expected)) => failure.with_difference(got, expected),
            None => failure,
        }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::from(ClientError::from(refusal))
    }
}

#[cfg(test)]
mod tests {
    use keepwell_wire::api::Problem;

    use super::*;

    fn from_problem(problem: Problem) -> Failure {
        Failure::from(ClientError::Problem {
            relay: String::from("http://a"),
            problem,
        })
    }

    #[test]
    fn exit_codes_are_those_of_the_help() {
        for (exit, code) in [
            (Exit::Local, 1),
            (Exit::Usage, 2),
            (Exit::Refused, 3),
            (Exit::Unverified, 4),
            (Exit::Unreachable, 5),
            (Exit::TimedOut, 6),
        ] {
            assert_eq!(exit.code(), code);
        }
    }

    #[test]
    fn relay_s_problem_keeps_its_code_and_difference() {
        let problem =
            Problem::new(422, "nonceTooLow", "the nonce was used").with_difference("1", "2");
        let failure = from_problem(problem);
        assert_eq!(failure.exit, Exit::Refused);
        assert_eq!(
            serde_json::to_string(&failure).unwrap(),
            r#"{"code":"nonceTooLow","message":"http://a: the nonce was used","hint":"Change what the message names, then try again.","got":"1","expected":"2"}"#
        );
    }

    #[test]
    fn relay_at_fault_counts_as_unreachable_and_one_that_refuses_does_not() {
        for (status, expected) in [
            (400, Exit::Refused),
            (404, Exit::Refused),
            (500, Exit::Unreachable),
            (503, Exit::Unreachable),
        ] {
            let failure = from_problem(Problem::new(status, "x", "x"));
            assert_eq!(failure.exit, expected);
        }
    }
}
