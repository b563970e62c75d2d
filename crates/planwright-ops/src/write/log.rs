//! `plan log`: an entry in the progress, decisions, discoveries, outcomes or updates of a document.

use planwright_dialect::writer::{Change, LogLine};
use planwright_model::{Document, LogEntry, LogRole};
use planwright_syntax::Span;
use planwright_syntax::splice::{self, Edit};
use planwright_workspace::Workspace;

use super::{Answer, Call, Done, Draft, Operation};
use crate::{ErrorKind, OpsError, reference};

/// What to log.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The document.
    pub reference: String,
    /// What it says.
    pub text: String,
    /// The log; where there is none, progress for a document that keeps it, else an update.
    pub role: Option<LogRole>,
    /// Why.
    pub rationale: Option<String>,
    /// What else was considered.
    pub alternatives: Option<String>,
    /// What shows it.
    pub evidence: Option<String>,
    /// Who says so.
    pub author: Option<String>,
}

/// Adds an entry to a log.
///
/// # Errors
/// When the reference names no document, or the entry cannot be written.
pub fn run(ws: &Workspace, request: &Request, call: &Call<'_>) -> Result<Answer, OpsError> {
    if request.text.trim().is_empty() {
        return Err(OpsError::new(ErrorKind::Usage, "the entry is empty"));
    }
    let index = reference::document(ws, &request.reference, "log")?;
    let path = ws.entry(index).path.to_owned();
    let operation = Operation {
        ws,
        call,
        verb: "log",
        label: format!("log {}", request.reference),
        // Everybody may add to a log.
        keys: Vec::new(),
    };
    operation.run(std::slice::from_ref(&path), |drafts| {
        let draft = drafts.get_mut(&path).ok_or_else(|| super::gone(&path))?;
        let role = request.role.unwrap_or_else(|| kept(draft.document()));
        let entry = LogLine {
            role,
            text: request.text.clone(),
            rationale: request.rationale.clone(),
            alternatives: request.alternatives.clone(),
            evidence: request.evidence.clone(),
            author: request.author.clone(),
        };
        let before: Vec<LogEntry> = draft.document().log.clone();
        draft.change(&Change::Log(entry))?;
        drop_form(draft, role);
        Ok(vec![added(draft.document(), &before, role, &request.text)])
    })
}

/// Takes out the entry that the form of the document shows to be filled in, where that is all that
/// goes with it.
fn drop_form(draft: &mut Draft<'_>, role: LogRole) {
    let (document, source) = (draft.document(), &draft.reading.parsed.source);
    let mut log = document.log.iter();
    let Some(form) = log.find(|entry| entry.role == role && is_left_open(&entry.text)) else {
        return;
    };
    let text = source.line_text(form.line);
    let indent = |text: &str| text.len() - text.trim_start().len();
    if !text.trim_start().starts_with(['-', '*', '+', '|']) {
        return;
    }
    let below = (form.line + 1..=source.line_count()).take_while(|line| {
        let next = source.line_text(*line);
        !next.trim().is_empty() && indent(next) > indent(text)
    });
    let last = below.last().unwrap_or(form.line);
    let start = source.line_span(form.line).start as usize;
    let end = if last < source.line_count() {
        source.line_span(last + 1).start as usize
    } else {
        source.bytes().len()
    };
    let edit = Edit::replace(Span::new(start, end), "");
    let Ok(new) = splice::apply(source.bytes(), &[edit]) else {
        return;
    };
    let after = draft.ws.dialects().read(&document.path, new.clone());
    let after = &after.document;
    let is_alone = after.log.len() + 1 == document.log.len()
        && after.items.len() == document.items.len()
        && after.sections.len() == document.sections.len()
        && after.relations.len() == document.relations.len()
        && after.state.value == document.state.value;
    if is_alone {
        draft.replace(new);
    }
}

/// True for words in brackets that a form left to be filled in.
fn is_left_open(text: &str) -> bool {
    let text = text.trim();
    text.starts_with('[') && text.ends_with(']') && !text[1..].contains('[')
}

/// The log that a document keeps.
pub(super) fn kept(document: &Document) -> LogRole {
    let has = |role: &str| {
        let mut sections = document.sections.iter();
        sections.any(|section| section.role.as_deref() == Some(role))
    };
    if has("progress") && !has("update_log") {
        LogRole::Progress
    } else {
        LogRole::Update
    }
}

/// The entry that a document has and had not.
pub(super) fn added(document: &Document, before: &[LogEntry], role: LogRole, text: &str) -> Done {
    let is_new = |entry: &&LogEntry| {
        let same = |known: &&LogEntry| {
            known.role == entry.role && known.text == entry.text && known.time == entry.time
        };
        let count = |log: &[LogEntry]| log.iter().filter(same).count();
        count(&document.log) > count(before)
    };
    let new = document.log.iter().find(is_new);
    Done {
        reference: document.reference.clone(),
        path: document.path.clone(),
        line: new.map_or(1, |entry| entry.line),
        what: "log",
        before: None,
        after: Some(role.as_str().to_owned()),
        native: new.and_then(|entry| entry.time_native.clone()),
        text: text.trim().to_owned(),
        changed: true,
    }
}
