use planwright_model::{Document, DocumentState, Item, ItemRole, ItemState, Section};
use planwright_syntax::Span;
use serde::{Deserialize, Serialize};

use crate::document::DocumentView;
use crate::finding::{Findings, Spot};
use crate::project::{Doc, Project};
use crate::rule::{Category, Check, Rule, page};
use crate::tables::{self, is_unsaid};
use crate::text::{counted, short};

/// How many unticked principles a finding points at.
const SHOWN: usize = 5;

pub(super) static RULE: Rule = Rule {
    code: "PW601",
    name: "unjustified-violation",
    category: Category::Governance,
    reason: "a principle that nobody confirmed and nobody excused was not looked at",
    page: page!("unjustified-violation"),
    check: Check::Project(check),
    ..Rule::DEFAULT
};

/// What an unticked line says to be excused.
const EXCUSES: [&str; 9] = [
    "n/a", "not applicable", "justif", "exception", "violat", "waive", "complexity tracking", "deferred",
    "exempt",
];

fn check(project: &Project<'_>, findings: &mut Findings) {
    for doc in project.docs() {
        let Some(open) = &doc.facts().claims.unjustified else {
            continue;
        };
        let (Some((first, others)), Some(moved)) = (open.spots.split_first(), moved_on(project, &doc)) else {
            continue;
        };
        let name = &open.name;
        let message = match others.len() {
            0 => format!("`{name}` is neither confirmed nor justified, and {moved}"),
            more => {
                let more = counted(more, "further principle", "further principles");
                format!("`{name}` and {more} are neither confirmed nor justified, and {moved}")
            }
        };
        let finding = findings.at_spot(doc.path(), *first, message);
        finding.help(
            "tick what the plan respects; write down why it violates the others under `Complexity Tracking` \
             or `Violations:`",
        );
        for spot in others.iter().take(SHOWN) {
            finding.label_spot(doc.path(), *spot, "open as well");
        }
    }
}

/// The principles that a document neither confirms nor says why it violates them.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Unjustified {
    /// The name of the first, shortened.
    name: String,
    spots: Vec<Spot>,
}

impl Unjustified {
    pub(super) fn of(doc: &DocumentView) -> Option<Self> {
        let boxes = principles(doc.document()).filter(|item| is_open(doc, item));
        let boxes = boxes.map(|item| (doc.item_span(item), short(name(&item.text)).into_owned()));
        let open: Vec<(Span, String)> = boxes.chain(rows(doc)).collect();
        let (_, name) = open.first()?;
        (!is_justified(doc)).then(|| Self {
            name: name.clone(),
            spots: open.iter().map(|(span, _)| doc.spot(*span)).collect(),
        })
    }
}

/// The boxes of the sections that compare the plan with the project's principles.
fn principles(document: &Document) -> impl Iterator<Item = &Item> {
    let is_governed = |item: &&Item| {
        let mut sections = document.sections.iter();
        sections.any(|section| is_governance(section) && holds(section, item.line))
    };
    let items = document.items.iter();
    items.filter(|item| item.role == ItemRole::Gate).filter(is_governed)
}

/// The rows of tables in those sections that say that a principle is not kept, or nothing, and not a
/// word about it.
fn rows(doc: &DocumentView) -> Vec<(Span, String)> {
    let document = doc.document();
    let is_governed = |line: u32| document.sections.iter().any(|section| is_governance(section) && holds(section, line));
    let mut found = Vec::new();
    if !document.sections.iter().any(is_governance) {
        return found;
    }
    for table in tables::of(doc) {
        let Some(verdict) = table.column(&["status", "verdict", "result", "compliance", "compliant", "check", "pass", "state"]) else {
            continue;
        };
        let is_bold = |row: &[Span]| row.first().is_some_and(|cell| doc.text(*cell).starts_with("**"));
        let are_bold = table.rows.iter().filter(|row| is_bold(row)).count() * 2 > table.rows.len();
        for row in &table.rows {
            let (Some(first), Some(cell)) = (row.first(), row.get(verdict)) else {
                continue;
            };
            // A bold line with nothing behind it heads the rows below.
            let is_heading = !are_bold && is_bold(row) && row.iter().skip(1).all(|cell| doc.text(*cell).trim().is_empty());
            if is_heading {
                continue;
            }
            if verdict == 0 || !is_governed(doc.line(first.start)) || !is_broken(doc.text(*cell)) {
                continue;
            }
            // A remark in another cell excuses it.
            let others = row.iter().enumerate().filter(|(at, _)| *at > 0 && *at != verdict);
            let is_said = others.map(|(_, cell)| doc.text(*cell)).any(|text| !is_unsaid(text) && !denies(text));
            let named = doc.text(*first).trim_matches(['*', '_', '`', ' ']);
            if !is_said && !named.is_empty() {
                found.push((*first, short(named).into_owned()));
            }
        }
    }
    found
}

