//! Boards and tasks in JSON: how far a task is.

use std::fmt::Write as _;

use planwright_model::{DocumentState, Item, ItemState};
use planwright_syntax::splice::{self, Edit};
use planwright_syntax::yaml::{self, Value};
use planwright_syntax::{Source, Span};

use super::cards::{self, Card};
use super::{Change, Refusal, json, native};
use crate::vocabulary::Vocabulary;
use crate::{Dialects, Reading, board};

/// The bytes of a board or task with one change in them.
pub(super) fn change(
    dialects: &Dialects,
    reading: &Reading,
    change: &Change,
) -> Result<Vec<u8>, Refusal> {
    let root = values(reading)?;
    let writer = Writer::new(dialects, reading, &root)?;
    let source = writer.source;
    let (line, edits) = match change {
        Change::Item {
            line,
            note: Some(_),
            ..
        } => {
            return Err(Refusal::NoPlace {
                line: *line,
                why: "a card keeps no reason".to_owned(),
            });
        }
        Change::Item { line, state, .. } => (*line, writer.item(*line, *state)?),
        Change::State { state, native, .. } => {
            let line = reading.document.state.line.unwrap_or(1);
            (line, writer.task(*state, native.as_deref())?)
        }
        _ => return Err(Refusal::NotMarkdown),
    };
    if edits.is_empty() {
        return Ok(source.bytes().to_vec());
    }
    dialects
        .attempt(reading, change, &edits)
        .map_err(|why| Refusal::NoPlace { line, why })
}

/// The bytes of a board with one more card, made after the model of its last. `None` where it keeps
/// no cards, or has the id already.
pub(super) fn card(dialects: &Dialects, reading: &Reading, card: &Card<'_>) -> Option<Vec<u8>> {
    let source = &reading.parsed.source;
    let root = yaml::parse(source.text(), 0).ok().flatten()?;
    let writer = Writer {
        reading,
        source,
        root: &root,
        words: dialects.get(&reading.document.dialect)?.words(),
    };
    let items = root.get("items")?;
    let mut known = reading.document.items.iter();
    let is_board = crate::json::flaw(source).is_none() && root.get("columns").is_some();
    if !is_board || known.any(|item| item.id.as_deref() == Some(card.id)) {
        return None;
    }
    let columns = dialects.columns(reading);
    let column = cards::home(&columns, card.state)?;
    let mut edits = vec![json::push(
        source,
        items,
        &writer.written(items, card, column)?,
    )?];
    edits.extend(
        writer
            .cards(column)
            .and_then(|cards| json::push(source, cards, &json::string(card.id))),
    );
    edits.sort_by_key(|edit| edit.span);
    let new = splice::apply(source.bytes(), &edits).ok()?;
    let after = dialects.read(&reading.document.path, new.clone()).document;
    let before = reading.document.items.len();
    let added = after.items.last()?;
    let is_it = after.items.len() == before + 1
        && added.id.as_deref() == Some(card.id)
        && added.source.as_ref() == card.origin
        && board::how_far(&columns, added) == card.state;
    is_it.then_some(new)
}

/// The bytes of a board with a card in another column; its status follows where the column's name says
/// how far it is.
pub(super) fn lay(
    dialects: &Dialects,
    reading: &Reading,
    line: u32,
    column: &str,
) -> Result<Option<Vec<u8>>, Refusal> {
    let root = values(reading)?;
    let writer = Writer::new(dialects, reading, &root)?;
    let source = writer.source;
    let columns = writer.columns();
    let mut columns = columns.iter();
    let is_it = |(id, name): &&(String, String)| id == column || name.eq_ignore_ascii_case(column);
    let Some((id, name)) = columns.find(is_it) else {
        return Ok(None);
    };
    let edits = writer.moved(line, id, name)?;
    let new = splice::apply(source.bytes(), &edits).map_err(|_| Refusal::NotMarkdown)?;
    let after = dialects.read(&reading.document.path, new.clone()).document;
    let (before, after) = (&reading.document.items, &after.items);
    let plain = |item: &Item, is_it: bool| Item {
        line: 0,
        end_line: 0,
        ready: false,
        state: if is_it { ItemState::Todo } else { item.state },
        mark: item.mark.clone().filter(|_| !is_it),
        stage: item.stage.clone().filter(|_| !is_it),
        ..item.clone()
    };
    let is_same = |(old, new): (&Item, &Item)| {
        let is_it = old.line == line;
        plain(old, is_it) == plain(new, is_it)
            && (!is_it || new.stage.as_deref() == Some(name.as_str()))
    };
    if before.len() == after.len() && before.iter().zip(after).all(is_same) {
        Ok(Some(new))
    } else {
        Err(Refusal::NoPlace {
            line,
            why: "it would not be read as that".to_owned(),
        })
    }
}

