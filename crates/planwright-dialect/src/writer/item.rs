//! The mark of an item.

use planwright_model::{Item, ItemRole, ItemState};
use planwright_syntax::Span;
use planwright_syntax::splice::Edit;

use super::{Note, Refusal, Subject, attribute, stamp};
use crate::outline::ListItem;
use crate::reader::item_state::{mark_state, skipped};
use crate::words::{is_symbol, strip_prefix_ignore_case};

/// Ways to set the state of the item that begins in a line, the most natural first. One without
/// edits where the item says so already.
pub(super) fn edits(
    subject: &Subject<'_>,
    line: u32,
    to: ItemState,
    note: Option<&Note>,
) -> Result<Vec<Vec<Edit>>, Refusal> {
    let found = subject.document.items.iter().find(|item| item.line == line);
    let item = found.ok_or(Refusal::NoItem { line })?;
    if item.state == to && note.is_none() {
        return Ok(vec![Vec::new()]);
    }
    let writer = Writer { subject, item, to };
    let listed = subject.outline.items.iter();
    let listed = listed.filter(|found| found.line == line);
    let list_item = listed.max_by_key(|found| found.mark.is_some());
    match list_item {
        Some(found) if found.mark.is_some() => Ok(writer.boxed(found, note)),
        Some(found) => Ok(writer.worded(found, note)),
        None => writer.elsewhere(note),
    }
}

struct Writer<'s, 'a> {
    subject: &'s Subject<'a>,
    item: &'s Item,
    to: ItemState,
}

impl Writer<'_, '_> {
    /// A list item with a box.
    fn boxed(&self, found: &ListItem<'_>, note: Option<&Note>) -> Vec<Vec<Edit>> {
        let Some(mark) = &found.mark else {
            return Vec::new();
        };
        let Some(span) = self.subject.span_of(mark.text) else {
            return Vec::new();
        };
        let mut ways = Vec::new();
        let noted = self.note_edits(found, note);
        if self.to == ItemState::Cancelled && self.strikes_through() {
            let mut edits = self.strike(found);
            edits.extend(noted.clone());
            ways.push(edits);
        }
        for mark in self.marks(mark.text) {
            let boxed = || {
                let is_set = self.subject.parsed.text(span) == mark;
                (!is_set).then(|| Edit::replace(span, mark.as_bytes()))
            };
            let mut edits: Vec<Edit> = boxed().into_iter().collect();
            edits.extend(noted.clone());
            ways.push(edits);
            // Where words weigh against the mark, they go.
            let unworded = self.unword(found);
            if !unworded.is_empty() {
                let mut edits: Vec<Edit> = boxed().into_iter().collect();
                edits.extend(unworded);
                if note.is_some() {
                    edits.extend(self.add_note(found, note));
                }
                ways.push(edits);
            }
        }
        ways.retain(|edits| !edits.is_empty());
        ways
    }

    /// The boxes that say the state, in the style of the one that stands there.
    fn marks(&self, now: &str) -> Vec<String> {
        let glyph = match (now, self.to) {
            ("☐" | "☑" | "☒", ItemState::Todo) => Some("☐"),
            ("☐" | "☑" | "☒", ItemState::Done) => Some("☑"),
            ("☐" | "☑" | "☒", ItemState::Cancelled) => Some("☒"),
            ("⬜" | "🔲", ItemState::Done) => Some("✅"),
            _ => None,
        };
        let bracket = format!("[{}]", self.symbol());
        glyph
            .map(str::to_owned)
            .into_iter()
            .chain([bracket])
            .collect()
    }

