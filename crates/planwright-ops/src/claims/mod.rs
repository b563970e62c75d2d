//! Who works on what: `plan claim`, `renew`, `release`, `takeover`, `claims`.
//!
//! The names of things and what stands in documents are known here; which claim may follow which is
//! decided in `planwright-coord`.

mod answer;
pub mod holders;
mod land;
mod refuse;
pub(crate) mod thing;
mod verbs;

use planwright_coord::{Act, Actor, Claims, Guard, Key, Record, State, Want};
use planwright_model::{Document, Item};
use planwright_workspace::Workspace;

pub use answer::{Answer, Claim, ListAnswer};
pub(crate) use holders::reopen;
pub use land::{land, not_landed};
pub(crate) use refuse::explained;
pub use verbs::{Request, Verb, collect, list, run};

use crate::OpsError;
use crate::write::Done;

/// Who asks, and where claims are kept.
#[derive(Clone, Copy, Debug)]
pub struct Desk<'a> {
    /// The claims of the repository.
    pub claims: &'a Claims,
    /// The session that asks.
    pub actor: &'a Actor,
    /// The model that it is, where told.
    pub model: Option<&'a str>,
    /// The moment, in seconds since the Unix epoch.
    pub now: i64,
}

impl<'a> Desk<'a> {
    /// Makes sure that the session may change some items and documents, until the guard is dropped.
    pub(crate) fn guard(self, keys: &[Key]) -> Result<Guard<'a>, OpsError> {
        let guard = self.claims.guard(keys, self.actor);
        guard.map_err(|error| explained(error, self))
    }

    /// What follows for claims from what was done.
    pub(crate) fn follow(
        self,
        guard: &Guard<'_>,
        verb: &str,
        done: &[Done],
        keys: &[Key],
    ) -> Result<(), OpsError> {
        let want = match verb {
            "tick" | "cancel" | "complete" | "supersede" | "abandon" | "reject" => {
                Some(Want::Done { commit: None })
            }
            "reopen" => Some(Want::Reopen),
            _ => None,
        };
        let refused = |error| explained(error, self);
        for key in want.iter().flat_map(|_| keys) {
            let want = want.as_ref().unwrap_or(&Want::Renew);
            guard.follow(key, want, self.now).map_err(refused)?;
        }
        let acts = done.iter().filter(|done| done.changed);
        let acts = acts.map(|done| Act {
            at: self.now,
            verb: match (done.what, &done.after) {
                ("log", Some(role)) => role.clone(),
                _ => verb.to_owned(),
            },
            reference: done.reference.clone(),
            path: done.path.clone(),
            text: done.text.clone(),
        });
        guard.note(acts.collect()).map_err(refused)
    }
}

/// The remote that the team shares claims over, by `remote` below `[claims]` in the configuration.
///
/// # Errors
/// When the configuration cannot be understood.
pub fn shared_remote(ws: &Workspace) -> Result<Option<String>, OpsError> {
    Ok(crate::check::config(ws)?.claims_remote().map(str::to_owned))
}

/// True where somebody holds exactly this.
pub(crate) fn is_held(desk: Desk<'_>, key: &Key) -> Result<bool, OpsError> {
    let records = desk.claims.records();
    let records = records.map_err(|error| explained(error, desk))?;
    let is_it = |record: &Record| record.key == *key && record.state == State::Held;
    Ok(records.iter().any(is_it))
}

/// What an item of a document is called in claims; a card as the task that it was made from.
pub(crate) fn item_key(ws: &Workspace, index: usize, document: &Document, item: &Item) -> Key {
    if let Some((index, plan, task)) = thing::made_from(ws, item) {
        return Key {
            document: thing::document_name(ws, index),
            item: Some(thing::item_name(&plan, &task)),
        };
    }
    Key {
        document: thing::document_name(ws, index),
        item: Some(thing::item_name(document, item)),
    }
}

/// What is in a document beside items: whoever holds the document holds it, whoever holds an item
/// does not.
pub(crate) fn rest_key(ws: &Workspace, path: &str) -> Option<Key> {
    let item = Some("~rest".to_owned());
    document_key(ws, path).map(|key| Key { item, ..key })
}

/// What a document is called in claims.
pub(crate) fn document_key(ws: &Workspace, path: &str) -> Option<Key> {
    let index = ws.find(path)?;
    Some(Key {
        document: thing::document_name(ws, index),
        item: None,
    })
}
