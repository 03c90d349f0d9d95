//! The built command itself: its exit codes, and what is on which output.

use std::process::{Command, Output, Stdio};

use serde_json::Value;

fn keepwell(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_keepwell"));
    command
        .args(arguments)
        .env_remove("KEEPWELL_PASSPHRASE")
        .stdin(Stdio::null());
    command
        .output()
        .expect("the command was built for this test")
}

/// The code on the last line of standard error, where nothing is on standard output.
fn error_code(output: &Output) -> String {
    assert!(output.stdout.is_empty(), "something is on standard output");
    let said = String::from_utf8_lossy(&output.stderr);
    let last: Value = serde_json::from_str(said.lines().last().expect("an error is told"))
        .expect("the last line is JSON");
    let code = last.pointer("/error/code").and_then(Value::as_str);
    code.expect("the error has a code").to_owned()
}

#[test]
fn help_is_an_answer() {
    let output = keepwell(&["--help"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&output.stdout).contains("Exit codes"));
}

#[test]
fn wrong_command_line_ends_with_2_and_a_line_of_json() {
    let output = keepwell(&["patient", "grnt"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(error_code(&output), "usage");
}

#[test]
fn home_that_is_not_there_ends_with_1() {
    let output = keepwell(&["--home", "no/such/home", "patient", "records"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(error_code(&output), "notAHome");
}

#[test]
fn relay_that_is_not_there_ends_with_5() {
    // Port 9 is "discard": nothing answers HTTP there.
    let output = keepwell(&["--relay", "http://127.0.0.1:9", "--json", "status"]);
    assert_eq!(output.status.code(), Some(5));
    assert_eq!(error_code(&output), "unreachable");
}
