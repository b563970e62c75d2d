//! The tools: each one file, a view of a verb.

mod check;
mod context;
mod create;
mod find;
mod get;
mod impact;
mod next;
mod update;

use planwright_model::Head;
use planwright_ops::{ErrorKind, Hint, OpsError, Unreadable};
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::schema;
use crate::session::Session;
use crate::table::{Table, row};

/// What a tool does to the repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    Reads,
    /// Adds, and changes nothing that is there.
    Adds,
    Changes,
}

/// A tool as clients see it.
pub(crate) struct Tool {
    pub(crate) name: &'static str,
    /// What it is for, in as few words as do.
    pub(crate) about: &'static str,
    pub(crate) effect: Effect,
    /// True when it answers with rows, and prose otherwise.
    pub(crate) is_table: bool,
    pub(crate) input: fn() -> Map<String, Value>,
    pub(crate) call: fn(&Session<'_>, Map<String, Value>) -> Result<Reply, OpsError>,
}

/// What a tool answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reply {
    Text(String),
    Rows(Table),
}

/// All tools, in the order in which work needs them.
pub(crate) const TOOLS: &[Tool] = &[
    context::TOOL,
    find::TOOL,
    get::TOOL,
    next::TOOL,
    update::TOOL,
    check::TOOL,
    impact::TOOL,
    create::TOOL,
];

// How much of an answer is wanted. No doc comment: the name says it, and clients pay for each word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Detail {
    // What is had without asking needs no mention.
    #[default]
    #[schemars(skip)]
    Brief,
    Full,
}

/// The arguments of a call, in their type.
fn arguments<T: DeserializeOwned>(given: Map<String, Value>) -> Result<T, OpsError> {
    serde_json::from_value(Value::Object(given))
        .map_err(|error| OpsError::new(ErrorKind::Usage, format!("the arguments: {error}")))
}

/// A whole answer as a value.
fn full<T: Serialize>(answer: &T) -> Result<Value, OpsError> {
    serde_json::to_value(answer)
        .map_err(|error| OpsError::new(ErrorKind::Internal, format!("cannot write JSON: {error}")))
}

/// What could not be read, for every answer that should have shown it.
fn unread(files: &[Unreadable]) -> Vec<String> {
    let told = |file: &Unreadable| format!("not read: {} ({})", file.path, file.reason);
    files.iter().map(told).collect()
}

/// The columns of [`head`].
const HEAD: &str = "ref | kind | state | done/total | title | path";

/// A document in a row.
fn head(head: &Head) -> String {
    let path = if head.path == head.reference {
        ""
    } else {
        &head.path
    };
    row([
        &head.reference,
        head.kind.as_str(),
        head.state.value.as_str(),
        &progress(head.progress.done, head.progress.total),
        &head.title.text,
        path,
    ])
}

/// `3/12`; nothing where there is nothing to measure.
fn progress(done: u32, total: u32) -> String {
    if total == 0 {
        String::new()
    } else {
        format!("{done}/{total}")
    }
}

/// An error as the caller reads it: what happened, what is missing, what to call next.
pub(crate) fn told(error: &OpsError) -> String {
    let mut lines = vec![error.message.clone()];
    for missing in &error.missing {
        let name = missing.reference.as_deref().unwrap_or("-");
        lines.push(format!(
            "missing: {} {name} (line {}) {}",
            missing.what, missing.line, missing.text
        ));
    }
    for hint in &error.hints {
        lines.push(match hint {
            Hint::Nearest(names) => format!("nearest: {}", names.join(", ")),
            Hint::Candidates(names) => format!("choose from: {}", names.join(", ")),
            Hint::Run(command) => format!("try: {}", call(command)),
            Hint::Note(note) => note.clone(),
        });
    }
    lines.join("\n")
}

/// The call that does what a command line does; the command line where no tool does it.
fn call(command: &str) -> String {
    let words: Vec<&str> = command.split(' ').collect();
    let ["plan", verb, rest @ ..] = words.as_slice() else {
        return command.to_owned();
    };
    // The right to run what a plan names is a person's to give.
    if *verb == "trust" {
        return format!("ask a person to run `{command}` in a terminal");
    }
    let plain = rest.iter().all(|word| !word.starts_with('-'));
    let json = |value: Value| value.to_string();
    match (*verb, rest) {
        ("show", [name]) => format!("get {}", json(serde_json::json!({"ref": name}))),
        ("list", _) => "find {}".to_owned(),
        ("next", []) => "next {}".to_owned(),
        ("links", [name]) => format!("impact {}", json(serde_json::json!({"ref": name}))),
        (op, [_, ..]) if plain && update::is_plain(op) => {
            format!(
                "update {}",
                json(serde_json::json!({"op": op, "refs": rest}))
            )
        }
        ("takeover", [name, "--reason", "TEXT"]) => {
            let call = serde_json::json!({"op": "takeover", "refs": [name], "reason": "TEXT"});
            format!("update {call}")
        }
        _ => command.to_owned(),
    }
}

/// The schema of the arguments of a tool.
fn input<T: JsonSchema>() -> Map<String, Value> {
    schema::input::<T>()
}

/// The tool of a name.
pub(crate) fn find(name: &str) -> Option<&'static Tool> {
    TOOLS.iter().find(|tool| tool.name == name)
}

#[cfg(test)]
mod tests;
