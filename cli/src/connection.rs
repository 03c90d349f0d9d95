//! From a home to a session: the chain as it was verified last, a relay that can be reached, and
//! the chain kept again afterwards.

use std::{fs, io};

use keepwell_client::{ClientError, ErrorClass, Session};
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

/// A session over sockets.
pub(crate) type HttpSession<'a> = Session<'a, HttpRelay, SystemClock>;

/// What a home has verified, and the options that say how to ask on.
pub(crate) struct Connection<'a> {
    global: &'a GlobalOptions,
    home: &'a Home,
    pub(crate) light: LightClient,
}

impl<'a> Connection<'a> {
    /// Reads what was verified before. What cannot be read is verified anew: nothing is lost but
    /// time.
    pub(crate) fn new(global: &'a GlobalOptions, home: &'a Home) -> Result<Self, Failure> {
        let path = home.directory.join(STORE_FILE);
        let stored = match fs::read(&path) {
            Ok(bytes) => Stored::from_bytes(&bytes).ok(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(Failure::file(&path, "read", &error)),
        };
        let restored =
            stored.and_then(|stored| LightClient::restore(home.genesis.clone(), &stored).ok());
        Ok(Self {
            global,
            home,
            light: restored.unwrap_or_else(|| LightClient::new(home.genesis.clone())),
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
        let mut session = Session {
            relay: &relay,
            clock: &SystemClock,
            light: &mut self.light,
            timeout: milliseconds(timeout),
        };
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

    fn keep(&self) -> Result<(), Failure> {
        let path = self.home.directory.join(STORE_FILE);
        private_file::replace_private(&path, &self.light.stored().to_bytes())
    }
}

pub(crate) fn milliseconds(span: std::time::Duration) -> Milliseconds {
    Milliseconds(u64::try_from(span.as_millis()).unwrap_or(u64::MAX))
}
