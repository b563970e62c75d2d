//! Cards of boards: new ones, and what they say of the task they were made from.
//!
//! A card is an object in the list of its board, or a file of its own whose id the board lists below a
//! column.

use std::fmt::Write as _;

use planwright_model::{Item, ItemState, Origin};
use planwright_syntax::splice::{self, Edit};
use planwright_syntax::yaml::{Value, ValueKind};
use planwright_syntax::{Source, Span};

use super::{Refusal, json, native};
use crate::board::{self, Column};
use crate::{Dialects, Reading};

/// A card that a board is to have.
#[derive(Clone, Copy, Debug)]
pub struct Card<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its title.
    pub title: &'a str,
    /// The moment it is made, as ISO 8601.
    pub time: &'a str,
    /// How far it is.
    pub state: ItemState,
    /// The task that it is made from.
    pub origin: Option<&'a Origin>,
}

/// What a card is to say from now on; what is `None` stays.
#[derive(Clone, Copy, Debug, Default)]
pub struct CardEdit<'a> {
    /// Its title.
    pub title: Option<&'a str>,
    /// Its column, by id.
    pub column: Option<&'a str>,
    /// How far it is: its column and its own word follow.
    pub state: Option<ItemState>,
    /// The task that it was made from.
    pub origin: Option<&'a Origin>,
}

impl Dialects {
    /// The text of a file that holds one card.
    pub fn card_file(&self, columns: &[Column], card: &Card<'_>) -> Option<String> {
        let column = home(columns, card.state)?;
        let text = object(card, column, "\n  ", "  ");
        Some(format!("{text}\n"))
    }

    /// The bytes of a board with the id of a card in the list of a column, and in no other. The same
    /// bytes where its columns keep no lists.
    ///
    /// # Errors
    /// When the board is no JSON.
    pub fn list_card(&self, board: &Reading, id: &str, column: &str) -> Result<Vec<u8>, Refusal> {
        let root = super::board::values(board)?;
        let source = &board.parsed.source;
        let mut edits = lists(source, &root, id, column);
        edits.sort_by_key(|edit| edit.span);
        splice::apply(source.bytes(), &edits).map_err(|_| Refusal::NotMarkdown)
    }

    /// The bytes of a board, or of a file that holds one card, in which the card at a line says
    /// something else. Nothing but that card is read differently.
    ///
    /// # Errors
    /// When the card is not there, or has no place for what it is to say.
    pub fn edit_card(
        &self,
        reading: &Reading,
        columns: &[Column],
        line: u32,
        edit: &CardEdit<'_>,
    ) -> Result<Vec<u8>, Refusal> {
        let root = super::board::values(reading)?;
        let source = &reading.parsed.source;
        let no_place = |why: &str| Refusal::NoPlace {
            line,
            why: why.to_owned(),
        };
        let held = self
            .cards(reading, columns)
            .into_iter()
            .find(|card| card.line == line)
            .ok_or(Refusal::NoItem { line })?;
        let entry = entry(source, &root, line).ok_or(Refusal::NoItem { line })?;
        let mut pen = Pen::new(source, entry);
        if let Some(title) = edit.title {
            let key = ["title", "name"]
                .into_iter()
                .find(|key| entry.get(key).is_some());
            pen.set(
                key.ok_or_else(|| no_place("it has no title"))?,
                &json::string(title),
            )?;
        }
        let mut column = edit.column;
        if let Some(state) = edit.state {
            column = column.or_else(|| new_column(columns, &held, state));
            say(reading, &mut pen, columns, &held, column, state)?;
        }
        if let Some(column) = column {
            let key = ["columnId", "column"]
                .into_iter()
                .find(|key| entry.get(key).is_some());
            pen.set(key.unwrap_or("columnId"), &json::string(column))?;
        }
        if let Some(origin) = edit.origin {
            pen.origin(origin)?;
        }
        let mut edits = pen.finish()?;
        if let (Some(id), Some(column)) = (&held.id, column)
            && root.get("columns").is_some()
        {
            edits.extend(lists(source, &root, id, column));
        }
        edits.sort_by_key(|edit| edit.span);
        let new = splice::apply(source.bytes(), &edits).map_err(|_| Refusal::NotMarkdown)?;
        let after = self.read(&reading.document.path, new.clone());
        self.proved(reading, &after, columns, &held, edit)
            .then_some(new)
            .ok_or_else(|| no_place("it would not be read as that"))
    }

