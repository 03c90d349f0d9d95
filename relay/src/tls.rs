//! TLS, where no proxy speaks it: a certificate and its key from files, and a listener that hands
//! on connections once they are protected.

mod certificate;
mod listener;

pub use certificate::{TlsError, TlsFiles};
pub use listener::TlsListener;
