//! `plan renumber`: gives a document, or a feature, another number.
//!
//! What a merge of two branches brings, two documents of one number, is repaired so: one of them gets
//! the next free number, its file or folder another name, and what refers to it follows. A path is
//! proved by where it leads; an id only where no other document has it, and in the document itself.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use planwright_dialect::Reading;
use planwright_syntax::splice::Edit;
use planwright_syntax::{Span, splice};
use planwright_workspace::path::{name, parent, stem};
use planwright_workspace::relink::Moves;
use planwright_workspace::write::{Change, Contents, Failure, Outcome};
use planwright_workspace::{Resolution, Workspace};
use schemars::JsonSchema;
use serde::Serialize;

use super::number::{Elsewhere, Series};
use crate::write::{Call, FileChange, gone};
use crate::{ErrorKind, Hint, OpsError, reference};

/// Which document gets which number.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The document, or one of the feature.
    pub reference: String,
    /// The number; the next free one where none is given.
    pub to: Option<u64>,
}

/// What has another number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Answer {
    /// The contract's name.
    #[schemars(extend("const" = "planwright/renumber@1"))]
    pub schema: &'static str,
    /// True where nothing was written.
    pub dry_run: bool,
    /// The id that it had: `PLN-007`, `012`.
    pub before: String,
    /// The id that it has.
    pub after: String,
    /// The files that have another name.
    pub moved: Vec<Moved>,
    /// The other files that refer to it and were rewritten.
    pub rewritten: Vec<String>,
    /// What looks like a reference to it and was left as it is.
    pub left: Vec<Left>,
    /// What should be known about it.
    pub notes: Vec<String>,
    /// The files that changed, or would.
    pub files: Vec<FileChange>,
}

/// A file that has another name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Moved {
    /// Its path before, from the repository's root.
    pub from: String,
    /// Its path now.
    pub to: String,
}

/// What was not proved to be a reference.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Left {
    /// Path from the repository's root, before the change.
    pub path: String,
    /// 1-based line, before the change.
    pub line: u32,
    /// What stands there.
    pub text: String,
    /// Why it was left.
    pub why: String,
}

/// Gives a document or a feature another number.
///
/// # Errors
/// When the reference names no document, the document has no number, the number is taken, or a file
/// cannot be written.
pub fn run(ws: &Workspace, request: &Request, call: &Call<'_>) -> Result<Answer, OpsError> {
    let index = reference::document(ws, &request.reference, "renumber")?;
    let subject = Subject::find(ws, index)?;
    let mut elsewhere = Elsewhere::open(ws);
    let by_branch = subject.is_folder;
    let taken = elsewhere.taken(ws, &subject.series, by_branch);
    let highest = taken.last().copied().unwrap_or(0);
    let mut held = None;
    let number = match request.to {
        Some(number) if taken.contains(&number) => {
            let message = format!("the number {number} is taken");
            return Err(
                OpsError::new(ErrorKind::Refused, message).with_hint(Hint::Note(format!(
                    "the next one that is free is {}",
                    highest + 1
                ))),
            );
        }
        Some(number) => number,
        None if call.dry_run => highest + 1,
        None => {
            let file = |number| ws.root().join(subject.to(number));
            let shared = elsewhere.shared(ws);
            let series = subject.series.name();
            let reserved = call.writer.reserve(&shared, &series, highest, file)?;
            let number = reserved.number();
            held = Some(reserved);
            number
        }
    };
    let mut answer = Renumber::new(ws, call, &subject, number).write(&request.reference)?;
    drop(held);
    answer.notes.extend(elsewhere.note.take());
    Ok(answer)
}

/// What gets another number: a file, or the folder of a feature.
struct Subject {
    /// Its path.
    path: String,
    is_folder: bool,
    /// Its id, with the letters: `PLN-007`, `012`.
    id: String,
    /// What stands in its name in front of the digits, and behind.
    before: String,
    digits: String,
    behind: String,
    series: Series,
}

