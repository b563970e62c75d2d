//! The entry that tells in the document what was run.

use planwright_dialect::writer::{Change, LogLine};
use planwright_model::ItemState;
use planwright_workspace::Workspace;

use super::super::items;
use super::super::{Call, Done, Draft, Operation, Wanted, log};
use super::{Answer, Check, Ended, ThisRun, duration};
use crate::{OpsError, claims};

/// How many commands an entry names; of more, those that did not pass.
const NAMED: usize = 8;

/// The commit that was checked out, and whether files differed from it.
pub(super) struct Commit {
    pub(super) id: Option<String>,
    pub(super) dirty: bool,
}

/// Writes what was run into the document, and ticks what it proves where that is wanted.
pub(super) fn write(
    ws: &Workspace,
    answer: &mut Answer,
    commit: &Commit,
    tick: bool,
    call: &Call<'_>,
) -> Result<(), OpsError> {
    let text = entry(answer, commit, call.now);
    let mut wanted = Vec::new();
    if let Some(index) = ws.find(&answer.path).filter(|_| tick) {
        let document = ws.read(&answer.path)?.document;
        for line in proven(&answer.commands) {
            let item = document.items.iter().find(|item| item.line == line);
            let item = item.filter(|item| item.mark.is_some() && !item.state.is_closed());
            wanted.extend(item.map(|item| Wanted {
                path: answer.path.clone(),
                item: item.clone(),
                key: claims::item_key(ws, index, &document, item),
            }));
        }
    }
    let operation = Operation {
        ws,
        call,
        verb: "verify",
        label: format!("verify {} --run", answer.reference),
        keys: wanted.iter().map(|wanted| wanted.key.clone()).collect(),
    };
    let path = answer.path.clone();
    let written = operation.run(std::slice::from_ref(&path), |drafts| {
        let mut done = Vec::new();
        for wanted in &wanted {
            done.push(items::set(drafts, wanted, ItemState::Done, None)?);
        }
        let draft = drafts
            .get_mut(&path)
            .ok_or_else(|| super::super::gone(&path))?;
        done.push(record(draft, &text)?);
        Ok(done)
    })?;
    answer.done = written.done;
    answer.files = written.files;
    Ok(())
}

/// In the section for evidence where the document has one, else in its log.
fn record(draft: &mut Draft<'_>, text: &str) -> Result<Done, OpsError> {
    let sections = &draft.document().sections;
    let section = sections
        .iter()
        .find(|section| section.role.as_deref() == Some("artifacts"));
    if let Some(section) = section {
        let line = section.line;
        if draft.change(&Change::Evidence(text.to_owned())).is_ok() {
            let document = draft.document();
            return Ok(Done {
                reference: document.reference.clone(),
                path: document.path.clone(),
                line,
                what: "log",
                before: None,
                after: Some("evidence".to_owned()),
                native: None,
                text: text.to_owned(),
                changed: true,
            });
        }
    }
    let role = log::kept(draft.document());
    let before = draft.document().log.clone();
    draft.change(&Change::Log(LogLine {
        role,
        text: text.to_owned(),
        rationale: None,
        alternatives: None,
        evidence: None,
        author: None,
    }))?;
    Ok(log::added(draft.document(), &before, role, text))
}

/// `Verified at 1a2b3c4 (2026-03-02 09:20Z): ...`.
fn entry(answer: &Answer, commit: &Commit, now: i64) -> String {
    let time = jiff::Timestamp::from_second(now).unwrap_or_default();
    let time = time.strftime("%Y-%m-%d %H:%MZ");
    let place = match &commit.id {
        Some(id) if commit.dirty => {
            format!(" at {} with uncommitted changes", short(id))
        }
        Some(id) => format!(" at {}", short(id)),
        None => String::new(),
    };
    let mut ran: Vec<(&Check, &ThisRun)> = Vec::new();
    for check in &answer.commands {
        let Some(run) = check.now.as_ref() else {
            continue;
        };
        if !ran.iter().any(|(known, _)| known.key == check.key) {
            ran.push((check, run));
        }
    }
    let all = ran.len();
    let passed = |run: &ThisRun| run.ended == Ended::Passed;
    let said = if ran.iter().all(|(_, run)| passed(run)) {
        "Verified"
    } else {
        "Not verified"
    };
    if all > NAMED {
        ran.retain(|(_, run)| !passed(run));
    }
    let mut told: Vec<String> = ran.iter().map(|(check, run)| one(check, run)).collect();
    if told.len() < all {
        told.push(format!("{} more passed", all - told.len()));
    }
    format!("{said}{place} ({time}): {}", told.join("; "))
}

fn one(check: &Check, run: &ThisRun) -> String {
    let mut lines = check.text.lines();
    let first = lines.next().unwrap_or_default();
    let rest = if lines.next().is_some() { " …" } else { "" };
    let quoted = if first.contains('`') {
        format!("`` {first} ``")
    } else {
        format!("`{first}`")
    };
    let folder = match check.directory.as_str() {
        "" => String::new(),
        folder => format!(" in {folder}"),
    };
    let words = run.ended.words(run.code);
    format!(
        "{quoted}{rest}{folder} {words} ({})",
        duration(run.milliseconds)
    )
}

fn short(id: &str) -> &str {
    id.get(..7).unwrap_or(id)
}

/// Lines of items that name exactly one command, which passed.
fn proven(checks: &[Check]) -> Vec<u32> {
    let of = |check: &Check| check.item.as_ref().map(|item| item.line);
    let mut lines: Vec<u32> = checks.iter().filter_map(of).collect();
    lines.dedup();
    lines.retain(|line| {
        let mut own = checks.iter().filter(|check| of(check) == Some(*line));
        match (own.next(), own.next()) {
            (Some(check), None) => {
                let passed = check.now.as_ref().map(|run| run.ended) == Some(Ended::Passed);
                passed && check.line == *line
            }
            _ => false,
        }
    });
    lines
}
