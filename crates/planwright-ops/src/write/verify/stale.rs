//! Evidence that no longer holds.

use std::cell::OnceCell;
use std::time::UNIX_EPOCH;

use planwright_model::{Document, Item, ItemState};
use planwright_workspace::Workspace;
use planwright_workspace::history::{History, PathSet};
use planwright_workspace::verify::{self, End, Ledger, Record};

use super::super::Missing;
use super::checks;
use crate::OpsError;

/// Tells whether files have changed since a command was run.
pub(super) struct Judge<'a> {
    ws: &'a Workspace,
    history: OnceCell<Option<History>>,
}

impl<'a> Judge<'a> {
    pub(super) const fn new(ws: &'a Workspace) -> Self {
        Self {
            ws,
            history: OnceCell::new(),
        }
    }

    /// True where files have changed since: by what they hold, where that was kept, else by the times
    /// of commits and, of what is not committed, of the files.
    pub(super) fn is_stale(&self, record: &Record, files: &[String]) -> bool {
        if files.is_empty() {
            return false;
        }
        if record.files == files
            && let Some(then) = &record.content
            && let Some(now) = verify::fingerprint(self.ws.root(), files)
        {
            return now != *then;
        }
        let history = self.history.get_or_init(|| self.ws.history().ok());
        let Some(history) = history else { return false };
        let set = PathSet::new(files);
        let last = history.last_touching(&set);
        if last.is_some_and(|commit| commit.committer().seconds > record.time) {
            return true;
        }
        let changed = history.changed().unwrap_or_default();
        let mut changed = changed.iter().filter(|found| set.contains(&found.path));
        changed.any(|found| {
            let file = self.ws.root().join(&found.path);
            let time = file.metadata().and_then(|found| found.modified()).ok();
            let seconds = time.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
            // What is gone went at a time that nobody knows.
            seconds.is_none_or(|since| since.as_secs().cast_signed() > record.time)
        })
    }
}

/// What is ticked, or said to be needed, and not proven: the command that it names failed when it was
/// last run, or its files have changed since. Where `always`, also what was never run.
pub(in crate::write) fn unproven(
    ws: &Workspace,
    ledger: &Ledger,
    document: &Document,
    always: bool,
) -> Result<Vec<Missing>, OpsError> {
    let checks = checks(ws, document);
    if checks.is_empty() {
        return Ok(Vec::new());
    }
    let records = ledger.records()?;
    if records.is_empty() && !always {
        return Ok(Vec::new());
    }
    let judge = Judge::new(ws);
    let mut missing: Vec<Missing> = Vec::new();
    for check in &checks {
        let line = check.item.as_ref().map(|item| item.line);
        let item = line.and_then(|line| document.items.iter().find(|item| item.line == line));
        // What is open is missing already; what was cancelled needs no proof.
        let counts = item.map_or(always, |item| {
            item.state == ItemState::Done || !is_boxed(item)
        });
        if !counts {
            continue;
        }
        let why = match check.record(&records) {
            None if always => "was never run",
            Some(record) if record.end != End::Exit(0) => "did not pass",
            Some(record) if judge.is_stale(record, &check.files) => {
                "was last run before its files changed"
            }
            _ => continue,
        };
        let command = check.text.lines().next().unwrap_or_default();
        missing.push(Missing {
            reference: item.map(|item| item.reference.clone()),
            line: check.line,
            what: "proof".to_owned(),
            text: format!("`{command}` {why}"),
        });
    }
    Ok(missing)
}

fn is_boxed(item: &Item) -> bool {
    item.mark.is_some()
}
