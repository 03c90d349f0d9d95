//! Where commands are taken, and what all of them share.
//!
//! Commands run side by side, and those that need the light client one after the other. What was
//! unlocked is apart from it, so that locking never waits for a relay.

use std::{
    cell::{Cell, OnceCell, RefCell},
    collections::{BTreeMap, BTreeSet},
    rc::{Rc, Weak},
};

use futures::lock::Mutex;
use keepwell_client::{ClientError, Clock as _, Session, patient::PendingRecord};
use keepwell_keys::HospitalId;
use keepwell_light::LightClient;
use keepwell_primitives::{Milliseconds, Timestamp};
use wasm_bindgen_futures::spawn_local;

use super::{
    chain::Chain,
    keys::Keys,
    voice::{Job, Voice},
};
use crate::{
    ports::{clock::DeviceClock, database::Database, events::Events, fetch::FetchRelay},
    talk::{Command, Failure, News, Outcome, Standing, Verb},
};

/// How long a command waits for the network to record something, or for the custodians.
const TIMEOUT: Milliseconds = Milliseconds(120_000);

/// A session over `fetch`.
pub(super) type FetchSession<'a> = Session<'a, FetchRelay, DeviceClock>;

/// Everything that the engine knows.
#[derive(Default)]
pub(super) struct Desk {
    pub(super) voice: Voice,
    pub(super) origin: RefCell<String>,
    pub(super) keys: RefCell<Keys>,
    /// `None` until the network is known.
    pub(super) chain: Mutex<Option<Chain>>,
    /// What was verified when the chain was last at hand, for steps that wait for nobody.
    copy: RefCell<Option<LightClient>>,
    /// What the last question about each hospital's personas or records came to.
    pub(super) standings: RefCell<BTreeMap<HospitalId, Standing>>,
    /// Hospitals whose personas may be asked for at the page's own relay.
    pub(super) elsewhere: RefCell<BTreeSet<HospitalId>>,
    /// What waits at each hospital's relay for this patient, its signatures and summaries checked.
    pub(super) pending: RefCell<BTreeMap<HospitalId, Vec<PendingRecord>>>,
    /// Hospitals that could not be asked whether they know the patient.
    pub(super) not_asked: RefCell<BTreeSet<HospitalId>>,
    pub(super) is_refreshing: Cell<bool>,
    /// Whether there may be something newer than what is shown.
    pub(super) is_stale: Cell<bool>,
    pub(super) events: RefCell<Option<Events>>,
    /// This, for what goes on by itself.
    own: Weak<Self>,
    database: OnceCell<Database>,
}

impl Desk {
    pub(super) fn new() -> Rc<Self> {
        Rc::new_cyclic(|own| Self {
            own: own.clone(),
            ..Self::default()
        })
    }

    /// From now on, what is shown is read anew whenever the page's own relay has news.
    pub(super) fn follow_news(&self) {
        let desk = self.own.clone();
        let on_news = move || {
            let desk = desk.clone();
            spawn_local(async move {
                if let Some(desk) = desk.upgrade() {
                    // What fails is in the standing of what was asked.
                    let _ = desk.refresh().await;
                }
            });
        };
        let origin = self.origin.borrow().clone();
        self.events.replace(Events::of(&origin, on_news));
    }

    /// Runs a command to its end, and tells what came of it.
    pub(super) async fn run(&self, command: Command) {
        let job = Job {
            id: command.job,
            voice: &self.voice,
        };
        job.tell(match self.done(&job, command.verb).await {
            Ok(outcome) => News::Done(outcome),
            Err(failure) => News::Failed(failure),
        });
    }

    async fn done(&self, job: &Job<'_>, verb: Verb) -> Result<Outcome, Failure> {
        match verb {
            Verb::Begin { genesis, origin } => self.begin(genesis, origin).await,
            Verb::TrustNetwork(genesis) => self.trust_network(genesis).await,
            Verb::DraftPhrase => Ok(self.draft_phrase()),
            Verb::TypePhrase { text } => self.type_phrase(text),
            Verb::KeepPhrase { passphrase } => self.keep_phrase(passphrase).await,
            Verb::UnlockPatient { passphrase } => self.unlock_patient(passphrase).await,
            Verb::SignInStaff { file, passphrase } => self.sign_in_staff(file, passphrase).await,
            Verb::UnlockStaff { passphrase } => self.unlock_staff(passphrase).await,
            Verb::Lock => self.lock().await,
            Verb::SignOut => self.sign_out().await,
            Verb::Refresh => self.refresh().await,
            Verb::Explorer(verb) => self.explore(verb).await,
            Verb::Patient(verb) => self.run_patient(job, verb).await,
            Verb::Staff(verb) => self.run_staff(job, verb).await,
        }
    }

