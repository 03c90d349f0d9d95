//! One relay over HTTP/1.1. What it answers is bounded, and nothing of it is believed here.

use std::{error::Error as _, io, time::Duration};

use keepwell_client::{Method, Relay, RelayFailure, Request, Response};
use ureq::{
    Agent, Body,
    http::{self, header::CONTENT_TYPE},
};

use crate::{
    failure::{Exit, Failure},
    relay_url::RelayUrl,
};

/// A relay that does not take the connection within this time is out.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Which chunks of a file the relay has.
const CHUNKS: &str = "keepwell-chunks";

/// A relay over blocking sockets.
#[derive(Clone, Debug)]
pub(crate) struct HttpRelay {
    url: RelayUrl,
    agent: Agent,
}

impl HttpRelay {
    pub(crate) fn new(url: RelayUrl, timeout: Duration) -> Self {
        let mut config = Agent::config_builder()
            .http_status_as_error(false)
            // A relay has no business sending tokens and records elsewhere.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_connect(Some(timeout.min(CONNECT_TIMEOUT)))
            .timeout_global(Some(timeout))
            .user_agent(concat!("keepwell/", env!("CARGO_PKG_VERSION")));
        if url.is_loopback() {
            config = config.proxy(None);
        }
        Self {
            agent: config.build().into(),
            url,
        }
    }

    pub(crate) fn url(&self) -> &RelayUrl {
        &self.url
    }

    fn call(&self, request: &Request) -> Result<http::Response<Body>, ureq::Error> {
        let method = match request.method {
            Method::Get => http::Method::GET,
            Method::Head => http::Method::HEAD,
            Method::Post => http::Method::POST,
            Method::Put => http::Method::PUT,
        };
        let mut builder = http::Request::builder()
            .method(method)
            .uri(format!("{}{}", self.url, request.path));
        for (name, value) in &request.headers {
            builder = builder.header(*name, value);
        }
        match request.method {
            Method::Get | Method::Head => self.agent.run(builder.body(())?),
            Method::Post | Method::Put => self.agent.run(builder.body(request.body.as_slice())?),
        }
    }
}

impl Relay for HttpRelay {
    fn name(&self) -> &str {
        self.url.as_str()
    }

    async fn send(&self, request: Request) -> Result<Response, RelayFailure> {
        let failed = |error| failure(&error, request.answer_bytes_max);
        let mut response = self.call(&request).map_err(failed)?;
        let (status, media_type) = (response.status().as_u16(), media_type(&response));
        let chunks = response.headers().get(CHUNKS);
        let chunks = chunks
            .and_then(|value| value.to_str().ok())
            .map(String::from);
        let body = response.body_mut().with_config();
        // One more than allowed may be read, so that the limit itself is not an error.
        let limit = (request.answer_bytes_max as u64).saturating_add(1);
        let body = body.limit(limit).read_to_vec().map_err(failed)?;
        if body.len() > request.answer_bytes_max {
            let max = request.answer_bytes_max;
            return Err(RelayFailure::TooLarge { max });
        }
        Ok(Response {
            status,
            media_type,
            chunks,
            body,
        })
    }
}

/// What an answer is said to be, without parameters.
fn media_type(response: &http::Response<Body>) -> String {
    let header = response.headers().get(CONTENT_TYPE);
    let text = header.and_then(|value| value.to_str().ok());
    let kind = text.unwrap_or_default().split(';').next();
    String::from(kind.unwrap_or_default().trim())
}

fn failure(error: &ureq::Error, max: usize) -> RelayFailure {
    let unreachable = |why: &str| RelayFailure::Unreachable {
        why: String::from(why),
    };
    match error {
        ureq::Error::Timeout(ureq::Timeout::Connect | ureq::Timeout::Resolve) => {
            unreachable("it did not take the connection")
        }
        ureq::Error::Timeout(_) => RelayFailure::TimedOut,
        ureq::Error::Io(error) if error.kind() == io::ErrorKind::TimedOut => RelayFailure::TimedOut,
        ureq::Error::BodyExceedsLimit(_) => RelayFailure::TooLarge { max },
        other => {
            let cause = other.source().map(|cause| format!(": {cause}"));
            unreachable(&format!("{other}{}", cause.unwrap_or_default()))
        }
    }
}

