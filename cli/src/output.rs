//! Printing: the answer on standard output, or nothing there and the error's line last on standard
//! error.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use clap::error::{ContextKind, ErrorKind};

use crate::{
    answer::Answer,
    arguments::NoVerb,
    failure::{Exit, Failure},
};

pub(crate) fn print_answer(answer: &Answer, is_json: bool) -> ExitCode {
    let text = if is_json {
        format!("{}\n", answer.json)
    } else {
        answer.words.clone()
    };
    match io::stdout().lock().write_all(text.as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        // Who closes the pipe early, such as `head`, has read enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            let path = std::path::Path::new("standard output");
            print_failure(&Failure::file(path, "written", &error), is_json)
        }
    }
}

pub(crate) fn print_failure(failure: &Failure, is_json: bool) -> ExitCode {
    write_error(&failure_text(failure, is_json));
    ExitCode::from(failure.exit.code())
}

/// Help and versions go where they were asked for; a wrong line ends like any other failure.
pub(crate) fn end_without_verb(ending: &NoVerb) -> ExitCode {
    let clap = &ending.clap;
    if matches!(
        clap.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    ) {
        // As above: a closed pipe is no failure.
        let _ = clap.print();
        return ExitCode::SUCCESS;
    }
    let failure = usage_failure(clap);
    let mut text = String::new();
    if !ending.is_json {
        text = format!("{}\n", clap.render().to_string().trim_end());
    }
    text += &error_line(&failure);
    write_error(&text);
    ExitCode::from(failure.exit.code())
}

fn failure_text(failure: &Failure, is_json: bool) -> String {
    if is_json {
        return error_line(failure);
    }
    format!(
        "{}\n{}\n{}",
        failure.message,
        failure.hint,
        error_line(failure)
    )
}

fn error_line(failure: &Failure) -> String {
    /// The line, with its fields in their order.
    #[derive(serde::Serialize)]
    struct Line<'a> {
        error: &'a Failure,
    }
    let line = serde_json::to_string(&Line { error: failure });
    let line = line.expect("strings always have a JSON form");
    format!("{line}\n")
}

fn usage_failure(clap: &clap::Error) -> Failure {
    let rendered = clap.render().to_string();
    let message = if clap.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        "a verb is missing"
    } else {
        let first = rendered.lines().next().unwrap_or_default();
        first.strip_prefix("error: ").unwrap_or(first)
    };
    let suggested = [
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedArg,
        ContextKind::SuggestedValue,
    ];
    let meant = suggested.into_iter().find_map(|kind| clap.get(kind));
    let hint = match meant {
        Some(meant) => format!("Did you mean {meant}? See keepwell --help."),
        None => String::from("See keepwell --help, or --help after the verb."),
    };
    Failure::new(Exit::Usage, "usage", message, hint)
}

fn write_error(text: &str) {
    // Where standard error is closed too, the exit code is all that is left to say.
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::arguments::Arguments;

    fn usage(line: &[&str]) -> Failure {
        usage_failure(&Arguments::try_parse_from(line).unwrap_err())
    }

    #[test]
    fn last_line_is_the_error_and_people_get_words_before_it() {
        let failure = Failure::new(Exit::Local, "file", "It broke.", "Mend it.");
        let line = r#"{"error":{"code":"file","message":"It broke.","hint":"Mend it."}}"#;
        assert_eq!(failure_text(&failure, true), format!("{line}\n"));
        assert_eq!(
            failure_text(&failure, false),
            format!("It broke.\nMend it.\n{line}\n")
        );
    }

    #[test]
    fn line_break_in_a_message_stays_inside_the_line() {
        let failure = Failure::new(Exit::Local, "file", "a\nb", "c");
        assert_eq!(error_line(&failure).lines().count(), 1);
    }

    #[test]
    fn wrong_command_line_says_what_was_meant() {
        insta::assert_snapshot!(
            error_line(&usage(&["keepwell", "statsu"])),
            @r#"{"error":{"code":"usage","message":"unrecognized subcommand 'statsu'","hint":"Did you mean status? See keepwell --help."}}"#
        );
        insta::assert_snapshot!(error_line(&usage(&["keepwell", "network"])), @r#"{"error":{"code":"usage","message":"a verb is missing","hint":"See keepwell --help, or --help after the verb."}}"#);
        insta::assert_snapshot!(
            error_line(&usage(&["keepwell", "network", "new", "--hospital", "=", "--out", "x"])),
            @r#"{"error":{"code":"usage","message":"invalid value '=' for '--hospital <NAME[=URL,MULTIADDR]>': after the = stand a URL and a multiaddress with a comma between them","hint":"See keepwell --help, or --help after the verb."}}"#
        );
        assert_eq!(usage(&["keepwell"]).exit, Exit::Usage);
    }
}
