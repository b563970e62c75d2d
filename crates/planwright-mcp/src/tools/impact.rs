//! `impact`: what depends on a document, and on what it depends.

use planwright_ops::OpsError;
use planwright_ops::links::{self, Outgoing};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Detail, Effect, Reply, Tool, arguments, full, input, unread};
use crate::session::Session;
use crate::table::{Page, Table, row};

pub(super) const TOOL: Tool = Tool {
    name: "impact",
    about: "What depends on a document, at any distance, and what it refers to.",
    effect: Effect::Reads,
    is_table: true,
    input: input::<Input>,
    call,
};

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    r#ref: String,
    #[serde(default)]
    limit: Option<usize>,
    #[serde(default)]
    cursor: Option<String>,
    #[serde(default)]
    detail: Detail,
}

fn call(session: &Session<'_>, given: Map<String, Value>) -> Result<Reply, OpsError> {
    let input: Input = arguments(given)?;
    let request = links::Request {
        reference: input.r#ref,
        impact: true,
    };
    let answer = links::run(&session.ws, &request)?;
    let reached = answer.impact.iter().flatten().map(|reached| {
        row([
            "depends on it",
            reached.via.as_str(),
            &reached.document.reference,
            reached.document.state.value.as_str(),
            &reached.document.title.text,
            &reached.distance.to_string(),
        ])
    });
    let outgoing = answer.outgoing.iter().map(|link| {
        let (name, state, title) = target(link);
        row(["it refers to", link.kind.as_str(), name, state, title])
    });
    let columns = "direction | relation | ref | state | title | distance";
    let page = Page::new(input.cursor.as_deref(), input.limit);
    let mut table = Table::new(columns, reached.chain(outgoing), page);
    table.notes = unread(&answer.unreadable);
    table.full = (input.detail == Detail::Full)
        .then(|| full(&answer))
        .transpose()?;
    let alone = answer.impact.iter().flatten().next().is_none();
    Ok(Reply::Rows(table.note_if(alone, || {
        format!("nothing depends on {}", answer.document.reference)
    })))
}

fn target(link: &Outgoing) -> (&str, &str, &str) {
    match &link.document {
        Some(head) => (&head.reference, head.state.value.as_str(), &head.title.text),
        None if link.resolved => (&link.target, "", ""),
        None => (&link.target, "not found", ""),
    }
}
