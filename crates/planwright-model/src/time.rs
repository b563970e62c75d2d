use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A moment as an author wrote it and as it can be compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Time {
    /// The author's own characters, for example `2025-10-30 11:42 UTC`.
    pub native: String,
    /// ISO 8601 to the minute with the stated offset (`2025-10-30T11:42Z`), or a civil date
    /// (`2025-10-30`) where no time of day was given.
    pub value: String,
    /// Seconds since the Unix epoch, where a time of day and a zone were given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instant: Option<i64>,
}

impl Time {
    /// The civil date, `YYYY-MM-DD`.
    pub fn date(&self) -> &str {
        self.value.get(..10).unwrap_or(&self.value)
    }
}
