use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use planwright_dialect::Reading;
use planwright_syntax::{Parsed, Source};
use planwright_workspace::history::{History, Horizon};
use planwright_workspace::{Shelf, Unreadable, Workspace, path};

use crate::config::{Config, Context, Now, number};
use crate::document::DocumentView;
use crate::facts::Facts;
use crate::finding::Finding;
use crate::paths::Files;
use crate::rule::Rule;
use crate::sheet::{Kept, Reader, Sheet};

/// The repository as the rules see it: the facts of every listed document, the documents themselves
/// when they are asked for, and whatever else rules ask.
#[derive(Debug)]
pub struct Project<'a> {
    ws: &'a Workspace,
    context: Context,
    slots: Vec<Slot>,
    /// Where sheets are kept, and which parts of it hold something else by now.
    shelf: Option<(Shelf, Vec<bool>)>,
    /// What files hold that nobody has written yet.
    unsaved: BTreeMap<String, Vec<u8>>,
    /// Files that are no listed documents, read when they were asked for.
    others: Mutex<BTreeMap<String, Option<Arc<Parsed>>>>,
    /// What git knows, or why nothing.
    history: OnceLock<Result<History, String>>,
    files: OnceLock<Files>,
    /// Documents by what they belong to, and by their folder.
    families: OnceLock<[BTreeMap<String, Vec<usize>>; 2]>,
}

/// A document of the project.
#[derive(Debug)]
struct Slot {
    path: String,
    listed: bool,
    /// Of its bytes as they are listed.
    content: u64,
    sheet: OnceLock<Option<Sheet>>,
    whole: OnceLock<Option<Box<DocumentView>>>,
}

/// A document: its facts, and all of it for those who have to know.
#[derive(Clone, Copy, Debug)]
pub struct Doc<'a> {
    project: &'a Project<'a>,
    slot: &'a Slot,
    facts: &'a Facts,
}

impl<'a> Doc<'a> {
    /// Path from the repository's root.
    pub fn path(&self) -> &'a str {
        &self.slot.path
    }

    /// Its folder; empty for the root.
    pub fn folder(&self) -> &'a str {
        path::parent(self.path())
    }

    /// The name of its file without `.md`.
    pub fn stem(&self) -> &'a str {
        let name = path::name(self.path());
        name.strip_suffix(".md").unwrap_or(name)
    }

    /// What is known of it without reading it.
    pub fn facts(&self) -> &'a Facts {
        self.facts
    }

    /// False for a file that is no plan and was only asked for by its name.
    pub fn is_listed(&self) -> bool {
        self.slot.listed
    }

    /// The dialect that it is written in.
    pub fn dialect(&self) -> &'a str {
        &self.facts.dialect
    }

    /// All of it, read now. `None` where it cannot be read any more.
    pub fn whole(&self) -> Option<&'a DocumentView> {
        self.project.whole(self.slot)
    }
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

/// A file's text, whoever holds it.
#[derive(Debug)]
pub enum SourceText<'a> {
    /// Of a document that was read.
    Document(&'a Source),
    /// Of a file of which nothing else is known.
    File(Source),
}

impl Deref for SourceText<'_> {
    type Target = Source;

    fn deref(&self) -> &Source {
        match self {
            Self::Document(source) => source,
            Self::File(source) => source,
        }
    }
}

/// True when a rule says anything about a document: of its dialect or one for which it is asked, no
/// template, no archive.
pub(crate) fn is_subject(config: &Config, rule: &Rule, path: &str, facts: &Facts) -> bool {
    let dialect = facts.dialect.as_str();
    (rule.templates || !facts.template)
        && (rule.archived || !facts.archived)
        && (rule.applies_to(dialect) || config.is_asked_for(rule, path, dialect))
}

impl<'a> Project<'a> {
    /// Every listed document, and the files named by `also` that are not listed.
    pub fn read(ws: &'a Workspace, config: Config, now: Now, also: &[String]) -> Self {
        let slot = |path: String, listed: bool, content: u64| Slot {
            path,
            listed,
            content,
            sheet: OnceLock::new(),
            whole: OnceLock::new(),
        };
        let listed = ws.entries();
        let mut slots: Vec<Slot> = listed
            .map(|entry| slot(entry.path.to_owned(), true, entry.content))
            .collect();
        let unlisted = also.iter().filter(|path| ws.find(path).is_none());
        let unlisted = unlisted.filter(|path| ws.read_bytes(path).is_ok());
        slots.extend(unlisted.map(|path| slot(path.clone(), false, 0)));
        slots.retain(|slot| !config.is_excluded(&slot.path));
        slots.sort_by(|a, b| a.path.cmp(&b.path));
        slots.dedup_by(|a, b| a.path == b.path);
        Self {
            ws,
            context: Context::new(config.into(), now),
            slots,
            shelf: None,
            unsaved: BTreeMap::new(),
            others: Mutex::default(),
            history: OnceLock::new(),
            files: OnceLock::new(),
            families: OnceLock::new(),
        }
    }

