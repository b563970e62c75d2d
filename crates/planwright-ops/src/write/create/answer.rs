use planwright_model::{Document, Placeholder};
use planwright_workspace::write::Changed;
use schemars::JsonSchema;
use serde::Serialize;

use crate::write::{Done, FileChange};

/// A new document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Answer {
    /// The contract's name.
    #[schemars(extend("const" = "planwright/new@1"))]
    pub schema: &'static str,
    /// True where nothing was written.
    pub dry_run: bool,
    /// Path from the repository's root.
    pub path: String,
    /// Its shortest name.
    #[serde(rename = "ref")]
    pub reference: String,
    /// Its id, where it has one: `PLN-007`, `012-search`.
    pub id: Option<String>,
    /// Its number, where it has one.
    pub number: Option<u64>,
    /// The dialect it is written in.
    pub dialect: String,
    /// What it is.
    pub kind: String,
    /// Its title.
    pub title: String,
    /// Its state, in a canonical word.
    pub state: String,
    /// The word for the state that it holds.
    pub native: Option<String>,
    /// Where its form comes from: `built-in`, or the path of the form.
    pub form: String,
    /// What it says about other documents, and they about it.
    pub links: Vec<Done>,
    /// What is left to fill in.
    pub placeholders: Vec<Placeholder>,
    /// What should be known about it.
    pub notes: Vec<String>,
    /// The files that changed, or would.
    pub files: Vec<FileChange>,
}

impl Answer {
    pub(super) fn new(document: Document, dry_run: bool, files: &[Changed]) -> Self {
        Self {
            schema: "planwright/new@1",
            dry_run,
            path: document.path,
            reference: document.reference,
            id: None,
            number: None,
            dialect: document.dialect,
            kind: document.kind,
            title: document.title.text,
            state: document.state.value.as_str().to_owned(),
            native: document.state.native,
            form: String::new(),
            links: Vec::new(),
            placeholders: document.placeholders,
            notes: Vec::new(),
            files: files.iter().map(FileChange::new).collect(),
        }
    }
}
