//! The verbs that change documents.
//!
//! Each makes changes out of a request, and all of them go through `Operation`: the documents are
//! read under their locks, the changes are made to what they hold then, and all files are written or
//! none. What an item or a state was, and what it is, is told from those readings.

mod answer;
mod complete;
pub mod items;
pub mod log;
pub mod states;
pub mod undo;

use std::collections::BTreeMap;

use planwright_coord::Key;
use planwright_dialect::Reading;
use planwright_dialect::writer::{Change, Refusal};
use planwright_model::{Document, Item};
use planwright_workspace::Workspace;
use planwright_workspace::write::{self, Contents, Failure, Outcome, UndoError, Writer};

pub use answer::{Answer, Done, FileChange, Missing};

use crate::claims::{self, Desk};
use crate::reference::{self, Target};
use crate::{ErrorKind, Hint, OpsError};

/// What every verb that writes is told.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    /// Writes the files.
    pub writer: &'a Writer<'a>,
    /// The moment, in seconds since the Unix epoch.
    pub now: i64,
    /// Show what would change, and change nothing.
    pub dry_run: bool,
    /// Who asks. Nothing is changed that somebody else holds; `None` changes it all the same.
    pub desk: Option<Desk<'a>>,
}

/// A document in the middle of an operation: what it holds with the changes made so far.
struct Draft<'a> {
    ws: &'a Workspace,
    now: i64,
    reading: Reading,
}

impl Draft<'_> {
    fn document(&self) -> &Document {
        &self.reading.document
    }

    /// Makes a change. True where it changed a byte.
    fn change(&mut self, change: &Change) -> Result<bool, OpsError> {
        let dialects = self.ws.dialects();
        let path = self.document().path.clone();
        let new = dialects
            .change(&self.reading, change, self.now)
            .map_err(|refusal| refused(self.document(), refusal))?;
        let is_new = new != self.reading.parsed.source.bytes();
        if is_new {
            self.reading = dialects.read(&path, new);
        }
        Ok(is_new)
    }
}

/// What one operation does, file by file.
struct Operation<'a> {
    ws: &'a Workspace,
    call: &'a Call<'a>,
    verb: &'static str,
    label: String,
    /// What is changed, as claims call it; what nobody needs to hold is left out.
    keys: Vec<Key>,
}

impl Operation<'_> {
    /// Runs `edit` over the documents at some paths, in their order, and answers what it did.
    fn run(
        &self,
        paths: &[String],
        edit: impl Fn(&mut BTreeMap<String, Draft<'_>>) -> Result<Vec<Done>, OpsError>,
    ) -> Result<Answer, OpsError> {
        // Held until all is written: nobody takes over in between.
        let guard = match self.call.desk {
            Some(desk) => Some((desk, desk.guard(&self.keys)?)),
            None => None,
        };
        let mut done = Vec::new();
        let operation = |contents: &Contents| {
            let mut drafts = BTreeMap::new();
            for (path, bytes) in contents {
                let bytes = bytes.clone().ok_or_else(|| gone(path))?;
                let draft = Draft {
                    ws: self.ws,
                    now: self.call.now,
                    reading: self.ws.dialects().read(path, bytes),
                };
                drafts.insert(path.clone(), draft);
            }
            done = edit(&mut drafts)?;
            let changes = drafts
                .into_iter()
                .map(|(path, draft)| write::Change::Write {
                    path,
                    bytes: draft.reading.parsed.source.bytes().to_vec(),
                });
            Ok(Outcome::Write(changes.collect()))
        };
        let writer = self.call.writer;
        let changed = if self.call.dry_run {
            writer.preview(paths, operation)
        } else {
            writer.run(&self.label, paths, operation)
        };
        let changed = changed.map_err(|failure: Failure<OpsError>| match failure {
            Failure::Refused(error) => error,
            Failure::Write(error) => error.into(),
        })?;
        let mut notes = Vec::new();
        if let Some((desk, guard)) = guard {
            notes.extend(guard.notes.iter().cloned());
            // The files are written whatever becomes of the claim.
            if !self.call.dry_run
                && let Err(error) = desk.follow(&guard, self.verb, &done, &self.keys)
            {
                notes.push(error.message);
            }
        }
        let mut answer = Answer::new(self.verb, self.call.dry_run, done, &changed);
        answer.notes = notes;
        Ok(answer)
    }
}

