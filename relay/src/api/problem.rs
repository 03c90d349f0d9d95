//! Errors as `application/problem+json`: a constant text for the client, the cause in the log.

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use keepwell_ledger::transaction::MalformedTransaction;
use keepwell_node::TransactionRejected;
use keepwell_wire::api::Problem;

use crate::{
    chain::ChainError, custodian::CustodianError, files::FilesError, replica::FetchError,
    store::StoreError,
};

/// An answer that is not the one asked for.
#[derive(Debug)]
pub struct ApiError(pub Problem);

impl ApiError {
    /// With a status, a stable code and what was wrong.
    pub fn new(status: StatusCode, code: &str, detail: impl Into<String>) -> Self {
        Self(Problem::new(status.as_u16(), code, detail))
    }

    /// The same with what to do next.
    #[must_use]
    pub fn hint(self, hint: &str) -> Self {
        Self(self.0.with_hint(hint))
    }

    /// The same with what there was and what there should have been.
    #[must_use]
    pub fn difference(self, got: impl ToString, expected: impl ToString) -> Self {
        Self(
            self.0
                .with_difference(got.to_string(), expected.to_string()),
        )
    }

    /// Nothing of that name is here.
    pub fn not_found(code: &str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, code, detail)
    }

    /// The question is not of the form it must have.
    pub fn bad_request(code: &str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, detail)
    }

    /// Something here failed; the cause is logged, not told.
    pub fn internal(cause: &dyn std::fmt::Display) -> Self {
        tracing::error!(%cause, "a request failed");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "the relay could not do this",
        )
        .hint("try again; if it stays, tell the hospital that runs this relay")
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.status);
        let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        match serde_json::to_vec(&self.0) {
            Ok(body) => (
                status,
                [(header::CONTENT_TYPE, "application/problem+json")],
                body,
            )
                .into_response(),
            Err(_) => status.into_response(),
        }
    }
}

impl From<MalformedTransaction> for ApiError {
    fn from(error: MalformedTransaction) -> Self {
        let code: &'static str = (&error).into();
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, error.to_string())
    }
}

impl From<TransactionRejected> for ApiError {
    fn from(rejected: TransactionRejected) -> Self {
        let code: &'static str = match &rejected {
            TransactionRejected::Rule(rule) => rule.into(),
            other => other.into(),
        };
        let status = match &rejected {
            TransactionRejected::MempoolFull | TransactionRejected::SenderQuota { .. } => {
                StatusCode::TOO_MANY_REQUESTS
            }
            TransactionRejected::NonceTaken { .. } => StatusCode::CONFLICT,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        Self::new(status, code, rejected.to_string())
    }
}

impl From<FilesError> for ApiError {
    fn from(error: FilesError) -> Self {
        let (status, code) = match &error {
            FilesError::NotFound { .. } => (StatusCode::NOT_FOUND, "fileNotFound"),
            FilesError::NoUpload { .. } => (StatusCode::NOT_FOUND, "noUpload"),
            FilesError::FileSize { .. } => (StatusCode::PAYLOAD_TOO_LARGE, "fileSize"),
            FilesError::SizeDiffers { .. } => (StatusCode::CONFLICT, "fileSizeDiffers"),
            FilesError::ChunkDiffers { .. } => (StatusCode::CONFLICT, "chunkDiffers"),
            FilesError::ChunkIndex { .. } => (StatusCode::BAD_REQUEST, "chunkIndex"),
            FilesError::ChunkLength { .. } => (StatusCode::BAD_REQUEST, "chunkLength"),
            FilesError::Range { .. } => (StatusCode::RANGE_NOT_SATISFIABLE, "range"),
            FilesError::NotThatFile { .. } => (StatusCode::UNPROCESSABLE_ENTITY, "notThatFile"),
            _ => return Self::internal(&error),
        };
        Self::new(status, code, error.to_string())
    }
}

impl From<FetchError> for ApiError {
    fn from(error: FetchError) -> Self {
        match error {
            FetchError::NotThere => {
                Self::not_found("fileNotFound", "no relay that can be reached has this file")
                    .hint("the hospitals that keep it may be offline: try again later")
            }
            FetchError::Files(error) => error.into(),
            other => Self::internal(&other),
        }
    }
}

macro_rules! internal {
    ($($error:ty),+) => {
        $(impl From<$error> for ApiError {
            fn from(error: $error) -> Self {
                Self::internal(&error)
            }
        })+
    };
}

internal!(ChainError, StoreError, CustodianError);

/// Any path that is not in the index.
pub(crate) async fn no_such_page(uri: axum::http::Uri) -> ApiError {
    ApiError::not_found("noSuchPage", format!("there is nothing at {}", uri.path()))
}

/// A method that the path does not know.
pub(super) async fn no_such_method(method: axum::http::Method, uri: axum::http::Uri) -> ApiError {
    let detail = format!("{} does not take {method}", uri.path());
    ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "noSuchMethod", detail)
}
