//! The cards of a board, whether they stand in it or in files of their own beside it.

use planwright_dialect::{Column, Dialects, Reading, how_far};
use planwright_model::{Item, ItemState};
use planwright_workspace::path::parent;
use planwright_workspace::{Resolution, Unreadable, Workspace};

use crate::cards;

/// A board with all of its cards.
#[derive(Clone, Debug)]
pub(crate) struct Deck {
    /// Its columns.
    pub(crate) columns: Vec<Column>,
    /// Its cards: in the order of the lists that columns keep, then in that of the board, then of
    /// the files.
    pub(crate) cards: Vec<Held>,
    /// Cards can stand in the board itself.
    pub(crate) is_open: bool,
}

/// A card, and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    /// What it says.
    pub(crate) item: Item,
    /// Its line in the board.
    pub(crate) line: Option<u32>,
    /// Its own file, which is what counts where both are there.
    pub(crate) file: Option<String>,
}

/// The files beside a board that hold a card each: those below its folder `tasks`.
pub(crate) fn files(ws: &Workspace, board: &str) -> Vec<String> {
    let folder = match parent(board) {
        "" => "tasks/".to_owned(),
        folder => format!("{folder}/tasks/"),
    };
    let below = ws.entries().filter(|entry| {
        entry.kind == "task"
            && entry.path.starts_with(&folder)
            && entry.path.strip_suffix(".json").is_some()
    });
    below.map(|entry| entry.path.to_owned()).collect()
}

/// The card with a file of its own that a reference means, and the board that it lies on.
pub(crate) fn in_file(ws: &Workspace, name: &str) -> Result<Option<(String, Held)>, Unreadable> {
    let name = name.trim();
    let (board, id) = match name.rsplit_once('#') {
        Some((board, id)) => (Some(board), Some(id)),
        None => (None, None),
    };
    let file = match ws.resolve(board.unwrap_or(name)) {
        Resolution::Document(index) if id.is_none() && ws.entry(index).kind != "task" => {
            return Ok(None);
        }
        Resolution::Document(index) => ws.entry(index).path.to_owned(),
        _ => return Ok(None),
    };
    for entry in ws.entries().filter(cards::is_board) {
        let is_it = entry.path == file;
        if !is_it && !files(ws, entry.path).contains(&file) {
            continue;
        }
        let deck = Deck::read(ws, entry.path)?;
        let mut cards = deck.cards.into_iter().filter(|card| card.file.is_some());
        let found = cards.find(|card| match id {
            Some(id) => is_it && card.item.id.as_deref() == Some(id),
            None => card.file.as_ref() == Some(&file),
        });
        if let Some(card) = found {
            return Ok(Some((entry.path.to_owned(), card)));
        }
    }
    Ok(None)
}

impl Deck {
    /// The cards of a board as they are now.
    pub(crate) fn read(ws: &Workspace, board: &str) -> Result<Self, Unreadable> {
        let reading = ws.read(board)?;
        let files = files(ws, board).into_iter();
        let files: Vec<Reading> = files.map(|file| ws.read(&file)).collect::<Result<_, _>>()?;
        Ok(Self::of(ws.dialects(), &reading, files.iter()))
    }

    /// The cards of a board and of the files beside it.
    pub(crate) fn of<'r>(
        dialects: &Dialects,
        board: &Reading,
        files: impl Iterator<Item = &'r Reading>,
    ) -> Self {
        let columns = dialects.columns(board);
        let items = board.document.items.iter();
        let mut cards: Vec<Held> = items
            .map(|item| Held {
                line: Some(item.line),
                item: item.clone(),
                file: None,
            })
            .collect();
        // Of two files with one card, that in the folder of the card counts.
        let mut files: Vec<&Reading> = files.collect();
        files.sort_by_key(|file| !file.document.path.ends_with("/task.json"));
        for file in files {
            let Some(item) = dialects.card(file, &columns) else {
                continue;
            };
            let path = Some(file.document.path.clone());
            let same = cards.iter_mut().find(|card| card.item.id == item.id);
            match same {
                Some(card) if card.file.is_none() => (card.item, card.file) = (item, path),
                Some(_) => {}
                None => cards.push(Held {
                    item,
                    line: None,
                    file: path,
                }),
            }
        }
        let listed: Vec<&String> = columns.iter().flat_map(|c| &c.cards).flatten().collect();
        let place = |card: &Held| {
            let id = card.item.id.as_ref();
            let mut listed = listed.iter();
            listed.position(|known| Some(*known) == id)
        };
        // A board that holds its cards itself has them in the order that it shows.
        if cards.iter().any(|card| card.line.is_none()) {
            cards.sort_by_key(|card| place(card).map_or((1, 0), |at| (0, at)));
        }
        Self {
            is_open: dialects.holds_cards(board),
            columns,
            cards,
        }
    }

    /// How far a card is by its column and its own word.
    pub(crate) fn how_far(&self, card: &Held) -> ItemState {
        how_far(&self.columns, &card.item)
    }

    /// The card with an id.
    pub(crate) fn find(&self, id: &str) -> Option<&Held> {
        let mut cards = self.cards.iter();
        cards.find(|card| card.item.id.as_deref() == Some(id))
    }
}
