//! Other words for an item: its id, its tags and what it says about itself in asides stay.

use planwright_model::Item;
use planwright_syntax::Span;
use planwright_syntax::splice::Edit;

use super::add::Lead;
use super::asides;
use super::item::{done_stamp, note_at};
use super::{Refusal, Subject, heading};
use crate::outline::ListItem;
use crate::times;
use crate::words::one_line;

/// Ways to set the words of the item that begins in a line.
pub(super) fn edits(
    subject: &Subject<'_>,
    line: u32,
    text: &str,
) -> Result<Vec<Vec<Edit>>, Refusal> {
    let text = one_line(text);
    if text.is_empty() {
        return Err(Refusal::NoWords);
    }
    let mut items = subject.document.items.iter();
    let item = items.find(|item| item.line == line);
    let item = item.ok_or(Refusal::NoItem { line })?;
    let listed = subject.outline.items.iter();
    let found = listed.filter(|found| found.line == line);
    let ways = match found.max_by_key(|found| found.mark.is_some()) {
        Some(found) => in_list(subject, item, found, &text),
        None => in_heading(subject, item, &text),
    };
    Ok(ways)
}

fn in_list(subject: &Subject<'_>, item: &Item, found: &ListItem<'_>, text: &str) -> Vec<Vec<Edit>> {
    let raw = found.raw;
    let lines = raw.trim_end();
    let end = asides::lines_at(lines).unwrap_or(lines.len());
    let words = lines[..end].trim_end();
    let lead = Lead::of(words, item.id.as_deref());
    let stamp = stamped(words);
    let opening: String = item.text.chars().take(12).collect();
    let plain = words.find(&opening).filter(|at| *at > 0 && *at < 80);
    let mut starts = Vec::new();
    if lead.used > 0 {
        starts.push((lead.used, lead.close));
    }
    starts.extend(stamp.map(|at| (at, "")));
    starts.extend(plain.map(|at| (at, "")));
    starts.push((0, ""));
    let way = |(at, close): (usize, &str)| {
        let behind = &words[at..];
        let kept = kept(behind, text);
        let span = subject.span_of(&behind[..behind.len() - kept.len()])?;
        let text = wrapped(subject, found, span, &format!("{text}{close}"), kept);
        if subject.parsed.text(span) == text {
            return Some(Vec::new());
        }
        Some(vec![Edit::replace(span, text)])
    };
    starts.into_iter().filter_map(way).collect()
}

/// Bytes up to the words behind a time at the beginning of an entry.
fn stamped(raw: &str) -> Option<usize> {
    let inner = raw.trim_start_matches(['*', '_', '(', '[', '`']);
    let (time, _) = times::leading(inner)?;
    let at = raw.len() - inner.len() + time.native.len();
    let close = raw[at..]
        .find([')', ']', ' ', ':'])
        .filter(|close| *close < 24)?;
    let rest =
        raw[at + close..].trim_start_matches([')', ']', '`', '*', '_', ':', ' ', '—', '–', '-']);
    Some(raw.len() - rest.len())
}

/// What stays at the end of words: asides that say who, how long, after what, and the note of a
/// state; but for those that the new words have, too.
fn kept<'r>(words: &'r str, text: &str) -> &'r str {
    let mut end = words.trim_end().len();
    loop {
        let rest = words[..end].trim_end();
        if let Some(at) = note_at(rest).or_else(|| done_stamp(rest)) {
            end = at;
            continue;
        }
        let Some(at) = rest.strip_suffix(')').and_then(|inner| inner.rfind('(')) else {
            break;
        };
        let aside = &rest[at + 1..rest.len() - 1];
        let Some(kind) = asides::of_aside(aside) else {
            break;
        };
        let is_new = asides::asides(text).any(|(_, found)| found == kind);
        if is_new || at == 0 {
            break;
        }
        end = rest[..at].trim_end().len();
    }
    &words[end..]
}

