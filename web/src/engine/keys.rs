//! Who is signed in: what was unlocked, and what the device keeps of it under a passphrase.
//!
//! While a patient is signed in, the passphrase stays here with the seed: the vault is written anew
//! whenever a scope gets a label.

use std::collections::BTreeMap;

use keepwell_client::patient::Patient;
use keepwell_keys::{HospitalIdentity, Phrase, VaultParameters};
use keepwell_ledger::transaction::Txid;
use rand_core::OsRng;
use zeroize::Zeroizing;

use super::desk::Desk;
use crate::{
    ports::database::Store,
    talk::{Failure, Kept, News, Outcome, Who},
};

/// Shorter passphrases are refused: with Argon2id at its least, eight characters of a person's
/// choice are what a thief of the device can be kept busy with.
const PASSPHRASE_CHARS_MIN: usize = 8;

/// What was unlocked. Wiped from memory when locked.
#[derive(Default)]
pub(super) struct Keys {
    signed_in: SignedIn,
    draft: Option<Phrase>,
    /// What staff have called the records that they issued since they signed in: once sealed, only
    /// the patient can read it.
    titles: BTreeMap<Txid, String>,
}

#[derive(Default)]
enum SignedIn {
    #[default]
    Nobody,
    Patient {
        patient: Box<Patient>,
        passphrase: Zeroizing<String>,
    },
    Staff(Box<HospitalIdentity>),
}

impl Desk {
    /// The patient who is signed in.
    pub(super) fn patient(&self) -> Result<Patient, Failure> {
        match &self.keys.borrow().signed_in {
            SignedIn::Patient { patient, .. } => Ok((**patient).clone()),
            _ => Err(locked()),
        }
    }

    /// The staff who are signed in.
    pub(super) fn identity(&self) -> Result<HospitalIdentity, Failure> {
        match &self.keys.borrow().signed_in {
            SignedIn::Staff(identity) => Ok((**identity).clone()),
            _ => Err(locked()),
        }
    }

    pub(super) fn who(&self) -> Who {
        match &self.keys.borrow().signed_in {
            SignedIn::Nobody => Who::Nobody,
            SignedIn::Patient { .. } => Who::Patient,
            SignedIn::Staff(identity) => Who::Staff(identity.id()),
        }
    }

    pub(super) async fn tell_who(&self) -> Result<(), Failure> {
        let database = self.database().await?;
        let kept = Kept {
            patient: database.row(Store::Vaults, Patient::KIND).await?.is_some(),
            staff: database
                .row(Store::Vaults, HospitalIdentity::KIND)
                .await?
                .is_some(),
        };
        let who = self.who();
        self.voice.tell(News::Who { who, kept });
        Ok(())
    }

    /// Remembers what a record was called, until the keys are locked.
    pub(super) fn remember_title(&self, txid: Txid, title: String) {
        let mut keys = self.keys.borrow_mut();
        if matches!(keys.signed_in, SignedIn::Staff(_)) {
            keys.titles.insert(txid, title);
        }
    }

    /// What a record was called, as far as that is remembered.
    pub(super) fn title_of(&self, txid: &Txid) -> Option<String> {
        self.keys.borrow().titles.get(txid).cloned()
    }

    pub(super) fn draft_phrase(&self) -> Outcome {
        let phrase = Phrase::generate(&mut OsRng);
        let words = phrase.words().map(String::from).collect();
        self.keys.borrow_mut().draft = Some(phrase);
        Outcome::Phrase(words)
    }

    pub(super) fn type_phrase(&self, text: String) -> Result<Outcome, Failure> {
        let text = Zeroizing::new(text);
        self.keys.borrow_mut().draft = Some(Phrase::parse(&text)?);
        Ok(Outcome::Nothing)
    }

    /// Keeps the draft under a passphrase. A vault that is there is not replaced: whoever has one
    /// signs out first.
    pub(super) async fn keep_phrase(&self, passphrase: String) -> Result<Outcome, Failure> {
        let passphrase = checked(passphrase)?;
        let database = self.database().await?;
        if database.row(Store::Vaults, Patient::KIND).await?.is_some() {
            return Err(Failure::local(
                "alreadyKept",
                "This device keeps another phrase already.",
                "Unlock it, or sign out first.",
            ));
        }
        let draft = self.keys.borrow_mut().draft.take();
        let phrase = draft.ok_or_else(|| {
            Failure::local("noPhrase", "There is no phrase to keep.", "Start over.")
        })?;
        let patient = Patient::new(phrase.clone());
        if let Err(failure) = self.save(&patient, &passphrase).await {
            self.keys.borrow_mut().draft = Some(phrase);
            return Err(failure);
        }
        self.enter_patient(patient, passphrase).await
    }

    pub(super) async fn unlock_patient(&self, passphrase: String) -> Result<Outcome, Failure> {
        let passphrase = Zeroizing::new(passphrase);
        let patient = Patient::open(&self.vault(Patient::KIND).await?, &passphrase)?;
        self.enter_patient(patient, passphrase).await
    }

