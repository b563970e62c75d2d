use planwright_model::{DocumentState, RelationType};

use crate::document::DocumentView;
use crate::finding::Findings;
use crate::project::{Doc, Project};
use crate::rule::{Category, Check, Rule, page};
use crate::text::short;

pub(super) static RULE: Rule = Rule {
    code: "PW212",
    name: "superseded-without-successor",
    category: Category::State,
    reason: "whoever lands here is told to read something else, and not what",
    page: page!("superseded-without-successor"),
    archived: true,
    check: Check::Project(check),
    ..Rule::DEFAULT
};

fn check(project: &Project<'_>, findings: &mut Findings) {
    for doc in project.docs() {
        if !doc.facts().claims.lacks_successor || is_named(project, &doc) {
            continue;
        }
        let native = short(doc.facts().native());
        findings
            .at_spot(doc.path(), doc.facts().stated, format!("says `{native}`, and nothing says by what"))
            .help("name the document that took its place, in `superseded_by` or behind the state");
    }
}

/// True for a document that is superseded and does not say by what.
pub(super) fn lacks_successor(doc: &DocumentView) -> bool {
    doc.document().state.value == DocumentState::Superseded && !names_one(doc)
}

/// True where the document names what took its place: as a relation, or in words.
fn names_one(doc: &DocumentView) -> bool {
    let document = doc.document();
    let is_stated = document.relations.iter().any(|relation| relation.kind == RelationType::SupersededBy);
    let native = document.state.native.as_deref().unwrap_or_default();
    if is_stated || native.split_whitespace().count() > 1 {
        return true;
    }
    let text = doc.parsed().source.text().to_lowercase();
    // `Superseded on 2026-02-01 by [x](x.md)`, over two lines or one.
    let matter = doc.parsed().front_matter.as_ref();
    let is_named = text.match_indices("supersed").any(|(at, _)| {
        // The next key of the front matter is about something else.
        if matter.is_some_and(|matter| matter.outer.range().contains(&at)) {
            let line = text[at..].lines().next().unwrap_or_default();
            return line.contains(".md") || line.contains("](");
        }
        // `Superseded 2026-02-01. ... is rejected by the later design`
        let mut paragraph = text[at..].lines().take_while(|line| !line.trim_matches(['>', ' ']).is_empty());
        paragraph.any(|line| line.contains(".md") || line.contains("](") || line.contains(" by the") || line.contains(" by a "))
    });
    if is_named {
        return true;
    }
    // What stands at the top may say it in whatever words: `The shelves are governed by [x](x.md)`.
    let head = text.lines().take_while(|line| !line.starts_with("## "));
    if head.filter(|line| !line.contains("supersedes")).any(|line| line.contains(".md") && line.contains(" by ")) {
        return true;
    }
    let words = ["governed by", "superseded by", "replaced by", "superseded in favo", "replaced with", "in favor of", "in favour of", "successor"];
    let state = document.state.line.map(|line| doc.text(doc.line_span(line)));
    words.iter().any(|word| text.contains(word)) || state.is_some_and(|line| line.contains("](") || line.contains(".md"))
}

/// True where another document, or a file that states relations, names what took its place.
fn is_named(project: &Project<'_>, doc: &Doc<'_>) -> bool {
    let ws = project.workspace();
    ws.find(doc.path()).is_some_and(|index| {
        let mut outgoing = ws.graph().outgoing(index);
        if outgoing.any(|link| link.relation.kind == RelationType::SupersededBy) {
            return true;
        }
        let mut incoming = ws.graph().incoming(index);
        incoming.any(|link| link.relation.kind == RelationType::Supersedes)
    })
}
