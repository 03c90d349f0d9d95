//! The node key as a peer's identity: the peer id is derived from the enrolled public key, so who
//! is at the other end of a connection is what the chain says about that key.

use libp2p::{
    PeerId,
    identity::{Keypair, PublicKey, secp256k1},
};

use super::StartError;

/// The 32 secret bytes of a hospital's node key. They are taken once, by [`super::Peers::start`].
pub struct NodeSecret(secp256k1::SecretKey);

impl NodeSecret {
    /// Takes the secret scalar, big-endian, and overwrites the bytes it came in.
    ///
    /// # Errors
    /// [`StartError::NodeSecret`]: zero, or not below the order of secp256k1.
    pub fn from_bytes(bytes: &mut [u8; 32]) -> Result<Self, StartError> {
        secp256k1::SecretKey::try_from_bytes(bytes)
            .map(Self)
            .map_err(|_| StartError::NodeSecret)
    }

    pub(super) fn into_keypair(self) -> Keypair {
        secp256k1::Keypair::from(self.0).into()
    }
}

/// The peer id of a node key, from its compressed public key (SEC 1, 33 bytes).
///
/// # Errors
/// [`StartError::NodePublicKey`]: the bytes are not a point of secp256k1.
pub fn peer_id_of(node_public_key: &[u8; 33]) -> Result<PeerId, StartError> {
    let key = secp256k1::PublicKey::try_from_bytes(node_public_key)
        .map_err(|_| StartError::NodePublicKey)?;
    Ok(PublicKey::from(key).to_peer_id())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The generator of secp256k1 (SEC 2, section 2.4.1): the public key of the secret 1.
    const GENERATOR: [u8; 33] = [
        0x02, 0x79, 0xbe, 0x66, 0x7e, 0xf9, 0xdc, 0xbb, 0xac, 0x55, 0xa0, 0x62, 0x95, 0xce, 0x87,
        0x0b, 0x07, 0x02, 0x9b, 0xfc, 0xdb, 0x2d, 0xce, 0x28, 0xd9, 0x59, 0xf2, 0x81, 0x5b, 0x16,
        0xf8, 0x17, 0x98,
    ];

    fn secret(last_byte: u8) -> [u8; 32] {
        let mut bytes = [0; 32];
        bytes[31] = last_byte;
        bytes
    }

    #[test]
    fn secret_and_public_key_name_the_same_peer() {
        let mut bytes = secret(1);
        let keypair = NodeSecret::from_bytes(&mut bytes).unwrap().into_keypair();
        assert_eq!(
            keypair.public().to_peer_id(),
            peer_id_of(&GENERATOR).unwrap()
        );
        assert_eq!(
            bytes, [0; 32],
            "the secret is not left in the caller's bytes"
        );
    }

    #[test]
    fn zero_is_no_secret_and_a_wrong_point_is_no_key() {
        assert_eq!(
            NodeSecret::from_bytes(&mut secret(0)).err(),
            Some(StartError::NodeSecret)
        );
        assert_eq!(
            peer_id_of(&[0xff; 33]).err(),
            Some(StartError::NodePublicKey)
        );
    }
}
