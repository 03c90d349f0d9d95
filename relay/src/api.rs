//! The light-client API: the router reads as an index of `docs/protocol.md`, section 9.

mod authority;
mod blocks;
mod content_range;
mod download;
mod events;
mod files;
mod mailbox;
mod operator;
mod problem;
mod proofs;
mod question;
mod status;
mod tokens;
mod transactions;

use std::sync::Arc;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::{HeaderName, HeaderValue, Method, header},
    middleware::map_response,
    response::Response,
    routing::{get, post},
};
use keepwell_primitives::limits;
use tokio::sync::watch;
use tower_http::cors::{Any, CorsLayer};

pub use problem::ApiError;
pub(crate) use problem::no_such_page;
pub use tokens::Tokens;

use crate::{
    host::Host,
    page::{self, Site},
};

/// The largest JSON question: a proof of 4,096 keys of 65 bytes in hex.
const BODY_BYTES_MAX: usize = 1024 * 1024;

/// What every handler can reach.
#[derive(Clone)]
pub struct Api {
    /// Node, peers, files and custodian.
    pub host: Host,
    /// Who is signed in.
    pub tokens: Arc<Tokens>,
    /// What is shown to browsers.
    pub site: Arc<Site>,
    /// True when the relay stops: streams without an end are ended then.
    pub stopping: watch::Receiver<bool>,
}

/// All routes.
pub fn router(api: Api) -> Router {
    let v1 = Router::new()
        .route("/genesis", get(status::genesis))
        .route("/head", get(status::head))
        .route("/hospitals", get(status::hospitals))
        .route("/peers", get(status::peers))
        .route("/blocks", get(blocks::list))
        .route("/blocks/{name}", get(blocks::one))
        .route("/transactions", post(transactions::submit))
        .route("/transactions/{txid}", get(transactions::one))
        .route("/mempool", get(transactions::mempool))
        .route("/proofs", post(proofs::prove))
        .route("/challenges", post(tokens::challenge))
        .route("/tokens", post(tokens::token))
        .route("/mailbox", get(mailbox::fetch).post(mailbox::post))
        .route("/events", get(events::stream))
        .route("/mine", post(operator::mine))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX));
    let sealed_files = Router::new()
        .route(
            "/files/{blob_id}",
            get(download::file).head(files::head).put(files::put),
        )
        .route("/files/{blob_id}/leaves", get(download::leaves))
        .layer(DefaultBodyLimit::max(limits::BLOB_CHUNK_BYTES));
    Router::new()
        .nest("/v1", v1.merge(sealed_files).layer(cors()))
        .route("/healthz", get(status::health))
        .route("/readyz", get(status::ready))
        .route("/metrics", get(status::metrics))
        .fallback(page::serve)
        .method_not_allowed_fallback(problem::no_such_method)
        .with_state(api)
        .layer(map_response(as_it_says))
}

/// No browser guesses what an answer is from its bytes.
async fn as_it_says(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    response
}

/// `/v1` is open to pages of every origin: it knows bearer tokens and no cookies.
fn cors() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::HEAD, Method::POST, Method::PUT])
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::CONTENT_RANGE,
            header::RANGE,
        ])
        .expose_headers([
            header::CONTENT_LENGTH,
            header::CONTENT_RANGE,
            header::ACCEPT_RANGES,
            HeaderName::from_static(files::CHUNKS_HEADER),
        ])
}