    /// What the device keeps. Opened once.
    pub(super) async fn database(&self) -> Result<&Database, Failure> {
        if let Some(database) = self.database.get() {
            return Ok(database);
        }
        let opened = Database::open().await?;
        Ok(self.database.get_or_init(|| opened))
    }

    /// Runs steps with a relay on the verified chain, and keeps what was verified, however they
    /// end. Other commands with steps wait for these.
    pub(super) async fn at_relay<T>(
        &self,
        relay: &FetchRelay,
        steps: impl AsyncFnOnce(&mut FetchSession<'_>) -> Result<T, ClientError>,
    ) -> Result<T, Failure> {
        let mut guard = self.chain.lock().await;
        let chain = guard.as_mut().ok_or_else(network_unknown)?;
        let mut session = Session::new(relay, &DeviceClock, &mut chain.light, TIMEOUT)
            .with_outbox(&mut chain.outbox);
        let ended = steps(&mut session).await;
        self.copy.replace(Some(chain.light.clone()));
        if ended.is_ok() {
            chain.verified_at = Some(now());
        }
        chain.keep(self.database().await?).await?;
        Ok(ended?)
    }

    /// Runs steps with a relay on a copy of the verified chain: for what nobody else shall wait for,
    /// such as a long transfer, and for what waits for nobody else. What it verifies is not kept.
    pub(super) async fn beside_relay<T>(
        &self,
        relay: &FetchRelay,
        steps: impl AsyncFnOnce(&mut FetchSession<'_>) -> Result<T, ClientError>,
    ) -> Result<T, Failure> {
        let copy = self.copy.borrow().clone();
        let mut light = copy.ok_or_else(network_unknown)?;
        let mut session = Session::new(relay, &DeviceClock, &mut light, TIMEOUT);
        Ok(steps(&mut session).await?)
    }

    /// Takes up a chain, once its network is known.
    pub(super) async fn take_up(&self, chain: Chain) {
        self.copy.replace(Some(chain.light.clone()));
        *self.chain.lock().await = Some(chain);
    }

    /// Deletes what was verified of anybody; the chain is followed from its start again.
    pub(super) async fn forget_verified(&self) -> Result<(), Failure> {
        let mut guard = self.chain.lock().await;
        if let Some(chain) = guard.as_mut() {
            chain.forget();
            self.copy.replace(Some(chain.light.clone()));
            chain.keep(self.database().await?).await?;
        }
        self.standings.borrow_mut().clear();
        Ok(())
    }

    /// Reads from what was verified.
    pub(super) async fn light<T>(
        &self,
        read: impl FnOnce(&LightClient) -> T,
    ) -> Result<T, Failure> {
        let guard = self.chain.lock().await;
        let chain = guard.as_ref().ok_or_else(network_unknown)?;
        Ok(read(&chain.light))
    }

    /// Catches up with a hospital's relay by these steps, and remembers how that went. What they
    /// came to, if they did.
    pub(super) async fn catch_up<T>(
        &self,
        hospital_id: HospitalId,
        steps: impl AsyncFnOnce(&mut FetchSession<'_>) -> Result<T, ClientError>,
    ) -> Option<T> {
        let (relay, is_elsewhere) = match self.relay_for(&hospital_id).await {
            Ok(found) => found,
            Err(failure) => {
                self.stand(hospital_id, String::new(), false, Some(failure));
                return None;
            }
        };
        let caught_up = self.at_relay(&relay, steps).await;
        let name = String::from(keepwell_client::Relay::name(&relay));
        match caught_up {
            Ok(value) => {
                self.stand(hospital_id, name, is_elsewhere, None);
                Some(value)
            }
            Err(failure) => {
                self.stand(hospital_id, name, is_elsewhere, Some(failure));
                None
            }
        }
    }

    fn stand(
        &self,
        hospital_id: HospitalId,
        relay: String,
        is_elsewhere: bool,
        trouble: Option<Failure>,
    ) {
        let mut standings = self.standings.borrow_mut();
        let before = standings.get(&hospital_id);
        let verified_at = match trouble {
            None => Some(now()),
            Some(_) => before.and_then(|standing| standing.verified_at),
        };
        let standing = Standing {
            relay,
            verified_at,
            trouble,
            is_elsewhere,
        };
        standings.insert(hospital_id, standing);
    }
}

/// The device's clock.
pub(super) fn now() -> Timestamp {
    DeviceClock.now()
}

fn network_unknown() -> Failure {
    Failure::local(
        "networkUnknown",
        "This page does not know its network yet.",
        "Open it with the address or the QR code that your hospital gave you.",
    )
}
