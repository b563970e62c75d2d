//! `plan new`: a document made from the form of its kind.
//!
//! `form` chooses the form, `place` finds out where the repository keeps such documents, `habit` how
//! they are named, `number` which numbers are taken, `relate` what the new document says about
//! others. What is written is what the reader takes for a document of the kind asked for, or nothing.

mod answer;
mod form;
mod habit;
pub(super) mod number;
mod place;
mod relate;
pub mod renumber;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use planwright_coord::Key;
use planwright_dialect::template::Values;
use planwright_model::Document;
use planwright_workspace::Workspace;
use planwright_workspace::path::{join, name};
use planwright_workspace::write::{Change, Contents, Failure, Outcome, WriteError};

pub use answer::Answer;

use super::registry::Enlist;
use super::{Call, Draft};
use crate::{ErrorKind, Hint, OpsError, claims};
use form::Form;
use number::{Elsewhere, Series};
use place::Spot;
pub(super) use place::home;
use relate::{Others, Relate};

/// What to make.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The kind, or the name of a form.
    pub kind: String,
    /// The title.
    pub title: String,
    /// The dialect to write it in; that of the repository where none is given.
    pub dialect: Option<String>,
    /// The document that it implements.
    pub implements: Option<String>,
    /// The document that it is made from: it goes beside it, or into the folder of its feature.
    pub from: Option<String>,
    /// Documents that have to be done first.
    pub depends_on: Vec<String>,
    /// Documents whose place it is to take.
    pub supersedes: Vec<String>,
    /// Who is to do it; the author where none is given.
    pub owner: Option<String>,
    /// Who writes it.
    pub author: Option<String>,
    /// The folder to write it into, from the root.
    pub dir: Option<String>,
    /// The day, `YYYY-MM-DD`.
    pub today: String,
}

/// Makes a document.
///
/// # Errors
/// When no form fits, a reference names no document, there is a file already, or it cannot be
/// written.
pub fn run(ws: &Workspace, request: &Request, call: &Call<'_>) -> Result<Answer, OpsError> {
    let title = request
        .title
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    if title.is_empty() {
        return Err(OpsError::new(ErrorKind::Usage, "the title is empty"));
    }
    let request = &Request {
        title,
        dir: request.dir.as_deref().map(folder).transpose()?,
        ..request.clone()
    };
    let others = Others::find(ws, request)?;
    let form = form::choose(ws, request, others.origin())?;
    let mut elsewhere = Elsewhere::open(ws);
    let origin = others.origin().and_then(|path| ws.find(path));
    let origin = origin.map(|index| ws.entry(index));
    let slug = habit::slug(&request.title, habit::Style::PLAIN);
    let branch = elsewhere.branch().map(str::to_owned);
    let spot = place::find(
        ws,
        &form,
        request,
        origin.as_ref(),
        branch.as_deref(),
        &slug,
    )?;
    let new = New {
        ws,
        request,
        call,
        others: &others,
        form: &form,
        spot: &spot,
    };
    new.make(&mut elsewhere)
}

/// A folder as the user gave it, from the root and tidy.
fn folder(given: &str) -> Result<String, OpsError> {
    join("", given).ok_or_else(|| {
        let message = format!("{given} leads out of the repository");
        OpsError::new(ErrorKind::Usage, message)
    })
}

/// A document in the making.
struct New<'a> {
    ws: &'a Workspace,
    request: &'a Request,
    call: &'a Call<'a>,
    others: &'a Others,
    form: &'a Form<'a>,
    spot: &'a Spot,
}

/// Its names, once its number is known.
struct Names {
    path: String,
    values: Values,
    id: Option<String>,
    title: String,
}

