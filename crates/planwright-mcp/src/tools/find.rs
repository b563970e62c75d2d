//! `find`: documents by their words or by what they say of themselves.

use planwright_ops::filter::Filter;
use planwright_ops::{OpsError, list, search};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Detail, Effect, HEAD, Reply, Tool, arguments, full, head, input, unread};
use crate::session::Session;
use crate::table::{Page, Table, row, short};

pub(super) const TOOL: Tool = Tool {
    name: "find",
    about: "Search documents by words, or list them.",
    effect: Effect::Reads,
    is_table: true,
    input: input::<Input>,
    call,
};

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Input {
    words: Option<String>,
    /// plan, spec, adr ...
    kind: Vec<String>,
    /// draft, active, done ..., open, closed
    state: Vec<String>,
    owner: Vec<String>,
    tag: Vec<String>,
    /// Globs.
    path: Vec<String>,
    limit: Option<usize>,
    cursor: Option<String>,
    detail: Detail,
}

fn call(session: &Session<'_>, given: Map<String, Value>) -> Result<Reply, OpsError> {
    let input: Input = arguments(given)?;
    let page = Page::new(input.cursor.as_deref(), input.limit);
    let filter = Filter {
        kinds: input.kind,
        states: input.state,
        owners: input.owner,
        tags: input.tag,
        paths: input.path,
        ..Filter::default()
    };
    let words = input.words.filter(|words| !words.trim().is_empty());
    let table = if let Some(words) = words {
        let request = search::Request {
            words,
            filter,
            // One more than the page tells whether there are more.
            limit: page.from + page.limit + 1,
        };
        let answer = search::run(&session.ws, &request)?;
        let rows = answer.hits.iter().map(|hit| {
            let place = format!("{}:{}", hit.place.path, hit.place.line);
            row([
                &hit.document.reference,
                hit.document.kind.as_str(),
                hit.document.state.value.as_str(),
                &hit.document.title.text,
                &place,
                &short(&hit.text, 160),
            ])
        });
        let mut table = Table::new("ref | kind | state | title | place | line", rows, page);
        table.notes = unread(&answer.unreadable);
        table.full = (input.detail == Detail::Full)
            .then(|| full(&answer))
            .transpose()?;
        table
            .note_if(answer.hits.is_empty(), || "nothing matches".to_owned())
            .note_if(answer.more, || "there are more than `total`".to_owned())
    } else {
        let answer = list::run(&session.ws, &list::Request { filter })?;
        let mut table = Table::new(HEAD, answer.documents.iter().map(head), page);
        table.notes = unread(&answer.unreadable);
        table.full = (input.detail == Detail::Full)
            .then(|| full(&answer))
            .transpose()?;
        let hidden = answer.hidden;
        table
            .note_if(hidden.archived > 0, || {
                format!(
                    "{} in archives are left out; name them by path",
                    hidden.archived
                )
            })
            .note_if(answer.documents.is_empty(), || match &answer.emptied_by {
                Some(culprit) => {
                    let values = culprit
                        .values
                        .iter()
                        .map(|(value, count)| format!("{value} ({count})"));
                    let values: Vec<String> = values.collect();
                    format!(
                        "nothing meets `{}`; there is: {}",
                        culprit.filter,
                        values.join(", ")
                    )
                }
                None => "no document".to_owned(),
            })
    };
    Ok(Reply::Rows(table))
}
