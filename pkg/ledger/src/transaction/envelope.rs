//! A whole transaction: who asks, under which nonce, until when, and the signature over it.

use alloc::vec::Vec;

use alloy_rlp::{Decodable, Encodable, Header};
use keepwell_keys::{GenesisHash, PublicKey, SecretKey, Signature, SignatureCheck, signing_digest};
use keepwell_primitives::{BlockIndex, Hash, decode_canonical, encode_canonical, limits};
use serde::{Deserialize, Serialize};

use super::{AnswerRequest, MalformedTransaction, Payload, Txid};
use crate::rlp::{encode_fields, fields_length, rlp_code};

/// The version of the transaction format that this code reads and writes.
pub const TRANSACTION_VERSION: u32 = 1;

/// What is signed over: everything but the signature, under this domain.
const SIGNING_DOMAIN: &str = "transaction";

/// A parsed transaction: its bytes were canonical, it is for this network, and its parts fit each
/// other. Nothing is known yet of its signatures or of what the state says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Transaction {
    /// Types 0 to 3: sent by a patient or a hospital under its nonce.
    Sent(Envelope<Payload, Ordering>),
    /// Type 4: a custodian's answer, at most one for each request.
    Answer(Envelope<AnswerRequest, Unordered>),
}

/// The parts that every transaction has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope<P, O> {
    /// The version of the format, [`TRANSACTION_VERSION`].
    pub version: u32,
    /// The network it is for.
    pub genesis_hash: GenesisHash,
    /// The key it is signed with.
    pub sender_public_key: PublicKey,
    /// Its place among the sender's transactions.
    pub order: O,
    /// What is asked.
    pub payload: P,
    /// By `sender_public_key`, over all of the above.
    pub signature: Signature,
}

/// Where a sender's transaction stands among its others, and when it lapses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Ordering {
    /// How many transactions of this sender come before it.
    pub nonce: u64,
    /// The last block that may contain it.
    pub valid_until_index: BlockIndex,
}

/// The order of transactions that have none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unordered;

/// The types of the protocol's table, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum TransactionKind {
    /// A hospital issues a record.
    SubmitRecord = 0,
    /// A patient grants access.
    GrantAccess = 1,
    /// A patient revokes access or closes a scope.
    RevokeAccess = 2,
    /// A hospital asks for keys.
    RequestKey = 3,
    /// A custodian answers.
    AnswerRequest = 4,
}

impl Transaction {
    /// Signs what a patient or a hospital asks.
    pub fn sign(
        payload: Payload,
        order: Ordering,
        genesis_hash: GenesisHash,
        secret_key: &SecretKey,
    ) -> Self {
        Self::Sent(signed(payload, order, genesis_hash, secret_key))
    }

    /// Signs a custodian's answer with its node key.
    pub fn sign_answer(
        answer: AnswerRequest,
        genesis_hash: GenesisHash,
        node_key: &SecretKey,
    ) -> Self {
        Self::Answer(signed(answer, Unordered, genesis_hash, node_key))
    }

    /// Reads a transaction for this network from its canonical bytes.
    ///
    /// # Errors
    /// [`MalformedTransaction`], one variant for each rule that needs no state.
    pub fn from_bytes(
        bytes: &[u8],
        genesis_hash: &GenesisHash,
    ) -> Result<Self, MalformedTransaction> {
        let transaction: Self = decode_canonical(bytes, limits::TRANSACTION_BYTES_MAX)?;
        transaction.check(genesis_hash)?;
        Ok(transaction)
    }

    /// Its canonical bytes, signature included.
    pub fn to_bytes(&self) -> Vec<u8> {
        encode_canonical(self)
    }

    /// The name of the transaction. The signature is left out, so that nobody can rename a
    /// transaction by signing it again.
    pub fn txid(&self) -> Txid {
        Txid(Hash::tagged("txid", &[&self.unsigned_bytes()]))
    }

    /// Which row of the protocol's table it is.
    pub fn kind(&self) -> TransactionKind {
        match self {
            Self::Sent(envelope) => envelope.payload.kind(),
            Self::Answer(_) => TransactionKind::AnswerRequest,
        }
    }

    /// The key it claims to be signed with.
    pub fn sender_public_key(&self) -> &PublicKey {
        match self {
            Self::Sent(envelope) => &envelope.sender_public_key,
            Self::Answer(envelope) => &envelope.sender_public_key,
        }
    }

    /// The network it is for.
    pub fn genesis_hash(&self) -> &GenesisHash {
        match self {
            Self::Sent(envelope) => &envelope.genesis_hash,
            Self::Answer(envelope) => &envelope.genesis_hash,
        }
    }

    /// Every signature inside, as a value: the caller checks them, in parallel if it can.
    pub fn signature_checks(&self) -> impl Iterator<Item = SignatureCheck> {
        let (signature, card) = match self {
            Self::Sent(envelope) => (envelope.signature, envelope.payload.card()),
            Self::Answer(envelope) => (envelope.signature, None),
        };
        let genesis_hash = *self.genesis_hash();
        let own = SignatureCheck {
            public_key: *self.sender_public_key(),
            digest: signing_digest(SIGNING_DOMAIN, &genesis_hash, &self.unsigned_bytes()),
            signature,
        };
        core::iter::once(own).chain(card.map(move |card| card.signature_check(&genesis_hash)))
    }

