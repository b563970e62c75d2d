//! Changes to a document as splices in its own dialect.
//!
//! [`Dialects::change`] is a pure function from the bytes of a document and a [`Change`] to new
//! bytes. It makes the smallest edit that says what was asked for in the words, marks and habits of
//! the document, applies it, reads the result again and compares: where re-reading shows anything
//! but the change, nothing is written. What the reader does not see, the writer does not say.

mod add;
mod allowed;
mod asides;
mod attribute;
mod board;
mod cards;
mod compare;
mod evidence;
mod heading;
mod item;
mod json;
mod link;
mod log;
mod moving;
mod native;
mod normal;
mod number;
mod record;
mod relations;
mod section;
mod stamp;
mod state;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_back;
#[cfg(test)]
mod tests_edit;
#[cfg(test)]
mod tests_log;
#[cfg(test)]
mod tests_sequence;
#[cfg(test)]
mod tests_state;
mod text;
mod unlink;

use planwright_model::{Document, DocumentState, ItemRole, ItemState, LogRole, RelationType};
use planwright_syntax::splice::{self, Edit};
use planwright_syntax::{Parsed, Span};

pub use cards::{Card, CardEdit};
pub use compare::differences;
pub(crate) use link::relative;
pub use normal::{Form, Made, Normal};
pub use relations::Triple;

use crate::outline::Outline;
use crate::vocabulary::Vocabulary;
use crate::{Dialect, Dialects, Reading};

/// What is to be changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// How far an item is.
    Item {
        /// The line it begins in.
        line: u32,
        /// How far it is from now on.
        state: ItemState,
        /// Why, for an item that is blocked or cancelled.
        note: Option<Note>,
    },
    /// What the document says about its own state, in all places that state it.
    State {
        /// The state from now on.
        state: DocumentState,
        /// The word to use; one that the dialect knows for this state.
        native: Option<String>,
        /// The word that documents like this one use for it elsewhere.
        habit: Option<String>,
    },
    /// An entry of a log.
    Log(LogLine),
    /// What shows that the work is right, where the document keeps such things.
    Evidence(String),
    /// One more relation to another document.
    Link {
        /// How this document stands to it.
        relation: RelationType,
        /// Its path from the root.
        target: String,
        /// Its other names, which a document may write instead.
        names: Vec<String>,
        /// What it is: `plan`, `adr`; empty where nobody knows.
        kind: String,
    },
    /// One relation less.
    Unlink {
        /// How this document stands to the target.
        relation: RelationType,
        /// The target, as the document writes it.
        target: String,
    },
    /// A new task, phase, criterion, risk ...
    Add(Addition),
    /// Other words for an item.
    Text {
        /// The line it begins in.
        line: u32,
        /// The words from now on.
        text: String,
    },
    /// Something that an item says about itself.
    Attribute {
        /// The line it begins in.
        line: u32,
        /// What.
        attribute: Attribute,
        /// What it says from now on; nothing where that is `None`.
        value: Option<String>,
    },
    /// Another place for an item, with everything below it.
    Move {
        /// The line it begins in.
        line: u32,
        /// Behind the other item, or in front of it.
        behind: bool,
        /// The line in which the other item begins.
        other: u32,
    },
}

/// A new part of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addition {
    /// What it is.
    pub part: Part,
    /// What it says.
    pub text: String,
    /// The phase it belongs to, by its line.
    pub phase: Option<u32>,
    /// The item or phase that it stands behind, by its line.
    pub after: Option<u32>,
    /// The task that it is a piece of, by its line.
    pub parent: Option<u32>,
    /// What else it says: of a risk or a blocker, by the names of their fields.
    pub details: Vec<(&'static str, String)>,
}

/// What can be added to a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// A task, criterion, deliverable, gate, question; below another item a piece of it.
    Item(ItemRole),
    /// A phase.
    Phase,
    /// A risk.
    Risk,
    /// A blocker.
    Blocker,
}

impl Part {
    /// The canonical word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Item(role) => role.as_str(),
            Self::Phase => "phase",
            Self::Risk => "risk",
            Self::Blocker => "blocker",
        }
    }
}

/// What items say about themselves besides their words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attribute {
    /// Who has it.
    Owner,
    /// How long it should take.
    Estimate,
    /// What it needs first: ids, parted by commas.
    Needs,
}

impl Attribute {
    /// The name of the field.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Estimate => "estimate",
            Self::Needs => "depends_on",
        }
    }
}

