//! What can be wrong with a transaction before any state is looked at: one variant per rule.

use keepwell_keys::{HospitalId, PatientId};
use keepwell_primitives::{CanonicalError, Hash};

use super::DiseaseId;

/// A transaction that no state would accept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, strum::IntoStaticStr)]
#[strum(serialize_all = "camelCase")]
#[expect(
    missing_docs,
    reason = "`got`, `expected` and `max` are what the message says of them"
)]
pub enum MalformedTransaction {
    /// The bytes are not the canonical encoding of a transaction.
    #[error("the bytes are not a canonical transaction: {0}")]
    NotCanonical(#[from] CanonicalError),
    /// Another version of the protocol.
    #[error("transaction version {got}, this network speaks {expected}")]
    Version { got: u32, expected: u32 },
    /// Made for another network.
    #[error("the transaction is for network {got}, this is {expected}")]
    WrongGenesis { got: Hash, expected: Hash },
    /// A sealed file is never empty, and has a largest size.
    #[error("a sealed file has 1 to {max} bytes, not {got}")]
    BlobSize { got: u64, max: u64 },
    /// Umbral capsules have one length.
    #[error("the capsule has {got} bytes, expected {expected}")]
    CapsuleLength { got: usize, expected: usize },
    /// Encrypted record keys have one length.
    #[error("the encrypted record key has {got} bytes, expected {expected}")]
    RecordKeyLength { got: usize, expected: usize },
    /// Every record has a sealed summary.
    #[error("the sealed summary is empty")]
    SummaryEmpty,
    /// The card is another patient's.
    #[error("the visit card is of patient {got}, the record is for {expected}")]
    CardPatient { got: PatientId, expected: PatientId },
    /// The card lets another hospital write.
    #[error("the visit card is for hospital {got}, the record is issued by {expected}")]
    CardHospital {
        got: HospitalId,
        expected: HospitalId,
    },
    /// The card opens another scope.
    #[error("the visit card opens scope {got}, the record is in {expected}")]
    CardScope { got: DiseaseId, expected: DiseaseId },
    /// The issuer knows its records; a grant to it means nothing.
    #[error("hospital {got} issued these records and needs no grant to them")]
    GrantToIssuer { got: HospitalId },
    /// A list of records that covers nothing.
    #[error("the grant lists no records")]
    CoverageEmpty,
    /// One list, one order.
    #[error("listed records are not in strictly ascending order")]
    RecordsNotAscending,
    /// One list, one order.
    #[error("custodians are not in strictly ascending order")]
    CustodiansNotAscending,
    /// One commitment for each custodian.
    #[error("{got} fragment commitments for {expected} custodians")]
    CommitmentCount { got: usize, expected: usize },
    /// Together with one more custodian it could open without asking.
    #[error("hospital {got} asks for access and cannot be a custodian of it")]
    RequesterAsCustodian { got: HospitalId },
    /// More answers than custodians, or none at all.
    #[error("threshold {got} with {custodians} custodians")]
    ThresholdOutOfRange { got: u32, custodians: usize },
    /// One custodian alone could collude with the requester.
    #[error("threshold {got} is below 2, and the only custodian is not the issuer")]
    ThresholdTooLow { got: u32 },
    /// The issuer cannot lose what it wrote.
    #[error("revoking from the issuer means closing the scope, and close_scope is not set")]
    RevokeWithoutEffect,
    /// A signature inside is bad: the sender's, or that of the visit card.
    #[error("a signature in the transaction is not by the key it names")]
    Signature,
    /// A request for nothing.
    #[error("the request names no records")]
    NoRecordsRequested,
}
