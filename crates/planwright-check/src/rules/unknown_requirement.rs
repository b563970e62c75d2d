use std::collections::BTreeSet;

use planwright_syntax::{Kind, Span};

use crate::coverage::{Id, KIRO, citations, features, ids};
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::project::Project;
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
        let is_list = |doc: &&DocumentView| feature.tasks.iter().any(|task| task.path() == doc.path());
        let sources: Vec<&DocumentView> = feature.sources.iter().copied().filter(|doc| !is_list(doc)).collect();
        let known = ids(&sources);
        let spec = sources.iter().find(|doc| {
            let is_kiro = doc.stem() == "requirements" && citations(doc).iter().any(|one| one.id.prefix == KIRO);
            matches!(doc.document().kind.as_str(), "spec" | "prd") || is_kiro
        });
        let Some(spec) = spec else {
            continue;
        };
        let stated: BTreeSet<Id> = citations(spec).into_iter().map(|citation| citation.id).collect();
        for doc in &feature.tasks {
            in_tasks(doc, spec, &known, &stated, findings);
        }
    }
}

fn in_tasks(
    doc: &DocumentView,
    spec: &DocumentView,
    known: &BTreeSet<Id>,
    stated: &BTreeSet<Id>,
    findings: &mut Findings,
) {
    let mut seen = BTreeSet::new();
    for citation in citations(doc) {
        let id = &citation.id;
        // A kind of requirement that the specification does not number is another's.
        let of_kind = || stated.iter().filter(|other| other.prefix == id.prefix);
        let last = of_kind().map(|other| other.number).max();
        let (Some(last), false) = (last, known.contains(id)) else {
            continue;
        };
        if !is_traced(doc, citation.span) || is_of_another(doc, citation.span.start) {
            continue;
        }
        // `FR-012a` may be a part of FR-012, and a criterion of Kiro's may be a paragraph.
        let whole = Id { suffix: String::new(), ..id.clone() };
        let has_parts = of_kind().any(|other| other.number == id.number && !other.suffix.is_empty());
        let is_part = known.contains(&whole) && !id.suffix.is_empty() && !(id.prefix == KIRO && has_parts);
        if is_part || !seen.insert(id.clone()) {
            continue;
        }
        let written = doc.text(citation.span);
        let name = if id.prefix == KIRO {
            format!("requirement {written}")
        } else {
            written.to_owned()
        };
        findings
            .at(doc, citation.span, format!("`{}` states no `{name}`", spec.path()))
            .help(format!(
                "name the requirement that is meant (the last one there has the number {last}), or write it down"
            ));
    }
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
    let is_code = || {
        let mut nodes = doc.parsed().tree.nodes().iter();
        nodes.any(|node| matches!(node.kind, Kind::Fence(_) | Kind::Code) && node.span.contains(span))
    };
    let mut items = doc.document().items.iter();
    items.any(|item| {
        item.role.is_work() && (item.line == line || is_labelled && (item.line..=item.end_line).contains(&line))
    }) && !is_code()
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
