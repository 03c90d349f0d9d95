//! What nodes ask each other, in canonical bytes: an RLP list that starts with the kind.

use alloc::vec::Vec;

use alloy_rlp::{Decodable, Encodable, Header, RlpDecodable, RlpEncodable};
use keepwell_keys::{GenesisHash, Signature};
use keepwell_ledger::{
    block::BlockHash,
    transaction::{RequestReference, Txid},
};
use keepwell_primitives::{
    BlobId, BlockIndex, BoundedBytes, BoundedList, CanonicalError, Hash, Maybe, decode_canonical,
    encode_canonical, limits,
};

/// A locator names the newest block, then ever older ones: 64 reach back 2⁶⁰ blocks.
pub const LOCATOR_MAX: usize = 64;

/// Blocks in one answer; cut short where they would be more than [`ANSWER_BYTES_MAX`].
pub const BLOCKS_MAX: usize = 256;

/// The largest question: one fragment or one mailbox item and its names.
pub const QUESTION_BYTES_MAX: usize = limits::MAILBOX_ITEM_BYTES_MAX + 1024;

/// The largest answer: one largest block, or as many smaller ones, and their framing.
pub const ANSWER_BYTES_MAX: usize = limits::BLOCK_BYTES_MAX + 64 * 1024;

/// The domain of a custodian's signature over `grant txid ‖ sealed fragment`: it keeps the fragment.
pub const FRAGMENT_KEPT_DOMAIN: &str = "fragment-kept";

/// A block's canonical bytes.
pub type BlockBytes = BoundedBytes<{ limits::BLOCK_BYTES_MAX }>;

/// What one node asks of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// How far are you?
    Status,
    /// Which blocks of your best chain follow the newest of these that you have there?
    BlocksAfter(BoundedList<BlockHash, LOCATOR_MAX>),
    /// Keep this fragment: you are a custodian of the grant.
    KeepFragment(FragmentForCustodian),
    /// Put this into your hospital's mailbox: it answers your hospital's request.
    Deliver(AnswerForRequester),
    /// Which chunks does this sealed file have?
    FileLeaves(BlobId),
    /// Give me this chunk of a sealed file.
    FileChunk(FileChunk),
    /// Keep this sealed file as its second relay: fetch it from me.
    KeepFile(BlobId),
}

/// The answer to the question of the same name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// To [`Question::Status`].
    Status(Status),
    /// To [`Question::BlocksAfter`]: consecutive, oldest first.
    Blocks(BoundedList<BlockBytes, BLOCKS_MAX>),
    /// To [`Question::KeepFragment`]: kept, signed by the custodian's node key over
    /// `signing_digest("fragment-kept", genesis hash, grant txid ‖ sealed fragment)`.
    FragmentKept(Signature),
    /// To [`Question::KeepFragment`]: it is not the fragment that the grant gives this custodian,
    /// and never will be; why.
    FragmentRejected(BoundedBytes<256>),
    /// To [`Question::Deliver`] and [`Question::KeepFile`]: taken.
    Taken,
    /// To [`Question::FileLeaves`]: custody's canonical bytes; none if the file is not here.
    FileLeaves(Maybe<BoundedBytes<{ limits::BLOCK_BYTES_MAX }>>),
    /// To [`Question::FileChunk`]: none if the file is not here.
    FileChunk(Maybe<BoundedBytes<{ limits::BLOB_CHUNK_BYTES }>>),
    /// The question cannot be answered as asked, or not yet; why, for the log.
    Refused(BoundedBytes<256>),
}

/// How far a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, RlpEncodable, RlpDecodable)]
pub struct Status {
    /// The network.
    pub genesis_hash: GenesisHash,
    /// The newest block.
    pub index: BlockIndex,
    /// Its hash.
    pub hash: BlockHash,
    /// The work behind it, a 256-bit big-endian number.
    pub work: Hash,
}

/// A fragment on its way to a custodian.
#[derive(Clone, Debug, PartialEq, Eq, RlpEncodable, RlpDecodable)]
pub struct FragmentForCustodian {
    /// The grant it belongs to.
    pub grant_txid: Txid,
    /// What only the custodian can open.
    pub sealed_fragment: BoundedBytes<{ limits::SEALED_FRAGMENT_BYTES }>,
}

