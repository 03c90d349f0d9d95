//! Every address that is none of the API's: a file of the page, the page itself for whoever asks
//! for HTML, or nothing.

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};

use super::{
    Page, Site, asset::Asset, explained, negotiation, policy::GUARDS, protection, site::Policy,
};
use crate::api::{Api, ApiError, no_such_page};

/// First parts of addresses that are never the page's.
const OF_THE_API: [&str; 5] = ["v1", "healthz", "readyz", "metrics", "openapi.json"];

/// The longest a browser may keep a file, in seconds: a year, as RFC 9111 has it.
const FOR_GOOD: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// A browser may keep it, and asks each time whether it is still this.
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");

/// `GET` and `HEAD` of anything else.
pub(crate) async fn serve(
    State(api): State<Api>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let path = uri.path();
    let is_read = matches!(method, Method::GET | Method::HEAD);
    if !is_read || is_of_the_api(path) {
        return Err(no_such_page(uri).await);
    }
    let Some(page) = api.site.page() else {
        if path == "/" {
            return Ok(explained::no_page());
        }
        return Err(no_such_page(uri).await);
    };
    if let Some(asset) = page.asset(path) {
        return answer(&api, page, asset, &headers).await;
    }
    if path != "/" && path != "/index.html" && !negotiation::asks_for_html(&headers) {
        return Err(no_such_page(uri).await);
    }
    if !protection::is_protected(api.site.is_tls(), &uri, &headers) {
        return Ok(explained::unprotected(api.site.advertised()));
    }
    answer(&api, page, page.index(), &headers).await
}

fn is_of_the_api(path: &str) -> bool {
    let first = path.trim_start_matches('/').split('/').next();
    first.is_some_and(|first| OF_THE_API.contains(&first))
}

async fn answer(
    api: &Api,
    page: &Page,
    asset: &Asset,
    headers: &HeaderMap,
) -> Result<Response, ApiError> {
    let policy = Site::policy(&api.site, &api.host.chain, page).await?;
    Ok(of_asset(asset, policy, headers))
}

fn of_asset(asset: &Asset, policy: Policy, asked: &HeaderMap) -> Response {
    let brotli = asset.brotli.as_ref();
    let brotli = brotli.filter(|_| negotiation::takes_brotli(asked));
    let coding = if brotli.is_some() { "-br" } else { "" };
    // What may be kept for good has one policy for good. Anything else is another answer once the
    // policy is another: a worker lives under the policy of its script.
    let tag = if asset.is_immutable {
        format!("\"{}{coding}\"", asset.tag)
    } else {
        format!("\"{}-{}{coding}\"", asset.tag, policy.tag)
    };
    let kept = if asset.is_immutable {
        FOR_GOOD
    } else {
        ASK_AGAIN
    };
    let is_known = negotiation::has_already(asked, &tag);
    let body = brotli.unwrap_or(&asset.plain).clone();
    let mut response = (GUARDS, Body::from(body)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, policy.value);
    headers.insert(header::CACHE_CONTROL, kept);
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(tag) = HeaderValue::try_from(tag) {
        headers.insert(header::ETAG, tag);
    }
    if is_known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        *response.body_mut() = Body::empty();
        return response;
    }
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(asset.media_type),
    );
    if brotli.is_some() {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
    }
    response
}
