//! `/openapi.json`: what this API is, for programs and for people who write them. It is written by
//! hand; a test holds it against the routes and their answers.

use axum::http::header;

/// OpenAPI 3.1.
const DOCUMENT: &str = include_str!("openapi.json");

/// `GET /openapi.json`.
pub(super) async fn document() -> ([(header::HeaderName, &'static str); 1], &'static str) {
    ([(header::CONTENT_TYPE, "application/json")], DOCUMENT)
}
