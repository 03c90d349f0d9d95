//! `patient grant` and `patient revoke`.

use keepwell_client::{
    Hospitals,
    patient::{self, WantedGrant},
};
use keepwell_keys::HospitalId;
use rand_core::OsRng;
use serde_json::json;

use super::PatientHome;
use crate::{
    answer::Answer,
    arguments::{GlobalOptions, PatientGrant, PatientRevoke},
    failure::Failure,
    home::Home,
    times::now,
};

pub(super) fn grant(global: &GlobalOptions, arguments: &PatientGrant) -> Result<Answer, Failure> {
    let home = Home::required(global)?;
    let mut opened = PatientHome::open(global, &home)?;
    let issuer = opened.hospital_of(&arguments.patient)?;
    let hospitals = opened.hospitals();
    let requester = hospitals.find(&arguments.to)?;
    let wanted = WantedGrant {
        disease_id: arguments.disease,
        requester: requester.id,
        expires_at: arguments.until.as_end(now()),
        records: arguments.records.clone(),
        purpose: arguments.purpose.clone(),
        custodians: custodians(&hospitals, &arguments.custodians)?,
        threshold: arguments.threshold,
    };
    let wait = arguments.wait.wait();
    let granted = opened.run_at(&issuer, async |session, patient| {
        patient::grant(session, patient, issuer, &wanted, wait, &mut OsRng).await
    })?;
    let names = |ids: &[HospitalId]| -> Vec<String> {
        ids.iter().map(|id| hospitals.name_of(id)).collect()
    };
    Ok(Answer {
        json: json!({
            "txid": granted.txid,
            "custodiansReady": granted.custodians_ready.len(),
            "custodians": granted.custodians,
        }),
        words: format!(
            "{} may open it until {}.\n  grant       {}\n  custodians  {}\n  ready       {}\n",
            requester.hospital.name_text(),
            wanted.expires_at,
            granted.txid,
            names(&granted.custodians).join(", "),
            names(&granted.custodians_ready).join(", "),
        ),
    })
}

pub(super) fn revoke(global: &GlobalOptions, arguments: &PatientRevoke) -> Result<Answer, Failure> {
    let home = Home::required(global)?;
    let mut opened = PatientHome::open(global, &home)?;
    let issuer = opened.hospital_of(&arguments.patient)?;
    let hospitals = opened.hospitals();
    let from = hospitals.find(&arguments.from)?;
    let (disease, close_scope) = (arguments.disease, arguments.close_scope);
    let wait = arguments.wait.wait();
    let revoked = opened.run_at(&issuer, async |session, patient| {
        patient::revoke(
            session,
            patient,
            issuer,
            disease,
            from.id,
            close_scope,
            wait,
        )
        .await
    })?;
    let name = from.hospital.name_text();
    let before = if revoked.opened_before {
        "Custodians had given it a key before: what it opened then, it has."
    } else {
        "No custodian had given it a key."
    };
    Ok(Answer {
        json: json!({ "txid": revoked.txid, "openedBefore": revoked.opened_before }),
        words: format!(
            "{name} gets no more keys. {before}\n  revocation  {}\n",
            revoked.txid
        ),
    })
}

fn custodians(hospitals: &Hospitals, named: &[String]) -> Result<Vec<HospitalId>, Failure> {
    let found = named.iter().map(|name| Ok(hospitals.find(name)?.id));
    found.collect()
}
