//! Whole blocks: one test for every reason not to read or not to execute one.

use std::cell::Cell;

use alloy_rlp::Encodable;
use keepwell_ledger::{
    block::{Block, Header, HeaderChain, HeaderError, MalformedBlock, SealedHeader, merkle_root},
    execute::{BlockRefused, RuleError, execute_block},
    state::{State, StateRoots},
    transaction::{MalformedTransaction, Transaction, VerifiedTransaction},
};
use keepwell_primitives::{CanonicalError, Hash, limits};
use keepwell_trie::MemoryStore;

use crate::world::{A, B, GENERAL, World, all_good, next_header};

/// A block's bytes, put together by hand from parts that need not fit.
fn raw(sealed: &SealedHeader, transactions: &[Vec<u8>]) -> Vec<u8> {
    let list = |items: Vec<u8>| {
        let mut out = Vec::new();
        let (list, payload_length) = (true, items.len());
        alloy_rlp::Header {
            list,
            payload_length,
        }
        .encode(&mut out);
        [out, items].concat()
    };
    let mut body = Vec::new();
    sealed.encode(&mut body);
    body.extend(list(transactions.concat()));
    list(body)
}

/// A sealed header that commits to these transactions.
fn sealed_for(world: &World, transactions: &[Vec<u8>]) -> SealedHeader {
    let slices: Vec<_> = transactions.iter().map(Vec::as_slice).collect();
    let header = Header {
        miner: world.hospital(A),
        merkle_root_hash: merkle_root(&slices),
        ..next_header(&HeaderChain::genesis(&world.genesis))
    };
    world.seal(A, header)
}

fn read(world: &World, bytes: &[u8]) -> Result<Block, MalformedBlock> {
    Block::from_bytes(bytes, &world.genesis_hash(), all_good)
}

/// A submission by A and the roots after it.
fn submission(world: &mut World) -> (Transaction, StateRoots) {
    let transaction = world.signed(world.submission(A, GENERAL));
    world.apply(&transaction).unwrap();
    (transaction, world.state.roots())
}

#[test]
fn block_survives_its_bytes_and_is_executed() {
    let mut world = World::with_hospitals(4);
    let (transaction, roots) = submission(&mut world);
    let mut chain = HeaderChain::genesis(&world.genesis);
    let block = world.mine(&chain, std::slice::from_ref(&transaction), roots);
    assert_eq!(
        block.to_bytes(),
        raw(block.sealed(), &[transaction.to_bytes()])
    );
    assert_eq!(read(&world, &block.to_bytes()), Ok(block.clone()));
    assert_eq!(Block::peek_sealed(&block.to_bytes()), Ok(*block.sealed()));

    let mut fresh = World::with_hospitals(4);
    chain
        .push(block.sealed(), block.header().timestamp)
        .unwrap();
    let change = execute_block(&mut fresh.state, &block).unwrap();
    assert_eq!(
        (change.patients.root, change.hospitals.root),
        (roots.patients, roots.hospitals)
    );
    assert_eq!(fresh.state.roots(), roots);
}

#[test]
fn empty_block_survives_its_bytes() {
    let world = World::with_hospitals(4);
    let chain = HeaderChain::genesis(&world.genesis);
    let block = world.mine(&chain, &[], StateRoots::from(world.genesis.header()));
    assert!(block.header().is_empty());
    assert_eq!(read(&world, &block.to_bytes()), Ok(block));
}

#[test]
fn genesis_block_survives_its_bytes_and_its_seal_is_nobodys() {
    let world = World::with_hospitals(4);
    let block = world.genesis.block();
    assert_eq!(block.header().hash().0, world.genesis_hash().0);
    assert_eq!(read(&world, &block.to_bytes()), Ok(block.clone()));
    let hash = block.header().hash();
    for keys in &world.keys {
        let key = keys.node.public_key();
        let check = block
            .sealed()
            .seal_check(&world.genesis_hash(), &hash, &key);
        assert!(check.verify().is_err());
    }
    let one = format!("{:064x}", 1);
    assert_eq!(block.sealed().seal.to_string(), [one.clone(), one].concat());
}

#[test]
fn truncated_trailing_or_oversized_bytes_are_no_block() {
    let mut world = World::with_hospitals(4);
    let (transaction, roots) = submission(&mut world);
    let chain = HeaderChain::genesis(&world.genesis);
    let bytes = world.mine(&chain, &[transaction], roots).to_bytes();
    for length in 0..bytes.len() {
        let refused = read(&world, &bytes[..length]);
        let too_short = CanonicalError::Rlp(alloy_rlp::Error::InputTooShort);
        assert_eq!(
            refused,
            Err(MalformedBlock::NotCanonical(too_short)),
            "{length}"
        );
    }
    let trailing = MalformedBlock::NotCanonical(CanonicalError::TrailingBytes { got: 1 });
    assert!(!trailing.condemns_hash());
    assert_eq!(
        read(&world, &[bytes.as_slice(), &[0x80]].concat()),
        Err(trailing)
    );
    let (got, max) = (limits::BLOCK_BYTES_MAX + 1, limits::BLOCK_BYTES_MAX);
    let too_long = MalformedBlock::NotCanonical(CanonicalError::TooLong { got, max });
    let oversized = vec![0xfa; got];
    assert_eq!(read(&world, &oversized), Err(too_long.clone()));
    assert_eq!(Block::peek_sealed(&oversized), Err(too_long));
}

