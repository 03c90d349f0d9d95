//! Which scope is which: the place n of a scope key in the derivation, found by trying.

use alloc::{
    collections::BTreeSet,
    string::{String, ToString},
    vec::Vec,
};

use keepwell_keys::{HospitalId, PublicKey, SecretKey};
use keepwell_ledger::{state::Scope, transaction::DiseaseId};
use keepwell_light::PatientView;

use super::{Patient, keys::LabelledScope};
use crate::Refusal;

/// Cards that were made and never used leave gaps among the scopes on the chain. So many in a row
/// are looked past, beyond the last one known: a card a week, none of them used, for a year.
pub const SCOPE_GAP_MAX: u32 = 64;

/// What a scope is called whose label was lost with the device that had it.
const RESTORED: &str = "restored";

impl Patient {
    /// The secret key of a scope on the chain; `None` for a scope that is not of this patient's
    /// making, or beyond the gap.
    pub(super) fn scope_key(
        &self,
        hospital_id: &HospitalId,
        public_key: &PublicKey,
    ) -> Option<SecretKey> {
        let number = self.scope_number(hospital_id, public_key)?;
        Some(self.keys_at(hospital_id).scope(number))
    }

    /// What the patient calls a scope: empty for the general one, `None` for one that this device
    /// does not know.
    pub fn scope_label(&self, hospital_id: &HospitalId, scope: &Scope) -> Option<&str> {
        let number = self.scope_number(hospital_id, &scope.public_key)?;
        let mut scopes = self.persona(hospital_id)?.scopes.iter();
        let known = scopes.find(|scope| scope.number == number);
        known.map(|scope| scope.label.as_str())
    }

    /// Takes a persona that has an account, and its scopes, into what this device knows. Says
    /// whether anything was new.
    pub fn adopt(&mut self, hospital_id: HospitalId, view: &PatientView) -> bool {
        let known = |patient: &Self, number| {
            let persona = patient.persona(&hospital_id);
            persona.is_some_and(|persona| persona.scopes.iter().any(|s| s.number == number))
        };
        let mut is_new = view.account().is_some() && self.persona(&hospital_id).is_none();
        if is_new {
            self.persona_mut(hospital_id);
        }
        let scopes = view.scopes().values();
        let public_keys: Vec<PublicKey> = scopes.map(|scope| scope.public_key).collect();
        let numbers = self.scope_numbers(&hospital_id, &public_keys);
        for number in numbers {
            if known(self, number) {
                continue;
            }
            // The first scope of a persona is the general one, unless a label was asked for then:
            // taking a labelled one for general would widen it, so only the first is.
            let label = if number == 0 { "" } else { RESTORED };
            self.persona_mut(hospital_id).scopes.push(LabelledScope {
                number,
                label: label.to_string(),
            });
            is_new = true;
        }
        is_new
    }

    /// The place of the scope that the next card is for: the general one while it is open, or a new
    /// one, by which the patient's file changes.
    pub(super) fn scope_for_card(
        &mut self,
        hospital_id: HospitalId,
        view: Option<&PatientView>,
        new_label: Option<&str>,
    ) -> u32 {
        if let Some(view) = view {
            self.adopt(hospital_id, view);
        }
        let keys = self.keys_at(&hospital_id);
        let is_closed = |number: u32| {
            let disease_id = DiseaseId::of(&keys.scope(number).public_key());
            let scope = view.and_then(|view| view.scopes().get(&disease_id));
            scope.is_some_and(|scope| scope.closed_index.0.is_some())
        };
        let persona = self.persona_mut(hospital_id);
        let scopes = persona.scopes.iter();
        let next = scopes.clone().map(|scope| scope.number + 1).max();
        let mut general = scopes.filter(|scope| scope.label.is_empty());
        let open = general.find(|scope| !is_closed(scope.number));
        match (new_label, open) {
            (None, Some(open)) => open.number,
            (label, _) => {
                // 0 is kept for the general scope, so that a restored device knows it as that.
                let least = u32::from(label.is_some());
                let number = next.unwrap_or(0).max(least);
                persona.scopes.push(LabelledScope {
                    number,
                    label: String::from(label.unwrap_or_default()),
                });
                number
            }
        }
    }

