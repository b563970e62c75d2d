//! `next`: what can be done now.

use planwright_ops::claims::holders;
use planwright_ops::{OpsError, next};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Detail, Effect, Reply, Tool, arguments, full, input, unread};
use crate::session::Session;
use crate::table::{Page, Table, row, short};

pub(super) const TOOL: Tool = Tool {
    name: "next",
    about: "Tasks that can be started now, best first, and why.",
    effect: Effect::Reads,
    is_table: true,
    input: input::<Input>,
    call,
};

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Input {
    plan: Option<String>,
    owner: Option<String>,
    limit: Option<usize>,
    cursor: Option<String>,
    detail: Detail,
}

fn call(session: &Session<'_>, given: Map<String, Value>) -> Result<Reply, OpsError> {
    let input: Input = arguments(given)?;
    let page = Page::new(input.cursor.as_deref(), input.limit.or(Some(10)));
    let request = next::Request {
        limit: Some(page.from + page.limit + 1),
        owner: input.owner,
        plan: input.plan,
    };
    let mut answer = next::run(&session.ws, &request)?;
    holders::in_next(&mut answer, &session.held()?);
    let rows = answer.tasks.iter().map(|task| {
        let held = task
            .claim
            .as_ref()
            .map(|claim| format!("held by {}", claim.holder));
        let why: Vec<String> = held.into_iter().chain(task.why.iter().cloned()).collect();
        row([
            &task.reference,
            task.state.as_str(),
            &short(&task.text, 160),
            task.phase.as_deref().unwrap_or_default(),
            &why.join("; "),
        ])
    });
    let mut table = Table::new("ref | state | task | phase | why", rows, page);
    table.notes = unread(&answer.unreadable);
    table.full = (input.detail == Detail::Full)
        .then(|| full(&answer))
        .transpose()?;
    for waiting in answer.waiting.iter().take(5) {
        let holds = waiting
            .waits_for
            .iter()
            .map(|hold| format!("{} ({})", hold.reference, hold.reason));
        let holds: Vec<String> = holds.collect();
        table.notes.push(format!(
            "{} waits for {}",
            waiting.document.reference,
            holds.join(", ")
        ));
    }
    let kept = answer.kept;
    let told = [
        (kept.blocked, "blocked"),
        (kept.behind, "behind others"),
        (kept.waiting, "in plans that wait"),
        (kept.resting, "in plans that rest"),
        (kept.others, "of others"),
    ];
    let table_is_empty = table.total == 0;
    let told: Vec<String> = told
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, why)| format!("{count} {why}"))
        .collect();
    let table = table
        .note_if(table_is_empty, || "no task is ready".to_owned())
        .note_if(answer.more, || "there are more than `total`".to_owned())
        .note_if(!told.is_empty(), || {
            format!("open and not ready: {}", told.join(", "))
        });
    Ok(Reply::Rows(table))
}
