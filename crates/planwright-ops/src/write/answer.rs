use planwright_model::{Item, ItemRole, ItemState};
use planwright_workspace::write::Changed;
use schemars::JsonSchema;
use serde::Serialize;
use similar::TextDiff;

/// What a verb changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Answer {
    /// The contract's name.
    #[schemars(extend("const" = "planwright/change@1"))]
    pub schema: &'static str,
    /// The verb.
    pub verb: String,
    /// True where nothing was written.
    pub dry_run: bool,
    /// What it did, in the order asked for.
    pub done: Vec<Done>,
    /// The files that changed, or would.
    pub files: Vec<FileChange>,
    /// What the user is to know besides.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// What was left as it is: what looks like a reference to what moved, and cards that disagree with
    /// their tasks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub left: Vec<Left>,
}

/// Something that was left as it is: what could not be proved to be a reference to what moved, or a
/// card that disagrees with its task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Left {
    /// Path from the repository's root.
    pub path: String,
    /// 1-based line.
    pub line: u32,
    /// What stands there.
    pub text: String,
    /// Why it was left.
    pub why: String,
}

/// One thing that was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Done {
    /// The item or document.
    #[serde(rename = "ref")]
    pub reference: String,
    /// Path from the repository's root.
    pub path: String,
    /// 1-based line, after the change.
    pub line: u32,
    /// What changed: `item`, `state`, `log`, `link`, `unlink`, `waiver`, `path`, `title`,
    /// `references`, `reading`, `list`, `form`, `sibling`, `undo`; `add` for what is new; `text`, `owner`,
    /// `estimate`, `depends_on`, `order`, `stage` of an item; `source` for the plan or task that cards
    /// are from.
    pub what: &'static str,
    /// What it was, in a canonical word.
    pub before: Option<String>,
    /// What it is.
    pub after: Option<String>,
    /// The author's word for it, where it has one.
    pub native: Option<String>,
    /// Its text: of the item, the entry, the document's title.
    pub text: String,
    /// False where it was so already.
    pub changed: bool,
}

/// A file that changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FileChange {
    /// Path from the repository's root.
    pub path: String,
    /// The path that it had before, where it was moved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Lines that came.
    pub added: u32,
    /// Lines that went.
    pub removed: u32,
    /// What changed, as a unified diff.
    pub diff: String,
}

/// Something that has to be done before a document can be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Missing {
    /// The item; `null` for a blocker, and for a command that belongs to none.
    #[serde(rename = "ref")]
    pub reference: Option<String>,
    /// Its line.
    pub line: u32,
    /// `task`, `criterion`, `gate` ..., `blocker`; `input` and `output` for an artifact that is not
    /// there; `proof` for a command that has not passed since its
    /// files changed.
    pub what: String,
    /// What it says.
    pub text: String,
}

impl Answer {
    pub(super) fn new(verb: &str, dry_run: bool, done: Vec<Done>, files: &[Changed]) -> Self {
        Self {
            schema: "planwright/change@1",
            verb: verb.to_owned(),
            dry_run,
            done,
            files: files.iter().map(FileChange::new).collect(),
            left: Vec::new(),
            notes: Vec::new(),
        }
    }
}

impl FileChange {
    pub(crate) fn new(changed: &Changed) -> Self {
        let text = |bytes: &Option<Vec<u8>>| {
            let bytes = bytes.as_deref().unwrap_or_default();
            String::from_utf8_lossy(bytes).into_owned()
        };
        let (before, after) = (text(&changed.before), text(&changed.after));
        let diff = TextDiff::from_lines(&before, &after);
        let count = |tag| {
            let changes = diff.iter_all_changes();
            changes.filter(|change| change.tag() == tag).count() as u32
        };
        let name = |side: &str, bytes: &Option<Vec<u8>>| match bytes {
            Some(_) => {
                let from = changed.from.as_ref().filter(|_| side == "a");
                format!("{side}/{}", from.unwrap_or(&changed.path))
            }
            None => "/dev/null".to_owned(),
        };
        let (old, new) = (name("a", &changed.before), name("b", &changed.after));
        let mut unified = diff.unified_diff();
        let unified = unified.context_radius(3).header(&old, &new);
        let renamed = changed.from.as_ref().map_or(String::new(), |from| {
            renamed(from, &changed.path, &before, &after)
        });
        Self {
            path: changed.path.clone(),
            from: changed.from.clone(),
            added: count(similar::ChangeTag::Insert),
            removed: count(similar::ChangeTag::Delete),
            diff: format!("{renamed}{unified}"),
        }
    }
}

/// The lines that git writes above the diff of a renamed file.
fn renamed(from: &str, to: &str, before: &str, after: &str) -> String {
    let same: usize = TextDiff::from_lines(before, after)
        .iter_all_changes()
        .filter(|change| change.tag() == similar::ChangeTag::Equal)
        .map(|change| change.value().len())
        .sum();
    let most = before.len().max(after.len());
    let like = (same * 100).checked_div(most).unwrap_or(100);
    format!(
        "diff --git a/{from} b/{to}\nsimilarity index {like}%\nrename from {from}\nrename to {to}\n"
    )
}

impl Done {
    /// An item and how far it is now.
    pub(super) fn item(path: &str, item: &Item, before: ItemState, changed: bool) -> Self {
        Self {
            reference: item.reference.clone(),
            path: path.to_owned(),
            line: item.line,
            what: "item",
            before: Some(before.as_str().to_owned()),
            after: Some(item.state.as_str().to_owned()),
            native: None,
            text: item.text.clone(),
            changed,
        }
    }
}

impl Missing {
    pub(crate) fn item(item: &Item) -> Self {
        let what = match item.role {
            ItemRole::Subtask => "step",
            role => role.as_str(),
        };
        Self {
            reference: Some(item.reference.clone()),
            line: item.line,
            what: what.to_owned(),
            text: item.text.clone(),
        }
    }
}