    /// The places of these scopes, ascending, without those that are nowhere. A scope that is found
    /// moves the gap on.
    pub(super) fn scope_numbers(
        &self,
        hospital_id: &HospitalId,
        public_keys: &[PublicKey],
    ) -> Vec<u32> {
        let keys = self.keys_at(hospital_id);
        let mut wanted: BTreeSet<PublicKey> = public_keys.iter().copied().collect();
        let mut last = self.last_known_number(hospital_id);
        let (mut numbers, mut number) = (Vec::new(), 0);
        while number <= last.saturating_add(SCOPE_GAP_MAX) && !wanted.is_empty() {
            if wanted.remove(&keys.scope(number).public_key()) {
                numbers.push(number);
                last = last.max(number);
            }
            number += 1;
        }
        numbers
    }

    fn scope_number(&self, hospital_id: &HospitalId, public_key: &PublicKey) -> Option<u32> {
        let found = self.scope_numbers(hospital_id, &[*public_key]);
        found.first().copied()
    }

    fn last_known_number(&self, hospital_id: &HospitalId) -> u32 {
        let persona = self.persona(hospital_id);
        let known = persona.into_iter().flat_map(|persona| &persona.scopes);
        known.map(|scope| scope.number).max().unwrap_or(0)
    }
}

/// A scope of a view by its id.
pub(super) fn scope<'v>(
    view: &'v PatientView,
    disease_id: &DiseaseId,
) -> Result<&'v Scope, Refusal> {
    let unknown = Refusal::UnknownScope {
        patient_id: *view.patient_id(),
        disease_id: *disease_id,
    };
    view.scopes().get(disease_id).ok_or(unknown)
}

#[cfg(test)]
mod tests {
    use keepwell_keys::Phrase;
    use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

    use super::*;

    fn patient() -> Patient {
        Patient::new(Phrase::generate(&mut ChaCha20Rng::seed_from_u64(1)))
    }

    const HOSPITAL: HospitalId = HospitalId::from_bytes([1; 32]);

    #[test]
    fn general_scope_is_the_first_and_labelled_ones_never_are() {
        let mut patient = patient();
        assert_eq!(patient.scope_for_card(HOSPITAL, None, Some("skin")), 1);
        assert_eq!(patient.scope_for_card(HOSPITAL, None, None), 2);
        assert_eq!(patient.scope_for_card(HOSPITAL, None, None), 2);
        assert_eq!(patient.scope_for_card(HOSPITAL, None, Some("skin")), 3);

        let mut patient = self::patient();
        assert_eq!(patient.scope_for_card(HOSPITAL, None, None), 0);
    }

    #[test]
    fn scope_key_is_found_by_its_public_key_within_the_gap() {
        let patient = patient();
        let keys = patient.keys_at(&HOSPITAL);
        for (number, is_found) in [(0, true), (SCOPE_GAP_MAX, true), (SCOPE_GAP_MAX + 1, false)] {
            let public_key = keys.scope(number).public_key();
            let found = patient.scope_key(&HOSPITAL, &public_key);
            assert_eq!(found.is_some(), is_found, "{number}");
        }
    }

    #[test]
    fn gap_is_counted_from_the_last_scope_that_was_found() {
        let patient = patient();
        let keys = patient.keys_at(&HOSPITAL);
        let numbers = [60, 60 + SCOPE_GAP_MAX, 60 + 3 * SCOPE_GAP_MAX];
        let public_keys = numbers.map(|number| keys.scope(number).public_key());
        let found = |public_keys: &[PublicKey]| patient.scope_numbers(&HOSPITAL, public_keys);
        assert_eq!(found(&public_keys), numbers[..2]);
        // Alone, the second lies behind a gap that is too wide.
        assert_eq!(found(&public_keys[1..]), Vec::<u32>::new());
    }
}
