//! One relay over HTTP/1.1. What it answers is bounded, and nothing of it is believed here.

use std::{error::Error as _, io, time::Duration};

use keepwell_wire::api::Problem;
use serde::de::DeserializeOwned;
use ureq::{
    Agent, Body,
    http::{Response, header::CONTENT_TYPE},
};

use crate::{
    failure::{Exit, Failure},
    relay_url::RelayUrl,
};

/// The largest answer that is not a file: a block of 4 MiB in hex digits, and its header.
const ANSWER_BYTES_MAX: u64 = 9 * 1024 * 1024;

/// A relay that does not take the connection within this time is out.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// A relay and how long to wait for it.
#[derive(Clone, Debug)]
pub(crate) struct Relay {
    url: RelayUrl,
    agent: Agent,
    timeout: Duration,
}

impl Relay {
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
            timeout,
        }
    }

    pub(crate) fn url(&self) -> &RelayUrl {
        &self.url
    }

    /// Asks for JSON at a path that starts with a slash.
    pub(crate) fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Failure> {
        let response = self.agent.get(self.at(path)).call();
        self.read(response.map_err(|error| self.no_answer(&error))?)
    }

    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    fn read<T: DeserializeOwned>(&self, mut response: Response<Body>) -> Result<T, Failure> {
        let status = response.status();
        let kind = media_type(&response);
        let is_answer = kind == "application/json";
        let is_problem = kind == "application/problem+json";
        let body = response.body_mut().with_config().limit(ANSWER_BYTES_MAX);
        let bytes = body.read_to_vec().map_err(|error| self.no_answer(&error))?;
        if is_problem && let Ok(problem) = serde_json::from_slice::<Problem>(&bytes) {
            return Err(Failure::from_problem(self.url.as_str(), problem));
        }
        if status.is_server_error() {
            return Err(self.unreachable(&format!("it answered {status}")));
        }
        if !status.is_success() || !is_answer {
            return Err(Failure::new(
                Exit::Unreachable,
                "not-a-relay",
                format!("{} answered {status}, and not as a relay does.", self.url),
                "Check the address: something else may run there.",
            ));
        }
        serde_json::from_slice(&bytes)
            .map_err(|error| Failure::unverified(self.url.as_str(), "malformed-answer", error))
    }

    fn no_answer(&self, error: &ureq::Error) -> Failure {
        match error {
            ureq::Error::Timeout(ureq::Timeout::Connect | ureq::Timeout::Resolve) => {
                self.unreachable("it did not take the connection")
            }
            ureq::Error::Timeout(_) => self.timed_out(),
            ureq::Error::Io(io) if io.kind() == io::ErrorKind::TimedOut => self.timed_out(),
            ureq::Error::BodyExceedsLimit(limit) => Failure::unverified(
                self.url.as_str(),
                "answer-too-large",
                format!("it is larger than {limit} bytes"),
            ),
            other => {
                let cause = other.source().map(|cause| format!(": {cause}"));
                self.unreachable(&format!("{other}{}", cause.unwrap_or_default()))
            }
        }
    }

    fn timed_out(&self) -> Failure {
        Failure::new(
            Exit::TimedOut,
            "timed-out",
            format!(
                "{} did not answer within {} s.",
                self.url,
                self.timeout.as_secs()
            ),
            "Try again, allow more with --timeout, or name another relay with --relay.",
        )
    }

    fn unreachable(&self, why: &str) -> Failure {
        Failure::new(
            Exit::Unreachable,
            "unreachable",
            format!("{} could not be reached: {why}.", self.url),
            "Check that the relay runs and the address, or name another with --relay.",
        )
    }
}

/// What an answer is said to be, without parameters.
fn media_type(response: &Response<Body>) -> String {
    let header = response.headers().get(CONTENT_TYPE);
    let text = header.and_then(|value| value.to_str().ok());
    let kind = text.unwrap_or_default().split(';').next();
    String::from(kind.unwrap_or_default().trim())
}

/// Asks the relays in order until one can be reached.
pub(crate) fn first_reachable<T>(
    relays: &[RelayUrl],
    timeout: Duration,
    ask: impl Fn(&Relay) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let mut last = None;
    for url in relays {
        match ask(&Relay::new(url.clone(), timeout)) {
            Err(failure) if matches!(failure.exit, Exit::Unreachable | Exit::TimedOut) => {
                last = Some(failure);
            }
            ended => return ended,
        }
    }
    Err(last.unwrap_or_else(|| {
        Failure::new(
            Exit::Usage,
            "relay-missing",
            "There is no relay to ask.",
            "Name one with --relay.",
        )
    }))
}

#[cfg(test)]
mod tests {
    use std::{
        io::{Read, Write},
        net::TcpListener,
        thread,
    };

    use serde_json::Value;

    use super::*;

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

    fn ask(url: RelayUrl) -> Result<Value, (Exit, String)> {
        let relay = Relay::new(url, Duration::from_secs(1));
        relay
            .get("/v1/head")
            .map_err(|failure| (failure.exit, failure.code))
    }

    fn error(exit: Exit, code: &str) -> Result<Value, (Exit, String)> {
        Err((exit, String::from(code)))
    }

    #[test]
    fn json_is_taken() {
        let url = answering(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n[]",
        );
        assert_eq!(ask(url), Ok(Value::Array(vec![])));
    }

    #[test]
    fn each_way_not_to_answer_has_its_exit() {
        let problem = "HTTP/1.1 404 Not Found\r\ncontent-type: application/problem+json\r\n\
            content-length: 86\r\n\r\n\
            {\"type\":\"about:blank\",\"title\":\"Not found\",\"status\":404,\"code\":\"no-block\",\"detail\":\"x\"}";
        let html = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 2\r\n\r\nhi";
        let half =
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 1\r\n\r\n{";
        let cut = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{";
        let elsewhere = "HTTP/1.1 307 Temporary Redirect\r\nlocation: http://127.0.0.1:1/\r\n\
            content-length: 0\r\n\r\n";
        for (response, expected) in [
            (problem, error(Exit::Refused, "no-block")),
            (html, error(Exit::Unreachable, "not-a-relay")),
            (half, error(Exit::Unverified, "malformed-answer")),
            (cut, error(Exit::Unreachable, "unreachable")),
            (elsewhere, error(Exit::Unreachable, "not-a-relay")),
            ("", error(Exit::TimedOut, "timed-out")),
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