impl New<'_> {
    fn make(&self, elsewhere: &mut Elsewhere) -> Result<Answer, OpsError> {
        let text = &self.form.template.text;
        let pattern = self.spot.place.as_str();
        let series = Series::of(self.ws, pattern).or_else(|| {
            // An id is owed even where names of files have none.
            let own = self.form.template.file.as_ref()?.as_str();
            let is_owed = text.contains("{{id}}") && self.spot.feature.is_none();
            is_owed.then(|| Series::of(self.ws, own))?
        });
        let mut held = None;
        let number = match &series {
            Some(series) => {
                let taken = elsewhere.taken(self.ws, series, text.contains("{{branch}}"));
                let highest = taken.last().copied().unwrap_or(0);
                if self.call.dry_run {
                    Some(highest + 1)
                } else {
                    let file = |number| {
                        let path = self.names(Some(number)).map(|names| names.path);
                        self.ws.root().join(path.unwrap_or_default())
                    };
                    let shared = elsewhere.shared(self.ws);
                    let reserved =
                        self.call
                            .writer
                            .reserve(&shared, &series.name(), highest, file)?;
                    let number = reserved.number();
                    held = Some(reserved);
                    Some(number)
                }
            }
            None => None,
        };
        let mut answer = self.write(&self.names(number)?, number)?;
        drop(held);
        answer.notes.extend(elsewhere.note.take());
        Ok(answer)
    }

    /// The path and the values that the form is filled with.
    fn names(&self, number: Option<u64>) -> Result<Names, OpsError> {
        let slug = habit::slug(&self.request.title, self.spot.style);
        let pattern = self.spot.place.as_str();
        if slug.is_empty() && pattern.contains("{{slug}}") {
            let message = "the title has no letter and no digit to name a file after";
            return Err(OpsError::new(ErrorKind::Usage, message));
        }
        let request = self.request;
        let mut values = Values::new()
            .with("slug", &slug)
            .with("date", &request.today)
            .with("time", minute(self.call.now));
        if let Some(number) = number {
            values = values.with("number", number.to_string());
        }
        if let Some(author) = request.owner.as_ref().or(request.author.as_ref()) {
            values = values.with("author", author);
        }
        let path = self.spot.place.path("", &values).ok_or_else(|| {
            let message = format!("the form does not say how `{pattern}` is named");
            OpsError::new(ErrorKind::Usage, message)
        })?;
        let id = self.id(&path, number);
        if let Some(id) = &id {
            values = values.with("id", id).with("branch", id);
        }
        let title = match (&self.spot.gap, &id) {
            (Some(gap), Some(id)) if !self.form.template.text.contains("{{id}}") => {
                format!("{id}{gap}{}", request.title)
            }
            _ => request.title.clone(),
        };
        Ok(Names {
            values: values.with("title", &title),
            path,
            id,
            title,
        })
    }

    /// What the new document is called by: its feature's folder, else the letters and the number of
    /// its name.
    fn id(&self, path: &str, number: Option<u64>) -> Option<String> {
        if let Some(feature) = &self.spot.feature {
            return Some(name(feature).to_owned());
        }
        let own = self
            .form
            .template
            .file
            .as_ref()
            .map(planwright_dialect::template::Place::as_str);
        let number = number?;
        let patterns = [(self.spot.place.as_str(), true), (own?, false)];
        for (pattern, is_real) in patterns {
            let parts: Vec<&str> = pattern.split('/').collect();
            let Some(at) = parts.iter().position(|part| part.contains("{{n")) else {
                continue;
            };
            if is_real && at + 1 < parts.len() {
                return path.split('/').nth(at).map(str::to_owned);
            }
            let (before, rest) = parts[at].split_once("{{n")?;
            let width = 1 + rest.find("}}")?;
            return Some(format!("{before}{number:0width$}"));
        }
        None
    }

    /// The document that its head names: of the documents of one feature its spec.
    fn parent(&self) -> Option<usize> {
        let given = self
            .others
            .implements
            .as_deref()
            .or(self.others.from.as_deref());
        let given = given.and_then(|path| self.ws.find(path));
        let Some(feature) = &self.spot.feature else {
            return given;
        };
        let is_inside = given.is_none_or(|index| self.ws.entry(index).initiative == feature);
        let spec = self.ws.find(&format!("{feature}/spec.md"));
        spec.filter(|_| is_inside).or(given)
    }

    fn write(&self, names: &Names, number: Option<u64>) -> Result<Answer, OpsError> {
        let (ws, form, path) = (self.ws, self.form, names.path.as_str());
        let parent = self.parent().map(|index| ws.entry(index));
        let file = ws.dialects().relations_file_of(&form.dialect.name, path);
        let (values, is_placed) = relate::fill_parent(
            names.values.clone(),
            form,
            path,
            parent.as_ref(),
            file.is_some(),
        );
        let text = form.template.fill(&values);
        let mut wanted = self.others.wanted(form, is_placed);
        // Documents of one feature are joined by its folder.
        let is_joined = |to: &str| {
            let index = ws.find(to).filter(|_| self.spot.feature.is_some());
            index.is_some_and(|index| {
                Some(ws.entry(index).initiative) == self.spot.feature.as_deref()
            })
        };
        wanted.retain(|(_, to)| !is_joined(to));
        let relate = Relate {
            ws,
            dialect: form.dialect,
            path,
            file: file.as_deref(),
        };
        let early = ws.dialects().read(path, text.clone().into_bytes()).document;
        let enlist = Enlist::of(ws, &early, &self.request.today);
        let lists = enlist.paths();
        let mut links = Vec::new();
        let mut document = Document::default();
        let operation = |contents: &Contents| {
            if contents.get(path).is_some_and(Option::is_some) {
                return Err(self.exists(path));
            }
            let mut drafts = BTreeMap::new();
            let mut stated = None;
            for (other, bytes) in contents {
                if Some(other.as_str()) == file.as_deref() {
                    stated.clone_from(bytes);
                    continue;
                }
                let bytes = match bytes {
                    _ if other == path => text.clone().into_bytes(),
                    Some(bytes) => bytes.clone(),
                    None => return Err(super::gone(other)),
                };
                let reading = ws.dialects().read(other, bytes);
                let now = self.call.now;
                drafts.insert(other.clone(), Draft { ws, now, reading });
            }
            links.clear();
            for wanted in &wanted {
                let done = relate.state(&mut drafts, &mut stated, wanted);
                links.extend(done.map_err(|error| relate::hint(error, form))?);
            }
            if let Some(draft) = drafts.get_mut(path) {
                // Where relations stand in a file of their own, the text names no documents.
                if let Some(parent) = parent.as_ref().filter(|_| file.is_none()) {
                    relate::refer(draft, parent.path);
                }
                document = draft.document().clone();
                self.verify(&document, names)?;
            }
            for list in &lists {
                let draft = drafts.get_mut(list).ok_or_else(|| super::gone(list))?;
                links.extend(enlist.add(draft)?);
            }
            let changes = drafts.into_iter().map(|(path, draft)| Change::Write {
                path,
                bytes: draft.reading.parsed.source.bytes().to_vec(),
            });
            let mut changes: Vec<Change> = changes.collect();
            let file = file.clone().zip(stated).filter(|_| !wanted.is_empty());
            changes.extend(file.map(|(path, bytes)| Change::Write { path, bytes }));
            Ok(Outcome::Write(changes))
        };
        let mut paths = relate.paths(&wanted);
        paths.extend(lists.iter().cloned());
        paths.sort();
        paths.dedup();
        // Nobody else's documents are told of the new one.
        let keys: Vec<Key> = paths
            .iter()
            .filter(|other| !lists.contains(other))
            .filter_map(|other| claims::rest_key(ws, other))
            .collect();
        let guard = self.call.desk.map(|desk| desk.guard(&keys)).transpose()?;
        let writer = self.call.writer;
        let title = self.request.title.replace('\'', "’");
        let label = format!("new {} '{title}'", self.request.kind);
        let changed = if self.call.dry_run {
            writer.preview(&paths, operation)
        } else {
            writer.run(&label, &paths, operation)
        };
        let changed = changed.map_err(|failure: Failure<OpsError>| match failure {
            Failure::Refused(error) => error,
            Failure::Write(WriteError::Busy { path: busy }) if busy == path => self.exists(path),
            Failure::Write(error) => error.into(),
        })?;
        let mut answer = Answer::new(document, self.call.dry_run, &changed);
        answer.id.clone_from(&names.id);
        answer.number = number;
        answer.form.clone_from(&form.template.origin);
        answer.links = links;
        answer.notes = self.notes(path);
        answer
            .notes
            .extend(guard.into_iter().flat_map(|guard| guard.notes.clone()));
        Ok(answer)
    }

    fn notes(&self, path: &str) -> Vec<String> {
        let mut notes: Vec<String> = self.form.note.iter().cloned().collect();
        if self.request.owner.is_some() && !self.form.template.text.contains("{{author}}") {
            let name = &self.form.template.name;
            notes.push(format!("the form `{name}` has no place for an owner"));
        }
        if self.ws.is_ignored(path) {
            notes.push(format!(
                "{path} is left out by an ignore rule: git and `plan` do not see it"
            ));
        }
        notes
    }

    fn exists(&self, path: &str) -> OpsError {
        let message = format!("there is {path} already");
        let error = OpsError::new(ErrorKind::Refused, message);
        let error = match self.ws.find(path) {
            Some(_) => error.with_hint(Hint::Run(format!("plan show {path}"))),
            None => error,
        };
        error.with_hint(Hint::Note(
            "give the new one another title, or another `--dir`".to_owned(),
        ))
    }

    /// Refuses what would be read as anything else than was asked for.
    fn verify(&self, document: &Document, names: &Names) -> Result<(), OpsError> {
        let (template, dialect) = (self.form.template, &self.form.dialect.name);
        let letters =
            |text: &str| -> String { text.chars().filter(|c| c.is_alphanumeric()).collect() };
        let is_titled = letters(&document.title.text).contains(&letters(&names.title));
        let wrong = if document.template {
            "as a form that is still to be filled in".to_owned()
        } else if document.dialect != *dialect || document.kind != template.kind {
            format!("as {} in the {} dialect", document.kind, document.dialect)
        } else if !is_titled && template.text.contains("{{title}}") {
            format!("with the title `{}`", document.title.text)
        } else {
            return Ok(());
        };
        let message = format!(
            "{} would be read {wrong}, not as {} in the {dialect} dialect",
            names.path, template.kind
        );
        Err(
            OpsError::new(ErrorKind::Refused, message).with_hint(Hint::Note(
                "another title, `--dir` or `--dialect` gives another result".to_owned(),
            )),
        )
    }
}

/// The moment to the minute, in UTC.
fn minute(now: i64) -> String {
    let time = jiff::Timestamp::from_second(now).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    time.strftime("%Y-%m-%dT%H:%MZ").to_string()
}
