//! The columns of a board, and what it means to lie in one.

use planwright_model::{Item, ItemState};
use planwright_syntax::yaml::{self, Value};

use super::{is_known, list, state};
use crate::vocabulary::Vocabulary;
use crate::{Dialects, Reading};

/// A column of a board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The ids of its cards in their order; `None` where it keeps no such list.
    pub cards: Option<Vec<String>>,
    /// How far a card in it is.
    pub means: ItemState,
}

/// How far a card is by its column and its own word. What is over by either is over.
pub fn how_far(columns: &[Column], card: &Item) -> ItemState {
    let stage = card.stage.as_deref();
    let column = columns.iter().find(|column| Some(&*column.name) == stage);
    let column = column.map_or(ItemState::Todo, |column| column.means);
    // Without a word of its own it is as far as its column.
    let own = if card.mark == card.stage {
        column
    } else {
        card.state
    };
    let order = [
        ItemState::Done,
        ItemState::Cancelled,
        ItemState::Blocked,
        ItemState::InProgress,
    ];
    let mut order = order.into_iter();
    let found = order.find(|state| [column, own].contains(state));
    found.unwrap_or(ItemState::Todo)
}

/// The column of cards that are in a state, where the board has one for it.
pub fn column_of(columns: &[Column], state: ItemState) -> Option<&Column> {
    let mut meant = columns.iter().filter(|column| column.means == state);
    match state {
        ItemState::InProgress => {
            let is_work = |column: &&Column| WORK.contains(&&*column.name.to_lowercase());
            meant.find(is_work)
        }
        ItemState::Todo | ItemState::Blocked => meant.next(),
        ItemState::Done | ItemState::Cancelled => meant.next_back(),
    }
}

/// Columns in which work is done, in lower case. Others only come before it, or after.
const WORK: [&str; 9] = [
    "in progress",
    "in_progress",
    "in-progress",
    "doing",
    "build",
    "building",
    "implement",
    "implementing",
    "implementation",
];

impl Dialects {
    /// The columns of a board; none of what is no board.
    pub fn columns(&self, board: &Reading) -> Vec<Column> {
        let text = board.parsed.source.text();
        let root = yaml::parse(text, 0).ok().flatten();
        let words = self.get(&board.document.dialect);
        match (root, words) {
            (Some(root), Some(dialect)) => columns(&root, dialect.words()),
            _ => Vec::new(),
        }
    }

    /// The card that a file of its own holds. `None` for what is no such file.
    pub fn card(&self, file: &Reading, columns: &[Column]) -> Option<Item> {
        let source = &file.parsed.source;
        let root = yaml::parse(source.text(), 0).ok().flatten()?;
        let dialect = self.get(&file.document.dialect)?;
        root.get("columnId").or_else(|| root.get("column"))?;
        let columns: Vec<(String, String)> = columns
            .iter()
            .map(|column| (column.id.clone(), column.name.clone()))
            .collect();
        let mut card = super::item(source, &root, &columns, dialect.words())?;
        card.reference.clone_from(&file.document.reference);
        Some(card)
    }

    /// True for a board in which cards can stand.
    pub fn holds_cards(&self, board: &Reading) -> bool {
        let root = yaml::parse(board.parsed.source.text(), 0).ok().flatten();
        root.is_some_and(|root| root.get("items").is_some())
    }

    /// True for a board that has a place for cards: in itself, or for their ids.
    pub fn takes_cards(&self, board: &Reading) -> bool {
        let text = board.parsed.source.text();
        let root = yaml::parse(text, 0).ok().flatten();
        root.is_some_and(|root| {
            let columns = list(&root, "columns");
            let lists = |column: &Value| column.get("taskIds").is_some();
            !columns.is_empty() && (root.get("items").is_some() || columns.iter().any(lists))
        })
    }
}

/// The columns in the order in which they stand.
pub(crate) fn columns(root: &Value, words: &Vocabulary) -> Vec<Column> {
    let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    let named: Vec<(String, String, &Value)> = list(root, "columns")
        .iter()
        .filter_map(|column| {
            let name = text(column, "name").unwrap_or_default();
            Some((text(column, "id")?, name, column))
        })
        .collect();
    let means = |name: &str| is_known(name, words).then(|| state(name, words));
    let has_end = named
        .iter()
        .any(|(_, name, _)| means(name) == Some(ItemState::Done));
    let last = named.len().saturating_sub(1);
    let columns = named.iter().enumerate().map(|(at, (id, name, column))| {
        // What nothing is known of lies on the way from the first to the last.
        let by_place = match at {
            0 => ItemState::Todo,
            at if at == last && !has_end => ItemState::Done,
            _ => ItemState::InProgress,
        };
        let cards = column.get("taskIds").map(|_| {
            let ids = list(column, "taskIds").iter();
            ids.filter_map(|id| id.as_str().map(str::to_owned))
                .collect()
        });
        Column {
            id: id.clone(),
            name: name.clone(),
            cards,
            means: means(name).unwrap_or(by_place),
        }
    });
    columns.collect()
}
