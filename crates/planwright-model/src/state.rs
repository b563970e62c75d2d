use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a document says about its own state, in canonical words.
///
/// The author's word is kept beside it in [`crate::StateClaim::native`].
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
pub enum DocumentState {
    /// Being written; nothing is decided.
    Draft,
    /// Waiting for somebody's judgement.
    InReview,
    /// Agreed; work may begin.
    Approved,
    /// Being worked on.
    Active,
    /// Put aside on purpose, to be taken up again.
    Paused,
    /// Cannot go on until something else happens.
    Blocked,
    /// Everything it promised exists.
    Done,
    /// Decided against before work began.
    Rejected,
    /// Given up after it was agreed.
    Abandoned,
    /// Replaced by another document.
    Superseded,
    /// The document says nothing, or a word that the dialect does not know.
    #[default]
    Unknown,
}

impl DocumentState {
    /// Every state, in the order of a document's life.
    pub const ALL: [Self; 11] = [
        Self::Draft,
        Self::InReview,
        Self::Approved,
        Self::Active,
        Self::Paused,
        Self::Blocked,
        Self::Done,
        Self::Rejected,
        Self::Abandoned,
        Self::Superseded,
        Self::Unknown,
    ];

    /// The canonical word, as in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::InReview => "in_review",
            Self::Approved => "approved",
            Self::Active => "active",
            Self::Paused => "paused",
            Self::Blocked => "blocked",
            Self::Done => "done",
            Self::Rejected => "rejected",
            Self::Abandoned => "abandoned",
            Self::Superseded => "superseded",
            Self::Unknown => "unknown",
        }
    }

    /// The state named by a canonical word, if it is one.
    pub fn from_canonical(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }

    /// True when no more work is expected: done, rejected, abandoned or superseded.
    pub const fn is_closed(self) -> bool {
        matches!(
            self,
            Self::Done | Self::Rejected | Self::Abandoned | Self::Superseded
        )
    }

    /// True when its open tasks may be started: not closed, not put aside, not waiting for
    /// judgement.
    ///
    /// A document that states nothing is workable: most plans never state anything.
    pub const fn is_workable(self) -> bool {
        matches!(
            self,
            Self::Draft | Self::Approved | Self::Active | Self::Unknown
        )
    }
}

impl std::fmt::Display for DocumentState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}
