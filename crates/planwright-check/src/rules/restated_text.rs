use std::collections::BTreeSet;

use planwright_model::{Level, RelationType};
use serde::{Deserialize, Serialize};

use crate::config::Context;
use crate::document::DocumentView;
use crate::finding::{Findings, Spot};
use crate::project::{Doc, Project};
use crate::prose::{self, Shape};
use crate::rule::{Category, Check, Rule, Setting, Value, page};

pub(super) static RULE: Rule = Rule {
    code: "PW909",
    name: "restated-text",
    category: Category::Prose,
    level: Some(Level::Info),
    dialects: &["archcore"],
    reason: "of two copies of a statement one will be changed and the other will not",
    page: page!("restated-text"),
    settings: &[
        Setting {
            name: "words",
            default: Value::Number(8),
            help: "how many different words a list entry has at least to be compared",
        },
        Setting {
            name: "overlap",
            default: Value::Number(85),
            help: "per cent of the words of the shorter entry that the other has too",
        },
    ],
    check: Check::Project(check),
    ..Rule::DEFAULT
};

/// Words that hold sentences together and say nothing themselves.
const FILLERS: [&str; 44] = [
    "the", "a", "an", "and", "or", "of", "to", "in", "on", "for", "is", "are", "be", "that", "this", "it", "as", "at",
    "by", "with", "from", "its", "one", "must", "should", "may", "shall", "not", "when", "while", "if", "then", "will",
    "was", "has", "have", "и", "в", "на", "с", "по", "для", "не", "что",
];

/// A list entry and its words.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Statement {
    spot: Spot,
    /// Hashes of them, ascending.
    words: Vec<u64>,
}

fn check(project: &Project<'_>, findings: &mut Findings) {
    let ws = project.workspace();
    let flows = ws.graph().links().iter().filter(|link| {
        matches!(link.relation.kind, RelationType::Implements | RelationType::Extends)
    });
    for link in flows {
        let Some(to) = link.to.filter(|to| *to != link.from) else {
            continue;
        };
        let from = project.find(ws.entry(link.from).path);
        let (Some(doc), Some(other)) = (from, project.find(ws.entry(to).path)) else {
            continue;
        };
        let counts = |doc: &Doc<'_>| {
            project.is_subject(&RULE, doc.path()) && !doc.facts().state.is_closed()
        };
        if counts(&doc) && counts(&other) {
            compare(project, &doc, &other, findings);
        }
    }
}

/// Reports what the document that builds on another repeats of it.
fn compare(project: &Project<'_>, doc: &Doc<'_>, other: &Doc<'_>, findings: &mut Findings) {
    let least = project.context().number(&RULE, "overlap") as usize;
    let theirs = &other.facts().claims.statements;
    for statement in &doc.facts().claims.statements {
        let copied = theirs.iter().find(|source| {
            let (one, two) = (statement.words.len(), source.words.len());
            let (shorter, longer) = (one.min(two), one.max(two));
            // A short line inside a long one is a topic they share.
            let is_shared = |shared: usize| shared * 100 >= shorter * least && shared * 5 >= longer * 3;
            is_shared(shorter) && is_shared(shared(&statement.words, &source.words))
        });
        if let Some(source) = copied {
            findings
                .at_spot(doc.path(), statement.spot, format!("repeats a statement of `{}`", other.path()))
                .help("leave it to the document that owns it, and link the two")
                .label_spot(other.path(), source.spot, "stated here");
        }
    }
}

/// How many numbers two ascending lists have in common.
fn shared(a: &[u64], b: &[u64]) -> usize {
    let (mut at, mut count) = (0, 0);
    for word in a {
        while b.get(at).is_some_and(|other| other < word) {
            at += 1;
        }
        count += usize::from(b.get(at) == Some(word));
    }
    count
}

/// The list entries of a document that may be held against others.
pub(super) fn statements(doc: &DocumentView, context: &Context) -> Vec<Statement> {
    let document = doc.document();
    let is_asked = RULE.applies_to(&document.dialect)
        || context.config().is_asked_for(&RULE, doc.path(), &document.dialect);
    if !is_asked || document.state.value.is_closed() {
        return Vec::new();
    }
    let least = context.number(&RULE, "words") as usize;
    prose::blocks(doc)
        .filter(|block| matches!(block.shape, Shape::Item { .. }))
        .filter_map(|block| {
            let text = prose::lower(doc.text(block.span));
            let words: BTreeSet<u64> = text
                .split(|c: char| !c.is_alphanumeric())
                .filter(|word| !word.is_empty() && !FILLERS.contains(word))
                .map(|word| planwright_workspace::content(word.as_bytes()))
                .collect();
            (words.len() >= least).then(|| Statement {
                spot: doc.spot(block.span),
                words: words.into_iter().collect(),
            })
        })
        .collect()
}
