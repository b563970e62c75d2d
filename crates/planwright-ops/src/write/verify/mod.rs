//! `plan verify`: the commands that a document names for its verification, which of them are trusted,
//! what came of them, and running them.

mod evidence;
mod run;
mod stale;

use planwright_dialect::Reading;
use planwright_model::{Command, Document, Item};
use planwright_workspace::verify::{self, End, Key, Ledger, LedgerError, Record, Trusted};
use planwright_workspace::{Workspace, path};
use schemars::JsonSchema;
use serde::Serialize;

use super::{Done, FileChange};
use crate::reference::{self, Target};
use crate::{ErrorKind, Hint, OpsError};

pub use run::{Run, run};
pub(super) use stale::unproven;

/// The commands of a document, or of an item, phase or section of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Answer {
    /// The contract's name.
    #[schemars(extend("const" = "planwright/verify@1"))]
    pub schema: &'static str,
    /// The document.
    #[serde(rename = "ref")]
    pub reference: String,
    /// Its path from the root.
    pub path: String,
    /// Its title.
    pub title: String,
    /// True where commands were run.
    pub ran: bool,
    /// The commands in their order.
    pub commands: Vec<Check>,
    /// What the document has of it now: evidence, ticks.
    pub done: Vec<Done>,
    /// The files that changed.
    pub files: Vec<FileChange>,
    /// Why the document does not have the evidence.
    pub unrecorded: Option<String>,
}

/// A command.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Check {
    /// Line where it stands.
    pub line: u32,
    /// Its exact text.
    pub text: String,
    /// `fence`, `inline` or `table`.
    pub source: String,
    /// What its section is for: `verification`, `criteria`, `gates`.
    pub role: String,
    /// The folder it is run in, from the root; empty for the root.
    pub directory: String,
    /// The shell that its block is written for; `null` where it needs none or `sh` does.
    pub shell: Option<String>,
    /// The item that it proves.
    pub item: Option<Proves>,
    /// The files that it is to prove: those that its item names, else those of the document.
    pub files: Vec<String>,
    /// True where a person has trusted exactly this.
    pub trusted: bool,
    /// Why it cannot be run at all.
    pub obstacle: Option<String>,
    /// What came of it when it was last run.
    pub last: Option<LastRun>,
    /// What came of it now.
    pub now: Option<ThisRun>,
    #[serde(skip)]
    pub(crate) key: Key,
    #[serde(skip)]
    language: Option<String>,
}

/// An item that a command proves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Proves {
    /// Its reference.
    #[serde(rename = "ref")]
    pub reference: String,
    /// Its line.
    pub line: u32,
    /// What it says.
    pub text: String,
}

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// With code 0.
    Passed,
    /// With another code.
    Failed,
    /// By a signal.
    Signal,
    /// Its time was up.
    TimedOut,
    /// The user ended it.
    Interrupted,
    /// It could not be started.
    NotStarted,
}

/// What came of a command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LastRun {
    /// When, in UTC: `2026-03-02T09:20:00Z`.
    pub time: String,
    /// How it ended.
    pub ended: Ended,
    /// The exit code, or the number of the signal.
    pub code: Option<i32>,
    /// How long it took.
    pub milliseconds: u64,
    /// The commit that was checked out.
    pub commit: Option<String>,
    /// True where files differed from that commit.
    pub dirty: bool,
    /// True where its files have changed since.
    pub stale: bool,
}

/// What came of a command now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ThisRun {
    /// How it ended.
    pub ended: Ended,
    /// The exit code, or the number of the signal.
    pub code: Option<i32>,
    /// Why it could not be started.
    pub reason: Option<String>,
    /// How long it took.
    pub milliseconds: u64,
    /// The end of what it said on both outputs, secrets masked.
    pub output: String,
    /// True where it said more.
    pub output_is_cut: bool,
}

/// The commands of a document, or of a place in one.
///
/// # Errors
/// When the reference names nothing, or what is trusted cannot be read.
pub fn list(ws: &Workspace, name: &str, ledger: &Ledger) -> Result<Answer, OpsError> {
    let found = Found::new(ws, name)?;
    found.answer(ws, ledger)
}

/// A document and the lines of it that were asked for.
struct Found {
    reading: Reading,
    lines: (u32, u32),
}

