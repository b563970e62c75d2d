use planwright_model::{Document, Head, Progress, StateClaim, Title};
use planwright_workspace::{Entry, Resolution, Workspace};
use rapidhash::RapidHashMap;
use schemars::JsonSchema;
use serde::Serialize;

use crate::damage;

/// A file or folder that should have been read and could not be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Unreadable {
    /// Path from the repository's root.
    pub path: String,
    /// What the system said.
    pub reason: String,
}

/// A line of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Place {
    /// Path from the repository's root.
    pub path: String,
    /// 1-based line.
    pub line: u32,
}

/// What the workspace could not read, as answers carry it.
pub(crate) fn unreadable(ws: &Workspace) -> Vec<Unreadable> {
    ws.unreadable()
        .iter()
        .map(|file| Unreadable {
            path: file.path.clone(),
            reason: file.reason.clone(),
        })
        .collect()
}

/// Every entry, under a reference that leads to it: where its own means several documents, its path.
pub(crate) fn entries(ws: &Workspace) -> Vec<Entry<'_>> {
    let mut entries: Vec<Entry<'_>> = ws.entries().collect();
    let mut first: RapidHashMap<&str, usize> = RapidHashMap::default();
    let mut shared: Vec<usize> = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        if let Some(other) = first.insert(entry.reference, index) {
            shared.extend([other, index]);
        }
    }
    // Thousands may share one: it is asked once what that means.
    let mut meant: RapidHashMap<&str, Option<usize>> = RapidHashMap::default();
    for index in shared {
        let entry = &mut entries[index];
        let means = || match ws.resolve(entry.reference) {
            Resolution::Document(document) => Some(document),
            _ => None,
        };
        if entry.reference != entry.path
            && *meant.entry(entry.reference).or_insert_with(means) != Some(index)
        {
            entry.reference = entry.path;
        }
    }
    entries
}

/// The reference of an item of an entry, of which `stored` is known from the file alone.
pub(crate) fn item_reference(entry: &Entry<'_>, stored: &str) -> String {
    match stored.split_once('#') {
        Some((_, item)) if !stored.starts_with(entry.reference) => {
            format!("{}#{item}", entry.reference)
        }
        _ => stored.to_owned(),
    }
}

/// The head of an entry.
pub(crate) fn head(entry: &Entry<'_>) -> Head {
    Head {
        path: entry.path.to_owned(),
        dialect: entry.dialect.to_owned(),
        kind: entry.kind.to_owned(),
        reference: entry.reference.to_owned(),
        title: Title {
            text: entry.title.to_owned(),
            line: entry.title_line,
        },
        state: StateClaim {
            value: entry.state,
            native: entry.native.map(str::to_owned),
            line: entry.state_line,
            source: None,
        },
        progress: Progress {
            done: entry.done,
            total: entry.total,
        },
        damage: if entry.template {
            Vec::new()
        } else {
            damage::codes(entry.codes.iter().copied())
        },
    }
}

/// The head of a document.
pub(crate) fn head_of(document: &Document) -> Head {
    Head {
        path: document.path.clone(),
        dialect: document.dialect.clone(),
        kind: document.kind.clone(),
        reference: document.reference.clone(),
        title: document.title.clone(),
        state: document.state.clone(),
        progress: document.progress,
        // The placeholders of a form need not be valid YAML.
        damage: if document.template {
            Vec::new()
        } else {
            damage::codes(document.diagnostics.iter().map(|found| found.code.as_str()))
        },
    }
}
