//! A record as it is listed: on the chain, or on its way there.

use keepwell_client::{
    Hospitals,
    patient::{PendingRecord, TimelineEntry},
};
use keepwell_keys::PatientId;
use keepwell_primitives::Timestamp;
use keepwell_seal::Summary;
use serde_json::{Value, json};

/// A record with the persona it belongs to.
pub(super) enum Listed {
    Mined(PatientId, TimelineEntry),
    Pending(PatientId, PendingRecord),
}

impl Listed {
    pub(super) fn is_mined(&self) -> bool {
        matches!(self, Self::Mined(..))
    }

    pub(super) fn issued_at(&self) -> Option<Timestamp> {
        match self {
            Self::Mined(_, entry) => Some(entry.record.issued_at),
            Self::Pending(..) => None,
        }
    }

    fn summary(&self) -> Option<&Summary> {
        match self {
            Self::Mined(_, entry) => entry.summary.as_ref(),
            Self::Pending(_, record) => Some(&record.summary),
        }
    }

    pub(super) fn json(&self) -> Value {
        let summary = self.summary().map(Summary::fields);
        let mut json = match self {
            Self::Mined(patient_id, entry) => json!({
                "patientId": patient_id,
                "record": entry.reference.index,
                "txid": entry.reference.txid,
                "diseaseId": entry.record.disease_id,
                "providerId": entry.record.service_provider_id,
                "size": entry.record.blob_size,
                "issuedAt": entry.record.issued_at.to_string(),
                "supersedes": entry.record.supersedes.0.map(|reference| reference.txid),
                "state": entry.state,
            }),
            // It has no place and no time before a block gives it both.
            Self::Pending(patient_id, record) => json!({
                "patientId": patient_id,
                "record": null,
                "txid": record.txid,
                "diseaseId": record.submit.disease_id,
                "providerId": record.submit.service_provider_id,
                "size": record.submit.blob_size,
                "issuedAt": null,
                "supersedes": record.submit.supersedes.0.map(|reference| reference.txid),
                "state": record.state,
            }),
        };
        let code = summary.map(|summary| format!("{}|{}", summary.code.system, summary.code.code));
        let of_summary = json!({
            "title": summary.map(|summary| &summary.title),
            "code": code,
            "fhirType": summary.map(|summary| &summary.fhir_type),
            "mediaType": summary.map(|summary| summary.media_type.as_str()),
        });
        if let (Value::Object(fields), Value::Object(more)) = (&mut json, of_summary) {
            fields.extend(more);
        }
        json
    }

    pub(super) fn words(&self, hospitals: &Hospitals) -> String {
        let (patient_id, provider, disease_id, txid, state) = match self {
            Self::Mined(patient_id, entry) => {
                let record = &entry.record;
                let txid = entry.reference.txid;
                let provider = record.service_provider_id;
                (patient_id, provider, record.disease_id, txid, entry.state)
            }
            Self::Pending(patient_id, record) => {
                let submit = &record.submit;
                let provider = submit.service_provider_id;
                (
                    patient_id,
                    provider,
                    submit.disease_id,
                    record.txid,
                    record.state,
                )
            }
        };
        let time = self.issued_at().map(|time| time.to_string());
        let summary = self.summary().map(Summary::fields);
        format!(
            "{}  {}  {}\n    {}, {}\n    patient {patient_id}\n    scope   {disease_id}\n    \
             record  {txid}\n",
            time.as_deref().unwrap_or("on its way"),
            hospitals.name_of(&provider),
            summary.map_or("(its summary does not open)", |summary| &summary.title),
            summary.map_or("unknown", |summary| summary.media_type.as_str()),
            json!(state).as_str().unwrap_or_default(),
        )
    }
}
