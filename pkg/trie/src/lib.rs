//! Ethereum's modified Merkle Patricia trie (Yellow Paper, appendices B, C and D): a map from byte
//! strings to byte strings, with one hash, the *root*, that stands for its whole content.
//!
//! # The structure
//!
//! A key is read as a path of half bytes (*nibbles*), most significant first. There are three kinds
//! of node:
//!
//! - a **leaf** holds the rest of a path, and the value at its end;
//! - a **branch** has sixteen children, one for each next nibble, and the value of the key that
//!   ends there, if there is one: keys vary in length, and one may be the beginning of another;
//! - an **extension** holds nibbles that all keys below it share, and one child, always a branch.
//!
//! Four keys that begin alike, `aa`, `aa17`, `aa18` and `aac0`, make this trie:
//!
//! ```text
//!  root ── extension "aa"
//!             │
//!          branch ─── value of aa
//!             ├─ 1 ── branch
//!             │         ├─ 7 ── leaf ""     value of aa17
//!             │         └─ 8 ── leaf ""     value of aa18
//!             └─ c ── leaf "0"              value of aac0
//! ```
//!
//! Nodes are written in RLP: a leaf and an extension as two items (the path in *hex-prefix* form,
//! whose first nibble says which of the two it is and whether the path is of odd length), a branch
//! as seventeen. A node points at a child by the hash of the child's bytes; a child of fewer than 32
//! bytes stands in its parent in full. The root is hashed however short it is.
//!
//! There is exactly one trie for every map. Whatever order the keys came and went in, a branch has
//! at least two occupants, an extension is not empty and leads to a branch, and no value is empty:
//! so equal maps have equal roots, and a node that breaks one of these rules proves nothing, even
//! when its hash is right ([`NodeError`] lists the rules).
//!
//! # What is here
//!
//! - [`Trie`]: reads and changes over a [`NodeStore`], loading only what it touches. Nothing is
//!   written: [`Trie::commit`] returns a [`ChangeSet`].
//! - [`Proof`], made by [`Trie::prove`] and checked by [`verify_proof`]: for any set of keys, what
//!   each of them holds or that it is absent.
//! - [`partial_trie`]: from a proof, a [`Trie`] that knows only the proven part, on which changes can
//!   be run and the new root computed.
//!
//! A proof that `aa17` and `aa19` hold what they hold (the second: nothing) has three nodes, the
//! extension, the branch under it, and the branch under `1`, in that order; leaves as short as these
//! stand in their branch.
//!
//! ```
//! use keepwell_trie::{MemoryStore, Sha256, Trie, verify_proof};
//!
//! let mut trie: Trie<Sha256, MemoryStore> = Trie::new(MemoryStore::new());
//! for key in [&[0xaa][..], &[0xaa, 0x17], &[0xaa, 0x18], &[0xaa, 0xc0]] {
//!     trie.insert(key, b"thirty-two bytes are not inlined".to_vec())?;
//! }
//! let root = trie.root();
//!
//! let keys = [[0xaa, 0x17], [0xaa, 0x19]];
//! let proof = trie.prove(&keys)?;
//! let answers = verify_proof::<Sha256>(root, &keys, &proof)?;
//! assert_eq!(answers, [Some(b"thirty-two bytes are not inlined".to_vec()), None]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Deliberately absent
//!
//! Input and output, clocks, randomness, threads; hashing of keys (a caller that cannot choose its
//! keys hashes them first); caches with an end of life: a [`Trie`] keeps every node it has loaded.
#![no_std]

extern crate alloc;

mod change_set;
mod hasher;
mod key;
mod node;
mod path;
mod proof;
mod store;
mod trie;

pub use change_set::ChangeSet;
pub use hasher::{Hasher, Sha256};
pub use keepwell_primitives::limits::{PROOF_BYTES_MAX, PROOF_KEYS_MAX};
pub use key::KEY_BYTES_MAX;
pub use node::NodeError;
pub use path::NibblePath;
pub use proof::{PartialStore, PartialTrie, Proof, ProofError, partial_trie, verify_proof};
pub use store::{MemoryStore, NodeStore};
pub use trie::{Trie, TrieError};
