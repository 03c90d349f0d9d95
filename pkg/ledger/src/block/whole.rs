//! A header with its seal, and a whole block.

use alloc::{collections::BTreeSet, vec::Vec};

use alloy_rlp::{Decodable, Encodable};
use keepwell_keys::{GenesisHash, PublicKey, SecretKey, Signature, SignatureCheck, signing_digest};
use keepwell_primitives::{Hash, decode_canonical, encode_canonical, limits};
use serde::{Deserialize, Serialize};

use super::{BlockHash, HEADER_BYTES, Header, MalformedBlock, merkle_root};
use crate::{
    rlp::{encode_fields, fields_length},
    transaction::{Transaction, VerifiedTransaction},
};

/// A header and its miner's signature over the hash. The seal is not under the hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedHeader {
    /// What the proof of work is over.
    #[serde(flatten)]
    pub header: Header,
    /// By the miner's node key.
    pub seal: Signature,
}

impl SealedHeader {
    /// Seals a mined header.
    pub fn seal(header: Header, genesis_hash: &GenesisHash, node_key: &SecretKey) -> Self {
        let digest = seal_digest(genesis_hash, &header.hash());
        Self {
            header,
            seal: keepwell_keys::sign(node_key, &digest),
        }
    }

    /// The seal as a value to check.
    pub fn seal_check(
        &self,
        genesis_hash: &GenesisHash,
        hash: &BlockHash,
        node_key: &PublicKey,
    ) -> SignatureCheck {
        SignatureCheck {
            public_key: *node_key,
            digest: seal_digest(genesis_hash, hash),
            signature: self.seal,
        }
    }
}

fn seal_digest(genesis_hash: &GenesisHash, hash: &BlockHash) -> Hash {
    signing_digest("block-seal", genesis_hash, hash.as_bytes())
}

/// Canonically a list of the header's bytes and the seal.
impl Encodable for SealedHeader {
    fn encode(&self, out: &mut dyn alloy_rlp::BufMut) {
        encode_fields(&[&self.header.to_bytes(), &self.seal], out);
    }

    fn length(&self) -> usize {
        fields_length(&[&[0_u8; HEADER_BYTES], &self.seal])
    }
}

impl Decodable for SealedHeader {
    fn decode(buf: &mut &[u8]) -> alloy_rlp::Result<Self> {
        let mut fields = alloy_rlp::Header::decode_bytes(buf, true)?;
        let header = <[u8; HEADER_BYTES]>::decode(&mut fields)?;
        let header = Header::from_bytes(&header)
            .map_err(|_| alloy_rlp::Error::Custom("unknown block version"))?;
        let seal = Signature::decode(&mut fields)?;
        if !fields.is_empty() {
            return Err(alloy_rlp::Error::Custom("bytes follow the seal"));
        }
        Ok(Self { header, seal })
    }
}

/// A block whose parts fit each other: the header commits to the transactions, each is well formed
/// and signed. Whether the chain takes it is for [`super::HeaderChain`] and [`crate::execute`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    sealed: SealedHeader,
    transactions: Vec<VerifiedTransaction>,
}

impl Block {
    /// Puts together a block that was just mined.
    ///
    /// # Errors
    /// [`MalformedBlock::MerkleRoot`] if the header was made for other transactions.
    pub fn assemble(
        sealed: SealedHeader,
        transactions: Vec<VerifiedTransaction>,
    ) -> Result<Self, MalformedBlock> {
        let bytes: Vec<&[u8]> = transactions
            .iter()
            .map(VerifiedTransaction::bytes)
            .collect();
        let (got, expected) = (merkle_root(&bytes), sealed.header.merkle_root_hash);
        if got != expected {
            return Err(MalformedBlock::MerkleRoot { got, expected });
        }
        Ok(Self {
            sealed,
            transactions,
        })
    }

    /// Block 0, which holds nothing and was mined by nobody.
    pub(crate) fn genesis(header: Header) -> Self {
        Self {
            sealed: SealedHeader {
                header,
                seal: Signature::PLACEHOLDER,
            },
            transactions: Vec::new(),
        }
    }

    /// Reads a block; `check_all` checks its transactions' signatures, in parallel if it can.
    ///
    /// # Errors
    /// [`MalformedBlock`]. Only `MerkleRoot` and `Header` say something about the hash; a bad body
    /// is its sender's fault.
    pub fn from_bytes(
        bytes: &[u8],
        genesis_hash: &GenesisHash,
        check_all: impl FnOnce(&[SignatureCheck]) -> bool,
    ) -> Result<Self, MalformedBlock> {
        let Body {
            sealed,
            transactions,
        } = decode_canonical(bytes, limits::BLOCK_BYTES_MAX)?;
        let raw: Vec<Vec<u8>> = transactions.iter().map(encode_canonical).collect();
        let slices: Vec<&[u8]> = raw.iter().map(Vec::as_slice).collect();
        let (got, expected) = (merkle_root(&slices), sealed.header.merkle_root_hash);
        if got != expected {
            return Err(MalformedBlock::MerkleRoot { got, expected });
        }
        let mut names = BTreeSet::new();
        for (position, transaction) in transactions.iter().enumerate() {
            let wrong = |error| MalformedBlock::Transaction { position, error };
            transaction.check(genesis_hash).map_err(wrong)?;
            let txid = transaction.txid();
            if !names.insert(txid) {
                return Err(MalformedBlock::DuplicateTransaction { txid });
            }
        }
        let check_all = |checks: &[SignatureCheck]| {
            check_all(checks)
                .then_some(())
                .ok_or(MalformedBlock::Signature)
        };
        let transactions = VerifiedTransaction::verify_all(transactions, check_all)?;
        Ok(Self {
            sealed,
            transactions,
        })
    }

    /// Its canonical bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let transactions = self
            .transactions
            .iter()
            .map(|t| t.transaction().clone())
            .collect();
        encode_canonical(&Body {
            sealed: self.sealed,
            transactions,
        })
    }

    /// The header with its seal.
    pub fn sealed(&self) -> &SealedHeader {
        &self.sealed
    }

    /// The header.
    pub fn header(&self) -> &Header {
        &self.sealed.header
    }

    /// The transactions, in order.
    pub fn transactions(&self) -> &[VerifiedTransaction] {
        &self.transactions
    }
}

/// The block as it travels: a list of the sealed header and the list of transactions.
#[derive(alloy_rlp::RlpEncodable, alloy_rlp::RlpDecodable)]
struct Body {
    sealed: SealedHeader,
    transactions: Vec<Transaction>,
}
