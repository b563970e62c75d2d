use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{SectionRole, Time};

/// A risk, from a table row or a list entry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Risk {
    /// Line where it stands.
    pub line: u32,
    /// What may happen.
    pub text: String,
    /// How likely, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probability: Option<String>,
    /// How bad, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub impact: Option<String>,
    /// What is done about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mitigation: Option<String>,
    /// Who watches it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
}

/// A measure of success.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Metric {
    /// Line where it stands.
    pub line: u32,
    /// What is measured.
    pub text: String,
    /// Where it stands now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub baseline: Option<String>,
    /// Where it should get.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// How it is measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub measurement: Option<String>,
}

/// A dated point of a plan, or a row of its timeline.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Milestone {
    /// Line where it stands.
    pub line: u32,
    /// What is reached.
    pub text: String,
    /// When, or how long, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// What it needs first, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub depends_on: Option<String>,
    /// The status a table states for it, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
}

/// Something that holds the work up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Blocker {
    /// Line where it stands.
    pub line: u32,
    /// What holds the work up.
    pub text: String,
    /// What it holds up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub impact: Option<String>,
    /// Who resolves it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// When it should be resolved, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub eta: Option<String>,
    /// True when its words say that it is over.
    pub resolved: bool,
}

/// Something to be answered before work can go on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Question {
    /// Line where it stands.
    pub line: u32,
    /// What is asked.
    pub text: String,
    /// By when, as written, for this question or for its section.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deadline: Option<String>,
    /// True when ticked, struck through or answered in place.
    pub answered: bool,
}

/// A requirement that tasks can cover: `FR-001`, `SC-002`, `US1`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Requirement {
    /// Line where it is stated.
    pub line: u32,
    /// Its id.
    pub id: String,
    /// What it demands.
    pub text: String,
}

/// A command that a plan names for its own verification.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Command {
    /// Line where it stands.
    pub line: u32,
    /// The exact text. Lines of a block that need each other are one command.
    pub text: String,
    /// `fence` for a fenced or indented shell block, `inline` for a code span, `table` for a cell.
    pub source: String,
    /// What the section is for: `verification`, `criteria`, `gates`, `concrete_steps`, `rollback`.
    #[serde(default)]
    pub role: SectionRole,
    /// Line of the item that it belongs to.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub item: Option<u32>,
    /// The language of its block.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub language: Option<String>,
    /// The folder to run it in, as the document names it; the root where it names none.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub directory: Option<String>,
}

/// When a plan is to be looked at again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Review {
    /// Last review.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<Time>,
    /// Next review.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<Time>,
    /// How often, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cadence: Option<String>,
    /// After this date the document no longer speaks for the present.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<Time>,
}
