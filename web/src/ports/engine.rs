//! The page's end of the engine: a worker of its own, to which commands go and from which reports
//! come.

use gloo::worker::{Spawnable as _, WorkerBridge};

use crate::{
    engine::Engine,
    talk::{Command, Report, Structured},
};

/// Written by the build beside the page.
const LOADER: &str = "/keepwell-engine_loader.js";

/// A running engine; it ends with this.
pub struct EngineHandle(WorkerBridge<Engine>);

impl EngineHandle {
    /// Starts it. `on_report` hears of everything from then on.
    pub fn start(on_report: impl Fn(Report) + 'static) -> Self {
        let bridge = Engine::spawner()
            .encoding::<Structured>()
            .callback(on_report)
            .spawn_with_loader(LOADER);
        Self(bridge)
    }

    /// Sends a command; it waits there until the engine is ready.
    pub fn send(&self, command: Command) {
        self.0.send(command);
    }
}
