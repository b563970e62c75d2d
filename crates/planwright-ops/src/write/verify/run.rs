//! Runs what is trusted, and keeps what came of it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use planwright_workspace::Workspace;
use planwright_workspace::verify::{self, End, Job, Key, Ledger, Outcome, Record};

use super::evidence::{self, Commit};
use super::{Answer, Check, Ended, Found, ThisRun};
use crate::write::Call;
use crate::{ErrorKind, Hint, OpsError};

/// How commands are run.
pub struct Run<'a> {
    /// For how long each at most.
    pub timeout: Duration,
    /// Tick items that name exactly one command, where that passes.
    pub tick: bool,
    /// Set when the user wants an end.
    pub interrupted: &'a AtomicBool,
    /// Told of each command before it is run.
    pub tell: &'a dyn Fn(&Check),
}

impl std::fmt::Debug for Run<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Run")
            .field("timeout", &self.timeout)
            .field("tick", &self.tick)
            .finish_non_exhaustive()
    }
}

/// Runs the commands of a document, or of a place in one, that a person trusts; the others are told
/// of. What came of them goes into the document.
///
/// # Errors
/// When the reference names nothing, nothing can be run, or what came of it cannot be kept.
pub fn run(ws: &Workspace, name: &str, run: &Run<'_>, call: &Call<'_>) -> Result<Answer, OpsError> {
    let ledger = call.writer.ledger()?;
    let found = Found::new(ws, name)?;
    let mut answer = found.answer(ws, &ledger)?;
    let can_run = |check: &Check| check.trusted && check.obstacle.is_none();
    if !answer.commands.is_empty() && !answer.commands.iter().any(can_run) {
        let message = format!("no command of `{}` is trusted", answer.reference);
        return Err(OpsError::new(ErrorKind::Refused, message)
            .with_hint(Hint::Run(format!("plan verify {name}")))
            .with_hint(Hint::Run(format!("plan trust {name}"))));
    }
    let commit = stand(ws, &answer.path);
    let outcomes = run_all(ws, run, &answer.commands);
    answer.ran = true;
    let mut records = Vec::new();
    for check in &mut answer.commands {
        let Some(outcome) = outcomes.get(&check.key) else {
            continue;
        };
        check.now = Some(ThisRun::new(outcome));
        if outcome.end != End::Interrupted {
            records.push(Record {
                key: check.key.clone(),
                files: check.files.clone(),
                time: call.now,
                end: outcome.end.clone(),
                milliseconds: outcome.duration.as_millis() as u64,
                commit: commit.id.clone(),
                dirty: commit.dirty,
                content: verify::fingerprint(ws.root(), &check.files)
                    .filter(|_| !check.files.is_empty()),
            });
        }
    }
    keep(ws, &ledger, records, &mut answer, &commit, run.tick, call)?;
    Ok(answer)
}

fn keep(
    ws: &Workspace,
    ledger: &Ledger,
    records: Vec<Record>,
    answer: &mut Answer,
    commit: &Commit,
    tick: bool,
    call: &Call<'_>,
) -> Result<(), OpsError> {
    // What was interrupted says nothing.
    let was_stopped = answer
        .commands
        .iter()
        .filter_map(|check| check.now.as_ref())
        .any(|run| run.ended == Ended::Interrupted);
    if records.is_empty() {
        return Ok(());
    }
    ledger.record(records)?;
    if was_stopped {
        return Ok(());
    }
    // What was run was run, whatever becomes of the entry.
    if let Err(error) = evidence::write(ws, answer, commit, tick, call) {
        answer.unrecorded = Some(error.message);
    }
    Ok(())
}

/// Runs each command once, in their order, until the user wants an end.
fn run_all(ws: &Workspace, run: &Run<'_>, commands: &[Check]) -> BTreeMap<Key, Outcome> {
    let mut outcomes = BTreeMap::new();
    for check in commands {
        let known = outcomes.contains_key(&check.key);
        if known || !check.trusted || check.obstacle.is_some() {
            continue;
        }
        if run.interrupted.load(Ordering::Relaxed) {
            break;
        }
        (run.tell)(check);
        let outcome = match verify::folder(ws.root(), &check.directory) {
            Ok(folder) => verify::run(
                &Job {
                    call: verify::Call::new(&check.text, check.language.as_deref()),
                    folder,
                    timeout: run.timeout,
                },
                run.interrupted,
            ),
            // A command before it may have moved the folder.
            Err(reason) => Outcome {
                end: End::NotStarted(reason),
                duration: Duration::ZERO,
                tail: String::new(),
                is_cut: false,
            },
        };
        outcomes.insert(check.key.clone(), outcome);
    }
    outcomes
}

/// The commit, and whether anything but the document itself differs from it.
fn stand(ws: &Workspace, path: &str) -> Commit {
    let Ok(history) = ws.history() else {
        return Commit {
            id: None,
            dirty: false,
        };
    };
    let changed = history.changed().unwrap_or_default();
    Commit {
        id: history.head().map(|commit| commit.id().to_string()),
        dirty: changed.iter().any(|found| found.path != path),
    }
}

impl ThisRun {
    fn new(outcome: &Outcome) -> Self {
        let (ended, code) = Ended::of(&outcome.end);
        let reason = match &outcome.end {
            End::NotStarted(reason) => Some(reason.clone()),
            _ => None,
        };
        Self {
            ended,
            code,
            reason,
            milliseconds: outcome.duration.as_millis() as u64,
            output: outcome.tail.clone(),
            output_is_cut: outcome.is_cut,
        }
    }
}