fn gone(path: &str) -> OpsError {
    OpsError::new(ErrorKind::NotFound, format!("{path} is no longer there"))
}

/// Why a document was not changed, as an error with a way out.
fn refused(document: &Document, refusal: Refusal) -> OpsError {
    let message = format!("cannot change {}: {refusal}", document.path);
    let error = OpsError::new(ErrorKind::Refused, message);
    match refusal {
        Refusal::NoWord { known, .. } => error
            .with_hint(Hint::Note(format!("it has {}", known.join(", "))))
            .with_hint(Hint::Note(
                "`--word WORD` uses another word that means it".to_owned(),
            )),
        Refusal::FollowsParts { parts, .. } => {
            let steps = document
                .items
                .iter()
                .filter(|item| parts.contains(&item.line));
            let steps: Vec<&str> = steps.map(|item| item.reference.as_str()).collect();
            error.with_hint(Hint::Note(format!("its steps are {}", steps.join(", "))))
        }
        Refusal::NoPlace { line, .. } => error.with_hint(Hint::Note(format!(
            "change it by hand: {}:{line}",
            document.path
        ))),
        _ => error,
    }
}

/// An item by its name, as it was when it was asked for.
#[derive(Clone, Debug)]
struct Wanted {
    path: String,
    item: Item,
    /// What it is called in claims.
    key: Key,
}

impl Wanted {
    /// Finds the item that a reference names.
    fn find(ws: &Workspace, name: &str, verb: &str) -> Result<Self, OpsError> {
        let (index, line) = match reference::target(ws, name)? {
            Target::Place(index, line) => (index, line),
            Target::Document(index) => {
                let whole = ws.entry(index).reference.to_owned();
                return Err(OpsError::new(
                    ErrorKind::Usage,
                    format!("`{name}` is a whole document; `{verb}` takes items of it"),
                )
                .with_hint(Hint::Note(format!(
                    "an item is named as `{whole}#T012` or `{whole}#2.3`"
                )))
                .with_hint(Hint::Run(format!("plan show {whole}"))));
            }
        };
        let path = ws.entry(index).path.to_owned();
        let document = ws.read(&path)?.document;
        let found = document.items.iter().find(|item| item.line == line);
        match found {
            Some(item) => Ok(Self {
                key: claims::item_key(ws, index, &document, item),
                item: item.clone(),
                path,
            }),
            None => Err(OpsError::new(
                ErrorKind::Usage,
                format!("`{name}` is a phase or section, and no item"),
            )
            .with_hint(Hint::Run(format!("plan show {name}")))),
        }
    }

    /// The same item in the document as it is now, which others may have changed.
    fn again<'d>(&self, document: &'d Document) -> Result<&'d Item, OpsError> {
        let wanted = &self.item;
        let is_same = |item: &&Item| {
            item.id == wanted.id
                && item.role == wanted.role
                && (wanted.id.is_some() || item.fingerprint == wanted.fingerprint)
        };
        let same: Vec<&Item> = document.items.iter().filter(is_same).collect();
        let exact = |item: &&&Item| {
            item.fingerprint == wanted.fingerprint && item.reference == wanted.reference
        };
        // Several of the same words are told apart by their place.
        let found = match same.as_slice() {
            [one] => Some(*one),
            _ => same
                .iter()
                .filter(exact)
                .min_by_key(|item| item.line.abs_diff(wanted.line))
                .copied(),
        };
        found.ok_or_else(|| {
            let message = format!(
                "`{}` is no longer in {}: {}",
                wanted.reference, self.path, wanted.text
            );
            OpsError::new(ErrorKind::NotFound, message)
        })
    }
}

impl From<UndoError> for OpsError {
    fn from(error: UndoError) -> Self {
        match error {
            UndoError::Nothing => Self::new(ErrorKind::Refused, error.to_string()),
            UndoError::Changed { label, paths } => Self::new(
                ErrorKind::Refused,
                format!(
                    "`{label}` cannot be taken back: {} changed since",
                    paths.join(", ")
                ),
            )
            .with_hint(Hint::Run("git diff".to_owned())),
            UndoError::Write(error) => error.into(),
        }
    }
}
