//! The two ports: one relay, and the clock. Real in the page (fetch) and in the command (sockets).

use alloc::{string::String, vec::Vec};

use keepwell_primitives::{Milliseconds, Timestamp};

/// One relay over HTTP.
#[expect(
    async_fn_in_trait,
    reason = "a page has one thread, and the command blocks: nobody needs these futures to be Send"
)]
pub trait Relay {
    /// Its origin, for naming it.
    fn name(&self) -> &str;

    /// Sends a request and reads the whole answer, of at most [`Request::answer_bytes_max`].
    /// Redirects are not followed. Any status is an answer.
    ///
    /// # Errors
    /// [`RelayFailure`] where no whole answer came.
    async fn send(&self, request: Request) -> Result<Response, RelayFailure>;
}

/// Time, for whoever has it.
#[expect(async_fn_in_trait, reason = "as for `Relay`")]
pub trait Clock {
    /// Now.
    fn now(&self) -> Timestamp;

    /// Comes back after this long.
    async fn sleep(&self, span: Milliseconds);
}

/// What is asked of a relay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// How.
    pub method: Method,
    /// Starts with a slash; names and query are ASCII.
    pub path: String,
    /// Header names in small letters, with their values.
    pub headers: Vec<(&'static str, String)>,
    /// Empty for GET and HEAD.
    pub body: Vec<u8>,
    /// A longer answer is refused while it is read.
    pub answer_bytes_max: usize,
}

/// The methods that the API uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Read.
    Get,
    /// Is it there?
    Head,
    /// Do.
    Post,
    /// Store.
    Put,
}

/// What a relay answered. Nothing of it is believed yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// `Content-Type` without parameters; empty if absent.
    pub media_type: String,
    /// `Keepwell-Chunks`, if present.
    pub chunks: Option<String>,
    /// The body.
    pub body: Vec<u8>,
}

/// No whole answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RelayFailure {
    /// No connection, or it broke.
    #[error("could not be reached: {why}")]
    Unreachable {
        /// The cause in words.
        why: String,
    },
    /// It took too long.
    #[error("did not answer in time")]
    TimedOut,
    /// Longer than asked for.
    #[error("answered with more than {max} bytes")]
    TooLarge {
        /// What was allowed.
        max: usize,
    },
}
