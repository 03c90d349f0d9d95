//! Hospitals by id or by name.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};

use keepwell_keys::HospitalId;
use keepwell_ledger::state::Hospital;
use keepwell_light::LightClient;

use crate::Refusal;

/// The hospitals of a network, as they were last proved; before that, those of its genesis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hospitals(Vec<NamedHospital>);

/// A hospital with its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedHospital {
    /// Its id.
    pub id: HospitalId,
    /// Its leaf.
    pub hospital: Hospital,
}

impl Hospitals {
    /// Those that the light client knows.
    pub fn of(light: &LightClient) -> Self {
        let named = |(id, hospital): (&HospitalId, &Hospital)| NamedHospital {
            id: *id,
            hospital: hospital.clone(),
        };
        let genesis = || {
            let hospitals = light.network().hospitals().iter();
            hospitals
                .map(|(id, hospital)| named((id, hospital)))
                .collect()
        };
        let proved = light.directory().map(|directory| {
            let entries = directory.hospitals().iter();
            entries
                .map(|entry| named((&entry.hospital_id, &entry.hospital)))
                .collect()
        });
        Self(proved.unwrap_or_else(genesis))
    }

    /// All of them, in the order of the directory.
    pub fn all(&self) -> &[NamedHospital] {
        &self.0
    }

    /// The hospital with this id.
    pub fn by_id(&self, id: &HospitalId) -> Option<&NamedHospital> {
        self.0.iter().find(|named| named.id == *id)
    }

    /// The hospital that a person means: by its id, or by its name in any case.
    ///
    /// # Errors
    /// [`Refusal::UnknownHospital`], [`Refusal::AmbiguousHospital`].
    pub fn find(&self, text: &str) -> Result<&NamedHospital, Refusal> {
        let wanted = text.trim();
        if let Some(found) = wanted.parse().ok().and_then(|id| self.by_id(&id)) {
            return Ok(found);
        }
        let is_called = |named: &&NamedHospital| {
            named.hospital.name_text().to_lowercase() == wanted.to_lowercase()
        };
        let called: Vec<_> = self.0.iter().filter(is_called).collect();
        match called.as_slice() {
            [one] => Ok(one),
            [] => Err(Refusal::UnknownHospital {
                got: wanted.to_string(),
                known: self
                    .0
                    .iter()
                    .map(|named| named.hospital.name_text())
                    .collect(),
            }),
            many => Err(Refusal::AmbiguousHospital {
                got: wanted.to_string(),
                count: many.len(),
            }),
        }
    }

    /// What a person calls it; its id if it is not known.
    pub fn name_of(&self, id: &HospitalId) -> String {
        let named = self.by_id(id);
        named.map_or_else(|| id.to_string(), |named| named.hospital.name_text())
    }
}
