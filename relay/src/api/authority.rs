//! Who asks: the role behind a bearer token.

use axum::{
    extract::FromRequestParts,
    http::{StatusCode, header, request::Parts},
};
use keepwell_keys::{HospitalId, PatientId};
use keepwell_wire::api::Role;

use super::{Api, ApiError};
use crate::clock;

/// Somebody who has signed in, as this role.
pub(super) struct SignedIn(pub(super) Role);

/// A hospital that has signed in.
pub(super) struct SignedInHospital(pub(super) HospitalId);

/// A patient who has signed in.
pub(super) struct SignedInPatient(pub(super) PatientId);

impl FromRequestParts<Api> for SignedIn {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, ApiError> {
        let shown = parts.headers.get(header::AUTHORIZATION);
        let token = shown.and_then(|value| value.to_str().ok());
        let token = token.and_then(|value| value.strip_prefix("Bearer "));
        let role = token.and_then(|token| api.tokens.role(token.trim(), clock::now()));
        let missing = || {
            ApiError::new(
                StatusCode::UNAUTHORIZED,
                "signInFirst",
                "this needs a valid token",
            )
            .hint("sign a challenge (POST /v1/challenges) and exchange it at POST /v1/tokens")
        };
        role.map(Self).ok_or_else(missing)
    }
}

impl FromRequestParts<Api> for SignedInHospital {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, ApiError> {
        match SignedIn::from_request_parts(parts, api).await?.0 {
            Role::Hospital(id) => Ok(Self(id)),
            Role::Patient(_) => Err(forbidden("hospitalsOnly", "this is for hospitals")),
        }
    }
}

impl FromRequestParts<Api> for SignedInPatient {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, ApiError> {
        match SignedIn::from_request_parts(parts, api).await?.0 {
            Role::Patient(id) => Ok(Self(id)),
            Role::Hospital(_) => Err(forbidden("patientsOnly", "this is for patients")),
        }
    }
}

/// Signed in, but not allowed.
pub(super) fn forbidden(code: &str, detail: &str) -> ApiError {
    ApiError::new(StatusCode::FORBIDDEN, code, detail)
}
