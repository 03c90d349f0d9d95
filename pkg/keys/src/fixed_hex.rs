//! Byte strings of a fixed size as lowercase hex: one text for every value.

/// The `N` bytes that `text` writes in lowercase hex.
pub(crate) fn decode<const N: usize>(text: &str) -> Result<[u8; N], FixedHexError> {
    let length = FixedHexError::Length {
        got: text.len(),
        expected: 2 * N,
    };
    if text.len() != 2 * N {
        return Err(length);
    }
    if let Some(digit) = text.chars().find(|c| !matches!(c, '0'..='9' | 'a'..='f')) {
        return Err(FixedHexError::Digit { got: digit });
    }
    let mut bytes = [0; N];
    hex::decode_to_slice(text, &mut bytes).map_err(|_| length)?;
    Ok(bytes)
}

/// Why a text is not the lowercase hex of a key or signature.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FixedHexError {
    /// Too short or too long.
    #[error("{expected} hex digits are needed, this has {got} characters")]
    Length {
        /// Bytes in the text.
        got: usize,
        /// Hex digits there must be.
        expected: usize,
    },
    /// A character other than 0-9 and a-f.
    #[error("hex is written in the digits 0-9 and a-f, not {got:?}")]
    Digit {
        /// The first wrong character.
        got: char,
    },
}