/// Why an item is not worked on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// `blocked`, `cancelled`, `waived`.
    pub word: String,
    /// The reason.
    pub text: String,
}

/// An entry to be added to a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    /// The log it belongs to.
    pub role: LogRole,
    /// What it says.
    pub text: String,
    /// Why.
    pub rationale: Option<String>,
    /// What else was considered.
    pub alternatives: Option<String>,
    /// What shows it.
    pub evidence: Option<String>,
    /// Who says so.
    pub author: Option<String>,
}

/// Why a document was not changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No item begins in the line.
    #[error("no item begins in line {line}")]
    NoItem {
        /// The line.
        line: u32,
    },
    /// A task that has no mark of its own is as far as its pieces.
    #[error("the task in line {line} is as far as its steps")]
    FollowsParts {
        /// Its line.
        line: u32,
        /// Lines of the steps.
        parts: Vec<u32>,
    },
    /// The dialect has no word for the state.
    #[error("the {dialect} dialect has no word for {state}")]
    NoWord {
        /// The dialect.
        dialect: String,
        /// The state.
        state: DocumentState,
        /// The words it has.
        known: Vec<String>,
        /// The word for the last state of a plan that is carried out, where done was asked for.
        last: Option<String>,
    },
    /// The word does not mean the state.
    #[error("`{word}` does not mean {state} in the {dialect} dialect")]
    WrongWord {
        /// The word.
        word: String,
        /// The dialect.
        dialect: String,
        /// The state.
        state: DocumentState,
    },
    /// The document has no section for it.
    #[error("it has no section for evidence")]
    NoEvidence,
    /// Not a Markdown document.
    #[error("in a JSON file only the state of tasks is changed")]
    NotMarkdown,
    /// The board has no column for it.
    #[error("no column of the board says {state}")]
    NoColumn {
        /// The state.
        state: ItemState,
        /// The names of the columns.
        known: Vec<String>,
    },
    /// The form of such documents has no section for it.
    #[error("a {kind} of the {dialect} dialect has no section for a {part}")]
    NoSection {
        /// What was to be added.
        part: &'static str,
        /// The kind of the document.
        kind: String,
        /// The dialect.
        dialect: String,
    },
    /// The dialect writes the relation nowhere.
    #[error("the {dialect} dialect has no place for `{relation}`")]
    NoKey {
        /// The dialect.
        dialect: String,
        /// The relation.
        relation: RelationType,
        /// The relations that it has a place for.
        known: Vec<RelationType>,
    },
    /// The words hold nothing.
    #[error("there are no words to write")]
    NoWords,
    /// No edit was found that re-reading shows as the change and as nothing else.
    #[error("there is no safe place for it in line {line}: {why}")]
    NoPlace {
        /// The line.
        line: u32,
        /// What stands against it.
        why: String,
    },
}

/// A document that is to be changed.
struct Subject<'a> {
    dialects: &'a Dialects,
    dialect: &'a Dialect,
    words: &'a Vocabulary,
    parsed: &'a Parsed,
    document: &'a Document,
    outline: Outline<'a>,
    /// Seconds since the Unix epoch.
    now: i64,
}

impl Subject<'_> {
    /// Where a part of the document's text stands in its bytes.
    fn span_of(&self, part: &str) -> Option<Span> {
        let text = self.parsed.source.text();
        let start = (part.as_ptr() as usize).checked_sub(text.as_ptr() as usize)?;
        (start + part.len() <= text.len()).then(|| Span::new(start, start + part.len()))
    }

    /// The line ending to write.
    fn newline(&self) -> &'static str {
        self.parsed.source.line_ending().as_str()
    }

    /// The refusal of what no section of the document's form is for.
    fn no_section(&self, part: &'static str) -> Refusal {
        Refusal::NoSection {
            part,
            kind: self.document.kind.clone(),
            dialect: self.document.dialect.clone(),
        }
    }

    /// What the manifest says is written: the dialect's own table, else the common one.
    fn rule<'b, K: Ord + 'b, V>(
        &'b self,
        table: impl Fn(&'b crate::manifest::WriteRules) -> &'b std::collections::BTreeMap<K, V>,
        key: &K,
    ) -> Option<&'b V> {
        let own = table(&self.dialect.manifest.write);
        let common = table(&self.dialect.common.write);
        if own.is_empty() { common } else { own }.get(key)
    }
}

