//! Why something is not to be had, and the way out.

use planwright_coord::{ClaimError, Record, Refusal, RemoteError, State};

use super::Desk;
use super::answer::moment;
use super::thing::Thing;
use crate::{ErrorKind, Hint, OpsError};

/// A refusal in words.
pub(crate) fn explained(error: ClaimError, desk: Desk<'_>) -> OpsError {
    match error {
        ClaimError::Refused(Refusal::Held(record)) => held(&record, desk),
        ClaimError::Refused(Refusal::Own(record)) => {
            let name = &record.subject.reference;
            let message = format!("`{name}` is yours already, until {}", moment(record.until));
            OpsError::new(ErrorKind::Refused, message)
                .with_hint(Hint::Run(format!("plan renew {name}")))
        }
        ClaimError::Refused(Refusal::Done(record)) => {
            let name = &record.subject.reference;
            let mut message = format!("`{name}` was done by {}", record.holder);
            if let Some(commit) = &record.commit {
                message = format!("{message} in {commit}");
            }
            OpsError::new(ErrorKind::Refused, message)
                .with_hint(Hint::Note(
                    "it is still open here: this work tree may be behind".to_owned(),
                ))
                .with_hint(Hint::Run(format!("plan takeover {name} --reason TEXT")))
        }
        ClaimError::Refused(Refusal::NotHeld(None)) => {
            OpsError::new(ErrorKind::Refused, "nobody holds it")
        }
        ClaimError::Refused(Refusal::NotHeld(Some(record))) => not_held(&record),
        ClaimError::Place { place, reason } => OpsError::new(
            ErrorKind::Io,
            format!("cannot use {place}: {reason}"),
        )
        .with_hint(Hint::Note(
            "claims are kept there; an agent whose sandbox forbids it has the tools of `plan mcp`"
                .to_owned(),
        )),
        ClaimError::Remote(error) => remote(&error),
    }
}

fn remote(error: &RemoteError) -> OpsError {
    let message = error.to_string();
    match error {
        RemoteError::Behind { branch, remote } => OpsError::new(ErrorKind::Refused, message)
            .with_hint(Hint::Run(format!("git pull --rebase {remote} {branch}"))),
        RemoteError::Unreachable { remote, .. } => OpsError::new(ErrorKind::Io, message)
            .with_hint(Hint::Run(format!("git ls-remote {remote}"))),
        RemoteError::Forbidden { .. } => OpsError::new(ErrorKind::Io, message).with_hint(
            Hint::Note("the user that git pushes as needs the right to write there".to_owned()),
        ),
        RemoteError::Unfit { .. } => OpsError::new(ErrorKind::Io, message),
    }
}

fn held(record: &Record, desk: Desk<'_>) -> OpsError {
    let name = &record.subject.reference;
    if record.is_expired(desk.now) {
        let message = format!(
            "`{name}` is held by {}, whose time was over at {}",
            record.holder,
            moment(record.until)
        );
        return OpsError::new(ErrorKind::Refused, message)
            .with_hint(Hint::Run(format!("plan claim {name}")));
    }
    let message = format!(
        "`{name}` is held by {} until {}",
        record.holder,
        moment(record.until)
    );
    OpsError::new(ErrorKind::Refused, message)
        .with_hint(Hint::Run("plan next".to_owned()))
        .with_hint(Hint::Run(format!("plan takeover {name} --reason TEXT")))
}

fn not_held(record: &Record) -> OpsError {
    let name = &record.subject.reference;
    let message = match record.state {
        State::Held => format!(
            "`{name}` is held by {} since {}, and not by you",
            record.holder,
            moment(record.since)
        ),
        State::Released => format!("`{name}` is no longer yours: {} had it last", record.holder),
        State::Done => format!("`{name}` was done by {}", record.holder),
    };
    let error = OpsError::new(ErrorKind::Refused, message);
    match record.state {
        State::Released => error.with_hint(Hint::Run(format!("plan claim {name}"))),
        _ => error.with_hint(Hint::Run(format!("plan takeover {name} --reason TEXT"))),
    }
}

/// The refusal of something that nobody needs to work on.
pub(super) fn closed(thing: &Thing, word: &str) -> OpsError {
    let name = &thing.subject.reference;
    let message = format!("`{name}` is {}", word.replace('_', " "));
    OpsError::new(ErrorKind::Refused, message).with_hint(Hint::Run("plan next".to_owned()))
}

/// The refusal of something that waits.
pub(super) fn waits(thing: &Thing) -> OpsError {
    let name = &thing.subject.reference;
    let is_absent = thing
        .missing
        .iter()
        .all(|missing| missing.reference.is_none());
    let what = if is_absent { "is not there" } else { "is open" };
    let error = OpsError::new(
        ErrorKind::Refused,
        format!("`{name}` waits for what {what}"),
    )
    .with_missing(thing.missing.clone())
    .with_hint(Hint::Run("plan next".to_owned()));
    match thing.missing.first() {
        Some(first) => {
            let first = first.reference.as_ref().unwrap_or(&first.text);
            error.with_hint(Hint::Run(format!(
                "plan claim {name} --waive {first} --reason TEXT"
            )))
        }
        None => error,
    }
}
