//! White space: line endings, ends of lines, blank lines.

use std::collections::BTreeSet;

use planwright_syntax::splice::Edit;
use planwright_syntax::{Kind, LineEnding, Parsed, Span};

use super::Proposal;
use crate::writer::Subject;

/// Gives the rare line endings the form of the others.
pub(super) fn line_endings(subject: &Subject<'_>) -> Vec<Proposal> {
    let source = &subject.parsed.source;
    let bytes = source.bytes();
    let most = source.line_ending();
    let ends = memchr::memchr_iter(b'\n', bytes);
    let edits = ends.filter_map(|at| {
        let is_crlf = at > 0 && bytes[at - 1] == b'\r';
        match most {
            LineEnding::Lf if is_crlf => Some(Edit::replace(Span::new(at - 1, at), "")),
            LineEnding::CrLf if !is_crlf => Some(Edit::insert(at as u32, "\r")),
            _ => None,
        }
    });
    edits.map(|edit| Proposal::plain(vec![edit])).collect()
}

/// The lines in which white space means something: code, HTML and front matter.
fn kept(parsed: &Parsed) -> BTreeSet<u32> {
    let source = &parsed.source;
    let is_kept = |kind: Kind| matches!(kind, Kind::Fence(_) | Kind::Indented | Kind::Html);
    let nodes = parsed.tree.nodes().iter().filter(|node| is_kept(node.kind));
    let mut lines: BTreeSet<u32> = BTreeSet::new();
    for node in nodes {
        let last = node.span.end.saturating_sub(1).max(node.span.start);
        lines.extend(source.line(node.span.start)..=source.line(last));
    }
    if let Some(matter) = &parsed.front_matter {
        lines.extend(1..source.line(matter.outer.end));
    }
    lines
}

/// Takes the white space from the ends of lines; a hard line break keeps two blanks.
pub(super) fn trailing(subject: &Subject<'_>) -> Vec<Proposal> {
    let source = &subject.parsed.source;
    let kept = kept(subject.parsed);
    let mut edits = Vec::new();
    for line in 1..=source.line_count() {
        let text = source.line_text(line);
        let bare = text.trim_end_matches([' ', '\t']);
        if bare.len() == text.len() || kept.contains(&line) {
            continue;
        }
        let span = source.line_span(line);
        let follows = line < source.line_count() && !source.line_text(line + 1).trim().is_empty();
        let is_break = text[bare.len()..].starts_with("  ") && !bare.is_empty() && follows;
        let white = Span {
            start: span.start + bare.len() as u32,
            end: span.start + text.len() as u32,
        };
        let left = if is_break { "  " } else { "" };
        if source.slice(white) != left {
            edits.push(Edit::replace(white, left));
        }
    }
    edits
        .into_iter()
        .map(|edit| Proposal::plain(vec![edit]))
        .collect()
}

/// Leaves one of several blank lines, and none at the end of the file, which ends in a line ending.
pub(super) fn blank_lines(subject: &Subject<'_>) -> Vec<Proposal> {
    let source = &subject.parsed.source;
    let kept = kept(subject.parsed);
    let count = source.line_count();
    let is_blank = |line: u32| source.line_text(line).trim().is_empty() && !kept.contains(&line);
    let mut edits = Vec::new();
    let mut line = 1;
    while line <= count {
        if !is_blank(line) {
            line += 1;
            continue;
        }
        let first = line;
        while line <= count && is_blank(line) {
            line += 1;
        }
        if line > count {
            break;
        }
        if line - first > 1 {
            edits.push(Edit::replace(
                Span {
                    start: source.line_span(first + 1).start,
                    end: source.line_span(line).start,
                },
                "",
            ));
        }
    }
    edits.extend(end(subject, &kept));
    edits
        .into_iter()
        .map(|edit| Proposal::plain(vec![edit]))
        .collect()
}

/// One line ending at the end of the file.
fn end(subject: &Subject<'_>, kept: &BTreeSet<u32>) -> Option<Edit> {
    let source = &subject.parsed.source;
    let text = source.text();
    let bare = text.trim_end_matches([' ', '\t', '\r', '\n']);
    let newline = subject.newline();
    if bare.is_empty() || &text[bare.len()..] == newline {
        return None;
    }
    // An open fence reaches to the end of the file.
    let is_kept = kept.contains(&source.line_count()) && text.ends_with(['\n', '\r']);
    (!is_kept).then(|| Edit::replace(Span::new(bare.len(), text.len()), newline))
}
