//! `plan board import` and `plan board sync`: the tasks of plans as cards of a board, and back.
//!
//! A card that was made from a task says so: the plan, the task, what it said and how far both were
//! when they were looked at last (`pair` finds the task again by that, also where it was edited,
//! `renamed` the plan). What is different since is what changed, and the other side follows (`agree`).
//! Nothing is removed on either side, and a second run finds nothing to do.

mod agree;
mod home;
mod pair;
mod renamed;
mod sync;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use planwright_coord::{Key, State};
use planwright_workspace::Workspace;

pub use agree::Side;

use super::{Answer, Call, Draft, Operation};
use crate::claims::explained;
use crate::deck::{self, Deck};
use crate::reference;
use crate::{ErrorKind, Hint, OpsError, cards};
use home::Layout;
use sync::{Made, Sync};

/// Which plans, and what is to be done with them.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// References of plans; where there are none, those that the board has cards of.
    pub plans: Vec<String>,
    /// The board; the only one where none is given.
    pub board: Option<String>,
    /// Plans follow the board, too.
    pub both: bool,
    /// Who is right where a card and its task both changed.
    pub prefer: Option<Side>,
}

/// Brings a board and plans to the same state.
///
/// # Errors
/// When there is no such board or plan, a plan has no tasks, or a file cannot be written. What cannot
/// be carried over for one task is left as it is and told in the answer.
pub fn run(ws: &Workspace, request: &Request, call: &Call<'_>) -> Result<Answer, OpsError> {
    let board = home::board(ws, request.board.as_deref())?;
    let deck = Deck::read(ws, &board)?;
    let asked = asked(ws, request)?;
    let renamed = renamed::renamed(ws, &deck, &asked);
    let plans = if asked.is_empty() {
        on_board(ws, &deck, &renamed)
    } else {
        asked
    };
    let mut files = deck::files(ws, &board);
    let mut sync = Sync {
        ws,
        now: call.now,
        both: request.both,
        prefer: request.prefer,
        layout: Layout::of(&deck),
        columns: deck.columns.clone(),
        // Where some plans are asked for, the others are not looked at.
        lost: if request.plans.is_empty() {
            lost(ws, &deck, &renamed)
        } else {
            Vec::new()
        },
        held: held_by_others(call)?,
        board: board.clone(),
        files: files.clone(),
        plans,
        renamed,
        new: Vec::new(),
    };
    let mut paths = vec![board.clone()];
    paths.extend(sync.plans.iter().cloned());
    paths.append(&mut files);
    paths.sort();
    paths.dedup();
    // What is going to change is known before anything is locked.
    let early = sync.early(&paths)?;
    let ids = home::ids(ws, call, &deck, &board, early.surplus)?;
    sync.new = ids
        .names
        .iter()
        .map(|id| (id.clone(), home::file(&deck, &board, id)))
        .collect();
    let made: BTreeSet<String> = if sync.layout.in_files {
        sync.new.iter().map(|(_, file)| file.clone()).collect()
    } else {
        BTreeSet::new()
    };
    sync.files.extend(made.iter().cloned());
    paths.extend(made.iter().cloned());
    paths.sort();
    let operation = Operation {
        ws,
        call,
        verb: if request.both { "sync" } else { "import" },
        label: label(request),
        keys: early.keys,
    };
    let mut told = Made::default();
    let mut answer = operation.run_making(&paths, &made, |drafts| {
        let mut made = sync.run(drafts)?;
        let done = std::mem::take(&mut made.done);
        told = made;
        Ok(done)
    })?;
    answer.left = told.left;
    answer.notes.extend(told.notes);
    answer.notes.extend(ids.note.clone());
    drop(ids);
    finish(call, &told.finished, &mut answer);
    Ok(answer)
}

fn label(request: &Request) -> String {
    let mut words = vec!["board", if request.both { "sync" } else { "import" }];
    words.extend(request.plans.iter().map(String::as_str));
    words.join(" ")
}

/// The paths of the plans that were asked for.
fn asked(ws: &Workspace, request: &Request) -> Result<Vec<String>, OpsError> {
    let mut asked: Vec<String> = Vec::new();
    for name in &request.plans {
        let index = reference::document(ws, name, "board import")?;
        let entry = ws.entry(index);
        let path = entry.path.to_owned();
        let refused = |message: String| Err(OpsError::new(ErrorKind::Usage, message));
        if cards::is_board(&entry) || path.strip_suffix(".json").is_some() {
            return refused(format!("{path} is no plan: tasks of plans become cards"));
        }
        if entry.template {
            return refused(format!("{path} is a template"));
        }
        if pair::tasks(&ws.read(&path)?.document).is_empty() {
            let error = OpsError::new(ErrorKind::Refused, format!("{path} has no tasks"));
            let add = format!("plan add task {} \"What is to be done\"", entry.reference);
            return Err(error.with_hint(Hint::Run(add)));
        }
        if !asked.contains(&path) {
            asked.push(path);
        }
    }
    Ok(asked)
}

/// The plans that a board has cards of.
fn on_board(ws: &Workspace, deck: &Deck, renamed: &BTreeMap<String, String>) -> Vec<String> {
    let sources = deck
        .cards
        .iter()
        .filter_map(|card| card.item.source.as_ref());
    let sources = sources.map(|origin| renamed.get(&origin.path).unwrap_or(&origin.path));
    let there: BTreeSet<&String> = sources.filter(|path| ws.find(path).is_some()).collect();
    there.into_iter().cloned().collect()
}

/// The plans of cards that are nowhere any more.
fn lost(ws: &Workspace, deck: &Deck, renamed: &BTreeMap<String, String>) -> Vec<String> {
    let sources = deck
        .cards
        .iter()
        .filter_map(|card| card.item.source.as_ref());
    let is_lost = |path: &&String| ws.find(path).is_none() && !renamed.contains_key(*path);
    let lost: BTreeSet<&String> = sources.map(|origin| &origin.path).filter(is_lost).collect();
    lost.into_iter().cloned().collect()
}

/// What other sessions hold, with who.
fn held_by_others(call: &Call<'_>) -> Result<BTreeMap<Key, String>, OpsError> {
    let Some(desk) = call.desk else {
        return Ok(BTreeMap::new());
    };
    let records = desk.claims.records();
    let records = records.map_err(|error| explained(error, desk))?;
    let others = records
        .into_iter()
        .filter(|record| record.state == State::Held && record.holder != *desk.actor);
    Ok(others
        .map(|record| (record.key, record.holder.to_string()))
        .collect())
}

/// Claims end with what is done. The files are written whatever becomes of them.
fn finish(call: &Call<'_>, finished: &[Key], answer: &mut Answer) {
    let Some(desk) = call.desk.filter(|_| !call.dry_run && !finished.is_empty()) else {
        return;
    };
    let ended = desk
        .guard(finished)
        .and_then(|guard| desk.follow(&guard, "tick", &[], finished));
    if let Err(error) = ended {
        answer.notes.push(error.message);
    }
}

impl Sync<'_> {
    /// What the run is going to do to what is there, by what the files hold now.
    fn early(&self, paths: &[String]) -> Result<Made, OpsError> {
        let mut drafts = BTreeMap::new();
        for path in paths {
            let draft = Draft {
                ws: self.ws,
                now: self.now,
                reading: self.ws.read(path)?,
            };
            drafts.insert(path.clone(), draft);
        }
        self.run(&mut drafts)
    }
}
