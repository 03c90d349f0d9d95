//! RLP lists whose fields are picked at run time, such as a transaction with and without its
//! signature; and enums that are one number.

use alloy_rlp::{BufMut, Encodable, Header};

/// Encodes the fields as one list.
pub(crate) fn encode_fields(fields: &[&dyn Encodable], out: &mut dyn BufMut) {
    Header {
        list: true,
        payload_length: payload_length(fields),
    }
    .encode(out);
    for field in fields {
        field.encode(out);
    }
}

/// The length of that list, its header included.
pub(crate) fn fields_length(fields: &[&dyn Encodable]) -> usize {
    let payload_length = payload_length(fields);
    payload_length + alloy_rlp::length_of_length(payload_length)
}

fn payload_length(fields: &[&dyn Encodable]) -> usize {
    fields.iter().map(|field| field.length()).sum()
}

/// Encodes a field-less `#[repr(u8)]` enum as its number and refuses numbers it does not know.
macro_rules! rlp_code {
    ($name:ident, $unknown:literal, [$($variant:ident),+ $(,)?]) => {
        impl alloy_rlp::Encodable for $name {
            fn encode(&self, out: &mut dyn alloy_rlp::BufMut) {
                (*self as u8).encode(out);
            }

            fn length(&self) -> usize {
                (*self as u8).length()
            }
        }

        impl alloy_rlp::Decodable for $name {
            fn decode(buf: &mut &[u8]) -> alloy_rlp::Result<Self> {
                let code = u8::decode(buf)?;
                let value = [$(Self::$variant),+].into_iter().find(|value| *value as u8 == code);
                value.ok_or(alloy_rlp::Error::Custom($unknown))
            }
        }
    };
}

pub(crate) use rlp_code;
