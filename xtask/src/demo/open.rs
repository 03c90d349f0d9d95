//! Shows the page in the system's browser. A machine without one is no error: the address is said.

use std::{
    env,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

/// How long the system may take to say that it has no browser.
const ANSWER_WITHIN: Duration = Duration::from_secs(3);

pub(super) fn in_browser(url: &str) {
    if started(url) {
        println!("The first hospital's page opens in your browser: {url}");
    } else {
        println!("There is no browser to open here. The first hospital's page is {url}");
    }
}

/// Did the system take it? Its program may run on, as the browser itself.
fn started(url: &str) -> bool {
    let Some(mut command) = command(url) else {
        return false;
    };
    let command = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    // Of a group of its own: Ctrl-C is meant for the demo.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    let Ok(mut process) = command.spawn() else {
        return false;
    };
    let deadline = Instant::now() + ANSWER_WITHIN;
    while Instant::now() < deadline {
        match process.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) => std::thread::park_timeout(Duration::from_millis(50)),
            Err(_) => return false,
        }
    }
    true
}

fn command(url: &str) -> Option<Command> {
    let mut command = match env::consts::OS {
        "macos" => Command::new("open"),
        "windows" => {
            let mut start = Command::new("cmd");
            // `start` takes what is first in quotes for a title.
            start.args(["/C", "start", ""]);
            start
        }
        // Without a screen it would open a browser for terminals, which cannot run the page.
        _ => {
            let has_screen = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
            if !has_screen("DISPLAY") && !has_screen("WAYLAND_DISPLAY") {
                return None;
            }
            Command::new("xdg-open")
        }
    };
    command.arg(url);
    Some(command)
}
