//! The verbs that add to documents, change items and relate documents.

use clap::{Args, ValueEnum};
use clap_complete::engine::{ArgValueCandidates, ArgValueCompleter, CompletionCandidate};
use planwright_model::{ItemRole, RelationType};
use planwright_ops::write::Part;

use crate::complete::references;

#[derive(Args, Debug)]
pub(crate) struct LinkArgs {
    /// The document, or an item of one
    #[arg(value_name = "FROM", add = ArgValueCompleter::new(references))]
    pub(crate) from: String,
    /// How it stands to the others: implements, depends-on, extends, related, supersedes,
    /// superseded-by, supports, contradicts, part-of, fixes, informs, input, output, touches,
    /// delivered-by, recorded-in, clarifies
    #[arg(value_name = "RELATION", value_parser = relation, add = ArgValueCandidates::new(relations))]
    pub(crate) relation: RelationType,
    /// The others
    #[arg(value_name = "TO", required = true, add = ArgValueCompleter::new(references))]
    pub(crate) to: Vec<String>,
    /// Show what would change, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// A relation by its name, with hyphens or underscores.
fn relation(name: &str) -> Result<RelationType, String> {
    let plain = name.trim().to_lowercase().replace(['-', ' '], "_");
    RelationType::from_canonical(&plain).ok_or_else(|| {
        let known = RelationType::ALL.map(|relation| relation.as_str().replace('_', "-"));
        format!("the relations are {}", known.join(", "))
    })
}

fn relations() -> Vec<CompletionCandidate> {
    let all = RelationType::ALL.into_iter();
    all.map(|relation| CompletionCandidate::new(relation.as_str().replace('_', "-")))
        .collect()
}

#[derive(Args, Debug)]
pub(crate) struct AddArgs {
    /// What it is
    #[arg(value_name = "WHAT")]
    pub(crate) what: What,
    /// The document, or a phase of one
    #[arg(value_name = "REF", add = ArgValueCompleter::new(references))]
    pub(crate) reference: String,
    /// What it says; several are added together
    #[arg(value_name = "TEXT", required = true)]
    pub(crate) texts: Vec<String>,
    /// The phase it belongs to: its number, or words of its title
    #[arg(long, value_name = "PHASE", conflicts_with_all = ["after", "parent"])]
    pub(crate) phase: Option<String>,
    /// The item, or for a phase the phase, that it stands behind
    #[arg(long, value_name = "ITEM", conflicts_with = "parent", add = ArgValueCompleter::new(references))]
    pub(crate) after: Option<String>,
    /// The item that it is a piece of
    #[arg(long, value_name = "ITEM", add = ArgValueCompleter::new(references))]
    pub(crate) parent: Option<String>,
    /// Who has it, or watches the risk
    #[arg(long, value_name = "WHO")]
    pub(crate) owner: Option<String>,
    /// How long it should take: 2h, 1-2 days
    #[arg(long, value_name = "TIME")]
    pub(crate) estimate: Option<String>,
    /// An item that it needs first
    #[arg(long, value_name = "ITEM", value_delimiter = ',', add = ArgValueCompleter::new(references))]
    pub(crate) depends_on: Vec<String>,
    /// How likely a risk is
    #[arg(long, value_name = "TEXT")]
    pub(crate) probability: Option<String>,
    /// How bad a risk is, or what a blocker holds up
    #[arg(long, value_name = "TEXT")]
    pub(crate) impact: Option<String>,
    /// What is done about a risk
    #[arg(long, value_name = "TEXT")]
    pub(crate) mitigation: Option<String>,
    /// When a blocker should be resolved
    #[arg(long, value_name = "WHEN")]
    pub(crate) eta: Option<String>,
    /// Show what would change, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum What {
    Task,
    Phase,
    Criterion,
    Deliverable,
    Gate,
    Question,
    Risk,
    Blocker,
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

#[derive(Args, Debug)]
pub(crate) struct EditArgs {
    /// The item: `auth#T012`, `auth#2.3`, `docs/auth.md:40`
    #[arg(value_name = "ITEM", add = ArgValueCompleter::new(references))]
    pub(crate) item: String,
    /// Other words for it
    #[arg(long, value_name = "TEXT")]
    pub(crate) text: Option<String>,
    /// Who has it
    #[arg(long, value_name = "WHO")]
    pub(crate) owner: Option<String>,
    /// Nobody has it
    #[arg(long, conflicts_with = "owner")]
    pub(crate) no_owner: bool,
    /// How long it should take: 2h, 1-2 days
    #[arg(long, value_name = "TIME")]
    pub(crate) estimate: Option<String>,
    /// Nobody knows how long it takes
    #[arg(long, conflicts_with = "estimate")]
    pub(crate) no_estimate: bool,
    /// An item that it needs, too
    #[arg(long, value_name = "ITEM", value_delimiter = ',', add = ArgValueCompleter::new(references))]
    pub(crate) depends_on: Vec<String>,
    /// An item that it needs no longer
    #[arg(long, value_name = "ITEM", value_delimiter = ',', add = ArgValueCompleter::new(references))]
    pub(crate) no_depends_on: Vec<String>,
    /// The item that it is to stand in front of
    #[arg(long, value_name = "ITEM", conflicts_with = "after", add = ArgValueCompleter::new(references))]
    pub(crate) before: Option<String>,
    /// The item that it is to stand behind
    #[arg(long, value_name = "ITEM", add = ArgValueCompleter::new(references))]
    pub(crate) after: Option<String>,
    /// Show what would change, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relation_is_named_in_either_way() {
        for name in ["depends-on", "depends_on", "Depends on"] {
            assert_eq!(relation(name), Ok(RelationType::DependsOn), "{name}");
        }
        assert!(relation("likes").unwrap_err().contains("depends-on"));
    }
}
