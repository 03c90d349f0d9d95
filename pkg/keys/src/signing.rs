//! Signing and verifying: always over a digest that names its domain and its network.

use k256::ecdsa::{VerifyingKey, hazmat::SignPrimitive, signature::hazmat::PrehashVerifier};
use keepwell_primitives::{Hash, hash_newtype};
use sha2::Sha256;

use crate::{PublicKey, SecretKey, Signature, SignatureError};

hash_newtype! {
    /// The hash of block 0, which names a network.
    pub struct GenesisHash;
}

/// What is signed to state `bytes` on one network: `SHA-256("keepwell/<domain>/v1" ‖ 0x00 ‖
/// genesis ‖ bytes)`. Nothing signed for one network or one domain is valid in another.
pub fn signing_digest(domain: &str, genesis: &GenesisHash, bytes: &[u8]) -> Hash {
    Hash::tagged(domain, &[genesis.as_bytes(), bytes])
}

/// The one signature this key makes over `digest`: ECDSA with the nonce of RFC 6979 (SHA-256, no
/// additional data), s made low.
pub fn sign(key: &SecretKey, digest: &Hash) -> Signature {
    let (signature, _) = key
        .scalar()
        .try_sign_prehashed_rfc6979::<Sha256>(&(*digest.as_bytes()).into(), &[])
        .expect("only an r or s of zero fails, which takes 2^256 digests to meet");
    Signature::from_low_s(&signature)
}

/// Checks that `key` signed `digest`.
///
/// # Errors
/// [`SignatureError::Mismatch`] where another key or another digest was signed. A high s cannot
/// get here: it is refused when the [`Signature`] is parsed.
pub fn verify(key: &PublicKey, digest: &Hash, signature: &Signature) -> Result<(), SignatureError> {
    VerifyingKey::from(key.to_point())
        .verify_prehash(digest.as_bytes(), &signature.to_scalars())
        .map_err(|_| SignatureError::Mismatch)
}

/// A check as a value: yielded by who knows what must be signed, done by who has the cores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignatureCheck {
    /// Who must have signed.
    pub public_key: PublicKey,
    /// What must be signed.
    pub digest: Hash,
    /// What is to be checked.
    pub signature: Signature,
}

impl SignatureCheck {
    /// # Errors
    /// As [`verify`].
    pub fn verify(&self) -> Result<(), SignatureError> {
        verify(&self.public_key, &self.digest, &self.signature)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key(last_byte: u8) -> SecretKey {
        let mut bytes = [7; 32];
        bytes[31] = last_byte;
        SecretKey::from_bytes(bytes).unwrap()
    }

    #[test]
    fn digest_names_domain_network_and_bytes() {
        let genesis = GenesisHash(Hash::untagged(b"a network"));
        let other = GenesisHash(Hash::untagged(b"another network"));
        let digest = signing_digest("vote", &genesis, b"x");
        assert_ne!(digest, signing_digest("vote", &other, b"x"));
        assert_ne!(digest, signing_digest("votes", &genesis, b"x"));
        assert_ne!(digest, signing_digest("vote", &genesis, b"y"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn signature_verifies_for_its_key_and_digest_alone(who: u8, bytes: [u8; 32], bit in 0..256_usize) {
            let (digest, public_key) = (Hash(bytes), key(who).public_key());
            let signature = sign(&key(who), &digest);
            prop_assert_eq!(Signature::from_bytes(*signature.as_bytes()), Ok(signature));
            let check = SignatureCheck { public_key, digest, signature };
            prop_assert_eq!(check.verify(), Ok(()));

            let another_key = key(who.wrapping_add(1)).public_key();
            let wrong_key = SignatureCheck { public_key: another_key, ..check };
            prop_assert_eq!(wrong_key.verify(), Err(SignatureError::Mismatch));

            let mut flipped = digest;
            flipped.0[bit / 8] ^= 1 << (bit % 8);
            let wrong_digest = SignatureCheck { digest: flipped, ..check };
            prop_assert_eq!(wrong_digest.verify(), Err(SignatureError::Mismatch));
        }

        #[test]
        fn any_flipped_bit_of_a_signature_is_noticed(bytes: [u8; 32], bit in 0..512_usize) {
            let digest = Hash(bytes);
            let mut altered = *sign(&key(1), &digest).as_bytes();
            altered[bit / 8] ^= 1 << (bit % 8);
            let result = Signature::from_bytes(altered)
                .and_then(|signature| verify(&key(1).public_key(), &digest, &signature));
            prop_assert!(result.is_err());
        }
    }
}