    pub(crate) fn check(&self, genesis_hash: &GenesisHash) -> Result<(), MalformedTransaction> {
        if self.genesis_hash() != genesis_hash {
            let (got, expected) = (self.genesis_hash().0, genesis_hash.0);
            return Err(MalformedTransaction::WrongGenesis { got, expected });
        }
        let (version, checked) = match self {
            Self::Sent(envelope) => (envelope.version, envelope.payload.check()),
            Self::Answer(envelope) => (envelope.version, Ok(())),
        };
        if version != TRANSACTION_VERSION {
            let (got, expected) = (version, TRANSACTION_VERSION);
            return Err(MalformedTransaction::Version { got, expected });
        }
        checked
    }

    fn unsigned_bytes(&self) -> Vec<u8> {
        match self {
            Self::Sent(envelope) => envelope.unsigned_bytes(),
            Self::Answer(envelope) => envelope.unsigned_bytes(),
        }
    }
}

impl Encodable for Transaction {
    fn encode(&self, out: &mut dyn alloy_rlp::BufMut) {
        match self {
            Self::Sent(envelope) => envelope.with_fields(true, |fields| encode_fields(fields, out)),
            Self::Answer(envelope) => {
                envelope.with_fields(true, |fields| encode_fields(fields, out));
            }
        }
    }

    fn length(&self) -> usize {
        match self {
            Self::Sent(envelope) => envelope.with_fields(true, fields_length),
            Self::Answer(envelope) => envelope.with_fields(true, fields_length),
        }
    }
}

impl Decodable for Transaction {
    fn decode(buf: &mut &[u8]) -> alloy_rlp::Result<Self> {
        let mut fields = Header::decode_bytes(buf, true)?;
        let kind = TransactionKind::decode(&mut fields)?;
        let version = u32::decode(&mut fields)?;
        let genesis_hash = GenesisHash::decode(&mut fields)?;
        let sender_public_key = PublicKey::decode(&mut fields)?;
        let transaction = if kind == TransactionKind::AnswerRequest {
            let payload = AnswerRequest::decode(&mut fields)?;
            let signature = Signature::decode(&mut fields)?;
            let order = Unordered;
            Self::Answer(Envelope {
                version,
                genesis_hash,
                sender_public_key,
                order,
                payload,
                signature,
            })
        } else {
            let nonce = u64::decode(&mut fields)?;
            let valid_until_index = BlockIndex::decode(&mut fields)?;
            let payload = Payload::decode_as(kind, &mut fields)?;
            let signature = Signature::decode(&mut fields)?;
            let order = Ordering {
                nonce,
                valid_until_index,
            };
            Self::Sent(Envelope {
                version,
                genesis_hash,
                sender_public_key,
                order,
                payload,
                signature,
            })
        };
        if !fields.is_empty() {
            return Err(alloy_rlp::Error::Custom("bytes follow the signature"));
        }
        Ok(transaction)
    }
}

/// The fields by which a kind of envelope differs from the other: its type, and the order if any.
trait EnvelopeFields {
    fn with_fields<R>(&self, signed: bool, visit: impl FnOnce(&[&dyn Encodable]) -> R) -> R;

    fn unsigned_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.with_fields(false, |fields| encode_fields(fields, &mut bytes));
        bytes
    }
}

impl EnvelopeFields for Envelope<Payload, Ordering> {
    fn with_fields<R>(&self, signed: bool, visit: impl FnOnce(&[&dyn Encodable]) -> R) -> R {
        let kind = self.payload.kind();
        let fields: [&dyn Encodable; 8] = [
            &kind,
            &self.version,
            &self.genesis_hash,
            &self.sender_public_key,
            &self.order.nonce,
            &self.order.valid_until_index,
            &self.payload,
            &self.signature,
        ];
        visit(fields.get(..if signed { 8 } else { 7 }).unwrap_or(&fields))
    }
}

impl EnvelopeFields for Envelope<AnswerRequest, Unordered> {
    fn with_fields<R>(&self, signed: bool, visit: impl FnOnce(&[&dyn Encodable]) -> R) -> R {
        let fields: [&dyn Encodable; 6] = [
            &TransactionKind::AnswerRequest,
            &self.version,
            &self.genesis_hash,
            &self.sender_public_key,
            &self.payload,
            &self.signature,
        ];
        visit(fields.get(..if signed { 6 } else { 5 }).unwrap_or(&fields))
    }
}

/// Signs an envelope: everything but the signature.
fn signed<P, O>(payload: P, order: O, genesis_hash: GenesisHash, key: &SecretKey) -> Envelope<P, O>
where
    Envelope<P, O>: EnvelopeFields,
{
    let mut envelope = Envelope {
        version: TRANSACTION_VERSION,
        genesis_hash,
        sender_public_key: key.public_key(),
        order,
        payload,
        signature: Signature::PLACEHOLDER,
    };
    let digest = signing_digest(SIGNING_DOMAIN, &genesis_hash, &envelope.unsigned_bytes());
    envelope.signature = keepwell_keys::sign(key, &digest);
    envelope
}

rlp_code!(
    TransactionKind,
    "unknown transaction type",
    [
        SubmitRecord,
        GrantAccess,
        RevokeAccess,
        RequestKey,
        AnswerRequest
    ]
);
