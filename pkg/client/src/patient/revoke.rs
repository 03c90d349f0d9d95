//! Taking a grant back, or closing a scope.

use keepwell_keys::{HospitalId, PatientId};
use keepwell_ledger::{
    state::{Consent, EventKind},
    transaction::{DiseaseId, Payload, RevokeAccess, Txid},
};
use keepwell_light::{Interest, LightClient, PatientView};
use keepwell_primitives::BlockIndex;

use super::{Patient, scopes::scope};
use crate::{ClientError, Clock, Refusal, Relay, Session, Wait, session::Signer};

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Revoked {
    /// The revocation.
    pub txid: Txid,
    /// Whether custodians ever served that hospital a key of the scope: what it opened it has.
    pub opened_before: bool,
}

/// Revokes a hospital's grant on a scope; with `close_scope` later records go to a new scope.
/// Named on the issuer itself, it only closes.
///
/// # Errors
/// [`Refusal`]s before anything is sent; those of the relay.
pub async fn revoke<R: Relay, C: Clock>(
    session: &mut Session<'_, R, C>,
    patient: &Patient,
    issuer: HospitalId,
    disease_id: DiseaseId,
    from: HospitalId,
    close_scope: bool,
    wait: Wait,
) -> Result<Revoked, ClientError> {
    let patient_id = patient.id_at(&issuer);
    let interests = [Interest::Patient(patient_id)];
    session.sync(&interests).await?;
    let unknown = Refusal::UnknownScope {
        patient_id,
        disease_id,
    };
    let view = session.light.patient(&patient_id).ok_or(unknown)?;
    check(view, &disease_id, &from)?;
    let opened_before = was_served(view, &disease_id, &from);
    let payload = Payload::RevokeAccess(RevokeAccess {
        patient_id,
        service_requester_id: from,
        service_provider_id: issuer,
        disease_id,
        close_scope,
    });
    let (_, key) = patient.role_at(&issuer);
    let signer = Signer {
        key: &key,
        interest: Interest::Patient(patient_id),
    };
    let txid = session.send(&signer, payload).await?;
    session
        .wait_for(txid, &interests, wait, |light| {
            mined_at(light, &patient_id, &txid).map(|index| (index, ()))
        })
        .await?;
    Ok(Revoked {
        txid,
        opened_before,
    })
}

fn check(view: &PatientView, disease_id: &DiseaseId, from: &HospitalId) -> Result<(), Refusal> {
    let scope = scope(view, disease_id)?;
    if scope.service_provider_id == *from {
        return match scope.closed_index.0 {
            Some(_) => Err(Refusal::ScopeClosed {
                disease_id: *disease_id,
            }),
            None => Ok(()),
        };
    }
    let entry = scope.entry(from).map(|entry| &entry.consent);
    match entry {
        Some(Consent::Granted(_)) => Ok(()),
        _ => Err(Refusal::NothingToRevoke {
            hospital_id: *from,
            disease_id: *disease_id,
        }),
    }
}

/// Whether custodians ever served a hospital a key of a scope: what it opened it has. That counts
/// from the first custodian on; what the others did is only a matter of time.
pub fn was_served(view: &PatientView, disease_id: &DiseaseId, hospital_id: &HospitalId) -> bool {
    view.events().iter().any(|event| {
        let requester = event.request.0.map(|request| request.service_requester_id);
        event.kind == EventKind::Served
            && event.disease_id == *disease_id
            && requester == Some(*hospital_id)
    })
}

fn mined_at(light: &LightClient, patient_id: &PatientId, txid: &Txid) -> Option<BlockIndex> {
    let mut events = light.patient(patient_id)?.events().iter();
    events
        .find(|event| event.txid == *txid)
        .map(|event| event.index)
}
