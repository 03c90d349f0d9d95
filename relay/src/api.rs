//! The light-client API: the router reads as an index of `docs/protocol.md`, section 9.

mod authority;
mod blocks;
mod content_range;
mod download;
mod events;
mod files;
mod mailbox;
mod openapi;
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
    routing::{MethodRouter, get, post},
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
    let v1 = all(v1()).layer(DefaultBodyLimit::max(BODY_BYTES_MAX));
    let files = all(files()).layer(DefaultBodyLimit::max(limits::BLOB_CHUNK_BYTES));
    Router::new()
        .nest("/v1", open(v1.merge(files)))
        .merge(all(operations()).method_not_allowed_fallback(problem::no_such_method))
        .fallback(page::serve)
        .with_state(api)
        .layer(map_response(as_it_says))
}

/// The addresses of all routes, as `/openapi.json` has them.
pub fn paths() -> Vec<String> {
    let v1 = v1().into_iter().chain(files());
    let v1 = v1.map(|(path, _)| format!("/v1{path}"));
    let operations = operations().into_iter();
    v1.chain(operations.map(|(path, _)| path.to_owned()))
        .collect()
}

/// An address, and what answers there.
type Route = (&'static str, MethodRouter<Api>);

fn v1() -> Vec<Route> {
    vec![
        ("/genesis", get(status::genesis)),
        ("/head", get(status::head)),
        ("/hospitals", get(status::hospitals)),
        ("/peers", get(status::peers)),
        ("/blocks", get(blocks::list)),
        ("/blocks/{name}", get(blocks::one)),
        ("/transactions", post(transactions::submit)),
        ("/transactions/{txid}", get(transactions::one)),
        ("/mempool", get(transactions::mempool)),
        ("/proofs", post(proofs::prove)),
        ("/challenges", post(tokens::challenge)),
        ("/tokens", post(tokens::token)),
        ("/mailbox", get(mailbox::fetch).post(mailbox::post)),
        ("/events", get(events::stream)),
        ("/mine", post(operator::mine)),
    ]
}

/// Those of `/v1` that take whole chunks.
fn files() -> Vec<Route> {
    let file = get(download::file).head(files::head).put(files::put);
    vec![
        ("/files/{blob_id}", file),
        ("/files/{blob_id}/leaves", get(download::leaves)),
    ]
}

/// For whoever runs the relay, and what describes it.
fn operations() -> Vec<Route> {
    vec![
        ("/healthz", get(status::health)),
        ("/readyz", get(status::ready)),
        ("/metrics", get(status::metrics)),
        ("/openapi.json", get(openapi::document)),
    ]
}

fn all(routes: Vec<Route>) -> Router<Api> {
    let add = |router: Router<Api>, (path, route)| router.route(path, route);
    routes.into_iter().fold(Router::new(), add)
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

/// Open to pages of every origin. The fallback comes first: set on what is open already, it would
/// answer preflights in the layer's place.
fn open(router: Router<Api>) -> Router<Api> {
    router
        .method_not_allowed_fallback(problem::no_such_method)
        .layer(cors())
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
