//! Every error of the engine in words that a person can act on.

use keepwell_client::{ClientError, ErrorClass, Refusal, patient::PatientError};
use keepwell_keys::{HospitalIdentityError, PhraseError, VaultError};

use crate::{
    crypt::{CryptError, OriginalError},
    ports::database::DatabaseError,
    talk::{Failure, FailureClass},
};

impl Failure {
    /// Something here, and nothing of a relay's.
    pub(super) fn local(code: &str, message: impl Into<String>, hint: &str) -> Self {
        Self {
            class: FailureClass::Local,
            code: String::from(code),
            message: message.into(),
            hint: String::from(hint),
            relay: None,
        }
    }
}

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        let class = match error.class() {
            ErrorClass::Local => FailureClass::Local,
            ErrorClass::Refused => FailureClass::Refused,
            ErrorClass::Unverified => FailureClass::Unverified,
            ErrorClass::Unreachable => FailureClass::Unreachable,
            ErrorClass::TimedOut => FailureClass::TimedOut,
        };
        let relay = match &error {
            ClientError::Relay { relay, .. }
            | ClientError::Problem { relay, .. }
            | ClientError::NotARelay { relay, .. }
            | ClientError::Malformed { relay, .. }
            | ClientError::Verification { relay, .. }
            | ClientError::Waiting { relay, .. }
            | ClientError::Block { relay, .. }
            | ClientError::File { relay, .. } => Some(relay.clone()),
            _ => None,
        };
        Self {
            class,
            code: error.code(),
            message: sentence(&error.to_string()),
            hint: error.hint(),
            relay,
        }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        ClientError::from(refusal).into()
    }
}

impl From<DatabaseError> for Failure {
    fn from(error: DatabaseError) -> Self {
        Self::local(
            "storage",
            sentence(&error.to_string()),
            "Allow site data for this address and leave private browsing, make room on the device, \
             and close other windows of this page.",
        )
    }
}

impl From<PhraseError> for Failure {
    fn from(error: PhraseError) -> Self {
        Self::local(
            "phrase",
            sentence(&error.to_string()),
            "Compare with what you wrote down, word by word.",
        )
    }
}

impl From<VaultError> for Failure {
    fn from(error: VaultError) -> Self {
        let (code, hint) = match &error {
            VaultError::WrongPassphraseOrDamaged => (
                "wrongPassphrase",
                "Type it again. Capital letters and spaces count.",
            ),
            _ => (
                "vault",
                "Restore from your 24 words, or choose the right file.",
            ),
        };
        Self::local(code, sentence(&error.to_string()), hint)
    }
}

impl From<PatientError> for Failure {
    fn from(error: PatientError) -> Self {
        match error {
            PatientError::Vault(error) => error.into(),
            PatientError::Phrase(error) => error.into(),
            PatientError::Contents(_) => Self::local(
                "vault",
                sentence(&error.to_string()),
                "Sign out, and restore from your 24 words.",
            ),
        }
    }
}

impl From<HospitalIdentityError> for Failure {
    fn from(error: HospitalIdentityError) -> Self {
        match error {
            HospitalIdentityError::Vault(error) => error.into(),
            other => Self::local(
                "identity",
                sentence(&other.to_string()),
                "Choose the file identity.keepwell of your hospital's home.",
            ),
        }
    }
}

impl From<OriginalError> for Failure {
    fn from(error: OriginalError) -> Self {
        let (code, hint) = match &error {
            OriginalError::TooLarge { .. } => ("fileTooLarge", "Split it, or issue a part of it."),
            OriginalError::MediaType(_) => (
                "notWhatItsNameSays",
                "Records are FHIR in JSON, PDF, PNG, JPEG or DICOM. Rename or export the file.",
            ),
            OriginalError::NotFhir { .. } => ("notFhir", "Export it again as FHIR R4 in JSON."),
            OriginalError::Unreadable { .. } => ("file", "Choose the file again."),
        };
        Self::local(code, sentence(&error.to_string()), hint)
    }
}

impl From<CryptError> for Failure {
    fn from(error: CryptError) -> Self {
        match error {
            CryptError::Open(error) => ClientError::Open { error }.into(),
            CryptError::Store(_) => Self::local(
                "storage",
                sentence(&error.to_string()),
                "Make room on the device, and leave private browsing.",
            ),
            CryptError::Unreadable(_) => Self::local(
                "file",
                sentence(&error.to_string()),
                "Choose the file again.",
            ),
            CryptError::Seal(_) | CryptError::Crypto(_) => Self::local(
                "sealing",
                sentence(&error.to_string()),
                "Try again, with a current browser.",
            ),
        }
    }
}

/// With a capital letter and a full stop, as a person reads it.
fn sentence(words: &str) -> String {
    let mut characters = words.chars();
    let first = characters.next().map(|c| c.to_uppercase().to_string());
    let end = if words.ends_with(['.', '!', '?']) {
        ""
    } else {
        "."
    };
    format!("{}{}{end}", first.unwrap_or_default(), characters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_become_a_sentence_once() {
        assert_eq!(sentence("the disk is full"), "The disk is full.");
        assert_eq!(sentence("Try again."), "Try again.");
        assert_eq!(sentence(""), ".");
    }
}
