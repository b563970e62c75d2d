//! Relations that a document states: in its front matter, else in a line at its head.

use planwright_model::RelationType;
use planwright_syntax::Span;
use planwright_syntax::splice::Edit;
use planwright_syntax::yaml::{Entry, ValueKind};

use super::Subject;
use super::state::{below_title, like};
use crate::reader::header;

/// Ways to state a relation to the file at a path from the root.
pub(super) fn edits(subject: &Subject<'_>, relation: RelationType, target: &str) -> Vec<Vec<Edit>> {
    let target = relative(&subject.document.path, target);
    let stated = subject.document.relations.iter();
    let mut stated = stated.filter(|found| found.kind == relation);
    if stated.any(|found| found.target == target) {
        return vec![Vec::new()];
    }
    let edit = match &subject.parsed.front_matter {
        Some(matter) => {
            let entries = matter.entries().iter();
            let mut known =
                entries.filter(|entry| subject.words.relation(&entry.key) == Some(relation));
            if let Some(entry) = known.next() {
                append(subject, entry, &quoted(&target))
            } else {
                let key = relation.as_str();
                let line = format!("{key}: {}{}", quoted(&target), subject.newline());
                Edit::insert(matter.inner.end, line)
            }
        }
        None => header_line(subject, relation, &target),
    };
    vec![vec![edit]]
}

/// One more target behind a key.
fn append(subject: &Subject<'_>, entry: &Entry, target: &str) -> Edit {
    let source = &subject.parsed.source;
    let value = &entry.value;
    let text = subject.parsed.text(value.span);
    match &value.kind {
        ValueKind::Sequence(items) if text.starts_with('[') => {
            let close = value.span.start + text.rfind(']').unwrap_or(text.len()) as u32;
            let gap = if items.is_empty() { "" } else { ", " };
            Edit::insert(close, format!("{gap}{target}"))
        }
        ValueKind::Sequence(items) if !items.is_empty() => {
            let last = items.last().map_or(value.span, |item| item.span);
            let line = source.line(last.end.max(last.start + 1) - 1);
            let indent: String = source
                .line_text(line)
                .chars()
                .take_while(|c| *c == ' ')
                .collect();
            let at = source.line_span(line).end;
            Edit::insert(at, format!("{}{indent}- {target}", subject.newline()))
        }
        ValueKind::Scalar(words, _) if !value.is_null() && !words.trim().is_empty() => {
            Edit::replace(value.span, format!("[{}, {target}]", text.trim()))
        }
        _ => {
            let line = source.line(entry.key_span.start);
            let start = source.line_span(line).start;
            let written = source.line_text(line);
            let colon = written.find(':').map_or(written.len(), |at| at + 1);
            let rest = &written[colon..];
            let end = rest.find(" #").unwrap_or(rest.len());
            let end = colon + rest[..end].trim_end().len();
            let span = Span::new(start as usize + colon, start as usize + end);
            Edit::replace(span, format!(" {target}"))
        }
    }
}

/// A line `**Superseded by:** [x](x.md)` behind the line of the state, in its style.
fn header_line(subject: &Subject<'_>, relation: RelationType, target: &str) -> Edit {
    let newline = subject.newline();
    let source = &subject.parsed.source;
    let words = relation.as_str().replace('_', " ");
    let mut key = words.clone();
    if let Some(first) = key.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    let name = target.rsplit('/').next().unwrap_or(target);
    let name = name.strip_suffix(".md").unwrap_or(name);
    let link = format!("[{name}]({target})");
    let pairs = header::read_pairs(&subject.outline, subject.words);
    let state = subject.document.state.line;
    let pair = pairs
        .iter()
        .filter(|pair| !pair.footer)
        .max_by_key(|pair| Some(pair.line) == state);
    if let Some(pair) = pair
        && let Some(text) = like(source.line_text(pair.line), pair, &key, &link)
    {
        let at = source.line_span(pair.line).end;
        let is_apart = pair.line < source.line_count()
            && source.line_text(pair.line + 1).trim().is_empty()
            && text.trim_start().starts_with("**");
        let gap = if is_apart { newline } else { "" };
        return Edit::insert(at, format!("{newline}{gap}{text}"));
    }
    let text = format!("**{key}:** {link}");
    below_title(subject, &text)
}

/// A path from the root as one from the folder of another file.
pub(crate) fn relative(from: &str, to: &str) -> String {
    let folders = |path: &str| -> Vec<String> {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        folder
            .split('/')
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let (here, there) = (folders(from), folders(to));
    let shared = here.iter().zip(&there).take_while(|(a, b)| a == b).count();
    let name = to.rsplit('/').next().unwrap_or(to);
    let up = std::iter::repeat_n("..", here.len() - shared);
    let parts = up
        .chain(there[shared..].iter().map(String::as_str))
        .chain([name]);
    parts.collect::<Vec<_>>().join("/")
}

/// A value of front matter, in quotes where YAML would read something else.
fn quoted(text: &str) -> String {
    let is_plain = text
        .chars()
        .all(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '/' | '-'))
        && text.starts_with(|c: char| c.is_alphabetic() || c == '.');
    if is_plain {
        text.to_owned()
    } else {
        format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_from_one_file_to_another() {
        for (from, to, expected) in [
            ("docs/plans/a.md", "docs/plans/b.md", "b.md"),
            ("docs/plans/a.md", "docs/adr/b.md", "../adr/b.md"),
            ("a.md", "docs/b.md", "docs/b.md"),
            ("docs/plans/a.md", "b.md", "../../b.md"),
        ] {
            assert_eq!(relative(from, to), expected);
        }
        assert_eq!(quoted("../a-b.md"), "../a-b.md");
        assert_eq!(quoted("a b.md"), "\"a b.md\"");
    }
}
