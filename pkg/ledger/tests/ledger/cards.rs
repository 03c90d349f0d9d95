//! Visit cards: their text, and one test for every reason to refuse one.

use keepwell_ledger::transaction::{
    PurposeCode, PurposeError, VisitCard, VisitCardError, VisitCardText,
};
use keepwell_primitives::{CanonicalError, Hash, Milliseconds, encode_canonical};
use proptest::prelude::*;

use crate::world::{A, C, GENERAL, SPECIAL, World, key};

fn shown(world: &World) -> VisitCardText {
    VisitCardText {
        genesis_hash: world.genesis_hash(),
        card: world.card(A, GENERAL),
    }
}

fn check(world: &World, card: &VisitCard) -> Result<(), VisitCardError> {
    let (genesis, hospital_id) = (world.genesis_hash(), world.hospital(A));
    card.check(&genesis, &hospital_id, None, world.context.time)
}

#[test]
fn card_survives_its_text_with_stray_spaces_and_in_capitals() {
    let world = World::with_hospitals(4);
    let card = shown(&world);
    let text = card.to_string();
    assert!(text.starts_with("kwv1"));
    let (start, rest) = text.split_at(100);
    assert_eq!(format!(" {start}\r\n  {rest}\n").parse(), Ok(card.clone()));
    assert_eq!(text.to_uppercase().parse(), Ok(card.clone()));
    let (now, hospital_id) = (world.context.time, world.hospital(A));
    assert_eq!(
        card.check(&world.genesis_hash(), &hospital_id, None, now),
        Ok(())
    );
    let own = world.patient.public_key();
    let with_account = card
        .card
        .check(&world.genesis_hash(), &hospital_id, Some(&own), now);
    assert_eq!(with_account, Ok(()));
}

#[test]
fn text_of_something_else_is_no_card() {
    let world = World::with_hospitals(4);
    for (text, got) in [
        (world.patient_id().to_string(), None),
        (String::new(), Some("")),
    ] {
        let got = got.map_or_else(|| text.chars().take(8).collect(), String::from);
        let not_a_card = VisitCardError::NotACard { got };
        assert_eq!(text.parse::<VisitCardText>(), Err(not_a_card));
    }
}

#[test]
fn cut_or_mistyped_card_is_noticed_by_its_text() {
    let text = shown(&World::with_hospitals(4)).to_string();
    let (start, end) = text.split_at(text.len() - 1);
    let last_doubled = format!("{text}{end}");
    let mixed_case = start.replacen("kwv1", "KWV1", 1) + end;
    for wrong in [start, "kwv1", &last_doubled, &mixed_case] {
        let refused = wrong.parse::<VisitCardText>();
        assert!(
            matches!(refused, Err(VisitCardError::Text { .. })),
            "{wrong}: {refused:?}"
        );
    }
}

#[test]
fn text_whose_bytes_are_no_card_is_refused() {
    let world = World::with_hospitals(4);
    let text = |bytes: &[u8]| {
        bech32::encode::<bech32::Bech32m>(bech32::Hrp::parse("kwv").unwrap(), bytes).unwrap()
    };
    let bytes = encode_canonical(&shown(&world));
    let with_more = [bytes.as_slice(), &[0]].concat();
    let trailing = CanonicalError::TrailingBytes { got: 1 };
    assert_eq!(
        text(&with_more).parse::<VisitCardText>(),
        Err(VisitCardError::Bytes(trailing))
    );
    let (got, max) = (257, 256);
    assert_eq!(
        text(&[0; 257]).parse::<VisitCardText>(),
        Err(VisitCardError::Bytes(CanonicalError::TooLong { got, max }))
    );
}

#[test]
fn largest_card_fits_its_limit() {
    let world = World::with_hospitals(4);
    let mut card = shown(&world);
    card.card.not_after = keepwell_primitives::Timestamp::MAX;
    assert_eq!(encode_canonical(&card).len(), 246);
    assert_eq!(card.to_string().parse(), Ok(card));
}

#[test]
fn card_of_another_network_is_refused() {
    let world = World::with_hospitals(4);
    let elsewhere = World::with_hospitals(5);
    let (got, expected) = (elsewhere.genesis_hash().0, world.genesis_hash().0);
    let (hospital_id, now) = (world.hospital(A), world.context.time);
    assert_eq!(
        shown(&elsewhere).check(&world.genesis_hash(), &hospital_id, None, now),
        Err(VisitCardError::WrongGenesis { got, expected })
    );
    // Its signature is good for its own network only.
    assert_eq!(
        check(&world, &elsewhere.card(A, GENERAL)),
        Err(VisitCardError::Forged)
    );
}