#[test]
fn block_with_a_header_of_another_width_or_version_is_refused_by_name() {
    let world = World::with_hospitals(4);
    let mut header = sealed_for(&world, &[]).header;
    header.version = 2;
    let bytes = raw(&world.seal(A, header), &[]);
    let (got, expected) = (2, 1);
    let wrong = MalformedBlock::Header(HeaderError::Version { got, expected });
    assert!(wrong.condemns_hash());
    assert_eq!(read(&world, &bytes), Err(wrong.clone()));
    assert_eq!(Block::peek_sealed(&bytes), Err(wrong));

    // f9 01 66 (block) f9 01 65 (sealed) b9 01 20 (header) becomes one byte shorter.
    let honest = raw(&sealed_for(&world, &[]), &[]);
    let mut shorter = honest.clone();
    assert_eq!(shorter[6..9], [0xb9, 0x01, 0x20]);
    shorter.remove(9);
    (shorter[2], shorter[5], shorter[8]) = (honest[2] - 1, honest[5] - 1, 0x1f);
    shorter[7] = 0x01;
    let (got, expected) = (287, 288);
    let wrong = MalformedBlock::Header(HeaderError::Length { got, expected });
    assert!(!wrong.condemns_hash());
    assert_eq!(read(&world, &shorter), Err(wrong));
}

#[test]
fn block_with_other_transactions_than_its_header_says_blames_its_sender() {
    let world = World::with_hospitals(4);
    let one = world.signed(world.submission(A, GENERAL)).to_bytes();
    let sealed = sealed_for(&world, &[]);
    let (got, expected) = (merkle_root(&[&one]), merkle_root(&[]));
    let wrong = MalformedBlock::MerkleRoot { got, expected };
    assert!(!wrong.condemns_hash());
    assert_eq!(
        read(&world, &raw(&sealed, std::slice::from_ref(&one))),
        Err(wrong.clone())
    );
    let verified =
        VerifiedTransaction::verify(Transaction::from_bytes(&one, &world.genesis_hash()).unwrap());
    assert_eq!(Block::assemble(sealed, vec![verified.unwrap()]), Err(wrong));
}

#[test]
fn block_with_a_malformed_transaction_is_condemned() {
    let world = World::with_hospitals(4);
    let good = world.signed(world.submission(A, GENERAL)).to_bytes();
    let bad = world.signed(world.revocation(A)).to_bytes();
    let transactions = [good, bad];
    let sealed = sealed_for(&world, &transactions);
    let error = MalformedTransaction::RevokeWithoutEffect;
    let wrong = MalformedBlock::Transaction { position: 1, error };
    assert!(wrong.condemns_hash());
    assert_eq!(read(&world, &raw(&sealed, &transactions)), Err(wrong));
}

#[test]
fn block_of_another_network_is_condemned_by_its_transactions() {
    let world = World::with_hospitals(4);
    let elsewhere = World::with_hospitals(5);
    let transactions = [elsewhere
        .signed(elsewhere.submission(A, GENERAL))
        .to_bytes()];
    let sealed = sealed_for(&world, &transactions);
    let (got, expected) = (elsewhere.genesis_hash().0, world.genesis_hash().0);
    let error = MalformedTransaction::WrongGenesis { got, expected };
    let wrong = MalformedBlock::Transaction { position: 0, error };
    assert_eq!(read(&world, &raw(&sealed, &transactions)), Err(wrong));
}

#[test]
fn transaction_stands_in_a_block_once() {
    let world = World::with_hospitals(4);
    let transaction = world.signed(world.submission(A, GENERAL));
    let twice = [transaction.to_bytes(), transaction.to_bytes()];
    let sealed = sealed_for(&world, &twice);
    let txid = transaction.txid();
    let wrong = MalformedBlock::DuplicateTransaction { txid };
    assert!(wrong.condemns_hash());
    assert_eq!(read(&world, &raw(&sealed, &twice)), Err(wrong.clone()));
    let verified = VerifiedTransaction::verify(transaction).unwrap();
    let assembled = Block::assemble(sealed, vec![verified.clone(), verified]);
    assert_eq!(assembled, Err(wrong));
}

