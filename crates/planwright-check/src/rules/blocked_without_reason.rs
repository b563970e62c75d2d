use planwright_model::{DocumentState, Item, ItemState, RelationType};

use crate::config::Context;
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::project::Project;
use crate::rule::{Category, Check, Rule, page};
use crate::text::short;

pub(super) static RULE: Rule = Rule {
    code: "PW210",
    name: "blocked-without-reason",
    category: Category::State,
    reason: "nobody can remove what holds the work up without knowing what it is",
    page: page!("blocked-without-reason"),
    check: Check::All(&[Check::Document(items), Check::Suspect(is_suspect, document)]),
    ..Rule::DEFAULT
};

/// What a file that states relations says of the document is known only together with the others.
fn is_suspect(doc: &DocumentView, _: &Context) -> bool {
    doc.document().state.value == DocumentState::Blocked && !is_explained(doc)
}

fn document(_: &Project<'_>, doc: &DocumentView, findings: &mut Findings) {
    if !is_explained(doc) {
        let native = short(doc.document().state.native.as_deref().unwrap_or_default());
        findings
            .at(doc, doc.state_span(), format!("says `{native}`, and nowhere what holds it up"))
            .help("name it under a heading `Blockers`, or in `depends_on`");
    }
}

fn items(doc: &DocumentView, _: &Context, findings: &mut Findings) {
    for item in doc.document().items.iter().filter(|item| item.state == ItemState::Blocked) {
        if is_marked(item) && item.depends_on.is_empty() && !gives_reason(doc, item) {
            findings
                .at(doc, doc.item_span(item), "blocked, and nothing says by what")
                .help("write it behind the task: `(blocked by ...)`");
        }
    }
}

/// True where the document names what it waits for, anywhere.
fn is_explained(doc: &DocumentView) -> bool {
    let document = doc.document();
    let stated = document.state.native.as_deref().unwrap_or_default();
    !document.blockers.is_empty()
        || document.relations.iter().any(|relation| relation.kind == RelationType::DependsOn)
        || stated.split_whitespace().count() > 1
        || (1..=doc.parsed().source.line_count())
            .filter(|line| document.state_claims.iter().all(|claim| claim.line != Some(*line)))
            .any(|line| names_a_cause(doc.text(doc.line_span(line))))
}

/// True for a mark that nobody makes by chance.
fn is_marked(item: &Item) -> bool {
    let mark = item.mark.as_deref().unwrap_or_default().to_lowercase();
    item.role.is_work() && (mark.contains("block") || mark.contains(['!', '⏸', '⛔', '🚫']))
}

fn gives_reason(doc: &DocumentView, item: &Item) -> bool {
    // A sentence of its own behind the task, or a line below it, is a reason in whatever words.
    let text = without_mark(&item.text);
    item.end_line > item.line || text.contains(['—', '–', '(', ';', ':']) || text.contains(" - ")
        || names_a_cause(doc.text(doc.item_span(item)).trim_start_matches(['-', '*', ' ', '[', '!', ']']))
}

/// The text without a word at its end that only says that it is blocked.
fn without_mark(text: &str) -> &str {
    let is_edge = |c: char| !c.is_alphanumeric();
    let bare = text.trim_end_matches(is_edge);
    let at = bare.len().saturating_sub("blocked".len());
    match bare.get(at..) {
        Some(last) if last.eq_ignore_ascii_case("blocked") => bare[..at].trim_end_matches(is_edge),
        _ => text,
    }
}

fn names_a_cause(text: &str) -> bool {
    let lower = text.to_lowercase();
    [
        "blocked by", "blocked on", "blocked until", "blocker", "because", "until", "wait", "pending", "depends on",
        "needs ", "requires", "due to", "reason", "missing",
    ]
    .iter()
    .any(|word| lower.contains(word))
}
