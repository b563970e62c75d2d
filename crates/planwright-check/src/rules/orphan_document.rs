use std::collections::BTreeMap;

use planwright_model::Level;
use planwright_workspace::path::parent;

use crate::finding::Findings;
use crate::project::{Project, SourceFile};
use crate::rule::{Category, Check, Rule, page};

pub(super) static RULE: Rule = Rule {
    code: "PW309",
    name: "orphan-document",
    category: Category::References,
    level: Some(Level::Info),
    dialects: &["archcore"],
    reason: "what nothing refers to is found only by those who know that it is there",
    page: page!("orphan-document"),
    check: Check::Project(check),
    ..Rule::DEFAULT
};

fn check(project: &Project<'_>, findings: &mut Findings) {
    let ws = project.workspace();
    let mut kept: BTreeMap<&str, Option<SourceFile<'_>>> = BTreeMap::new();
    for top in project.docs().filter_map(|doc| top(doc.path())) {
        kept.entry(top)
            .or_insert_with(|| project.file(&format!("{top}/.sync-state.json")));
    }
    for (index, entry) in ws.entries().enumerate() {
        let Some((top, doc)) = top(entry.path).zip(project.find(entry.path)) else {
            continue;
        };
        // Where relations are not kept at all, nothing is left out of them. A relation whose other end
        // is gone is reported there.
        let relations = kept.get(top).and_then(Option::as_ref);
        let name = planwright_workspace::path::name(entry.path);
        if relations.is_none_or(|file| file.source.text().contains(name)) {
            continue;
        }
        let links = ws.graph().outgoing(index).filter(|link| link.to.is_some_and(|to| to != index)).count()
            + ws.graph().incoming(index).filter(|link| link.from != index).count();
        if links == 0 && !doc.facts().state.is_closed() {
            findings
                .at_spot(doc.path(), doc.facts().title, "nothing refers to this document, and it refers to no other")
                .help("relate it to what it belongs to");
        }
    }
}

/// The folder `.archcore` that a document lies in.
fn top(path: &str) -> Option<&str> {
    let mut above = parent(path);
    while !above.is_empty() {
        if above.rsplit('/').next() == Some(".archcore") {
            return Some(above);
        }
        above = parent(above);
    }
    None
}
