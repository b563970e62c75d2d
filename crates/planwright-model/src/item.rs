use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What an item is for.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ItemRole {
    /// A unit of work that somebody starts and finishes.
    Task,
    /// A piece of a task.
    Subtask,
    /// A condition under which the work counts as right.
    Criterion,
    /// Something the work leaves behind.
    Deliverable,
    /// A condition to pass before going on.
    Gate,
    /// Any other box to tick.
    Check,
    /// Something to be answered.
    Question,
}

impl ItemRole {
    /// The canonical word, as in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Task => "task",
            Self::Subtask => "subtask",
            Self::Criterion => "criterion",
            Self::Deliverable => "deliverable",
            Self::Gate => "gate",
            Self::Check => "check",
            Self::Question => "question",
        }
    }

    /// The role named by a canonical word, if it is one.
    pub fn from_canonical(word: &str) -> Option<Self> {
        [
            Self::Task,
            Self::Subtask,
            Self::Criterion,
            Self::Deliverable,
            Self::Gate,
            Self::Check,
            Self::Question,
        ]
        .into_iter()
        .find(|role| role.as_str() == word)
    }

    /// True for tasks and subtasks, which progress is measured by.
    pub const fn is_work(self) -> bool {
        matches!(self, Self::Task | Self::Subtask)
    }
}

impl std::fmt::Display for ItemRole {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

/// How far an item is, by its mark or its words.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ItemState {
    /// Not begun.
    #[default]
    Todo,
    /// Begun.
    InProgress,
    /// Waiting for something.
    Blocked,
    /// Finished.
    Done,
    /// Not going to be done.
    Cancelled,
}

impl ItemState {
    /// The canonical word, as in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Todo => "todo",
            Self::InProgress => "in_progress",
            Self::Blocked => "blocked",
            Self::Done => "done",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state named by a canonical word, if it is one.
    pub fn from_canonical(word: &str) -> Option<Self> {
        [
            Self::Todo,
            Self::InProgress,
            Self::Blocked,
            Self::Done,
            Self::Cancelled,
        ]
        .into_iter()
        .find(|state| state.as_str() == word)
    }

    /// True when nothing remains to be done: done or cancelled.
    pub const fn is_closed(self) -> bool {
        matches!(self, Self::Done | Self::Cancelled)
    }
}

impl std::fmt::Display for ItemState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

/// How long something is expected to take.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Estimate {
    /// The author's words: `1-2 days`, `Small`, `Week 1`.
    pub native: String,
    /// Lower bound in working hours (a day is 8 hours, a week 5 days), where the words are a
    /// duration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hours_min: Option<f64>,
    /// Upper bound in working hours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hours_max: Option<f64>,
}

/// A group of planned work in time or order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Phase {
    /// `<document>#<n>`, by the number the author gave, else by position.
    #[serde(rename = "ref")]
    pub reference: String,
    /// Line of the heading.
    pub line: u32,
    /// Last line of the phase.
    pub end_line: u32,
    /// The heading's text.
    pub title: String,
    /// The number or letter the author gave: `1`, `3.1`, `A`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// State, where the heading or a line beneath it says so.
    pub state: Option<ItemState>,
    /// The author's word for the state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub native: Option<String>,
    /// Line of the phase that this phase is part of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<u32>,
    /// What it needs first: `phase:<line>` or the author's words.
    pub depends_on: Vec<String>,
    /// What it is meant to reach.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goal: Option<String>,
    /// How urgent it is, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<String>,
    /// How long it is to take.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<Estimate>,
    /// True when it may run beside the others.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub parallel: bool,
}

/// The task of a plan that a card was made from, and what both agreed on last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Origin {
    /// Path of the plan, from the root.
    pub path: String,
    /// The id that the author gave the task, else `~` and its fingerprint.
    pub item: String,
    /// What the task said.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub text: Option<String>,
    /// How far both were.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub state: Option<ItemState>,
}

/// One unit a plan counts: a task, a criterion, a gate ...
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Item {
    /// `<document>#<id>`, or `<document>#<phase>.<n>` where the author gave no id.
    #[serde(rename = "ref")]
    pub reference: String,
    /// The author's own id: `T012`, `DB-1`, `2.3`.
    pub id: Option<String>,
    /// Line of the item's first character.
    pub line: u32,
    /// Last line that belongs to the item, its children included.
    pub end_line: u32,
    /// What it is for.
    pub role: ItemRole,
    /// How far it is.
    pub state: ItemState,
    /// The mark or word the state was read from; `null` where the item carries none.
    pub mark: Option<String>,
    /// The item in one line, without mark, id and stamps.
    pub text: String,
    /// Line of the phase it belongs to.
    pub phase: Option<u32>,
    /// Line of the task that it hangs under.
    pub parent: Option<u32>,
    /// Who has it.
    pub owner: Option<String>,
    /// How long it should take.
    pub estimate: Option<Estimate>,
    /// What it needs first: ids as written, ranges expanded.
    pub depends_on: Vec<String>,
    /// Paths that it names.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub files: Vec<String>,
    /// Paths and ids of what has to be there before it is begun.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub inputs: Vec<String>,
    /// Paths and ids of what it leaves behind.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub outputs: Vec<String>,
    /// Requirement and story ids that it covers: `US1`, `FR-003`.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub covers: Vec<String>,
    /// True when marked to run beside others (`[P]`).
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub parallel: bool,
    /// How urgent it is, as written.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub priority: Option<String>,
    /// Board column, where a board holds the item.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub stage: Option<String>,
    /// The task of a plan that a card was made from.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub source: Option<Origin>,
    /// True when it waits for nothing: open, dependencies done, phase reached.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub ready: bool,
    /// Short hash of the item's words, which finds it again after edits around it.
    pub fingerprint: String,
}

impl Item {
    /// True for a line of a form that nobody wrote anything in yet: `[A piece of work]`, also behind a
    /// tag and in front of an aside, as in `[test] [A test to write] (depends on T004)`.
    pub fn is_unwritten(&self) -> bool {
        let text = self.text.trim();
        let words = text.strip_prefix('[').and_then(|inner| {
            let (tag, rest) = inner.split_once("] [")?;
            (!tag.contains([' ', '[', ']'])).then_some(rest)
        });
        let words = words.or_else(|| text.strip_prefix('['));
        let Some((words, rest)) = words.and_then(|words| words.split_once(']')) else {
            return false;
        };
        let is_aside = rest.starts_with(" (") && rest.ends_with(')');
        words.contains(' ') && !words.contains('[') && (rest.is_empty() || is_aside)
    }

    /// An open item on one line that says nothing yet.
    pub const fn new(line: u32, role: ItemRole) -> Self {
        Self {
            reference: String::new(),
            id: None,
            line,
            end_line: line,
            role,
            state: ItemState::Todo,
            mark: None,
            text: String::new(),
            phase: None,
            parent: None,
            owner: None,
            estimate: None,
            depends_on: Vec::new(),
            files: Vec::new(),
            inputs: Vec::new(),
            outputs: Vec::new(),
            covers: Vec::new(),
            parallel: false,
            priority: None,
            stage: None,
            source: None,
            ready: false,
            fingerprint: String::new(),
        }
    }
}