    /// The character for the state: the one that the document uses most, else the dialect's.
    fn symbol(&self) -> &str {
        let mut counts: Vec<(&str, u32)> = Vec::new();
        for item in &self.subject.outline.items {
            let Some(mark) = item.mark.as_ref().filter(|mark| mark.text.starts_with('[')) else {
                continue;
            };
            let symbol = mark.symbol();
            // `[]` is a box, and no example of one.
            if mark_state(symbol) != self.to || symbol.is_empty() || mark.text.len() == 2 {
                continue;
            }
            match counts.iter_mut().find(|(known, _)| *known == symbol) {
                Some((_, count)) => *count += 1,
                None => counts.push((symbol, 1)),
            }
        }
        let most = counts.iter().rev().max_by_key(|(_, count)| *count);
        most.map(|(symbol, _)| *symbol)
            .filter(|symbol| self.to != ItemState::Todo || *symbol == " ")
            .or_else(|| {
                let marks = self.subject.rule(|rules| &rules.marks, &self.to);
                marks.map(String::as_str)
            })
            .unwrap_or(" ")
    }

    /// True where the document strikes through what it gave up and has no mark for it.
    fn strikes_through(&self) -> bool {
        let cancelled = |item: &&ListItem<'_>| {
            item.mark
                .as_ref()
                .is_some_and(|mark| mark_state(mark.symbol()) == ItemState::Cancelled)
        };
        let items = &self.subject.outline.items;
        items.iter().any(|item| item.struck) && !items.iter().any(|item| cancelled(&item))
    }

    fn strike(&self, found: &ListItem<'_>) -> Vec<Edit> {
        let Some(span) = self.text_span(found).filter(|span| !span.is_empty()) else {
            return Vec::new();
        };
        vec![Edit::insert(span.start, "~~"), Edit::insert(span.end, "~~")]
    }

    /// The words of the first paragraph behind the box, without the space around them.
    fn text_span(&self, found: &ListItem<'_>) -> Option<Span> {
        self.subject.span_of(found.raw.trim())
    }

    /// The notes that were written with the state that ends go; a new one comes.
    fn note_edits(&self, found: &ListItem<'_>, note: Option<&Note>) -> Vec<Edit> {
        let mut edits = Vec::new();
        if let Some(span) = self.own_note(found) {
            edits.push(Edit::replace(span, ""));
        }
        edits.extend(self.add_note(found, note));
        edits
    }

    fn add_note(&self, found: &ListItem<'_>, note: Option<&Note>) -> Option<Edit> {
        let note = note?;
        let end = match self.own_note(found) {
            Some(span) => span.start,
            None => self.text_span(found)?.end,
        };
        let text = crate::words::one_line(&note.text);
        Some(Edit::insert(end, format!(" ({}: {text})", note.word)))
    }

    /// ` (blocked: reason)` at the end of the words.
    fn own_note(&self, found: &ListItem<'_>) -> Option<Span> {
        let text = found.raw.trim();
        self.subject.span_of(&text[note_at(text)?..])
    }

    /// Takes out the words that state a state.
    fn unword(&self, found: &ListItem<'_>) -> Vec<Edit> {
        let raw = found.raw.trim();
        let mut edits = Vec::new();
        let mut cut = |part: &str| {
            if let Some(span) = self.subject.span_of(part) {
                edits.push(Edit::replace(span, ""));
            }
        };
        let mut rest = raw;
        if let Some(own) = self.own_note(found)
            && let Some(start) = self.subject.span_of(raw).map(|span| span.start)
        {
            let at = (own.start - start) as usize;
            cut(&raw[at..]);
            rest = &raw[..at];
        }
        if let Some(inner) = rest
            .strip_prefix("~~")
            .and_then(|rest| rest.strip_suffix("~~"))
        {
            cut(&rest[..2]);
            cut(&rest[rest.len() - 2..]);
            rest = inner;
        }
        if let Some(without) = skipped(rest) {
            cut(&rest[..rest.len() - without.len()]);
        } else if let Some(at) = done_stamp(rest) {
            cut(&rest[at..]);
        } else if let Some(part) = self.state_words(rest) {
            cut(part);
        }
        edits
    }

    /// The words at the beginning, or behind the id, that say how far the item is.
    fn state_words<'r>(&self, raw: &'r str) -> Option<&'r str> {
        let id = self.item.id.as_deref();
        let behind = id.and_then(|id| {
            let at = raw.find(id)? + id.len();
            let gap = raw[at..].trim_start_matches(['*', ':', ']', ' ']);
            Some(raw.len() - gap.len())
        });
        // Bold that closes the id is not bold that opens the words.
        let behind =
            behind.map(|at| at - (raw[..at].len() - raw[..at].trim_end_matches('*').len()));
        [Some(0), behind].into_iter().flatten().find_map(|at| {
            let len = leading_words(&raw[at..])?;
            Some(&raw[at..at + len])
        })
    }

    /// A list item without a box: words or a sign state how far it is.
    fn worded(&self, found: &ListItem<'_>, note: Option<&Note>) -> Vec<Vec<Edit>> {
        let Some(text) = self.text_span(found) else {
            return Vec::new();
        };
        let unworded = if self.item.mark.is_some() {
            self.unword(found)
        } else {
            Vec::new()
        };
        let gone = unworded.iter().filter(|edit| edit.span.start == text.start);
        let start = gone.map(|edit| edit.span.end).max().unwrap_or(text.start);
        // A bullet `Status:` below it.
        let mut ways = if self.item.mark.is_some() {
            attribute::own_status(self.subject, self.item, self.to, note)
        } else {
            Vec::new()
        };
        let mut way = |added: Vec<Edit>| {
            let mut edits = unworded.clone();
            edits.extend(added);
            edits.extend(self.add_note(found, note));
            if !edits.is_empty() {
                ways.push(edits);
            }
        };
        if self.to == ItemState::Todo {
            way(Vec::new());
            return ways;
        }
        let stamp = || {
            let day = stamp::day(self.subject.now);
            Edit::insert(text.end, format!(" [DONE {day}]"))
        };
        let is_done = self.to == ItemState::Done;
        let signs = self.signs();
        if is_done && signs.iter().any(|sign| sign.starts_with("[DONE")) {
            way(vec![stamp()]);
        }
        if let Some(symbol) = symbol_for(self.to)
            && signs.iter().any(|sign| sign.starts_with(is_symbol))
        {
            way(vec![Edit::insert(start, format!("{symbol} "))]);
        }
        if let Some(words) = self.subject.rule(|rules| &rules.words, &self.to) {
            way(vec![Edit::insert(start, format!("{words} "))]);
            // Behind an id, which has to come first to be one.
            let raw = self
                .subject
                .parsed
                .text(Span::new(start as usize, text.end as usize));
            if let Some(at) = behind_lead(raw, &self.item.text) {
                way(vec![Edit::insert(start + at as u32, format!("{words} "))]);
            }
        }
        if is_done {
            way(vec![stamp()]);
        }
        ways
    }

    /// What the document's other items without boxes state their state with.
    fn signs(&self) -> Vec<&str> {
        let marks = self.subject.document.items.iter();
        let marks = marks.filter_map(|item| item.mark.as_deref());
        marks.filter(|mark| !is_box(mark)).collect()
    }

    /// An item that is no list item: a heading, a bold line, a line of a paragraph.
    fn elsewhere(&self, note: Option<&Note>) -> Result<Vec<Vec<Edit>>, Refusal> {
        // Its own `Status:` line, or one as other tasks have it for what no step can say.
        let is_own = self.item.mark.as_deref().is_some_and(|mark| !is_box(mark));
        let is_closed = matches!(self.to, ItemState::Done | ItemState::Todo);
        let mut ways = if is_own || !is_closed {
            attribute::status(self.subject, self.item, self.to, note)
        } else {
            Vec::new()
        };
        if !ways.is_empty() && self.item.mark.is_none() {
            return Ok(ways);
        }
        let parts =
            self.subject.document.items.iter().filter(|part| {
                part.parent == Some(self.item.line) && part.role == ItemRole::Subtask
            });
        let parts: Vec<u32> = parts
            .filter(|part| {
                part.state.is_closed() != matches!(self.to, ItemState::Done | ItemState::Cancelled)
            })
            .map(|part| part.line)
            .collect();
        if self.item.mark.is_none() && !parts.is_empty() {
            return Err(Refusal::FollowsParts {
                line: self.item.line,
                parts,
            });
        }
        let span = self.subject.parsed.source.line_span(self.item.line);
        let line = self.subject.parsed.source.line_text(self.item.line);
        let at = |start: usize, len: usize| {
            Span::new(
                span.start as usize + start,
                span.start as usize + start + len,
            )
        };
        if let Some(mark) = self.item.mark.as_deref().filter(|mark| is_box(mark))
            && let Some(start) = line.find(mark)
        {
            let mark_span = at(start, mark.len());
            ways.push(vec![Edit::replace(
                mark_span,
                format!("[{}]", self.symbol()),
            )]);
        }
        let sign = line
            .char_indices()
            .find(|(_, c)| is_symbol(*c))
            .filter(|(_, c)| {
                self.item
                    .mark
                    .as_deref()
                    .is_some_and(|mark| mark.starts_with(*c))
            });
        if let Some((start, c)) = sign
            && let Some(symbol) = symbol_for(self.to)
        {
            ways.push(vec![Edit::replace(at(start, c.len_utf8()), symbol)]);
        }
        let text = line.trim_end().trim_end_matches('#').trim_end();
        if let Some(start) = done_stamp(text) {
            ways.push(vec![Edit::replace(at(start, text.len() - start), "")]);
        } else if self.to == ItemState::Done {
            let day = stamp::day(self.subject.now);
            ways.push(vec![Edit::insert(
                at(text.len(), 0).start,
                format!(" [DONE {day}]"),
            )]);
        }
        Ok(ways)
    }
}

