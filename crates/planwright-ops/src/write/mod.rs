//! The verbs that change documents.
//!
//! Each makes changes out of a request, and all of them go through `Operation`: the documents are
//! read under their locks, the changes are made to what they hold then, and all files are written or
//! none. What an item or a state was, and what it is, is told from those readings.

pub mod add;
mod answer;
mod complete;
pub mod convert;
pub mod create;
mod cycle;
pub mod deck;
pub mod edit;
pub(crate) mod fix;
mod home;
pub mod items;
pub mod link;
pub mod log;
pub mod normalize;
mod parts;
pub mod registry;
pub mod relocate;
mod revision;
pub mod stage;
pub mod states;
pub mod trust;
pub mod undo;
pub mod verify;

use std::collections::{BTreeMap, BTreeSet};

use planwright_coord::Key;
use planwright_dialect::Reading;
pub use planwright_dialect::writer::Part;
use planwright_dialect::writer::{Change, Refusal, Triple};
use planwright_model::{Document, DocumentState, Item};
use planwright_workspace::Workspace;
use planwright_workspace::write::{self, Contents, Failure, Outcome, UndoError, Writer};

pub use answer::{Answer, Done, FileChange, Left, Missing};
pub use create::renumber;
pub use revision::revision;

use relocate::Relocation;

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
    /// Revisions at which documents may be changed; any where there are none.
    pub expect: &'a [String],
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
        let new = self
            .ws
            .dialects()
            .change(&self.reading, change, self.now)
            .map_err(|refusal| refused(self.document(), refusal))?;
        let is_new = new != self.reading.parsed.source.bytes();
        if is_new {
            self.replace(new);
        }
        Ok(is_new)
    }

    /// Gives it other bytes.
    fn replace(&mut self, bytes: Vec<u8>) {
        let path = self.document().path.clone();
        self.reading = self.ws.dialects().read(&path, bytes);
    }

    /// Makes a change. True where it changed a byte, and the first line that differs.
    fn made(&mut self, change: &Change) -> Result<(bool, u32), OpsError> {
        let before = self.reading.parsed.source.bytes().to_vec();
        let changed = self.change(change)?;
        Ok((changed, first_new(&before, &self.reading)))
    }

    /// Makes a change to a file of relations, and says in which line.
    fn relate(&mut self, triple: &Triple, is_added: bool) -> Result<u32, OpsError> {
        let dialects = self.ws.dialects();
        let path = self.document().path.clone();
        let before = self.reading.parsed.source.bytes().to_vec();
        let new = dialects
            .change_relations(&path, &before, triple, is_added)
            .map_err(|refusal| refused(self.document(), refusal))?;
        self.reading = dialects.read(&path, new);
        Ok(first_new(&before, &self.reading))
    }
}

/// The first line that is not as it was.
fn first_new(before: &[u8], reading: &Reading) -> u32 {
    let source = &reading.parsed.source;
    let same = before.iter().zip(source.bytes());
    let same = same.take_while(|(old, new)| old == new).count();
    let line = source.line(same as u32);
    // What differs may begin with the line ending that it has in common.
    let at_end = source
        .bytes()
        .get(same)
        .is_some_and(|byte| matches!(byte, b'\n' | b'\r'));
    let text = source.line_text(line);
    if at_end && text.trim().is_empty() {
        line + 1
    } else {
        line
    }
}

