//! Tables whose columns are told by their heads.

use planwright_syntax::{Kind, Span};

use crate::document::{DocumentView, trim};

/// A table: what its columns are called, and the bytes of its cells.
#[derive(Debug)]
pub(crate) struct Table {
    head: Vec<String>,
    /// The cells of each row below the head, without the blanks around them.
    pub(crate) rows: Vec<Vec<Span>>,
}

impl Table {
    /// The first column whose head is one of these words, or begins with one.
    pub(crate) fn column(&self, words: &[&str]) -> Option<usize> {
        self.head.iter().position(|head| {
            let is_it = |word: &&str| {
                head.strip_prefix(*word)
                    .is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
            };
            words.iter().any(is_it)
        })
    }
}

/// The tables of a document in their order.
pub(crate) fn of(doc: &DocumentView) -> Vec<Table> {
    let tree = &doc.parsed().tree;
    let cells = |row: u32| -> Vec<Span> {
        tree.children(row)
            .filter(|(_, cell)| cell.kind == Kind::TableCell)
            .map(|(_, cell)| trim(&doc.parsed().source, cell.span))
            .collect()
    };
    let nodes = tree.nodes().iter().enumerate();
    nodes
        .filter(|(_, node)| node.kind == Kind::Table)
        .map(|(at, _)| {
            let mut rows: Vec<Vec<Span>> = tree
                .children(at as u32)
                .map(|(row, _)| cells(row))
                .collect();
            let head = if rows.is_empty() {
                Vec::new()
            } else {
                rows.remove(0)
            };
            let words = |span: Span| {
                let text = doc.text(span).trim_matches(['*', '_', '`', ' ']);
                text.to_lowercase()
            };
            // A cell that runs on in the next line is no row of its own.
            let is_framed = |row: &[Span]| {
                row.first().is_none_or(|cell| {
                    let line = doc.text(doc.line_span(doc.line(cell.start)));
                    line.trim_start().starts_with('|')
                })
            };
            if is_framed(&head) {
                rows.retain(|row| is_framed(row));
            }
            Table {
                head: head.into_iter().map(words).collect(),
                rows,
            }
        })
        .collect()
}

/// True for what says that nothing is said yet: blanks, dashes, `TBD`, a placeholder in brackets.
/// `None` and `N/A` say something.
pub(crate) fn is_unsaid(text: &str) -> bool {
    let bare = text.trim().trim_matches(['*', '_', '`', '.', ' ']);
    let is_mark = |c: char| matches!(c, '-' | '—' | '–' | '?' | '…' | '.');
    let is_bracket = bare.starts_with('[') && bare.ends_with(']') && !bare.contains("](");
    bare.chars().all(is_mark)
        || is_bracket
        || [
            "tbd",
            "todo",
            "to be determined",
            "to be defined",
            "to be written",
            "to be decided",
            "to be done",
            "unknown",
            "tba",
        ]
        .iter()
        .any(|word| bare.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_nothing_is_told_from_what_denies() {
        for text in ["", " - ", "—", "**TBD**", "?", "[Name]", "..."] {
            assert!(is_unsaid(text), "{text}");
        }
        for text in ["None", "N/A", "Ada", "[x](y.md)", "@ada"] {
            assert!(!is_unsaid(text), "{text}");
        }
    }
}
