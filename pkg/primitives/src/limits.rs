//! The largest honest size of everything that comes from outside (`docs/protocol.md`, section 11).

/// A signed transaction: a grant with 16 custodians and 128 listed records fits twice.
pub const TRANSACTION_BYTES_MAX: usize = 16 * 1024;

/// A block's canonical bytes: 256 of the largest transactions, a second's worth of upload at 4 MiB/s.
pub const BLOCK_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Transactions in a block: what fits at 128 bytes each, the least a signed one needs.
pub const BLOCK_TRANSACTIONS_MAX: usize = BLOCK_BYTES_MAX / 128;

/// A multiproof: 500 records of one patient at 2 KiB each.
pub const PROOF_BYTES_MAX: usize = 1024 * 1024;

/// Keys one multiproof may answer for.
pub const PROOF_KEYS_MAX: usize = 4096;

/// A sealed summary: a title, two codes and dates.
pub const SUMMARY_BYTES_MAX: usize = 1024;

/// Custodians of one grant: more hospitals add key shares without adding safety.
pub const CUSTODIANS_MAX: usize = 16;

/// Records that one grant or one request lists: what fits in a transaction beside the custodians.
pub const LISTED_RECORDS_MAX: usize = 128;

/// One item in a mailbox: the re-encrypted fragments of a whole request come in several items.
pub const MAILBOX_ITEM_BYTES_MAX: usize = 16 * 1024;

/// A file before sealing.
pub const FILE_BYTES_MAX: u64 = 8 * 1024 * 1024 * 1024;

/// Unmined transactions one sender may have waiting at a node.
pub const PENDING_PER_SENDER_MAX: usize = 64;

/// A hospital's name in UTF-8 bytes: the longest real names stay under 200.
pub const NAME_BYTES_MAX: usize = 256;

/// Addresses (URLs and multiaddresses) of one hospital.
pub const ADDRESSES_MAX: usize = 8;

/// One address in bytes.
pub const ADDRESS_BYTES_MAX: usize = 256;

/// Hospitals in a council: finality votes of all of them travel in one certificate.
pub const COUNCIL_MAX: usize = 256;

/// Umbral's capsule in MessagePack: two compressed points and a scalar.
pub const CAPSULE_BYTES: usize = 105;

/// A record key under a capsule: XChaCha20-Poly1305's nonce (24), the 32-byte key, its tag (16).
pub const ENCRYPTED_RECORD_KEY_BYTES: usize = 72;

/// Umbral's key fragment in MessagePack, both signature flags included.
pub const KEY_FRAGMENT_BYTES: usize = 310;

/// Umbral's capsule fragment in MessagePack, its proof included.
pub const CAPSULE_FRAGMENT_BYTES: usize = 381;

/// A key fragment and its grant's commitment, encrypted to a custodian: capsule, nonce, 32 bytes,
/// fragment, tag.
pub const SEALED_FRAGMENT_BYTES: usize = CAPSULE_BYTES + 24 + 32 + KEY_FRAGMENT_BYTES + 16;

/// What a sealed file carries in one chunk, header or padding included.
pub const FILE_CHUNK_BYTES: usize = 1024 * 1024;

/// One chunk of a sealed file as it is stored and served: AES-GCM's tag (16) on top.
pub const BLOB_CHUNK_BYTES: usize = FILE_CHUNK_BYTES + 16;

/// Chunks of a sealed file: the largest file, padded by Padmé to a multiple of 128 MiB.
pub const BLOB_CHUNKS_MAX: usize = 8 * 1024 + 128;

/// A sealed file: the largest file with its padding and its tags.
pub const BLOB_BYTES_MAX: u64 = BLOB_CHUNKS_MAX as u64 * BLOB_CHUNK_BYTES as u64;
