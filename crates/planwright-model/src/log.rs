use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Time;

/// What a log entry records.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum LogRole {
    /// Something was done.
    Progress,
    /// Something was decided.
    Decision,
    /// Something unexpected was found.
    Discovery,
    /// What came of the work.
    Outcome,
    /// The document itself changed.
    Update,
}

impl LogRole {
    /// The canonical word, as in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Progress => "progress",
            Self::Decision => "decision",
            Self::Discovery => "discovery",
            Self::Outcome => "outcome",
            Self::Update => "update",
        }
    }
}

/// One dated or undated entry of a living section: progress, decisions, discoveries, outcomes,
/// updates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LogEntry {
    /// Line of the entry's first character.
    pub line: u32,
    /// What it records.
    pub role: LogRole,
    /// When, normalised; `null` where not stated.
    pub time: Option<String>,
    /// When, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_native: Option<String>,
    /// When, in seconds since the Unix epoch, where a time of day and a zone were given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instant: Option<i64>,
    /// The entry in one line, without its stamp.
    pub text: String,
    /// Why, where the entry says so (`Rationale:`, `Evidence:`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rationale: Option<String>,
    /// Who, where the entry says so (`Date/Author:`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
}

impl LogEntry {
    /// Takes over a time that was read from the text.
    pub fn set_time(&mut self, time: Option<Time>) {
        if let Some(time) = time {
            self.time = Some(time.value);
            self.time_native = Some(time.native);
            self.instant = time.instant;
        }
    }
}