impl Subject {
    fn find(ws: &Workspace, index: usize) -> Result<Self, OpsError> {
        let entry = ws.entry(index);
        let is_folder = entry.initiative != entry.path;
        let path = if is_folder {
            entry.initiative
        } else {
            entry.path
        };
        let own = name(path);
        let none = || {
            let message = format!("the name of `{path}` begins with no number");
            OpsError::new(ErrorKind::Usage, message)
        };
        let id = planwright_dialect::id_of(stem(own)).or_else(|| {
            let digits = own.bytes().take_while(u8::is_ascii_digit).count();
            (digits > 0).then(|| &own[..digits])
        });
        let id = id.ok_or_else(none)?;
        let digits = id.len() - id.bytes().rev().take_while(u8::is_ascii_digit).count();
        let (before, digits) = id.split_at(digits);
        let pattern = format!("{}/{before}{{{{n}}}}", parent(path));
        let series = Series::of(ws, pattern.trim_start_matches('/')).ok_or_else(none)?;
        Ok(Self {
            path: path.to_owned(),
            is_folder,
            id: id.to_owned(),
            before: before.to_owned(),
            digits: digits.to_owned(),
            behind: own[id.len()..].to_owned(),
            series,
        })
    }

    fn id(&self, number: u64) -> String {
        let width = self.digits.len();
        format!("{}{number:0width$}", self.before)
    }

    /// Its path with another number.
    fn to(&self, number: u64) -> String {
        let name = format!("{}{}", self.id(number), self.behind);
        match parent(&self.path) {
            "" => name,
            folder => format!("{folder}/{name}"),
        }
    }
}

/// The change of a number.
struct Renumber<'a> {
    ws: &'a Workspace,
    call: &'a Call<'a>,
    subject: &'a Subject,
    /// The id from now on.
    id: String,
    /// What moves.
    moves: Moves,
    /// Names that become others, in the documents that move.
    own: BTreeMap<String, String>,
    /// Those of them that nobody else has.
    unique: BTreeSet<String>,
}

impl<'a> Renumber<'a> {
    fn new(ws: &'a Workspace, call: &'a Call<'a>, subject: &'a Subject, number: u64) -> Self {
        let (id, to) = (subject.id(number), subject.to(number));
        let mut moves = Moves::default();
        if subject.is_folder {
            moves.folder(&subject.path, &to);
        } else {
            moves.file(&subject.path, &to);
        }
        // `012` alone is any number; the folder's name and an id with letters say what is meant.
        let mut own = BTreeMap::new();
        let (stem_, new) = (stem(name(&subject.path)), stem(name(&to)));
        let bare = |name: &str| name.bytes().all(|b| b.is_ascii_digit());
        for (old, new) in [(stem_, new), (&subject.id, &id)] {
            if !bare(old) {
                own.insert(old.to_owned(), new.to_owned());
            }
        }
        let is_own =
            |path: &str| path == subject.path || path.starts_with(&format!("{}/", subject.path));
        let is_unique = |name: &&String| {
            ws.entries().all(|entry| {
                is_own(entry.path)
                    || !entry
                        .aliases
                        .iter()
                        .any(|alias| alias.eq_ignore_ascii_case(name))
            }) && !matches!(ws.resolve(name), Resolution::Ambiguous(_))
        };
        let unique: BTreeSet<String> = own.keys().filter(is_unique).cloned().collect();
        for old in &unique {
            moves.name(old, &own[old]);
        }
        let file = name(&subject.path);
        let same = ws.candidates().filter(|path| name(path) == file).count();
        if !subject.is_folder && same == 1 {
            moves.file_name(file, name(&to));
        }
        Self {
            ws,
            call,
            subject,
            id,
            moves,
            own,
            unique,
        }
    }

