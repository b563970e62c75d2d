//! The files of one folder, in one operation.

use std::collections::BTreeMap;
use std::path::PathBuf;

use planwright_hosts::{Form, Host, Part, Problem, Standing};
use planwright_workspace::write::{Change, Changed, Contents, Failure, Outcome, Writer};

use super::answer::{Did, How, PartAnswer, purpose};
use crate::OpsError;
use crate::write::{Call, FileChange};

/// What is done to files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Does {
    Look,
    Wire,
    Unwire,
}

/// What came of it.
pub(super) struct Found {
    /// By host and part.
    pub(super) parts: Vec<(usize, usize, PartAnswer)>,
    pub(super) changes: Vec<FileChange>,
}

/// A part and where it lies.
struct Wanted {
    index: (usize, usize),
    host: &'static Host,
    part: &'static Part,
    /// From the writer's root: the one that is there, else the last.
    paths: Vec<String>,
}

/// The files of one folder.
pub(super) struct Files<'a> {
    /// `None` for the repository.
    pub(super) folder: Option<PathBuf>,
    /// What paths are shown with.
    shown: String,
    /// The writer of another folder, and the way from its root.
    elsewhere: Option<(Writer<'a>, String)>,
    wanted: Vec<Wanted>,
}

impl<'a> Files<'a> {
    pub(super) fn new(
        folder: Option<PathBuf>,
        shown: String,
        writer: &Writer<'a>,
    ) -> Result<Self, OpsError> {
        let elsewhere = folder
            .as_deref()
            .map(|folder| writer.elsewhere(folder))
            .transpose()?;
        Ok(Self {
            folder,
            shown,
            elsewhere,
            wanted: Vec::new(),
        })
    }

    pub(super) fn add(
        &mut self,
        index: (usize, usize),
        host: &'static Host,
        part: &'static Part,
        below: &str,
    ) {
        let start = self.elsewhere.as_ref().map_or("", |(_, below)| below);
        let path = |path: &&str| {
            let pieces = [start, below, path]
                .into_iter()
                .filter(|piece| !piece.is_empty());
            pieces.collect::<Vec<_>>().join("/")
        };
        self.wanted.push(Wanted {
            index,
            host,
            part,
            paths: part.paths.iter().map(path).collect(),
        });
    }

    /// Looks at the files, or changes them.
    pub(super) fn run(&self, does: Does, label: &str, call: &Call<'_>) -> Result<Found, OpsError> {
        let writer = self
            .elsewhere
            .as_ref()
            .map_or(call.writer, |(writer, _)| writer);
        // Two names may lead to one file; the first of them stands for both.
        let mut names: BTreeMap<PathBuf, String> = BTreeMap::new();
        let mut aliases: BTreeMap<String, Result<String, Problem>> = BTreeMap::new();
        for path in self.wanted.iter().flat_map(|wanted| &wanted.paths) {
            let alias = match writer.real(path) {
                Ok(real) => Ok(names.entry(real).or_insert_with(|| path.clone()).clone()),
                Err(error) => Err(Problem {
                    line: 1,
                    message: error.to_string(),
                }),
            };
            aliases.insert(path.clone(), alias);
        }
        let paths: Vec<String> = names.into_values().collect();
        let mut parts = Vec::new();
        let operation = |contents: &Contents| {
            let mut drafts = contents.clone();
            parts = self
                .wanted(does)
                .map(|wanted| self.one(does, wanted, &aliases, &mut drafts))
                .collect();
            let changes = drafts
                .into_iter()
                .filter(|(path, new)| contents.get(path) != Some(new));
            let changes = changes.map(|(path, new)| match new {
                Some(bytes) => Change::Write { path, bytes },
                None => Change::Remove { path },
            });
            Ok(Outcome::Write(changes.collect()))
        };
        let changed = if call.dry_run || does == Does::Look {
            writer.preview(&paths, operation)
        } else {
            writer.run(label, &paths, operation)
        };
        let changed = changed.map_err(|failure: Failure<OpsError>| match failure {
            Failure::Refused(error) => error,
            Failure::Write(error) => error.into(),
        })?;
        let changes = changed.into_iter().map(|changed| {
            FileChange::new(&Changed {
                path: self.shown(&changed.path),
                ..changed
            })
        });
        Ok(Found {
            parts,
            changes: changes.collect(),
        })
    }

    /// The parts in the order in which they are put in, or in the other, in which they are taken out.
    fn wanted(&self, does: Does) -> Box<dyn Iterator<Item = &Wanted> + '_> {
        if does == Does::Unwire {
            Box::new(self.wanted.iter().rev())
        } else {
            Box::new(self.wanted.iter())
        }
    }

    fn one(
        &self,
        does: Does,
        wanted: &Wanted,
        aliases: &BTreeMap<String, Result<String, Problem>>,
        drafts: &mut Contents,
    ) -> (usize, usize, PartAnswer) {
        let file = |path: &String| aliases.get(path).and_then(|alias| alias.as_ref().ok());
        let is_there = |path: &&String| {
            file(path).is_some_and(|file| matches!(drafts.get(file), Some(Some(_))))
        };
        let path = wanted.paths.iter().find(is_there).or(wanted.paths.last());
        let path = path.cloned().unwrap_or_default();
        let told = |standing, did, problem: Option<Problem>| {
            let told = PartAnswer {
                purpose: purpose(wanted.part.purpose),
                path: self.shown(&path),
                standing,
                did,
                line: problem.as_ref().map(|problem| problem.line),
                problem: problem.map(|problem| problem.message),
            };
            (wanted.index.0, wanted.index.1, told)
        };
        let file = match aliases.get(&path) {
            Some(Ok(file)) => file.clone(),
            Some(Err(problem)) => return told(How::Unreadable, None, Some(problem.clone())),
            None => return told(How::Absent, None, None),
        };
        let (host, part) = (wanted.host.name, wanted.part);
        let bytes = drafts.get(&file).cloned().flatten();
        let before = match part.standing(host, bytes.as_deref()) {
            Ok(standing) => standing,
            Err(problem) => return told(How::Unreadable, None, Some(problem)),
        };
        let new = match (does, &bytes) {
            (Does::Look, _) | (Does::Unwire, None) => return told(before.into(), None, None),
            (Does::Wire, _) => part.wire(host, bytes.as_deref()).map(Form::Text),
            (Does::Unwire, Some(bytes)) => part.unwire(host, bytes),
        };
        let new = match new {
            Ok(Form::Text(text)) => Some(text.into_bytes()),
            Ok(Form::Gone) => None,
            Err(problem) => return told(How::Unreadable, None, Some(problem)),
        };
        if new == bytes {
            return told(before.into(), None, None);
        }
        let after = part
            .standing(host, new.as_deref())
            .map_or(How::Absent, How::from);
        drafts.insert(file, new);
        let did = match (does, before) {
            (Does::Unwire, _) => Did::Removed,
            (_, Standing::Absent) => Did::Added,
            _ => Did::Renewed,
        };
        told(after, Some(did), None)
    }

    fn shown(&self, path: &str) -> String {
        let start = self.elsewhere.as_ref().map_or("", |(_, below)| below);
        let path = path
            .strip_prefix(start)
            .unwrap_or(path)
            .trim_start_matches('/');
        format!("{}{path}", self.shown)
    }
}
