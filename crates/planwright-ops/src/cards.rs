//! Cards of boards that repeat documents, so that no work is counted twice.

use std::path::Path;

use planwright_model::{DocumentState, ItemState};
use planwright_workspace::path::parent;
use planwright_workspace::{Entry, NextItem, OpenTask, Summary, Workspace};
use rapidhash::RapidHashSet;

/// A board that repeats documents.
pub(crate) struct Board {
    entry: usize,
    /// The open cards that have no document of their own.
    own: Vec<OpenTask>,
    /// How many open cards have one.
    repeated: u32,
}

/// True for a board kept as JSON: an index by its kind, and still the only place where some of its
/// tasks stand.
pub(crate) fn is_board(entry: &Entry<'_>) -> bool {
    entry.kind == "index"
        && Path::new(entry.path)
            .extension()
            .is_some_and(|extension| extension == "json")
}

/// The boards that repeat documents.
pub(crate) fn boards(ws: &Workspace, entries: &[Entry<'_>]) -> Vec<Board> {
    let is_open = |entry: &Entry<'_>| entry.total > entry.done && !entry.template;
    let boards = entries
        .iter()
        .enumerate()
        .filter(|(_, entry)| is_board(entry) && is_open(entry));
    boards
        .filter_map(|(index, entry)| board(index, entry.path, ws.summary(index).open, entries))
        .collect()
}

/// A board by its open cards; `None` where it repeats nothing. A document repeats a card when it
/// answers to the card's id or bears its title, lies beside or below the board, and says itself how
/// far it is. A plan repeats the cards that were made from its tasks.
fn board(index: usize, path: &str, cards: Vec<OpenTask>, entries: &[Entry<'_>]) -> Option<Board> {
    let folder = parent(parent(path));
    // The entries are in the order of their paths: those below a folder stand together.
    let first = entries.partition_point(|entry| entry.path < folder);
    let near = entries[first..].iter().take_while(|entry| {
        folder.is_empty() || entry.path.as_bytes().starts_with(folder.as_bytes())
    });
    // A board at the root has every document below it: names of another length than any card's
    // are not looked at.
    let wanted: RapidHashSet<String> = cards.iter().flat_map(names).map(fold).collect();
    let lengths: RapidHashSet<usize> = wanted.iter().map(String::len).collect();
    let is_wanted = |name: &&str| !name.is_ascii() || lengths.contains(&name.trim().len());
    let mut known: RapidHashSet<String> = RapidHashSet::default();
    for entry in near.filter(|entry| entry.holds_work && !entry.template) {
        if entry.total > 0 || entry.state != DocumentState::Unknown {
            let aliases = entry.aliases.iter().copied();
            let names = aliases.chain([entry.reference, entry.title]);
            known.extend(names.filter(is_wanted).map(fold));
        }
    }
    let is_known = |name: &str| known.contains(&fold(name));
    let is_made = |card: &OpenTask| {
        let source = card.source.as_deref();
        source.is_some_and(|plan| is_there(entries, plan))
    };
    let all = cards.len();
    let own: Vec<OpenTask> = cards
        .into_iter()
        .filter(|card| !is_made(card) && !names(card).any(is_known))
        .collect();
    let repeated = u32::try_from(all - own.len()).unwrap_or(u32::MAX);
    (repeated > 0).then_some(Board {
        entry: index,
        own,
        repeated,
    })
}

/// Takes the cards that repeat documents out of what is known of their boards. A board whose open
/// cards all do is no work of its own.
pub(crate) fn take_out<'a>(entries: &mut [Entry<'a>], boards: &'a [Board]) {
    for board in boards {
        let count = |wanted: &dyn Fn(&OpenTask) -> bool| {
            let found = board.own.iter().filter(|card| wanted(card)).count();
            u32::try_from(found).unwrap_or(u32::MAX)
        };
        let entry = &mut entries[board.entry];
        if board.own.is_empty() {
            (entry.done, entry.total) = (0, 0);
        } else {
            entry.total -= board.repeated.min(entry.total);
        }
        entry.ready = count(&|card| card.ready);
        entry.in_progress = count(&|card| card.state == ItemState::InProgress);
        entry.blocked = count(&|card| card.state == ItemState::Blocked);
        let next = board.own.iter().find(|card| card.ready);
        entry.next = next.map(|card| NextItem {
            reference: &card.reference,
            line: card.line,
            text: &card.text,
        });
    }
}

