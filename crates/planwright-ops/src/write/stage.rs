//! `plan board move`: another stage for a card.

mod filed;

use planwright_model::{FieldValue, Item, ItemState};
use planwright_workspace::Workspace;

use super::{Answer, Call, Done, Draft, Missing, Operation, Wanted};
use crate::{ErrorKind, Hint, OpsError, artifacts, cards, deck};

/// The card, and where it goes.
#[derive(Clone, Debug)]
pub struct Request {
    /// The card: an item of a board or of a plan.
    pub card: String,
    /// A column of the board by name or id; `Backlog`, `Ready`, `In progress`, `Done` for a task of a
    /// plan.
    pub stage: String,
}

/// Moves a card into another stage.
///
/// # Errors
/// When the reference names no item, there is no such stage, what the card needs is open or not
/// there, what it promises is missing, or somebody else holds it.
pub fn run(ws: &Workspace, request: &Request, call: &Call<'_>) -> Result<Answer, OpsError> {
    if let Some((board, card)) = deck::in_file(ws, &request.card)? {
        return filed::run(ws, request, call, &board, &card);
    }
    let wanted = Wanted::find(ws, &request.card, "board move")?;
    let path = wanted.path.clone();
    let index = ws.find(&path).ok_or_else(|| super::gone(&path))?;
    let is_board = cards::is_board(&ws.entry(index));
    let mut draft = Draft {
        ws,
        now: call.now,
        reading: ws.read(&path)?,
    };
    let (_, after) = lay(&mut draft, &wanted, &request.stage, is_board)?;
    let operation = Operation {
        ws,
        call,
        verb: verb(&after),
        label: label(request),
        keys: vec![wanted.key.clone()],
    };
    operation.run(std::slice::from_ref(&path), |drafts| {
        let draft = drafts.get_mut(&path).ok_or_else(|| super::gone(&path))?;
        let (before, item) = lay(draft, &wanted, &request.stage, is_board)?;
        let (from, to) = (stage(&before), stage(&item));
        Ok(vec![Done {
            reference: item.reference.clone(),
            path: path.clone(),
            line: item.line,
            what: "stage",
            changed: from != to,
            before: Some(from),
            after: Some(to),
            native: None,
            text: item.text,
        }])
    })
}

/// Lays a card into a stage: what it was and is.
fn lay(
    draft: &mut Draft<'_>,
    wanted: &Wanted,
    name: &str,
    is_board: bool,
) -> Result<(Item, Item), OpsError> {
    let before = wanted.again(draft.document())?.clone();
    let known: Vec<String> = match draft.document().fields.get("columns") {
        Some(FieldValue::Many(names)) if is_board => names.clone(),
        _ => ["Backlog", "Ready", "In progress", "Done"]
            .map(str::to_owned)
            .to_vec(),
    };
    let place = |name: &str| {
        let mut known = known.iter();
        known.position(|known| known.eq_ignore_ascii_case(name))
    };
    let unknown = || unknown(name, &known);
    let is_on;
    if is_board {
        let dialects = draft.ws.dialects();
        let new = dialects
            .lay(&draft.reading, before.line, name)
            .map_err(|refusal| super::refused(draft.document(), refusal))?
            .ok_or_else(unknown)?;
        draft.replace(new);
        let now = before.stage.as_deref().and_then(place);
        let item = wanted.again(draft.document())?;
        is_on = item.stage.as_deref().and_then(place) > now;
    } else {
        let state = match place(name).ok_or_else(unknown)? {
            0 | 1 => ItemState::Todo,
            2 => ItemState::InProgress,
            _ => ItemState::Done,
        };
        is_on = state != ItemState::Todo;
        draft.change(&planwright_dialect::writer::Change::Item {
            line: before.line,
            state,
            note: None,
        })?;
    }
    let document = draft.document();
    let item = wanted.again(document)?.clone();
    let mut missing = Vec::new();
    if is_on && !before.state.is_closed() {
        missing.extend(artifacts::before(draft.ws, document, &before));
    }
    if item.state == ItemState::Done && before.state != ItemState::Done {
        missing.extend(artifacts::after(draft.ws, document, &item));
    }
    if missing.is_empty() {
        Ok((before, item))
    } else {
        Err(refusal(&item, missing))
    }
}

/// Claims end with what is done; of a task that a plan has when it is ticked there.
fn verb(after: &Item) -> &'static str {
    if after.state == ItemState::Done && after.source.is_none() {
        "tick"
    } else {
        "move"
    }
}

/// What `undo` calls it.
fn label(request: &Request) -> String {
    format!("board move {} {}", request.card, request.stage)
}

/// The column that a card lies in, else how far a task is.
fn stage(item: &Item) -> String {
    let stage = item.stage.clone();
    stage.unwrap_or_else(|| item.state.as_str().to_owned())
}

fn unknown(name: &str, known: &[String]) -> OpsError {
    OpsError::new(ErrorKind::Usage, format!("there is no stage `{name}`"))
        .with_hint(Hint::Note(format!("the stages are {}", known.join(", "))))
}

fn refusal(item: &Item, missing: Vec<Missing>) -> OpsError {
    let message = format!("`{}` cannot go on: something is missing", item.reference);
    let error = OpsError::new(ErrorKind::Refused, message);
    let error = match missing
        .iter()
        .find_map(|missing| missing.reference.as_ref())
    {
        Some(first) => error.with_hint(Hint::Run(format!("plan show {first}"))),
        None => error,
    };
    error.with_missing(missing)
}