    /// The cards in a board, or the one that a file holds.
    fn cards(&self, reading: &Reading, columns: &[Column]) -> Vec<Item> {
        match self.card(reading, columns) {
            Some(card) => vec![card],
            None => reading.document.items.clone(),
        }
    }

    /// True where nothing but one card is read differently, and that as it was asked for.
    fn proved(
        &self,
        before: &Reading,
        after: &Reading,
        columns: &[Column],
        held: &Item,
        edit: &CardEdit<'_>,
    ) -> bool {
        if crate::json::flaw(&after.parsed.source).is_some() {
            return false;
        }
        let (old, new) = (self.cards(before, columns), self.cards(after, columns));
        let plain = |item: &Item| Item {
            line: 0,
            end_line: 0,
            ready: false,
            ..item.clone()
        };
        let is_right = |card: &Item| {
            card.id == held.id
                && edit.title.is_none_or(|title| card.text == title)
                && edit
                    .origin
                    .is_none_or(|origin| card.source.as_ref() == Some(origin))
                && edit
                    .state
                    .is_none_or(|state| board::how_far(columns, card) == state)
        };
        old.len() == new.len()
            && old.iter().zip(&new).all(|(old, new)| {
                if old.line == held.line {
                    is_right(new)
                } else {
                    plain(old) == plain(new)
                }
            })
    }
}

/// The word of a card for how far it is, where its column does not say it.
fn say(
    reading: &Reading,
    pen: &mut Pen<'_>,
    columns: &[Column],
    held: &Item,
    column: Option<&str>,
    to: ItemState,
) -> Result<(), Refusal> {
    let stage = column
        .and_then(|id| columns.iter().find(|column| column.id == id))
        .map(|column| column.name.clone());
    let moved = Item {
        stage: stage.clone().or_else(|| held.stage.clone()),
        ..held.clone()
    };
    let key = ["status", "state"]
        .into_iter()
        .find(|key| pen.text(key).is_some());
    let Some(key) = key else {
        let silent = Item {
            mark: moved.stage.clone(),
            ..moved
        };
        if board::how_far(columns, &silent) != to {
            pen.set("status", &json::string(to.as_str()))?;
        }
        return Ok(());
    };
    if held.state == to {
        return Ok(());
    }
    let now = pen.text(key).unwrap_or_default();
    let mut others = reading.document.items.iter();
    let habit = others.find(|other| other.state == to && other.mark != other.stage);
    let word = habit.and_then(|other| other.mark.clone());
    let word = word.unwrap_or_else(|| native::dress(to.as_str(), now));
    pen.set(key, &json::string(&word))
}

/// The column that a new card goes into.
pub(super) fn home(columns: &[Column], state: ItemState) -> Option<&str> {
    let own = board::column_of(columns, state);
    let first = || board::column_of(columns, ItemState::Todo).or_else(|| columns.first());
    own.or_else(first).map(|column| column.id.as_str())
}

/// The column that a card moves into to be in a state; `None` where it can stay.
fn new_column<'c>(columns: &'c [Column], held: &Item, to: ItemState) -> Option<&'c str> {
    let stage = held.stage.as_deref();
    let now = columns.iter().find(|column| Some(&*column.name) == stage);
    if now.is_some_and(|now| now.means == to) {
        return None;
    }
    let found = board::column_of(columns, to).map(|column| column.id.as_str());
    // Where no column is for it, its own word says it: but not in a column that says more.
    let is_silent = now.is_some_and(|now| now.means == ItemState::Todo);
    found.or_else(|| if is_silent { None } else { home(columns, to) })
}

