//! Another stage for a card that has a file of its own.

use std::collections::BTreeMap;

use planwright_dialect::how_far;
use planwright_dialect::writer::CardEdit;
use planwright_model::{Item, ItemState};
use planwright_workspace::Workspace;

use super::{Request, label, refusal, stage, unknown, verb};
use crate::deck::{Deck, Held};
use crate::write::{Answer, Call, Done, Draft, Operation, gone, refused};
use crate::{ErrorKind, OpsError, artifacts, claims};

/// Moves the card: in its file, and on the board that lists it.
pub(super) fn run(
    ws: &Workspace,
    request: &Request,
    call: &Call<'_>,
    board: &str,
    card: &Held,
) -> Result<Answer, OpsError> {
    let id = card.item.id.as_deref().ok_or_else(|| {
        let message = format!(
            "`{}` has no id, by which its board would list it",
            request.card
        );
        OpsError::new(ErrorKind::Refused, message)
    })?;
    let file = card.file.as_deref().unwrap_or(board);
    let to_move = Filed {
        ws,
        board,
        file,
        id,
        stage: &request.stage,
        others: others(ws, board)?,
    };
    let paths = [board.to_owned(), file.to_owned()];
    let read = |path: &String| {
        let draft = Draft {
            ws,
            now: call.now,
            reading: ws.read(path)?,
        };
        Ok::<_, OpsError>((path.clone(), draft))
    };
    let mut drafts = paths.iter().map(read).collect::<Result<_, _>>()?;
    let (_, after) = to_move.run(&mut drafts)?;
    let operation = Operation {
        ws,
        call,
        verb: verb(&after),
        label: label(request),
        keys: match claims::thing::made_from(ws, &card.item) {
            Some((index, plan, task)) => vec![claims::item_key(ws, index, &plan, &task)],
            None => claims::document_key(ws, file).into_iter().collect(),
        },
    };
    operation.run(&paths, |drafts| {
        let (before, after) = to_move.run(drafts)?;
        let (from, to) = (stage(&before), stage(&after));
        Ok(vec![Done {
            reference: after.reference.clone(),
            path: file.to_owned(),
            line: after.line,
            what: "stage",
            changed: from != to,
            before: Some(from),
            after: Some(to),
            native: None,
            text: after.text,
        }])
    })
}

/// All cards of a board, which may wait for each other.
fn others(ws: &Workspace, board: &str) -> Result<Vec<Item>, OpsError> {
    let cards = Deck::read(ws, board)?.cards;
    Ok(cards.into_iter().map(|card| card.item).collect())
}

/// A card and where it goes.
struct Filed<'a> {
    ws: &'a Workspace,
    board: &'a str,
    file: &'a str,
    id: &'a str,
    stage: &'a str,
    others: Vec<Item>,
}

impl Filed<'_> {
    /// Moves it in the drafts: what it was and is.
    fn run(&self, drafts: &mut BTreeMap<String, Draft<'_>>) -> Result<(Item, Item), OpsError> {
        let dialects = self.ws.dialects();
        let board = drafts.get(self.board).ok_or_else(|| gone(self.board))?;
        let columns = dialects.columns(&board.reading);
        let mut known = columns.iter();
        let column = known
            .find(|column| column.id == self.stage || column.name.eq_ignore_ascii_case(self.stage));
        let column = column.ok_or_else(|| {
            let names: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
            unknown(self.stage, &names)
        })?;
        let files = drafts.get(self.file).map(|draft| &draft.reading);
        let deck = Deck::of(dialects, &board.reading, files.into_iter());
        let before = deck.find(self.id).ok_or_else(|| gone(self.file))?.clone();
        let how = how_far(&columns, &before.item);
        // What was over and lies elsewhere goes on.
        let state = match column.means {
            ItemState::InProgress if !how.is_closed() => None,
            means => Some(means),
        };
        let edit = CardEdit {
            column: Some(&column.id),
            state,
            ..CardEdit::default()
        };
        let own = (self.file.to_owned(), before.item.line);
        let listed = before.line.map(|line| (self.board.to_owned(), line));
        for (path, line) in listed.into_iter().chain([own]) {
            let draft = drafts.get_mut(&path).ok_or_else(|| gone(&path))?;
            let new = dialects
                .edit_card(&draft.reading, &columns, line, &edit)
                .map_err(|refusal| refused(draft.document(), refusal))?;
            draft.replace(new);
        }
        let board = drafts.get_mut(self.board).ok_or_else(|| gone(self.board))?;
        let new = dialects
            .list_card(&board.reading, self.id, &column.id)
            .map_err(|refusal| refused(board.document(), refusal))?;
        board.replace(new);
        let board = drafts.get(self.board).ok_or_else(|| gone(self.board))?;
        let files = drafts.get(self.file).map(|draft| &draft.reading);
        let deck = Deck::of(dialects, &board.reading, files.into_iter());
        let after = deck.find(self.id).ok_or_else(|| gone(self.file))?;
        let place = |item: &Item| {
            let mut columns = columns.iter();
            columns.position(|column| Some(&column.name) == item.stage.as_ref())
        };
        let mut missing = Vec::new();
        let mut document = board.document().clone();
        document.items.clone_from(&self.others);
        if place(&after.item) > place(&before.item) && !how.is_closed() {
            missing.extend(artifacts::before(self.ws, &document, &before.item));
        }
        if column.means == ItemState::Done && how != ItemState::Done {
            missing.extend(artifacts::after(self.ws, &document, &after.item));
        }
        if missing.is_empty() {
            Ok((before.item, after.item.clone()))
        } else {
            Err(refusal(&after.item, missing))
        }
    }
}
