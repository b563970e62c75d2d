use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How much a diagnostic matters.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Worth knowing.
    Info,
    /// Probably not what the author meant.
    Warning,
    /// Something could not be read, or is certainly wrong.
    Error,
}

/// Something the reader could not take at face value.
///
/// Reading never fails: what cannot be understood is kept as text and reported here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Diagnostic {
    /// Stable name, for example `front-matter-invalid`.
    pub code: String,
    /// How much it matters.
    pub level: Level,
    /// 1-based line of the file as stored.
    pub line: u32,
    /// What is the case, in one sentence.
    pub message: String,
    /// What to do about it, where there is something to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
}

impl Diagnostic {
    /// A diagnostic without help.
    pub fn new(code: &str, level: Level, line: u32, message: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            level,
            line,
            message: message.into(),
            help: None,
        }
    }

    /// The same diagnostic with a next step for the user.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}
