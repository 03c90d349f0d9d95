//! Random sequences of transactions, honest and not, on the full state and on one that knows only
//! what a proof covers: the same answers, the same roots.

use keepwell_ledger::{
    execute::apply,
    state::{
        State, access_key, account_key, event_key, hospital_key, issued_key, record_key,
        request_key, scope_key,
    },
    transaction::{Coverage, RecordReference, RequestReference, Transaction, VerifiedTransaction},
};
use keepwell_primitives::{Maybe, Milliseconds};
use keepwell_trie::{PartialStore, Sha256, partial_trie};
use proptest::prelude::*;

use crate::world::{A, World, disease, list, served};

const HOSPITALS: usize = 4;
const SCOPES: u32 = 3;

/// A block holds at most so many of the steps.
const BLOCK: u32 = 6;

#[derive(Clone, Copy, Debug)]
enum Step {
    Submit {
        by: usize,
        scope: u32,
        card: bool,
        supersedes: bool,
    },
    Grant {
        to: usize,
        scope: u32,
        listed: bool,
    },
    Revoke {
        from: usize,
        scope: u32,
        close: bool,
    },
    Ask {
        by: usize,
        scope: u32,
        record: usize,
    },
    Answer {
        by: usize,
        request: usize,
        serves: bool,
    },
    Replay {
        earlier: usize,
    },
}

fn any_step() -> impl Strategy<Value = Step> {
    let (who, scope) = (0..HOSPITALS, 0..SCOPES);
    let honest_mostly = prop::bool::weighted(0.8);
    prop_oneof![
        3 => (who.clone(), scope.clone(), honest_mostly, prop::bool::weighted(0.2))
            .prop_map(|(by, scope, card, supersedes)| Step::Submit { by, scope, card, supersedes }),
        3 => (who.clone(), scope.clone(), any::<bool>())
            .prop_map(|(to, scope, listed)| Step::Grant { to, scope, listed }),
        1 => (who.clone(), scope.clone(), prop::bool::weighted(0.3))
            .prop_map(|(from, scope, close)| Step::Revoke { from, scope, close }),
        4 => (who.clone(), scope, 0..8_usize)
            .prop_map(|(by, scope, record)| Step::Ask { by, scope, record }),
        4 => (who, 0..4_usize, any::<bool>())
            .prop_map(|(by, request, serves)| Step::Answer { by, request, serves }),
        1 => (0..16_usize).prop_map(|earlier| Step::Replay { earlier }),
    ]
}

/// What the test remembers, to point at things that exist as often as not.
#[derive(Default)]
struct Memory {
    sent: Vec<Transaction>,
    records: Vec<(u32, usize, RecordReference)>,
    requests: Vec<RequestReference>,
}

impl Memory {
    /// The transaction of a step; none where it could not even be written down.
    fn transaction(&self, world: &World, step: Step) -> Option<Transaction> {
        let provider = |scope| {
            let found = world
                .state
                .scope(&world.patient_id(), &disease(scope))
                .unwrap();
            found.map_or(world.hospital(A), |scope| scope.service_provider_id)
        };
        let records_of = |wanted| {
            let of_scope = self
                .records
                .iter()
                .filter(move |(scope, _, _)| *scope == wanted);
            of_scope.map(|(_, _, record)| *record)
        };
        Some(match step {
            Step::Submit {
                by,
                scope,
                card,
                supersedes,
            } => {
                let mut submit = world.submission(by, scope);
                if !card {
                    submit.scope_opening = Maybe(None);
                }
                if supersedes {
                    submit.supersedes = Maybe(self.records.last().map(|(_, _, record)| *record));
                }
                world.signed(submit)
            }
            Step::Grant { to, scope, listed } => {
                let mut grant = world.grant(to);
                grant.service_provider_id = provider(scope);
                grant.disease_id = disease(scope);
                if listed {
                    let records: Vec<_> = records_of(scope).take(2).collect();
                    grant.coverage = Coverage::Records(list(records));
                }
                world.signed(grant)
            }
            Step::Revoke { from, scope, close } => {
                let mut revoke = world.revocation(from);
                revoke.service_provider_id = provider(scope);
                revoke.disease_id = disease(scope);
                revoke.close_scope = close;
                world.signed(revoke)
            }
            Step::Ask { by, scope, record } => {
                let record = records_of(scope)
                    .nth(record)
                    .or_else(|| records_of(scope).next());
                let record = record.or(self.records.first().map(|(_, _, record)| *record))?;
                let mut request = world.request(by, &[record]);
                request.service_provider_id = provider(scope);
                request.disease_id = disease(scope);
                world.signed(request)
            }
            Step::Answer {
                by,
                request,
                serves,
            } => {
                let newest = self.requests.iter().rev().nth(request);
                let request = *newest.or(self.requests.last())?;
                let refused = keepwell_ledger::transaction::Outcome::Refused {
                    reason: keepwell_ledger::transaction::RefusalReason::Invalid,
                };
                let outcome = if serves { served() } else { refused };
                world.signed_answer(world.answer(by, request, outcome))
            }
            Step::Replay { earlier } => self.sent.get(earlier)?.clone(),
        })
    }
}

