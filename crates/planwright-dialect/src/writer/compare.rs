//! What re-reading shows that was not asked for.

use std::collections::BTreeSet;

use planwright_model::{Document, LogRole, Relation};
use planwright_syntax::Source;
use planwright_syntax::splice::Edit;
use serde_json::{Map, Value};

use super::{Change, allowed, attribute};
use crate::Reading;
use crate::words::one_line;

/// What findings follow from a changed state or mark and from nothing else.
const FOLLOWING: [&str; 4] = [
    "state-disagrees",
    "state-unknown",
    "done-with-open-items",
    "all-items-done",
];

/// Where the lines of a file are after some edits.
pub(super) struct Shift<'a> {
    source: &'a Source,
    edits: Vec<(u32, i64)>,
    /// Lines of the new file that edits made.
    pub(super) made: BTreeSet<u32>,
    /// Lines that went elsewhere, and where the first of them is now.
    moved: Option<(u32, u32, u32)>,
}

impl<'a> Shift<'a> {
    fn new(source: &'a Source, edits: &[Edit]) -> Self {
        let mut order: Vec<&Edit> = edits.iter().collect();
        order.sort_by_key(|edit| (edit.span.start, edit.span.end));
        let lines = |bytes: &[u8]| i64::from(memchr::memchr_iter(b'\n', bytes).count() as u32);
        let (mut made, mut total) = (BTreeSet::new(), 0);
        let mut moved = Vec::new();
        for edit in order {
            let old = lines(&source.bytes()[edit.span.range()]);
            let new = lines(&edit.replacement);
            let first = i64::from(source.line(edit.span.start)) + total;
            // What ends in a line ending leaves the line behind it as it was.
            let last = first + new - i64::from(edit.replacement.ends_with(b"\n"));
            made.extend((first..=last).filter_map(|line| u32::try_from(line).ok()));
            total += new - old;
            moved.push((edit.span.end, new - old));
        }
        Self {
            source,
            edits: moved,
            made,
            moved: None,
        }
    }

    /// The same, where one edit took some lines out and the other put them in elsewhere.
    fn moving(mut self, first: u32, edits: &[Edit]) -> Self {
        let put = edits.iter().find(|edit| edit.span.is_empty());
        if let Some(put) = put {
            let blank = |byte: &&u8| matches!(byte, b'\n' | b'\r');
            let gap = put.replacement.iter().take_while(blank);
            let gap = gap.filter(|byte| **byte == b'\n').count() as u32;
            let line = self.source.line(put.span.start);
            let took = edits.iter().filter(|edit| edit.span.end <= put.span.start);
            let bytes = took.map(|edit| &self.source.bytes()[edit.span.range()]);
            let gone: usize = bytes
                .map(|bytes| memchr::memchr_iter(b'\n', bytes).count())
                .sum();
            let text = put.replacement.trim_ascii();
            let last = first + memchr::memchr_iter(b'\n', text).count() as u32;
            self.moved = Some((first, last, (line + gap).saturating_sub(gone as u32)));
        }
        self
    }

    /// The new line of an old one.
    pub(super) fn line(&self, line: u64) -> u64 {
        let Ok(number) = u32::try_from(line) else {
            return line;
        };
        if let Some((first, last, now)) = self.moved
            && (first..=last).contains(&number)
        {
            return u64::from(now + number - first);
        }
        let start = self.source.line_span(number).start;
        let moved = self.edits.iter().filter(|(end, _)| *end <= start);
        let moved: i64 = moved.map(|(_, lines)| lines).sum();
        line.saturating_add_signed(moved)
    }

    /// Moves every line number in a value.
    fn apply(&self, value: &mut Value) {
        match value {
            Value::Object(map) => {
                for (key, value) in map.iter_mut() {
                    match value {
                        Value::Number(number) if is_line(key) => {
                            if let Some(line) = number.as_u64() {
                                *value = self.line(line).into();
                            }
                        }
                        _ => self.apply(value),
                    }
                }
            }
            Value::Array(values) => {
                for value in values.iter_mut() {
                    self.apply(value);
                }
                if self.moved.is_some() && values.iter().all(|value| line_of(value).is_some()) {
                    values.sort_by_key(line_of);
                }
            }
            Value::String(text) => {
                if let Some(line) = text
                    .strip_prefix("phase:")
                    .and_then(|line| line.parse().ok())
                {
                    *text = format!("phase:{}", self.line(line));
                }
            }
            _ => {}
        }
    }
}

fn line_of(value: &Value) -> Option<u64> {
    let map: &Map<_, _> = value.as_object()?;
    map.get("line")?.as_u64()
}

fn is_line(key: &str) -> bool {
    matches!(key, "line" | "end_line" | "phase" | "parent" | "item")
}

