use planwright_workspace::{OpenError, Unreadable};

/// What kind of failure it is. A face maps it to an exit code or a protocol error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// Nothing answers to the name that was given.
    NotFound,
    /// Several things answer to it.
    Ambiguous,
    /// The system refused.
    Io,
    /// The request makes no sense.
    Usage,
    /// Planwright contradicts itself.
    Internal,
}

/// What the user can do about a failure.
#[derive(Clone, Debug, PartialEq, Eq)]
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
}

impl OpsError {
    /// An error without hints.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            hints: Vec::new(),
        }
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

impl From<OpenError> for OpsError {
    fn from(error: OpenError) -> Self {
        Self::new(ErrorKind::Io, error.to_string())
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
