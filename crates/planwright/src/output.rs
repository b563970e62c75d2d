use std::io::{self, BufWriter, Write};
use std::panic::PanicHookInfo;
use std::process::ExitCode;

use anstream::{AutoStream, ColorChoice};
use planwright_ops::{ErrorKind, Hint, OpsError};

use crate::cli::Early;
use crate::{failure, terminal};

/// How a run ended, as the exit code says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// There is an answer.
    Fine = 0,
    /// What was asked for was not found, findings were, or what a plan says stands against it.
    Nothing = 1,
    /// The command line makes no sense, or names something that nothing or too much answers to.
    Usage = 2,
    /// The system refused, or Planwright is at fault.
    Failure = 3,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(status as u8)
    }
}

impl From<ErrorKind> for Status {
    fn from(kind: ErrorKind) -> Self {
        match kind {
            ErrorKind::NotFound | ErrorKind::Ambiguous | ErrorKind::Usage => Self::Usage,
            ErrorKind::Refused => Self::Nothing,
            ErrorKind::Io | ErrorKind::Internal => Self::Failure,
        }
    }
}

/// Writes to standard output in one go. A reader that has gone away is no failure.
pub(crate) fn print(text: &str, color: bool) -> io::Result<()> {
    // The stream turns escape codes into system calls on a Windows console that needs them.
    let choice = if color {
        ColorChoice::Always
    } else {
        ColorChoice::AlwaysAnsi
    };
    let stream = AutoStream::new(io::stdout().lock(), choice);
    forgive(write(BufWriter::new(stream), text))
}

/// Empties the screen and what was scrolled out of it.
pub(crate) fn clear() {
    let _ = print("\x1b[2J\x1b[3J\x1b[H", true);
}

/// Writes to standard error. There is nowhere to report a failure to.
pub(crate) fn tell(text: &str, color: bool) {
    let choice = if color {
        ColorChoice::Always
    } else {
        ColorChoice::AlwaysAnsi
    };
    let _ = write(AutoStream::new(io::stderr().lock(), choice), text);
}

fn write(mut out: impl Write, text: &str) -> io::Result<()> {
    out.write_all(text.as_bytes())?;
    out.flush()
}

fn forgive(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// Tells of a fault of Planwright and ends the process with its exit code.
pub(crate) fn panicked(info: &PanicHookInfo<'_>) {
    let place = info
        .location()
        .map(|at| format!(" at {}:{}", at.file(), at.line()));
    let reason = info.payload_as_str().unwrap_or("no reason given");
    let error = OpsError::new(
        ErrorKind::Internal,
        format!(
            "Planwright is at fault: {reason}{}",
            place.unwrap_or_default()
        ),
    )
    .with_hint(Hint::Note(format!(
        "please report it with the command and, if you can, the file: {}/issues",
        env!("CARGO_PKG_REPOSITORY")
    )));
    let asked = Early::find(std::env::args_os().skip(1));
    failure::fail(error, asked.json, &terminal::stderr(asked.color));
    std::process::exit(Status::Failure as i32);
}
