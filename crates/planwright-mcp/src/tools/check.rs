//! `check`: what in the plans is not true.

use planwright_ops::OpsError;
use planwright_ops::check::{self, Fixing, Reader};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Detail, Effect, Reply, Tool, arguments, full, input, unread};
use crate::session::{Session, level};
use crate::table::{Page, Table, row};

pub(super) const TOOL: Tool = Tool {
    name: "check",
    about: "What in the plans is not true, in all or in some refs or paths.",
    effect: Effect::Reads,
    is_table: true,
    input: input::<Input>,
    call,
};

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Input {
    refs: Vec<String>,
    changed_since: Option<String>,
    /// Rules or categories.
    only: Vec<String>,
    limit: Option<usize>,
    cursor: Option<String>,
    detail: Detail,
}

fn call(session: &Session<'_>, given: Map<String, Value>) -> Result<Reply, OpsError> {
    let input: Input = arguments(given)?;
    let target = |word: String| session.target(word);
    let request = check::Request {
        targets: input.refs.into_iter().map(target).collect(),
        select: input.only,
        ignore: Vec::new(),
        changed: input.changed_since,
        baseline: None,
        fixing: Fixing::Report,
        sources: false,
        fingerprints: false,
        now: session.now()?,
    };
    let reader = Reader::new(request.now);
    let mut answer = check::run(&session.ws, &request, Some(&reader))?;
    // What matters most first; the order of the files otherwise.
    answer
        .findings
        .sort_by_key(|finding| std::cmp::Reverse(finding.level));
    let rows = answer.findings.iter().map(|finding| {
        let place = format!("{}:{}", finding.path, finding.line);
        row([
            level(finding.level),
            finding.code,
            &place,
            &finding.message,
            finding.help.as_deref().unwrap_or_default(),
        ])
    });
    let page = Page::new(input.cursor.as_deref(), input.limit);
    let mut table = Table::new("level | rule | place | finding | help", rows, page);
    table.notes = unread(&answer.unreadable);
    table.full = (input.detail == Detail::Full)
        .then(|| full(&answer))
        .transpose()?;
    let summary = &answer.summary;
    table.notes.push(format!(
        "{} errors, {} warnings, {} infos in {} of {} documents",
        summary.errors, summary.warnings, summary.infos, summary.files, summary.checked
    ));
    let table = table.note_if(summary.fixable > 0, || {
        format!("{} can be put right by `plan check --fix`", summary.fixable)
    });
    Ok(Reply::Rows(match &answer.skipped {
        Some(skipped) => table.note(format!(
            "rules that did not run: {} ({})",
            skipped.rules.len(),
            skipped.reason
        )),
        None => table,
    }))
}
