//! A header with its seal, and a whole block.

use alloc::{collections::BTreeSet, vec::Vec};

use alloy_rlp::{Decodable, Encodable};
use keepwell_keys::{GenesisHash, PublicKey, SecretKey, Signature, SignatureCheck, signing_digest};
use keepwell_primitives::{
    BoundedList, CanonicalError, Hash, decode_canonical, encode_canonical, limits,
};
use serde::{Deserialize, Serialize};

use super::{BlockHash, HEADER_BYTES, Header, HeaderError, MalformedBlock, merkle_root};
use crate::{
    rlp::{encode_fields, fields_length},
    transaction::{Transaction, Txid, VerifiedTransaction},
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
        read_sealed(buf)?.map_err(|_| alloy_rlp::Error::Custom("not a header of this version"))
    }
}

/// Reads a sealed header: outside, what is wrong with the encoding; inside, with the header.
fn read_sealed(buf: &mut &[u8]) -> alloy_rlp::Result<Result<SealedHeader, HeaderError>> {
    let mut fields = alloy_rlp::Header::decode_bytes(buf, true)?;
    let header = Header::from_bytes(alloy_rlp::Header::decode_bytes(&mut fields, false)?);
    let seal = Signature::decode(&mut fields)?;
    if !fields.is_empty() {
        return Err(alloy_rlp::Error::Custom("bytes follow the seal"));
    }
    Ok(header.map(|header| SealedHeader { header, seal }))
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
    /// [`MalformedBlock::MerkleRoot`] if the header was made for other transactions;
    /// [`MalformedBlock::DuplicateTransaction`]; [`MalformedBlock::NotCanonical`] if nobody would
    /// read it for its length.
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
        check_distinct(transactions.iter().map(VerifiedTransaction::txid))?;
        let (got, max) = (block_length(&sealed, &bytes), limits::BLOCK_BYTES_MAX);
        if got > max {
            return Err(CanonicalError::TooLong { got, max }.into());
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

    /// Reads the sealed header alone, from the beginning of a block's bytes: proof of work and
    /// seal can be checked against the chain before anything is spent on the transactions.
    ///
    /// # Errors
    /// [`MalformedBlock::NotCanonical`], [`MalformedBlock::Header`].
    pub fn peek_sealed(bytes: &[u8]) -> Result<SealedHeader, MalformedBlock> {
        let (got, max) = (bytes.len(), limits::BLOCK_BYTES_MAX);
        if got > max {
            return Err(CanonicalError::TooLong { got, max }.into());
        }
        let mut rest = bytes;
        let body = alloy_rlp::Header::decode_bytes(&mut rest, true).map_err(CanonicalError::Rlp);
        let sealed = read_sealed(&mut body?).map_err(CanonicalError::Rlp)?;
        Ok(sealed?)
    }

    /// Reads a block; `check_all` checks its transactions' signatures, in parallel if it can.
    ///
    /// Costs a signature check for every few hundred bytes: a caller that has the bytes from a
    /// stranger holds [`Block::peek_sealed`] against its chain first.
    ///
    /// # Errors
    /// [`MalformedBlock`]; its `condemns_hash` says what follows for the block's name.
    pub fn from_bytes(
        bytes: &[u8],
        genesis_hash: &GenesisHash,
        check_all: impl FnOnce(&[SignatureCheck]) -> bool,
    ) -> Result<Self, MalformedBlock> {
        Self::peek_sealed(bytes)?;
        let Body {
            sealed,
            transactions,
        } = decode_canonical(bytes, limits::BLOCK_BYTES_MAX)?;
        let transactions = transactions.into_vec();
        let raw: Vec<Vec<u8>> = transactions.iter().map(encode_canonical).collect();
        let slices: Vec<&[u8]> = raw.iter().map(Vec::as_slice).collect();
        let (got, expected) = (merkle_root(&slices), sealed.header.merkle_root_hash);
        if got != expected {
            return Err(MalformedBlock::MerkleRoot { got, expected });
        }
        for (position, transaction) in transactions.iter().enumerate() {
            let wrong = |error| MalformedBlock::Transaction { position, error };
            transaction.check(genesis_hash).map_err(wrong)?;
        }
        check_distinct(transactions.iter().map(Transaction::txid))?;
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
        let bytes = self.transactions.iter().map(VerifiedTransaction::bytes);
        let bytes: Vec<&[u8]> = bytes.collect();
        let mut out = Vec::with_capacity(block_length(&self.sealed, &bytes));
        let (sealed, list) = (self.sealed.length(), list_head(&bytes));
        let payload_length = sealed + list.length_with_payload();
        let list_of_both = alloy_rlp::Header {
            list: true,
            payload_length,
        };
        list_of_both.encode(&mut out);
        self.sealed.encode(&mut out);
        list.encode(&mut out);
        bytes.iter().for_each(|bytes| out.extend_from_slice(bytes));
        out
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
    transactions: BoundedList<Transaction, { limits::BLOCK_TRANSACTIONS_MAX }>,
}

/// The head of the list of transactions.
fn list_head(transactions: &[&[u8]]) -> alloy_rlp::Header {
    alloy_rlp::Header {
        list: true,
        payload_length: transactions.iter().map(|bytes| bytes.len()).sum(),
    }
}

/// The length of a block's canonical bytes.
fn block_length(sealed: &SealedHeader, transactions: &[&[u8]]) -> usize {
    let payload_length = sealed.length() + list_head(transactions).length_with_payload();
    payload_length + alloy_rlp::length_of_length(payload_length)
}

/// Checks that no transaction stands in the block twice.
fn check_distinct(txids: impl Iterator<Item = Txid>) -> Result<(), MalformedBlock> {
    let mut names = BTreeSet::new();
    for txid in txids {
        if !names.insert(txid) {
            return Err(MalformedBlock::DuplicateTransaction { txid });
        }
    }
    Ok(())
}
