use planwright_hosts::{Host, Purpose, Standing};
use schemars::JsonSchema;
use serde::Serialize;

use crate::write::FileChange;

/// How hosts are wired, and what was done about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Answer {
    /// The contract's name.
    #[schemars(extend("const" = "planwright/setup@1"))]
    pub schema: &'static str,
    /// True where nothing was written.
    pub dry_run: bool,
    /// Whose configuration it is.
    pub scope: Scope,
    /// The hosts asked for, or all of them.
    pub hosts: Vec<HostAnswer>,
    /// The files that changed, or would.
    pub files: Vec<FileChange>,
    /// What the user is to know or do besides.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// Whose configuration it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// The repository's.
    Project,
    /// The user's own.
    Global,
}

/// A host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct HostAnswer {
    /// What it is called on the command line.
    pub name: &'static str,
    /// What it is called by people.
    pub title: &'static str,
    /// True where the repository holds files of it.
    pub detected: bool,
    /// True where the user has a folder of it.
    pub installed: bool,
    /// How it stands, after what was done.
    pub state: State,
    /// What it reads.
    pub parts: Vec<PartAnswer>,
}

/// How a host stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Everything is there, and as it should be.
    Wired,
    /// Something is missing, or not as it should be.
    Partly,
    /// Nothing is there.
    NotWired,
}

/// Something that a host reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PartAnswer {
    /// `server`, `hooks`, `skill` or `instructions`.
    pub purpose: &'static str,
    /// Path from the repository's root; of the user's own files, as the user would write it.
    pub path: String,
    /// How it stands, after what was done.
    pub standing: How,
    /// What was done to it, or would be; `null` where nothing was to be done.
    pub did: Option<Did>,
    /// Why the file is left as it is.
    pub problem: Option<String>,
    /// The 1-based line of the problem.
    pub line: Option<usize>,
}

/// How a part stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// As this version writes it.
    Current,
    /// Somebody wrote it himself; it is left to him.
    Own,
    /// As another version wrote it.
    Older,
    /// Changed by somebody.
    Edited,
    /// Not all of it is there.
    Partly,
    /// It is not there.
    Absent,
    /// The file cannot be understood.
    Unreadable,
}

/// What was done to a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Did {
    /// It was put in.
    Added,
    /// It was made what it should be.
    Renewed,
    /// It was taken out.
    Removed,
}

impl From<Standing> for How {
    fn from(standing: Standing) -> Self {
        match standing {
            Standing::Current => Self::Current,
            Standing::Own => Self::Own,
            Standing::Older => Self::Older,
            Standing::Edited => Self::Edited,
            Standing::Partly => Self::Partly,
            Standing::Absent => Self::Absent,
        }
    }
}

/// The word for what a part is for.
pub(super) const fn purpose(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Server => "server",
        Purpose::Hooks => "hooks",
        Purpose::Skill => "skill",
        Purpose::Instructions => "instructions",
    }
}

impl HostAnswer {
    pub(super) fn new(
        host: &Host,
        detected: bool,
        installed: bool,
        parts: Vec<PartAnswer>,
    ) -> Self {
        let is = |wanted: &[How]| parts.iter().all(|part| wanted.contains(&part.standing));
        let state = if is(&[How::Current, How::Own]) {
            State::Wired
        } else if is(&[How::Absent, How::Own, How::Unreadable]) {
            State::NotWired
        } else {
            State::Partly
        };
        Self {
            name: host.name,
            title: host.title,
            detected,
            installed,
            state,
            parts,
        }
    }
}