/// Words over as many lines as the old ones were wide, where these were wrapped.
fn wrapped(
    subject: &Subject<'_>,
    found: &ListItem<'_>,
    old: Span,
    text: &str,
    kept: &str,
) -> String {
    let was = subject.parsed.text(old);
    if !was.contains('\n') {
        return text.to_owned();
    }
    let source = &subject.parsed.source;
    let (first, last) = (source.line(old.start), source.line(old.end));
    let widths = (first..=last).map(|line| source.line_text(line).trim_end().chars().count());
    let width = widths.max().unwrap_or(100).max(40);
    let second = source.line_text(first + 1);
    let indent = &second[..second.len() - second.trim_start().len()];
    let start = source.line_span(found.line).start;
    let lead = subject.parsed.text(Span {
        start,
        end: old.start,
    });
    let mut column = lead.chars().count();
    let mut out = String::new();
    let last_word = kept
        .split_whitespace()
        .map(|word| word.chars().count() + 1)
        .sum::<usize>();
    let mut words = text.split(' ').peekable();
    while let Some(word) = words.next() {
        let mut len = word.chars().count();
        if words.peek().is_none() && !kept.contains('\n') {
            len += last_word;
        }
        if !out.is_empty() {
            // A word that would begin something else stays where it is.
            let begins = word.starts_with(['-', '*', '+', '#', '>', '|', '=', '`', '~'])
                || word
                    .trim_end_matches(['.', ')'])
                    .bytes()
                    .all(|b| b.is_ascii_digit());
            if column + 1 + len > width && !begins {
                out.push_str(subject.newline());
                out.push_str(indent);
                column = indent.chars().count();
            } else {
                out.push(' ');
                column += 1;
            }
        }
        out.push_str(word);
        column += word.chars().count();
    }
    out
}

fn in_heading(subject: &Subject<'_>, item: &Item, text: &str) -> Vec<Vec<Edit>> {
    let line = subject.parsed.source.line_text(item.line);
    let id = item.id.as_deref();
    let mut ways = Vec::new();
    let is_heading = line.trim_start().starts_with(['#', '*']);
    if is_heading && let Some(words) = heading::words(line, id) {
        let kept = kept(words, text);
        let span = subject.span_of(&words[..words.len() - kept.len()]);
        ways.extend(span.map(|span| vec![Edit::replace(span, text)]));
    } else {
        let raw = line.trim();
        let lead = Lead::of(raw, id);
        let behind = &raw[lead.used..];
        let kept = kept(behind, text);
        let span = subject.span_of(&behind[..behind.len() - kept.len()]);
        ways.extend(span.map(|span| vec![Edit::replace(span, text)]));
    }
    ways
}

#[cfg(test)]
mod tests {
    use super::{kept, stamped};

    #[test]
    fn asides_stay_behind_new_words() {
        for (words, text, expected) in [
            ("Write it (2h)", "New", " (2h)"),
            ("Write it (see docs)", "New", ""),
            (
                "Write it (depends on T001, T002)",
                "New",
                " (depends on T001, T002)",
            ),
            ("Write it (depends on T001)", "New (depends on T001)", ""),
            ("Write it (Owner: Ann) (2h)", "New", " (Owner: Ann) (2h)"),
            (
                "Write it (blocked: no key (yet))",
                "New",
                " (blocked: no key (yet))",
            ),
            ("Write it [DONE 2026-01-02]", "New", " [DONE 2026-01-02]"),
        ] {
            assert_eq!(kept(words, text), expected, "{words}");
        }
    }

    #[test]
    fn words_begin_behind_a_time() {
        let at = |raw: &'static str| stamped(raw).map(|at| &raw[at..]);
        assert_eq!(at("(2026-02-18 09:20Z) Read it"), Some("Read it"));
        assert_eq!(at("**2026-02-18**: Read it"), Some("Read it"));
        assert_eq!(at("Read it"), None);
    }
}
