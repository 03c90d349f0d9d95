//! Why a scope has a key of its own (`docs/protocol.md`, section 8).
//!
//! In Umbral, as many custodians as the threshold and the requester *together* can compute the
//! delegating secret key. This performs that attack on the bytes they hold, and shows how far it
//! reaches: the scope it was granted, and nothing else.
//!
//! Splitting draws a secret precursor p and hands out its point P = p·G. With R = r·G the
//! receiver's key, both the patient and the receiver know p·R = r·P, and from it
//!
//! ```text
//! d   = H("SHARED_SECRET", P, R, r·P)
//! x_i = H("POLYNOMIAL_ARG", P, R, r·P, id_i)
//! ```
//!
//! Custodian i holds f(x_i) for a polynomial f of degree t − 1 with f(0) = a/d, where a is the
//! scope's secret key. So the receiver brings d and the x_i, t custodians bring their f(x_i),
//! Lagrange interpolation at 0 gives a/d, and the product with d is a. (Nuñez, "Umbral: a
//! threshold proxy re-encryption scheme", 2018.)
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a test may panic, its helpers too"
)]

use k256::{
    NonZeroScalar, ProjectivePoint, Scalar, U256,
    elliptic_curve::{PrimeField, ops::Reduce, sec1::ToEncodedPoint},
};
use keepwell_custody::KeyFragment;
use keepwell_keys::{HospitalId, MasterSeed, PublicKey, SecretKey};
use keepwell_seal::{
    GrantMaterial, OpenRecordKeyError, RecordKey, open_as_patient, seal_record_key, split,
};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use sha2::{Digest, Sha256};

/// Umbral's hash to a scalar: SHA-256 over the length of its name, the name, and the parts,
/// reduced mod n − 1, plus 1.
fn hash_to_scalar(name: &[u8], parts: &[&[u8]]) -> Scalar {
    let mut hasher = Sha256::new();
    hasher.update((name.len() as u32).to_be_bytes());
    hasher.update(name);
    for part in parts {
        hasher.update(part);
    }
    *<NonZeroScalar as Reduce<U256>>::reduce_bytes(&hasher.finalize())
}

fn scalar(bytes: &[u8]) -> Scalar {
    let bytes: [u8; 32] = bytes.try_into().unwrap();
    Scalar::from_repr(bytes.into()).unwrap()
}

fn compressed(point: ProjectivePoint) -> Vec<u8> {
    point.to_affine().to_encoded_point(true).as_bytes().to_vec()
}

/// What one custodian holds: (id, f(x), P), where they stand in the fragment's bytes.
fn parts(fragment: &KeyFragment) -> (&[u8], Scalar, &[u8]) {
    let bytes = fragment.expose_secret();
    (&bytes[39..71], scalar(&bytes[73..105]), &bytes[107..140])
}

/// Computes the delegating secret key from custodians' fragments and the receiver's secret key;
/// `None` where what comes out is no key at all.
fn collude(fragments: &[KeyFragment], receiver: &SecretKey) -> Option<SecretKey> {
    let r = scalar(receiver.expose_secret().as_slice());
    let receiving_key = receiver.public_key();
    let (_, _, precursor) = parts(&fragments[0]);
    let precursor_point = k256::PublicKey::from_sec1_bytes(precursor).unwrap();
    let shared = compressed(precursor_point.to_projective() * r);
    let known: [&[u8]; 3] = [precursor, receiving_key.as_bytes(), &shared];

    let d = hash_to_scalar(b"SHARED_SECRET", &known);
    let points: Vec<(Scalar, Scalar)> = fragments
        .iter()
        .map(|fragment| {
            let (id, y, _) = parts(fragment);
            let x = hash_to_scalar(b"POLYNOMIAL_ARG", &[known[0], known[1], known[2], id]);
            (x, y)
        })
        .collect();

    let mut at_zero = Scalar::ZERO;
    for (i, (x_i, y_i)) in points.iter().enumerate() {
        let mut lambda = Scalar::ONE;
        for (j, (x_j, _)) in points.iter().enumerate() {
            if i != j {
                lambda *= *x_j * (*x_j - *x_i).invert().unwrap();
            }
        }
        at_zero += lambda * y_i;
    }
    SecretKey::from_bytes((at_zero * d).to_bytes().into()).ok()
}

struct World {
    rng: ChaCha20Rng,
    identity: SecretKey,
    scope: SecretKey,
    other_scope: SecretKey,
    receiver: SecretKey,
    fragments: Vec<KeyFragment>,
}

/// A persona with two scopes, of which the first is granted by three custodians, two needed.
fn world() -> World {
    let mut rng = ChaCha20Rng::seed_from_u64(42);
    let persona = MasterSeed::from_bytes([5; 64]).persona(&HospitalId::from_bytes([1; 32]));
    let (identity, scope, other_scope) = (persona.identity(0), persona.scope(0), persona.scope(1));
    let [receiver, signer, a, c, d] = [(); 5].map(|()| SecretKey::generate(&mut rng));
    let custody = [a, c, d];
    let custody_keys: Vec<PublicKey> = custody.iter().map(SecretKey::public_key).collect();
    let GrantMaterial {
        sealed_fragments, ..
    } = split(
        &mut rng,
        &scope,
        &receiver.public_key(),
        &signer,
        2,
        &custody_keys,
    )
    .unwrap();
    let fragments = sealed_fragments
        .iter()
        .zip(&custody)
        .map(|(sealed, key)| sealed.open(key).unwrap().fragment)
        .collect();
    World {
        rng,
        identity,
        scope,
        other_scope,
        receiver,
        fragments,
    }
}

fn bytes(key: &SecretKey) -> [u8; 32] {
    *key.expose_secret()
}

#[test]
fn custodians_at_the_threshold_and_the_requester_compute_the_scope_key() {
    let world = world();
    for pair in [[0, 1], [0, 2], [1, 2]] {
        let fragments = pair.map(|index| world.fragments[index].clone());
        let computed = collude(&fragments, &world.receiver).unwrap();
        assert_eq!(bytes(&computed), bytes(&world.scope));
    }
}

#[test]
fn the_computed_key_opens_its_scope_and_no_other_scope_and_is_not_the_identity() {
    let mut world = world();
    let computed = collude(&world.fragments[..2], &world.receiver).unwrap();

    let key = RecordKey::generate(&mut world.rng);
    let in_scope = seal_record_key(&mut world.rng, &world.scope.public_key(), &key);
    let opened = open_as_patient(&computed, &in_scope).unwrap();
    assert_eq!(opened.expose_secret(), key.expose_secret());

    let elsewhere = seal_record_key(&mut world.rng, &world.other_scope.public_key(), &key);
    assert_eq!(
        open_as_patient(&computed, &elsewhere).err(),
        Some(OpenRecordKeyError::OtherKey)
    );
    assert_ne!(bytes(&computed), bytes(&world.identity));
    assert_ne!(bytes(&computed), bytes(&world.other_scope));
}

#[test]
fn custodians_without_the_requester_compute_something_else() {
    let world = world();
    let outsider = SecretKey::from_bytes([9; 32]).unwrap();
    let computed = collude(&world.fragments, &outsider);
    assert!(computed.is_none_or(|key| bytes(&key) != bytes(&world.scope)));
}

#[test]
fn requester_with_fewer_custodians_than_the_threshold_computes_something_else() {
    let world = world();
    for fragment in &world.fragments {
        let computed = collude(core::slice::from_ref(fragment), &world.receiver);
        assert!(computed.is_none_or(|key| bytes(&key) != bytes(&world.scope)));
    }
}
