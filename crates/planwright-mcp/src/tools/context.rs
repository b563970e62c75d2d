//! `context`: what has to be known before work begins.

use planwright_ops::OpsError;
use planwright_ops::brief::{self, LEAST, Request};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Effect, Reply, Tool, arguments, input};
use crate::session::Session;

pub(super) const TOOL: Tool = Tool {
    name: "context",
    about: "What you need to begin: of the repository (no arguments), a plan or task (refs), files you are to edit \
            (paths), a question (for). Call it first.",
    effect: Effect::Reads,
    is_table: false,
    input: input::<Input>,
    call,
};

/// The ceiling where none is given, in tokens: a page that a session can spare.
const USUAL: u32 = 2_000;

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Input {
    refs: Vec<String>,
    paths: Vec<String>,
    r#for: Option<String>,
    /// Most tokens.
    budget: Option<u32>,
}

fn call(session: &Session<'_>, given: Map<String, Value>) -> Result<Reply, OpsError> {
    let input: Input = arguments(given)?;
    let target = |word: String| session.target(word);
    let targets: Vec<_> = input
        .refs
        .into_iter()
        .chain(input.paths)
        .map(target)
        .collect();
    let request = Request {
        session: targets.is_empty() && input.r#for.is_none(),
        targets,
        text: input.r#for,
        budget: input.budget.unwrap_or(USUAL).max(LEAST),
        claims: session.held()?.iter().map(Into::into).collect(),
        today: session.now()?.today.to_string(),
    };
    Ok(Reply::Text(brief::run(&session.ws, &request)?.markdown))
}
