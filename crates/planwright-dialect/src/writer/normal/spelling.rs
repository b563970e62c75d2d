//! Boxes, words for states, days: the same in the dialect's own spelling.

use planwright_model::ItemState;
use planwright_syntax::splice::Edit;
use planwright_syntax::{Kind, Span};

use super::Proposal;
use crate::template::{KeyRule, ValueRule};
use crate::vocabulary::key_word;
use crate::writer::{Subject, native};

/// Boxes of what is done and what is to do, and the bullets of the lists that they stand in. Other
/// marks are a team's own.
pub(super) fn marks(subject: &Subject<'_>) -> Vec<Proposal> {
    let source = &subject.parsed.source;
    let mut found = bullets(subject);
    for item in &subject.document.items {
        let mark = match item.state {
            ItemState::Done => "[x]",
            ItemState::Todo => "[ ]",
            _ => continue,
        };
        let Some(now) = item.mark.as_deref().filter(|now| *now != mark) else {
            continue;
        };
        let inner = now.strip_prefix('[').and_then(|now| now.strip_suffix(']'));
        let is_box = inner.is_some_and(|inner| inner.chars().count() <= 1);
        let at = source.line_text(item.line).find(now).filter(|_| is_box);
        if let Some(at) = at {
            let start = source.line_span(item.line).start as usize + at;
            let span = Span::new(start, start + now.len());
            found.push(Proposal::plain(vec![Edit::replace(span, mark)]));
        }
    }
    found
}

/// The bullets of lists that hold boxes, list by list: other bullets in one list would part it.
fn bullets(subject: &Subject<'_>) -> Vec<Proposal> {
    let tree = &subject.parsed.tree;
    let nodes = tree.nodes();
    let mut found = Vec::new();
    for (at, list) in nodes.iter().enumerate() {
        if list.kind != Kind::List(None) {
            continue;
        }
        // Beside another list it would become one with it.
        let is_beside = |other: usize| {
            nodes
                .get(other)
                .is_some_and(|node| matches!(node.kind, Kind::List(None)))
        };
        let ends_at = |node: &&planwright_syntax::Node| node.next as usize == at;
        let before = nodes[..at].iter().find(ends_at);
        if before.is_some_and(|node| node.kind == Kind::List(None)) || is_beside(list.next as usize)
        {
            continue;
        }
        let items = nodes[at + 1..list.next as usize].iter().enumerate();
        let items = items.filter(|(_, node)| node.kind == Kind::Item);
        let own = items.filter(|(inner, _)| {
            let inner = at + 1 + inner;
            // Not those of lists below.
            !nodes[at + 1..inner]
                .iter()
                .any(|node| node.kind == Kind::List(None) && node.next as usize > inner)
                && !nodes[at + 1..inner].iter().any(|node| {
                    matches!(node.kind, Kind::List(Some(_))) && node.next as usize > inner
                })
        });
        let texts: Vec<(u32, &str)> = own
            .map(|(_, node)| (node.span.start, subject.parsed.text(node.span)))
            .collect();
        let is_box = |text: &str| {
            let text = text.trim_start_matches(['*', '+', ' ', '\t']);
            text.starts_with('[') && text.get(2..4).is_some_and(|rest| rest.starts_with(']'))
        };
        if !texts.iter().any(|(_, text)| is_box(text)) {
            continue;
        }
        let starred = texts
            .iter()
            .filter(|(_, text)| text.starts_with(['*', '+']));
        let edits: Vec<Edit> = starred
            .map(|(start, _)| Edit::replace(Span::new(*start as usize, *start as usize + 1), "-"))
            .collect();
        if !edits.is_empty() {
            found.push(Proposal::plain(edits));
        }
    }
    found
}

/// The word for the document's state as its form spells it. Another word of the same meaning stays.
pub(super) fn states(subject: &Subject<'_>) -> Vec<Proposal> {
    let state = &subject.document.state;
    let (Some(now), Some(line)) = (&state.native, state.line) else {
        return Vec::new();
    };
    let choices = native::choices(subject);
    if choices.contains(now) {
        return Vec::new();
    }
    let same = |word: &&String| key_word(word) == key_word(now);
    let Some(word) = choices.iter().find(same) else {
        return Vec::new();
    };
    let source = &subject.parsed.source;
    let text = source.line_text(line);
    let from = text.find(':').map_or(0, |at| at + 1);
    let Some(at) = text[from..].find(now.as_str()) else {
        return Vec::new();
    };
    let start = source.line_span(line).start as usize + from + at;
    let edit = Edit::replace(Span::new(start, start + now.len()), word.as_str());
    vec![Proposal {
        word: Some(word.clone()),
        ways: vec![vec![edit]],
    }]
}

/// The days of keys and header lines that the form has for days.
pub(super) fn dates(subject: &Subject<'_>) -> Vec<Proposal> {
    let Some(form) = subject.dialects.template_of(subject.document) else {
        return Vec::new();
    };
    let source = &subject.parsed.source;
    let is_date = |rule: &&KeyRule| rule.value == ValueRule::Date;
    let mut found = Vec::new();
    if let Some(matter) = subject
        .parsed
        .front_matter
        .as_ref()
        .filter(|matter| matter.valid)
    {
        let rules = form.front_matter.iter().flat_map(|rule| &rule.keys);
        for value in rules.filter(is_date).filter_map(|rule| rule.find(matter)) {
            let span = value.span;
            let text = source.slice(span).trim_end();
            let bare = text.trim_matches(['"', '\'']);
            if let Some(day) = day(bare) {
                let start = span.start as usize + text.find(bare).unwrap_or(0);
                found.push((Span::new(start, start + bare.len()), day));
            }
        }
    }
    let head = subject.document.sections.iter();
    let head = head
        .filter(|section| section.level > 1)
        .map(|section| section.line);
    for line in 1..head.min().unwrap_or(source.line_count() + 1) {
        let text = source.line_text(line);
        let Some((label, value)) = text.split_once(':') else {
            continue;
        };
        let bare = label.trim_matches(|c: char| !c.is_alphanumeric());
        if !form
            .labels
            .iter()
            .filter(is_date)
            .any(|rule| rule.is_met_by(bare))
        {
            continue;
        }
        let words = value.trim_matches(['*', ' ', '\t', '\r']);
        if let (Some(day), Some(at)) = (day(words), value.find(words)) {
            let start = source.line_span(line).start as usize + label.len() + 1 + at;
            found.push((Span::new(start, start + words.len()), day));
        }
    }
    let proposal = |(span, day): (Span, String)| Proposal {
        ways: vec![vec![Edit::replace(span, day.as_str())]],
        word: Some(day),
    };
    found.into_iter().map(proposal).collect()
}

/// A day that can only be read in one way and is not written as it should be.
pub(super) fn day(text: &str) -> Option<String> {
    const FORMS: [&str; 9] = [
        "%Y/%m/%d",
        "%Y.%m.%d",
        "%Y-%m-%d",
        "%B %d, %Y",
        "%b %d, %Y",
        "%B %d %Y",
        "%b %d %Y",
        "%d %B %Y",
        "%d %b %Y",
    ];
    let mut days = FORMS
        .iter()
        .filter_map(|form| jiff::civil::Date::strptime(form, text).ok());
    let day = days.next()?.to_string();
    let is_likely = day.starts_with("19") || day.starts_with("20");
    (is_likely && day != text).then_some(day)
}
