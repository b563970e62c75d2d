//! Asides and labelled lines that are about an item: `(depends on T001)`, `- Owner: Ann`.

use std::ops::Range;

use super::Attribute;
use crate::reader::{Label, deps, estimate, label};
use crate::words::{normalise, strip_prefix_ignore_case};

/// What an aside or a labelled line is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Owner,
    Estimate,
    Needs,
    Status,
}

impl From<Attribute> for Kind {
    fn from(attribute: Attribute) -> Self {
        match attribute {
            Attribute::Owner => Self::Owner,
            Attribute::Estimate => Self::Estimate,
            Attribute::Needs => Self::Needs,
        }
    }
}

impl Kind {
    fn of_key(key: &str) -> Option<Self> {
        let key = normalise(key.trim_matches(['*', '_', '`', ' ']));
        Some(match label(&key)? {
            Label::Owner => Self::Owner,
            Label::Estimate => Self::Estimate,
            Label::Needs => Self::Needs,
            Label::Status => Self::Status,
        })
    }

    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::Owner => "Owner",
            Self::Estimate => "Estimate",
            Self::Needs => "Depends on",
            Self::Status => "Status",
        }
    }
}

/// A line that is about the item above it: what it is about, and where its value stands.
pub(super) fn labelled(line: &str) -> Option<(Kind, Range<usize>)> {
    let inner = line.trim_start_matches([' ', '\t', '-', '*', '+', '_', '>']);
    let start = line.len() - inner.len();
    let colon = inner.find([':', '：']).filter(|colon| *colon < 40)?;
    let kind = Kind::of_key(&inner[..colon])?;
    let behind = &inner[colon..];
    let colon_len = behind.chars().next().map_or(1, char::len_utf8);
    let value = behind[colon_len..].trim_start_matches(['*', '_', ' ']);
    let from = start + inner.len() - value.len();
    let end = value.find(" | ").unwrap_or(value.len());
    let value = value[..end].trim_end_matches(['*', '_', '\\', ' ', '\r']);
    Some((kind, from..from + value.len()))
}

/// Where the lines of a paragraph begin that say something about the item.
pub(super) fn lines_at(raw: &str) -> Option<usize> {
    let mut at = 0;
    for line in raw.split_inclusive('\n') {
        if at > 0 && labelled(line).is_some() {
            return Some(at);
        }
        at += line.len();
    }
    None
}

/// The asides of an item's words that are about it, with their parentheses.
pub(super) fn asides(text: &str) -> impl Iterator<Item = (Range<usize>, Kind)> {
    text.match_indices('(').filter_map(|(at, _)| {
        let close = at + text[at..].find(')')?;
        let inner = &text[at + 1..close];
        let kind = of_aside(inner).filter(|_| !inner.contains('('))?;
        Some((at..close + 1, kind))
    })
}

/// What the words of an aside are about.
pub(super) fn of_aside(inner: &str) -> Option<Kind> {
    if let Some((key, _)) = inner.split_once(':') {
        let kind = Kind::of_key(key).filter(|kind| *kind != Kind::Status);
        if kind.is_some() {
            return kind;
        }
    }
    if phrase(inner).is_some() {
        return Some(Kind::Needs);
    }
    let time = estimate::parse(inner).filter(|found| found.hours_min.is_some());
    time.filter(|_| inner.len() < 16).map(|_| Kind::Estimate)
}

/// The length of `depends on ` and its like.
fn phrase(inner: &str) -> Option<usize> {
    let phrases = [
        "depends on ",
        "depends upon ",
        "dependent on ",
        "blocked by ",
        "requires ",
        "after ",
    ];
    let rest = phrases
        .iter()
        .find_map(|phrase| strip_prefix_ignore_case(inner, phrase))?;
    // `(requires care)` is about something else.
    let word = rest.trim_start_matches(['`', '[', '*', ' ']);
    let named = strip_prefix_ignore_case(word, "task ").unwrap_or(word);
    let is_id = deps::ids(rest)
        .iter()
        .any(|id| named.starts_with(id.as_str()))
        || named.starts_with(|c: char| c.is_ascii_digit());
    is_id.then(|| inner.len() - rest.len())
}

/// Where the value of an aside stands.
pub(super) fn value_of_aside(inner: &str) -> Range<usize> {
    let start = match (inner.split_once(':'), phrase(inner)) {
        (Some((key, rest)), _) if Kind::of_key(key).is_some() => {
            inner.len() - rest.trim_start().len()
        }
        (_, Some(phrase)) => phrase,
        _ => 0,
    };
    let stops = [" — ", " – ", " - ", "; "];
    let value = &inner[start..];
    let end = stops.iter().filter_map(|stop| value.find(stop)).min();
    let end = end.unwrap_or(value.len());
    start..start + value[..end].trim_end().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_asides_are_about_an_item() {
        let line = |text: &'static str| labelled(text).map(|(kind, at)| (kind, &text[at]));
        assert_eq!(line("  - Owner: Ann"), Some((Kind::Owner, "Ann")));
        assert_eq!(line("**Depends on:** T001"), Some((Kind::Needs, "T001")));
        assert_eq!(line("_Estimate: 2h_"), Some((Kind::Estimate, "2h")));
        assert_eq!(line("- **Status**: Done"), Some((Kind::Status, "Done")));
        assert_eq!(line("- Purpose: to test"), None);
        for (text, expected) in [
            ("Owner: Ann", Some((Kind::Owner, "Ann"))),
            ("2h", Some((Kind::Estimate, "2h"))),
            (
                "depends on T001, T002 — they come first",
                Some((Kind::Needs, "T001, T002")),
            ),
            ("requires T004", Some((Kind::Needs, "T004"))),
            ("requires care", None),
            ("see docs", None),
            ("blocked: no key", None),
        ] {
            let found = of_aside(text).map(|kind| (kind, &text[value_of_aside(text)]));
            assert_eq!(found, expected, "{text}");
        }
    }
}