    /// The files that move.
    fn files(&self) -> Vec<String> {
        if !self.subject.is_folder {
            return vec![self.subject.path.clone()];
        }
        let mut found = Vec::new();
        let mut folders = vec![self.subject.path.clone()];
        while let Some(folder) = folders.pop() {
            for name in self.ws.names_in(&folder) {
                let path = format!("{folder}/{name}");
                if self.ws.is_folder(&path) {
                    folders.push(path);
                } else {
                    found.push(path);
                }
            }
        }
        found.sort();
        found
    }

    fn write(&self, given: &str) -> Result<Answer, OpsError> {
        let ws = self.ws;
        let moving = self.files();
        // What mentions a name that others have as well is looked at, too.
        let mut seek = self.moves.clone();
        for (old, new) in &self.own {
            seek.name(old, new);
        }
        let others = ws.referrers(&seek);
        let mut paths: Vec<String> = moving.iter().chain(&others).cloned().collect();
        paths.extend(moving.iter().map(|path| self.moves.now(path).into_owned()));
        let mut left = BTreeSet::new();
        let mut rewritten = Vec::new();
        let operation = |contents: &Contents| {
            left.clear();
            rewritten.clear();
            let mut changes = Vec::new();
            for from in &moving {
                let bytes = contents.get(from).and_then(Option::as_ref);
                let bytes = bytes.ok_or_else(|| gone(from))?;
                let to = self.moves.now(from).into_owned();
                if contents.get(&to).is_some_and(Option::is_some) {
                    let message = format!("there is {to} already");
                    return Err(OpsError::new(ErrorKind::Refused, message));
                }
                let bytes = self.renamed(from, bytes);
                let bytes = self.relinked(from, bytes, &mut left);
                changes.push(Change::Rename {
                    from: from.clone(),
                    to,
                    bytes,
                });
            }
            for path in &others {
                let Some(Some(bytes)) = contents.get(path) else {
                    continue;
                };
                let new = self.mentioned(path, bytes, &mut left);
                let new = self.relinked(path, new, &mut left);
                if new != *bytes {
                    rewritten.push(path.clone());
                    changes.push(Change::Write {
                        path: path.clone(),
                        bytes: new,
                    });
                }
            }
            Ok(Outcome::Write(changes))
        };
        let writer = self.call.writer;
        let label = format!("renumber {given}");
        let changed = if self.call.dry_run {
            writer.preview(&paths, operation)
        } else {
            writer.run(&label, &paths, operation)
        };
        let changed = changed.map_err(|failure: Failure<OpsError>| match failure {
            Failure::Refused(error) => error,
            Failure::Write(error) => error.into(),
        })?;
        let moved = moving.iter().map(|from| Moved {
            from: from.clone(),
            to: self.moves.now(from).into_owned(),
        });
        Ok(Answer {
            schema: "planwright/renumber@1",
            dry_run: self.call.dry_run,
            before: self.subject.id.clone(),
            after: self.id.clone(),
            moved: moved.collect(),
            rewritten,
            left: left.into_iter().collect(),
            notes: Vec::new(),
            files: changed.iter().map(FileChange::new).collect(),
        })
    }

    /// What a document that moves says about itself, with the new number: its names wherever they
    /// stand, and a bare number where it is that of the document.
    fn renamed(&self, path: &str, bytes: &[u8]) -> Vec<u8> {
        if !self.ws.dialects().is_candidate(path) {
            return bytes.to_vec();
        }
        let reading = self.ws.dialects().read(path, bytes.to_vec());
        let mut edits = self.words(&reading, &|_| true);
        let source = &reading.parsed.source;
        let digits = &self.subject.digits;
        let number = &self.id[self.subject.before.len()..];
        let mut put = |line: Span, head: &dyn Fn(&str) -> Option<usize>| {
            let text = source.slice(line);
            let Some(at) = head(text) else { return };
            if text[at..].starts_with(digits.as_str())
                && !text[at + digits.len()..].starts_with(|c: char| c.is_alphanumeric())
            {
                let start = line.start as usize + at;
                edits.push(Edit::replace(
                    Span::new(start, start + digits.len()),
                    number,
                ));
            }
        };
        if let Some(matter) = &reading.parsed.front_matter {
            for key in ["id", "number"] {
                let value = matter.entries().iter().find(|entry| entry.key == key);
                if let Some(value) = value {
                    put(value.value.span, &|text| {
                        Some(text.len() - text.trim_start_matches(['"', '\'']).len())
                    });
                }
            }
        }
        if let Some(line) = reading.document.title.line {
            put(source.line_span(line), &|text| {
                let title = text.strip_prefix("# ")?;
                Some(text.len() - title.len())
            });
        }
        apply(bytes, edits)
    }

