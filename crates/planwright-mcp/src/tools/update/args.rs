//! What `update` is told: one operation and what it takes, no more and no less.

use std::collections::BTreeMap;

use planwright_model::{ItemRole, LogRole};
use planwright_ops::write::Part;
use planwright_ops::write::items::Step;
use planwright_ops::write::states::Move;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::tools::Detail;

/// What every operation takes.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Common {
    /// Revisions that were read.
    pub(super) expect: Vec<String>,
    /// As a claim told it; `new`: another session.
    pub(super) actor: Option<String>,
    pub(super) dry_run: bool,
    pub(super) detail: Detail,
}

impl Common {
    /// The names of its fields.
    pub(super) const NAMES: [&str; 4] = ["expect", "actor", "dry_run", "detail"];
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(tag = "op", rename_all = "snake_case")]
pub(super) enum Op {
    Tick(Items),
    Start(Items),
    Block(Items),
    Cancel(Items),
    Reopen(Items),
    Edit(Edit),
    Approve(States),
    Activate(States),
    Pause(States),
    Complete(Complete),
    Supersede(Supersede),
    Abandon(States),
    Reject(States),
    Link(Link),
    Unlink(Link),
    Add(Add),
    Log(Log),
    Undo(Nothing),
    Verify(Verify),
    Claim(Claim),
    Renew(Claim),
    Release(Claim),
    Takeover(Takeover),
    Land(Land),
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Nothing {}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Items {
    pub(super) refs: Vec<String>,
    #[serde(default)]
    pub(super) reason: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct States {
    pub(super) refs: Vec<String>,
    #[serde(default)]
    pub(super) reason: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Complete {
    pub(super) refs: Vec<String>,
    #[serde(default)]
    pub(super) reason: Option<String>,
    #[serde(default)]
    pub(super) waive: Vec<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Supersede {
    pub(super) refs: Vec<String>,
    #[serde(default)]
    pub(super) reason: Option<String>,
    /// Successor.
    #[serde(default)]
    pub(super) by: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Log {
    pub(super) refs: Vec<String>,
    pub(super) text: String,
    #[serde(default)]
    pub(super) r#as: Option<As>,
    #[serde(default)]
    pub(super) reason: Option<String>,
    #[serde(default)]
    pub(super) evidence: Option<String>,
}

#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum As {
    Progress,
    Decision,
    Discovery,
    Outcome,
    Update,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Add {
    pub(super) refs: Vec<String>,
    pub(super) what: What,
    pub(super) text: String,
    #[serde(default)]
    pub(super) phase: Option<String>,
    #[serde(default)]
    pub(super) after: Option<String>,
    #[serde(default)]
    pub(super) parent: Option<String>,
    #[serde(default)]
    pub(super) owner: Option<String>,
    #[serde(default)]
    pub(super) estimate: Option<String>,
    #[serde(default)]
    pub(super) depends_on: Vec<String>,
    // Those of a risk or blocker; what they are is told when others are given.
    #[serde(default)]
    pub(super) details: BTreeMap<String, String>,
}

#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum What {
    Task,
    Phase,
    Criterion,
    Deliverable,
    Gate,
    Question,
    Risk,
    Blocker,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Edit {
    pub(super) refs: Vec<String>,
    #[serde(default)]
    pub(super) text: Option<String>,
    #[serde(default)]
    pub(super) owner: Option<String>,
    #[serde(default)]
    pub(super) estimate: Option<String>,
    #[serde(default)]
    pub(super) depends_on: Vec<String>,
    #[serde(default)]
    pub(super) no_depends_on: Vec<String>,
    #[serde(default)]
    pub(super) before: Option<String>,
    #[serde(default)]
    pub(super) after: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Link {
    pub(super) refs: Vec<String>,
    /// implements, depends_on ...
    pub(super) relation: String,
    pub(super) to: Vec<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Verify {
    pub(super) refs: Vec<String>,
    #[serde(default)]
    pub(super) run: bool,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Claim {
    #[serde(default)]
    pub(super) refs: Vec<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Takeover {
    pub(super) refs: Vec<String>,
    pub(super) reason: String,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Land {
    pub(super) refs: Vec<String>,
    #[serde(default)]
    pub(super) branch: Option<String>,
}

impl Op {
    /// The step of items that it is, and which.
    pub(super) const fn step(&self) -> Option<(Step, &Items)> {
        Some(match self {
            Self::Tick(items) => (Step::Tick, items),
            Self::Start(items) => (Step::Start, items),
            Self::Block(items) => (Step::Block, items),
            Self::Cancel(items) => (Step::Cancel, items),
            Self::Reopen(items) => (Step::Reopen, items),
            _ => return None,
        })
    }

    /// The move of documents that it is, and which.
    pub(super) const fn state(&self) -> Option<(Move, &States)> {
        Some(match self {
            Self::Approve(states) => (Move::Approve, states),
            Self::Activate(states) => (Move::Activate, states),
            Self::Pause(states) => (Move::Pause, states),
            Self::Abandon(states) => (Move::Abandon, states),
            Self::Reject(states) => (Move::Reject, states),
            _ => return None,
        })
    }
}

impl From<As> for LogRole {
    fn from(role: As) -> Self {
        match role {
            As::Progress => Self::Progress,
            As::Decision => Self::Decision,
            As::Discovery => Self::Discovery,
            As::Outcome => Self::Outcome,
            As::Update => Self::Update,
        }
    }
}

impl From<What> for Part {
    fn from(what: What) -> Self {
        match what {
            What::Task => Self::Item(ItemRole::Task),
            What::Phase => Self::Phase,
            What::Criterion => Self::Item(ItemRole::Criterion),
            What::Deliverable => Self::Item(ItemRole::Deliverable),
            What::Gate => Self::Item(ItemRole::Gate),
            What::Question => Self::Item(ItemRole::Question),
            What::Risk => Self::Risk,
            What::Blocker => Self::Blocker,
        }
    }
}
