//! Base64 (RFC 4648, section 4), in which FHIR holds attachments.

/// The bytes, or `None` if it is no base64. White space is passed over, as FHIR allows it.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let mut bits = 0_u32;
    let mut bit_count = 0;
    let mut symbols = 0_usize;
    let mut padding = 0_usize;
    for symbol in text.bytes().filter(|byte| !byte.is_ascii_whitespace()) {
        symbols += 1;
        let value = match symbol {
            b'A'..=b'Z' => symbol - b'A',
            b'a'..=b'z' => symbol - b'a' + 26,
            b'0'..=b'9' => symbol - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => {
                padding += 1;
                continue;
            }
            _ => return None,
        };
        if padding > 0 {
            return None;
        }
        bits = (bits << 6) | u32::from(value);
        bit_count += 6;
        if bit_count >= 8 {
            bit_count -= 8;
            let [.., byte] = (bits >> bit_count).to_be_bytes();
            bytes.push(byte);
        }
    }
    let whole = symbols.is_multiple_of(4) && padding <= 2;
    whole.then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vectors_of_rfc_4648_decode() {
        for (text, bytes) in [
            ("", ""),
            ("Zg==", "f"),
            ("Zm8=", "fo"),
            ("Zm9v", "foo"),
            ("Zm9v\nYmFy", "foobar"),
        ] {
            assert_eq!(decode(text), Some(bytes.into()), "{text}");
        }
    }

    #[test]
    fn what_is_no_base64_is_none() {
        for text in ["Z", "Zg=", "Zg==Zg==", "Zm9v!", "====", "ä"] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
