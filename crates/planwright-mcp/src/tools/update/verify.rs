//! The commands that prove a plan: listed for everybody, run where a person has trusted them.

use std::time::Duration;

use planwright_ops::write::verify::{self, Answer, Check, Run};
use planwright_ops::{ErrorKind, OpsError};

use super::args::{self, Common};
use super::one;
use crate::session::Session;
use crate::table::{Page, Table, row, short};
use crate::tools::{Detail, Reply, full};

/// How long a command may take.
const PATIENCE: Duration = Duration::from_mins(10);

/// How much of what a command said is told; the end says most.
const TOLD: usize = 1_500;

pub(super) fn call(
    session: &Session<'_>,
    given: &args::Verify,
    common: &Common,
) -> Result<Reply, OpsError> {
    let name = one("verify", &given.refs)?;
    let answer = session.write(common.dry_run, &common.expect, |call| {
        if !given.run || common.dry_run {
            return verify::list(&session.ws, name, &call.writer.ledger()?);
        }
        if session.host.is_verifying {
            let message = "a command that `plan verify` runs cannot run it again";
            return Err(OpsError::new(ErrorKind::Refused, message));
        }
        let run = Run {
            timeout: PATIENCE,
            tick: false,
            interrupted: &session.interrupted,
            tell: &|_| {},
        };
        verify::run(&session.ws, name, &run, call)
    })?;
    let rows = answer.commands.iter().map(|check| {
        let item = check.item.as_ref();
        row([
            &format!("{}:{}", answer.path, check.line),
            &state(check),
            item.map_or(check.role.as_str(), |item| &item.reference),
            &check.directory,
            &short(&check.text, 400),
        ])
    });
    let mut table = Table::new(
        "place | state | proves | folder | command",
        rows,
        Page::new(None, Some(100)),
    );
    table.notes = notes(&answer);
    table.full = (common.detail == Detail::Full)
        .then(|| full(&answer))
        .transpose()?;
    Ok(Reply::Rows(table))
}

fn state(check: &Check) -> String {
    let trusted = if check.trusted {
        "trusted"
    } else {
        "not trusted"
    };
    match (&check.obstacle, &check.now, &check.last) {
        (Some(obstacle), ..) => format!("cannot be run: {obstacle}"),
        (None, Some(run), _) => run.ended.words(run.code),
        (None, None, Some(last)) => {
            let stale = if last.stale {
                ", before files changed"
            } else {
                ""
            };
            let ended = last.ended.words(last.code);
            format!("{trusted}; {ended} {}{stale}", last.time)
        }
        (None, None, None) => trusted.to_owned(),
    }
}

fn notes(answer: &Answer) -> Vec<String> {
    let mut notes = Vec::new();
    if answer.commands.is_empty() {
        notes.push(format!(
            "{} names no command to verify it",
            answer.reference
        ));
    }
    let mut room = TOLD;
    for check in &answer.commands {
        let said = check.now.as_ref().map_or("", |run| run.output.trim());
        let part = tail(said, room);
        room -= part.len();
        if !part.is_empty() {
            notes.push(format!("line {} said: {part}", check.line));
        }
    }
    let open = answer.commands.iter();
    let open = open.filter(|check| !check.trusted && check.obstacle.is_none());
    let open = open.count();
    if open > 0 {
        notes.push(format!(
            "{open} not trusted: a person trusts commands, with `plan trust {}` in a terminal",
            answer.reference
        ));
    }
    if let Some(why) = &answer.unrecorded {
        notes.push(format!("what came of it is not in the document: {why}"));
    }
    notes.extend(answer.done.iter().map(|done| {
        format!(
            "{} {}:{} {}",
            done.what,
            done.path,
            done.line,
            short(&done.text, 120)
        )
    }));
    notes
}

/// The end of a text, of at most so many bytes.
fn tail(text: &str, most: usize) -> &str {
    let from = text.len().saturating_sub(most);
    let from = (from..=text.len()).find(|at| text.is_char_boundary(*at));
    &text[from.unwrap_or(text.len())..]
}
