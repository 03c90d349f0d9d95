//! Granting a scope: split its key, sign the terms, hand the fragments over, and see them arrive.

use alloc::{collections::BTreeSet, vec::Vec};

use keepwell_custody::SealedFragment;
use keepwell_keys::{HospitalId, PatientId, PublicKey, SecretKey};
use keepwell_ledger::{
    state::{Hospital, Scope},
    transaction::{Coverage, DiseaseId, GrantAccess, Payload, PurposeCode, RecordReference, Txid},
};
use keepwell_light::{Interest, LightClient, PatientView};
use keepwell_primitives::{BlockIndex, BoundedBytes, Milliseconds, Timestamp, limits};
use keepwell_seal::{GrantMaterial, split};
use keepwell_wire::api::{DeliveryState, FragmentDelivery, MailboxPost};
use rand_core::CryptoRngCore;

use super::{Patient, scopes::scope};
use crate::{
    ClientError, Clock, Hospitals, Refusal, Relay, Session, Wait, api, bounded::bounded,
    session::Signer,
};

/// How many custodians there are unless the patient says otherwise: the issuer and two others.
const CUSTODIANS_DEFAULT: usize = 3;

/// How many of them must answer, where there are that many.
const THRESHOLD_DEFAULT: u32 = 2;

/// Once enough custodians are ready, how long the others are waited for: one may be out.
const STRAGGLERS_WAIT: Milliseconds = Milliseconds(3_000);

/// What the patient wants to allow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedGrant {
    /// The scope.
    pub disease_id: DiseaseId,
    /// Who may open it.
    pub requester: HospitalId,
    /// Until when; [`Timestamp::MAX`] for until revoked.
    pub expires_at: Timestamp,
    /// These records only; empty for all of the scope, future ones too.
    pub records: Vec<Txid>,
    /// What for.
    pub purpose: PurposeCode,
    /// Who holds fragments; empty for the issuer and two others.
    pub custodians: Vec<HospitalId>,
    /// How many must answer; two unless the issuer is alone.
    pub threshold: Option<u32>,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Granted {
    /// The grant.
    pub txid: Txid,
    /// Custodians that have acknowledged their fragments.
    pub custodians_ready: Vec<HospitalId>,
    /// All of them.
    pub custodians: Vec<HospitalId>,
}

/// Grants, at the relay of the hospital that issued the scope's records.
///
/// # Errors
/// [`Refusal`]s before anything is sent; those of the relay. Where the wait ends too early, the
/// grant may still be mined.
pub async fn grant<R: Relay, C: Clock>(
    session: &mut Session<'_, R, C>,
    patient: &Patient,
    issuer: HospitalId,
    wanted: &WantedGrant,
    wait: Wait,
    rng: &mut impl CryptoRngCore,
) -> Result<Granted, ClientError> {
    let patient_id = patient.id_at(&issuer);
    let interests = [Interest::Patient(patient_id), Interest::Directory];
    session.sync(&interests).await?;
    let hospitals = Hospitals::of(session.light);
    let now = session.clock.now();
    let view = view(session.light, &patient_id, &wanted.disease_id)?;
    let scope = scope(view, &wanted.disease_id)?;
    let custodians = custodians(&hospitals, scope, wanted)?;
    let (terms, material) = terms(patient, view, &hospitals, wanted, &custodians, now, rng)?;

    let (role, key) = patient.role_at(&issuer);
    let signer = Signer {
        key: &key,
        interest: Interest::Patient(patient_id),
    };
    let txid = session.send(&signer, Payload::GrantAccess(terms)).await?;
    let token = session.token(role, &key).await?;
    let fragments = deliveries(txid, &custodians, &material.sealed_fragments)?;
    api::post_mailbox(session.relay, &token, &fragments).await?;
    session
        .wait_for(txid, &interests, wait, |light| {
            mined_at(light, &patient_id, wanted, &txid).map(|index| (index, ()))
        })
        .await?;
    let threshold = material.terms.threshold;
    let custodians_ready = ready(session, &token, txid, &custodians, threshold, wait).await?;
    Ok(Granted {
        txid,
        custodians_ready,
        custodians,
    })
}

