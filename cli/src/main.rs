//! `keepwell`: the same client as the page, for hospitals' scripts and for operators.
//!
//! It keeps no state but the files of a home. What it prints and how it ends is a contract with
//! scripts: see [`failure`] for the exit codes and [`output`] for the two ways to print.

mod answer;
mod arguments;
mod block;
mod connection;
mod failure;
mod home;
mod home_lock;
mod hospital;
mod http;
mod network;
mod new_directory;
mod opened_file;
mod output;
mod passphrase;
mod patient;
mod private_file;
mod progress;
mod relay_url;
mod runtime;
mod slug;
mod spool;
mod status;
mod times;
mod until;

use std::process::ExitCode;

use answer::Answer;
use arguments::{Arguments, NetworkVerb, Verb};
use failure::Failure;

fn main() -> ExitCode {
    let arguments = match Arguments::from_process() {
        Ok(arguments) => arguments,
        Err(ending) => return output::end_without_verb(&ending),
    };
    let is_json = arguments.global.json;
    match run(&arguments) {
        Ok(answer) => output::print_answer(&answer, is_json),
        Err(failure) => output::print_failure(&failure, is_json),
    }
}

fn run(arguments: &Arguments) -> Result<Answer, Failure> {
    let global = &arguments.global;
    match &arguments.verb {
        Verb::Network {
            verb: NetworkVerb::New(new),
        } => network::new(global, new),
        Verb::Hospital { verb } => hospital::run(global, verb),
        Verb::Patient { verb } => patient::run(global, verb),
        Verb::Status => status::status(global),
        Verb::Block(block) => block::block(global, &block.block),
    }
}
