//! The patient as a device keeps them: the phrase, and what of their scopes the chain does not say.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};

use alloy_rlp::{RlpDecodable, RlpEncodable};
use keepwell_keys::{
    HospitalId, MasterSeed, PatientId, PersonaKeys, Phrase, PhraseError, SecretKey, Vault,
    VaultError, VaultParameters, vault::SECRET_BYTES_MAX,
};
use keepwell_primitives::{CanonicalError, decode_canonical};
use keepwell_wire::api::Role;
use rand_core::CryptoRngCore;
use zeroize::Zeroizing;

/// A patient with all their keys.
///
/// In its vault (kind [`Patient::KIND`]) are the canonical bytes `[phrase, [[hospital id,
/// [[n, label], …]], …]]`. The labels are the one thing that a restored patient has lost; which
/// scopes there are is found on the chain again.
#[derive(Clone)]
pub struct Patient {
    phrase: Phrase,
    seed: MasterSeed,
    personas: Vec<Persona>,
}

/// What the chain does not say of one persona.
#[derive(Clone, Debug, PartialEq, Eq, RlpEncodable, RlpDecodable)]
pub(super) struct Persona {
    pub(super) hospital_id: HospitalId,
    pub(super) scopes: Vec<LabelledScope>,
}

/// A scope for which a card was made, or that was found on the chain.
#[derive(Clone, Debug, PartialEq, Eq, RlpEncodable, RlpDecodable)]
pub(super) struct LabelledScope {
    /// Its place in the derivation.
    pub(super) number: u32,
    /// What the patient calls it; empty for the general one.
    pub(super) label: String,
}

#[derive(RlpEncodable, RlpDecodable)]
struct Contents {
    phrase: String,
    personas: Vec<Persona>,
}

impl Patient {
    /// The kind of the vault, and the customary name of its file.
    pub const KIND: &'static str = "patient.keepwell";

    /// A patient with this phrase, of whom nothing else is known. Takes milliseconds.
    pub fn new(phrase: Phrase) -> Self {
        Self {
            seed: MasterSeed::from_phrase(&phrase),
            phrase,
            personas: Vec::new(),
        }
    }

    /// The bytes of the patient's file, under `passphrase`.
    ///
    /// # Errors
    /// As [`Vault::seal`]: too many labels, or no memory.
    pub fn seal(
        &self,
        passphrase: &str,
        parameters: VaultParameters,
        rng: &mut impl CryptoRngCore,
    ) -> Result<Vec<u8>, VaultError> {
        let contents = Contents {
            phrase: self.phrase.expose_secret().to_string(),
            personas: self.personas.clone(),
        };
        let mut bytes = Zeroizing::new(Vec::with_capacity(SECRET_BYTES_MAX));
        alloy_rlp::Encodable::encode(&contents, &mut *bytes);
        let _wiped = Zeroizing::new(contents.phrase);
        Vault::seal(Self::KIND, &bytes, passphrase, parameters, rng).map(|vault| vault.to_bytes())
    }

    /// The patient in the bytes of a file.
    ///
    /// # Errors
    /// [`PatientError`].
    pub fn open(file: &[u8], passphrase: &str) -> Result<Self, PatientError> {
        let bytes = Vault::from_bytes(file)?.open(Self::KIND, passphrase)?;
        let contents: Contents = decode_canonical(&bytes, SECRET_BYTES_MAX)?;
        let phrase = Zeroizing::new(contents.phrase);
        Ok(Self {
            personas: contents.personas,
            ..Self::new(Phrase::parse(&phrase)?)
        })
    }

    /// The recovery phrase, for showing it.
    pub const fn phrase(&self) -> &Phrase {
        &self.phrase
    }

    /// The hospitals that know the patient, as far as this device does.
    pub fn hospitals(&self) -> impl Iterator<Item = HospitalId> {
        self.personas.iter().map(|persona| persona.hospital_id)
    }

    /// The patient's id at a hospital, whether it was ever used or not.
    pub fn id_at(&self, hospital_id: &HospitalId) -> PatientId {
        self.keys_at(hospital_id).patient_id()
    }

    /// The hospital at which the patient has this id.
    pub fn hospital_of<'a>(
        &self,
        patient_id: &PatientId,
        mut hospitals: impl Iterator<Item = &'a HospitalId>,
    ) -> Option<HospitalId> {
        hospitals
            .find(|hospital_id| self.id_at(hospital_id) == *patient_id)
            .copied()
    }

    /// As whom, and with which key, the patient asks a relay for a token.
    pub fn role_at(&self, hospital_id: &HospitalId) -> (Role, SecretKey) {
        let keys = self.keys_at(hospital_id);
        (Role::Patient(keys.patient_id()), keys.identity(0))
    }

    pub(super) fn keys_at(&self, hospital_id: &HospitalId) -> PersonaKeys {
        self.seed.persona(hospital_id)
    }

    pub(super) fn persona(&self, hospital_id: &HospitalId) -> Option<&Persona> {
        let mut personas = self.personas.iter();
        personas.find(|persona| persona.hospital_id == *hospital_id)
    }

    /// The persona at a hospital, made known to the device if it was not.
    pub(super) fn persona_mut(&mut self, hospital_id: HospitalId) -> &mut Persona {
        let known = self.personas.iter();
        let position = known
            .clone()
            .position(|persona| persona.hospital_id == hospital_id);
        let position = position.unwrap_or_else(|| {
            self.personas.push(Persona {
                hospital_id,
                scopes: Vec::new(),
            });
            self.personas.len() - 1
        });
        self.personas
            .get_mut(position)
            .expect("found or pushed just before")
    }
}

/// Why a file is not a patient's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatientError {
    /// The vault around it is not read, or not opened.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// It opens to something else.
    #[error("the file opens, but holds no patient: {0}")]
    Contents(#[from] CanonicalError),
    /// It opens to words that are no phrase.
    #[error("the file opens, but holds no patient: {0}")]
    Phrase(#[from] PhraseError),
}

#[cfg(test)]
mod tests {
    use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

    use super::*;

    #[test]
    fn patient_survives_the_file_with_their_labels() {
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        let mut patient = Patient::new(Phrase::generate(&mut rng));
        let hospital = HospitalId::from_bytes([7; 32]);
        patient.persona_mut(hospital).scopes.push(LabelledScope {
            number: 3,
            label: String::from("skin"),
        });
        let file = patient
            .seal("p", VaultParameters::default(), &mut rng)
            .unwrap();
        let opened = Patient::open(&file, "p").ok().unwrap();
        assert_eq!(
            *opened.phrase().expose_secret(),
            *patient.phrase().expose_secret()
        );
        assert_eq!(opened.personas, patient.personas);
        assert_eq!(opened.id_at(&hospital), patient.id_at(&hospital));
        assert_eq!(
            Patient::open(&file, "q").err(),
            Some(PatientError::Vault(VaultError::WrongPassphraseOrDamaged))
        );
    }

    #[test]
    fn hospital_of_an_id_is_found_among_all() {
        let patient = Patient::new(Phrase::generate(&mut ChaCha20Rng::seed_from_u64(1)));
        let hospitals = [1, 2, 3].map(|byte| HospitalId::from_bytes([byte; 32]));
        let id = patient.id_at(&hospitals[1]);
        assert_eq!(
            patient.hospital_of(&id, hospitals.iter()),
            Some(hospitals[1])
        );
        assert_eq!(patient.hospital_of(&id, hospitals[..1].iter()), None);
    }
}