/// True where a document is at a path. Entries are in the order of their paths.
pub(crate) fn is_there(entries: &[Entry<'_>], path: &str) -> bool {
    let found = entries.binary_search_by(|entry| entry.path.cmp(path));
    found.is_ok_and(|at| !entries[at].template)
}

/// The open tasks of an entry, without cards that repeat documents.
pub(crate) fn summary(ws: &Workspace, entry: usize, boards: &[Board]) -> Summary {
    let mut summary = ws.summary(entry);
    if let Some(board) = boards.iter().find(|board| board.entry == entry) {
        summary.open.clone_from(&board.own);
    }
    summary
}

/// What a document can repeat of a card.
fn names(card: &OpenTask) -> impl Iterator<Item = &str> {
    card.id.as_deref().into_iter().chain([card.text.as_str()])
}

fn fold(name: &str) -> String {
    name.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(line: u32, id: &str, text: &str, state: ItemState) -> OpenTask {
        OpenTask {
            id: Some(id.to_owned()),
            text: text.to_owned(),
            line,
            state,
            ready: state == ItemState::Todo,
            ..OpenTask::default()
        }
    }

    fn cards() -> Vec<OpenTask> {
        vec![
            card(3, "TASK-001", "Read the meter", ItemState::Todo),
            card(4, "TASK-002", "Stock Alerts", ItemState::Todo),
            card(5, "TASK-003", "Send a text message", ItemState::Todo),
            card(6, "TASK-004", "Count twice", ItemState::InProgress),
        ]
    }

    fn entries() -> [Entry<'static>; 5] {
        let plan = |path, reference, title, total| Entry {
            path,
            reference,
            title,
            kind: "plan",
            holds_work: true,
            total,
            ..Entry::default()
        };
        [
            Entry {
                path: "app/.dev_ops/board.json",
                kind: "index",
                done: 1,
                total: 5,
                ..Entry::default()
            },
            plan("app/.dev_ops/tasks/TASK-001.md", "task-001", "Meter", 3),
            plan("app/docs/plans/alerts.md", "alerts", "Stock alerts", 2),
            // It says nothing of its own: the card does.
            plan("app/.dev_ops/tasks/TASK-003.md", "TASK-003", "Trace", 0),
            plan("other/TASK-004.md", "TASK-004", "Elsewhere", 2),
        ]
    }

    fn found(cards: Vec<OpenTask>) -> Option<Board> {
        board(0, "app/.dev_ops/board.json", cards, &entries())
    }

    #[test]
    fn a_card_is_repeated_by_id_or_title_beside_the_board() {
        let board = found(cards()).unwrap();
        let own: Vec<u32> = board.own.iter().map(|card| card.line).collect();
        assert_eq!((own, board.repeated), (vec![5, 6], 2));
        assert!(found(cards().split_off(2)).is_none());
    }

    #[test]
    fn a_board_counts_the_cards_that_are_only_its_own() {
        let mut entries = entries();
        let boards = [found(cards()).unwrap()];
        take_out(&mut entries, &boards);
        let entry = &entries[0];
        assert_eq!((entry.done, entry.total), (1, 3));
        assert_eq!((entry.ready, entry.in_progress), (1, 1));
        assert_eq!(entry.next.map(|next| next.line), Some(5));
    }

    #[test]
    fn a_board_that_only_repeats_is_no_work() {
        let mut entries = entries();
        let mut cards = cards();
        cards.truncate(2);
        let boards = [found(cards).unwrap()];
        take_out(&mut entries, &boards);
        assert_eq!((entries[0].total, entries[0].next), (0, None));
    }
}
