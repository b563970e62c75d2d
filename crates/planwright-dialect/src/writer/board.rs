//! Boards and tasks in JSON: how far a task is.

use planwright_model::{DocumentState, ItemState};
use planwright_syntax::Source;
use planwright_syntax::splice::Edit;
use planwright_syntax::yaml::{self, Value};

use super::{Change, Refusal, json, native};
use crate::vocabulary::Vocabulary;
use crate::{Dialects, Reading, board};

/// The bytes of a board or task with one change in them.
pub(super) fn change(
    dialects: &Dialects,
    reading: &Reading,
    change: &Change,
) -> Result<Vec<u8>, Refusal> {
    let source = &reading.parsed.source;
    let dialect = dialects.get(&reading.document.dialect);
    let words = dialect.ok_or(Refusal::NotMarkdown)?.words();
    if let Some((line, why)) = crate::json::flaw(source) {
        return Err(Refusal::NoPlace { line, why });
    }
    let root = yaml::parse(source.text(), 0).ok().flatten();
    let root = root.ok_or(Refusal::NotMarkdown)?;
    let writer = Writer {
        reading,
        source,
        root: &root,
        words,
    };
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

struct Writer<'a> {
    reading: &'a Reading,
    source: &'a Source,
    root: &'a Value,
    words: &'a Vocabulary,
}

impl Writer<'_> {
    /// The state of a card: its own word, and the column that it lies in.
    fn item(&self, line: u32, to: ItemState) -> Result<Vec<Edit>, Refusal> {
        let lists = ["items", "tasks"].into_iter();
        let mut entries = lists
            .filter_map(|key| self.root.get(key))
            .flat_map(json::elements);
        let entry = entries.find(|entry| self.source.line(entry.span.start) == line);
        let entry = entry.ok_or(Refusal::NoItem { line })?;
        let mut items = self.reading.document.items.iter();
        let item = items.find(|item| item.line == line);
        let item = item.ok_or(Refusal::NoItem { line })?;
        if item.state == to {
            return Ok(Vec::new());
        }
        let status = ["status", "state"]
            .into_iter()
            .find_map(|key| filled(entry, key));
        let column = ["columnId", "column"]
            .into_iter()
            .find_map(|key| filled(entry, key));
        let no_place = || Refusal::NoPlace {
            line,
            why: "it has neither a status nor a column".to_owned(),
        };
        let mut edits = Vec::new();
        if let Some(status) = status {
            let now = status.as_str().unwrap_or_default();
            let others = self.reading.document.items.iter();
            let habit = others.filter(|other| other.state == to).find_map(|other| {
                other
                    .mark
                    .clone()
                    .filter(|mark| Some(mark) != other.stage.as_ref())
            });
            let word = habit.unwrap_or_else(|| native::dress(to.as_str(), now));
            edits.push(json::set(self.source, status, &word).ok_or_else(no_place)?);
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
        let cards = |name: &str| {
            let columns = self.root.get("columns").map_or(&[][..], json::elements);
            let mut columns = columns.iter();
            let is_it = |column: &&Value| column.get("id").and_then(Value::as_str) == Some(name);
            columns.find(is_it).and_then(|column| column.get("taskIds"))
        };
        let at = |cards: &Value| {
            let mut cards = json::elements(cards).iter();
            cards.position(|card| card.as_str() == Some(id))
        };
        if let Some((cards, at)) = cards(old).and_then(|cards| Some((cards, at(cards)?))) {
            edits.extend(json::remove(self.source, cards, at));
        }
        if let Some(cards) = cards(new).filter(|cards| at(cards).is_none()) {
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

/// A string of an object that is not empty.
fn filled<'v>(entry: &'v Value, key: &str) -> Option<&'v Value> {
    let value = entry.get(key)?;
    value
        .as_str()
        .filter(|text| !text.is_empty())
        .map(|_| value)
}