/// Re-encrypted fragments on their way to the hospital that asked.
#[derive(Clone, Debug, PartialEq, Eq, RlpEncodable, RlpDecodable)]
pub struct AnswerForRequester {
    /// The request they answer.
    pub request: RequestReference,
    /// Custody's canonical bytes.
    pub bytes: BoundedBytes<{ limits::MAILBOX_ITEM_BYTES_MAX }>,
}

/// A chunk of a sealed file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, RlpEncodable, RlpDecodable)]
pub struct FileChunk {
    /// The file.
    pub blob_id: BlobId,
    /// Which chunk, from 0.
    pub index: u32,
}

impl Question {
    /// Its canonical bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        encode_canonical(self)
    }

    /// # Errors
    /// [`CanonicalError`] if the bytes are not a question's.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, CanonicalError> {
        decode_canonical(bytes, QUESTION_BYTES_MAX)
    }
}

impl Answer {
    /// Its canonical bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        encode_canonical(self)
    }

    /// # Errors
    /// [`CanonicalError`] if the bytes are not an answer's.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, CanonicalError> {
        decode_canonical(bytes, ANSWER_BYTES_MAX)
    }
}

/// `[kind, content]`, or `[kind]` where there is no content.
macro_rules! rlp_kinds {
    ($name:ident, $unknown:literal,
     { $($unit:ident = $unit_code:literal),* ; $($variant:ident = $code:literal),* $(,)? }) => {
        impl Encodable for $name {
            fn encode(&self, out: &mut dyn alloy_rlp::BufMut) {
                let (code, content): (u8, Option<&dyn Encodable>) = match self {
                    $(Self::$unit => ($unit_code, None),)*
                    $(Self::$variant(content) => ($code, Some(content)),)*
                };
                let payload_length = code.length() + content.map_or(0, |content| content.length());
                Header { list: true, payload_length }.encode(out);
                code.encode(out);
                if let Some(content) = content {
                    content.encode(out);
                }
            }
        }

        impl Decodable for $name {
            fn decode(buf: &mut &[u8]) -> alloy_rlp::Result<Self> {
                let mut fields = Header::decode_bytes(buf, true)?;
                let message = match u8::decode(&mut fields)? {
                    $($unit_code => Self::$unit,)*
                    $($code => Self::$variant(Decodable::decode(&mut fields)?),)*
                    _ => return Err(alloy_rlp::Error::Custom($unknown)),
                };
                if !fields.is_empty() {
                    return Err(alloy_rlp::Error::Custom("bytes follow the message"));
                }
                Ok(message)
            }
        }
    };
}

rlp_kinds!(Question, "unknown question", {
    Status = 0;
    BlocksAfter = 1, KeepFragment = 2, Deliver = 3, FileLeaves = 4, FileChunk = 5, KeepFile = 6,
});
rlp_kinds!(Answer, "unknown answer", {
    Taken = 0;
    Status = 1, Blocks = 2, FragmentKept = 3, FileLeaves = 4, FileChunk = 5, Refused = 6, FragmentRejected = 7,
});

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;

    #[test]
    fn questions_and_answers_survive_their_bytes() {
        let hash = BlockHash(Hash([7; 32]));
        let locator = BoundedList::new(vec![hash]).unwrap();
        for question in [Question::Status, Question::BlocksAfter(locator)] {
            assert_eq!(Question::from_bytes(&question.to_bytes()), Ok(question));
        }
        let refused = Answer::Refused(BoundedBytes::new(b"no".to_vec()).unwrap());
        for answer in [Answer::Taken, refused, Answer::FileChunk(Maybe(None))] {
            assert_eq!(Answer::from_bytes(&answer.to_bytes()), Ok(answer));
        }
    }

    #[test]
    fn unknown_kind_is_refused() {
        assert_eq!(
            Question::from_bytes(&[0xc1, 0x63]),
            Err(CanonicalError::Rlp(alloy_rlp::Error::Custom(
                "unknown question"
            )))
        );
    }
}
