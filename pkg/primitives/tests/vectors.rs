//! Golden vectors, natively and in a browser: a difference between the two would be a fork.
//!
//! Hashes come from Python's hashlib; RLP from the rules of the Yellow Paper, appendix B, by hand.

use keepwell_primitives::{
    BlockIndex, BoundedBytes, CanonicalError, Hash, Timestamp, decode_canonical, encode_canonical,
};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

#[test]
fn tagged_hashes_are_the_same_everywhere() {
    for (domain, bytes, hash) in [
        (
            "vector",
            "",
            "1b56cd009a73b38d8ee7eca55e19efc3bb5ee0dea8bd575e92440a04f797d231",
        ),
        (
            "vector",
            "abc",
            "89317dd18c8eb6ab367a614b22200e12cf6efadb48d91f303c18e036cfd80378",
        ),
        (
            "other",
            "abc",
            "1e9bc173c314c49837bed38039ca484c0d53c027c5afa5b59c9f8f72b254b828",
        ),
    ] {
        assert_eq!(Hash::tagged(domain, &[bytes.as_bytes()]).to_string(), hash);
    }
}

#[test]
fn integers_wider_than_the_machine_word_keep_every_bit() {
    for (number, bytes) in [
        (0, &[0x80][..]),
        (0x7f, &[0x7f]),
        (0x80, &[0x81, 0x80]),
        (1 << 32, &[0x85, 1, 0, 0, 0, 0]),
        (u64::MAX, &[0x88, 255, 255, 255, 255, 255, 255, 255, 255]),
    ] {
        assert_eq!(encode_canonical(&BlockIndex(number)), bytes);
        assert_eq!(encode_canonical(&Timestamp(number)), bytes);
        assert_eq!(decode_canonical(bytes, 9), Ok(BlockIndex(number)));
    }
}

#[test]
fn a_length_that_no_memory_holds_is_refused() {
    // A string said to be 2^64 - 1 bytes long, and one of 2^32: neither may wrap to a short one.
    for claimed in [
        &[0xbf, 255, 255, 255, 255, 255, 255, 255, 255, 0][..],
        &[0xbc, 1, 0, 0, 0, 0, 0],
    ] {
        let decoded = decode_canonical::<BoundedBytes<16>>(claimed, 16);
        assert!(
            matches!(decoded, Err(CanonicalError::Rlp(_))),
            "{decoded:?}"
        );
    }
}

#[test]
fn strings_change_form_where_the_rules_say() {
    for (length, head) in [
        (55, &[0x80 + 55][..]),
        (56, &[0xb8, 56]),
        (255, &[0xb8, 255]),
        (256, &[0xb9, 1, 0]),
        (65_536, &[0xba, 1, 0, 0]),
    ] {
        let content = vec![0xa5; length];
        let string = BoundedBytes::<65_536>::new(content.clone()).unwrap();
        let encoded = [head, &content].concat();
        assert_eq!(encode_canonical(&string), encoded);
        assert_eq!(decode_canonical(&encoded, encoded.len()), Ok(string));
    }
}
