//! One relay over the browser's `fetch`. What it answers is bounded, and nothing of it is believed
//! here.
//!
//! Requests carry no cookies and say nothing of the page, and follow no redirect: a relay has no
//! business sending tokens and records elsewhere.

use gloo::timers::callback::Timeout;
use js_sys::{Promise, Reflect, Uint8Array};
use keepwell_client::{Method, Relay, RelayFailure, Request, Response};
use wasm_bindgen::{JsCast as _, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, ReadableStreamDefaultReader, RequestCache, RequestCredentials, RequestInit,
    RequestRedirect,
};

/// A relay that has not answered whole by then is out. A chunk of 1 MiB takes 5 s on a line of
/// 1.6 Mbit/s.
const ANSWER_WITHIN_MS: u32 = 30_000;

/// Which chunks of a file the relay has.
const CHUNKS: &str = "keepwell-chunks";

#[wasm_bindgen]
extern "C" {
    // The same in a page and in a worker, which web-sys has on two types.
    #[wasm_bindgen(js_name = fetch)]
    fn fetch_request(request: &web_sys::Request) -> Promise;
}

/// A relay by its origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FetchRelay {
    origin: String,
}

impl FetchRelay {
    /// The relay at scheme, host and port, with or without a slash at the end.
    #[must_use]
    pub fn new(origin: &str) -> Self {
        Self {
            origin: String::from(origin.trim_end_matches('/')),
        }
    }

    async fn answer(&self, request: &Request) -> Result<Response, Broken> {
        let abort = AbortController::new()?;
        let alarm = {
            let abort = abort.clone();
            Timeout::new(ANSWER_WITHIN_MS, move || abort.abort())
        };
        let answer = async {
            let asked = fetch_request(&self.asked(request, &abort)?);
            let response: web_sys::Response = JsFuture::from(asked).await?.dyn_into()?;
            let headers = response.headers();
            let media_type = headers.get("content-type")?.unwrap_or_default();
            let media_type = media_type.split(';').next().unwrap_or_default();
            Ok(Response {
                status: response.status(),
                media_type: String::from(media_type.trim()),
                chunks: headers.get(CHUNKS)?,
                body: body(&response, request.answer_bytes_max).await?,
            })
        };
        let answer = answer.await;
        if answer.is_err() && abort.signal().aborted() {
            return Err(Broken(RelayFailure::TimedOut));
        }
        alarm.cancel();
        answer
    }

    fn asked(
        &self,
        request: &Request,
        abort: &AbortController,
    ) -> Result<web_sys::Request, JsValue> {
        let init = RequestInit::new();
        init.set_method(match request.method {
            Method::Get => "GET",
            Method::Head => "HEAD",
            Method::Post => "POST",
            Method::Put => "PUT",
        });
        init.set_credentials(RequestCredentials::Omit);
        init.set_cache(RequestCache::NoStore);
        init.set_redirect(RequestRedirect::Error);
        init.set_referrer("");
        init.set_signal(Some(&abort.signal()));
        if matches!(request.method, Method::Post | Method::Put) {
            init.set_body(&Uint8Array::from(request.body.as_slice()));
        }
        let url = format!("{}{}", self.origin, request.path);
        let asked = web_sys::Request::new_with_str_and_init(&url, &init)?;
        for (name, value) in &request.headers {
            asked.headers().set(name, value)?;
        }
        Ok(asked)
    }
}

impl Relay for FetchRelay {
    fn name(&self) -> &str {
        &self.origin
    }

    async fn send(&self, request: Request) -> Result<Response, RelayFailure> {
        let answer = self.answer(&request).await;
        answer.map_err(|Broken(failure)| failure)
    }
}

/// Reads a body, and stops where it is longer than asked for.
async fn body(response: &web_sys::Response, bytes_max: usize) -> Result<Vec<u8>, Broken> {
    let Some(stream) = response.body() else {
        return Ok(Vec::new());
    };
    let reader: ReadableStreamDefaultReader = stream.get_reader().dyn_into().map_err(broken)?;
    let mut body = Vec::new();
    loop {
        let read = JsFuture::from(reader.read()).await?;
        if Reflect::get(&read, &"done".into())?.is_truthy() {
            return Ok(body);
        }
        let part: Uint8Array = Reflect::get(&read, &"value".into())?.dyn_into()?;
        let length = part.length() as usize;
        if body.len().saturating_add(length) > bytes_max {
            // What comes of the rest is of no interest.
            let _ = reader.cancel();
            return Err(Broken(RelayFailure::TooLarge { max: bytes_max }));
        }
        let start = body.len();
        body.resize(start + length, 0);
        if let Some(end) = body.get_mut(start..) {
            part.copy_to(end);
        }
    }
}

/// Why no answer came. A browser tells a page little of it, on purpose.
struct Broken(RelayFailure);

impl From<JsValue> for Broken {
    fn from(error: JsValue) -> Self {
        broken(error)
    }
}

fn broken(error: impl Into<JsValue>) -> Broken {
    let error: JsValue = error.into();
    let message = error.dyn_ref::<js_sys::Error>().map(js_sys::Error::message);
    Broken(RelayFailure::Unreachable {
        why: message.map_or_else(|| format!("{error:?}"), String::from),
    })
}
