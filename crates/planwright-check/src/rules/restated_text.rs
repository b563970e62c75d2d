use std::collections::{BTreeMap, BTreeSet};

use planwright_model::{Level, RelationType};
use planwright_syntax::Span;

use crate::document::DocumentView;
use crate::finding::Findings;
use crate::project::Project;
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
struct Statement {
    span: Span,
    words: BTreeSet<String>,
}

fn check(project: &Project<'_>, findings: &mut Findings) {
    let ws = project.workspace();
    let mut known: BTreeMap<&str, Vec<Statement>> = BTreeMap::new();
    let of = |doc: &DocumentView| statements(project, doc);
    let flows = ws.graph().links().iter().filter(|link| {
        matches!(link.relation.kind, RelationType::Implements | RelationType::Extends)
    });
    for link in flows {
        let Some(to) = link.to.filter(|to| *to != link.from) else {
            continue;
        };
        let from = project.document(ws.entry(link.from).path);
        let (Some(doc), Some(other)) = (from, project.document(ws.entry(to).path)) else {
            continue;
        };
        let counts = |doc: &DocumentView| {
            project.is_subject(&RULE, doc.path()) && !doc.document().state.value.is_closed()
        };
        if !counts(doc) || !counts(other) {
            continue;
        }
        for doc in [doc, other] {
            known.entry(doc.path()).or_insert_with(|| of(doc));
        }
        compare(project, (doc, &known[doc.path()]), (other, &known[other.path()]), findings);
    }
}

/// Reports what the document that builds on another repeats of it.
fn compare(
    project: &Project<'_>,
    (doc, own): (&DocumentView, &[Statement]),
    (other, theirs): (&DocumentView, &[Statement]),
    findings: &mut Findings,
) {
    let least = project.context().number(&RULE, "overlap") as usize;
    for statement in own {
        let copied = theirs.iter().find(|source| {
            let shared = statement.words.intersection(&source.words).count();
            let shorter = statement.words.len().min(source.words.len());
            let longer = statement.words.len().max(source.words.len());
            // A short line inside a long one is a topic they share.
            shared * 100 >= shorter * least && shared * 5 >= longer * 3
        });
        if let Some(source) = copied {
            findings
                .at(doc, statement.span, format!("repeats a statement of `{}`", other.path()))
                .help("leave it to the document that owns it, and link the two")
                .label_in(other.path(), source.span, "stated here");
        }
    }
}

fn statements(project: &Project<'_>, doc: &DocumentView) -> Vec<Statement> {
    let least = project.context().number(&RULE, "words") as usize;
    let blocks = prose::blocks(doc).into_iter();
    blocks
        .filter(|block| matches!(block.shape, Shape::Item { .. }))
        .filter_map(|block| {
            let text = prose::lower(doc.text(block.span));
            let words: BTreeSet<String> = text
                .split(|c: char| !c.is_alphanumeric())
                .filter(|word| !word.is_empty() && !FILLERS.contains(word))
                .map(str::to_owned)
                .collect();
            (words.len() >= least).then_some(Statement { span: block.span, words })
        })
        .collect()
}
