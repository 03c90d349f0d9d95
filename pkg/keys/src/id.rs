//! The ids of patients and hospitals: the tagged hash of the first public key.
//!
//! Keys rotate and ids stay. They are shown in Bech32m (BIP-350), whose checksum catches any
//! mistake in up to four characters; the prefix keeps a patient's id from passing for a hospital's.

use alloc::string::String;
use core::{fmt, str::FromStr};

use alloy_rlp::{RlpDecodableWrapper, RlpEncodableWrapper};
use bech32::{
    Bech32m, Hrp,
    primitives::decode::{CharError, UncheckedHrpstring, UncheckedHrpstringError},
};
use keepwell_primitives::Hash;

use crate::PublicKey;

macro_rules! id {
    ($(#[$meta:meta])* $name:ident, $domain:literal, $prefix:literal) => {
        $(#[$meta])*
        #[derive(
            Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash,
            RlpEncodableWrapper, RlpDecodableWrapper,
        )]
        pub struct $name([u8; 32]);

        impl $name {
            /// What its text starts with, before the separating `1`.
            pub const PREFIX: &'static str = $prefix;

            /// The id of whoever's *first* public key this is.
            pub fn of(first_key: &PublicKey) -> Self {
                Self(Hash::tagged($domain, &[first_key.as_bytes()]).0)
            }

            /// The id that these 32 bytes are. Any are: whether someone bears it, the state tells.
            pub const fn from_bytes(bytes: [u8; 32]) -> Self {
                Self(bytes)
            }

            /// The 32 bytes.
            pub const fn as_bytes(&self) -> &[u8; 32] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write_text(Self::PREFIX, &self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                parse_text(Self::PREFIX, text).map(Self)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

id! {
    /// A patient as one hospital knows them: a persona's id.
    ///
    /// Canonically a 32-byte RLP string; shown, parsed and in JSON as Bech32m, `kwp1…`.
    PatientId, "patient-id", "kwp"
}

id! {
    /// A hospital: the tagged hash of its first authority key.
    ///
    /// Canonically a 32-byte RLP string; shown, parsed and in JSON as Bech32m, `kwh1…`.
    HospitalId, "hospital-id", "kwh"
}

/// Characters of an id: prefix, `1`, 52 for 32 bytes, 6 of checksum.
const TEXT_LENGTH: usize = 3 + 1 + 52 + 6;

fn write_text(prefix: &str, bytes: &[u8; 32], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let prefix = Hrp::parse(prefix).map_err(|_| fmt::Error)?;
    bech32::encode_lower_to_fmt::<Bech32m, _>(f, prefix, bytes).map_err(|_| fmt::Error)
}

/// Checked in the order in which an answer helps most: characters, prefix, length, checksum.
fn parse_text(expected_prefix: &'static str, text: &str) -> Result<[u8; 32], IdError> {
    // Nothing longer is copied into an error.
    if text.len() > 2 * TEXT_LENGTH {
        return Err(IdError::Length {
            got: text.len(),
            expected: TEXT_LENGTH,
        });
    }
    let unchecked = UncheckedHrpstring::new(text).map_err(|error| match error {
        UncheckedHrpstringError::Char(CharError::InvalidChar(got)) => IdError::Character { got },
        UncheckedHrpstringError::Char(CharError::MixedCase)
        | UncheckedHrpstringError::Hrp(bech32::primitives::hrp::Error::MixedCase) => {
            IdError::MixedCase
        }
        _ => IdError::NotAnId {
            expected: expected_prefix,
        },
    })?;
    let prefix = unchecked.hrp().to_lowercase();
    if prefix != expected_prefix {
        return Err(IdError::WrongPrefix {
            got: prefix,
            expected: expected_prefix,
        });
    }
    if text.len() != TEXT_LENGTH {
        return Err(IdError::Length {
            got: text.len(),
            expected: TEXT_LENGTH,
        });
    }
    let checked = unchecked
        .validate_and_remove_checksum::<Bech32m>()
        .map_err(|_| IdError::Checksum)?;
    checked
        .validate_segwit_padding()
        .map_err(|_| IdError::Padding)?;
    let mut bytes = [0; 32];
    for (slot, byte) in bytes.iter_mut().zip(checked.byte_iter()) {
        *slot = byte;
    }
    Ok(bytes)
}

/// Why a text is not the id that is meant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// No prefix and `1` at its start.
    #[error("an id starts with `{expected}1`")]
    NotAnId {
        /// The prefix an id of this kind has.
        expected: &'static str,
    },
    /// A character no id is written with.
    #[error("no id contains the character {got:?}")]
    Character {
        /// The first wrong character.
        got: char,
    },
    /// Upper and lower case in one id.
    #[error("an id is all in lower case or all in upper case")]
    MixedCase,
    /// An id of another kind, or a mistake in its first characters.
    #[error("this id starts with `{got}1`, an id of the kind meant here with `{expected}1`")]
    WrongPrefix {
        /// The prefix it has.
        got: String,
        /// The prefix an id of this kind has.
        expected: &'static str,
    },
    /// Characters are missing or too many.
    #[error("an id has {expected} characters, this has {got}")]
    Length {
        /// Bytes in the text.
        got: usize,
        /// Always 62.
        expected: usize,
    },
    /// A mistake somewhere in the text.
    #[error("the id contains a typing mistake: its checksum does not match")]
    Checksum,
    /// The four bits after the last byte are not zero: a second text for an id.
    #[error("the id is not written the one way it is written")]
    Padding,
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn id_survives_its_text_in_either_case(bytes: [u8; 32]) {
            let id = HospitalId::from_bytes(bytes);
            prop_assert_eq!(id.to_string().len(), TEXT_LENGTH);
            prop_assert_eq!(id.to_string().parse(), Ok(id));
            prop_assert_eq!(id.to_string().to_uppercase().parse(), Ok(id));
        }

        #[test]
        fn any_one_typing_mistake_is_noticed(bytes: [u8; 32], at in 4..TEXT_LENGTH, with in 0..32_usize) {
            let right = PatientId::from_bytes(bytes).to_string();
            let alphabet = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
            let mut typed = right.clone().into_bytes();
            typed[at] = alphabet[with];
            let typed = String::from_utf8(typed).unwrap();
            prop_assume!(typed != right);
            prop_assert_eq!(typed.parse::<PatientId>(), Err(IdError::Checksum));
        }

        #[test]
        fn no_text_makes_it_panic(text in "(kwp1|KWH1|)[a-z0-9A-Zé]{0,70}") {
            if let Ok(id) = text.parse::<PatientId>() {
                prop_assert_eq!(id.to_string(), text.to_lowercase());
            }
        }
    }

    #[test]
    fn patient_id_where_a_hospital_id_is_meant_is_named() {
        let patient = PatientId::from_bytes([9; 32]).to_string();
        assert_eq!(
            patient.parse::<HospitalId>(),
            Err(IdError::WrongPrefix {
                got: "kwp".to_string(),
                expected: "kwh"
            })
        );
    }

    #[test]
    fn older_checksum_bech32_is_refused() {
        let text = bech32::encode::<bech32::Bech32>(Hrp::parse("kwp").unwrap(), &[9; 32]).unwrap();
        assert_eq!(text.parse::<PatientId>(), Err(IdError::Checksum));
    }

    #[test]
    fn same_key_gives_a_patient_and_a_hospital_different_ids() {
        let key = crate::SecretKey::from_bytes([1; 32]).unwrap().public_key();
        assert_ne!(
            PatientId::of(&key).as_bytes(),
            HospitalId::of(&key).as_bytes()
        );
    }
}
