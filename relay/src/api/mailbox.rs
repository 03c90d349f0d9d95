//! `/v1/mailbox`: answers for the hospital's staff, fragments from patients.

use axum::{
    Json,
    extract::{Query, State, rejection::JsonRejection},
    http::StatusCode,
};
use keepwell_primitives::limits;
use keepwell_wire::api::{MailboxAnswer, MailboxPost, Role};
use serde::Deserialize;

use super::{
    Api, ApiError,
    authority::{SignedIn, SignedInPatient, forbidden},
};

/// `?since=`.
#[derive(Deserialize)]
pub(super) struct Since {
    #[serde(default)]
    since: u64,
}

/// `GET /v1/mailbox?since=`.
pub(super) async fn fetch(
    State(api): State<Api>,
    SignedIn(role): SignedIn,
    Query(Since { since }): Query<Since>,
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
    posted: Result<Json<MailboxPost>, JsonRejection>,
) -> Result<Json<MailboxAnswer>, ApiError> {
    let Json(posted) =
        posted.map_err(|error| ApiError::bad_request("question", error.body_text()))?;
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
