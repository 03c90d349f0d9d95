//! A good record on its way, beside one mistake each.

use alloc::{string::String, vec::Vec};

use keepwell_keys::{GenesisHash, Phrase};
use keepwell_ledger::transaction::{RecordReference, VisitCard};
use keepwell_primitives::{BlobId, BlockIndex, BoundedBytes, Hash, Maybe};
use keepwell_seal::{Coding, MediaType, RecordKey, SummaryFields, seal_record_key};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

use super::*;
use crate::test_network::{START, Staff, light_client};

const NOW: Timestamp = Timestamp(START.0 + 1_000);

/// A patient, the hospital that writes to them, and what the hospital would send.
struct Desk {
    light: LightClient,
    patient: Patient,
    staff: Staff,
    rng: ChaCha20Rng,
}

impl Desk {
    fn new() -> Self {
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        Self {
            light: light_client(),
            patient: Patient::new(Phrase::generate(&mut rng)),
            staff: Staff::numbered(1),
            rng,
        }
    }

    fn genesis_hash(&self) -> GenesisHash {
        self.light.network().hash()
    }

    fn card(&self, scope: u32, not_after: Timestamp) -> VisitCard {
        let keys = self.patient.keys_at(&self.staff.id);
        VisitCard::sign(
            keys.patient_id(),
            &keys.identity(0),
            self.staff.id,
            keys.scope(scope).public_key(),
            not_after,
            &self.genesis_hash(),
        )
    }

    /// A record of this title under this card, sealed for it.
    fn submit(&mut self, title: &str, card: VisitCard) -> SubmitRecord {
        let key = RecordKey::generate(&mut self.rng);
        let sealed = seal_record_key(&mut self.rng, &card.scope_public_key, &key);
        let summary = Summary::new(SummaryFields {
            title: String::from(title),
            code: Coding {
                system: String::from("http://snomed.info/sct"),
                code: String::from("184216000"),
            },
            fhir_type: String::from("DocumentReference"),
            media_type: MediaType::Pdf,
            issued_at: NOW,
            period: Maybe(None),
        });
        let summary = SealedSummary::seal(&mut self.rng, &key.summary_key(), &summary.unwrap());
        SubmitRecord {
            patient_id: card.patient_id,
            service_provider_id: card.hospital_id,
            disease_id: card.disease_id(),
            blob_id: BlobId(Hash::tagged("test-blob", &[title.as_bytes()])),
            blob_size: 1,
            content_commitment: Hash::ZERO,
            capsule: BoundedBytes::new(sealed.capsule.as_bytes().to_vec()).unwrap(),
            encrypted_record_key: BoundedBytes::new(sealed.encrypted_key.as_bytes().to_vec())
                .unwrap(),
            sealed_summary: BoundedBytes::new(summary.as_bytes().to_vec()).unwrap(),
            supersedes: Maybe(None),
            scope_opening: Maybe(Some(card)),
        }
    }

    fn send(&self, submit: &SubmitRecord, nonce: u64) -> Transaction {
        self.signed(submit, nonce, 600, &self.staff.authority)
    }

    fn signed(
        &self,
        submit: &SubmitRecord,
        nonce: u64,
        until: u64,
        key: &SecretKey,
    ) -> Transaction {
        let order = Ordering {
            nonce,
            valid_until_index: BlockIndex(until),
        };
        let payload = Payload::SubmitRecord(submit.clone());
        Transaction::sign(payload, order, self.genesis_hash(), key)
    }

    fn titles(&self, mempool: &[Transaction]) -> Vec<String> {
        let pending = pending(&self.patient, &self.staff.id, &self.light, mempool, NOW);
        let titles = pending.iter().map(|record| {
            assert_eq!(record.state, TransactionState::Pending);
            record.summary.fields().title.clone()
        });
        titles.collect()
    }
}

#[test]
fn record_on_its_way_is_listed_with_its_title() {
    let mut desk = Desk::new();
    let letter = desk.submit("Letter", desk.card(0, Timestamp::MAX));
    assert_eq!(desk.titles(&[desk.send(&letter, 0)]), ["Letter"]);
}

#[test]
fn second_record_of_a_scope_that_opens_is_listed_behind_the_first() {
    let mut desk = Desk::new();
    let first = desk.submit("First", desk.card(0, Timestamp::MAX));
    let mut second = desk.submit("Second", desk.card(0, Timestamp::MAX));
    // A scope opens once: a second card for it is refused by the rules.
    let mempool = [desk.send(&second, 1), desk.send(&first, 0)];
    assert_eq!(desk.titles(&mempool), ["First"]);
    second.scope_opening = Maybe(None);
    let mempool = [desk.send(&second, 1), desk.send(&first, 0)];
    assert_eq!(desk.titles(&mempool), ["First", "Second"]);
    assert_eq!(desk.titles(&mempool[..1]), Vec::<String>::new());
}

#[test]
fn record_with_one_mistake_is_not_listed() {
    let mut desk = Desk::new();
    let good = desk.submit("Letter", desk.card(0, Timestamp::MAX));
    let nothing = Vec::<String>::new();

    let other = Staff::numbered(2);
    let by_other = desk.signed(&good, 0, 600, &other.authority);
    assert_eq!(desk.titles(&[by_other]), nothing, "another hospital's key");

    let lapsed = desk.signed(&good, 0, 0, &desk.staff.authority);
    assert_eq!(desk.titles(&[lapsed]), nothing, "lapsed");

    let Transaction::Sent(mut forged) = desk.send(&good, 0) else {
        panic!("a record is sent")
    };
    forged.order.nonce = 1;
    assert_eq!(desk.titles(&[Transaction::Sent(forged)]), nothing, "forged");

    let expired = desk.submit("Letter", desk.card(0, NOW));
    assert_eq!(
        desk.titles(&[desk.send(&expired, 0)]),
        nothing,
        "card expired"
    );

    let far = desk.submit("Letter", desk.card(1_000, Timestamp::MAX));
    assert_eq!(
        desk.titles(&[desk.send(&far, 0)]),
        nothing,
        "scope not theirs"
    );

    let mut card = desk.card(0, Timestamp::MAX);
    card.not_after = Timestamp(card.not_after.0 - 1);
    let altered = desk.submit("Letter", card);
    assert_eq!(
        desk.titles(&[desk.send(&altered, 0)]),
        nothing,
        "card altered"
    );

    let mut other_summary = good.clone();
    other_summary.sealed_summary = desk
        .submit("Other", desk.card(0, Timestamp::MAX))
        .sealed_summary;
    let other_summary = desk.send(&other_summary, 0);
    assert_eq!(desk.titles(&[other_summary]), nothing, "summary of another");

    let mut corrects_nothing = good.clone();
    corrects_nothing.supersedes = Maybe(Some(RecordReference {
        index: 0,
        txid: Txid::default(),
    }));
    let corrects_nothing = desk.send(&corrects_nothing, 0);
    assert_eq!(
        desk.titles(&[corrects_nothing]),
        nothing,
        "corrects nothing"
    );

    let somebody = Patient::new(Phrase::generate(&mut desk.rng));
    let for_somebody = core::mem::replace(&mut desk.patient, somebody);
    assert_eq!(
        desk.titles(&[desk.send(&good, 0)]),
        nothing,
        "somebody else's"
    );
    desk.patient = for_somebody;
    assert_eq!(desk.titles(&[desk.send(&good, 0)]), ["Letter"]);
}
