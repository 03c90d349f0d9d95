//! Making a visit card.

use keepwell_keys::{GenesisHash, HospitalId};
use keepwell_ledger::transaction::{VisitCard, VisitCardText};
use keepwell_light::PatientView;
use keepwell_primitives::Timestamp;

use super::Patient;
use crate::CARD_VALID_FOR;

/// A card that lets a hospital write into the patient's general scope there, or into a new one.
/// The patient's file changes with it, and is to be kept before the card is shown.
///
/// `view` is what is known of the persona; without it a scope that was closed on another device
/// cannot be told from an open one.
pub fn card(
    patient: &mut Patient,
    genesis_hash: GenesisHash,
    hospital_id: HospitalId,
    view: Option<&PatientView>,
    new_label: Option<&str>,
    now: Timestamp,
) -> VisitCardText {
    let number = patient.scope_for_card(hospital_id, view, new_label);
    let keys = patient.keys_at(&hospital_id);
    VisitCardText {
        genesis_hash,
        card: VisitCard::sign(
            keys.patient_id(),
            &keys.identity(0),
            hospital_id,
            keys.scope(number).public_key(),
            now + CARD_VALID_FOR,
            &genesis_hash,
        ),
    }
}

#[cfg(test)]
mod tests {
    use keepwell_keys::Phrase;
    use keepwell_primitives::Hash;
    use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

    use super::*;

    #[test]
    fn card_passes_its_reader_s_check_and_labels_make_other_scopes() {
        let genesis = GenesisHash(Hash([1; 32]));
        let hospital = HospitalId::from_bytes([2; 32]);
        let mut patient = Patient::new(Phrase::generate(&mut ChaCha20Rng::seed_from_u64(1)));
        let now = Timestamp(1_000);
        let mut make = |label| card(&mut patient, genesis, hospital, None, label, now).card;
        let general = make(None);
        assert_eq!(general.check(&genesis, &hospital, None, now), Ok(()));
        assert_eq!(make(None).disease_id(), general.disease_id());
        assert_ne!(make(Some("skin")).disease_id(), general.disease_id());
    }
}