fn view<'l>(
    light: &'l LightClient,
    patient_id: &PatientId,
    disease_id: &DiseaseId,
) -> Result<&'l PatientView, Refusal> {
    light.patient(patient_id).ok_or(Refusal::UnknownScope {
        patient_id: *patient_id,
        disease_id: *disease_id,
    })
}

fn active<'h>(hospitals: &'h Hospitals, id: &HospitalId) -> Result<&'h Hospital, Refusal> {
    let named = hospitals.by_id(id).ok_or(Refusal::UnknownHospital {
        got: alloc::string::ToString::to_string(id),
        known: Vec::new(),
    })?;
    if !named.hospital.is_active() {
        return Err(Refusal::Retired { got: *id });
    }
    Ok(&named.hospital)
}

/// Who holds fragments, ascending as the chain wants them.
fn custodians(
    hospitals: &Hospitals,
    scope: &Scope,
    wanted: &WantedGrant,
) -> Result<Vec<HospitalId>, Refusal> {
    let issuer = scope.service_provider_id;
    if wanted.requester == issuer {
        return Err(Refusal::GrantToIssuer { got: issuer });
    }
    if wanted.custodians.contains(&wanted.requester) {
        return Err(Refusal::RequesterAsCustodian {
            got: wanted.requester,
        });
    }
    let chosen: BTreeSet<HospitalId> = if wanted.custodians.is_empty() {
        let others = hospitals.all().iter().filter(|named| {
            named.hospital.is_active() && named.id != issuer && named.id != wanted.requester
        });
        let issuer = hospitals
            .by_id(&issuer)
            .filter(|named| named.hospital.is_active());
        let all = issuer.into_iter().chain(others).map(|named| named.id);
        all.take(CUSTODIANS_DEFAULT).collect()
    } else {
        wanted.custodians.iter().copied().collect()
    };
    Ok(chosen.into_iter().collect())
}

/// The terms as they are signed, and the fragments that they commit to.
fn terms(
    patient: &Patient,
    view: &PatientView,
    hospitals: &Hospitals,
    wanted: &WantedGrant,
    custodians: &[HospitalId],
    now: Timestamp,
    rng: &mut impl CryptoRngCore,
) -> Result<(GrantAccess, GrantMaterial), Refusal> {
    if wanted.expires_at <= now {
        return Err(Refusal::GrantExpired {
            expires_at: wanted.expires_at,
            now,
        });
    }
    let scope = scope(view, &wanted.disease_id)?;
    let issuer = scope.service_provider_id;
    let scope_key = patient.scope_key(&issuer, &scope.public_key);
    let scope_key = scope_key.ok_or(Refusal::UnknownScope {
        patient_id: *view.patient_id(),
        disease_id: wanted.disease_id,
    })?;
    let receiving_key = active(hospitals, &wanted.requester)?.public_keys.encryption;
    let custody_keys: Result<Vec<PublicKey>, Refusal> = custodians
        .iter()
        .map(|id| Ok(active(hospitals, id)?.public_keys.custody))
        .collect();
    let least = THRESHOLD_DEFAULT.min(u32::try_from(custodians.len()).unwrap_or(u32::MAX));
    let threshold = wanted.threshold.unwrap_or(least);
    // A key of its own for each grant: nothing else is ever signed with it.
    let signer = SecretKey::generate(rng);
    let material = split(
        rng,
        &scope_key,
        &receiving_key,
        &signer,
        u8::try_from(threshold).unwrap_or(u8::MAX),
        &custody_keys?,
    )?;
    let commitments = material.terms.commitments.iter();
    let access = GrantAccess {
        patient_id: *view.patient_id(),
        service_requester_id: wanted.requester,
        service_provider_id: issuer,
        disease_id: wanted.disease_id,
        purpose: wanted.purpose.clone(),
        expires_at: wanted.expires_at,
        coverage: coverage(view, wanted)?,
        threshold,
        custodians: bounded("custodians", custodians.to_vec())?,
        fragment_commitments: bounded(
            "custodians",
            commitments.map(|commitment| commitment.0).collect(),
        )?,
        verifying_key: material.terms.verifying_key,
        receiving_key,
    };
    Ok((access, material))
}

