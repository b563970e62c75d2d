use planwright_model::Level;

use crate::config::Context;
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::precision;
use crate::rule::{Category, Check, Rule, page};

pub(super) static RULE: Rule = Rule {
    code: "PW915",
    name: "relation-in-prose",
    category: Category::Prose,
    level: Some(Level::Info),
    dialects: &["archcore"],
    reason: "a path in the text is a relation that the graph does not know and a move breaks",
    page: page!("relation-in-prose"),
    check: Check::Document(check),
    ..Rule::DEFAULT
};

fn check(doc: &DocumentView, _: &Context, findings: &mut Findings) {
    if !precision::is_asked(doc) {
        return;
    }
    for link in doc.links().filter(|link| !link.image && link.written) {
        let path = link.destination.split('#').next().unwrap_or_default();
        let name = path.rsplit('/').next().unwrap_or_default();
        // `name.kind.md` is how Archcore calls its documents.
        let is_document = name.strip_suffix(".md").is_some_and(|stem| stem.contains('.'));
        if is_document && !path.contains("://") {
            findings
                .at(doc, link.place, format!("links to `{name}` in the text"))
                .help("state it as a relation, and name the document by its slug");
        }
    }
}