    /// The same with other bytes in some files, as if they were written.
    #[must_use]
    pub fn with_unsaved(mut self, unsaved: BTreeMap<String, Vec<u8>>) -> Self {
        self.unsaved = unsaved;
        self
    }

    fn bytes(&self, path: &str) -> Result<Vec<u8>, Unreadable> {
        match self.unsaved.get(path) {
            Some(bytes) => Ok(bytes.clone()),
            None => self.ws.read_bytes(path),
        }
    }

    /// A document, its relations left as they are.
    fn parse(&self, path: &str) -> Result<Reading, Unreadable> {
        match self.unsaved.get(path) {
            Some(bytes) => Ok(self.ws.dialects().read(path, bytes.clone())),
            None => self.ws.parse(path),
        }
    }

    /// Takes over what a reader found while the workspace was opened, and what an earlier check kept
    /// of documents that have the same content now.
    #[must_use]
    pub fn with_kept(mut self, reader: &Reader) -> Self {
        let config = self.context.config();
        let today = number(reader.now().today);
        let mut seen: Vec<&str> = Vec::new();
        for slot in self.slots.iter().filter(|slot| slot.listed) {
            let sheet = reader.take(&slot.path, config);
            if let Some(sheet) = sheet.filter(|sheet| sheet.content == slot.content) {
                seen.push(&slot.path);
                let _ = slot.sheet.set(Some(sheet));
            }
        }
        let Some(shelf) = self.ws.shelf("check", config.key()) else {
            return self;
        };
        let mut is_dirty = vec![false; shelf.parts()];
        for path in seen {
            is_dirty[shelf.part_of(path)] = true;
        }
        let load = |part: usize| {
            let kept: Option<Vec<Kept<Facts>>> = shelf.load(part);
            let mut is_whole = true;
            for kept in kept.unwrap_or_default() {
                let Some((path, sheet)) = kept.open() else {
                    is_whole = false;
                    continue;
                };
                let fits = self.slot(&path).filter(|slot| {
                    let (from, until) = sheet.days;
                    slot.content == sheet.content && (from..=until).contains(&today)
                });
                match fits {
                    Some(slot) => is_whole &= slot.sheet.set(Some(sheet)).is_ok(),
                    None => is_whole = false,
                }
            }
            is_whole
        };
        let whole = in_parallel(shelf.parts(), 1, &load);
        for (part, is_whole) in whole.into_iter().enumerate() {
            is_dirty[part] |= !is_whole;
        }
        self.shelf = Some((shelf, is_dirty));
        self
    }

    /// True where what is found in each document alone is taken over from earlier checks and kept for
    /// later ones: every rule that is on is asked then, whatever this check wants to know.
    pub(crate) fn keeps(&self) -> bool {
        self.shelf.is_some()
    }