fn coverage(view: &PatientView, wanted: &WantedGrant) -> Result<Coverage, Refusal> {
    if wanted.records.is_empty() {
        return Ok(Coverage::Scope);
    }
    let mut references = Vec::new();
    for txid in wanted.records.iter().collect::<BTreeSet<_>>() {
        let mut records = (0..).zip(view.records());
        let found = records
            .find(|(_, record)| record.txid == *txid && record.disease_id == wanted.disease_id);
        let (index, _) = found.ok_or(Refusal::UnknownRecord { txid: *txid })?;
        references.push(RecordReference { index, txid: *txid });
    }
    references.sort_by_key(|reference| reference.index);
    Ok(Coverage::Records(bounded("records", references)?))
}

fn deliveries(
    grant_txid: Txid,
    custodians: &[HospitalId],
    sealed: &[SealedFragment],
) -> Result<MailboxPost, Refusal> {
    let fragments = custodians
        .iter()
        .zip(sealed)
        .map(|(custodian_id, fragment)| {
            let bytes: BoundedBytes<{ limits::SEALED_FRAGMENT_BYTES }> =
                BoundedBytes::new(fragment.to_bytes().to_vec()).map_err(|error| {
                    Refusal::TooMany {
                        what: "bytes of a fragment",
                        got: error.got,
                        max: error.max,
                    }
                })?;
            Ok(FragmentDelivery {
                grant_txid,
                custodian_id: *custodian_id,
                sealed_fragment: bytes,
            })
        });
    Ok(MailboxPost {
        fragments: fragments.collect::<Result<_, Refusal>>()?,
    })
}

fn mined_at(
    light: &LightClient,
    patient_id: &PatientId,
    wanted: &WantedGrant,
    txid: &Txid,
) -> Option<BlockIndex> {
    let scope = light
        .patient(patient_id)?
        .scopes()
        .get(&wanted.disease_id)?;
    let grant = scope.entry(&wanted.requester)?.consent.grant()?;
    (grant.txid == *txid).then_some(grant.index)
}

/// The custodians that have acknowledged: all of them, or at least the threshold after a while.
/// With [`Wait::None`] those that have by now.
async fn ready<R: Relay, C: Clock>(
    session: &Session<'_, R, C>,
    token: &str,
    txid: Txid,
    custodians: &[HospitalId],
    threshold: u8,
    wait: Wait,
) -> Result<Vec<HospitalId>, ClientError> {
    let started = session.clock.now();
    loop {
        let answer = api::mailbox(session.relay, token, 0).await?;
        let acknowledged = answer.fragments.iter().filter(|status| {
            status.grant_txid == txid
                && status.state == DeliveryState::Acknowledged
                && custodians.contains(&status.custodian_id)
        });
        let ready: BTreeSet<_> = acknowledged.map(|status| status.custodian_id).collect();
        let waited = session.clock.now().since(started);
        let is_enough = ready.len() >= usize::from(threshold) && waited >= STRAGGLERS_WAIT;
        let is_done = wait == Wait::None || ready.len() == custodians.len() || is_enough;
        // The grant stands: that custodians are slow is in the answer, and no error.
        if is_done || waited >= session.timeout {
            return Ok(ready.into_iter().collect());
        }
        session.pause(started, "the custodians").await?;
    }
}
