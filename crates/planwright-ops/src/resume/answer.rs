use planwright_model::{ItemState, LogEntry, Progress, StateClaim};
use schemars::JsonSchema;
use serde::Serialize;

use crate::claims::Claim;
use crate::write::verify::LastRun;

/// How work stands.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Answer {
    /// The contract's name.
    #[schemars(extend("const" = "planwright/resume@1"))]
    pub schema: &'static str,
    /// The plan that was asked for, else those of the last session; none where no session is known.
    pub plans: Vec<Plan>,
    /// The same in Markdown, for agents.
    #[serde(skip)]
    pub markdown: String,
}

/// How work on a plan stands.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Plan {
    /// Its reference.
    #[serde(rename = "ref")]
    pub reference: String,
    /// Its path from the root.
    pub path: String,
    /// Its title.
    pub title: String,
    /// What it says of its state.
    pub state: StateClaim,
    /// Tasks done and all tasks.
    pub progress: Progress,
    /// The item that was asked for.
    pub item: Option<Asked>,
    /// The sessions that worked on it, the latest first.
    pub sessions: Vec<Past>,
    /// The latest decisions.
    pub decided: Vec<Entry>,
    /// The latest discoveries: what was tried and came out otherwise.
    pub found: Vec<Entry>,
    /// The latest entries about progress.
    pub noted: Vec<Entry>,
    /// The latest outcomes.
    pub outcomes: Vec<Entry>,
    /// The commands that prove it, and what came of them.
    pub evidence: Vec<Evidence>,
    /// The files of it that are not committed.
    pub uncommitted: Vec<String>,
    /// Who holds what in it.
    pub claims: Vec<Claim>,
    /// What can be done next.
    pub next: Option<Left>,
}

/// An item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Asked {
    /// Its reference.
    #[serde(rename = "ref")]
    pub reference: String,
    /// Its text.
    pub text: String,
    /// How far it is.
    pub state: ItemState,
}

/// The task to do next.
pub type Left = Asked;

/// A session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Past {
    /// Who, as `name/session`.
    pub actor: String,
    /// True when it is the session that asks.
    pub own: bool,
    /// The program that it ran in, where told.
    pub host: Option<String>,
    /// The model that it was, where told.
    pub model: Option<String>,
    /// When it began, in UTC.
    pub started: String,
    /// When it did something last, in UTC.
    pub last: String,
    /// When it stopped, where it told.
    pub ended: Option<String>,
    /// What it did on the plan, oldest first.
    pub acts: Vec<Act>,
    /// The files that it edited, where its host told.
    pub edited: Vec<String>,
}

/// Something that a session did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Act {
    /// When, in UTC.
    pub time: String,
    /// The verb: `claim`, `tick`, `decision` ...
    pub verb: String,
    /// The item or document.
    #[serde(rename = "ref")]
    pub reference: String,
    /// What it says.
    pub text: String,
}

impl Act {
    pub(super) fn new(act: &planwright_coord::Act) -> Self {
        Self {
            time: super::moment(act.at),
            verb: act.verb.clone(),
            reference: act.reference.clone(),
            text: act.text.clone(),
        }
    }
}

/// An entry of a log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Entry {
    /// Its line.
    pub line: u32,
    /// When, normalised; `null` where it does not say.
    pub time: Option<String>,
    /// What it says.
    pub text: String,
}

impl Entry {
    pub(super) fn new(entry: &LogEntry) -> Self {
        Self {
            line: entry.line,
            time: entry.time.clone(),
            text: entry.text.clone(),
        }
    }
}

/// A command that proves something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Evidence {
    /// Its line.
    pub line: u32,
    /// Its text.
    pub text: String,
    /// What came of it when it was last run; `null` where it never was.
    pub last: Option<LastRun>,
}
