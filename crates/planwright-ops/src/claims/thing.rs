//! What a claim is on: from references to names that mean the same on every machine, and back.

use planwright_coord::{Key, Subject};
use planwright_model::{Document, DocumentState, Item, Origin};
use planwright_workspace::Workspace;

use crate::reference::{Target, target};
use crate::write::Missing;
use crate::{ErrorKind, Hint, OpsError, artifacts, deck};

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
        let (index, is_whole) = match target(ws, name)? {
            Target::Document(index) => (index, true),
            Target::Place(index, _) => (index, false),
        };
        if is_whole
            && let Some((_, card)) = deck::in_file(ws, name)?
            && let Some((index, plan, task)) = made_from(ws, &card.item)
        {
            return Ok(Self::item(ws, index, &plan, &task));
        }
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
        if let Some((index, plan, task)) = made_from(ws, item) {
            return Ok(Self::item(ws, index, &plan, &task));
        }
        Ok(Self::item(ws, index, &read, item))
    }

    fn item(ws: &Workspace, index: usize, document: &Document, item: &Item) -> Self {
        Self {
            subject: Subject {
                reference: reference(ws, index, item),
                path: document.path.clone(),
                text: item.text.clone(),
            },
            key: Key {
                document: document_name(ws, index),
                item: Some(item_name(document, item)),
            },
            closed: item.state.is_closed().then(|| item.state.as_str()),
            missing: artifacts::before(ws, document, item),
        }
    }
}

/// The task of a plan that a card was made from: they are one piece of work, which one holds.
pub(crate) fn made_from(ws: &Workspace, card: &Item) -> Option<(usize, Document, Item)> {
    let origin = card.source.as_ref()?;
    let index = ws.find(&origin.path)?;
    let plan = ws.read(&origin.path).ok()?.document;
    let task = task(&plan, origin)?.clone();
    Some((index, plan, task))
}

/// The task of a plan that is called so.
pub(crate) fn task<'d>(plan: &'d Document, origin: &Origin) -> Option<&'d Item> {
    let mut items = plan.items.iter();
    items.find(|item| item_name(plan, item) == origin.item)
}

/// How claims refer to an item.
pub(crate) fn reference(ws: &Workspace, index: usize, item: &Item) -> String {
    let place = item.reference.split_once('#');
    let place = place.map_or(item.reference.as_str(), |(_, place)| place);
    format!("{}#{place}", document_name(ws, index))
}

const fn word(state: DocumentState) -> &'static str {
    state.as_str()
}

/// What a document is called in claims: its reference where that leads to it alone, else its path.
pub(crate) fn document_name(ws: &Workspace, index: usize) -> String {
    let entry = ws.entry(index);
    let name = if ws.is_known_as(entry.reference, index) {
        entry.reference
    } else {
        entry.path
    };
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