impl Found {
    fn new(ws: &Workspace, name: &str) -> Result<Self, OpsError> {
        let (index, line) = match reference::target(ws, name)? {
            Target::Document(index) => (index, None),
            Target::Place(index, line) => (index, Some(line)),
        };
        let reading = ws.read(ws.entry(index).path)?;
        // Somebody may have saved the file since it was resolved.
        let line = line.map(|line| ws.line_in(&reading.document, name).unwrap_or(line));
        let lines = line.map_or((0, u32::MAX), |line| extent(&reading.document, line));
        Ok(Self { reading, lines })
    }

    fn answer(&self, ws: &Workspace, ledger: &Ledger) -> Result<Answer, OpsError> {
        let document = &self.reading.document;
        let (first, last) = self.lines;
        let mut commands = checks(ws, document);
        commands.retain(|check| first <= check.line && check.line <= last);
        let (trusted, records) = (ledger.trusted()?, ledger.records()?);
        let judge = stale::Judge::new(ws);
        for check in &mut commands {
            check.trusted = trusts(&trusted, &check.key);
            check.last = check
                .record(&records)
                .map(|record| LastRun::new(record, judge.is_stale(record, &check.files)));
        }
        Ok(Answer {
            schema: "planwright/verify@1",
            reference: document.reference.clone(),
            path: document.path.clone(),
            title: document.title.text.clone(),
            ran: false,
            commands,
            done: Vec::new(),
            files: Vec::new(),
            unrecorded: None,
        })
    }
}

pub(super) fn trusts(trusted: &[Trusted], key: &Key) -> bool {
    trusted.iter().any(|known| known.key == *key)
}

/// The lines of the item, phase or section that begins in one.
fn extent(document: &Document, line: u32) -> (u32, u32) {
    let items = document.items.iter().map(|item| (item.line, item.end_line));
    let phases = document
        .phases
        .iter()
        .map(|phase| (phase.line, phase.end_line));
    let sections = document
        .sections
        .iter()
        .map(|section| (section.line, section.end_line));
    let mut all = items.chain(phases).chain(sections);
    all.find(|(first, _)| *first == line)
        .unwrap_or((line, line))
}

/// The commands that verify a document. Those that do its work, and those that undo it, do not.
fn checks(ws: &Workspace, document: &Document) -> Vec<Check> {
    let commands = document.commands.iter();
    commands
        .filter(|command| matches!(command.role.as_str(), "verification" | "criteria" | "gates"))
        .map(|command| Check::new(ws, document, command))
        .collect()
}

impl Check {
    fn new(ws: &Workspace, document: &Document, command: &Command) -> Self {
        let item = command
            .item
            .and_then(|line| document.items.iter().find(|item| item.line == line));
        let language = command.language.clone();
        let shell = match verify::Call::new(&command.text, language.as_deref()) {
            verify::Call::Shell { shell: "bash", .. } => Some("bash".to_owned()),
            _ => None,
        };
        let directory = command.directory.as_deref().map(tidy).unwrap_or_default();
        let obstacle = verify::obstacle(&command.text, language.as_deref())
            .or_else(|| verify::folder(ws.root(), &directory).err());
        Self {
            line: command.line,
            text: command.text.clone(),
            source: command.source.clone(),
            role: command.role.clone(),
            item: item.map(Proves::new),
            files: covered(ws, document, item),
            trusted: false,
            obstacle,
            last: None,
            now: None,
            key: Key {
                text: command.text.clone(),
                directory: directory.clone(),
                shell: shell.clone(),
            },
            directory,
            shell,
            language,
        }
    }

    /// True for one that is trusted and run together with this.
    pub fn is_same(&self, other: &Self) -> bool {
        self.key == other.key
    }

    /// What came of it when it was last run, to prove the same files if it was for several.
    fn record<'r>(&self, records: &'r [Record]) -> Option<&'r Record> {
        let found = records.iter().filter(|record| record.key == self.key);
        found.max_by_key(|record| (record.time, record.files == self.files))
    }
}

