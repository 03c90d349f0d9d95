//! Which peer is which hospital: by the enrolled node keys.

use std::collections::{HashMap, HashSet};

use keepwell_keys::{HospitalId, PublicKey};
use keepwell_ledger::genesis::Genesis;
use libp2p::{Multiaddr, PeerId};

use crate::peers::{Dial, StartError, peer_id_of};

/// The peers of the network by hospital. Hospitals of the genesis file, until they can change.
#[derive(Clone, Debug)]
pub struct Directory {
    by_peer: HashMap<PeerId, HospitalId>,
    by_hospital: HashMap<HospitalId, (PeerId, PublicKey)>,
    dial: Vec<Dial>,
}

impl Directory {
    /// The hospitals of a genesis file, each at its addresses.
    ///
    /// # Errors
    /// [`StartError`] if a node key is no key; a checked genesis has none of those.
    pub fn of(genesis: &Genesis) -> Result<Self, StartError> {
        let mut directory = Self {
            by_peer: HashMap::new(),
            by_hospital: HashMap::new(),
            dial: Vec::new(),
        };
        for (hospital_id, hospital) in genesis.hospitals() {
            let peer = peer_id_of(hospital.public_keys.node.as_bytes())?;
            directory.by_peer.insert(peer, *hospital_id);
            directory
                .by_hospital
                .insert(*hospital_id, (peer, hospital.public_keys.node));
            for text in hospital.addresses.peer_texts() {
                match text.parse::<Multiaddr>() {
                    Ok(address) => directory.dial.push(Dial {
                        peer: Some(peer),
                        address,
                    }),
                    Err(error) => {
                        tracing::warn!(%hospital_id, address = text, %error,
                            "address in the genesis file cannot be dialled");
                    }
                }
            }
        }
        Ok(directory)
    }

    /// The hospital of a peer.
    pub fn hospital(&self, peer: &PeerId) -> Option<HospitalId> {
        self.by_peer.get(peer).copied()
    }

    /// The peer of a hospital.
    pub fn peer(&self, hospital: &HospitalId) -> Option<PeerId> {
        self.by_hospital.get(hospital).map(|(peer, _)| *peer)
    }

    /// The node key of a hospital.
    pub fn node_key(&self, hospital: &HospitalId) -> Option<PublicKey> {
        self.by_hospital
            .get(hospital)
            .map(|(_, node_key)| *node_key)
    }

    /// Every hospital, in the order of their ids.
    pub fn hospitals(&self) -> Vec<HospitalId> {
        let mut hospitals: Vec<_> = self.by_hospital.keys().copied().collect();
        hospitals.sort_unstable();
        hospitals
    }

    /// Everyone who may be connected.
    pub fn allowed(&self) -> HashSet<PeerId> {
        self.by_peer.keys().copied().collect()
    }

    /// Where everyone is reached.
    pub fn dial(&self) -> &[Dial] {
        &self.dial
    }
}