    /// Signs in with a file, and keeps it as it is: it is under its passphrase already.
    pub(super) async fn sign_in_staff(
        &self,
        file: Vec<u8>,
        passphrase: String,
    ) -> Result<Outcome, Failure> {
        let passphrase = Zeroizing::new(passphrase);
        let identity = HospitalIdentity::open(&file, &passphrase)?;
        let row = [(HospitalIdentity::KIND, Some(file.as_slice()))];
        self.database().await?.change(Store::Vaults, row).await?;
        self.enter_staff(identity).await
    }

    pub(super) async fn unlock_staff(&self, passphrase: String) -> Result<Outcome, Failure> {
        let passphrase = Zeroizing::new(passphrase);
        let file = self.vault(HospitalIdentity::KIND).await?;
        self.enter_staff(HospitalIdentity::open(&file, &passphrase)?)
            .await
    }

    pub(super) async fn lock(&self) -> Result<Outcome, Failure> {
        self.keys.replace(Keys::default());
        self.tell_who().await?;
        Ok(Outcome::Nothing)
    }

    /// Locks, and deletes what the device keeps of whoever was signed in, or of both if nobody was;
    /// what was verified for them too. The network stays trusted.
    pub(super) async fn sign_out(&self) -> Result<Outcome, Failure> {
        let gone: &[&str] = match self.who() {
            Who::Patient => &[Patient::KIND],
            Who::Staff(_) => &[HospitalIdentity::KIND],
            Who::Nobody => &[Patient::KIND, HospitalIdentity::KIND],
        };
        self.keys.replace(Keys::default());
        let database = self.database().await?;
        let rows = gone.iter().map(|kind| (*kind, None));
        database.change(Store::Vaults, rows).await?;
        self.forget_verified().await?;
        self.tell_who().await?;
        Ok(Outcome::Nothing)
    }

    /// The words, for whoever gives the passphrase again.
    pub(super) async fn phrase(&self, passphrase: String) -> Result<Outcome, Failure> {
        let passphrase = Zeroizing::new(passphrase);
        let patient = Patient::open(&self.vault(Patient::KIND).await?, &passphrase)?;
        let words = patient.phrase().words().map(String::from).collect();
        Ok(Outcome::Phrase(words))
    }

    /// Keeps what is new of the patient, on the device first: a scope key that was forgotten would
    /// open nothing.
    pub(super) async fn keep_patient(&self, changed: Patient) -> Result<(), Failure> {
        let passphrase = match &self.keys.borrow().signed_in {
            SignedIn::Patient { passphrase, .. } => passphrase.clone(),
            _ => return Err(locked()),
        };
        self.save(&changed, &passphrase).await?;
        // Locked in the meantime stays locked.
        if let SignedIn::Patient { patient, .. } = &mut self.keys.borrow_mut().signed_in {
            **patient = changed;
        }
        Ok(())
    }

    async fn enter_patient(
        &self,
        patient: Patient,
        passphrase: Zeroizing<String>,
    ) -> Result<Outcome, Failure> {
        self.enter_as(SignedIn::Patient {
            patient: Box::new(patient),
            passphrase,
        })
        .await
    }

    async fn enter_staff(&self, identity: HospitalIdentity) -> Result<Outcome, Failure> {
        self.enter_as(SignedIn::Staff(Box::new(identity))).await
    }

    async fn enter_as(&self, signed_in: SignedIn) -> Result<Outcome, Failure> {
        self.keys.replace(Keys {
            signed_in,
            ..Keys::default()
        });
        self.standings.borrow_mut().clear();
        self.elsewhere.borrow_mut().clear();
        self.pending.borrow_mut().clear();
        self.not_asked.borrow_mut().clear();
        self.tell_who().await?;
        Ok(Outcome::Nothing)
    }

    async fn save(&self, patient: &Patient, passphrase: &str) -> Result<(), Failure> {
        let sealed = patient.seal(passphrase, VaultParameters::default(), &mut OsRng)?;
        let row = [(Patient::KIND, Some(sealed.as_slice()))];
        self.database().await?.change(Store::Vaults, row).await?;
        Ok(())
    }

    async fn vault(&self, kind: &'static str) -> Result<Vec<u8>, Failure> {
        let row = self.database().await?.row(Store::Vaults, kind).await?;
        row.ok_or_else(|| {
            Failure::local(
                "nothingKept",
                "This device keeps nothing to unlock.",
                "Restore from your 24 words, or sign in with a file.",
            )
        })
    }
}

fn checked(passphrase: String) -> Result<Zeroizing<String>, Failure> {
    let passphrase = Zeroizing::new(passphrase);
    let got = passphrase.chars().count();
    if got < PASSPHRASE_CHARS_MIN {
        let message =
            format!("A passphrase has at least {PASSPHRASE_CHARS_MIN} characters, this has {got}.");
        let hint = "A few words that nobody would guess are good, and easy to type.";
        return Err(Failure::local("passphraseTooShort", message, hint));
    }
    Ok(passphrase)
}

pub(super) fn locked() -> Failure {
    Failure::local(
        "locked",
        "The keys are locked.",
        "Unlock with the passphrase, then do it again.",
    )
}
