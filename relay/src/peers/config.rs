//! What the peers are started with.

use std::collections::HashSet;

use libp2p::{Multiaddr, PeerId, multiaddr::Protocol};

use super::{NodeSecret, StartError};

/// What the peers are started with.
pub struct PeersConfig {
    /// The hospital's node key.
    pub node_secret: NodeSecret,
    /// Where to listen, such as `/ip4/0.0.0.0/tcp/9400`; port 0 takes a free one.
    pub listen: Multiaddr,
    /// Whom to keep connected to. Our own address may be among them and is passed over.
    pub dial: Vec<Dial>,
    /// Who may be connected, by enrolled node key: everyone else is a stranger.
    pub allowed: HashSet<PeerId>,
    /// Names the network in handshake, protocols and topics, so that two networks never mix: the
    /// genesis hash in hex.
    pub network: String,
}

/// Somewhere a peer can be reached.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Dial {
    /// Who must answer there; without it, anyone who is allowed.
    pub peer: Option<PeerId>,
    /// Where: `/ip4/…/tcp/…`, `/ip6/…/tcp/…` or `/dns/…/tcp/…`.
    pub address: Multiaddr,
}

impl From<Multiaddr> for Dial {
    /// A trailing `/p2p/<peer id>` says who must answer.
    fn from(mut address: Multiaddr) -> Self {
        let peer = match address.iter().last() {
            Some(Protocol::P2p(peer)) => {
                address.pop();
                Some(peer)
            }
            _ => None,
        };
        Self { peer, address }
    }
}

/// Refuses a name that would not survive in a protocol's name.
pub(super) fn check_network_name(name: &str) -> Result<(), StartError> {
    let fits = (1..=128).contains(&name.len());
    if fits
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    {
        return Ok(());
    }
    Err(StartError::NetworkName {
        got: name.chars().take(128).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_may_say_who_must_answer() {
        let peer = PeerId::random();
        let address: Multiaddr = "/dns/relay.example/tcp/9400".parse().unwrap();
        let named = address.clone().with(Protocol::P2p(peer));
        assert_eq!(
            Dial::from(named),
            Dial {
                peer: Some(peer),
                address: address.clone()
            }
        );
        assert_eq!(
            Dial::from(address.clone()),
            Dial {
                peer: None,
                address
            }
        );
    }

    #[test]
    fn a_network_is_named_by_letters_and_digits() {
        assert_eq!(check_network_name(&"0f".repeat(32)), Ok(()));
        for bad in ["", "a/b", &"x".repeat(129)] {
            assert!(matches!(
                check_network_name(bad),
                Err(StartError::NetworkName { .. })
            ));
        }
    }
}
