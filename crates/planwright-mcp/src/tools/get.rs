//! `get`: one document, task, phase or section.

use std::fmt::Write as _;

use planwright_model::{Document, Head, Item, ItemRole, ItemState, LogEntry, LogRole};
use planwright_ops::show::{self, Answer, Brief, Need};
use planwright_ops::{OpsError, write};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Detail, Effect, Reply, Tool, arguments, full, input, progress};
use crate::session::Session;
use crate::table::{MOST, short};

pub(super) const TOOL: Tool = Tool {
    name: "get",
    about: "One document, task, phase or section, with its revision.",
    effect: Effect::Reads,
    is_table: false,
    input: input::<Input>,
    call,
};

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    r#ref: String,
    /// First line.
    #[serde(default)]
    from: Option<usize>,
    #[serde(default)]
    detail: Detail,
}

fn call(session: &Session<'_>, given: Map<String, Value>) -> Result<Reply, OpsError> {
    let input: Input = arguments(given)?;
    let request = show::Request {
        path: Some(input.r#ref.trim_start_matches("./").to_owned()),
        reference: input.r#ref,
    };
    let answer = show::run(&session.ws, &request)?;
    if input.detail == Detail::Full {
        return Ok(Reply::Text(full(&answer)?.to_string()));
    }
    let path = match &answer {
        Answer::Document(found) => &found.document.path,
        Answer::Item(found) => &found.place.path,
        Answer::Phase(found) => &found.place.path,
        Answer::Section(found) => &found.place.path,
    };
    let revision = write::revision(&session.ws, path)?;
    let text = page(&answer, &revision);
    Ok(Reply::Text(part(
        &text,
        &request.reference,
        input.from.unwrap_or(1),
    )))
}

/// As many lines from `from` on as fit, and how to get the rest.
fn part(text: &str, reference: &str, from: usize) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let first = from.clamp(1, lines.len().max(1)) - 1;
    let mut part = String::new();
    for (index, line) in lines.iter().enumerate().skip(first) {
        if part.len() + line.len() > MOST - 256 && !part.is_empty() {
            let call = serde_json::json!({"ref": reference, "from": index + 1});
            let _ = write!(part, "... {} more lines: get {call}", lines.len() - index);
            break;
        }
        // One line alone may be longer than an answer.
        part.push_str(&short(line, MOST / 4));
        part.push('\n');
    }
    part
}

/// An answer as text.
pub(crate) fn page(answer: &Answer, revision: &str) -> String {
    let mut page = String::new();
    match answer {
        Answer::Document(found) => {
            document(&mut page, &found.document, found.goal.as_deref(), revision);
        }
        Answer::Item(found) => {
            within(&mut page, &found.document, found.place.line, revision);
            item(&mut page, &found.item, "");
            briefs(&mut page, "phase", found.phase.iter());
            briefs(&mut page, "part of", found.parent.iter());
            needs(&mut page, &found.needs);
            briefs(&mut page, "needed by", found.needed_by.iter());
            found
                .children
                .iter()
                .for_each(|child| item(&mut page, child, "  "));
            log(&mut page, found.log.iter());
        }
        Answer::Phase(found) => {
            within(&mut page, &found.document, found.place.line, revision);
            let done = progress(found.progress.done, found.progress.total);
            line(&mut page, &["phase:", &found.phase.title, &done]);
            if let Some(goal) = &found.phase.goal {
                line(&mut page, &["goal:", goal]);
            }
            needs(&mut page, &found.needs);
            briefs(&mut page, "part", found.parts.iter());
            found
                .items
                .iter()
                .for_each(|part| item(&mut page, part, indent(part)));
            log(&mut page, found.log.iter());
        }
        Answer::Section(found) => {
            within(&mut page, &found.document, found.place.line, revision);
            line(&mut page, &["#", &found.section.title]);
            page.push_str(&found.text);
            page.push('\n');
        }
    }
    page
}

fn line(page: &mut String, words: &[&str]) {
    let words: Vec<&str> = words
        .iter()
        .copied()
        .filter(|word| !word.is_empty())
        .collect();
    page.push_str(&words.join(" "));
    page.push('\n');
}

/// The document that holds what is shown.
fn within(page: &mut String, head: &Head, at: u32, revision: &str) {
    let _ = writeln!(
        page,
        "in {} ({}): {}",
        head.reference,
        head.state.value.as_str(),
        head.title.text
    );
    let _ = writeln!(page, "{}:{at} revision {revision}", head.path);
}

