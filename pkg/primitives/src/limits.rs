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

/// An Umbral capsule in MessagePack: two points and a scalar.
pub const CAPSULE_BYTES: usize = 105;

/// A 32-byte record key under Umbral's `encrypt`: a 24-byte nonce, the key, a 16-byte tag.
pub const ENCRYPTED_RECORD_KEY_BYTES: usize = 72;

/// A sealed file: padding adds at most an eighth, chunk tags and header far less.
pub const BLOB_BYTES_MAX: u64 = FILE_BYTES_MAX + FILE_BYTES_MAX / 8;

/// Hospitals with an entry in one scope: a scope is one disease or visit, and its leaf is read
/// whole.
pub const SCOPE_ENTRIES_MAX: usize = 64;
