//! A relay that lies: an HTTP/1.1 proxy on loopback before an honest one, which alters what that
//! answers, and remembers what was asked.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
};

use anyhow::Context as _;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request};
use serde_json::Value;
use ureq::Agent;

/// What is passed on of the headers of a question, and of those of an answer. Lengths and
/// connections are each side's own.
const QUESTION_HEADERS: [&str; 4] = ["authorization", "content-type", "content-range", "range"];
const ANSWER_HEADERS: [&str; 3] = ["content-type", "content-range", "keepwell-chunks"];

/// What somebody asked of the relay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// GET, HEAD, POST or PUT.
    pub method: Method,
    /// With its query.
    pub path: String,
    /// Which part of a file, as in the header of this name.
    pub range: Option<String>,
    /// Its body.
    pub body: Vec<u8>,
}

/// What is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers that say something of the body.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body, where it is JSON.
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// The same answer with this body.
    #[must_use]
    pub fn with_body(self, body: impl Into<Vec<u8>>) -> Self {
        Self {
            body: body.into(),
            ..self
        }
    }
}

/// A proxy before a relay. Dropped, it takes no more connections.
pub struct Proxy {
    origin: String,
    shared: Arc<Shared>,
    accepting: Option<JoinHandle<()>>,
}

/// What is made of an honest answer.
type Lie = dyn Fn(&Question, Answer) -> Answer + Send + Sync;

struct Shared {
    relay: String,
    agent: Agent,
    lie: Box<Lie>,
    /// Each question with the relay's own answer, in the order of the answers.
    heard: Mutex<Vec<(Question, Answer)>>,
    is_stopping: AtomicBool,
}

impl Proxy {
    /// Before the relay at this origin; `lie` makes of each honest answer the one that is given.
    ///
    /// # Errors
    /// If there is no port for it.
    pub fn before(
        relay: &str,
        lie: impl Fn(&Question, Answer) -> Answer + Send + Sync + 'static,
    ) -> anyhow::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .proxy(None)
            .build();
        let shared = Arc::new(Shared {
            relay: relay.to_owned(),
            agent: config.into(),
            lie: Box::new(lie),
            heard: Mutex::new(Vec::new()),
            is_stopping: AtomicBool::new(false),
        });
        Ok(Self {
            origin: format!("http://127.0.0.1:{}", listener.local_addr()?.port()),
            accepting: Some(thread::spawn({
                let shared = Arc::clone(&shared);
                move || accept(&listener, &shared)
            })),
            shared,
        })
    }

    /// Before the relay at this origin, and as honest as that.
    ///
    /// # Errors
    /// If there is no port for it.
    pub fn honest(relay: &str) -> anyhow::Result<Self> {
        Self::before(relay, |_, answer| answer)
    }

    /// Where it is.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// What was asked so far, with the relay's own answers.
    pub fn heard(&self) -> Vec<(Question, Answer)> {
        let heard = self.shared.heard.lock();
        heard.unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.shared.is_stopping.store(true, Ordering::SeqCst);
        // It waits for a connection: this is the last.
        let _ = TcpStream::connect(self.origin.trim_start_matches("http://"));
        if let Some(accepting) = self.accepting.take() {
            let _ = accepting.join();
        }
    }
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    for client in listener.incoming() {
        if shared.is_stopping.load(Ordering::SeqCst) {
            return;
        }
        let (Ok(client), shared) = (client, Arc::clone(shared)) else {
            continue;
        };
        thread::spawn(move || {
            // Who hangs up, or asks for what is no HTTP, gets no answer, and sees that.
            let _ = answer(client, &shared);
        });
    }
}

/// One question of one connection, which ends with the answer.
fn answer(mut client: TcpStream, shared: &Shared) -> anyhow::Result<()> {
    let (question, headers) = read_question(&client)?;
    let honest = shared.ask(&question, headers)?;
    let heard = (question.clone(), honest.clone());
    let all = shared.heard.lock();
    all.unwrap_or_else(PoisonError::into_inner).push(heard);
    let told = (shared.lie)(&question, honest);

    let mut head = format!("HTTP/1.1 {} \r\nconnection: close\r\n", told.status);
    for (name, value) in &told.headers {
        head += &format!("{name}: {}\r\n", value.to_str()?);
    }
    head += &format!("content-length: {}\r\n\r\n", told.body.len());
    client.write_all(head.as_bytes())?;
    client.write_all(&told.body)?;
    Ok(client.flush()?)
}

fn read_question(client: &TcpStream) -> anyhow::Result<(Question, HeaderMap)> {
    let mut client = BufReader::new(client);
    let mut line = String::new();
    client.read_line(&mut line)?;
    let mut words = line.split_whitespace();
    let method = words.next().context("a request has a method")?.parse()?;
    let path = words.next().context("a request has a path")?.to_owned();
    let mut headers = HeaderMap::new();
    loop {
        line.clear();
        client.read_line(&mut line)?;
        let Some((name, value)) = line.split_once(':') else {
            break;
        };
        let name: HeaderName = name.parse()?;
        headers.insert(name, HeaderValue::from_str(value.trim())?);
    }
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let length = text("content-length").map_or(Ok(0), str::parse::<usize>)?;
    let mut body = vec![0; length];
    client.read_exact(&mut body)?;
    let range = text("range").map(str::to_owned);
    let question = Question {
        method,
        path,
        range,
        body,
    };
    Ok((question, only(&headers, &QUESTION_HEADERS)))
}

impl Shared {
    fn ask(&self, question: &Question, headers: HeaderMap) -> anyhow::Result<Answer> {
        let uri = format!("{}{}", self.relay, question.path);
        let mut request = Request::builder()
            .method(question.method.clone())
            .uri(uri)
            .body(())?;
        *request.headers_mut() = headers;
        let has_body = [Method::POST, Method::PUT].contains(&question.method);
        let response = if has_body {
            let (parts, ()) = request.into_parts();
            let request = Request::from_parts(parts, question.body.as_slice());
            self.agent.run(request)
        } else {
            self.agent.run(request)
        };
        let mut response = response?;
        let body = response.body_mut().with_config().limit(u64::MAX);
        Ok(Answer {
            body: body.read_to_vec()?,
            status: response.status().as_u16(),
            headers: only(response.headers(), &ANSWER_HEADERS),
        })
    }
}

fn only(headers: &HeaderMap, names: &[&'static str]) -> HeaderMap {
    let kept = names.iter().filter_map(|name| {
        let value = headers.get(*name)?.clone();
        Some((HeaderName::from_static(name), value))
    });
    kept.collect()
}