/// True for a verdict of one word against a principle, and for none at all.
fn is_broken(verdict: &str) -> bool {
    let bare = verdict.trim_matches(['*', '_', '`', ' ']);
    let words: Vec<String> = bare
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let is_word = |word: &String| {
        matches!(word.as_str(), "fail" | "fails" | "failed" | "violation" | "violated" | "violates" | "no" | "open" | "pending" | "tbd" | "todo")
    };
    match words.as_slice() {
        [] => is_unsaid(bare) || bare.contains(['❌', '✗', '✘', '⬜', '☐']),
        [word] => is_word(word),
        _ => false,
    }
}

fn is_governance(section: &Section) -> bool {
    section.role.as_deref() == Some("governance")
}

fn holds(section: &Section, line: u32) -> bool {
    (section.line..=section.end_line).contains(&line)
}

fn is_open(doc: &DocumentView, item: &Item) -> bool {
    let text = doc.text(Span {
        start: doc.line_span(item.line).start,
        end: doc.line_span(item.end_line).end,
    });
    let text = text.to_lowercase();
    item.state == ItemState::Todo
        && item.mark.is_some()
        && !EXCUSES.iter().any(|excuse| text.contains(excuse))
}

/// The name of a principle, which stands before its question.
fn name(text: &str) -> &str {
    let name = text.split([':', '?']).next().unwrap_or(text);
    name.trim_matches(['*', '_', ' '])
}

/// What shows that the plan went on; `None` while it is still being made.
fn moved_on(project: &Project<'_>, doc: &Doc<'_>) -> Option<String> {
    let facts = doc.facts();
    let of_feature = project.family(&facts.initiative).filter(|other| other.facts().holds_work);
    let done: u32 = of_feature.map(|other| other.facts().progress.done).sum();
    if done > 0 {
        let are = if done == 1 { "is" } else { "are" };
        return Some(format!("{} {are} done", counted(done as usize, "task", "tasks")));
    }
    let is_past = matches!(
        facts.state,
        DocumentState::Approved | DocumentState::Active | DocumentState::Done
    );
    (facts.holds_work && is_past).then(|| format!("the plan is `{}`", short(facts.native())))
}

/// True where the document says why it departs from a principle: in its table of deviations, or
/// behind `Violations:`.
fn is_justified(doc: &DocumentView) -> bool {
    let sections = &doc.document().sections;
    let deviations = sections
        .iter()
        .filter(|section| section.role.as_deref() == Some("delta") && !section.empty);
    let source = &doc.parsed().source;
    for section in deviations {
        let lines = (section.line + 1..=section.end_line).map(|line| doc.text(source.line_span(line)));
        let mut rows = lines.filter(|line| line.trim_start().starts_with('|'));
        if rows.next().is_none() {
            let text = (section.line + 1..=section.end_line)
                .map(|line| doc.text(source.line_span(line)).trim())
                .find(|text| !text.is_empty());
            if text.is_some_and(|text| !denies(text)) {
                return true;
            }
        } else if rows.skip(1).any(is_filled) {
            return true;
        }
    }
    (1..=source.line_count()).any(|line| {
        let text = doc.text(source.line_span(line)).trim();
        let bare = text.trim_start_matches(['*', '_', '-', ' ']);
        let Some((label, rest)) = bare.split_once(':') else {
            return false;
        };
        let label = label.trim_matches(['*', '_', ' ']).to_lowercase();
        let rest = rest.trim_matches(['*', '_', ' ']);
        (label == "violations" || label == "justification" || label == "constitution violations")
            && !rest.is_empty()
            && !denies(rest)
    })
}

/// A row with a violation and a word about it.
fn is_filled(row: &str) -> bool {
    let cells = row.trim().trim_matches('|').split('|');
    let filled = cells.filter(|cell| !is_unsaid(cell) && !denies(cell.trim()));
    filled.count() >= 2
}

/// True for `None`, `No violations`, a rule of dashes, and what a form leaves to be filled in.
fn denies(text: &str) -> bool {
    let lower = text.trim_matches(['*', '_', '>', ' ', '(', ')']).to_lowercase();
    is_unsaid(text)
        || lower.chars().all(|c| matches!(c, '-' | ':' | '|' | ' '))
        || ["none", "no ", "n/a", "not applicable", "fill only if", "nothing"]
            .iter()
            .any(|word| lower.starts_with(word))
}
