//! Which lines of which documents are held to exact words: Archcore's kinds, section by section. In
//! another dialect, where a team asks for it, its documents of the same kinds.

use planwright_model::Document;

use crate::document::DocumentView;
use crate::prose::{self, Block, Shape};

/// Kinds whose lines oblige or instruct.
const OBLIGING: [&str; 4] = ["spec", "rule", "guide", "task-type"];

/// Kinds whose lines argue or record.
const ARGUING: [&str; 10] = [
    "adr", "rfc", "prd", "plan", "tasks", "cpat", "mrd", "brd", "urd", "rnd",
];

/// Kinds that state requirements by standard.
const FORMAL: [&str; 4] = ["brs", "strs", "syrs", "srs"];

/// What a line of such a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// A numbered requirement.
    Clause,
    /// A numbered step of a procedure or a task list.
    Step,
    /// Another numbered line of a document that argues.
    Claim,
    /// Anything else.
    Text,
}

/// True for a document that asks for exact words and still counts.
pub(crate) fn is_asked(doc: &DocumentView) -> bool {
    let document = doc.document();
    let kind = document.kind.as_str();
    let kinds = || OBLIGING.iter().chain(&ARGUING).chain(&FORMAL);
    kinds().any(|known| *known == kind) && !document.state.value.is_closed()
}

/// The blocks of a document that asks for exact words, examples left out; none of another.
pub(crate) fn lines(doc: &DocumentView) -> Vec<(Line, Block<'_>)> {
    if !is_asked(doc) {
        return Vec::new();
    }
    prose::blocks(doc)
        .filter(|block| !is_example(block.section))
        .map(|block| (line(doc.document(), &block), block))
        .collect()
}

fn is_example(section: &str) -> bool {
    [
        "Examples",
        "Example",
        "Good",
        "Bad",
        "Before",
        "After",
        "Примеры",
    ]
    .iter()
    .any(|name| section.starts_with(name))
}

fn line(document: &Document, block: &Block<'_>) -> Line {
    let is_top = matches!(
        block.shape,
        Shape::Item {
            numbered: true,
            nested: false
        }
    );
    if !is_top {
        return Line::Text;
    }
    let is_in = |names: &[&str]| {
        names.iter().any(|name| {
            let rest = block.section.strip_prefix(name);
            rest.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
        })
    };
    match document.kind.as_str() {
        "spec" if is_in(&["Normative Behavior", "Failure Behavior", "Error Handling"]) => {
            Line::Clause
        }
        "rule" if is_in(&["Rule", "Rules"]) => Line::Clause,
        "guide" if is_in(&["Steps", "Procedure"]) => Line::Step,
        "task-type" if is_in(&["Steps"]) => Line::Step,
        "plan" | "tasks" if is_in(&["Tasks"]) => Line::Step,
        kind if ARGUING.contains(&kind) => Line::Claim,
        _ => Line::Text,
    }
}

/// The places of words of obligation, which are written in capitals, with their negation.
pub(crate) fn modals(words: &str) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = ["MUST", "SHOULD", "SHALL", "MAY"]
        .iter()
        .flat_map(|modal| prose::find(words, modal))
        .map(|(start, end)| {
            let negated = words[end..].starts_with(" NOT");
            (start, end + if negated { 4 } else { 0 })
        })
        .collect();
    found.sort_unstable();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_negation_belongs_to_its_modal() {
        let words = "The agent MUST NOT guess and MAY ask; it must wait in MAYBE";
        let found: Vec<&str> = modals(words)
            .into_iter()
            .map(|(a, b)| &words[a..b])
            .collect();
        assert_eq!(found, ["MUST NOT", "MAY"]);
    }
}