/// The object of the card at a line: an element of a list, or the whole file.
fn entry<'v>(source: &Source, root: &'v Value, line: u32) -> Option<&'v Value> {
    let lists = ["items", "tasks"].into_iter();
    let mut entries = lists
        .filter_map(|key| root.get(key))
        .flat_map(json::elements);
    let found = entries.find(|entry| source.line(entry.span.start) == line);
    found.or_else(|| (root.get("columns").is_none() && root.get("id").is_some()).then_some(root))
}

/// The edits that lay an id into the list of a column.
fn lists(source: &Source, root: &Value, id: &str, column: &str) -> Vec<Edit> {
    let mut edits = Vec::new();
    for found in root.get("columns").map_or(&[][..], json::elements) {
        let Some(cards) = found.get("taskIds") else {
            continue;
        };
        let mut ids = json::elements(cards).iter();
        let at = ids.position(|card| card.as_str() == Some(id));
        match (at, found.get("id").and_then(Value::as_str) == Some(column)) {
            (Some(at), false) => edits.extend(json::remove(source, cards, at)),
            (None, true) => edits.extend(json::push(source, cards, &json::string(id))),
            _ => {}
        }
    }
    edits
}

/// A card as the programs that own such boards write it.
pub(super) fn object(card: &Card<'_>, column: &str, gap: &str, unit: &str) -> String {
    let mut fields = vec![
        ("id", json::string(card.id)),
        ("columnId", json::string(column)),
        ("title", json::string(card.title)),
        ("updatedAt", json::string(card.time)),
        ("status", json::string(card.state.as_str())),
    ];
    fields.extend(card.origin.map(|origin| {
        let inner = inner_gap(gap, unit);
        ("source", written(origin, &inner, gap, ": "))
    }));
    let fields = fields.into_iter();
    let lines = fields.map(|(key, value)| format!("{gap}\"{key}\": {value}"));
    let outer = gap.strip_suffix(unit).unwrap_or(gap);
    format!("{{{}{outer}}}", lines.collect::<Vec<_>>().join(","))
}

/// The white space in front of what stands one level deeper.
fn inner_gap(gap: &str, unit: &str) -> String {
    if gap.contains('\n') {
        format!("{gap}{unit}")
    } else {
        gap.to_owned()
    }
}

/// What a card says of its task, in the layout of the card: the white space in front of its keys,
/// what closes it, and what parts keys from values.
pub(super) fn source(origin: &Origin, gap: &str, closing: &str, colon: &str) -> String {
    let outer = closing.trim_end_matches('}');
    let unit = gap.strip_prefix(outer).unwrap_or_default();
    written(origin, &inner_gap(gap, unit), gap, colon)
}

/// What a card says of the task that it was made from.
fn written(origin: &Origin, gap: &str, outer: &str, colon: &str) -> String {
    let fields = keys(origin).into_iter();
    let fields = fields.map(|(key, value)| format!("\"{key}\"{colon}{}", json::string(&value)));
    let fields: Vec<String> = fields.collect();
    if gap.contains('\n') {
        format!("{{{gap}{}{outer}}}", fields.join(&format!(",{gap}")))
    } else {
        let gap = if gap.is_empty() && colon.ends_with(' ') {
            " "
        } else {
            gap
        };
        format!("{{{}}}", fields.join(&format!(",{gap}")))
    }
}

fn keys(origin: &Origin) -> Vec<(&'static str, String)> {
    let mut keys = vec![
        ("type", "plan".to_owned()),
        ("planFile", origin.path.clone()),
        ("taskId", origin.item.clone()),
    ];
    keys.extend(origin.text.clone().map(|text| ("text", text)));
    keys.extend(
        origin
            .state
            .map(|state| ("state", state.as_str().to_owned())),
    );
    keys
}

