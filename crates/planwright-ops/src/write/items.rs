//! `plan tick`, `start`, `block`, `cancel`, `reopen`: how far items are.

use std::collections::BTreeMap;

use planwright_dialect::writer::{Change, Note};
use planwright_model::ItemState;
use planwright_workspace::Workspace;

use super::{Answer, Call, Done, Draft, Operation, Wanted};
use crate::{ErrorKind, OpsError};

/// What to do with items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// They are done.
    Tick,
    /// Somebody works on them.
    Start,
    /// They wait for something.
    Block,
    /// They are not going to be done.
    Cancel,
    /// They are to be done after all.
    Reopen,
}

impl Step {
    /// The verb.
    pub const fn verb(self) -> &'static str {
        match self {
            Self::Tick => "tick",
            Self::Start => "start",
            Self::Block => "block",
            Self::Cancel => "cancel",
            Self::Reopen => "reopen",
        }
    }

    /// How far items are afterwards.
    pub const fn state(self) -> ItemState {
        match self {
            Self::Tick => ItemState::Done,
            Self::Start => ItemState::InProgress,
            Self::Block => ItemState::Blocked,
            Self::Cancel => ItemState::Cancelled,
            Self::Reopen => ItemState::Todo,
        }
    }
}

/// The items, and what to do with them.
#[derive(Clone, Debug)]
pub struct Request {
    /// What to do.
    pub step: Step,
    /// References of the items.
    pub items: Vec<String>,
    /// Why, for items that are blocked or cancelled.
    pub reason: Option<String>,
}

/// Sets the state of items: of all of them or of none.
///
/// # Errors
/// When a reference names no item, an item has no place for a mark, or a file cannot be written.
pub fn run(ws: &Workspace, request: &Request, call: &Call<'_>) -> Result<Answer, OpsError> {
    let verb = request.step.verb();
    let note = match request.step {
        Step::Block => Some("blocked"),
        Step::Cancel => Some("cancelled"),
        _ => None,
    };
    let reason = request.reason.as_deref().map(str::trim);
    if reason.is_some_and(str::is_empty) {
        return Err(OpsError::new(ErrorKind::Usage, "the reason is empty"));
    }
    let note = note.zip(reason).map(|(word, reason)| Note {
        word: word.to_owned(),
        text: reason.to_owned(),
    });
    let found = request
        .items
        .iter()
        .map(|name| Wanted::find(ws, name, verb));
    let wanted: Vec<Wanted> = found.collect::<Result<_, _>>()?;
    let mut paths: Vec<String> = wanted.iter().map(|wanted| wanted.path.clone()).collect();
    paths.dedup();
    let operation = Operation {
        ws,
        call,
        verb,
        label: format!("{verb} {}", request.items.join(" ")),
        keys: wanted.iter().map(|wanted| wanted.key.clone()).collect(),
    };
    operation.run(&paths, |drafts| {
        let state = request.step.state();
        let done = wanted
            .iter()
            .map(|wanted| set(drafts, wanted, state, note.as_ref()));
        done.collect()
    })
}

/// Sets the state of one item and says what it was and is.
pub(super) fn set(
    drafts: &mut BTreeMap<String, Draft<'_>>,
    wanted: &Wanted,
    state: ItemState,
    note: Option<&Note>,
) -> Result<Done, OpsError> {
    let draft = drafts
        .get_mut(&wanted.path)
        .ok_or_else(|| super::gone(&wanted.path))?;
    let item = wanted.again(draft.document())?;
    let (line, before) = (item.line, item.state);
    let change = Change::Item {
        line,
        state,
        note: note.cloned(),
    };
    let changed = draft.change(&change)?;
    let items = &draft.document().items;
    let after = items.iter().find(|item| item.line == line);
    let after = after.unwrap_or(&wanted.item);
    Ok(Done::item(&wanted.path, after, before, changed))
}
