//! Sealing and opening where there is no scratch file, in a window: the spool is made of blobs.
#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a test may panic, its helpers too"
)]

#[path = "crypt/world.rs"]
mod world;

use keepwell_client::ChunkSource;
use keepwell_seal::seal_file;
use keepwell_web::{crypt::seal, ports::blob_bytes};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use world::{blob, content, key, open, spooled};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
async fn without_a_disk_the_same_bytes_come_out_of_blobs() {
    for bytes in [0, 1, 2 * 1024 * 1024 + 3] {
        let content = content(bytes);
        let (native_file, native) = seal_file(&key(), &content).unwrap();
        let (sealed, mut spool) = seal(&blob(&content), &key(), |_, _| {}).await.unwrap();
        assert!(!spool.is_on_disk());
        assert_eq!(sealed, native);
        let file = spooled(&mut spool, &sealed).await;
        assert!(file == native_file);
        assert!(
            spool
                .chunk(native.leaves.size().chunk_count())
                .await
                .is_err()
        );
        let opened = open(&key(), &file, sealed.content_commitment).await;
        let opened = blob_bytes::all_bytes(&opened.unwrap()).await.unwrap();
        assert!(opened == content);
    }
}
