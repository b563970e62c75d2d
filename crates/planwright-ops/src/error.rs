use std::io;

use planwright_workspace::watch::WatchError;
use planwright_workspace::{OpenError, Unreadable};
use schemars::JsonSchema;
use serde::Serialize;

use crate::write::Missing;

/// What kind of failure it is. A face maps it to an exit code or a protocol error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ErrorKind {
    /// Nothing answers to the name that was given.
    NotFound,
    /// Several things answer to it.
    Ambiguous,
    /// The system refused.
    Io,
    /// The request makes no sense.
    Usage,
    /// What the documents say stands against it.
    Refused,
    /// Planwright contradicts itself.
    Internal,
}

/// What the user can do about a failure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Hint {
    /// Names that resemble the one given.
    Nearest(Vec<String>),
    /// Names to choose from.
    Candidates(Vec<String>),
    /// A command line that helps.
    Run(String),
    /// A sentence.
    Note(String),
}

/// Why a verb has no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct OpsError {
    /// What kind of failure it is.
    pub kind: ErrorKind,
    /// What happened, in one sentence without a full stop.
    pub message: String,
    /// What to do next, most helpful first.
    pub hints: Vec<Hint>,
    /// What has to be done first.
    pub missing: Vec<Missing>,
}

impl OpsError {
    /// An error without hints.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            hints: Vec::new(),
            missing: Vec::new(),
        }
    }

    /// The same error with what has to be done first.
    #[must_use]
    pub(crate) fn with_missing(mut self, missing: Vec<Missing>) -> Self {
        self.missing = missing;
        self
    }

    /// The same error with one more hint. An empty list of names is no hint and is left out.
    #[must_use]
    pub fn with_hint(mut self, hint: Hint) -> Self {
        let empty =
            matches!(&hint, Hint::Nearest(names) | Hint::Candidates(names) if names.is_empty());
        if !empty {
            self.hints.push(hint);
        }
        self
    }
}

/// An error for programs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ErrorAnswer {
    /// The contract's name.
    #[schemars(extend("const" = "planwright/error@1"))]
    pub schema: &'static str,
    /// What kind of failure it is.
    pub kind: ErrorKind,
    /// What happened, in one sentence without a full stop.
    pub message: String,
    /// What to do next, most helpful first.
    pub hints: Vec<Hint>,
    /// What has to be done first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<Missing>,
    /// The exit code of the process.
    pub exit_code: u8,
}

impl ErrorAnswer {
    /// The error as a program gets it from a process that ends with `exit_code`.
    pub fn new(error: OpsError, exit_code: u8) -> Self {
        Self {
            schema: "planwright/error@1",
            kind: error.kind,
            message: error.message,
            hints: error.hints,
            missing: error.missing,
            exit_code,
        }
    }
}

impl From<OpenError> for OpsError {
    fn from(error: OpenError) -> Self {
        let OpenError::Dir { path, source } = error;
        let path = path.display();
        match source.kind() {
            io::ErrorKind::NotFound => {
                Self::new(ErrorKind::Usage, format!("there is no folder {path}"))
            }
            io::ErrorKind::NotADirectory => {
                Self::new(ErrorKind::Usage, format!("{path} is not a folder"))
            }
            _ => {
                let reason = source.to_string();
                let reason = reason.split(" (os error").next().unwrap_or_default();
                Self::new(ErrorKind::Io, format!("cannot open {path}: {reason}"))
            }
        }
    }
}

impl From<Unreadable> for OpsError {
    fn from(file: Unreadable) -> Self {
        Self::new(
            ErrorKind::Io,
            format!("cannot read {}: {}", file.path, file.reason),
        )
    }
}

impl From<WatchError> for OpsError {
    fn from(error: WatchError) -> Self {
        let said = Self::new(ErrorKind::Io, error.to_string());
        match error {
            WatchError::TooMany => said.with_hint(Hint::Note(
                "raise the limit: `sysctl fs.inotify.max_user_watches=524288`".to_owned(),
            )),
            WatchError::System(_) => said,
        }
    }
}
