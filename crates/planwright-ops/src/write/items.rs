//! `plan tick`, `start`, `block`, `cancel`, `reopen`: how far items are.

use std::collections::BTreeMap;

use planwright_dialect::writer::{Change, Note};
use planwright_model::{Item, ItemState};
use planwright_workspace::Workspace;

use super::{Answer, Call, Done, Draft, Operation, Wanted};
use crate::{ErrorKind, Hint, OpsError, artifacts};

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
    /// Why, for items that are blocked or cancelled, and for what is waived.
    pub reason: Option<String>,
    /// Criteria of the items that need not be met, and artifacts that need not be there.
    pub waive: Vec<String>,
}

/// Sets the state of items: of all of them or of none.
///
/// # Errors
/// When a reference names no item, an item has no place for a mark, what is to be done by then is not,
/// or a file cannot be written.
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
    let noted = |word: &str, reason: &str| Note {
        word: word.to_owned(),
        text: reason.to_owned(),
    };
    let waiver = match (request.waive.is_empty(), reason) {
        (true, _) => None,
        (false, Some(reason)) => Some(noted("waived", reason)),
        (false, None) => {
            return Err(OpsError::new(ErrorKind::Usage, "it is waived for a reason")
                .with_hint(Hint::Note("give it with `--reason TEXT`".to_owned())));
        }
    };
    let note = note.zip(reason).map(|(word, reason)| noted(word, reason));
    let found = request
        .items
        .iter()
        .map(|name| Wanted::find(ws, name, verb));
    let wanted: Vec<Wanted> = found.collect::<Result<_, _>>()?;
    let (waived_artifacts, criteria) = waived(ws, &request.waive, &wanted)?;
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
        let mut done = Vec::new();
        for wanted in &criteria {
            let mut set = set(drafts, wanted, ItemState::Cancelled, waiver.as_ref())?;
            set.what = "waiver";
            done.push(set);
        }
        let before = done.len();
        for wanted in &wanted {
            let mut outputs = wanted.item.outputs.iter();
            let is_waived = outputs.any(|name| waived_artifacts.contains(name));
            let note = note.as_ref().or(waiver.as_ref().filter(|_| is_waived));
            done.push(set(drafts, wanted, state, note)?);
        }
        if request.step == Step::Tick {
            for (wanted, done) in wanted.iter().zip(&done[before..]) {
                if done.changed {
                    finished(ws, drafts, wanted, &waived_artifacts)?;
                }
            }
        }
        Ok(done)
    })
}

/// Tells artifacts that are waived from criteria.
fn waived(
    ws: &Workspace,
    names: &[String],
    wanted: &[Wanted],
) -> Result<(Vec<String>, Vec<Wanted>), OpsError> {
    let (mut artifacts, mut criteria) = (Vec::new(), Vec::new());
    for name in names {
        if wanted
            .iter()
            .any(|wanted| wanted.item.outputs.contains(name))
        {
            artifacts.push(name.clone());
            continue;
        }
        let found = Wanted::find(ws, name, "--waive")?;
        let belongs = |wanted: &Wanted| {
            wanted.path == found.path && found.item.parent == Some(wanted.item.line)
        };
        if !wanted.iter().any(belongs) {
            let message = format!("`{name}` is neither a criterion nor an artifact of these items");
            return Err(OpsError::new(ErrorKind::Usage, message));
        }
        criteria.push(found);
    }
    Ok((artifacts, criteria))
}

/// Refuses an item whose criteria are open or whose artifacts are not there.
fn finished(
    ws: &Workspace,
    drafts: &BTreeMap<String, Draft<'_>>,
    wanted: &Wanted,
    waived: &[String],
) -> Result<(), OpsError> {
    let draft = drafts
        .get(&wanted.path)
        .ok_or_else(|| super::gone(&wanted.path))?;
    let document = draft.document();
    let mut items = document.items.iter();
    let line = |item: &&Item| item.reference == wanted.item.reference;
    let item = items.find(line).unwrap_or(&wanted.item);
    let mut missing = artifacts::after(ws, document, item);
    missing.retain(|missing| !waived.contains(&missing.text));
    let Some(first) = missing.first() else {
        return Ok(());
    };
    let name = &item.reference;
    let waive = first.reference.as_ref().unwrap_or(&first.text);
    let message = format!("`{name}` is not done: something that it promises is missing");
    let error = OpsError::new(ErrorKind::Refused, message).with_hint(Hint::Run(format!(
        "plan tick {name} --waive {waive} --reason TEXT"
    )));
    Err(error.with_missing(missing))
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
