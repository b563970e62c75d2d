//! What a task says has to be there before it is begun, and before it is done.

use planwright_model::{Document, Item, ItemRole};
use planwright_workspace::path::{join, parent};
use planwright_workspace::{Resolution, Workspace};

use crate::write::Missing;

/// What keeps an item from being begun: open items of the same document that it names as needed
/// first, and artifacts that are not there.
pub(crate) fn before(ws: &Workspace, document: &Document, item: &Item) -> Vec<Missing> {
    let needed = item.depends_on.iter().filter_map(|name| {
        let mut items = document.items.iter();
        items.find(|other| other.id.as_deref() == Some(name) && !other.state.is_closed())
    });
    let needed = needed.map(Missing::item);
    needed
        .chain(absent(ws, document, item, "input", &item.inputs))
        .collect()
}

/// What keeps an item from being done: boxes of its own criteria, gates and deliverables that have
/// no tick, and artifacts that are not there.
pub(crate) fn after(ws: &Workspace, document: &Document, item: &Item) -> Vec<Missing> {
    let is_own = |other: &&Item| {
        matches!(
            other.role,
            ItemRole::Criterion | ItemRole::Gate | ItemRole::Deliverable
        ) && other.parent == Some(item.line)
            && !other.state.is_closed()
            && has_box(other)
    };
    let open = document.items.iter().filter(is_own).map(Missing::item);
    open.chain(absent(ws, document, item, "output", &item.outputs))
        .collect()
}

/// True for an item that can be ticked.
pub(crate) fn has_box(item: &Item) -> bool {
    let mark = item.mark.as_deref();
    mark.is_some_and(|mark| mark.starts_with(['[', '☐', '⬜', '🔲']))
}

fn absent<'a>(
    ws: &'a Workspace,
    document: &'a Document,
    item: &'a Item,
    what: &'static str,
    names: &'a [String],
) -> impl Iterator<Item = Missing> {
    let names = names
        .iter()
        .filter(|name| !is_there(ws, &document.path, name));
    names.map(move |name| Missing {
        reference: None,
        line: item.line,
        what: what.to_owned(),
        text: name.clone(),
    })
}

/// True for a path from the root or from the document's folder, and for what is a name of a
/// document. A pattern is not looked up.
fn is_there(ws: &Workspace, path: &str, name: &str) -> bool {
    if name.contains(['*', '{', '<', '$']) {
        return true;
    }
    let file = name.split('#').next().unwrap_or(name);
    let paths = ["", parent(path)].into_iter();
    let mut paths = paths.filter_map(|folder| join(folder, file.trim_end_matches('/')));
    paths.any(|path| ws.exists(&path)) || matches!(ws.resolve(file), Resolution::Document(_))
}
