use std::collections::BTreeSet;

use planwright_model::{Document, Item};
use planwright_syntax::Span;

use crate::document::DocumentView;
use crate::finding::Findings;
use crate::project::{Doc, Project};
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
    let is_suspect = |doc: &Doc<'_>| {
        let waits = &doc.facts().claims.waits;
        !waits.is_empty() && {
            let known = known(project, doc.folder());
            waits.iter().any(|wanted| !known.contains(&wanted.to_lowercase()))
        }
    };
    let docs: Vec<Doc<'_>> = project.docs().filter(is_suspect).collect();
    findings.in_each(&docs, |doc, findings| in_document(project, doc, findings));
}

/// The documents of a feature number their tasks together.
fn known(project: &Project<'_>, folder: &str) -> BTreeSet<String> {
    let docs = project.in_folder(folder);
    let ids = docs.flat_map(|doc| &doc.facts().items);
    ids.map(|id| id.to_lowercase()).collect()
}

/// What open items wait for that is no item and no phase of the document.
pub(super) fn waits(doc: &DocumentView) -> Vec<String> {
    let document = doc.document();
    let own: BTreeSet<&str> = document.items.iter().filter_map(|item| item.id.as_deref()).collect();
    let waits = waiting(document).map(|(_, wanted)| wanted);
    let waits: BTreeSet<&String> = waits.filter(|wanted| !own.contains(wanted.as_str())).collect();
    waits.into_iter().cloned().collect()
}

/// What open items wait for, phases apart.
fn waiting(document: &Document) -> impl Iterator<Item = (&Item, &String)> {
    let phases: BTreeSet<String> = document.phases.iter().filter_map(|phase| Some(phase.id.as_deref()?.to_lowercase())).collect();
    let open = document.items.iter().filter(|item| !item.state.is_closed());
    let waiting = open.flat_map(|item| item.depends_on.iter().map(move |wanted| (item, wanted)));
    waiting.filter(move |(item, wanted)| !phases.contains(&wanted.to_lowercase()) && is_of_a_kind(item, wanted))
}

fn in_document(project: &Project<'_>, doc: &DocumentView, findings: &mut Findings) {
    let document = doc.document();
    let known = known(project, doc.folder());
    for (item, wanted) in waiting(document) {
        if known.contains(&wanted.to_lowercase()) {
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
            let line = doc.line(span.start);
            finding.sure_if((item.line..=item.end_line).contains(&line));
            match nearest(wanted, ids.filter(|id| item.id.as_deref() != Some(*id))) {
                Some(near) => finding.help(format!("did you mean {near}?")),
                None => finding.help("name a task that is there, or remove the dependency"),
            };
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
