//! `create`: a new document from the repository's own form.

use planwright_ops::OpsError;
use planwright_ops::write::create::{self, Request};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Effect, Reply, Tool, arguments, input};
use crate::session::Session;
use crate::table::short;

pub(super) const TOOL: Tool = Tool {
    name: "create",
    about: "A new document in the form, folder and number that the repository gives such. Tells what to fill in.",
    effect: Effect::Adds,
    is_table: false,
    input: input::<Input>,
    call,
};

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// plan, spec, adr ...
    kind: String,
    title: String,
    #[serde(default)]
    dialect: Option<String>,
    #[serde(default)]
    implements: Option<String>,
    /// A ref: what it belongs to.
    #[serde(default)]
    from: Option<String>,
    #[serde(default)]
    depends_on: Vec<String>,
    #[serde(default)]
    dry_run: bool,
}

fn call(session: &Session<'_>, given: Map<String, Value>) -> Result<Reply, OpsError> {
    let input: Input = arguments(given)?;
    let request = Request {
        kind: input.kind,
        title: input.title,
        dialect: input.dialect,
        implements: input.implements,
        from: input.from,
        depends_on: input.depends_on,
        supersedes: Vec::new(),
        owner: None,
        author: session.host.author.clone(),
        dir: None,
        today: session.now()?.today.to_string(),
    };
    let made = session.write(input.dry_run, &[], |call| {
        create::run(&session.ws, &request, call)
    })?;
    let mut lines = vec![format!(
        "{} {} ({}, {}): {}",
        made.kind, made.reference, made.dialect, made.state, made.path
    )];
    lines.extend(made.links.iter().map(|link| {
        let relation = link.after.as_deref().unwrap_or_default();
        format!("{relation} {}  {}:{}", link.text, link.path, link.line)
    }));
    let left = made.placeholders.iter();
    lines.extend(
        left.map(|place| format!("fill in line {}: {}", place.line, short(&place.text, 120))),
    );
    if made.dry_run {
        lines.push("nothing was written: dry_run".to_owned());
    }
    Ok(Reply::Text(lines.join("\n")))
}
