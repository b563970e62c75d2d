use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    Blocker, CodeRef, Command, Diagnostic, DocumentState, Item, ItemRole, LogEntry, Metric,
    Milestone, Phase, Question, Relation, Requirement, Review, Risk,
};

/// What a document is: `plan`, `tasks`, `spec`, `prd`, `adr`, `rfc`, `rule`, `guide`, `research`,
/// `bug`, `task`, `story`, `constitution`, `index`, `template`, `doc`, or a further kind that a
/// dialect names.
///
/// Open on purpose: a team's dialect may bring kinds of its own.
pub type Kind = String;

/// The title of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Title {
    /// The title's text.
    pub text: String,
    /// Line where it stands; `null` when it was made from the file name.
    pub line: Option<u32>,
}

/// Where a state was read.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum StateSource {
    /// A key of the front matter.
    FrontMatter,
    /// A `Status:` line or section near the top.
    Header,
    /// A `Status:` line at the end.
    Footer,
    /// The heading itself.
    Heading,
    /// The board that holds the document.
    Board,
}

/// One place where a document states its state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StateClaim {
    /// The canonical word.
    pub value: DocumentState,
    /// The author's word; `null` where the document says nothing.
    pub native: Option<String>,
    /// Line where it stands.
    pub line: Option<u32>,
    /// Where it was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<StateSource>,
}

impl StateClaim {
    /// The claim of a document that says nothing.
    pub const SILENT: Self = Self {
        value: DocumentState::Unknown,
        native: None,
        line: None,
        source: None,
    };
}

impl Default for StateClaim {
    fn default() -> Self {
        Self::SILENT
    }
}

/// The value of a field: one word, or several.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum FieldValue {
    /// A scalar, as written without its quotes.
    One(String),
    /// A list.
    Many(Vec<String>),
}

impl FieldValue {
    /// The values one by one.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        match self {
            Self::One(value) => std::slice::from_ref(value),
            Self::Many(values) => values.as_slice(),
        }
        .iter()
        .map(String::as_str)
    }

    /// The first value.
    pub fn first(&self) -> Option<&str> {
        self.iter().next()
    }
}

/// What a section is for, in canonical words.
pub type SectionRole = String;

/// One heading and the text under it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Section {
    /// Line of the heading.
    pub line: u32,
    /// Last line of the section, its subsections included.
    pub end_line: u32,
    /// 1 to 6.
    pub level: u8,
    /// The heading's text.
    pub title: String,
    /// What it is for (`goal`, `tasks`, `risks` ...), where its words are known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<SectionRole>,
    /// True when nothing but blank lines, comments or placeholders stands under it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub empty: bool,
}

/// Text that a template leaves to be filled in: `[Feature name]`, `{{title}}`, `YYYY-MM-DD`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Placeholder {
    /// Line where it stands.
    pub line: u32,
    /// Its characters.
    pub text: String,
}

/// How much of the planned work is finished.
///
/// Counts tasks; where a document has subtasks under a task, the task counts once.
/// `total` 0 means that there is nothing to measure, never that everything is done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Progress {
    /// Tasks done or cancelled.
    pub done: u32,
    /// All tasks.
    pub total: u32,
}

/// A plan document, read.
///
/// This is `planwright/document@1`, the contract that `plan show --json`, MCP and the web share.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Document {
    /// Path from the repository's root, with `/`.
    pub path: String,
    /// The dialect it is written in.
    pub dialect: String,
    /// What it is.
    pub kind: Kind,
    /// The shortest unambiguous name.
    #[serde(rename = "ref")]
    pub reference: String,
    /// Other names that find it.
    pub aliases: Vec<String>,
    /// Its title.
    pub title: Title,
    /// What it says about its own state.
    pub state: StateClaim,
    /// Every place where it states one, the deciding one first.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub state_claims: Vec<StateClaim>,
    /// True when it lies in an archive.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub archived: bool,
    /// True when it is a form to be filled in, whatever it is a form of.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub template: bool,
    /// The documents of one undertaking share this: a feature's folder, else the path itself.
    pub initiative: String,
    /// Owners, dates, tags and the rest of what front matter and header lines say, under canonical
    /// names where the dialect knows them, else under the author's key.
    pub fields: BTreeMap<String, FieldValue>,
    /// Headings with their roles.
    pub sections: Vec<Section>,
    /// Groups of work in order.
    pub phases: Vec<Phase>,
    /// Everything that is counted.
    pub items: Vec<Item>,
    /// Progress, decisions, discoveries, outcomes, updates.
    pub log: Vec<LogEntry>,
    /// Relations as the document states them.
    pub relations: Vec<Relation>,
    /// Places of the code that it names.
    pub code_refs: Vec<CodeRef>,
    /// Commands that verify it.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub commands: Vec<Command>,
    /// Risks.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub risks: Vec<Risk>,
    /// Measures of success.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub metrics: Vec<Metric>,
    /// Dated points and rows of a timeline.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub milestones: Vec<Milestone>,
    /// What holds the work up.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub blockers: Vec<Blocker>,
    /// Questions to be answered.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub questions: Vec<Question>,
    /// Requirements that tasks can cover.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub requirements: Vec<Requirement>,
    /// Review schedule, where it states one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub review: Option<Review>,
    /// What is left to be filled in.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub placeholders: Vec<Placeholder>,
    /// Tasks done and all tasks.
    pub progress: Progress,
    /// What could not be taken at face value.
    pub diagnostics: Vec<Diagnostic>,
}

impl Document {
    /// The values of a field, none where it is absent.
    pub fn field(&self, name: &str) -> impl Iterator<Item = &str> {
        self.fields.get(name).into_iter().flat_map(FieldValue::iter)
    }

    /// The progress of those tasks that say how far they are: by a box or a state of their own, or by
    /// their subtasks'. Of a line in a numbered list nobody knows.
    pub fn stated_progress(&self) -> Progress {
        let says = |task: &Item| {
            let mut below = self
                .items
                .iter()
                .filter(|item| item.parent == Some(task.line));
            task.mark.is_some() || task.state.is_closed() || below.any(|item| item.mark.is_some())
        };
        let tasks = self.items.iter().filter(|item| item.role == ItemRole::Task);
        tasks
            .filter(|task| says(task))
            .fold(Progress::default(), |sum, task| Progress {
                done: sum.done + u32::from(task.state.is_closed()),
                total: sum.total + 1,
            })
    }

    /// True for a document that holds work to be done: a plan, a task list, a single task.
    pub fn holds_work(&self) -> bool {
        !self.template
            && matches!(
                self.kind.as_str(),
                "plan" | "tasks" | "task" | "bug" | "story"
            )
    }
}

/// The head of a document, as lists show it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Head {
    /// Path from the repository's root.
    pub path: String,
    /// The dialect it is written in.
    pub dialect: String,
    /// What it is.
    pub kind: Kind,
    /// The shortest unambiguous name.
    #[serde(rename = "ref")]
    pub reference: String,
    /// Its title.
    pub title: Title,
    /// What it says about its own state.
    pub state: StateClaim,
    /// Tasks done and all tasks.
    pub progress: Progress,
    /// Codes of what is damaged in its bytes or its front matter; what the rest says may be
    /// incomplete.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub damage: Vec<String>,
}
