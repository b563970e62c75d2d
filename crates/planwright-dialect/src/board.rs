//! Boards and tasks kept as JSON (`board.json`, `task.json`): read as documents with their lines.

mod columns;

use planwright_model::{
    Document, FieldValue, Item, ItemRole, ItemState, Origin, StateClaim, StateSource, Title,
};
use planwright_syntax::yaml::{self, Value, ValueKind};
use planwright_syntax::{Parsed, Source};

pub(crate) use columns::columns;
pub use columns::{Column, column_of, how_far};

use crate::vocabulary::Vocabulary;

/// The field of a task in a file of its own that holds the path of the plan it was made from.
pub const ORIGIN: &str = "source_plan";

/// Reads a JSON file as a board or a single task. JSON is a subset of YAML, whose reader knows where
/// each value stands. `None` where the file is neither.
pub(crate) fn read(
    parsed: &Parsed,
    path: &str,
    words: &Vocabulary,
) -> Result<Option<Document>, yaml::YamlError> {
    let source = &parsed.source;
    let Some(root) = yaml::parse(source.text(), 0)? else {
        return Ok(None);
    };
    let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    let columns: Vec<(String, String)> = list(&root, "columns")
        .iter()
        .filter_map(|column| {
            Some((
                text(column, "id")?,
                text(column, "name").unwrap_or_default(),
            ))
        })
        .collect();
    let entries = list(&root, "items").iter().chain(list(&root, "tasks"));
    if !columns.is_empty() || root.get("items").is_some() {
        let items: Vec<Item> = entries
            .filter_map(|entry| item(source, entry, &columns, words))
            .collect();
        let mut document = Document {
            path: path.to_owned(),
            kind: "index".to_owned(),
            title: Title {
                text: text(&root, "title")
                    .or_else(|| text(&root, "name"))
                    .unwrap_or_else(|| "Board".to_owned()),
                line: None,
            },
            items,
            ..Document::default()
        };
        for (_, name) in &columns {
            document
                .fields
                .entry("columns".to_owned())
                .or_insert_with(|| FieldValue::Many(Vec::new()));
            if let Some(FieldValue::Many(names)) = document.fields.get_mut("columns") {
                names.push(name.clone());
            }
        }
        return Ok(Some(document));
    }
    let (Some(_), Some(title)) = (root.get("id"), root.get("title")) else {
        return Ok(None);
    };
    let status = root.get("status");
    let native = status.and_then(Value::as_str).map(str::to_owned);
    let mut document = Document {
        path: path.to_owned(),
        kind: "task".to_owned(),
        title: Title {
            text: title.as_str().unwrap_or_default().to_owned(),
            line: Some(source.line(title.span.start)),
        },
        state: StateClaim {
            value: native
                .as_deref()
                .and_then(|word| words.state(word))
                .unwrap_or_default(),
            line: status.map(|value| source.line(value.span.start)),
            source: native.is_some().then_some(StateSource::Board),
            native,
        },
        ..Document::default()
    };
    if let Some(origin) = root.get("source").and_then(origin) {
        let origin = FieldValue::One(origin.path);
        document.fields.insert(ORIGIN.to_owned(), origin);
    }
    for entry in root.entries() {
        let name = words
            .field(&entry.key)
            .map_or_else(|| entry.key.clone(), str::to_owned);
        if let Some(value) = entry
            .value
            .as_str()
            .filter(|value| !value.is_empty() && name != "title")
        {
            document
                .fields
                .insert(name, FieldValue::One(value.to_owned()));
        }
    }
    Ok(Some(document))
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    match value.get(key).map(|value| &value.kind) {
        Some(ValueKind::Sequence(values)) => values,
        _ => &[],
    }
}

/// The task of a plan that a card says it was made from.
fn origin(source: &Value) -> Option<Origin> {
    let text = |key: &str| source.get(key).and_then(Value::as_str).map(str::to_owned);
    Some(Origin {
        path: text("planFile").filter(|path| !path.is_empty())?,
        item: text("taskId").unwrap_or_default(),
        text: text("text"),
        state: text("state").and_then(|word| ItemState::from_canonical(&word)),
    })
}

