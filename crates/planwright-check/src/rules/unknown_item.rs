use std::collections::{BTreeMap, BTreeSet};

use planwright_model::Item;
use planwright_syntax::Span;

use crate::document::DocumentView;
use crate::finding::Findings;
use crate::project::Project;
use crate::rule::{Category, Check, Rule, page};
use crate::text::nearest;

pub(super) static RULE: Rule = Rule {
    code: "PW305",
    name: "unknown-item",
    category: Category::References,
    reason: "a task that waits for one that is not there waits forever, or not at all",
    page: page!("unknown-item"),
    check: Check::Project(check),
    ..Rule::DEFAULT
};

fn check(project: &Project<'_>, findings: &mut Findings) {
    // The documents of a feature number their tasks together.
    let mut folders: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for doc in project.documents() {
        let ids = doc.document().items.iter().filter_map(|item| item.id.as_deref());
        folders.entry(doc.folder()).or_default().extend(ids.map(str::to_lowercase));
    }
    for doc in project.documents() {
        let document = doc.document();
        let Some(known) = folders.get(doc.folder()) else {
            continue;
        };
        let phases: BTreeSet<String> = document.phases.iter().filter_map(|phase| Some(phase.id.as_deref()?.to_lowercase())).collect();
        for item in document.items.iter().filter(|item| !item.state.is_closed()) {
            for wanted in &item.depends_on {
                let lower = wanted.to_lowercase();
                if known.contains(&lower) || phases.contains(&lower) || !is_of_a_kind(item, wanted) {
                    continue;
                }
                let is_elsewhere = project.workspace().knows(wanted);
                // A range names more than is written.
                if let Some(span) = place(doc, item, wanted).filter(|_| !is_elsewhere) {
                    let message = match &item.id {
                        Some(id) => format!("{id} depends on {wanted}, which is not there"),
                        None => format!("depends on {wanted}, which is not there"),
                    };
                    let finding = findings.at(doc, span, message);
                    let ids = document.items.iter().filter_map(|other| other.id.as_deref());
                    match nearest(wanted, ids.filter(|id| item.id.as_deref() != Some(*id))) {
                        Some(near) => finding.help(format!("did you mean {near}?")),
                        None => finding.help("name a task that is there, or remove the dependency"),
                    };
                }
            }
        }
    }
}

/// True where an item, and the id that it waits for, have ids of one form, so that both are of the
/// document's own: `T012` and `T3`, not `WP01` and `WP5.2`.
fn is_of_a_kind(item: &Item, wanted: &str) -> bool {
    let form = |id: &str| -> Vec<char> {
        let mut form: Vec<char> = id.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
        form.dedup_by(|a, b| *a == '0' && *b == '0');
        form
    };
    item.id.as_deref().is_some_and(|id| form(id).contains(&'0') && form(id) == form(wanted))
}

/// Where the dependency is written: in the item, or in a line elsewhere that names the item first.
fn place(doc: &DocumentView, item: &Item, wanted: &str) -> Option<Span> {
    let own = (item.line..=item.end_line).find_map(|line| word(doc, line, wanted));
    own.or_else(|| {
        let id = item.id.as_deref()?;
        let mut lines = 1..=doc.parsed().source.line_count();
        lines.find_map(|line| {
            let (first, second) = (word(doc, line, id)?, word(doc, line, wanted)?);
            (first != second).then_some(second)
        })
    })
}

/// The first place of an id in a line, as a word of its own.
fn word(doc: &DocumentView, line: u32, id: &str) -> Option<Span> {
    let span = doc.line_span(line);
    let text = doc.text(span);
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(id).find_map(|(at, _)| {
        let apart = !text[..at].ends_with(is_part) && !text[at + id.len()..].starts_with(is_part);
        let start = span.start as usize + at;
        apart.then(|| Span::new(start, start + id.len()))
    })
}
