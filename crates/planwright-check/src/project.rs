use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use planwright_syntax::{Parsed, Source};
use planwright_workspace::Workspace;
use planwright_workspace::history::{History, Horizon};

use crate::config::{Config, Context, Now};
use crate::document::DocumentView;
use crate::paths::Files;
use crate::rule::Rule;

/// The repository as the rules see it: every listed document whole, and whatever else they ask for.
#[derive(Debug)]
pub struct Project<'a> {
    ws: &'a Workspace,
    context: Context,
    documents: Vec<DocumentView>,
    /// Files that are no listed documents, read when they were asked for.
    others: Mutex<BTreeMap<String, Option<Arc<Parsed>>>>,
    /// What git knows, or why nothing.
    history: OnceLock<Result<History, String>>,
    files: OnceLock<Files>,
}

/// A file's bytes and blocks, whoever holds them.
#[derive(Debug)]
pub enum SourceFile<'a> {
    /// Of a document of the project.
    Document(&'a Parsed),
    /// Of any other file.
    Other(Arc<Parsed>),
}

impl Deref for SourceFile<'_> {
    type Target = Parsed;

    fn deref(&self) -> &Parsed {
        match self {
            Self::Document(parsed) => parsed,
            Self::Other(parsed) => parsed,
        }
    }
}

impl<'a> Project<'a> {
    /// Reads every listed document, and the files named by `also` that are not listed.
    pub fn read(ws: &'a Workspace, config: Config, now: Now, also: &[String]) -> Self {
        let context = Context::new(config, now);
        let mut paths: Vec<(String, bool)> = ws
            .entries()
            .map(|entry| (entry.path.to_owned(), true))
            .collect();
        let unlisted = also.iter().filter(|path| ws.find(path).is_none());
        paths.extend(unlisted.map(|path| (path.clone(), false)));
        paths.retain(|(path, _)| !context.config().is_excluded(path));
        let read = |at: usize| {
            let (path, listed) = &paths[at];
            // What cannot be read is listed by the workspace.
            let reading = ws.read(path).ok()?;
            Some(DocumentView::new(reading, *listed))
        };
        let mut documents: Vec<DocumentView> = in_parallel(paths.len(), 8, &read)
            .into_iter()
            .flatten()
            .collect();
        documents.sort_by(|a, b| a.path().cmp(b.path()));
        documents.dedup_by(|a, b| a.path() == b.path());
        Self {
            ws,
            context,
            documents,
            others: Mutex::default(),
            history: OnceLock::new(),
            files: OnceLock::new(),
        }
    }

    /// What is configured, and what day it is.
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// The files and what is known of them: the graph, references, dialects.
    pub fn workspace(&self) -> &Workspace {
        self.ws
    }

    /// What git knows, read when the first rule asks. `None` where there is no repository, no commit
    /// or no git, and in a shallow clone, whose oldest commits only seem to have added what they hold.
    pub fn history(&self) -> Option<&History> {
        self.opened().as_ref().ok()
    }

    /// Why there is no history, with the way out. `None` where there is one.
    pub fn why_no_history(&self) -> Option<&str> {
        self.opened().as_ref().err().map(String::as_str)
    }

    fn opened(&self) -> &Result<History, String> {
        self.history.get_or_init(|| {
            let history = self.ws.history().map_err(|error| error.to_string())?;
            if history.is_empty() {
                Err("there is no commit yet".to_owned())
            } else if history.horizon() == Horizon::Shallow {
                Err("the clone is shallow; `git fetch --unshallow` completes it".to_owned())
            } else {
                Ok(history)
            }
        })
    }

    /// The same project as if git knew nothing of it; no program is started for its sake.
    #[must_use]
    pub fn without_history(mut self) -> Self {
        self.history = OnceLock::from(Err("git was left out".to_owned()));
        self
    }

    /// The files that may hold plans, gathered when the first reference leads nowhere.
    pub(crate) fn files(&self) -> &Files {
        self.files.get_or_init(|| Files::new(self.ws.candidates()))
    }

    /// All documents in the order of their path, templates and archives too.
    pub fn documents(&self) -> &[DocumentView] {
        &self.documents
    }

    /// One document by its path.
    pub fn document(&self, path: &str) -> Option<&DocumentView> {
        let at = self
            .documents
            .binary_search_by(|document| document.path().cmp(path));
        at.ok().map(|at| &self.documents[at])
    }

    /// True when a rule says anything about a file: of its dialect or one for which it is asked, no
    /// template, no archive.
    pub(crate) fn is_subject(&self, rule: &Rule, path: &str) -> bool {
        self.document(path).is_none_or(|doc| {
            let document = doc.document();
            let dialect = document.dialect.as_str();
            let is_asked = || self.context.config().is_asked_for(rule, path, dialect);
            (rule.applies_to(dialect) || is_asked())
                && (rule.templates || !document.template)
                && (rule.archived || !document.archived)
        })
    }

    /// True when the tree has a file or folder at a path from the root.
    pub fn exists(&self, path: &str) -> bool {
        path.is_empty() || self.ws.exists(path)
    }

    /// True when a path is left to each machine: ignore rules keep what lies there out of the
    /// repository, so that it is missing here says nothing.
    pub fn is_ignored(&self, path: &str) -> bool {
        self.ws.is_ignored(path)
    }

    /// A file of the tree, whether a document or not. `None` where it cannot be read.
    pub fn file(&self, path: &str) -> Option<SourceFile<'_>> {
        if let Some(document) = self.document(path) {
            return Some(SourceFile::Document(document.parsed()));
        }
        let mut others = self.others.lock().unwrap_or_else(PoisonError::into_inner);
        let known = others.entry(path.to_owned()).or_insert_with(|| {
            let bytes = self.ws.read_bytes(path).ok()?;
            let parsed = if is_markdown(path) {
                Parsed::new(bytes)
            } else {
                let mut parsed = Parsed::new(Vec::new());
                parsed.source = Source::new(bytes, &mut Vec::new());
                parsed
            };
            Some(Arc::new(parsed))
        });
        known.clone().map(SourceFile::Other)
    }
}

/// True for a path that ends as Markdown does.
pub(crate) fn is_markdown(path: &str) -> bool {
    let extension = std::path::Path::new(path).extension();
    extension.is_some_and(|extension| {
        extension.eq_ignore_ascii_case("md") || extension.eq_ignore_ascii_case("markdown")
    })
}

/// Does `count` pieces of work on all cores, so many at a time; the results in their order.
pub(crate) fn in_parallel<T: Send>(
    count: usize,
    portion: usize,
    work: &(impl Fn(usize) -> T + Sync),
) -> Vec<T> {
    let threads = std::thread::available_parallelism()
        .map_or(1, std::num::NonZero::get)
        .min(count.div_ceil(portion * 2))
        .max(1);
    if threads == 1 {
        return (0..count).map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let run = || {
        let mut done = Vec::new();
        loop {
            let start = next.fetch_add(portion, Ordering::Relaxed);
            if start >= count {
                return done;
            }
            done.extend((start..count.min(start + portion)).map(|at| (at, work(at))));
        }
    };
    let mut all: Vec<(usize, T)> = std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(run)).collect();
        let mut all = run();
        for other in others {
            match other.join() {
                Ok(done) => all.extend(done),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        all
    });
    all.sort_by_key(|(at, _)| *at);
    all.into_iter().map(|(_, done)| done).collect()
}