/// The files that a command is to prove.
fn covered(ws: &Workspace, document: &Document, item: Option<&Item>) -> Vec<String> {
    let named = |paths: &mut dyn Iterator<Item = &str>| {
        let there = paths.map(tidy).filter(|path| {
            let is_document = path.rsplit('.').next().is_some_and(|end| end == "md");
            !path.is_empty() && !is_document && ws.exists(path)
        });
        let mut files: Vec<String> = there.collect();
        files.sort();
        files.dedup();
        files
    };
    let own = item.map_or(&[][..], |item| item.files.as_slice());
    let own = named(&mut own.iter().map(String::as_str));
    if !own.is_empty() {
        return own;
    }
    // What a log tells of does not make the document another.
    let is_told = |line: u32| {
        let mut sections = document.sections.iter();
        sections.any(|section| {
            let role = section.role.as_deref().unwrap_or_default();
            section.line <= line
                && line <= section.end_line
                && matches!(
                    role,
                    "artifacts"
                        | "progress"
                        | "decisions"
                        | "discoveries"
                        | "outcomes"
                        | "update_log"
                )
        })
    };
    let refs = document.code_refs.iter();
    let mut refs = refs
        .filter(|code| !is_told(code.line))
        .map(|code| code.path.as_str());
    named(&mut refs)
}

/// A path without `./` and a closing slash.
fn tidy(given: &str) -> String {
    let parts: Vec<&str> = given
        .split('/')
        .filter(|part| !matches!(*part, "" | "."))
        .collect();
    // What leads out stays as it is, and is refused.
    if given.starts_with('/') {
        return given.to_owned();
    }
    if parts.contains(&"..") {
        return path::join("", given).unwrap_or_else(|| given.to_owned());
    }
    parts.join("/")
}

impl Proves {
    fn new(item: &Item) -> Self {
        Self {
            reference: item.reference.clone(),
            line: item.line,
            text: item.text.clone(),
        }
    }
}

impl Ended {
    fn of(end: &End) -> (Self, Option<i32>) {
        match end {
            End::Exit(0) => (Self::Passed, Some(0)),
            End::Exit(code) => (Self::Failed, Some(*code)),
            End::Signal(signal) => (Self::Signal, Some(*signal)),
            End::TimedOut => (Self::TimedOut, None),
            End::Interrupted => (Self::Interrupted, None),
            End::NotStarted(_) => (Self::NotStarted, None),
        }
    }

    /// What happened, in words: `passed`, `failed with exit 2`.
    pub fn words(self, code: Option<i32>) -> String {
        match (self, code) {
            (Self::Passed, _) => "passed".to_owned(),
            (Self::Failed, Some(code)) => format!("failed with exit {code}"),
            (Self::Failed, None) => "failed".to_owned(),
            (Self::Signal, Some(signal)) => format!("was ended by signal {signal}"),
            (Self::Signal, None) => "was ended by a signal".to_owned(),
            (Self::TimedOut, _) => "took too long".to_owned(),
            (Self::Interrupted, _) => "was interrupted".to_owned(),
            (Self::NotStarted, _) => "could not be started".to_owned(),
        }
    }
}

impl LastRun {
    fn new(record: &Record, stale: bool) -> Self {
        let (ended, code) = Ended::of(&record.end);
        let time = jiff::Timestamp::from_second(record.time).unwrap_or_default();
        Self {
            time: time.to_string(),
            ended,
            code,
            milliseconds: record.milliseconds,
            commit: record.commit.clone(),
            dirty: record.dirty,
            stale,
        }
    }
}

impl From<LedgerError> for OpsError {
    fn from(error: LedgerError) -> Self {
        let said = Self::new(ErrorKind::Io, error.to_string());
        match error {
            LedgerError::Inside { .. } => said.with_hint(Hint::Note(
                "name a folder elsewhere in PLANWRIGHT_STATE_DIR".to_owned(),
            )),
            LedgerError::Damaged { .. } => said.with_hint(Hint::Note(
                "remove the file; commands have to be trusted again then".to_owned(),
            )),
            LedgerError::Io { .. } => said,
        }
    }
}

/// How long something took: `<1 s`, `12 s`, `3 min 5 s`.
pub fn duration(milliseconds: u64) -> String {
    match milliseconds / 1000 {
        0 => "<1 s".to_owned(),
        seconds @ 1..60 => format!("{seconds} s"),
        seconds => match seconds % 60 {
            0 => format!("{} min", seconds / 60),
            rest => format!("{} min {rest} s", seconds / 60),
        },
    }
}