/// Asks the relays in order until one can be reached.
pub(crate) fn first_reachable<T>(
    relays: &[RelayUrl],
    timeout: Duration,
    ask: impl Fn(&HttpRelay) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let mut last = None;
    for url in relays {
        match ask(&HttpRelay::new(url.clone(), timeout)) {
            Err(failure) if matches!(failure.exit, Exit::Unreachable | Exit::TimedOut) => {
                last = Some(failure);
            }
            ended => return ended,
        }
    }
    Err(last.unwrap_or_else(no_relay))
}

/// Nothing to ask.
pub(crate) fn no_relay() -> Failure {
    Failure::new(
        Exit::Usage,
        "relayMissing",
        "There is no relay to ask.",
        "Name one with --relay, or a home that knows one with --home.",
    )
}

#[cfg(test)]
mod tests {
    use std::{
        io::{Read, Write},
        net::TcpListener,
        thread,
    };

    use super::*;
    use crate::runtime::block_on;

    /// A server that answers one request with these bytes.
    fn answering(response: &'static str) -> RelayUrl {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(response.as_bytes());
            // Silence, rather than an end, is what the timeout is for.
            if response.is_empty() {
                thread::sleep(Duration::from_secs(5));
            }
        });
        RelayUrl::on_this_machine(port)
    }

    fn ask(url: RelayUrl) -> (Exit, String) {
        let relay = HttpRelay::new(url, Duration::from_secs(1));
        let failure = Failure::from(block_on(keepwell_client::head(&relay)).unwrap_err());
        (failure.exit, failure.code)
    }

    fn error(exit: Exit, code: &str) -> (Exit, String) {
        (exit, String::from(code))
    }

    #[test]
    fn answer_arrives_with_what_is_said_of_it() {
        let url = answering(
            "HTTP/1.1 202 Accepted\r\ncontent-type: application/json; charset=utf-8\r\n\
             keepwell-chunks: 0-4\r\ncontent-length: 2\r\n\r\n[]",
        );
        let request = |answer_bytes_max| Request {
            method: Method::Get,
            path: String::from("/"),
            headers: vec![],
            body: vec![],
            answer_bytes_max,
        };
        let relay = HttpRelay::new(url, Duration::from_secs(1));
        assert_eq!(
            block_on(relay.send(request(2))),
            Ok(Response {
                status: 202,
                media_type: String::from("application/json"),
                chunks: Some(String::from("0-4")),
                body: b"[]".to_vec(),
            })
        );
        let url = answering("HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nabc");
        let relay = HttpRelay::new(url, Duration::from_secs(1));
        assert_eq!(
            block_on(relay.send(request(2))),
            Err(RelayFailure::TooLarge { max: 2 })
        );
    }

    #[test]
    fn each_way_not_to_answer_has_its_exit() {
        let problem = "HTTP/1.1 404 Not Found\r\ncontent-type: application/problem+json\r\n\
            content-length: 85\r\n\r\n\
            {\"type\":\"about:blank\",\"title\":\"Not found\",\"status\":404,\"code\":\"noBlock\",\"detail\":\"x\"}";
        let html = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 2\r\n\r\nhi";
        let half =
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 1\r\n\r\n{";
        let cut = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{";
        let elsewhere = "HTTP/1.1 307 Temporary Redirect\r\nlocation: http://127.0.0.1:1/\r\n\
            content-length: 0\r\n\r\n";
        for (response, expected) in [
            (problem, error(Exit::Refused, "noBlock")),
            (html, error(Exit::Unreachable, "notARelay")),
            (half, error(Exit::Unverified, "malformedAnswer")),
            (cut, error(Exit::Unreachable, "unreachable")),
            (elsewhere, error(Exit::Unreachable, "notARelay")),
            ("", error(Exit::TimedOut, "timedOut")),
        ] {
            assert_eq!(ask(answering(response)), expected, "{response}");
        }
    }

    #[test]
    fn closed_port_is_unreachable() {
        let port = TcpListener::bind("127.0.0.1:0")
            .and_then(|listener| listener.local_addr())
            .unwrap()
            .port();
        assert_eq!(
            ask(RelayUrl::on_this_machine(port)),
            error(Exit::Unreachable, "unreachable")
        );
    }
}
