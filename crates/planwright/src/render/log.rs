//! What a document records: progress, discoveries, decisions, outcomes, changes of itself.

use planwright_model::{Document, LogEntry, LogRole};

use super::line::{Line, Page};
use super::records;
use super::style::Style;
use super::text::wrap;

/// So many entries of a kind are shown unless all were asked for.
const LATEST: usize = 5;

/// The latest entries of each kind, or all. Entries that are boxes, too, stand among the items.
pub(super) fn log(page: &mut Page, document: &Document, all: bool, columns: usize, style: &Style) {
    for (title, role, grounds) in [
        ("Progress", LogRole::Progress, "why"),
        ("Discoveries", LogRole::Discovery, "evidence"),
        ("Decisions", LogRole::Decision, "why"),
        ("Outcomes", LogRole::Outcome, "why"),
        ("Changes of the document", LogRole::Update, "why"),
    ] {
        let is_item = |entry: &&LogEntry| {
            document
                .items
                .binary_search_by_key(&entry.line, |item| item.line)
                .is_ok()
        };
        let entries: Vec<&LogEntry> = document
            .log
            .iter()
            .filter(|entry| entry.role == role)
            .filter(|entry| !is_item(entry))
            .collect();
        section(page, (title, grounds), entries, all, columns, style);
    }
}

fn section(
    page: &mut Page,
    (title, grounds): (&str, &str),
    mut entries: Vec<&LogEntry>,
    all: bool,
    columns: usize,
    style: &Style,
) {
    if entries.is_empty() {
        return;
    }
    // Some logs grow at the top; where all entries are dated, the dates decide.
    if entries.iter().all(|entry| entry.time.is_some()) {
        entries.sort_by(|a, b| a.time.cmp(&b.time));
    }
    let older = if all {
        0
    } else {
        entries.len().saturating_sub(LATEST)
    };
    page.gap();
    let title = Line::new().strong(title);
    page.push(if older > 0 {
        title.dim(format!(
            "  the latest {LATEST} of {} (--all shows all)",
            entries.len()
        ))
    } else {
        title
    });
    for entry in entries.into_iter().skip(older) {
        let time = entry.time.as_deref().map(moment);
        let start = time.map(|time| format!("{time}  ")).unwrap_or_default();
        records::paragraph(page, &start, &entry.text, entry.line, columns);
        let rationale = entry.rationale.as_ref();
        if let Some(rationale) = rationale.filter(|rationale| !entry.text.contains(&***rationale)) {
            let indent = 2 + start.len();
            for part in wrap(
                &format!("{grounds}: {rationale}"),
                columns - indent,
                columns - indent,
            ) {
                page.push(Line::indent(indent).dim(part).cut(columns, style));
            }
        }
    }
}

/// When the item on a line was recorded.
pub(super) fn recorded(log: &[LogEntry], line: u32) -> Option<String> {
    let entry = log.iter().find(|entry| entry.line == line)?;
    entry.time.as_deref().map(moment)
}

/// A point in time for people: `2026-02-03 13:00Z`.
fn moment(time: &str) -> String {
    time.replacen('T', " ", 1)
}
