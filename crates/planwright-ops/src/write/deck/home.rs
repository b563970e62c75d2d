//! Which board cards go to, where on it they stand, and what they are called.

use planwright_workspace::path::parent;
use planwright_workspace::write::Reservation;
use planwright_workspace::{Entry, Workspace};

use crate::deck::Deck;
use crate::reference;
use crate::write::Call;
use crate::write::create::number::{Elsewhere, Series};
use crate::{ErrorKind, Hint, OpsError, cards};

/// Where new cards stand. Both where the cards of a board do both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    /// In the board.
    pub(super) in_board: bool,
    /// In files of their own.
    pub(super) in_files: bool,
}

impl Layout {
    /// As the other cards do. A board of lists alone has its cards in files.
    pub(super) fn of(deck: &Deck) -> Self {
        let mut cards = deck.cards.iter();
        let has_files = cards.any(|card| card.file.is_some());
        let has_own = deck.cards.iter().any(|card| card.line.is_some());
        let has_lists = deck.columns.iter().any(|column| column.cards.is_some());
        let in_files = has_files || !has_own && (has_lists || !deck.is_open);
        Self {
            in_board: deck.is_open && (has_own || !in_files),
            in_files,
        }
    }
}

/// The path of the board that is meant: the one that was named, else the only one.
pub(super) fn board(ws: &Workspace, name: Option<&str>) -> Result<String, OpsError> {
    let takes = |path: &str| {
        let reading = ws.read(path);
        reading.is_ok_and(|reading| ws.dialects().takes_cards(&reading))
    };
    if let Some(name) = name {
        let index = reference::document(ws, name, "board")?;
        let path = ws.entry(index).path;
        if !cards::is_board(&ws.entry(index)) || !takes(path) {
            let message = format!("{path} is no board that can hold cards");
            return Err(OpsError::new(ErrorKind::Usage, message).with_hint(wanted()));
        }
        return Ok(path.to_owned());
    }
    let is_shown = |entry: &Entry<'_>| cards::is_board(entry) && !entry.template && !entry.archived;
    let boards = ws.entries().filter(is_shown);
    let boards: Vec<String> = boards
        .map(|entry| entry.path.to_owned())
        .filter(|path| takes(path))
        .collect();
    match boards.as_slice() {
        [one] => Ok(one.clone()),
        [] => {
            let message = "there is no board that can hold cards";
            Err(OpsError::new(ErrorKind::NotFound, message).with_hint(wanted()))
        }
        several => {
            let message = format!("there are {} boards", several.len());
            Err(OpsError::new(ErrorKind::Ambiguous, message)
                .with_hint(Hint::Note("say which with `--board PATH`".to_owned()))
                .with_hint(Hint::Candidates(several.to_vec())))
        }
    }
}

fn wanted() -> Hint {
    let least = r#"{"columns": [{"id": "todo", "name": "To do"}, {"id": "done", "name": "Done"}], "items": []}"#;
    Hint::Note(format!("a board is a `board.json` with at least {least}"))
}

/// How the cards of a board are called: what stands in front of their numbers, and how many digits
/// these have.
fn habit(deck: &Deck) -> (String, usize) {
    let ids = deck.cards.iter().filter_map(|card| card.item.id.as_deref());
    let numbered = ids.filter_map(|id| {
        let digits = id.bytes().rev().take_while(u8::is_ascii_digit).count();
        let (before, number) = id.split_at(id.len() - digits);
        let is_name = before.contains(char::is_alphabetic) && (1..=6).contains(&digits);
        is_name.then(|| (before.to_owned(), number.len()))
    });
    let numbered: Vec<(String, usize)> = numbered.collect();
    let count = |before: &str| numbered.iter().filter(|(own, _)| own == before).count();
    let most = numbered.iter().max_by_key(|(before, _)| count(before));
    most.cloned().unwrap_or_else(|| ("TASK-".to_owned(), 3))
}

/// Ids for new cards.
#[derive(Debug, Default)]
pub(super) struct Ids {
    pub(super) names: Vec<String>,
    /// Held until the cards are there.
    held: Vec<Reservation>,
    /// Why numbers of other branches are not known.
    pub(super) note: Option<String>,
}

/// The path of the file of a card.
pub(super) fn file(deck: &Deck, board: &str, id: &str) -> String {
    let mut files = deck.cards.iter().filter_map(|card| card.file.as_deref());
    let is_flat = files
        .next_back()
        .is_some_and(|file| !file.ends_with("/task.json"));
    let folder = match parent(board) {
        "" => "tasks".to_owned(),
        folder => format!("{folder}/tasks"),
    };
    if is_flat {
        format!("{folder}/{id}.json")
    } else {
        format!("{folder}/{id}/task.json")
    }
}

/// Takes ids that go on where the board's own end, and that nobody else gets.
pub(super) fn ids(
    ws: &Workspace,
    call: &Call<'_>,
    deck: &Deck,
    board: &str,
    count: usize,
) -> Result<Ids, OpsError> {
    let mut taken = Ids::default();
    if count == 0 {
        return Ok(taken);
    }
    let (before, width) = habit(deck);
    let id = |number: u64| format!("{before}{number:0width$}");
    let pattern = format!("{}/{before}{{{{n}}}}", parent(board));
    let series = Series::of(ws, pattern.trim_start_matches('/')).ok_or_else(|| {
        let message = format!("cards of {board} cannot be numbered");
        OpsError::new(ErrorKind::Internal, message)
    })?;
    let mut elsewhere = Elsewhere::open(ws);
    let mut highest = elsewhere
        .taken(ws, &series, false)
        .last()
        .copied()
        .unwrap_or(0);
    for _ in 0..count {
        if call.dry_run {
            highest += 1;
        } else {
            let place = |number: u64| ws.root().join(file(deck, board, &id(number)));
            let shared = elsewhere.shared(ws);
            let held = call
                .writer
                .reserve(&shared, &series.name(), highest, place)?;
            highest = held.number();
            taken.held.push(held);
        }
        taken.names.push(id(highest));
    }
    taken.note = elsewhere.note.take();
    Ok(taken)
}
