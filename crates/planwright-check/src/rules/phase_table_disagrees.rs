use planwright_dialect::Dialect;
use planwright_model::{Document, DocumentState, Item, Milestone, Phase};

use crate::config::Context;
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::rule::{Category, Check, Rule, page};
use crate::text::{counted, short};

pub(super) static RULE: Rule = Rule {
    code: "PW207",
    name: "phase-table-disagrees",
    category: Category::State,
    reason: "whoever reads the table alone believes the opposite of the boxes",
    page: page!("phase-table-disagrees"),
    archived: true,
    check: Check::Dialect(check),
    ..Rule::DEFAULT
};

const NOT_BEGUN: [&str; 6] = ["not started", "not begun", "pending", "planned", "todo", "to do"];

/// The cell of a row that says that nothing was done yet.
fn idle<'a>(doc: &'a DocumentView, row: &Milestone) -> Option<&'a str> {
    let mut cells = doc.text(doc.line_span(row.line)).split('|').map(trimmed);
    cells.find(|cell| NOT_BEGUN.contains(&cell.to_lowercase().as_str()))
}

/// `✅ Complete`, `**Done**`
fn trimmed(cell: &str) -> &str {
    cell.trim_matches(|c: char| !c.is_alphanumeric() && c != '%')
}

fn check(doc: &DocumentView, dialect: &Dialect, _: &Context, findings: &mut Findings) {
    let document = doc.document();
    for row in &document.milestones {
        // A cell that says that nothing is there yet is none to the reader.
        let stated = row.status.as_deref().filter(|status| !status.ends_with('%'));
        let Some(status) = stated.or_else(|| idle(doc, row)) else {
            continue;
        };
        let is_ticked = |c: char| matches!(c, '✅' | '✓' | '✔' | '☑' | '\u{fe0f}');
        let (word, state) = match trimmed(status) {
            "" if !status.is_empty() && status.chars().all(is_ticked) => (status, Some(DocumentState::Done)),
            word if NOT_BEGUN.contains(&word.to_lowercase().as_str()) => (word, Some(DocumentState::Draft)),
            word => (word, dialect.state(word)),
        };
        if let Some(state) = state
            && let Some(phase) = phase_of(document, row)
        {
            compare(doc, row, word, state, phase, findings);
        }
    }
}

fn compare(doc: &DocumentView, row: &Milestone, word: &str, state: DocumentState, phase: &Phase, findings: &mut Findings) {
    let work = doc.document().items.iter().filter(|item| {
        item.role.is_work() && item.mark.is_some() && item.line > phase.line && item.line <= phase.end_line
    });
    let work: Vec<&Item> = work.collect();
    let left: Vec<&&Item> = work.iter().filter(|item| !item.state.is_closed()).collect();
    let open = left.len();
    let all = counted(work.len(), "task", "tasks");
    let word = short(word);
    let message = match state {
        DocumentState::Done if open == 1 => format!("the table says `{word}`, and 1 of {all} is open"),
        DocumentState::Done if open > 0 => format!("the table says `{word}`, and {open} of {all} are open"),
        DocumentState::Draft if !work.is_empty() && open == 0 => {
            format!("the table says `{word}`, and every task of the phase is done")
        }
        _ => return,
    };
    findings
        .at(doc, doc.words_in_line(row.line, &word), message)
        .help("let the table say what the boxes say, or tick what is done")
        .sure_if(heads(doc, row))
        // `Complete (one gap deferred)` says so itself.
        .sure_if(!row.status.as_deref().is_some_and(is_qualified))
        .sure_if(left.is_empty() || !left.iter().all(|item| doc.is_put_off(item)))
        .label(doc, doc.line_span(phase.line), "the phase");
}

/// True for a cell that names what is left.
fn is_qualified(status: &str) -> bool {
    let status = status.to_lowercase();
    ["defer", "gap", "except", "partial", "pending", "remaining"].iter().any(|word| status.contains(word))
}

/// False for `| R1, R2 | Phase 2 | Complete |`: the row is of something else in that phase.
fn heads(doc: &DocumentView, row: &Milestone) -> bool {
    let line = doc.text(doc.line_span(row.line));
    let first = line.trim_start_matches('|').split('|').next().unwrap_or_default();
    let (first, text) = (letters(first), letters(&row.text));
    text.starts_with(&first) || first.starts_with(&text) || first.chars().all(|c| c.is_ascii_digit())
}

/// The one phase that a row of a table speaks of: by its number, or by its name.
fn phase_of<'a>(document: &'a Document, row: &Milestone) -> Option<&'a Phase> {
    let wanted = letters(&row.text);
    let is_it = |phase: &&Phase| {
        let title = letters(&phase.title);
        title == wanted || wanted.len() > 5 && title.contains(&wanted) || numbered(&row.text).is_some_and(|id| phase.id.as_deref() == Some(id))
    };
    let mut found = document.phases.iter().filter(is_it);
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

/// The number behind a word for a phase at the start: `Phase 2: Ranking`.
fn numbered(text: &str) -> Option<&str> {
    let text = text.trim_matches(['*', ' ']);
    let (word, rest) = text.split_once(' ')?;
    let is_group = matches!(word.to_lowercase().as_str(), "phase" | "milestone" | "stage" | "wave" | "step");
    let id = rest.split([':', ' ', '-', '—']).next()?.trim_end_matches('.');
    (is_group && id.starts_with(|c: char| c.is_ascii_digit())).then_some(id)
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
