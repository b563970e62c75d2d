//! What is told where there is no answer: errors, and what the parser of the command line says.

use planwright_ops::{ErrorAnswer, ErrorKind, Hint, OpsError};

use crate::app::json;
use crate::cli::Early;
use crate::output::{self, Status};
use crate::render::{self, Style};
use crate::terminal;

/// Tells of an error on standard error, as text or as JSON.
pub(crate) fn fail(error: OpsError, in_json: bool, style: &Style) -> Status {
    let status = Status::from(error.kind);
    if in_json {
        let answer = ErrorAnswer::new(error, status as u8);
        output::tell(&json(&answer).unwrap_or_default(), false);
    } else {
        output::tell(&render::error::error(&error, style), style.color);
    }
    status
}

/// Says what the parser of the command line has to say: help, the version, or an error.
pub(crate) fn parsed(said: &clap::Error, globals: Early) -> Status {
    let style = if said.use_stderr() {
        terminal::stderr(globals.color)
    } else {
        terminal::stdout(globals.color)
    };
    let rendered = said.render();
    let text = if style.color {
        rendered.ansi().to_string()
    } else {
        rendered.to_string()
    };
    if !said.use_stderr() {
        return match output::print(&text, style.color) {
            Ok(()) => Status::Fine,
            Err(_) => Status::Failure,
        };
    }
    if globals.json {
        return fail(usage(&rendered.to_string()), true, &style);
    }
    output::tell(&text, style.color);
    Status::Usage
}

/// An error of the parser as one of ours: its first paragraph is the message, the rest hints.
fn usage(text: &str) -> OpsError {
    let text = text.strip_prefix("error: ").unwrap_or(text);
    let mut paragraphs = text
        .split("\n\n")
        .map(|part| part.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|part| !part.is_empty());
    let message = paragraphs.next().unwrap_or_default();
    paragraphs.fold(OpsError::new(ErrorKind::Usage, message), |error, part| {
        error.with_hint(Hint::Note(part))
    })
}