/// A file of relations that holds none.
const NO_RELATIONS: &[u8] = b"{\n  \"version\": 1,\n  \"files\": {},\n  \"relations\": []\n}\n";

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
        self.run_with(paths, &Relocation::default(), edit)
    }

    /// The same, and some of the paths are those of new files.
    fn run_making(
        &self,
        paths: &[String],
        made: &BTreeSet<String>,
        edit: impl FnMut(&mut BTreeMap<String, Draft<'_>>) -> Result<Vec<Done>, OpsError>,
    ) -> Result<Answer, OpsError> {
        self.run_all(paths, made, &Relocation::default(), edit)
    }

    /// The same, and some files get another path with it.
    fn run_with(
        &self,
        paths: &[String],
        relocation: &Relocation,
        edit: impl Fn(&mut BTreeMap<String, Draft<'_>>) -> Result<Vec<Done>, OpsError>,
    ) -> Result<Answer, OpsError> {
        self.run_all(paths, &BTreeSet::new(), relocation, edit)
    }

    fn run_all(
        &self,
        paths: &[String],
        made: &BTreeSet<String>,
        relocation: &Relocation,
        mut edit: impl FnMut(&mut BTreeMap<String, Draft<'_>>) -> Result<Vec<Done>, OpsError>,
    ) -> Result<Answer, OpsError> {
        let (mut done, mut left) = (Vec::new(), Vec::new());
        let mut all = paths.to_vec();
        all.extend(relocation.paths());
        // Held until all is written: nobody takes over in between.
        let guard = match self.call.desk {
            Some(desk) => Some((desk, desk.guard(&self.keys)?)),
            None => None,
        };
        let operation = |contents: &Contents| {
            let mut drafts = BTreeMap::new();
            for path in paths {
                // A file of relations is made with the first one.
                let empty = || {
                    let is_one = self.ws.dialects().is_relations_file(path);
                    let none = is_one.then(|| NO_RELATIONS.to_vec());
                    none.or_else(|| made.contains(path).then(Vec::new))
                };
                let bytes = contents.get(path).cloned().flatten();
                if bytes.is_some() && made.contains(path) {
                    let message = format!("{path} is there by now");
                    return Err(OpsError::new(ErrorKind::Refused, message)
                        .with_hint(Hint::Note("run it again".to_owned())));
                }
                let bytes = bytes.or_else(empty).ok_or_else(|| gone(path))?;
                let draft = Draft {
                    ws: self.ws,
                    now: self.call.now,
                    reading: self.ws.dialects().read(path, bytes),
                };
                // Lists and files of relations follow; nobody reads them first.
                if draft.document().kind != "index" && !self.ws.dialects().is_relations_file(path) {
                    revision::expected(
                        self.call.expect,
                        path,
                        draft.reading.parsed.source.bytes(),
                    )?;
                }
                drafts.insert(path.clone(), draft);
            }
            done = edit(&mut drafts)?;
            if self.ws.has_strayed() {
                return Err(unproven());
            }
            if !relocation.is_empty() {
                let carried = relocation.carry(self.ws, contents, &drafts)?;
                for done in &mut done {
                    done.path = relocation.now(&done.path);
                }
                done.extend(carried.done);
                left = carried.left;
                return Ok(Outcome::Write(carried.changes));
            }
            let bytes = |draft: &Draft<'_>| draft.reading.parsed.source.bytes().to_vec();
            let changes = drafts
                .into_iter()
                .map(|(path, draft)| (path, bytes(&draft)))
                .filter(|(path, bytes)| {
                    let is_new = !contents.get(path).is_some_and(Option::is_some);
                    !is_new || !bytes.is_empty() && bytes != NO_RELATIONS
                })
                .map(|(path, bytes)| write::Change::Write { path, bytes });
            Ok(Outcome::Write(changes.collect()))
        };
        let writer = self.call.writer;
        let changed = if self.call.dry_run {
            writer.preview(&all, operation)
        } else {
            writer.run(&self.label, &all, operation)
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
        answer.left = left;
        answer.notes = notes;
        Ok(answer)
    }
}

/// Nothing is written on the word of documents that were not proven. A face that opened the
/// workspace for some references opens it for everything then, and calls again.
fn unproven() -> OpsError {
    let message = "this takes a look at all documents, and only some were looked at";
    OpsError::new(ErrorKind::Internal, message)
}

fn gone(path: &str) -> OpsError {
    OpsError::new(ErrorKind::NotFound, format!("{path} is no longer there"))
}

/// Why a document was not changed, as an error with a way out.
fn refused(document: &Document, refusal: Refusal) -> OpsError {
    let message = format!("cannot change {}: {refusal}", document.path);
    let error = OpsError::new(ErrorKind::Refused, message);
    match refusal {
        Refusal::NoWord {
            known,
            last: Some(last),
            ..
        } => last_word(document, error, &known, &last),
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
        Refusal::NoColumn { known, .. } => {
            error.with_hint(Hint::Note(format!("its columns are {}", known.join(", "))))
        }
        Refusal::NoKey { known, .. } => {
            let known: Vec<&str> = known.iter().map(|relation| relation.as_str()).collect();
            error.with_hint(Hint::Note(format!(
                "it has places for {}",
                known.join(", ")
            )))
        }
        Refusal::NoSection { .. } => error.with_hint(Hint::Note(
            "write the section by hand, if it is to have one all the same".to_owned(),
        )),
        Refusal::NoPlace { line, .. } => error.with_hint(Hint::Note(format!(
            "change it by hand: {}:{line}",
            document.path
        ))),
        _ => error,
    }
}

/// What to do with a plan that is done where its dialect cannot say so.
fn last_word(document: &Document, error: OpsError, known: &[String], last: &str) -> OpsError {
    let name = &document.reference;
    let has = format!("it has {}; the last is `{last}`", known.join(", "));
    if document.state.value == DocumentState::Approved {
        return error
            .with_hint(Hint::Note(format!(
                "{has}: `{name}` says so, and nothing in it is open, which is all that can be said"
            )))
            .with_hint(Hint::Run(format!("plan archive {name}")));
    }
    error
        .with_hint(Hint::Note(format!(
            "{has}: a plan that says so, and in which nothing is open, is done"
        )))
        .with_hint(Hint::Run(format!("plan approve {name}")))
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
        let index = match reference::target(ws, name)? {
            Target::Place(index, _) => index,
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
        let document = ws.parse(&path)?.document;
        // Not the line that it was resolved to: somebody may have saved the file since.
        let line = ws.line_in(&document, name);
        let found = document.items.iter().find(|item| Some(item.line) == line);
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
