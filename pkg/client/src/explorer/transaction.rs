//! A transaction, decoded for people: who sends it, and its fields under the report's names.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use keepwell_keys::{HospitalId, PatientId, PublicKey};
use keepwell_ledger::{
    execute::Sender,
    transaction::{Envelope, Transaction, TransactionKind, Txid},
};
use keepwell_primitives::{BlockIndex, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// Fields of payloads that hold milliseconds since 1970.
const TIMES: [&str; 2] = ["expiresAt", "notAfter"];

/// The field that only says which type it is.
const TYPE: &str = "type";

/// A transaction as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ShownTransaction {
    /// Its name.
    pub txid: Txid,
    /// Which type of the protocol's table it is.
    pub kind: TransactionKind,
    /// Who sends it, as it says itself.
    pub sender: ShownSender,
    /// The key it is signed with.
    pub sender_public_key: PublicKey,
    /// Its place among the sender's; answers have none.
    pub nonce: Option<u64>,
    /// The last block that may contain it; answers do not lapse.
    pub valid_until_index: Option<BlockIndex>,
    /// What it asks, by name.
    pub fields: Vec<ShownField>,
}

/// Who sends a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind", content = "id")]
pub enum ShownSender {
    /// A persona.
    Patient(PatientId),
    /// A hospital, or its node.
    Hospital(HospitalId),
}

/// A field as text. Fields of a part are named `part.field`, those of a list's items `list.0.field`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownField {
    /// The report's name.
    pub name: String,
    /// Ids in bech32m, hashes and bytes in hex digits, times in RFC 3339.
    pub value: String,
}

impl ShownTransaction {
    /// Decodes a transaction.
    pub fn of(transaction: &Transaction) -> Self {
        let sender = match transaction {
            Transaction::Sent(envelope) => match Sender::of(&envelope.payload) {
                Sender::Patient(id) => ShownSender::Patient(id),
                Sender::Hospital(id) => ShownSender::Hospital(id),
            },
            Transaction::Answer(envelope) => ShownSender::Hospital(envelope.payload.custodian_id),
        };
        let order = match transaction {
            Transaction::Sent(envelope) => Some(envelope.order),
            Transaction::Answer(_) => None,
        };
        let mut fields = Vec::new();
        for (name, value) in payload(transaction) {
            flatten(&name, &value, &mut fields);
        }
        fields.retain(|field| field.name != TYPE);
        Self {
            txid: transaction.txid(),
            kind: transaction.kind(),
            sender,
            sender_public_key: *transaction.sender_public_key(),
            nonce: order.map(|order| order.nonce),
            valid_until_index: order.map(|order| order.valid_until_index),
            fields,
        }
    }
}

/// A transaction as JSON under the names of the protocol: its envelope beside what it asks.
pub fn transaction_json(transaction: &Transaction) -> Value {
    let mut fields = payload(transaction);
    let (version, signature) = match transaction {
        Transaction::Sent(Envelope {
            version, signature, ..
        }) => (version, signature),
        Transaction::Answer(Envelope {
            version, signature, ..
        }) => (version, signature),
    };
    if let Transaction::Sent(envelope) = transaction {
        let order = envelope.order;
        fields.insert(String::from("nonce"), json!(order.nonce));
        let valid_until_index = json!(order.valid_until_index);
        fields.insert(String::from("validUntilIndex"), valid_until_index);
    }
    for (name, value) in [
        ("txid", json!(transaction.txid())),
        (TYPE, json!(transaction.kind())),
        ("version", json!(version)),
        ("genesisHash", json!(transaction.genesis_hash())),
        ("senderPublicKey", json!(transaction.sender_public_key())),
        ("signature", json!(signature)),
    ] {
        fields.insert(String::from(name), value);
    }
    Value::Object(fields)
}

fn payload(transaction: &Transaction) -> Map<String, Value> {
    let json = match transaction {
        Transaction::Sent(envelope) => json!(envelope.payload),
        Transaction::Answer(envelope) => json!(envelope.payload),
    };
    match json {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

fn flatten(name: &str, value: &Value, into: &mut Vec<ShownField>) {
    let text = match value {
        Value::Null => return,
        Value::String(text) => text.clone(),
        Value::Bool(is_so) => is_so.to_string(),
        Value::Number(number) => number_text(name, number),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                flatten(&format!("{name}.{index}"), item, into);
            }
            return;
        }
        Value::Object(fields) => {
            for (field, value) in fields {
                flatten(&format!("{name}.{field}"), value, into);
            }
            return;
        }
    };
    into.push(ShownField {
        name: String::from(name),
        value: text,
    });
}

fn number_text(name: &str, number: &serde_json::Number) -> String {
    let last = name.rsplit('.').next().unwrap_or(name);
    match number.as_u64() {
        Some(time) if TIMES.contains(&last) => Timestamp(time).to_string(),
        _ => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use keepwell_ledger::transaction::{DiseaseId, Ordering, Payload, RevokeAccess};

    use super::*;
    use crate::test_network::{Staff, light_client};

    #[test]
    fn transaction_is_decoded_under_the_report_s_names() {
        let (first, second) = (Staff::numbered(1), Staff::numbered(2));
        let patient_id = PatientId::of(&first.authority.public_key());
        let revoke = RevokeAccess {
            patient_id,
            service_requester_id: second.id,
            service_provider_id: first.id,
            disease_id: DiseaseId::default(),
            close_scope: true,
        };
        let order = Ordering {
            nonce: 7,
            valid_until_index: BlockIndex(600),
        };
        let payload = Payload::RevokeAccess(revoke);
        let genesis_hash = light_client().network().hash();
        let transaction = Transaction::sign(payload, order, genesis_hash, &first.authority);
        let shown = ShownTransaction::of(&transaction);
        assert_eq!(shown.txid, transaction.txid());
        assert_eq!(shown.kind, TransactionKind::RevokeAccess);
        assert_eq!(shown.sender, ShownSender::Patient(patient_id));
        assert_eq!(shown.nonce, Some(7));
        let value = |name: &str| {
            let mut fields = shown.fields.iter();
            let found = fields.find(|field| field.name == name);
            found.map(|field| field.value.as_str())
        };
        assert_eq!(value("patientId"), Some(patient_id.to_string().as_str()));
        assert_eq!(
            value("serviceRequesterId"),
            Some(second.id.to_string().as_str())
        );
        assert_eq!(value("closeScope"), Some("true"));
        assert_eq!(shown.fields.len(), 5);
        let json = serde_json::to_string(&shown).unwrap();
        assert_eq!(
            serde_json::from_str::<ShownTransaction>(&json).unwrap(),
            shown
        );
    }
}