/// The part of the state that the next few transactions can touch, from a proof.
fn partial(world: &mut World) -> State<PartialStore> {
    let roots = world.state.roots();
    let slack = BLOCK;
    let patient = world.patient_id();
    let (records, events) = world
        .account()
        .map_or((0, 0), |a| (a.record_count, a.event_count));
    let mut keys = vec![account_key(&patient)];
    keys.extend((0..SCOPES).map(|scope| scope_key(&patient, &disease(scope))));
    keys.extend((0..records + slack).map(|index| record_key(&patient, index)));
    keys.extend((events..events + slack).map(|index| event_key(&patient, index)));
    let patients = world.state.patients().prove(&keys).unwrap();

    let mut keys = Vec::new();
    for who in 0..HOSPITALS {
        let id = world.hospital(who);
        let leaf = world.state.hospital(&id).unwrap().unwrap();
        keys.push(hospital_key(&id));
        let next = |count: u32| count..count + slack;
        keys.extend(next(leaf.access_count).map(|index| access_key(&id, index)));
        keys.extend(next(leaf.issued_count).map(|index| issued_key(&id, index)));
        keys.extend((0..leaf.request_count + slack).map(|index| request_key(&id, index)));
    }
    let hospitals = world.state.hospitals().prove(&keys).unwrap();
    State::at(
        partial_trie::<Sha256>(roots.patients, &patients)
            .unwrap()
            .into_store(),
        partial_trie::<Sha256>(roots.hospitals, &hospitals)
            .unwrap()
            .into_store(),
        roots,
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn partial_state_answers_as_the_full_one_and_has_its_roots(
        blocks in prop::collection::vec(
            (prop::collection::vec(any_step(), 1..=BLOCK as usize), prop_oneof![Just(2000_u64), Just(3_600_000)]),
            1..8,
        ),
    ) {
        let mut world = World::with_hospitals(HOSPITALS);
        let mut memory = Memory::default();
        let (mut applied, mut refused) = (0, 0);
        for (steps, span) in blocks {
            let mut part = partial(&mut world);
            for step in steps {
                let Some(transaction) = memory.transaction(&world, step) else { continue };
                let read = Transaction::from_bytes(&transaction.to_bytes(), &world.genesis_hash());
                let Ok(read) = read else { continue };
                let verified = VerifiedTransaction::verify(read).unwrap();
                let records = world.account().map_or(0, |account| account.record_count);
                let asked = (0..HOSPITALS).map(|who| {
                    let leaf = world.state.hospital(&world.hospital(who)).unwrap();
                    leaf.unwrap().request_count
                });
                let asked: Vec<u32> = asked.collect();
                // World::apply holds a refused transaction to leaving the roots as they were.
                let on_full = world.apply(&transaction);
                let on_part = apply(&mut part, world.context, &verified);
                let on_part = on_part.map_err(|error| error.rule().expect("the part suffices").clone());
                prop_assert_eq!(&on_full.clone().map(|_| ()), &on_part);
                prop_assert_eq!(part.roots(), world.state.roots());
                let Ok(txid) = on_full else { refused += 1; continue };
                applied += 1;
                memory.sent.push(transaction);
                match step {
                    Step::Submit { by, scope, .. } => {
                        memory.records.push((scope, by, RecordReference { index: records, txid }));
                    }
                    Step::Ask { by, .. } => memory.requests.push(RequestReference {
                        service_requester_id: world.hospital(by),
                        index: asked[by],
                        txid,
                    }),
                    _ => {}
                }
            }
            world.wait(Milliseconds(span));
        }
        prop_assert_eq!(world.log().len(), applied);
        let _ = refused;
    }
}
