//! Knowing the network: by the hash in the page's address, by what the device has kept, or by a
//! code that a person compares.

use keepwell_client::{Hospitals, fetch_genesis};
use keepwell_keys::GenesisHash;
use keepwell_ledger::genesis::{Genesis, GenesisFile};
use keepwell_light::{Interest, LightClient};

use super::{chain::Chain, desk::Desk, relays::at_origin};
use crate::{
    ports::database::Store,
    talk::{Failure, HeadLine, HospitalLine, KnownNetwork, NetworkNews, News, Outcome},
};

/// The row of the genesis file that this origin is trusted with, in JSON as relays serve it.
const GENESIS: &str = "genesis";

impl Desk {
    /// Takes up what the device has kept, and finds out about the network.
    pub(super) async fn begin(
        &self,
        address: Option<String>,
        origin: String,
    ) -> Result<Outcome, Failure> {
        self.origin.replace(origin);
        self.tell_who().await?;
        let kept = self.kept_genesis().await?;
        match (kept, address) {
            (Some(kept), None) => self.enter(kept).await?,
            (Some(kept), Some(address)) if kept.hash().to_string() == address => {
                self.enter(kept).await?;
            }
            (Some(kept), Some(address)) => {
                let kept = kept.hash();
                let other = NetworkNews::Other { kept, address };
                self.voice.tell(News::Network(other));
                return Ok(Outcome::Nothing);
            }
            (None, Some(address)) => {
                let expected: GenesisHash = address.parse().map_err(|_| malformed_hash())?;
                let fetched = fetch_genesis(&self.own_relay(), expected).await;
                match fetched {
                    Ok(genesis) => self.trust(genesis).await?,
                    Err(error) => return self.unavailable(error.into()),
                }
            }
            (None, None) => {
                let offered = keepwell_client::offered_genesis(&self.own_relay()).await;
                match offered {
                    Ok(genesis) => self.tell_unconfirmed(&genesis),
                    Err(error) => return self.unavailable(error.into()),
                }
                return Ok(Outcome::Nothing);
            }
        }
        self.catch_up_network().await;
        Ok(Outcome::Nothing)
    }

    /// Trusts the network that a person has compared the code of.
    pub(super) async fn trust_network(&self, expected: GenesisHash) -> Result<Outcome, Failure> {
        let genesis = match self.kept_genesis().await? {
            Some(kept) if kept.hash() == expected => kept,
            _ => fetch_genesis(&self.own_relay(), expected).await?,
        };
        self.trust(genesis).await?;
        self.catch_up_network().await;
        Ok(Outcome::Nothing)
    }

    /// Tells what is known of the network now.
    pub(super) async fn tell_network(&self) -> Result<(), Failure> {
        let origin = self.origin.borrow().clone();
        let guard = self.chain.lock().await;
        if let Some(chain) = guard.as_ref() {
            let known = known(chain, &origin);
            self.voice.tell(News::Network(NetworkNews::Known(known)));
        }
        Ok(())
    }

    /// Reads the directory anew at the page's own relay, and tells it.
    async fn catch_up_network(&self) {
        self.read_network().await;
        // Told even so: what was verified before still is.
        let _ = self.tell_network().await;
    }

    /// Reads the directory anew at the page's own relay. That it cannot be reached is seen at what
    /// is asked of it next.
    pub(super) async fn read_network(&self) {
        let relay = self.own_relay();
        let interests = [Interest::Directory];
        let caught_up = self.at_relay(&relay, async |session| session.sync(&interests).await);
        if let Err(failure) = caught_up.await {
            self.voice.tell(News::RelayTrouble(failure));
        }
    }

    async fn kept_genesis(&self) -> Result<Option<Genesis>, Failure> {
        let row = self.database().await?.row(Store::Network, GENESIS).await?;
        let file: Option<GenesisFile> = row.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        // A damaged row is as none: the person compares once more.
        Ok(file.and_then(|file| Genesis::new(file).ok()))
    }

    async fn trust(&self, genesis: Genesis) -> Result<(), Failure> {
        let file = serde_json::to_vec(genesis.file()).map_err(|error| {
            let message = format!("The network's genesis cannot be kept: {error}.");
            Failure::local("genesis", message, "Report this to your hospital.")
        })?;
        let database = self.database().await?;
        let row = [(GENESIS, Some(file.as_slice()))];
        database.change(Store::Network, row).await?;
        self.enter(genesis).await
    }

    async fn enter(&self, genesis: Genesis) -> Result<(), Failure> {
        let chain = Chain::restore(genesis, self.database().await?).await?;
        self.take_up(chain).await;
        self.follow_news();
        self.tell_network().await
    }

    fn tell_unconfirmed(&self, genesis: &Genesis) {
        let hospitals = genesis.hospitals().iter();
        let names = hospitals.map(|(_, hospital)| hospital.name_text());
        let unconfirmed = NetworkNews::Unconfirmed {
            genesis: genesis.hash(),
            hospitals: names.collect(),
        };
        self.voice.tell(News::Network(unconfirmed));
    }

    fn unavailable(&self, failure: Failure) -> Result<Outcome, Failure> {
        let news = NetworkNews::Unavailable(failure.clone());
        self.voice.tell(News::Network(news));
        Err(failure)
    }
}

fn known(chain: &Chain, origin: &str) -> KnownNetwork {
    let light: &LightClient = &chain.light;
    let hospitals = Hospitals::of(light);
    let head = light.head();
    let line = |named: &keepwell_client::NamedHospital| HospitalLine {
        id: named.id,
        name: named.hospital.name_text(),
        relay: named.hospital.addresses.url_texts().next(),
        is_active: named.hospital.is_active(),
    };
    KnownNetwork {
        genesis: light.network().hash(),
        head: chain.verified_at.map(|verified_at| HeadLine {
            index: head.index(),
            made_at: head.header().timestamp,
            verified_at,
        }),
        hospitals: hospitals.all().iter().map(line).collect(),
        home: at_origin(&hospitals, origin),
    }
}

fn malformed_hash() -> Failure {
    Failure::local(
        "genesisHash",
        "The address names no network: what follows #genesis= is not 64 hex digits.",
        "Use the address or the QR code that your hospital gave you, whole.",
    )
}
