//! Where documents belong when their state changes, and who else speaks of it.

use planwright_dialect::folders;
use planwright_model::DocumentState;
use planwright_workspace::relink::Moves;
use planwright_workspace::{Entry, Workspace, path};

use super::Done;

/// The files and folders that go to another folder with a state: old path and new. A feature goes as
/// a whole, and not while other work of it is open.
pub(super) fn pairs(
    ws: &Workspace,
    paths: &[String],
    state: DocumentState,
) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for path in paths {
        let Some(entry) = ws.find(path).map(|index| ws.entry(index)) else {
            continue;
        };
        let from = entry.initiative;
        let home = folders::home(path::parent(from), state, &|path| ws.is_folder(path));
        let Some(home) = home.filter(|_| entry.holds_work) else {
            continue;
        };
        let is_held = state.is_closed() && from != path && {
            let mut others = members(ws, from);
            others.any(|other| !paths.iter().any(|path| path == other.path) && is_open(&other))
        };
        let to = format!("{home}/{}", path::name(from));
        if !is_held && !found.iter().any(|(known, _)| known == from) {
            found.push((from.to_owned(), to));
        }
    }
    found
}

fn members<'w>(ws: &'w Workspace, initiative: &'w str) -> impl Iterator<Item = Entry<'w>> {
    ws.entries()
        .filter(move |entry| entry.initiative == initiative)
}

fn is_open(entry: &Entry<'_>) -> bool {
    entry.holds_work && !entry.state.is_closed() && entry.total > entry.done
}

/// Documents that may list some others: those that mention them and hold no work themselves.
pub(super) fn indexes(ws: &Workspace, paths: &[String]) -> Vec<String> {
    let mut moves = Moves::default();
    for path in paths {
        moves.file(path.as_str(), path.as_str());
    }
    let mut found = ws.mentions(&moves);
    found.retain(|found| {
        let known = ws.find(found).map(|index| ws.entry(index));
        !paths.contains(found)
            && path::name(found)
                .rsplit_once('.')
                .is_some_and(|(_, ending)| ending == "md")
            && known.is_none_or(|entry| !entry.holds_work && !entry.template)
    });
    found
}

/// A file or folder that went to the folder of its new state.
pub(super) fn moved(ws: &Workspace, from: &str, to: &str) -> Done {
    let entry = ws.find(from).map(|index| ws.entry(index));
    let reference = entry
        .as_ref()
        .map(|entry| entry.reference)
        .filter(|name| !name.is_empty());
    Done {
        reference: reference.unwrap_or(path::name(from)).to_owned(),
        path: from.to_owned(),
        line: 1,
        what: "path",
        before: Some(from.to_owned()),
        after: Some(to.to_owned()),
        native: None,
        text: String::new(),
        changed: true,
    }
}

/// Documents of the same undertaking that still say that they are a draft, or in review.
pub(super) fn behind(ws: &Workspace, paths: &[String]) -> Vec<Done> {
    let mut found = Vec::new();
    for path in paths {
        let Some(entry) = ws.find(path).map(|index| ws.entry(index)) else {
            continue;
        };
        if entry.initiative == entry.path {
            continue;
        }
        let is_behind = |other: &Entry<'_>| {
            matches!(other.state, DocumentState::Draft | DocumentState::InReview)
                && !other.template
                && !paths.iter().any(|path| path == other.path)
        };
        let others = members(ws, entry.initiative).filter(is_behind);
        found.extend(others.map(|other| Done {
            reference: other.reference.to_owned(),
            path: other.path.to_owned(),
            line: other.state_line.unwrap_or(1),
            what: "sibling",
            before: Some(other.state.as_str().to_owned()),
            after: Some(other.state.as_str().to_owned()),
            native: other.native.map(str::to_owned),
            text: other.title.to_owned(),
            changed: false,
        }));
    }
    found.dedup_by(|a, b| a.path == b.path);
    found
}
