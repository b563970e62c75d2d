//! Who holds what other verbs show.

use planwright_coord::{Key, State, Want};
use planwright_workspace::{Resolution, Workspace};

use super::{Claim, Desk, refuse, thing};
use crate::{OpsError, board, brief, next, show, status};

/// A claim and where what it is on stands now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    path: String,
    /// `None` for the document as a whole.
    line: Option<u32>,
    claim: Claim,
}

impl From<&Held> for brief::Claim {
    fn from(held: &Held) -> Self {
        Self {
            reference: held.claim.reference.clone(),
            path: held.path.clone(),
            holder: held.claim.holder.clone(),
            until: Some(held.claim.until.clone()),
        }
    }
}

/// The claims that are held, as this machine knows them. No remote is asked.
///
/// # Errors
/// When they cannot be read.
pub fn held(ws: &Workspace, desk: Desk<'_>) -> Result<Vec<Held>, OpsError> {
    let records = desk.claims.records();
    let records = records.map_err(|error| refuse::explained(error, desk))?;
    let held = records.iter().filter(|record| record.state == State::Held);
    let located = held.filter_map(|record| {
        let (path, line) = locate(ws, &record.key)?;
        let claim = Claim::new(record, desk);
        Some(Held { path, line, claim })
    });
    Ok(located.collect())
}

/// Ends what claims say of work in some documents that is open again: that it was done.
pub(crate) fn reopen(ws: &Workspace, paths: &[&str], desk: Desk<'_>) -> Result<(), OpsError> {
    let refused = |error| refuse::explained(error, desk);
    let records = desk.claims.records().map_err(refused)?;
    for record in records.iter().filter(|record| record.state == State::Done) {
        let Some((path, line)) = locate(ws, &record.key) else {
            continue;
        };
        let document = ws.read(&path)?.document;
        let is_open = match line {
            None => !document.state.value.is_closed(),
            Some(line) => {
                let mut items = document.items.iter();
                items.any(|item| item.line == line && !item.state.is_closed())
            }
        };
        if is_open && paths.contains(&path.as_str()) {
            let guard = desk.guard(std::slice::from_ref(&record.key))?;
            let done = guard.follow(&record.key, &Want::Reopen, desk.now);
            done.map_err(refused)?;
        }
    }
    Ok(())
}

/// Where a claimed thing stands now: its document's path, and the line of the item. `None` where it
/// is gone from here, or was never here.
fn locate(ws: &Workspace, key: &Key) -> Option<(String, Option<u32>)> {
    let Resolution::Document(index) = ws.resolve(&key.document) else {
        return None;
    };
    let path = ws.entry(index).path.to_owned();
    let Some(name) = &key.item else {
        return Some((path, None));
    };
    let document = ws.read(&path).ok()?.document;
    let mut items = document.items.iter();
    let item = items.find(|item| thing::item_name(&document, item) == *name)?;
    Some((path, Some(item.line)))
}

/// The claim on an item, or on the document that holds it.
fn of_item(held: &[Held], path: &str, line: u32) -> Option<Claim> {
    let mut held = held.iter().filter(|held| held.path == path);
    let found = held.find(|held| held.line.is_none_or(|own| own == line))?;
    Some(found.claim.clone())
}

/// Names the holders of ready tasks.
pub fn in_next(answer: &mut next::Answer, held: &[Held]) {
    for task in &mut answer.tasks {
        task.claim = of_item(held, &task.place.path, task.place.line);
    }
}

/// Names the holders of cards; of a plan, whoever holds any of it.
pub fn in_board(answer: &mut board::Answer, held: &[Held]) {
    let stages = answer.boards.iter_mut().flat_map(|board| &mut board.stages);
    for card in stages.flat_map(|stage| &mut stage.cards) {
        card.claim = if let Some(task) = &card.source {
            let mut held = held.iter();
            let found = held.find(|held| held.claim.reference == *task);
            found.map(|held| held.claim.clone())
        } else if let Some(line) = card.line {
            of_item(held, &card.path, line)
        } else {
            let mut held = held.iter();
            let found = held.find(|held| held.path == card.path);
            found.map(|held| held.claim.clone())
        };
    }
}

/// Names the holders of what belongs to each undertaking.
pub fn in_status(answer: &mut status::Answer, held: &[Held]) {
    for row in &mut answer.initiatives {
        let inside = held
            .iter()
            .filter(|held| row.documents.contains(&held.path));
        row.claims = inside.map(|held| held.claim.clone()).collect();
    }
}

/// Names the holders of what is shown.
pub fn in_show(answer: &mut show::Answer, held: &[Held]) {
    match answer {
        show::Answer::Document(found) => {
            let path = &found.document.path;
            let inside = held.iter().filter(|held| held.path == *path);
            found.claims = inside.map(|held| held.claim.clone()).collect();
        }
        show::Answer::Item(found) => {
            found.claim = of_item(held, &found.place.path, found.place.line);
        }
        show::Answer::Phase(_) | show::Answer::Section(_) => {}
    }
}
