use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How one document, item or path stands to another. Directed; inverses are derived.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum RelationType {
    /// Carries out what the target demands.
    Implements,
    /// Needs the target first.
    DependsOn,
    /// Adds to the target.
    Extends,
    /// Has to do with the target.
    Related,
    /// Takes the target's place.
    Supersedes,
    /// Is replaced by the target.
    SupersededBy,
    /// Gives the target grounds.
    Supports,
    /// Says the opposite of the target.
    Contradicts,
    /// Is a piece of the target.
    PartOf,
    /// Repairs the target.
    Fixes,
    /// Is background for the target.
    Informs,
    /// Takes the target in.
    Input,
    /// Gives the target out.
    Output,
    /// Changes the target.
    Touches,
    /// Was carried out by the target.
    DeliveredBy,
    /// Is written down in the target.
    RecordedIn,
    /// Answers a question of the target.
    Clarifies,
}

impl RelationType {
    /// Every type.
    pub const ALL: [Self; 17] = [
        Self::Implements,
        Self::DependsOn,
        Self::Extends,
        Self::Related,
        Self::Supersedes,
        Self::SupersededBy,
        Self::Supports,
        Self::Contradicts,
        Self::PartOf,
        Self::Fixes,
        Self::Informs,
        Self::Input,
        Self::Output,
        Self::Touches,
        Self::DeliveredBy,
        Self::RecordedIn,
        Self::Clarifies,
    ];

    /// The canonical word, as in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Implements => "implements",
            Self::DependsOn => "depends_on",
            Self::Extends => "extends",
            Self::Related => "related",
            Self::Supersedes => "supersedes",
            Self::SupersededBy => "superseded_by",
            Self::Supports => "supports",
            Self::Contradicts => "contradicts",
            Self::PartOf => "part_of",
            Self::Fixes => "fixes",
            Self::Informs => "informs",
            Self::Input => "input",
            Self::Output => "output",
            Self::Touches => "touches",
            Self::DeliveredBy => "delivered_by",
            Self::RecordedIn => "recorded_in",
            Self::Clarifies => "clarifies",
        }
    }

    /// The type named by a canonical word, if it is one.
    pub fn from_canonical(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// How the relation reads from its target, for people: `implemented by`.
    pub const fn inverse_label(self) -> &'static str {
        match self {
            Self::Implements => "implemented by",
            Self::DependsOn => "needed by",
            Self::Extends => "extended by",
            Self::Related => "related",
            Self::Supersedes => "superseded by",
            Self::SupersededBy => "supersedes",
            Self::Supports => "supported by",
            Self::Contradicts => "contradicted by",
            Self::PartOf => "has part",
            Self::Fixes => "fixed by",
            Self::Informs => "informed by",
            Self::Input => "input of",
            Self::Output => "output of",
            Self::Touches => "touched by",
            Self::DeliveredBy => "delivers",
            Self::RecordedIn => "records",
            Self::Clarifies => "clarified by",
        }
    }

    /// True when a change of the target can make the source wrong, so that an impact walk follows
    /// it from target to source.
    pub const fn carries_impact(self) -> bool {
        !matches!(
            self,
            Self::Related
                | Self::SupersededBy
                | Self::Supersedes
                | Self::Output
                | Self::DeliveredBy
        )
    }
}

impl std::fmt::Display for RelationType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

/// What the far end of a relation is.
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
pub enum Endpoint {
    /// Another document of the repository.
    #[default]
    Document,
    /// An item of a document.
    Item,
    /// A path or glob that is not a document.
    Path,
    /// Something outside the repository.
    Url,
}

/// One directed relation of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Relation {
    /// How the document stands to the target.
    #[serde(rename = "type")]
    pub kind: RelationType,
    /// The target as written.
    pub target: String,
    /// What the target is.
    pub endpoint: Endpoint,
    /// Line where the relation is stated; 0 where it stands in another file.
    pub line: u32,
    /// Where it was read: `front matter`, `header`, `section`, `link`, `sync-state`, `board`.
    pub source: String,
    /// Whether the target was found.
    pub resolved: bool,
    /// The path of the document found, from the repository's root.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
}

/// A place of the code that a document names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CodeRef {
    /// The path as written, without a leading `@` and without a line suffix.
    pub path: String,
    /// Line where it is named first.
    pub line: u32,
    /// Whether the tree has it. `null` for a glob or placeholder that names no single path.
    pub exists: Option<bool>,
}
