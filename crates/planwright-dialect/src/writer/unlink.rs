//! A relation less: out of the front matter, a line at the head or a list, where it stands alone.

use planwright_model::{Relation, RelationType};
use planwright_syntax::Span;
use planwright_syntax::splice::Edit;
use planwright_syntax::yaml::{Entry, Value, ValueKind};

use super::Subject;
use crate::reader::header;
use crate::template::KeyRule;

/// Ways to take back a relation, and the line in which it stands.
pub(super) fn edits(
    subject: &Subject<'_>,
    relation: RelationType,
    target: &str,
) -> (u32, Vec<Vec<Edit>>) {
    let relations = subject.document.relations.iter();
    let is_it = |found: &&Relation| found.kind == relation && found.target == target;
    let mut stated = relations.filter(is_it);
    let Some(found) = stated.find(|found| found.source != "link") else {
        let mut links = subject.document.relations.iter();
        let link = links.find(is_it);
        return match link {
            Some(link) => (link.line, Vec::new()),
            None => (1, vec![Vec::new()]),
        };
    };
    let taker = Taker {
        subject,
        relation,
        target,
        line: found.line,
    };
    let ways = match found.source.as_str() {
        "front matter" => taker.key(),
        "header" | "footer" => taker.header(),
        "section" => taker.bullet(),
        _ => Vec::new(),
    };
    (
        found.line,
        ways.into_iter().map(|edit| vec![edit]).collect(),
    )
}

struct Taker<'s, 'a> {
    subject: &'s Subject<'a>,
    relation: RelationType,
    target: &'s str,
    line: u32,
}

impl Taker<'_, '_> {
    /// Whole lines with their ends; at the end of the file the line ending in front of them.
    fn lines(&self, first: u32, last: u32) -> Edit {
        let source = &self.subject.parsed.source;
        let (mut start, end) = (source.line_span(first).start, source.line_span(last).end);
        if last < source.line_count() {
            let end = source.line_span(last + 1).start;
            return Edit::replace(Span { start, end }, "");
        }
        if first > 1 {
            start = source.line_span(first - 1).end;
        }
        Edit::replace(Span { start, end }, "")
    }

    fn key(&self) -> Vec<Edit> {
        let Some(matter) = &self.subject.parsed.front_matter else {
            return Vec::new();
        };
        let mut entries = matter.entries().iter();
        let is_it = |entry: &&Entry| {
            self.subject.words.relation(&entry.key) == Some(self.relation)
                && match &entry.value.kind {
                    ValueKind::Sequence(items) => items.iter().any(|item| self.is_named(item)),
                    ValueKind::Scalar(text, _) => self.place(text).is_some() || text == self.target,
                    ValueKind::Mapping(_) => false,
                }
        };
        let Some(entry) = entries.find(is_it) else {
            return Vec::new();
        };
        let source = &self.subject.parsed.source;
        let line = source.line(entry.key_span.start);
        let edit = if let ValueKind::Sequence(items) = &entry.value.kind {
            self.element(entry, items)
        } else {
            let text = source.slice(entry.value.span).trim_end();
            let span = Span::new(
                entry.value.span.start as usize,
                entry.value.span.start as usize + text.len(),
            );
            // A list in front matter that is no YAML.
            let listed = text
                .strip_prefix('[')
                .and_then(|text| text.strip_suffix(']'));
            let (text, open) = listed.map_or((text, 0), |inner| (inner, 1));
            match self.place(text) {
                Some(place) if place.len() < text.len() || open > 0 => {
                    let start = span.start as usize + open;
                    Some(Edit::replace(
                        Span::new(start + place.start, start + place.end),
                        "",
                    ))
                }
                _ if self.is_of_form(&entry.key, true) => {
                    let colon = entry.key_span.end as usize + 1;
                    Some(Edit::replace(Span::new(colon, span.end as usize), ""))
                }
                _ => Some(self.lines(line, source.line(span.end))),
            }
        };
        edit.into_iter().collect()
    }

    fn is_named(&self, value: &Value) -> bool {
        let bare = |text: &str| text.trim().trim_matches(['`', '"', '\'']).to_owned();
        value.as_str().is_some_and(|text| {
            let text = bare(text);
            let inner = text
                .strip_prefix("[[")
                .and_then(|text| text.strip_suffix("]]"));
            inner.unwrap_or(&text) == self.target
        })
    }

    /// True for a key that the form owes: it stays, and says nothing.
    fn is_of_form(&self, key: &str, in_matter: bool) -> bool {
        let template = self.subject.dialects.template_of(self.subject.document);
        template.is_some_and(|template| {
            let keys = template.front_matter.iter().flat_map(|rule| &rule.keys);
            let owes = |rule: &KeyRule| rule.required && rule.is_met_by(key);
            if in_matter {
                keys.into_iter().any(owes)
            } else {
                template.labels.iter().any(owes)
            }
        })
    }

