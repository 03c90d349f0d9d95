//! `/v1/mailbox`: answers for the hospital's staff, fragments from patients.

use axum::{Json, extract::State, http::StatusCode};
use keepwell_primitives::limits;
use keepwell_wire::api::{MailboxAnswer, MailboxPost, Role};
use serde::Deserialize;

use super::{
    Api, ApiError,
    authority::{SignedIn, SignedInPatient, forbidden},
    question::{Asked, Question},
};

/// `?since=`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Since {
    #[serde(default)]
    since: u64,
}

/// `GET /v1/mailbox?since=`.
pub(super) async fn fetch(
    State(api): State<Api>,
    SignedIn(role): SignedIn,
    Asked(Since { since }): Asked<Since>,
) -> Result<Json<MailboxAnswer>, ApiError> {
    let custodian = &api.host.custodian;
    let answer = match role {
        Role::Patient(patient) => MailboxAnswer {
            items: Vec::new(),
            fragments: custodian
                .blocking(move |custodian| custodian.carried_for(&patient))
                .await?,
        },
        Role::Hospital(hospital) if hospital == api.host.chain.hospital_id() => MailboxAnswer {
            items: custodian
                .blocking(move |custodian| custodian.items_after(since))
                .await?,
            fragments: Vec::new(),
        },
        Role::Hospital(_) => {
            let detail = "a hospital's mailbox is at its own relay";
            return Err(forbidden("otherHospitalsMailbox", detail));
        }
    };
    Ok(Json(answer))
}

/// `POST /v1/mailbox`: a patient hands over fragments; the answer says how far all of theirs are.
pub(super) async fn post(
    State(api): State<Api>,
    SignedInPatient(patient): SignedInPatient,
    Question(posted): Question<MailboxPost>,
) -> Result<Json<MailboxAnswer>, ApiError> {
    if posted.fragments.len() > limits::CUSTODIANS_MAX {
        let (got, max) = (posted.fragments.len(), limits::CUSTODIANS_MAX);
        let detail = format!("{got} fragments, a grant has at most {max} custodians");
        return Err(ApiError::bad_request("tooManyFragments", detail).difference(got, max));
    }
    let custodian = &api.host.custodian;
    let carried = custodian.blocking(move |custodian| custodian.carry(&patient, &posted.fragments));
    carried.await?.map_err(|refused| {
        ApiError::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "fragmentRefused",
            refused.to_string(),
        )
    })?;
    let fragments = custodian
        .blocking(move |custodian| custodian.carried_for(&patient))
        .await?;
    Ok(Json(MailboxAnswer {
        items: Vec::new(),
        fragments,
    }))
}
