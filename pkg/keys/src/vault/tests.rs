use alloc::string::ToString;

use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

use super::*;

const PASSPHRASE: &str = "correct horse battery staple";

fn sealed() -> Vault {
    let mut rng = ChaCha20Rng::seed_from_u64(1);
    let parameters = VaultParameters::default();
    Vault::seal("device", b"a secret", PASSPHRASE, parameters, &mut rng).unwrap()
}

fn with_header(change: impl FnOnce(&mut Header)) -> Result<Vault, VaultError> {
    let mut vault = sealed();
    change(&mut vault.header);
    Vault::from_bytes(&vault.to_bytes())
}

#[test]
fn vault_opens_with_its_passphrase_alone() {
    let vault = Vault::from_bytes(&sealed().to_bytes()).unwrap();
    assert_eq!(vault, sealed());
    assert_eq!(
        vault.open("device", PASSPHRASE).unwrap().as_slice(),
        b"a secret"
    );
    assert_eq!(
        vault.open("device", "correct horse battery stable"),
        Err(VaultError::WrongPassphraseOrDamaged)
    );
    assert_eq!(
        vault.open("identity.keepwell", PASSPHRASE),
        Err(VaultError::WrongKind {
            got: "device".to_string(),
            expected: "identity.keepwell".to_string(),
        })
    );
}

#[test]
fn same_secret_is_never_sealed_alike() {
    let mut rng = ChaCha20Rng::seed_from_u64(1);
    let parameters = VaultParameters::default();
    let mut seal = || Vault::seal("device", b"a secret", PASSPHRASE, parameters, &mut rng).unwrap();
    let (first, second) = (seal(), seal());
    assert_ne!(first.header.salt, second.header.salt);
    assert_ne!(first.header.nonce, second.header.nonce);
    assert_ne!(first.ciphertext, second.ciphertext);
}

#[test]
fn parameters_out_of_range_are_refused_before_any_work() {
    for (memory_kib, iterations, lanes, name, got) in [
        (19 * 1024 - 1, 2, 1, "memory_kib", 19 * 1024 - 1),
        (1024 * 1024 + 1, 2, 1, "memory_kib", 1024 * 1024 + 1),
        (19 * 1024, 1, 1, "iterations", 1),
        (19 * 1024, u32::MAX, 1, "iterations", u32::MAX),
        (19 * 1024, 2, 0, "lanes", 0),
        (19 * 1024, 2, 2, "lanes", 2),
    ] {
        let parameters = VaultParameters {
            memory_kib,
            iterations,
            lanes,
        };
        let read = with_header(|header| header.parameters = parameters);
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        let made = Vault::seal("device", b"", PASSPHRASE, parameters, &mut rng);
        for result in [read, made] {
            let Err(VaultError::Parameters {
                name: wrong,
                got: value,
                ..
            }) = result
            else {
                panic!("{parameters:?} passed");
            };
            assert_eq!((wrong, value), (name, got));
        }
    }
}

#[test]
fn what_is_no_vault_of_this_version_is_named() {
    let not_ours = with_header(|header| header.magic = "keepwell-fault".to_string());
    assert_eq!(not_ours, Err(VaultError::NotAVault));
    assert_eq!(
        with_header(|header| header.version = 2),
        Err(VaultError::Version {
            got: 2,
            expected: 1
        })
    );
    assert_eq!(
        Vault::from_bytes(&[]),
        Err(VaultError::Malformed(CanonicalError::Rlp(
            alloy_rlp::Error::InputTooShort
        )))
    );
    let too_long = [0; VAULT_BYTES_MAX + 1];
    assert_eq!(
        Vault::from_bytes(&too_long),
        Err(VaultError::Malformed(CanonicalError::TooLong {
            got: VAULT_BYTES_MAX + 1,
            max: VAULT_BYTES_MAX
        }))
    );
}

#[test]
fn largest_secret_fits_and_one_byte_more_does_not() {
    let mut rng = ChaCha20Rng::seed_from_u64(1);
    let parameters = VaultParameters::default();
    let kind = "k".repeat(KIND_BYTES_MAX);
    let secret = [7; SECRET_BYTES_MAX + 1];
    let vault = Vault::seal(&kind, &secret[1..], PASSPHRASE, parameters, &mut rng).unwrap();
    assert_eq!(Vault::from_bytes(&vault.to_bytes()), Ok(vault));
    assert_eq!(
        Vault::seal(&kind, &secret, PASSPHRASE, parameters, &mut rng),
        Err(VaultError::SecretTooLong {
            got: SECRET_BYTES_MAX + 1,
            max: SECRET_BYTES_MAX
        })
    );
}

#[test]
fn no_altered_byte_goes_unnoticed() {
    let bytes = sealed().to_bytes();
    for at in 0..bytes.len() {
        let mut altered = bytes.clone();
        altered[at] ^= 1;
        let opened = Vault::from_bytes(&altered).and_then(|vault| vault.open("device", PASSPHRASE));
        assert!(opened.is_err(), "byte {at}");
    }
}
