//! Asking custodians for the keys of records.

use alloc::{collections::BTreeSet, vec::Vec};

use keepwell_keys::{HospitalId, HospitalIdentity, PatientId};
use keepwell_ledger::{
    state::Grant,
    transaction::{DiseaseId, Payload, RecordReference, RequestKey, Txid},
};
use keepwell_light::{Interest, ScopeView};
use keepwell_primitives::Timestamp;

use super::view;
use crate::{ClientError, Clock, Refusal, Relay, Session, Wait, bounded::bounded, session::Signer};

/// Requests the keys of these records, or of all that the grant covers. Returns the request.
///
/// # Errors
/// [`Refusal`]s before anything is sent; those of the relay.
pub async fn request<R: Relay, C: Clock>(
    session: &mut Session<'_, R, C>,
    identity: &HospitalIdentity,
    patient_id: PatientId,
    disease_id: DiseaseId,
    records: &[Txid],
    wait: Wait,
) -> Result<Txid, ClientError> {
    let own_id = identity.id();
    let interests = [Interest::Hospital(own_id)];
    session.sync(&interests).await?;
    let now = session.clock.now();
    let own = view(session.light, &own_id)?;
    let no_grant = || Refusal::NoLiveGrant {
        hospital_id: own_id,
        disease_id,
    };
    let scope = own
        .granted()
        .find(|scope| scope.patient_id == patient_id && scope.disease_id == disease_id)
        .ok_or_else(no_grant)?;
    let grant = live_grant(scope, &own_id, now)?;
    let payload = Payload::RequestKey(RequestKey {
        patient_id,
        service_requester_id: own_id,
        service_provider_id: scope.scope.service_provider_id,
        disease_id,
        records: bounded("records", wanted(scope, grant, records)?)?,
        purpose: grant.purpose.clone(),
    });
    let signer = Signer {
        key: &identity.authority,
        interest: Interest::Hospital(own_id),
    };
    let txid = session.send(&signer, payload).await?;
    session
        .wait_for(txid, &interests, wait, |light| {
            let mut requests = light.hospital(&own_id)?.requests().iter();
            let found = requests.find(|request| request.txid == txid)?;
            Some((found.index, ()))
        })
        .await?;
    Ok(txid)
}

pub(super) fn live_grant<'v>(
    scope: &'v ScopeView,
    own_id: &HospitalId,
    now: Timestamp,
) -> Result<&'v Grant, Refusal> {
    let grant = scope.scope.live_grant(own_id, now);
    grant.ok_or(Refusal::NoLiveGrant {
        hospital_id: *own_id,
        disease_id: scope.disease_id,
    })
}

/// The records to name, ascending.
fn wanted(
    scope: &ScopeView,
    grant: &Grant,
    records: &[Txid],
) -> Result<Vec<RecordReference>, Refusal> {
    let all = scope.records.iter().map(|record| record.reference());
    let covered = |reference: &RecordReference| grant.coverage.covers(reference);
    if records.is_empty() {
        return Ok(all.filter(covered).collect());
    }
    let mut chosen = Vec::new();
    for txid in records.iter().collect::<BTreeSet<_>>() {
        let found = all.clone().find(|reference| reference.txid == *txid);
        let reference = found.ok_or(Refusal::UnknownRecord { txid: *txid })?;
        if !covered(&reference) {
            return Err(Refusal::RecordNotCovered { txid: *txid });
        }
        chosen.push(reference);
    }
    chosen.sort_by_key(|reference| reference.index);
    Ok(chosen)
}