fn document(page: &mut String, document: &Document, goal: Option<&str>, revision: &str) {
    line(page, &["#", &document.title.text]);
    let done = progress(document.progress.done, document.progress.total);
    let native = document.state.native.as_deref().unwrap_or("says nothing");
    let state = format!("{} ({native})", document.state.value.as_str());
    line(
        page,
        &[
            &document.reference,
            document.kind.as_str(),
            &document.dialect,
            &state,
            &done,
        ],
    );
    let _ = writeln!(page, "{} revision {revision}", document.path);
    if let Some(goal) = goal {
        line(page, &["goal:", goal]);
    }
    let relations = document
        .relations
        .iter()
        .map(|relation| format!("{} {}", relation.kind.as_str(), relation.target));
    list(page, "relations", relations);
    list(
        page,
        "blockers",
        document.blockers.iter().map(|blocker| blocker.text.clone()),
    );
    list(
        page,
        "questions",
        document
            .questions
            .iter()
            .map(|question| question.text.clone()),
    );
    let commands = document.commands.iter().map(|command| command.text.clone());
    list(page, "verified by", commands);
    let mut shown = None;
    for part in &document.items {
        if part.phase != shown {
            shown = part.phase;
            if let Some(phase) = document
                .phases
                .iter()
                .find(|phase| Some(phase.line) == shown)
            {
                let state = phase.state.map(ItemState::as_str).unwrap_or_default();
                line(page, &["##", &phase.title, state]);
            }
        }
        item(page, part, indent(part));
    }
    let newest = document.log.len().saturating_sub(5);
    if newest > 0 {
        let _ = writeln!(page, "({newest} older log entries: detail full)");
    }
    log(page, document.log.iter().skip(newest));
    let titles = document
        .sections
        .iter()
        .filter(|section| section.level <= 2);
    list(
        page,
        "sections",
        titles.map(|section| format!("{}:{}", section.title, section.line)),
    );
    for told in document.diagnostics.iter().take(5) {
        let _ = writeln!(page, "! line {}: {}", told.line, told.message);
    }
}

/// Short things in one line, at most a dozen.
fn list(page: &mut String, name: &str, things: impl Iterator<Item = String>) {
    let things: Vec<String> = things.map(|thing| short(&thing, 120)).collect();
    if things.is_empty() {
        return;
    }
    let more = things.len().saturating_sub(12);
    let shown = things[..things.len() - more].join("; ");
    let rest = if more > 0 {
        format!("; and {more} more")
    } else {
        String::new()
    };
    let _ = writeln!(page, "{name}: {shown}{rest}");
}

const fn indent(item: &Item) -> &'static str {
    if item.parent.is_some() { "  " } else { "" }
}

const fn mark(state: ItemState) -> &'static str {
    match state {
        ItemState::Todo => "[ ]",
        ItemState::InProgress => "[~]",
        ItemState::Blocked => "[!]",
        ItemState::Done => "[x]",
        ItemState::Cancelled => "[-]",
    }
}

/// `[ ] x#T004 Check a code (needs T003; @ana; 2d)`.
fn item(page: &mut String, item: &Item, indent: &str) {
    let place = item.reference.rsplit('#').next().unwrap_or_default();
    let mut more = Vec::new();
    if item.role != ItemRole::Task && item.role != ItemRole::Subtask {
        more.push(item.role.as_str().to_owned());
    }
    if !item.depends_on.is_empty() {
        more.push(format!("needs {}", item.depends_on.join(", ")));
    }
    more.extend(item.owner.clone());
    more.extend(
        item.estimate
            .as_ref()
            .map(|estimate| estimate.native.clone()),
    );
    if item.parallel {
        more.push("parallel".to_owned());
    }
    let more = if more.is_empty() {
        String::new()
    } else {
        format!("({})", more.join("; "))
    };
    page.push_str(indent);
    line(
        page,
        &[
            mark(item.state),
            &format!("#{place}"),
            &short(&item.text, 300),
            &more,
        ],
    );
}

fn briefs<'a>(page: &mut String, name: &str, briefs: impl Iterator<Item = &'a Brief>) {
    for brief in briefs {
        let state = brief.state.map(ItemState::as_str).unwrap_or_default();
        line(
            page,
            &[
                &format!("{name}:"),
                &brief.reference,
                state,
                &short(&brief.text, 160),
            ],
        );
    }
}

fn needs(page: &mut String, needs: &[Need]) {
    for need in needs {
        match &need.found {
            Some(found) => briefs(page, "needs", std::iter::once(found)),
            None => line(page, &["needs:", &need.name, "(nothing answers to it)"]),
        }
    }
}

fn log<'a>(page: &mut String, entries: impl Iterator<Item = &'a LogEntry>) {
    for entry in entries {
        let time = entry.time.as_deref().unwrap_or_default();
        let role = if entry.role == LogRole::Progress {
            "did"
        } else {
            entry.role.as_str()
        };
        line(
            page,
            &["-", time, &format!("{role}:"), &short(&entry.text, 300)],
        );
    }
}
