//! What staff see: the scopes they write into, and those they were granted.

use keepwell_client::hospital::{self, ListedScope};
use keepwell_keys::HospitalId;
use keepwell_ledger::{state::KeyRequest, transaction::Txid};
use keepwell_light::{HospitalView, IndexedRecord, Interest};

use crate::{
    engine::desk::{Desk, now},
    talk::{Failure, News, RequestLine, StaffRecordLine, StaffScopeLine, StaffView},
};

impl Desk {
    /// Reads anew what staff see. What was verified before stays where that fails.
    pub(in crate::engine) async fn refresh_staff(
        &self,
        hospital_id: HospitalId,
    ) -> Result<(), Failure> {
        let interests = [Interest::Hospital(hospital_id), Interest::Directory];
        self.catch_up(hospital_id, async |session| session.sync(&interests).await)
            .await;
        let standing = self.standings.borrow().get(&hospital_id).cloned();
        let Some(standing) = standing else {
            return Ok(());
        };
        let (issued, granted) = self
            .light(|light| match light.hospital(&hospital_id) {
                Some(view) => (
                    self.lines(view, hospital::issued(view)),
                    self.lines(view, hospital::granted(view, now())),
                ),
                None => Default::default(),
            })
            .await?;
        // Locked in the meantime: nothing of it is told any more.
        self.identity()?;
        self.voice.tell(News::Staff(StaffView {
            hospital_id,
            standing,
            issued,
            granted,
        }));
        Ok(())
    }

    fn lines(&self, view: &HospitalView, listed: Vec<ListedScope<'_>>) -> Vec<StaffScopeLine> {
        let listed = listed.iter();
        let mut lines: Vec<StaffScopeLine> =
            listed.map(|listed| self.scope_line(view, listed)).collect();
        let newest = |line: &StaffScopeLine| line.records.first().map(|record| record.issued_at);
        lines.sort_by_key(|line| std::cmp::Reverse(newest(line)));
        lines
    }

    fn scope_line(&self, view: &HospitalView, listed: &ListedScope<'_>) -> StaffScopeLine {
        let scope = &listed.scope.scope;
        let entry = scope.entry(view.hospital_id());
        let grant = entry.and_then(|entry| entry.consent.grant());
        let purpose = grant.map(|grant| String::from(grant.purpose.as_str()));
        let records = listed.records(view);
        let grant_txid = grant.map(|grant| grant.txid);
        let record = |record: &&IndexedRecord| StaffRecordLine {
            txid: record.record.txid,
            title: self.title_of(&record.record.txid),
            index: record.index,
            size_bytes: record.record.blob_size,
            issued_at: record.record.issued_at,
            state: view.state_of(record.record.issued_index),
            supersedes: record.record.supersedes.0.map(|old| old.txid),
            request: grant_txid.and_then(|grant| request_line(view, &grant, &record.record.txid)),
        };
        StaffScopeLine {
            patient_id: listed.scope.patient_id,
            disease_id: listed.scope.disease_id,
            service_provider_id: scope.service_provider_id,
            is_open: scope.closed_index.0.is_none(),
            expires_at: listed.expires_at,
            purpose: purpose.unwrap_or_default(),
            records: records.iter().rev().map(record).collect(),
        }
    }
}

/// The newest request that names the record under this grant.
fn request_line(view: &HospitalView, grant: &Txid, record: &Txid) -> Option<RequestLine> {
    let names = |request: &&KeyRequest| {
        let mut records = request.records.iter();
        request.grant_txid == *grant && records.any(|reference| reference.txid == *record)
    };
    let request = view.requests().iter().rev().find(names)?;
    let (served, refused) = request.tally();
    Some(RequestLine {
        served: u32::try_from(served).unwrap_or(u32::MAX),
        refused: u32::try_from(refused).unwrap_or(u32::MAX),
        threshold: request.threshold,
        closed: request.closed.0,
        time: request.time,
        state: view.state_of(request.index),
    })
}
