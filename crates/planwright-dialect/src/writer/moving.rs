//! Another place for an item: its lines go there with everything below it.

use planwright_model::Item;
use planwright_syntax::Span;
use planwright_syntax::splice::Edit;

use super::add::is_loose;
use super::section::is_rule;
use super::{Refusal, Subject};
use crate::outline::ListItem;
use crate::reader::phases;

/// The lines of an item.
pub(super) struct Lines {
    pub(super) first: u32,
    pub(super) last: u32,
    /// The white space in front; `None` for a heading, with its level.
    indent: Result<String, u8>,
    is_loose: bool,
}

impl Lines {
    pub(super) fn of(subject: &Subject<'_>, item: &Item) -> Option<Self> {
        let outline = &subject.outline;
        let source = &subject.parsed.source;
        let listed = |found: &&ListItem<'_>| found.line == item.line && !found.quoted;
        if let Some(found) = outline.items.iter().rfind(listed) {
            let start = source.line_span(found.line).start;
            let lead = subject.parsed.text(Span {
                start,
                end: found.span.start,
            });
            return lead.trim().is_empty().then(|| Self {
                first: found.line,
                last: found.end_line,
                indent: Ok(lead.to_owned()),
                is_loose: is_loose(subject, found),
            });
        }
        let mut sections = outline.sections.iter().enumerate();
        let (at, section) = sections.find(|(at, section)| *at > 0 && section.line == item.line)?;
        let mut last = phases::end_line(outline, at);
        while last > section.line {
            let text = source.line_text(last);
            if !text.trim().is_empty() && !is_rule(text) {
                break;
            }
            last -= 1;
        }
        (section.level <= 6).then_some(Self {
            first: section.line,
            last,
            indent: Err(section.level),
            is_loose: true,
        })
    }
}

/// Ways to move the item that begins in a line.
pub(super) fn edits(
    subject: &Subject<'_>,
    line: u32,
    behind: bool,
    other: u32,
) -> Result<Vec<Vec<Edit>>, Refusal> {
    let source = &subject.parsed.source;
    let find = |line: u32| {
        let found = subject.document.items.iter().find(|item| item.line == line);
        found.ok_or(Refusal::NoItem { line })
    };
    let no_place = |why: &str| Refusal::NoPlace {
        line,
        why: why.to_owned(),
    };
    let (item, beside) = (find(line)?, find(other)?);
    let of = |item: &Item| Lines::of(subject, item);
    let lines = of(item).ok_or_else(|| no_place("it is no list item and no heading"))?;
    let place = of(beside).ok_or_else(|| no_place("the other is no list item and no heading"))?;
    if (lines.first..=lines.last).contains(&place.first) {
        return Err(no_place("it would stand below itself"));
    }
    let indent = match (&lines.indent, &place.indent) {
        (Ok(from), Ok(to)) => Some((from.as_str(), to.as_str())),
        (Err(from), Err(to)) if from == to => None,
        _ => {
            return Err(no_place(
                "one of the two is a heading, or one of another rank",
            ));
        }
    };
    if is_there(subject, &lines, &place, behind) {
        return Ok(vec![Vec::new()]);
    }
    let newline = subject.newline();
    let text = (lines.first..=lines.last).map(|line| {
        let text = source.line_text(line);
        match indent {
            Some((from, to)) if !text.trim().is_empty() => {
                text.strip_prefix(from).map(|rest| format!("{to}{rest}"))
            }
            _ => Some(text.to_owned()),
        }
    });
    let text: Option<Vec<String>> = text.collect();
    let text = text.ok_or_else(|| no_place("a line of it is not indented as it is"))?;
    let text = text.join(newline);
    let gap = if place.is_loose { newline } else { "" };
    let put = if behind {
        Edit::insert(
            source.line_span(place.last).end,
            format!("{newline}{gap}{text}"),
        )
    } else {
        Edit::insert(
            source.line_span(place.first).start,
            format!("{text}{newline}{gap}"),
        )
    };
    Ok(vec![vec![take(subject, &lines), put]])
}

/// True where nothing but blank lines stands between the two in the order asked for.
fn is_there(subject: &Subject<'_>, lines: &Lines, place: &Lines, behind: bool) -> bool {
    let (upper, lower) = if behind {
        (place, lines)
    } else {
        (lines, place)
    };
    let source = &subject.parsed.source;
    let mut between = upper.last + 1..lower.first;
    upper.last < lower.first
        && between.all(|line| source.line_text(line).trim().is_empty())
        && lines.indent == place.indent
}

/// Takes lines out, and one of the blank lines that would be left around them.
fn take(subject: &Subject<'_>, lines: &Lines) -> Edit {
    let source = &subject.parsed.source;
    let count = source.line_count();
    let is_blank = |line: u32| source.line_text(line).trim().is_empty();
    let starts = |line: u32| source.line_span(line).start;
    let (first, mut last) = (lines.first, lines.last);
    let above = first == 1 || is_blank(first - 1);
    if above && last < count && is_blank(last + 1) {
        last += 1;
    }
    if last < count {
        return Edit::replace(
            Span {
                start: starts(first),
                end: starts(last + 1),
            },
            "",
        );
    }
    // The end of the file stays as it is.
    let mut before = first.saturating_sub(1).max(1);
    while before > 1 && is_blank(before) {
        before -= 1;
    }
    Edit::replace(
        Span {
            start: source.line_span(before).end,
            end: source.line_span(lines.last).end,
        },
        "",
    )
}