struct Writer<'a> {
    reading: &'a Reading,
    source: &'a Source,
    root: &'a Value,
    words: &'a Vocabulary,
}

/// What a board or task holds.
pub(super) fn values(reading: &Reading) -> Result<Value, Refusal> {
    let source = &reading.parsed.source;
    if let Some((line, why)) = crate::json::flaw(source) {
        return Err(Refusal::NoPlace { line, why });
    }
    let values = yaml::parse(source.text(), 0).ok().flatten();
    values.ok_or(Refusal::NotMarkdown)
}

impl<'a> Writer<'a> {
    fn new(dialects: &'a Dialects, reading: &'a Reading, root: &'a Value) -> Result<Self, Refusal> {
        let dialect = dialects.get(&reading.document.dialect);
        Ok(Self {
            reading,
            source: &reading.parsed.source,
            root,
            words: dialect.ok_or(Refusal::NotMarkdown)?.words(),
        })
    }
}

impl Writer<'_> {
    /// A card as it is written, and as it was read.
    fn card(&self, line: u32) -> Result<(&Value, &Item), Refusal> {
        let lists = ["items", "tasks"].into_iter();
        let mut entries = lists
            .filter_map(|key| self.root.get(key))
            .flat_map(json::elements);
        let entry = entries.find(|entry| self.source.line(entry.span.start) == line);
        let mut items = self.reading.document.items.iter();
        let item = items.find(|item| item.line == line);
        entry.zip(item).ok_or(Refusal::NoItem { line })
    }

    /// Another status, in the word that other cards use for it.
    fn say(&self, status: &Value, to: ItemState) -> Option<Edit> {
        let now = status.as_str().unwrap_or_default();
        let others = self.reading.document.items.iter();
        let habit = others.filter(|other| other.state == to).find_map(|other| {
            other
                .mark
                .clone()
                .filter(|mark| Some(mark) != other.stage.as_ref())
        });
        let word = habit.unwrap_or_else(|| native::dress(to.as_str(), now));
        json::set(self.source, status, &word)
    }

    /// A card in another column. What was over and lies elsewhere goes on.
    fn moved(&self, line: u32, id: &str, name: &str) -> Result<Vec<Edit>, Refusal> {
        let (entry, item) = self.card(line)?;
        let column = find(entry, &["columnId", "column"]).ok_or_else(|| Refusal::NoPlace {
            line,
            why: "it lies in no column".to_owned(),
        })?;
        let mut edits = self.lay(entry, column, id);
        let to = if board::is_known(name, self.words) {
            board::state(name, self.words)
        } else if item.state.is_closed() {
            ItemState::InProgress
        } else {
            item.state
        };
        if item.state != to
            && let Some(status) = find(entry, &["status", "state"])
        {
            edits.extend(self.say(status, to));
        }
        edits.sort_by_key(|edit| edit.span);
        Ok(edits)
    }

    /// The state of a card: its own word, and the column that it lies in.
    fn item(&self, line: u32, to: ItemState) -> Result<Vec<Edit>, Refusal> {
        let (entry, item) = self.card(line)?;
        if item.state == to {
            return Ok(Vec::new());
        }
        let status = find(entry, &["status", "state"]);
        let column = find(entry, &["columnId", "column"]);
        let no_place = || Refusal::NoPlace {
            line,
            why: "it has neither a status nor a column".to_owned(),
        };
        let mut edits = Vec::new();
        if let Some(status) = status {
            edits.push(self.say(status, to).ok_or_else(no_place)?);
        }
        if let Some(column) = column {
            match self.column(to) {
                Some(new) => edits.extend(self.lay(entry, column, &new)),
                None if status.is_none() => {
                    let columns = self.columns();
                    return Err(Refusal::NoColumn {
                        state: to,
                        known: columns.into_iter().map(|(_, name)| name).collect(),
                    });
                }
                None => {}
            }
        }
        if edits.is_empty() {
            Err(no_place())
        } else {
            Ok(edits)
        }
    }

    /// A card in the layout of the last one, with those of its keys that can be known; the first card
    /// of a board as the programs that own it write them. `None` where cards have no ids or titles.
    fn written(&self, items: &Value, card: &Card<'_>, column: &str) -> Option<String> {
        let Some(model) = json::elements(items).last() else {
            let line = self.source.line_text(self.source.line(items.span.start));
            let indent = &line[..line.len() - line.trim_start().len()];
            let gap = format!("{}{indent}    ", self.source.line_ending().as_str());
            return Some(cards::object(card, column, &gap, "  "));
        };
        let keys = model.entries();
        let is_known = |key: &str| keys.iter().any(|entry| entry.key == key);
        if !is_known("id") || !is_known("title") && !is_known("name") {
            return None;
        }
        let mut others = self.reading.document.items.iter();
        let word = others.find(|other| other.state == card.state && other.mark != other.stage);
        let word = word.and_then(|other| other.mark.as_deref());
        let word = word.unwrap_or(card.state.as_str());
        let value = |key: &str| match key {
            "id" => Some(card.id),
            "title" | "name" => Some(card.title),
            "columnId" | "column" => Some(column),
            "createdAt" | "updatedAt" => Some(card.time),
            "status" | "state" => Some(word),
            _ => None,
        };
        let slice = |start: u32, end: u32| self.source.slice(Span { start, end });
        let mut text = "{".to_owned();
        let mut end = model.span.start + 1;
        let mut layout = None;
        for entry in keys {
            let gap = slice(end, entry.key_span.start).trim_start_matches(',');
            let colon = slice(entry.key_span.end, entry.value.span.start);
            end = json::span(self.source, &entry.value).end;
            let Some(value) = value(&entry.key) else {
                continue;
            };
            if text.len() > 1 {
                text.push(',');
                layout = Some((gap, colon));
            }
            text.push_str(gap);
            text.push_str(slice(entry.key_span.start, entry.key_span.end));
            text.push_str(colon);
            text.push_str(&json::string(value));
        }
        let (gap, colon) = layout?;
        let closing = slice(end, json::span(self.source, model).end);
        let mut add = |key: &str, value: &str| {
            let _ = write!(text, ",{gap}{}{colon}{value}", json::string(key));
        };
        if !is_known("columnId") && !is_known("column") {
            add("columnId", &json::string(column));
        }
        if !is_known("status") && !is_known("state") && self.means(column) != card.state {
            add("status", &json::string(word));
        }
        if let Some(origin) = card.origin {
            add("source", &cards::source(origin, gap, closing, colon));
        }
        text.push_str(closing);
        Some(text)
    }

    /// How far a card in a column is.
    fn means(&self, column: &str) -> ItemState {
        let columns = board::columns(self.root, self.words);
        let mut columns = columns.iter();
        let found = columns.find(|known| known.id == column);
        found.map_or(ItemState::Todo, |column| column.means)
    }

    /// The list of cards that a column keeps.
    fn cards(&self, column: &str) -> Option<&Value> {
        let columns = self.root.get("columns").map_or(&[][..], json::elements);
        let mut columns = columns.iter();
        let is_it = |known: &&Value| known.get("id").and_then(Value::as_str) == Some(column);
        columns.find(is_it).and_then(|column| column.get("taskIds"))
    }

    /// Ids and names of the columns, in their order.
    fn columns(&self) -> Vec<(String, String)> {
        let columns = self.root.get("columns").map_or(&[][..], json::elements);
        let named = columns.iter().filter_map(|column| {
            let text = |key: &str| column.get(key).and_then(Value::as_str);
            Some((
                text("id")?.to_owned(),
                text("name").unwrap_or_default().to_owned(),
            ))
        });
        named.collect()
    }

    /// The column of those that are in a state: what is begun goes into the first, what is over into
    /// the last.
    fn column(&self, to: ItemState) -> Option<String> {
        let columns = self.columns();
        let mut meant = columns.iter().filter(|(_, name)| {
            board::is_known(name, self.words) && board::state(name, self.words) == to
        });
        let found = match to {
            ItemState::Todo | ItemState::InProgress | ItemState::Blocked => meant.next(),
            ItemState::Done | ItemState::Cancelled => meant.next_back(),
        };
        found.map(|(id, _)| id.clone())
    }

    /// Lays a card into another column, also in the lists that columns keep.
    fn lay(&self, entry: &Value, column: &Value, new: &str) -> Vec<Edit> {
        let old = column.as_str().unwrap_or_default();
        let id = entry.get("id").and_then(Value::as_str).unwrap_or_default();
        if old == new {
            return Vec::new();
        }
        let mut edits: Vec<Edit> = json::set(self.source, column, new).into_iter().collect();
        let at = |cards: &Value| {
            let mut cards = json::elements(cards).iter();
            cards.position(|card| card.as_str() == Some(id))
        };
        if let Some((cards, at)) = self.cards(old).and_then(|cards| Some((cards, at(cards)?))) {
            edits.extend(json::remove(self.source, cards, at));
        }
        if let Some(cards) = self.cards(new).filter(|cards| at(cards).is_none()) {
            edits.extend(json::push(self.source, cards, &json::string(id)));
        }
        edits
    }

    /// The state of a task that is a file.
    fn task(&self, to: DocumentState, given: Option<&str>) -> Result<Vec<Edit>, Refusal> {
        let status = self
            .root
            .get("status")
            .filter(|status| status.as_str().is_some());
        let status = status.ok_or(Refusal::NotMarkdown)?;
        if self.reading.document.kind == "index" {
            return Err(Refusal::NotMarkdown);
        }
        if self.reading.document.state.value == to && given.is_none() {
            return Ok(Vec::new());
        }
        let dialect = &self.reading.document.dialect;
        if let Some(given) = given.filter(|given| self.words.state(given) != Some(to)) {
            return Err(Refusal::WrongWord {
                word: given.to_owned(),
                dialect: dialect.clone(),
                state: to,
            });
        }
        let word = given.or_else(|| {
            let known = WORDS.iter().find(|(state, _)| *state == to);
            known.map(|(_, word)| *word)
        });
        let word = word.ok_or_else(|| Refusal::NoWord {
            dialect: dialect.clone(),
            state: to,
            known: WORDS.iter().map(|(_, word)| (*word).to_owned()).collect(),
            last: None,
        })?;
        let edit = json::set(self.source, status, word).ok_or(Refusal::NotMarkdown)?;
        Ok(vec![edit])
    }
}

/// The words of task files for their states.
const WORDS: [(DocumentState, &str); 9] = [
    (DocumentState::Draft, "todo"),
    (DocumentState::InReview, "needs_feedback"),
    (DocumentState::Approved, "ready"),
    (DocumentState::Active, "in_progress"),
    (DocumentState::Paused, "pending"),
    (DocumentState::Blocked, "blocked"),
    (DocumentState::Done, "done"),
    (DocumentState::Abandoned, "reverted"),
    (DocumentState::Superseded, "replaced"),
];

/// The first of some strings of an object that is not empty.
fn find<'v>(entry: &'v Value, keys: &[&str]) -> Option<&'v Value> {
    keys.iter().find_map(|key| filled(entry, key))
}

/// A string of an object that is not empty.
fn filled<'v>(entry: &'v Value, key: &str) -> Option<&'v Value> {
    let value = entry.get(key)?;
    value
        .as_str()
        .filter(|text| !text.is_empty())
        .map(|_| value)
}