#[test]
fn card_altered_after_it_was_signed_is_forged() {
    let world = World::with_hospitals(4);
    let honest = world.card(A, GENERAL);
    let other = world.card(C, SPECIAL);
    for altered in [
        VisitCard {
            hospital_id: other.hospital_id,
            ..honest.clone()
        },
        VisitCard {
            scope_public_key: other.scope_public_key,
            ..honest.clone()
        },
        VisitCard {
            not_after: honest.not_after + Milliseconds(1),
            ..honest.clone()
        },
        VisitCard {
            public_key: key("thief").public_key(),
            ..honest.clone()
        },
        VisitCard {
            signature: other.signature,
            ..honest.clone()
        },
    ] {
        assert_eq!(check(&world, &altered), Err(VisitCardError::Forged));
    }
}

#[test]
fn card_of_another_key_than_the_patients_is_refused() {
    let world = World::with_hospitals(4);
    let patient_id = world.patient_id();
    let wrong_key = VisitCardError::WrongKey { patient_id };
    let honest = world.card(A, GENERAL);
    let stolen = VisitCard::sign(
        patient_id,
        &key("thief"),
        honest.hospital_id,
        honest.scope_public_key,
        honest.not_after,
        &world.genesis_hash(),
    );
    assert_eq!(check(&world, &stolen), Err(wrong_key.clone()));
    let (rotated, now) = (key("rotated").public_key(), world.context.time);
    let (genesis, hospital_id) = (world.genesis_hash(), world.hospital(A));
    let after_rotation = honest.check(&genesis, &hospital_id, Some(&rotated), now);
    assert_eq!(after_rotation, Err(wrong_key));
}

#[test]
fn card_for_another_hospital_is_refused() {
    let world = World::with_hospitals(4);
    let (got, expected) = (world.hospital(C), world.hospital(A));
    assert_eq!(
        check(&world, &world.card(C, GENERAL)),
        Err(VisitCardError::OtherHospital { got, expected })
    );
}

#[test]
fn card_is_good_until_the_moment_it_lapses() {
    let mut world = World::with_hospitals(4);
    let card = world.card(A, GENERAL);
    world.wait(Milliseconds(Milliseconds::HOUR.0 - 1));
    assert_eq!(check(&world, &card), Ok(()));
    world.wait(Milliseconds(1));
    let (not_after, now) = (card.not_after, world.context.time);
    assert_eq!(
        check(&world, &card),
        Err(VisitCardError::Expired { not_after, now })
    );
}

#[test]
fn purpose_code_has_capitals_digits_and_underscores_only_and_a_limit() {
    for good in ["TREAT", "HRESCH", "A", "V2_X", "ABCDEFGHIJKLMNOP"] {
        assert_eq!(good.parse::<PurposeCode>().unwrap().as_str(), good);
    }
    let length = |got| Err(PurposeError::Length { got, max: 16 });
    assert_eq!("".parse::<PurposeCode>(), length(0));
    assert_eq!("ABCDEFGHIJKLMNOPQ".parse::<PurposeCode>(), length(17));
    let character = |got| Err(PurposeError::Character { got });
    assert_eq!("Treat".parse::<PurposeCode>(), character('r'));
    assert_eq!("É".parse::<PurposeCode>(), character('É'));
}

#[test]
fn disease_id_is_the_tag_of_the_scope_key() {
    let world = World::with_hospitals(4);
    let card = world.card(A, GENERAL);
    let tag = Hash::tagged("disease-id", &[card.scope_public_key.as_bytes()]);
    assert_eq!(card.disease_id().0, tag);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_mistyped_character_of_a_card_is_noticed(at: prop::sample::Index, to in "[02-9ac-hj-np-z]") {
        let text = shown(&World::with_hospitals(1)).to_string();
        let at = 4 + at.index(text.len() - 4);
        prop_assume!(text[at..=at] != to);
        let mut mistyped = text;
        mistyped.replace_range(at..=at, &to);
        let refused = mistyped.parse::<VisitCardText>();
        prop_assert!(matches!(refused, Err(VisitCardError::Text { .. })), "accepted");
    }
}
