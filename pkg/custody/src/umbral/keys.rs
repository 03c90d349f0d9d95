//! Keepwell's keys in Umbral's types. Both lie on secp256k1; only the wrapping differs.

use keepwell_keys::{PublicKey, SecretKey};
use umbral_pre::SecretKeyFactory;

/// The same point for Umbral.
pub fn public_key(key: &PublicKey) -> umbral_pre::PublicKey {
    umbral_pre::PublicKey::try_from_compressed_bytes(key.as_bytes())
        .expect("a public key is a compressed point")
}

/// The same scalar for Umbral. Both types wipe it when dropped.
pub fn secret_key(key: &SecretKey) -> umbral_pre::SecretKey {
    // Umbral takes secret bytes in a box of its own that only its keys hand out: take one from a
    // key that means nothing, and write over it.
    let box_maker =
        SecretKeyFactory::from_secure_randomness(&[0; 32]).expect("a factory's seed has 32 bytes");
    let mut scalar = box_maker.make_key(b"").to_be_bytes();
    scalar
        .as_mut_secret()
        .copy_from_slice(key.expose_secret().as_slice());
    umbral_pre::SecretKey::try_from_be_bytes(&scalar)
        .expect("a secret key lies between 1 and the order minus 1")
}

#[cfg(test)]
mod tests {
    use rand_chacha::ChaCha20Rng;
    use rand_core::SeedableRng;

    use super::*;

    #[test]
    fn a_key_stays_the_same_key_for_umbral() {
        let mut rng = ChaCha20Rng::seed_from_u64(3);
        let ours = SecretKey::generate(&mut rng);
        let umbrals = secret_key(&ours);
        assert_eq!(
            umbrals.to_be_bytes().as_secret().as_slice(),
            ours.expose_secret().as_slice()
        );
        assert_eq!(umbrals.public_key(), public_key(&ours.public_key()));
    }
}
