//! Dialling: looking up whose turn it is, picking an address, and noting what came of it.

use std::{
    hash::{BuildHasher, Hasher, RandomState},
    io,
};

use libp2p::{
    Multiaddr,
    swarm::dial_opts::{DialOpts, PeerCondition},
};
use tokio::time::Instant;
use tracing::debug;

use super::{Dial, resolve::resolve, swarm_loop::SwarmLoop};

/// A target and the numeric addresses found for it.
pub(super) type Resolved = (Dial, io::Result<Vec<Multiaddr>>);

impl SwarmLoop {
    /// Replaces whom to keep connected to.
    pub(super) fn dial(&mut self, dial: Vec<Dial>) {
        let now = Instant::now();
        self.redial.replace(dial, *self.swarm.local_peer_id(), now);
        for peer in self.swarm.connected_peers() {
            self.redial.connected(*peer, None, now);
        }
    }

    pub(super) fn look_up_due(&mut self) {
        for dial in self.redial.take_due(Instant::now()) {
            self.resolving.spawn(async move {
                let addresses = resolve(&dial.address).await;
                (dial, addresses)
            });
        }
    }

    pub(super) fn on_resolved(&mut self, (dial, addresses): Resolved) {
        let dialled = addresses
            .map_err(|error| error.to_string())
            .and_then(|addresses| {
                let options = match dial.peer {
                    Some(peer) => DialOpts::peer_id(peer)
                        .condition(PeerCondition::DisconnectedAndNotDialing)
                        .addresses(addresses)
                        .allocate_new_port()
                        .build(),
                    None => {
                        // One of several, at random: a name may stand for machines that are down.
                        let count = addresses.len().max(1) as u64;
                        let pick = usize::try_from(random() % count).unwrap_or(0);
                        let address = addresses.into_iter().nth(pick).ok_or("no address")?;
                        DialOpts::unknown_peer_id()
                            .address(address)
                            .allocate_new_port()
                            .build()
                    }
                };
                let connection = options.connection_id();
                self.swarm
                    .dial(options)
                    .map(|()| connection)
                    .map_err(|error| error.to_string())
            });
        match dialled {
            Ok(connection) => self.redial.dialling(&dial, connection),
            Err(error) => {
                debug!(address = %dial.address, error, "cannot dial");
                self.redial.failed(&dial, Instant::now(), random());
            }
        }
    }
}

/// A number nobody can foresee, for spreading dials: the seed that std takes from the system for
/// its hash maps.
pub(super) fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}