/// Where ` (blocked: reason)` at the end of words begins.
pub(super) fn note_at(text: &str) -> Option<usize> {
    let words = [" (blocked: ", " (cancelled: ", " (waived: "];
    let begins = |at: &usize| words.iter().any(|word| text[*at..].starts_with(word));
    // A reason may hold parentheses of its own.
    let mut opens = text.match_indices(" (").map(|(at, _)| at);
    opens.find(begins).filter(|_| text.ends_with(')'))
}

fn is_box(mark: &str) -> bool {
    mark.strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .is_some_and(|inner| inner.chars().count() <= 2)
}

/// The sign for a state in front of an item without a box.
pub(super) const fn symbol_for(state: ItemState) -> Option<&'static str> {
    match state {
        ItemState::Todo => None,
        ItemState::InProgress => Some("🚧"),
        ItemState::Blocked => Some("⛔"),
        ItemState::Done => Some("✅"),
        ItemState::Cancelled => Some("🚫"),
    }
}

/// Where ` [DONE 2026-07-29]` at the end of text begins.
pub(super) fn done_stamp(text: &str) -> Option<usize> {
    let at = text.rfind(" [DONE").or_else(|| text.rfind(" [COMPLETED"))?;
    text.ends_with(']').then_some(at)
}

/// The length of words at the beginning of an item that say how far it is, up to what follows them:
/// `**Done.** `, `✅ `, `Cancelled: `.
fn leading_words(raw: &str) -> Option<usize> {
    if let Some(first) = raw.chars().next().filter(|c| is_symbol(*c)) {
        let rest = raw[first.len_utf8()..].trim_start_matches(['\u{fe0f}', ' ']);
        return Some(raw.len() - rest.len());
    }
    let inner = raw.trim_start_matches(['*', '_']);
    let emphasis = &raw[..raw.len() - inner.len()];
    let phrase = [
        "in progress",
        "partly done",
        "partially done",
        "done",
        "completed",
        "blocked",
        "cancelled",
        "canceled",
        "n/a",
    ]
    .into_iter()
    .find_map(|phrase| strip_prefix_ignore_case(inner, phrase))?;
    let rest = phrase.trim_start_matches(['.', ':', ';']);
    let rest = rest.strip_prefix(emphasis)?;
    let rest = rest.trim_start_matches(['.', ':', ';']);
    rest.starts_with(' ')
        .then(|| raw.len() - rest.trim_start().len())
}

/// Where the words of an item begin behind its id and labels.
fn behind_lead(raw: &str, text: &str) -> Option<usize> {
    let opening: String = text.chars().take(12).collect();
    raw.find(&opening).filter(|at| *at > 0)
}