impl Dialects {
    /// The bytes of a document with one change in them. `now` is in seconds since the Unix epoch.
    /// The same bytes where the document says so already.
    ///
    /// # Errors
    /// When the document has no place for it, or the result would say anything else.
    pub fn change(&self, reading: &Reading, change: &Change, now: i64) -> Result<Vec<u8>, Refusal> {
        let document = &reading.document;
        if document.path.ends_with(".json") {
            return board::change(self, reading, change);
        }
        let dialect = self
            .get(&document.dialect)
            .or_else(|| self.dialects.last())
            .ok_or(Refusal::NotMarkdown)?;
        let words = dialect.words();
        let subject = Subject {
            dialects: self,
            dialect,
            words,
            parsed: &reading.parsed,
            document,
            outline: Outline::new(&reading.parsed, words),
            now,
        };
        let (line, candidates) = match change {
            Change::Item { line, state, note } => {
                (*line, item::edits(&subject, *line, *state, note.as_ref())?)
            }
            Change::State {
                state,
                native,
                habit,
            } => {
                let line = document.state.line.unwrap_or(1);
                let habit = habit.as_deref();
                (
                    line,
                    state::edits(&subject, *state, native.as_deref(), habit)?,
                )
            }
            Change::Log(entry) => log::edits(&subject, entry),
            Change::Evidence(text) => evidence::edits(&subject, text)?,
            Change::Link {
                relation,
                target,
                names,
                kind,
            } => {
                let other = link::Other {
                    path: target,
                    names,
                    kind,
                };
                (1, link::edits(&subject, *relation, &other)?)
            }
            Change::Unlink { relation, target } => unlink::edits(&subject, *relation, target),
            Change::Add(addition) => add::edits(&subject, addition)?,
            Change::Text { line, text } => (*line, text::edits(&subject, *line, text)?),
            Change::Attribute {
                line,
                attribute,
                value,
            } => (
                *line,
                attribute::edits(&subject, *line, *attribute, value.as_deref())?,
            ),
            Change::Move {
                line,
                behind,
                other,
            } => (*line, moving::edits(&subject, *line, *behind, *other)?),
        };
        let bytes = reading.parsed.source.bytes();
        let mut why = untried(document, change);
        for edits in candidates {
            if edits.is_empty() {
                return Ok(bytes.to_vec());
            }
            match self.attempt(reading, change, &edits) {
                Ok(new) => return Ok(new),
                Err(found) => why = found,
            }
        }
        Err(Refusal::NoPlace { line, why })
    }

    /// The bytes of a board with one more card, in the column of those that are as far. `None` for what
    /// keeps no cards, and where it has the card.
    pub fn add_card(&self, reading: &Reading, card: &Card<'_>) -> Option<Vec<u8>> {
        board::card(self, reading, card)
    }

    /// The bytes of a board with a card in another column, by its name or id. `None` where the board has
    /// no such column.
    ///
    /// # Errors
    /// When the card is not there, lies in no column, or something else would be read after that.
    pub fn lay(
        &self,
        reading: &Reading,
        line: u32,
        column: &str,
    ) -> Result<Option<Vec<u8>>, Refusal> {
        board::lay(self, reading, line, column)
    }

    /// Applies edits and reads the result. Says what else changed.
    fn attempt(
        &self,
        reading: &Reading,
        change: &Change,
        edits: &[Edit],
    ) -> Result<Vec<u8>, String> {
        let bytes = reading.parsed.source.bytes();
        let new = splice::apply(bytes, edits).map_err(|error| error.to_string())?;
        let after = self.read(&reading.document.path, new.clone());
        match compare::unexpected(reading, &after.document, edits, change) {
            Some(found) => Err(found),
            None => Ok(new),
        }
    }
}

/// Why no way to make a change is known.
fn untried(document: &Document, change: &Change) -> String {
    let item = match change {
        Change::Item { line, state, .. } => {
            let mut items = document.items.iter();
            items
                .find(|item| item.line == *line)
                .map(|item| (item, state))
        }
        _ => None,
    };
    match item {
        Some((item, state)) => match &item.mark {
            Some(mark) => format!("its words say that it is {}: `{mark}`", item.state),
            None => format!(
                "an item that is no list item has no mark for {state}, and no other here has a line for its status"
            ),
        },
        None => "it is written in a way of its own".to_owned(),
    }
}