    /// Names in the text of another document: rewritten where nobody else has them, else listed.
    fn mentioned(&self, path: &str, bytes: &[u8], left: &mut BTreeSet<Left>) -> Vec<u8> {
        if !self.ws.dialects().is_candidate(path) {
            return bytes.to_vec();
        }
        let reading = self.ws.dialects().read(path, bytes.to_vec());
        for (old, _) in self
            .own
            .iter()
            .filter(|(old, _)| !self.unique.contains(*old))
        {
            // The other one speaks of itself.
            let names = &reading.document.aliases;
            if names.iter().any(|alias| alias.eq_ignore_ascii_case(old)) {
                continue;
            }
            let source = &reading.parsed.source;
            for span in whole(source.text(), old) {
                left.insert(Left {
                    path: path.to_owned(),
                    line: source.line(span.start),
                    text: old.clone(),
                    why: "another document has this id, too".to_owned(),
                });
            }
        }
        let edits = self.words(&reading, &|old| self.unique.contains(old));
        apply(bytes, edits)
    }

    /// Edits for the names that stand in a text as words of their own.
    fn words(&self, reading: &Reading, is_meant: &dyn Fn(&str) -> bool) -> Vec<Edit> {
        let text = reading.parsed.source.text();
        let mut edits = Vec::new();
        // The longer name first: an id begins the name of its file.
        let names = self.own.iter().rev().filter(|(old, _)| is_meant(old));
        for (old, new) in names {
            edits.extend(whole(text, old).map(|span| Edit::replace(span, new.as_str())));
        }
        edits
    }

    fn relinked(&self, path: &str, bytes: Vec<u8>, left: &mut BTreeSet<Left>) -> Vec<u8> {
        let found = self.ws.relink(path, &bytes, &self.moves);
        left.extend(found.unproved.iter().map(|unproved| Left {
            path: path.to_owned(),
            line: unproved.line,
            text: unproved.text.clone(),
            why: unproved.why.to_owned(),
        }));
        found.apply(&bytes).unwrap_or(bytes)
    }
}

/// Where a name stands as a word of its own: not in a longer one, and not in a path, which is
/// rewritten as such.
fn whole<'a>(text: &'a str, word: &'a str) -> impl Iterator<Item = Span> + 'a {
    let found = text.match_indices(word).filter(move |(at, _)| {
        let before = text[..*at].chars().next_back();
        let behind = &text[at + word.len()..];
        let joins = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '/');
        let is_file = behind.starts_with('.') && behind[1..].starts_with(char::is_alphanumeric);
        !before.is_some_and(|c| joins(c) || c == '.') && !behind.starts_with(joins) && !is_file
    });
    found.map(|(at, word)| Span::new(at, at + word.len()))
}

/// The bytes with edits in them; of two that touch, the first stays.
fn apply(bytes: &[u8], mut edits: Vec<Edit>) -> Vec<u8> {
    edits.sort_by_key(|edit| edit.span.start);
    let mut end = 0;
    edits.retain(|edit| {
        let is_free = edit.span.start >= end;
        end = end.max(edit.span.end);
        is_free
    });
    splice::apply(bytes, &edits).unwrap_or_else(|_| bytes.to_vec())
}
