//! From a home to a session: the chain as it was verified last, a relay that can be reached, and
//! the chain kept again afterwards.

use std::{fs, io};

use keepwell_client::{ClientError, ErrorClass, Outbox, Session};
use keepwell_light::{LightClient, Stored};
use keepwell_primitives::Milliseconds;

use crate::{
    arguments::GlobalOptions,
    failure::Failure,
    home::Home,
    http::{HttpRelay, no_relay},
    private_file,
    relay_url::RelayUrl,
    runtime::{SystemClock, block_on},
};

const STORE_FILE: &str = "light.store";
const OUTBOX_FILE: &str = "outbox";

/// A session over sockets.
pub(crate) type HttpSession<'a> = Session<'a, HttpRelay, SystemClock>;

/// What a home has verified, and the options that say how to ask on.
pub(crate) struct Connection<'a> {
    global: &'a GlobalOptions,
    home: &'a Home,
    pub(crate) light: LightClient,
    outbox: Outbox,
    /// As it stands in its file.
    outbox_kept: Outbox,
}

impl<'a> Connection<'a> {
    /// Reads what was verified and sent before. What cannot be read is verified anew, and not sent
    /// again.
    pub(crate) fn new(global: &'a GlobalOptions, home: &'a Home) -> Result<Self, Failure> {
        let stored = read(home, STORE_FILE)?;
        let stored = stored.and_then(|bytes| Stored::from_bytes(&bytes).ok());
        let restored =
            stored.and_then(|stored| LightClient::restore(home.genesis.clone(), &stored).ok());
        let outbox = read(home, OUTBOX_FILE)?
            .and_then(|bytes| Outbox::from_bytes(&bytes, &home.genesis.hash()).ok())
            .unwrap_or_default();
        Ok(Self {
            global,
            home,
            light: restored.unwrap_or_else(|| LightClient::new(home.genesis.clone())),
            outbox_kept: outbox.clone(),
            outbox,
        })
    }

    /// Runs steps with the first of these relays that can be reached, and keeps what was verified,
    /// however they end.
    pub(crate) fn run<T>(
        &mut self,
        relays: &[RelayUrl],
        steps: impl AsyncFnOnce(&mut HttpSession<'_>) -> Result<T, ClientError>,
    ) -> Result<T, Failure> {
        let timeout = self.global.timeout();
        let relay = self.reachable(relays)?;
        let timeout = milliseconds(timeout);
        let mut session = Session::new(&relay, &SystemClock, &mut self.light, timeout)
            .with_outbox(&mut self.outbox);
        let ended = block_on(steps(&mut session));
        self.keep()?;
        Ok(ended?)
    }

    fn reachable(&mut self, relays: &[RelayUrl]) -> Result<HttpRelay, Failure> {
        let mut last = None;
        for url in relays {
            let relay = HttpRelay::new(url.clone(), self.global.timeout());
            match block_on(keepwell_client::head(&relay)) {
                Ok(_) => return Ok(relay),
                Err(error) => match error.class() {
                    ErrorClass::Unreachable | ErrorClass::TimedOut => last = Some(error),
                    _ => return Err(error.into()),
                },
            }
        }
        Err(last.map_or_else(no_relay, Failure::from))
    }

    fn keep(&mut self) -> Result<(), Failure> {
        let path = |name| self.home.directory.join(name);
        private_file::replace_private(&path(STORE_FILE), &self.light.stored().to_bytes())?;
        if self.outbox != self.outbox_kept {
            private_file::replace_private(&path(OUTBOX_FILE), &self.outbox.to_bytes())?;
            self.outbox_kept = self.outbox.clone();
        }
        Ok(())
    }
}

/// A file of the home; `None` if it is not there yet.
fn read(home: &Home, name: &str) -> Result<Option<Vec<u8>>, Failure> {
    let path = home.directory.join(name);
    match fs::read(&path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::file(&path, "read", &error)),
    }
}

pub(crate) fn milliseconds(span: std::time::Duration) -> Milliseconds {
    Milliseconds(u64::try_from(span.as_millis()).unwrap_or(u64::MAX))
}
