//! Headings: of phases, and of tasks that are headings.

use planwright_model::{Item, Phase};
use planwright_syntax::splice::Edit;

use super::section::is_rule;
use super::{Addition, Refusal, Subject, number};
use crate::outline::LABEL;
use crate::reader::phases;
use crate::words::is_symbol;

/// A heading in its parts.
struct Heading<'a> {
    /// `### `, `**`.
    open: &'a str,
    /// `Task `, `Phase `, up to the number.
    word: &'a str,
    /// What stands between the number and the words.
    joint: &'a str,
    /// The words.
    rest: &'a str,
    /// `**`, `:` behind the words.
    close: &'a str,
}

impl<'a> Heading<'a> {
    fn of(line: &'a str, id: Option<&str>) -> Option<Self> {
        let line = line.trim_end();
        let inner = line.trim_start_matches(['#', ' ', '*']);
        let open = &line[..line.len() - inner.len()];
        if open.trim().is_empty() {
            return None;
        }
        let bare = inner.trim_end_matches(['*', ':', '#', ' ']);
        // What closes a heading of hashes is part of its words.
        let bare = if open.starts_with('#') && !open.contains('*') {
            inner.trim_end_matches('#').trim_end()
        } else {
            bare
        };
        let close = &inner[bare.len()..];
        let words = bare.trim_start_matches(|c: char| is_symbol(c) || matches!(c, ' ' | '~'));
        let words = match words.strip_prefix('[') {
            Some(boxed) => boxed.find("] ").map_or(words, |at| &boxed[at + 2..]),
            None => words,
        };
        let Some(id) = id else {
            return Some(Self {
                open,
                word: "",
                joint: "",
                rest: words,
                close,
            });
        };
        let at = words.find(id).filter(|at| *at <= 24)?;
        let behind = &words[at + id.len()..];
        let joins = |c: char| {
            matches!(
                c,
                '*' | '`' | ']' | ')' | ':' | '：' | '.' | '—' | '–' | '-' | '|' | ' '
            )
        };
        let rest = behind.trim_start_matches(joins);
        Some(Self {
            open,
            word: &words[..at],
            joint: &behind[..behind.len() - rest.len()],
            rest,
            close,
        })
    }
}

/// A heading like the one in a line, with another number and other words.
pub(super) fn like(line: &str, id: Option<(&str, &str)>, text: &str) -> Option<String> {
    let heading = Heading::of(line, id.map(|(own, _)| own))?;
    let Heading {
        open, word, close, ..
    } = heading;
    let joint = match (id, heading.joint) {
        (Some(_), "") => ": ",
        (_, joint) => joint,
    };
    let new = id.map_or("", |(_, new)| new);
    Some(format!("{open}{word}{new}{joint}{text}{close}"))
}

/// The words of a heading behind its number.
pub(super) fn words<'a>(line: &'a str, id: Option<&str>) -> Option<&'a str> {
    Heading::of(line, id).map(|heading| heading.rest)
}

/// Lines behind everything that stands below a heading; what parts its neighbours parts them, too.
fn behind(subject: &Subject<'_>, end_line: u32, text: &str) -> Edit {
    let source = &subject.parsed.source;
    let newline = subject.newline();
    let mut last = end_line.max(1);
    while last > 1 && source.line_text(last).trim().is_empty() {
        last -= 1;
    }
    let rule = is_rule(source.line_text(last)).then(|| source.line_text(last).trim_end());
    let mut lines = format!("{newline}{newline}{text}");
    if let Some(rule) = rule {
        lines.extend([newline, newline, rule]);
    }
    let is_tight = last < source.line_count() && !source.line_text(last + 1).trim().is_empty();
    if is_tight {
        lines.push_str(newline);
    }
    Edit::insert(source.line_span(last).end, lines)
}

/// A task that is a heading, behind another.
pub(super) fn task(
    subject: &Subject<'_>,
    neighbour: &Item,
    id: Option<&str>,
    text: &str,
) -> Option<Edit> {
    let sections = &subject.outline.sections;
    let at = sections
        .iter()
        .position(|section| section.line == neighbour.line && section.level > 0)?;
    let line = subject.parsed.source.line_text(neighbour.line);
    let ids = neighbour.id.as_deref().zip(id);
    let heading = like(line, ids, text)?;
    let end = phases::end_line(&subject.outline, at);
    Some(behind(subject, end, &heading))
}

/// Ways to add a phase.
pub(super) fn phase(
    subject: &Subject<'_>,
    addition: &Addition,
    text: &str,
) -> Result<(u32, Vec<Vec<Edit>>), Refusal> {
    let all = &subject.document.phases;
    let model = match addition.after {
        Some(line) => {
            let found = all.iter().find(|phase| phase.line == line);
            Some(found.ok_or(Refusal::NoItem { line })?)
        }
        None => all.iter().rfind(|phase| phase.parent.is_none()),
    };
    let Some(model) = model else {
        return first_phase(subject, text);
    };
    let source = &subject.parsed.source;
    let peers = all.iter().filter(|phase| phase.parent == model.parent);
    let ids = peers.filter_map(|phase: &Phase| phase.id.as_deref());
    let next = number::next_phase(ids);
    let mut ways = Vec::new();
    if let Some((own, next)) = model.id.as_deref().zip(next.as_deref())
        && let Some(heading) = like(source.line_text(model.line), Some((own, next)), text)
    {
        ways.push(vec![behind(subject, model.end_line, &heading)]);
    }
    Ok((model.line, ways))
}

/// The first phase of a document: below the heading of its tasks, else in a section of its own.
fn first_phase(subject: &Subject<'_>, text: &str) -> Result<(u32, Vec<Vec<Edit>>), Refusal> {
    if !matches!(
        subject.document.kind.as_str(),
        "plan" | "tasks" | "task" | "story" | "bug"
    ) {
        return Err(subject.no_section("phase"));
    }
    let sections = &subject.outline.sections;
    let work = sections.iter().enumerate().find(|(_, section)| {
        section.level < LABEL && matches!(section.role, Some("steps" | "tasks" | "approach"))
    });
    let source = &subject.parsed.source;
    let (line, level, end) = match work {
        Some((at, section)) if section.level <= 5 => (
            section.line,
            section.level + 1,
            phases::end_line(&subject.outline, at),
        ),
        _ => (source.line_count(), 2, source.line_count()),
    };
    let heading = format!("{} Phase 1: {text}", "#".repeat(usize::from(level)));
    Ok((line, vec![vec![behind(subject, end, &heading)]]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_keeps_its_form() {
        for (line, own, new, expected) in [
            ("### Task 3: Write it", Some("3"), "4", "### Task 4: New"),
            (
                "## Phase 2 - Setup (Week 1)",
                Some("2"),
                "3",
                "## Phase 3 - New",
            ),
            ("**Phase 1: Setup**", Some("1"), "2", "**Phase 2: New**"),
            ("### ✅ 1.1 Write", Some("1.1"), "1.2", "### 1.2 New"),
            (
                "### [x] T-001: Write",
                Some("T-001"),
                "T-002",
                "### T-002: New",
            ),
            ("## M1", Some("M1"), "M2", "## M2: New"),
            ("### Write it ###", None, "", "### New ###"),
            ("**1. Write it:**", Some("1"), "2", "**2. New:**"),
        ] {
            let ids = own.map(|own| (own, new));
            assert_eq!(like(line, ids, "New").as_deref(), Some(expected), "{line}");
        }
        assert_eq!(like("Task 3: Write it", Some(("3", "4")), "New"), None);
    }
}