#[test]
fn block_with_a_bad_signature_is_condemned_after_all_signatures_were_asked_for() {
    let world = World::with_hospitals(4);
    let honest = world.signed(world.submission(A, GENERAL));
    let by_other = Transaction::sign_answer(
        world.answer(B, request(&world), crate::world::served()),
        world.genesis_hash(),
        &world.keys[A].node,
    );
    let Transaction::Answer(mut envelope) = by_other else {
        panic!("an answer");
    };
    envelope.sender_public_key = world.keys[B].node.public_key();
    let transactions = [honest.to_bytes(), Transaction::Answer(envelope).to_bytes()];
    let bytes = raw(&sealed_for(&world, &transactions), &transactions);
    let asked = Cell::new(0);
    let refused = Block::from_bytes(&bytes, &world.genesis_hash(), |checks| {
        asked.set(checks.len());
        all_good(checks)
    });
    assert!(MalformedBlock::Signature.condemns_hash());
    assert_eq!(refused, Err(MalformedBlock::Signature));
    // The transactions' own and the card's.
    assert_eq!(asked.get(), 3);
}

fn request(world: &World) -> keepwell_ledger::transaction::RequestReference {
    keepwell_ledger::transaction::RequestReference {
        service_requester_id: world.hospital(B),
        index: 0,
        txid: keepwell_ledger::transaction::Txid(Hash::ZERO),
    }
}

#[test]
fn miner_cannot_assemble_a_block_that_nobody_would_read() {
    let world = World::with_hospitals(4);
    let mut transactions = Vec::new();
    let mut length = 0;
    // Answers to different requests: small, and different from one another.
    for index in 0_u32.. {
        let request = keepwell_ledger::transaction::RequestReference {
            index,
            ..request(&world)
        };
        let answer = world.signed_answer(world.answer(A, request, crate::world::served()));
        let verified = VerifiedTransaction::verify_all(vec![answer], |_| Ok::<(), ()>(()));
        transactions.extend(verified.unwrap());
        length += transactions.last().unwrap().bytes().len();
        if length > limits::BLOCK_BYTES_MAX {
            break;
        }
    }
    let bytes: Vec<_> = transactions.iter().map(|t| t.bytes().to_vec()).collect();
    let sealed = sealed_for(&world, &bytes);
    let got = raw(&sealed, &bytes).len();
    let max = limits::BLOCK_BYTES_MAX;
    let too_long = MalformedBlock::NotCanonical(CanonicalError::TooLong { got, max });
    assert_eq!(Block::assemble(sealed, transactions.clone()), Err(too_long));

    // Without the last two it fits.
    transactions.truncate(transactions.len() - 2);
    let bytes = &bytes[..transactions.len()];
    let sealed = sealed_for(&world, bytes);
    let block = Block::assemble(sealed, transactions).unwrap();
    assert!(block.transactions().len() <= limits::BLOCK_TRANSACTIONS_MAX);
    let read = Block::from_bytes(&block.to_bytes(), &world.genesis_hash(), |_| true);
    assert_eq!(read, Ok(block));
}

#[test]
fn block_with_a_transaction_that_breaks_a_rule_is_refused() {
    let mut world = World::with_hospitals(4);
    let (transaction, roots) = submission(&mut world);
    let chain = HeaderChain::genesis(&world.genesis);
    let block = world.mine(&chain, std::slice::from_ref(&transaction), roots);
    // The state has the transaction already.
    let (got, expected) = (0, 1);
    match execute_block(&mut world.state, &block) {
        Err(BlockRefused::Rule { txid, rule }) => {
            assert_eq!(txid, transaction.txid());
            assert_eq!(rule, RuleError::Nonce { got, expected });
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn block_that_promises_another_patient_root_is_refused() {
    let mut world = World::with_hospitals(4);
    let (transaction, roots) = submission(&mut world);
    let promised = Hash::untagged(b"another root");
    let wrong = StateRoots {
        patients: promised,
        ..roots
    };
    let block = world.mine(&HeaderChain::genesis(&world.genesis), &[transaction], wrong);
    match execute_block(&mut World::with_hospitals(4).state, &block) {
        Err(BlockRefused::PatientStateRoot { got, expected }) => {
            assert_eq!((got, expected), (roots.patients, promised));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn block_that_promises_another_hospital_root_is_refused() {
    let mut world = World::with_hospitals(4);
    let (transaction, roots) = submission(&mut world);
    let promised = Hash::untagged(b"another root");
    let wrong = StateRoots {
        hospitals: promised,
        ..roots
    };
    let block = world.mine(&HeaderChain::genesis(&world.genesis), &[transaction], wrong);
    match execute_block(&mut World::with_hospitals(4).state, &block) {
        Err(BlockRefused::HospitalStateRoot { got, expected }) => {
            assert_eq!((got, expected), (roots.hospitals, promised));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn block_on_a_state_that_cannot_be_read_blames_the_store() {
    let mut world = World::with_hospitals(4);
    let (transaction, roots) = submission(&mut world);
    let block = world.mine(&HeaderChain::genesis(&world.genesis), &[transaction], roots);
    let roots = StateRoots::from(world.genesis.header());
    let mut without_nodes = State::at(MemoryStore::new(), MemoryStore::new(), roots);
    let refused = execute_block(&mut without_nodes, &block);
    assert!(
        matches!(refused, Err(BlockRefused::State(_))),
        "{refused:?}"
    );
}
