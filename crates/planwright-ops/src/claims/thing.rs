//! What a claim is on: from references to names that mean the same on every machine, and back.

use planwright_coord::{Key, Subject};
use planwright_model::{Document, DocumentState, Item};
use planwright_workspace::{Resolution, Workspace};

use crate::reference::{self, Target};
use crate::write::Missing;
use crate::{ErrorKind, Hint, OpsError, artifacts};

/// Something that can be claimed.
#[derive(Clone, Debug)]
pub(crate) struct Thing {
    pub(crate) key: Key,
    pub(crate) subject: Subject,
    /// Why nobody needs to work on it, in a word.
    pub(crate) closed: Option<&'static str>,
    /// What has to be done or there before.
    pub(crate) missing: Vec<Missing>,
}

impl Thing {
    /// Finds what a reference names: a document or an item.
    pub(crate) fn find(ws: &Workspace, name: &str) -> Result<Self, OpsError> {
        let (index, is_whole) = match reference::target(ws, name)? {
            Target::Document(index) => (index, true),
            Target::Place(index, _) => (index, false),
        };
        let entry = ws.entry(index);
        let document = document_name(ws, index);
        if is_whole {
            return Ok(Self {
                key: Key {
                    document: document.clone(),
                    item: None,
                },
                subject: Subject {
                    reference: document,
                    path: entry.path.to_owned(),
                    text: entry.title.to_owned(),
                },
                closed: entry.state.is_closed().then(|| word(entry.state)),
                missing: Vec::new(),
            });
        }
        let read = ws.read(entry.path)?.document;
        // Somebody may have saved the file since, so that it stands in another line.
        let line = ws.line_in(&read, name);
        let Some(item) = read.items.iter().find(|item| Some(item.line) == line) else {
            return Err(OpsError::new(
                ErrorKind::Usage,
                format!("`{name}` is a phase or section; documents and items are claimed"),
            )
            .with_hint(Hint::Run(format!("plan show {name}"))));
        };
        let place = item.reference.split_once('#');
        let place = place.map_or(item.reference.as_str(), |(_, place)| place);
        Ok(Self {
            subject: Subject {
                reference: format!("{document}#{place}"),
                path: entry.path.to_owned(),
                text: item.text.clone(),
            },
            key: Key {
                document,
                item: Some(item_name(&read, item)),
            },
            closed: item.state.is_closed().then(|| item.state.as_str()),
            missing: artifacts::before(ws, &read, item),
        })
    }
}

const fn word(state: DocumentState) -> &'static str {
    state.as_str()
}

/// What a document is called in claims: its reference where that leads to it alone, else its path.
pub(crate) fn document_name(ws: &Workspace, index: usize) -> String {
    let entry = ws.entry(index);
    let leads = ws.resolve(entry.reference) == Resolution::Document(index);
    let name = if leads { entry.reference } else { entry.path };
    name.to_owned()
}

/// What an item is called in claims: the id that its author gave it, else what its words are, and
/// where several are of the same words, which of them it is.
pub(crate) fn item_name(document: &Document, item: &Item) -> String {
    if let Some(id) = &item.id {
        return id.clone();
    }
    let same = document.items.iter().filter(|other| {
        other.id.is_none() && other.fingerprint == item.fingerprint && other.line < item.line
    });
    match same.count() {
        0 => format!("~{}", item.fingerprint),
        before => format!("~{}.{}", item.fingerprint, before + 1),
    }
}