/// The places in which two readings of a document differ, lines moved by the edits between them:
/// `/items@12/state`, where 12 is a line of the new document.
pub fn differences(before: &Reading, after: &Document, edits: &[Edit]) -> Vec<String> {
    let shift = Shift::new(&before.parsed.source, edits);
    found(&shift, &before.document, after)
        .into_iter()
        .map(|found| found.place)
        .collect()
}

pub(super) struct Difference {
    pub(super) place: String,
    /// The line of the entry that it is in.
    pub(super) line: Option<u64>,
    /// Only one of the two has it.
    pub(super) is_added: bool,
}

/// What differs between two readings of a document, lines moved by the edits between them.
pub(super) fn between(before: &Reading, after: &Document, edits: &[Edit]) -> Vec<Difference> {
    found(
        &Shift::new(&before.parsed.source, edits),
        &before.document,
        after,
    )
}

fn found(shift: &Shift<'_>, before: &Document, after: &Document) -> Vec<Difference> {
    let value = |document: &Document| serde_json::to_value(document).unwrap_or_default();
    let (mut old, new) = (value(before), value(after));
    shift.apply(&mut old);
    let mut found = Vec::new();
    compare("", None, &old, &new, &mut found);
    found
}

fn compare(place: &str, line: Option<u64>, old: &Value, new: &Value, found: &mut Vec<Difference>) {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => {
            let none = Value::Null;
            let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
            for key in keys {
                let (old, new) = (old.get(key).unwrap_or(&none), new.get(key).unwrap_or(&none));
                compare(&format!("{place}/{key}"), line, old, new, found);
            }
        }
        (Value::Array(old), Value::Array(new)) => lists(place, line, old, new, found),
        // A list or an object that is empty may be left out.
        (Value::Null, Value::Array(new)) => lists(place, line, &[], new, found),
        (Value::Array(old), Value::Null) => lists(place, line, old, &[], found),
        (old, new) if old == new => {}
        (old, _) => found.push(Difference {
            place: place.to_owned(),
            line,
            is_added: old.is_null(),
        }),
    }
}

/// Compares the entries of lists by their lines where they have any, else one by one.
fn lists(
    place: &str,
    line: Option<u64>,
    old: &[Value],
    new: &[Value],
    found: &mut Vec<Difference>,
) {
    let lined = |values: &[Value]| values.iter().all(|value| line_of(value).is_some());
    if !lined(old) || !lined(new) {
        if old.len() == new.len() {
            for (at, (old, new)) in old.iter().zip(new).enumerate() {
                compare(&format!("{place}/{at}"), line, old, new, found);
            }
        } else {
            found.push(Difference {
                place: place.to_owned(),
                line,
                is_added: false,
            });
        }
        return;
    }
    let (mut a, mut b) = (0, 0);
    while a < old.len() || b < new.len() {
        let (first, second) = (old.get(a).and_then(line_of), new.get(b).and_then(line_of));
        let single = |line: u64, is_added| Difference {
            place: format!("{place}@{line}"),
            line: Some(line),
            is_added,
        };
        match (first, second) {
            (Some(one), Some(other)) if one == other => {
                compare(
                    &format!("{place}@{one}"),
                    Some(one),
                    &old[a],
                    &new[b],
                    found,
                );
                (a, b) = (a + 1, b + 1);
            }
            (Some(one), other) if other.is_none_or(|other| one < other) => {
                found.push(single(one, false));
                a += 1;
            }
            (_, Some(other)) => {
                found.push(single(other, true));
                b += 1;
            }
            (_, None) => break,
        }
    }
}

/// The first thing that a change was not to do, or that it did not do. `None` where all is well.
pub(super) fn unexpected(
    before: &Reading,
    after: &Document,
    edits: &[Edit],
    change: &Change,
) -> Option<String> {
    let mut shift = Shift::new(&before.parsed.source, edits);
    let old = &before.document;
    if let Change::Move { line, .. } = change {
        shift = shift.moving(*line, edits);
    }
    if let Some(missing) = missing(old, after, &shift, change) {
        return Some(missing);
    }
    if let Some(damage) = damage(old, after) {
        return Some(damage);
    }
    let is_longer = shift.edits.iter().any(|(_, lines)| *lines != 0);
    let other = found(&shift, old, after).into_iter().find(|found| {
        let mut parts = found.place[1..].split('/');
        let top = parts.next().unwrap_or_default();
        let list = top.split('@').next().unwrap_or_default();
        let key = found.place.rsplit('/').next().unwrap_or_default();
        let follows = matches!(list, "progress" | "diagnostics")
            || key == "ready"
            || is_longer && key == "end_line";
        !(follows || allowed::is_allowed(found, (list, key), &shift, change, old, after))
    });
    other.map(|found| format!("`{}` would change, too", found.place[1..].replace('/', ".")))
}

