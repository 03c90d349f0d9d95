//! What it costs to try a passphrase: the parameters of Argon2id, within limits.

use alloc::vec::Vec;

use alloy_rlp::{RlpDecodable, RlpEncodable};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use zeroize::{Zeroize, Zeroizing};

use super::{SALT_BYTES, VaultError};

/// Parameters of Argon2id, version 0x13 (RFC 9106). Stored in the vault, so that they can grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, RlpEncodable, RlpDecodable)]
pub struct VaultParameters {
    /// m, in KiB.
    pub memory_kib: u32,
    /// t.
    pub iterations: u32,
    /// p.
    pub lanes: u32,
}

impl VaultParameters {
    /// The weakest allowed, and the default: what OWASP asks for at least, and what a phone's
    /// browser does in about a second.
    pub const MIN: Self = Self {
        memory_kib: 19 * 1024,
        iterations: 2,
        lanes: 1,
    };

    /// The costliest that is run: 1 GiB is what a browser's page may have, 16 rounds of it take
    /// tens of seconds. A vault asking for more would only block the device that opens it.
    pub const MAX: Self = Self {
        memory_kib: 1024 * 1024,
        iterations: 16,
        lanes: 1,
    };

    pub(super) fn check(&self) -> Result<(), VaultError> {
        let (least, most) = (Self::MIN, Self::MAX);
        for (name, got, min, max) in [
            (
                "memory_kib",
                self.memory_kib,
                least.memory_kib,
                most.memory_kib,
            ),
            (
                "iterations",
                self.iterations,
                least.iterations,
                most.iterations,
            ),
            ("lanes", self.lanes, least.lanes, most.lanes),
        ] {
            if !(min..=max).contains(&got) {
                return Err(VaultError::Parameters {
                    name,
                    got,
                    min,
                    max,
                });
            }
        }
        Ok(())
    }

    /// 32 bytes of Argon2id over the passphrase. Checks itself before any work.
    pub(super) fn stretch(
        &self,
        passphrase: &str,
        salt: &[u8; SALT_BYTES],
    ) -> Result<Zeroizing<[u8; 32]>, VaultError> {
        self.check()?;
        let out_of_memory = VaultError::Memory {
            needed_kib: self.memory_kib,
        };
        let parameters = Params::new(self.memory_kib, self.iterations, self.lanes, Some(32))
            .expect("checked parameters lie within those of Argon2");
        // Asked for, not taken: a page that cannot have the memory gets an error, not a trap.
        let mut memory = Blocks(Vec::new());
        memory
            .0
            .try_reserve_exact(parameters.block_count())
            .map_err(|_| out_of_memory)?;
        memory.0.resize(parameters.block_count(), Block::default());

        let mut key = Zeroizing::new([0; 32]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters)
            .hash_password_into_with_memory(
                passphrase.as_bytes(),
                salt,
                key.as_mut_slice(),
                memory.0.as_mut_slice(),
            )
            .expect("a passphrase under 4 GiB, a salt of 16 bytes and a key of 32 are in range");
        Ok(key)
    }
}

impl Default for VaultParameters {
    /// [`VaultParameters::MIN`].
    fn default() -> Self {
        Self::MIN
    }
}

/// Argon2's memory, wiped when dropped: its last blocks give the key away.
struct Blocks(Vec<Block>);

impl Drop for Blocks {
    fn drop(&mut self) {
        self.0.iter_mut().for_each(Zeroize::zeroize);
    }
}
