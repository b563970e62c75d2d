//! Text that a template leaves to be filled in.

use planwright_model::Placeholder;
use planwright_syntax::Kind;

use crate::outline::Outline;

/// How many placeholders of one document are listed.
const MAX_PLACEHOLDERS: usize = 200;

/// Text that is still to be filled in. Links, task tags and boxes are none.
pub(super) fn placeholders(outline: &Outline<'_>) -> Vec<Placeholder> {
    let mut found = Vec::new();
    let parsed = outline.parsed;
    if let Some(matter) = &parsed.front_matter {
        for (n, line) in parsed.text(matter.inner).lines().enumerate() {
            let line_number = parsed.source.line(matter.inner.start) + n as u32;
            let value = line.split_once(':').map_or(line, |(_, value)| value);
            let value = value
                .split(" #")
                .next()
                .unwrap_or(value)
                .trim()
                .trim_start_matches("- ")
                .trim_matches(['"', '\'']);
            let choice = value.starts_with('[') && value.contains('|');
            let words = value.starts_with('[')
                && value.ends_with(']')
                && value.contains(' ')
                && !value.contains(',')
                && !value.contains(['"', '\'']);
            if choice || words || value.contains("{{") || value == "YYYY-MM-DD" {
                found.push(Placeholder {
                    line: line_number,
                    text: value.to_owned(),
                });
            }
        }
    }
    for node in parsed.tree.nodes() {
        if found.len() >= MAX_PLACEHOLDERS {
            break;
        }
        if !matches!(
            node.kind,
            Kind::Paragraph | Kind::Item | Kind::Heading(_) | Kind::TableCell
        ) {
            continue;
        }
        let mut id_line = None;
        let text = parsed.text(node.span);
        if matches!(node.kind, Kind::Item) && text.contains('\n') {
            id_line = text.lines().next();
        }
        let text = id_line.unwrap_or(text);
        for (at, len) in placeholder_spans(text) {
            let line = parsed.source.line(node.span.start + at as u32);
            let text = text[at..at + len].to_owned();
            if !found
                .iter()
                .any(|other| other.line == line && other.text == text)
            {
                found.push(Placeholder { line, text });
            }
        }
    }
    found.sort_by_key(|placeholder| placeholder.line);
    found
}

/// Byte ranges of `[Words to fill in]`, `[UPPER_CASE]`, `{{name}}`, `YYYY-MM-DD` in one block.
fn placeholder_spans(text: &str) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(found) = text[at..].find(['[', '{', 'Y', '`']) {
        let start = at + found;
        let rest = &text[start..];
        at = start + 1;
        if let Some(inner) = rest.strip_prefix('`') {
            at = inner
                .find('`')
                .map_or(text.len(), |close| start + close + 2);
        } else if rest.starts_with("{{") {
            if let Some(close) = rest
                .find("}}")
                .filter(|close| *close < 60 && !rest[..*close].contains('\n'))
            {
                out.push((start, close + 2));
                at = start + close + 2;
            }
        } else if rest.starts_with("YYYY-MM-DD") {
            out.push((start, 10));
            at = start + 10;
        } else if let Some(inner) = rest.strip_prefix('[') {
            let Some(close) = inner.find(']').filter(|close| (3..120).contains(close)) else {
                continue;
            };
            let word = &inner[..close];
            let after = &inner[close + 1..];
            let link = after.starts_with(['(', '[', ':'])
                || word.starts_with(['^', '[', '!'])
                || word.contains(['[', '\n', '`']);
            let prose = word.contains(' ') && word.starts_with(|c: char| c.is_alphabetic());
            let capitals = word.len() >= 4
                && word
                    .bytes()
                    .all(|b| b.is_ascii_uppercase() || matches!(b, b'_' | b' ' | b'#' | b'/'));
            let ids = word.starts_with(|c: char| c.is_ascii_uppercase())
                && !super::covers::listed(word).is_empty();
            let noun = matches!(
                word,
                "Name" | "Date" | "Owner" | "Author" | "Team" | "Title" | "Value"
            );
            let clarify = word.starts_with("NEEDS CLARIFICATION");
            if !link
                && !ids
                && (prose && word.split(' ').count() <= 14 || capitals || clarify || noun)
                && !word.starts_with("DONE")
                && !word.starts_with("BLOCKED")
            {
                out.push((start, close + 2));
            }
            at = start + close + 2;
        }
    }
    out
}
