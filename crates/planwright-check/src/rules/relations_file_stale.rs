use std::collections::BTreeSet;

use planwright_syntax::Span;
use planwright_syntax::splice::Edit;
use planwright_syntax::yaml::{self, Value, ValueKind};
use planwright_workspace::path::{join, parent};

use crate::finding::{Findings, Fix};
use crate::project::Project;
use crate::rule::{Category, Check, Rule, page};

pub(super) static RULE: Rule = Rule {
    code: "PW311",
    name: "relations-file-stale",
    category: Category::References,
    reason: "the relation says nothing any more, and hides what it once said",
    page: page!("relations-file-stale"),
    fixable: true,
    check: Check::Project(check),
    ..Rule::DEFAULT
};

fn check(project: &Project<'_>, findings: &mut Findings) {
    for path in relations_files(project) {
        let Some(file) = project.file(&path) else {
            continue;
        };
        // What is no JSON is reported as such.
        let Ok(Some(root)) = yaml::parse(file.source.text(), 0) else {
            continue;
        };
        let relations = match root.get("relations").map(|value| &value.kind) {
            Some(ValueKind::Sequence(relations)) => relations.as_slice(),
            _ => &[],
        };
        let mut seen = BTreeSet::new();
        for relation in relations {
            for end in ["source", "target"] {
                let Some(value) = relation.get(end) else {
                    continue;
                };
                let Some((name, place)) = value.as_str().and_then(|name| Some((name, join(parent(&path), name)?))) else {
                    continue;
                };
                // A document that is gone is gone once, however many relations it had.
                if project.exists(&place) || !seen.insert(name.to_owned()) {
                    continue;
                }
                let ends: Vec<Span> = relations.iter().flat_map(|other| places(other, name)).collect();
                let finding = findings.in_file(&path, value.span, message(name, ends.len()));
                for span in ends.iter().filter(|span| **span != value.span).take(3) {
                    finding.label_in(&path, *span, "and here");
                }
                let moved = project.files().like(&place).filter(|candidate| candidate.moved);
                let inside = moved.as_ref().and_then(|candidate| candidate.path.strip_prefix(parent(&path))?.strip_prefix('/'));
                if let Some(now) = inside {
                    finding.help(format!("`{now}` has the same name: did it move?"));
                    let quoted = |span: &Span| file.source.slice(*span) == format!("\"{name}\"");
                    if ends.iter().all(quoted) {
                        let edits = ends.iter().map(|span| Edit::replace(*span, format!("\"{now}\""))).collect();
                        finding.fix(Fix::new(&path, format!("write `{now}`"), edits));
                    }
                } else {
                    finding.help("put the document back, or remove its relations");
                }
            }
        }
    }
}

fn message(name: &str, relations: usize) -> String {
    match relations {
        0 | 1 => format!("a relation names `{name}`, which is not there"),
        many => format!("{many} relations name `{name}`, which is not there"),
    }
}

/// Where a relation names a document.
fn places<'a>(relation: &'a Value, name: &'a str) -> impl Iterator<Item = Span> + 'a {
    let ends = ["source", "target"].into_iter().filter_map(|end| relation.get(end));
    ends.filter(move |value| value.as_str() == Some(name)).map(|value| value.span)
}

/// The files that state relations, in the folders above documents.
fn relations_files(project: &Project<'_>) -> BTreeSet<String> {
    let dialects = project.workspace().dialects();
    let mut found = BTreeSet::new();
    let mut seen = BTreeSet::new();
    for doc in project.docs() {
        let mut above = doc.folder();
        while !above.is_empty() && seen.insert(above) {
            let path = format!("{above}/.sync-state.json");
            if dialects.is_relations_file(&path) && project.exists(&path) {
                found.insert(path);
            }
            above = parent(above);
        }
    }
    found
}
