use std::collections::BTreeSet;

use planwright_syntax::{Kind, Span};

use crate::coverage::{Citation, Id, KIRO, Named, features, ids};
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::project::{Doc, Project};
use crate::rule::{Category, Check, Rule, page};

pub(super) static RULE: Rule = Rule {
    code: "PW702",
    name: "unknown-requirement",
    category: Category::Coverage,
    reason: "work for a requirement that does not exist was wanted by nobody, or is traced to the wrong one",
    page: page!("unknown-requirement"),
    check: Check::Project(check),
    ..Rule::DEFAULT
};

fn check(project: &Project<'_>, findings: &mut Findings) {
    for feature in features(project) {
        let known = ids(&feature.sources);
        let spec = feature.sources.iter().find(|doc| {
            let facts = doc.facts();
            let mut cited = facts.coverage.cited.iter();
            let is_kiro = doc.stem() == "requirements" && cited.any(|id| id.prefix == KIRO);
            matches!(facts.kind.as_str(), "spec" | "prd") || is_kiro
        });
        if let Some(spec) = spec {
            for doc in &feature.tasks {
                in_tasks(doc, spec, &known, findings);
            }
        }
    }
}

fn in_tasks(doc: &Doc<'_>, spec: &Doc<'_>, known: &BTreeSet<&Id>, findings: &mut Findings) {
    let mut seen = BTreeSet::new();
    for Named { id, spot, word } in &doc.facts().coverage.traced {
        // A kind of requirement that the specification does not number is another's.
        let stated = &spec.facts().coverage.cited;
        let of_kind = || stated.iter().filter(|other| other.prefix == id.prefix);
        let last = of_kind().map(|other| other.number).max();
        let (Some(last), false) = (last, known.contains(id)) else {
            continue;
        };
        // `FR-012a` may be a part of FR-012, and a criterion of Kiro's may be a paragraph.
        let whole = Id { suffix: String::new(), ..id.clone() };
        let has_parts = of_kind().any(|other| other.number == id.number && !other.suffix.is_empty());
        let is_part = known.contains(&whole) && !id.suffix.is_empty() && !(id.prefix == KIRO && has_parts);
        if is_part || !seen.insert(id) {
            continue;
        }
        let name = if id.prefix == KIRO {
            format!("requirement {word}")
        } else {
            word.clone()
        };
        let traced = &doc.facts().coverage.traced;
        let hits = traced.iter().filter(|other| other.id.prefix == id.prefix && known.contains(&other.id)).count();
        let misses = traced.iter().filter(|other| other.id.prefix == id.prefix && !known.contains(&other.id)).count();
        findings
            .at_spot(doc.path(), *spot, format!("`{}` states no `{name}`", spec.path()))
            .help(format!(
                "name the requirement that is meant (the last one there has the number {last}), or write it down"
            ))
            // Tasks that name few of its requirements are traced to something else.
            .sure_if(hits >= 3 && hits >= misses * 3)
            // What lies in another folder may be another feature's.
            .sure_if(doc.folder().starts_with(spec.folder()) && !spec.folder().contains("archive") || doc.folder() == spec.folder());
    }
}

/// The requirements that a list of tasks names as what they are for.
pub(crate) fn traced(doc: &DocumentView, all: &[Citation]) -> Vec<Named> {
    let nodes = doc.parsed().tree.nodes().iter();
    let code = nodes.filter(|node| matches!(node.kind, Kind::Fence(_) | Kind::Code));
    let code: Vec<Span> = code.map(|node| node.span).collect();
    let is_code = |span: Span| code.iter().any(|code| code.contains(span));
    let is_meant = |one: &&Citation| {
        is_traced(doc, one.span) && !is_of_another(doc, one.span.start) && !is_code(one.span)
    };
    let meant = all.iter().filter(is_meant).cloned();
    meant.map(|one| Named::of(doc, one)).collect()
}

/// True where a task says what it is for: in its own line, or behind a label below it. Legends and
/// counts are no tasks, and what stands in the text and the code below one may speak of another
/// specification.
fn is_traced(doc: &DocumentView, span: Span) -> bool {
    let line = doc.line(span.start);
    let text = doc.text(doc.line_span(line));
    let label = text.trim_start_matches(['-', '*', '+', '_', ' ', '\t', '>']);
    let label = label.split([':', '：']).next().unwrap_or_default().to_lowercase();
    let is_labelled = label.split_whitespace().count() <= 3
        && ["requirement", "cover", "satisf", "implement", "trace", "fr", "nfr", "sc", "ref", "需求"]
            .iter()
            .any(|word| label.starts_with(word));
    let mut items = doc.document().items.iter();
    items.any(|item| {
        item.role.is_work() && (item.line == line || is_labelled && (item.line..=item.end_line).contains(&line))
    })
}

/// True behind words that name another specification: `spec 012 FR-003`, `012-search/FR-003`.
fn is_of_another(doc: &DocumentView, start: u32) -> bool {
    let line = doc.line_span(doc.line(start));
    let before = doc.text(Span { start: line.start, end: start });
    let near = before.trim_end().trim_end_matches(['(', '[', '*', '`']);
    let word = near.trim_end().rsplit([' ', '(', '[']).next().unwrap_or_default();
    near.ends_with('/')
        || word.starts_with(|c: char| c.is_ascii_digit()) && word.contains('-')
        || word.starts_with("spec-")
        || word.len() == 3 && word.bytes().all(|b| b.is_ascii_digit())
}
