//! Cards of boards that repeat documents, so that no work is counted twice.

use std::collections::HashSet;
use std::path::Path;

use planwright_model::{Document, DocumentState, Item, ItemRole, ItemState};
use planwright_workspace::{Entry, NextItem, Summary, Workspace};

/// A board and the cards of it that have no document of their own.
pub(crate) struct Board {
    entry: usize,
    document: Document,
    /// Lines of the cards that a document repeats.
    repeated: HashSet<u32>,
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
    let boards = entries
        .iter()
        .enumerate()
        .filter(|(_, entry)| is_board(entry) && entry.total > 0 && !entry.template);
    boards
        .filter_map(|(index, entry)| Some((index, ws.read(entry.path).ok()?.document)))
        .map(|(index, document)| Board {
            entry: index,
            repeated: repeated(&document, entries),
            document,
        })
        .filter(|board| !board.repeated.is_empty())
        .collect()
}

/// The cards that a document repeats: it answers to the card's id or bears its title, lies beside
/// or below the board, and says itself how far it is.
fn repeated(board: &Document, entries: &[Entry<'_>]) -> HashSet<u32> {
    let folder = parent(parent(&board.path));
    let is_near = |path: &str| {
        folder.is_empty()
            || path
                .strip_prefix(folder)
                .is_some_and(|rest| rest.starts_with('/'))
    };
    let says = |entry: &&Entry<'_>| entry.total > 0 || entry.state != DocumentState::Unknown;
    let near = entries
        .iter()
        .filter(|entry| entry.holds_work && !entry.template && is_near(entry.path))
        .filter(says);
    let mut known: HashSet<String> = HashSet::new();
    for entry in near {
        let aliases = entry.aliases.iter().copied();
        known.extend(aliases.chain([entry.reference, entry.title]).map(fold));
    }
    let is_known = |name: &str| known.contains(&fold(name));
    board
        .items
        .iter()
        .filter(|item| item.id.as_deref().is_some_and(is_known) || is_known(&item.text))
        .map(|item| item.line)
        .collect()
}

/// Takes the cards that repeat documents out of what is known of their boards.
pub(crate) fn take_out<'a>(entries: &mut [Entry<'a>], boards: &'a [Board]) {
    for board in boards {
        let own =
            || {
                board.document.items.iter().filter(|item| {
                    item.role == ItemRole::Task && !board.repeated.contains(&item.line)
                })
            };
        let count = |wanted: &dyn Fn(&Item) -> bool| {
            u32::try_from(own().filter(|item| wanted(item)).count()).unwrap_or(u32::MAX)
        };
        let entry = &mut entries[board.entry];
        entry.total = count(&|_| true);
        entry.done = count(&|item| item.state.is_closed());
        entry.ready = count(&|item| item.ready);
        entry.in_progress = count(&|item| item.state == ItemState::InProgress);
        entry.blocked = count(&|item| item.state == ItemState::Blocked);
        let next = own().find(|item| item.ready);
        entry.next = next.map(|item| NextItem {
            reference: &item.reference,
            line: item.line,
            text: &item.text,
        });
    }
}

/// The open tasks of an entry, without cards that repeat documents.
pub(crate) fn summary(ws: &Workspace, entry: usize, boards: &[Board]) -> Summary {
    let mut summary = ws.summary(entry);
    if let Some(board) = boards.iter().find(|board| board.entry == entry) {
        summary
            .open
            .retain(|task| !board.repeated.contains(&task.line));
    }
    summary
}

fn fold(name: &str) -> String {
    name.trim().to_lowercase()
}

fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(line: u32, id: &str, text: &str, state: ItemState) -> Item {
        Item {
            id: Some(id.to_owned()),
            text: text.to_owned(),
            state,
            ready: state == ItemState::Todo,
            ..Item::new(line, ItemRole::Task)
        }
    }

    fn board() -> Document {
        Document {
            path: "app/.dev_ops/board.json".to_owned(),
            items: vec![
                card(3, "TASK-001", "Read the meter", ItemState::Done),
                card(4, "TASK-002", "Stock Alerts", ItemState::Todo),
                card(5, "TASK-003", "Send a text message", ItemState::Todo),
                card(6, "TASK-004", "Count twice", ItemState::InProgress),
            ],
            ..Document::default()
        }
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
                total: 4,
                ..Entry::default()
            },
            plan("app/.dev_ops/tasks/TASK-001.md", "task-001", "Meter", 3),
            plan("app/docs/plans/alerts.md", "alerts", "Stock alerts", 2),
            // It says nothing of its own: the card does.
            plan("app/.dev_ops/tasks/TASK-003.md", "TASK-003", "Trace", 0),
            plan("other/TASK-004.md", "TASK-004", "Elsewhere", 2),
        ]
    }

    #[test]
    fn a_card_is_repeated_by_id_or_title_beside_the_board() {
        let mut lines: Vec<u32> = repeated(&board(), &entries()).into_iter().collect();
        lines.sort_unstable();
        assert_eq!(lines, [3, 4]);
    }

    #[test]
    fn a_board_counts_the_cards_that_are_only_its_own() {
        let mut entries = entries();
        let boards = [Board {
            entry: 0,
            repeated: repeated(&board(), &entries),
            document: board(),
        }];
        take_out(&mut entries, &boards);
        let entry = &entries[0];
        assert_eq!((entry.done, entry.total), (0, 2));
        assert_eq!((entry.ready, entry.in_progress), (1, 1));
        assert_eq!(entry.next.map(|next| next.line), Some(5));
    }
}
