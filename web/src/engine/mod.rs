//! The engine: everything that needs a key, the network or the database, in a worker of its own, so
//! that the page is never busy and never holds a secret longer than a person types it.
//!
//! It is told [`Command`]s and answers with [`Report`]s. The page decides nothing here, and the
//! engine draws nothing.

mod chain;
mod desk;
mod explorer;
mod failure;
mod keys;
mod network;
mod patient;
mod relays;
mod staff;
mod voice;

use std::rc::Rc;

use gloo::worker::{HandlerId, Worker, WorkerScope};
use wasm_bindgen_futures::spawn_local;

use crate::talk::{Command, Report};
use desk::Desk;

/// What a file is taken for whose summary does not say.
const UNKNOWN_TYPE: &str = "application/octet-stream";

/// The worker.
pub struct Engine {
    desk: Rc<Desk>,
}

impl Worker for Engine {
    type Message = ();
    type Input = Command;
    type Output = Report;

    fn create(_scope: &WorkerScope<Self>) -> Self {
        Self { desk: Desk::new() }
    }

    fn update(&mut self, _scope: &WorkerScope<Self>, _message: ()) {}

    fn connected(&mut self, scope: &WorkerScope<Self>, page: HandlerId) {
        let scope = scope.clone();
        self.desk
            .voice
            .found(move |report| scope.respond(page, report));
    }

    fn received(&mut self, _scope: &WorkerScope<Self>, command: Command, _page: HandlerId) {
        let desk = self.desk.clone();
        spawn_local(async move { desk.run(command).await });
    }
}