    /// Sees to it that there are facts of every document, and findings of rules that look at one alone.
    /// Each part is kept when it is done: a check that is broken off has not read for nothing.
    pub(crate) fn settle(&self, rules: &[&'static Rule]) {
        let context = &self.context;
        let look = |slot: &Slot| {
            slot.sheet.get_or_init(|| {
                let reading = self.parse(&slot.path).ok()?;
                let content = planwright_workspace::content(reading.parsed.source.bytes());
                let doc = DocumentView::new(reading, slot.listed);
                Some(Sheet::of(&doc, content, self.ws.dialects(), context, rules))
            });
        };
        let is_new = |slot: &&Slot| slot.sheet.get().is_none();
        let Some((shelf, is_dirty)) = &self.shelf else {
            let new: Vec<&Slot> = self.slots.iter().filter(is_new).collect();
            in_parallel(new.len(), 8, &|at| look(new[at]));
            return;
        };
        let mut parts: Vec<Vec<&Slot>> = vec![Vec::new(); shelf.parts()];
        for slot in &self.slots {
            parts[shelf.part_of(&slot.path)].push(slot);
        }
        in_parallel(parts.len(), 1, &|part| {
            let slots = &parts[part];
            let new: Vec<&Slot> = slots.iter().copied().filter(is_new).collect();
            for slot in &new {
                look(slot);
            }
            if is_dirty[part] || !new.is_empty() {
                let listed = slots.iter().filter(|slot| slot.listed);
                let kept = listed.filter_map(|slot| {
                    let sheet = slot.sheet.get()?.as_ref()?;
                    Kept::new(&slot.path, sheet)
                });
                shelf.save(part, &kept.collect::<Vec<_>>());
            }
        });
    }

    /// What rules found in each document alone.
    pub(crate) fn found(&self) -> impl Iterator<Item = &Finding> {
        let sheets = self
            .slots
            .iter()
            .filter_map(|slot| slot.sheet.get()?.as_ref());
        sheets.flat_map(|sheet| &sheet.found)
    }

    fn slot(&self, path: &str) -> Option<&Slot> {
        let at = self
            .slots
            .binary_search_by(|slot| slot.path.as_str().cmp(path));
        at.ok().map(|at| &self.slots[at])
    }

    fn whole<'p>(&'p self, slot: &'p Slot) -> Option<&'p DocumentView> {
        let whole = slot.whole.get_or_init(|| {
            let mut reading = self.parse(&slot.path).ok()?;
            self.ws.resolve_all(&mut reading.document);
            Some(Box::new(DocumentView::new(reading, slot.listed)))
        });
        whole.as_deref()
    }

    fn doc<'p>(&'p self, slot: &'p Slot) -> Option<Doc<'p>> {
        let facts = &slot.sheet.get()?.as_ref()?.facts;
        Some(Doc {
            project: self,
            slot,
            facts,
        })
    }

    /// All documents in the order of their path, templates and archives too. None before a check.
    pub fn docs(&self) -> impl Iterator<Item = Doc<'_>> {
        self.slots.iter().filter_map(|slot| self.doc(slot))
    }

    /// One document by its path.
    pub fn find(&self, path: &str) -> Option<Doc<'_>> {
        self.doc(self.slot(path)?)
    }

    /// One document by its path, all of it.
    pub fn document(&self, path: &str) -> Option<&DocumentView> {
        self.whole(self.slot(path)?)
    }

    /// The paths of all documents.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.slots.iter().map(|slot| slot.path.as_str())
    }

    fn groups(&self) -> &[BTreeMap<String, Vec<usize>>; 2] {
        self.families.get_or_init(|| {
            let mut groups = [BTreeMap::new(), BTreeMap::new()];
            for (at, slot) in self.slots.iter().enumerate() {
                let Some(doc) = self.doc(slot) else {
                    continue;
                };
                for (group, name) in [doc.facts.initiative.as_str(), doc.folder()]
                    .iter()
                    .enumerate()
                {
                    let known: &mut BTreeMap<String, Vec<usize>> = &mut groups[group];
                    match known.get_mut(*name) {
                        Some(known) => known.push(at),
                        None => {
                            known.insert((*name).to_owned(), vec![at]);
                        }
                    }
                }
            }
            groups
        })
    }

    fn group(&self, group: usize, name: &str) -> impl Iterator<Item = Doc<'_>> {
        let members = self.groups()[group].get(name).into_iter().flatten();
        members.filter_map(|at| self.doc(&self.slots[*at]))
    }

    /// The documents of one undertaking.
    pub(crate) fn family(&self, initiative: &str) -> impl Iterator<Item = Doc<'_>> {
        self.group(0, initiative)
    }

    /// The documents directly in a folder.
    pub(crate) fn in_folder(&self, folder: &str) -> impl Iterator<Item = Doc<'_>> {
        self.group(1, folder)
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

    /// True when a rule says anything about a file: of its dialect or one for which it is asked, no
    /// template, no archive.
    pub(crate) fn is_subject(&self, rule: &Rule, path: &str) -> bool {
        let doc = self.find(path);
        doc.is_none_or(|doc| is_subject(self.context.config(), rule, path, doc.facts))
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
        if let Some(slot) = self.slot(path) {
            return Some(SourceFile::Document(self.whole(slot)?.parsed()));
        }
        let mut others = self.others.lock().unwrap_or_else(PoisonError::into_inner);
        let known = others.entry(path.to_owned()).or_insert_with(|| {
            let bytes = self.bytes(path).ok()?;
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

    /// The text of a file, with its lines, and nothing made of it. `None` where it cannot be read.
    pub fn source(&self, path: &str) -> Option<SourceText<'_>> {
        let whole = self
            .slot(path)
            .and_then(|slot| slot.whole.get()?.as_deref());
        if let Some(doc) = whole {
            return Some(SourceText::Document(&doc.parsed().source));
        }
        let bytes = self.bytes(path).ok()?;
        Some(SourceText::File(Source::new(bytes, &mut Vec::new())))
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