    /// Out of a list in the front matter.
    fn element(&self, entry: &Entry, items: &[Value]) -> Option<Edit> {
        let source = &self.subject.parsed.source;
        let at = items.iter().position(|item| self.is_named(item))?;
        let end =
            |value: &Value| value.span.start as usize + source.slice(value.span).trim_end().len();
        let text = source.slice(entry.value.span);
        if text.starts_with('[') {
            let open = entry.value.span.start as usize + 1;
            let close = entry.value.span.start as usize + text.rfind(']')?;
            let span = match (at, items.get(at + 1)) {
                (_, Some(next)) => {
                    Span::new(items[at].span.start as usize, next.span.start as usize)
                }
                (0, None) => Span::new(open, close),
                (_, None) => Span::new(end(&items[at - 1]), end(&items[at])),
            };
            return Some(Edit::replace(span, ""));
        }
        let (first, last) = (
            source.line(items[at].span.start),
            source.line(end(&items[at]) as u32),
        );
        let is_bullet = source.line_text(first).trim_start().starts_with('-');
        if items.len() > 1 {
            return is_bullet.then(|| self.lines(first, last));
        }
        let key = source.line(entry.key_span.start);
        if !self.is_of_form(&entry.key, true) {
            return Some(self.lines(key, last));
        }
        let colon = entry.key_span.end as usize + 1;
        Some(Edit::replace(
            Span::new(colon, source.line_span(last).end as usize),
            " []",
        ))
    }

    /// Where one of several names stands, with the comma that goes with it; all of a single one.
    fn place(&self, text: &str) -> Option<std::ops::Range<usize>> {
        let mut from = 0;
        let mut parts = Vec::new();
        for part in text.split(',') {
            parts.push(from..from + part.len());
            from += part.len() + 1;
        }
        let is_it = |part: &str| {
            let bare = part.trim().trim_matches(['`', '"', '\'', '[', ']', ' ']);
            bare == self.target
                || part.contains(&format!("]({})", self.target))
                || part.contains(&format!("]({})", self.target.replace(' ', "%20")))
        };
        let at = parts.iter().position(|part| is_it(&text[part.clone()]))?;
        let part = parts[at].clone();
        Some(match at {
            0 if parts.len() == 1 => part,
            // The space in front of the first stays in front of the next.
            0 => {
                let next = &text[parts[1].clone()];
                part.start..parts[1].start + next.len() - next.trim_start().len()
            }
            _ => part.start - 1..part.end,
        })
    }

    /// Out of a line at the head or the foot.
    fn header(&self) -> Vec<Edit> {
        let subject = self.subject;
        let source = &subject.parsed.source;
        let pairs = header::read_pairs(&subject.outline, subject.words);
        let mut pairs = pairs.iter();
        let is_it = |pair: &&header::Pair| {
            pair.line == self.line && subject.words.relation(&pair.key) == Some(self.relation)
        };
        let Some(pair) = pairs.find(is_it) else {
            return Vec::new();
        };
        let line = source.line_text(pair.line);
        let start = source.line_span(pair.line).start as usize;
        let Some(key) = line.find(&pair.key).map(|at| at + pair.key.len()) else {
            return Vec::new();
        };
        let rest = line[key..].trim_start_matches([':', '：', '*', '_', ' ']);
        let from = line.len() - rest.len();
        let value = rest.split(" | ").next().unwrap_or(rest).trim_end();
        let Some(place) = self.place(value) else {
            return Vec::new();
        };
        let is_alone = place.len() == value.len();
        let span = Span::new(start + from + place.start, start + from + place.end);
        if !is_alone {
            return vec![Edit::replace(span, "")];
        }
        if self.is_of_form(&pair.key, false) || rest.len() > value.len() + 1 {
            return vec![Edit::replace(span, "None")];
        }
        let is_blank = |line: u32| source.line_text(line).trim().is_empty();
        let parted = pair.line > 1
            && is_blank(pair.line - 1)
            && pair.line < source.line_count()
            && is_blank(pair.line + 1);
        let last = if parted { pair.line + 1 } else { pair.line };
        vec![self.lines(pair.line, last), Edit::replace(span, "None")]
    }

    /// A bullet that names nothing else.
    fn bullet(&self) -> Vec<Edit> {
        let subject = self.subject;
        let mut items = subject.outline.items.iter();
        let Some(found) = items.find(|item| item.line == self.line) else {
            return Vec::new();
        };
        let mut beside = subject.document.relations.iter();
        let is_alone = !beside.any(|other| other.line == found.line && other.target != self.target);
        is_alone
            .then(|| self.lines(found.line, found.end_line))
            .into_iter()
            .collect()
    }
}
