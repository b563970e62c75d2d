//! What rules about several documents ask of each of them, gathered while it is read, so that it need
//! not be read again until its content changes.
//!
//! Facts depend on the document alone: its bytes, its path, the dialects and the configuration. What
//! depends on anything else (other documents, the tree, the history, the day) is decided anew at every
//! call. A fact that only gives reason to look closer may be true too often, never too seldom.

use planwright_dialect::Dialects;
use planwright_model::{DocumentState, Endpoint, ItemRole, Progress, Relation, RelationType};
use serde::{Deserialize, Serialize};

use crate::config::Context;
use crate::coverage::Coverage;
use crate::document::DocumentView;
use crate::finding::Spot;
use crate::form::Held;
use crate::rule::Check;
use crate::rules::{self, Claims, RULES};
use crate::suppress::{self, Suppression};

/// The facts of one document.
#[derive(Debug, Serialize, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "facts that have nothing to do with each other"
)]
pub struct Facts {
    pub(crate) dialect: String,
    pub(crate) kind: String,
    pub(crate) initiative: String,
    pub(crate) state: DocumentState,
    pub(crate) native: Option<String>,
    pub(crate) archived: bool,
    pub(crate) template: bool,
    pub(crate) holds_work: bool,
    /// Some of its items are tasks.
    pub(crate) has_tasks: bool,
    pub(crate) progress: Progress,
    /// Of the tasks that say how far they are.
    pub(crate) said: Progress,
    /// Where its title stands.
    pub(crate) title: Spot,
    /// Where its state stands.
    pub(crate) stated: Spot,
    /// The ids of its items.
    pub(crate) items: Vec<String>,
    pub(crate) suppressions: Vec<Suppression>,
    pub(crate) coverage: Coverage,
    /// Places in [`RULES`] of the rules that have to look at it.
    suspects: Vec<u16>,
    pub(crate) claims: Claims,
}

impl Facts {
    pub(crate) fn of(
        doc: &DocumentView,
        held: Option<&Held<'_>>,
        dialects: &Dialects,
        context: &Context,
    ) -> Self {
        let document = doc.document();
        let items = document.items.iter();
        let suspects = RULES.iter().enumerate().filter(|(_, rule)| {
            let mut is_suspect = false;
            rule.check.each(&mut |check| {
                if let Check::Suspect(look, _) = check {
                    is_suspect |= look(doc, context);
                }
            });
            is_suspect
        });
        Self {
            dialect: document.dialect.clone(),
            kind: document.kind.clone(),
            initiative: document.initiative.clone(),
            state: document.state.value,
            native: document.state.native.clone(),
            archived: document.archived,
            template: document.template,
            holds_work: document.holds_work(),
            has_tasks: document
                .items
                .iter()
                .any(|item| item.role == ItemRole::Task),
            progress: document.progress,
            said: document.stated_progress(),
            title: doc.spot(doc.title_span()),
            stated: doc.spot(doc.state_span()),
            items: items.filter_map(|item| item.id.clone()).collect(),
            suppressions: if doc.parsed().source.text().contains("planwright:") {
                suppress::read(doc)
            } else {
                Vec::new()
            },
            coverage: Coverage::of(doc),
            suspects: suspects.map(|(at, _)| at as u16).collect(),
            claims: rules::claims(doc, held, dialects, context),
        }
    }

    /// The author's word for the state; empty where there is none.
    pub(crate) fn native(&self) -> &str {
        self.native.as_deref().unwrap_or_default()
    }

    /// True where a rule has to look at the document.
    pub(crate) fn is_suspect(&self, rule: usize) -> bool {
        self.suspects.contains(&(rule as u16))
    }
}

/// A relation as it is kept.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Pointer {
    kind: RelationType,
    pub(crate) target: String,
    endpoint: Endpoint,
    line: u32,
    source: String,
}

impl Pointer {
    pub(crate) fn of(relation: &Relation) -> Self {
        Self {
            kind: relation.kind,
            target: relation.target.clone(),
            endpoint: relation.endpoint,
            line: relation.line,
            source: relation.source.clone(),
        }
    }

    /// The relation, which may lead somewhere or not.
    pub(crate) fn relation(&self) -> Relation {
        Relation {
            kind: self.kind,
            target: self.target.clone(),
            endpoint: self.endpoint,
            line: self.line,
            source: self.source.clone(),
            resolved: false,
            path: None,
        }
    }
}