/// Collects edits of the keys of an object.
struct Pen<'a> {
    source: &'a Source,
    object: &'a Value,
    edits: Vec<Edit>,
    /// Keys that are new, with their values.
    new: Vec<(String, String)>,
}

impl<'a> Pen<'a> {
    const fn new(source: &'a Source, object: &'a Value) -> Self {
        Self {
            source,
            object,
            edits: Vec::new(),
            new: Vec::new(),
        }
    }

    /// The text of a key that has one.
    fn text(&self, key: &str) -> Option<&'a str> {
        let text = self.object.get(key)?.as_str()?;
        (!text.is_empty()).then_some(text)
    }

    /// Another value for a key, which may be new.
    fn set(&mut self, key: &str, value: &str) -> Result<(), Refusal> {
        let Some(now) = self.object.get(key) else {
            self.new.push((key.to_owned(), value.to_owned()));
            return Ok(());
        };
        let span = json::span(self.source, now);
        if matches!(now.kind, ValueKind::Sequence(_) | ValueKind::Mapping(_)) {
            return Err(Refusal::NoPlace {
                line: self.source.line(span.start),
                why: format!("`{key}` is no text"),
            });
        }
        if self.source.slice(span) != value {
            self.edits.push(Edit::replace(span, value));
        }
        Ok(())
    }

    /// What the card says of its task.
    fn origin(&mut self, origin: &Origin) -> Result<(), Refusal> {
        match self.object.get("source") {
            Some(now) if !now.entries().is_empty() => {
                let mut pen = Pen::new(self.source, now);
                for (key, value) in keys(origin) {
                    pen.set(key, &json::string(&value))?;
                }
                self.edits.extend(pen.finish()?);
            }
            Some(now) if !now.is_null() => {
                return Err(Refusal::NoPlace {
                    line: self.source.line(now.span.start),
                    why: "its `source` is something else".to_owned(),
                });
            }
            now => {
                let (gap, colon, closing) = self.layout();
                let text = source(origin, &gap, &closing, &colon);
                match now {
                    Some(now) => {
                        let span = json::span(self.source, now);
                        self.edits.push(Edit::replace(span, text));
                    }
                    None => self.new.push(("source".to_owned(), text)),
                }
            }
        }
        Ok(())
    }

    /// The white space in front of keys, what parts them from their values, and the white space in
    /// front of the closing brace.
    fn layout(&self) -> (String, String, String) {
        let keys = self.object.entries();
        let slice = |start: u32, end: u32| self.source.slice(Span { start, end });
        let Some(last) = keys.last() else {
            return (String::new(), ": ".to_owned(), String::new());
        };
        let before = match keys.len().checked_sub(2).and_then(|at| keys.get(at)) {
            Some(before) => json::span(self.source, &before.value).end,
            None => self.object.span.start + 1,
        };
        let gap = slice(before, last.key_span.start).trim_start_matches(',');
        let colon = slice(last.key_span.end, last.value.span.start);
        let end = json::span(self.source, self.object).end.saturating_sub(1);
        let outer = slice(json::span(self.source, &last.value).end, end);
        (gap.to_owned(), colon.to_owned(), outer.to_owned())
    }

    fn finish(mut self) -> Result<Vec<Edit>, Refusal> {
        if self.new.is_empty() {
            return Ok(self.edits);
        }
        let Some(last) = self.object.entries().last() else {
            return Err(Refusal::NoPlace {
                line: self.source.line(self.object.span.start),
                why: "it is empty".to_owned(),
            });
        };
        let (gap, colon, _) = self.layout();
        let new = self.new.iter();
        let gap = if gap.is_empty() && self.object.entries().len() == 1 && colon.ends_with(' ') {
            " ".to_owned()
        } else {
            gap
        };
        let mut text = String::new();
        for (key, value) in new {
            let _ = write!(text, ",{gap}{}{colon}{value}", json::string(key));
        }
        let at = json::span(self.source, &last.value).end;
        self.edits.push(Edit::insert(at, text));
        Ok(self.edits)
    }
}

#[cfg(test)]
mod tests;