pub(crate) fn item(
    source: &Source,
    entry: &Value,
    columns: &[(String, String)],
    words: &Vocabulary,
) -> Option<Item> {
    let text = |key: &str| {
        entry
            .get(key)
            .and_then(Value::as_str)
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    };
    let title = text("title").or_else(|| text("name"))?;
    let status = text("status").or_else(|| text("state"));
    let column = text("columnId").or_else(|| text("column"));
    let stage = column.as_ref().map(|id| {
        columns
            .iter()
            .find(|(other, _)| other == id)
            .map_or(id.clone(), |(_, name)| name.clone())
    });
    let word = status.clone().or_else(|| stage.clone());
    let state = word
        .as_deref()
        .map_or(ItemState::Todo, |word| state(word, words));
    let strings = |value: &Value, keys: &[&str]| {
        let values = keys.iter().flat_map(|key| list(value, key));
        let values = values.filter_map(|value| value.as_str().map(str::to_owned));
        values.collect::<Vec<_>>()
    };
    let inner = |key: &str, keys: &[&str]| {
        let inner = entry.get(key).map(|value| strings(value, keys));
        inner.unwrap_or_default()
    };
    let mut depends_on = strings(entry, &["dependsOn", "depends_on", "prerequisites"]);
    depends_on.extend(inner("prerequisites", &["tasks"]));
    let mut outputs = strings(entry, &["outputs", "downstream"]);
    outputs.extend(inner("completionCriteria", &["artifacts"]));
    let last = source
        .text()
        .get(..entry.span.end as usize)
        .map_or(entry.span.end, |text| text.trim_end().len() as u32);
    Some(Item {
        id: text("id"),
        end_line: source.line(last.saturating_sub(1).max(entry.span.start)),
        state,
        mark: word,
        text: title,
        owner: text("owner")
            .or_else(|| text("assignee"))
            .or_else(|| text("assigned")),
        depends_on,
        files: strings(entry, &["files"]),
        inputs: strings(entry, &["inputs", "upstream"]),
        outputs,
        priority: text("priority"),
        stage,
        source: entry.get("source").and_then(origin),
        ..Item::new(source.line(entry.span.start), ItemRole::Task)
    })
}

/// A board's word for how far a task is; a column's name says it where no status does.
pub(crate) fn state(word: &str, words: &Vocabulary) -> ItemState {
    use planwright_model::DocumentState as State;
    match word.to_lowercase().replace(['-', ' '], "_").as_str() {
        "done" | "complete" | "completed" | "closed" | "archived" => ItemState::Done,
        "in_progress" | "agent_active" | "doing" | "implementing" | "needs_feedback"
        | "in_review" | "review" | "verify" | "validating" => ItemState::InProgress,
        "blocked" => ItemState::Blocked,
        "cancelled" | "canceled" | "reverted" | "replaced" => ItemState::Cancelled,
        "todo" | "backlog" | "ready" | "pending" | "none" => ItemState::Todo,
        _ => match words.state(word) {
            Some(State::Done) => ItemState::Done,
            Some(State::Active | State::InReview) => ItemState::InProgress,
            Some(State::Blocked) => ItemState::Blocked,
            Some(State::Abandoned | State::Superseded | State::Rejected) => ItemState::Cancelled,
            _ => ItemState::Todo,
        },
    }
}

/// True for a word that says how far a task is; of others it is taken to be to do.
pub(crate) fn is_known(word: &str, words: &Vocabulary) -> bool {
    let plain = word.to_lowercase().replace(['-', ' '], "_");
    let todo = ["todo", "to_do", "backlog", "ready", "pending", "none"];
    todo.contains(&plain.as_str())
        || state(word, words) != ItemState::Todo
        || words.state(word).is_some()
}