/// What the change asked for and re-reading does not show.
fn missing(
    before: &Document,
    after: &Document,
    shift: &Shift<'_>,
    change: &Change,
) -> Option<String> {
    match change {
        Change::Item { line, state, .. } => {
            let line = shift.line(u64::from(*line));
            let item = after.items.iter().find(|item| u64::from(item.line) == line);
            match item {
                None => Some("the item would be none any more".to_owned()),
                Some(item) if item.state != *state => {
                    Some(format!("it would still be read as {}", item.state.as_str()))
                }
                Some(_) => None,
            }
        }
        Change::State { state, .. } => (after.state.value != *state)
            .then(|| format!("the document would be read as {}", after.state.value)),
        Change::Log(entry) => {
            let is_there = after.log.iter().any(|found| {
                let same = found.role == entry.role || entry.role == LogRole::Progress;
                same && shift.made.contains(&found.line) && says(&found.text, &entry.text)
            });
            (!is_there).then(|| "the entry would not be read as one".to_owned())
        }
        // What shows that work is done is text to the reader.
        Change::Evidence(_) => None,
        Change::Link {
            relation, target, ..
        } => {
            let names = super::link::written(before, target);
            let mut stated = after.relations.iter();
            let new = |found: &Relation| {
                let was = before.relations.iter().any(|old| {
                    old.kind == found.kind
                        && old.target == found.target
                        && old.source == found.source
                });
                shift.made.contains(&found.line) && !was || names.contains(&found.target)
            };
            let is_there =
                stated.any(|found| found.kind == *relation && found.source != "link" && new(found));
            (!is_there).then(|| "the relation would not be read as one".to_owned())
        }
        Change::Unlink { relation, target } => {
            let mut stated = after.relations.iter();
            let is_there = stated.any(|found| {
                found.kind == *relation && found.target == *target && found.source != "link"
            });
            // Others may stand in the same line.
            let other = before.relations.iter().find(|old| {
                let is_it = old.kind == *relation && old.target == *target;
                let same = |new: &&Relation| new.kind == old.kind && new.target == old.target;
                old.source != "link" && !is_it && !after.relations.iter().any(|new| same(&new))
            });
            let other = other.map(|other| format!("`{}` would go, too", other.target));
            other.or_else(|| is_there.then(|| "the relation would still be there".to_owned()))
        }
        Change::Add(addition) => allowed::added(after, shift, addition)
            .is_none()
            .then(|| format!("it would not be read as a {}", addition.part.as_str())),
        Change::Text { line, text } => {
            let line = shift.line(u64::from(*line));
            let item = after.items.iter().find(|item| u64::from(item.line) == line);
            let is_said = item.is_some_and(|item| says(&item.text, text));
            (!is_said).then(|| "the words would be read as others".to_owned())
        }
        Change::Attribute {
            line,
            attribute,
            value,
        } => {
            let line = shift.line(u64::from(*line));
            let item = after.items.iter().find(|item| u64::from(item.line) == line);
            let value = value
                .as_deref()
                .map(one_line)
                .filter(|value| !value.is_empty());
            let is_said =
                item.is_some_and(|item| attribute::is_said(item, *attribute, value.as_deref()));
            (!is_said).then(|| {
                let name = attribute.as_str().replace('_', " ");
                format!("its {name} would not be read as that")
            })
        }
        Change::Move {
            line,
            behind,
            other,
        } => {
            let (line, other) = (shift.line(u64::from(*line)), shift.line(u64::from(*other)));
            let at = |line: u64| {
                after
                    .items
                    .iter()
                    .position(|item| u64::from(item.line) == line)
            };
            let is_there = at(line)
                .zip(at(other))
                .is_some_and(|(at, other)| if *behind { at > other } else { at < other });
            (!is_there).then(|| "the item would be none there".to_owned())
        }
    }
}

/// True when an entry, read without its markup, says what was to be said.
pub(super) fn says(read: &str, wanted: &str) -> bool {
    let letters = |text: &str| -> String {
        one_line(text)
            .chars()
            .filter(|c| c.is_alphanumeric())
            .collect()
    };
    let (read, wanted) = (letters(read), letters(wanted));
    // Labels inside an entry, such as `Evidence:`, end what counts as its text.
    !read.is_empty() && (read.contains(&wanted) || wanted.starts_with(&read))
}

/// Damage that was not there.
pub(super) fn damage(before: &Document, after: &Document) -> Option<String> {
    let known = |document: &Document, code: &str| {
        let found = document.diagnostics.iter();
        found.filter(|found| found.code == code).count()
    };
    let new = after.diagnostics.iter().find(|found| {
        let code = found.code.as_str();
        !FOLLOWING.contains(&code) && known(after, code) > known(before, code)
    });
    new.map(|found| format!("that gives `{}`", found.message))
}
