//! Opening a granted record: the custodians' answers from the mailbox, each checked, combined.

use alloc::{collections::BTreeMap, vec::Vec};

use keepwell_custody::{AnswerItem, CheckedCapsuleFragment};
use keepwell_keys::{HospitalId, HospitalIdentity, PatientId};
use keepwell_ledger::{
    state::{ClosedReason, Grant, KeyRequest, Record},
    transaction::{DiseaseId, Txid},
};
use keepwell_light::{Interest, ScopeView};
use keepwell_seal::{ContentCommitment, open_as_grantee};
use keepwell_wire::api::{MailboxItem, Role};

use super::{request::live_grant, view};
use crate::{
    ClientError, Clock, Refusal, Relay, Session, api, patient::sealed_key, session::OpenableRecord,
};

/// What opens a record that was granted and requested: waits until enough custodians have answered.
///
/// # Errors
/// [`Refusal::NoLiveGrant`] also where answers are at hand and the grant was revoked since;
/// [`Refusal::NotRequested`]; [`Refusal::RequestRefused`]; [`ClientError::TimedOut`]; those of the
/// relay.
pub async fn openable<R: Relay, C: Clock>(
    session: &mut Session<'_, R, C>,
    identity: &HospitalIdentity,
    patient_id: PatientId,
    disease_id: DiseaseId,
    txid: Txid,
) -> Result<OpenableRecord, ClientError> {
    let own_id = identity.id();
    let started = session.clock.now();
    let mut mailbox = Mailbox::default();
    let mut token = None;
    loop {
        session.sync(&[Interest::Hospital(own_id)]).await?;
        let now = session.clock.now();
        let own = view(session.light, &own_id)?;
        let scope = own
            .granted()
            .find(|scope| scope.patient_id == patient_id && scope.disease_id == disease_id);
        let scope = scope.ok_or(Refusal::NoLiveGrant {
            hospital_id: own_id,
            disease_id,
        })?;
        let asked = Asked {
            identity,
            scope,
            grant: live_grant(scope, &own_id, now)?,
            record: record(scope, &txid)?,
        };
        let request = asked.request(own.requests())?;
        let checked = mailbox.checked(&asked, request);
        if checked.len() >= asked.grant.threshold as usize {
            return Ok(asked.open(checked)?);
        }
        check_not_refused(request)?;
        let shown = match &token {
            Some(token) => token,
            None => {
                let role = Role::Hospital(own_id);
                token.insert(session.token(role, &identity.authority).await?)
            }
        };
        let answer = api::mailbox(session.relay, shown, mailbox.since).await?;
        if !mailbox.take(answer.items) {
            session.pause(started, "the custodians' answers").await?;
        }
    }
}

/// One record, and the grant under which it is opened.
struct Asked<'a> {
    identity: &'a HospitalIdentity,
    scope: &'a ScopeView,
    grant: &'a Grant,
    record: &'a Record,
}

impl Asked<'_> {
    /// The newest request for the record under the present grant: answers to an earlier one were
    /// made with other fragments.
    fn request<'r>(&self, requests: &'r [KeyRequest]) -> Result<&'r KeyRequest, Refusal> {
        let names_record = |request: &&KeyRequest| {
            let mut records = request.records.iter();
            request.grant_txid == self.grant.txid
                && records.any(|reference| reference.txid == self.record.txid)
        };
        let mut matching = requests.iter().filter(names_record);
        let is_open = |request: &&KeyRequest| request.closed.0 != Some(ClosedReason::Refused);
        let newest = matching.clone().rfind(is_open).or(matching.next_back());
        newest.ok_or(Refusal::NotRequested {
            txid: self.record.txid,
        })
    }

    /// The fragment in an answer, if it was made for this record with a fragment of this grant.
    fn check(&self, item: &AnswerItem) -> Option<CheckedCapsuleFragment> {
        let mut records = item.records.iter();
        let answered = records.find(|answered| answered.record == self.record.txid.0)?;
        let sealed = sealed_key(self.record).ok()?;
        let checked = answered.fragment.check(
            &sealed.capsule,
            &self.grant.verifying_key,
            &self.scope.scope.public_key,
            &self.grant.receiving_key,
        );
        checked.ok()
    }

    fn open(&self, fragments: Vec<CheckedCapsuleFragment>) -> Result<OpenableRecord, Refusal> {
        if self.grant.receiving_key != self.identity.encryption.public_key() {
            return Err(Refusal::OtherReceivingKey);
        }
        let key = open_as_grantee(
            &self.identity.encryption,
            &self.scope.scope.public_key,
            &sealed_key(self.record)?,
            fragments,
            u8::try_from(self.grant.threshold).unwrap_or(u8::MAX),
        )?;
        Ok(OpenableRecord {
            key,
            blob_id: self.record.blob_id,
            content_commitment: ContentCommitment(self.record.content_commitment),
        })
    }
}

/// The mailbox as far as it was read.
#[derive(Default)]
struct Mailbox {
    since: u64,
    items: Vec<AnswerItem>,
}

impl Mailbox {
    /// Takes what came. Says whether anything did.
    fn take(&mut self, items: Vec<MailboxItem>) -> bool {
        let is_new = !items.is_empty();
        for item in items {
            self.since = self.since.max(item.sequence);
            // What is no answer is not for here; who sent it does not matter.
            self.items
                .extend(AnswerItem::from_canonical_bytes(&item.bytes));
        }
        is_new
    }

    /// One good fragment for each custodian of the request that sent one.
    fn checked(&self, asked: &Asked<'_>, request: &KeyRequest) -> Vec<CheckedCapsuleFragment> {
        let mut by_custodian: BTreeMap<HospitalId, CheckedCapsuleFragment> = BTreeMap::new();
        let items = self.items.iter().filter(|item| {
            item.request == request.txid.0 && request.custodians.contains(&item.custodian)
        });
        for item in items {
            if let Some(checked) = asked.check(item) {
                by_custodian.insert(item.custodian, checked);
            }
        }
        by_custodian.into_values().collect()
    }
}

fn record<'v>(scope: &'v ScopeView, txid: &Txid) -> Result<&'v Record, Refusal> {
    let mut records = scope.records.iter();
    let found = records.find(|indexed| indexed.record.txid == *txid);
    let indexed = found.ok_or(Refusal::UnknownRecord { txid: *txid })?;
    Ok(&indexed.record)
}

fn check_not_refused(request: &KeyRequest) -> Result<(), Refusal> {
    if request.closed.0 != Some(ClosedReason::Refused) {
        return Ok(());
    }
    let (_, refused) = request.tally();
    Err(Refusal::RequestRefused {
        refused,
        custodians: request.custodians.len(),
        threshold: request.threshold,
    })
}
