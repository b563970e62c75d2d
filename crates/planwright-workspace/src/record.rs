use planwright_model::{DocumentState, ItemState};
use serde::{Deserialize, Serialize};

/// What the snapshot keeps of a document for lists and for the overview.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "four facts that have nothing to do with each other"
)]
pub struct Entry<'a> {
    /// Path from the root, with `/`.
    pub path: &'a str,
    /// The dialect's name.
    pub dialect: &'a str,
    /// What it is.
    pub kind: &'a str,
    /// The shortest unambiguous name.
    pub reference: &'a str,
    /// Other names that find it.
    pub aliases: Vec<&'a str>,
    /// Its title.
    pub title: &'a str,
    /// Line of the title; `None` when it was made from the file name.
    pub title_line: Option<u32>,
    /// What it says about its state.
    pub state: DocumentState,
    /// The author's word for the state.
    pub native: Option<&'a str>,
    /// Line of the state.
    pub state_line: Option<u32>,
    /// True when it lies in an archive.
    pub archived: bool,
    /// True for a form to be filled in.
    pub template: bool,
    /// True when it holds work to be done.
    pub holds_work: bool,
    /// Shared by the documents of one undertaking.
    pub initiative: &'a str,
    /// Path of the plan of which it repeats a task.
    pub source: Option<&'a str>,
    /// Tasks done or cancelled.
    pub done: u32,
    /// All tasks.
    pub total: u32,
    /// Open tasks that wait for nothing inside the document.
    pub ready: u32,
    /// Tasks begun.
    pub in_progress: u32,
    /// Tasks blocked.
    pub blocked: u32,
    /// Title of the first phase that is not finished.
    pub phase: Option<&'a str>,
    /// Its position, from 1, among the phases that hold tasks; 0 where there is none.
    pub phase_number: u32,
    /// How many phases hold tasks.
    pub phases: u32,
    /// The first ready task.
    pub next: Option<NextItem<'a>>,
    /// Blockers that are not resolved.
    pub blockers: u32,
    /// The first of them.
    pub blocker: Option<&'a str>,
    /// True when it states that it needs another document, or an item of one, first.
    pub needs: bool,
    /// Owners.
    pub owners: Vec<&'a str>,
    /// Tags.
    pub tags: Vec<&'a str>,
    /// How urgent, as written.
    pub priority: Option<&'a str>,
    /// `YYYY-MM-DD`: when it was begun, as it says.
    pub created: Option<&'a str>,
    /// `YYYY-MM-DD`: the latest date it states about itself (updated, reviewed, newest log entry).
    pub touched: Option<&'a str>,
    /// Time of the file's last change, in seconds since the Unix epoch.
    pub mtime: i64,
    /// Stands for the file's bytes.
    pub content: u64,
    /// Codes of the diagnostics found while reading, each once, most frequent first.
    pub codes: Vec<&'a str>,
}

/// The task to do next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextItem<'a> {
    /// Its reference.
    pub reference: &'a str,
    /// Its line.
    pub line: u32,
    /// Its text.
    pub text: &'a str,
}

/// What the snapshot keeps of a document for questions about its work.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Phases in order.
    pub phases: Vec<PhaseLine>,
    /// Tasks and subtasks that are not closed.
    pub open: Vec<OpenTask>,
}

/// A phase in brief.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhaseLine {
    /// Its reference.
    pub reference: String,
    /// Its line.
    pub line: u32,
    /// Its title.
    pub title: String,
    /// Tasks done or cancelled in it.
    pub done: u32,
    /// Tasks in it.
    pub total: u32,
}

/// An open task in brief.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenTask {
    /// Its reference.
    pub reference: String,
    /// The author's id.
    pub id: Option<String>,
    /// Its line.
    pub line: u32,
    /// How far it is.
    pub state: ItemState,
    /// Its text.
    pub text: String,
    /// Line of its phase.
    pub phase: Option<u32>,
    /// Line of the task above it.
    pub parent: Option<u32>,
    /// Who has it.
    pub owner: Option<String>,
    /// How urgent, as written.
    pub priority: Option<String>,
    /// How long, as written.
    pub estimate: Option<String>,
    /// What it needs first.
    pub depends_on: Vec<String>,
    /// True when marked to run beside others.
    pub parallel: bool,
    /// True when nothing inside the document holds it up.
    pub ready: bool,
    /// Path of the plan of which it repeats a task.
    pub source: Option<String>,
}
