//! One run over the drafts of a board, the files of its cards, and plans.

use std::collections::BTreeMap;

use planwright_coord::Key;
use planwright_dialect::writer::{Card, CardEdit, Change};
use planwright_dialect::{Column, Reading, column_of, how_far};
use planwright_model::{Document, Item, ItemState, Origin};
use planwright_workspace::Workspace;

use super::agree::{self, Side, Step};
use super::home::Layout;
use super::pair::{self, Known};
use crate::claims::{self, thing::item_name};
use crate::deck::{Deck, Held};
use crate::write::{Done, Draft, Left, Wanted, gone, refused};
use crate::{OpsError, artifacts};

type Drafts<'a> = BTreeMap<String, Draft<'a>>;

/// What a run has to know.
pub(super) struct Sync<'a> {
    pub(super) ws: &'a Workspace,
    pub(super) now: i64,
    pub(super) both: bool,
    pub(super) prefer: Option<Side>,
    pub(super) layout: Layout,
    pub(super) columns: Vec<Column>,
    /// Path of the board.
    pub(super) board: String,
    /// Paths of the files of cards, also of those to be made.
    pub(super) files: Vec<String>,
    /// Paths of the plans.
    pub(super) plans: Vec<String>,
    /// Where plans are that the board looks for elsewhere.
    pub(super) renamed: BTreeMap<String, String>,
    /// Plans that are nowhere.
    pub(super) lost: Vec<String>,
    /// What other sessions hold.
    pub(super) held: BTreeMap<Key, String>,
    /// Ids of new cards, and the files for them.
    pub(super) new: Vec<(String, String)>,
}

/// What a run did.
#[derive(Debug, Default)]
pub(super) struct Made {
    pub(super) done: Vec<Done>,
    pub(super) left: Vec<Left>,
    pub(super) notes: Vec<String>,
    /// What it changed, as claims call it.
    pub(super) keys: Vec<Key>,
    /// What of that is done now.
    pub(super) finished: Vec<Key>,
    /// Cards that were moved and whose tasks did not follow.
    pending: usize,
    /// Tasks for which no id was taken.
    pub(super) surplus: usize,
}

impl Sync<'_> {
    /// Brings the drafts to the same state.
    pub(super) fn run(&self, drafts: &mut Drafts<'_>) -> Result<Made, OpsError> {
        let mut made = Made::default();
        let mut ids = self.new.iter();
        for plan in &self.plans {
            let draft = drafts.get(plan).ok_or_else(|| gone(plan))?;
            let document = draft.document().clone();
            let tasks = pair::tasks(&document);
            let deck = self.deck(drafts)?;
            let (cards, known) = self.known(&deck, plan);
            let pairs = pair::pair(&known, &document);
            self.follow(plan, &document, &mut made);
            for (card, task) in pairs.both {
                self.settle(drafts, plan, cards[card], tasks[task], &mut made)?;
            }
            for task in pairs.new {
                match ids.next() {
                    Some(id) => self.lay(drafts, &document, tasks[task], id, &mut made)?,
                    None => made.surplus += 1,
                }
            }
            for card in pairs.gone {
                if !deck.how_far(cards[card]).is_closed() {
                    let why = format!("its task is no longer in {plan}");
                    made.left.push(self.left(cards[card], why));
                }
            }
        }
        self.note(drafts, &mut made)?;
        Ok(made)
    }

    fn note(&self, drafts: &Drafts<'_>, made: &mut Made) -> Result<(), OpsError> {
        let deck = self.deck(drafts)?;
        for plan in &self.lost {
            let of_it = |card: &&Held| {
                let source = card.item.source.as_ref();
                source.is_some_and(|origin| origin.path == *plan)
            };
            let mut cards = deck.cards.iter().filter(of_it);
            if let Some(first) = cards.next() {
                let more = match cards.count() {
                    0 => String::new(),
                    more => format!(", as that of {more} more"),
                };
                let why = format!(
                    "its plan {plan} is no longer there{more}: where it has another name, say `plan \
                     board sync NAME`"
                );
                made.left.push(self.left(first, why));
            }
        }
        let many = |count: usize, one: &str, more: &str| match count {
            1 => format!("1 {one}"),
            count => format!("{count} {more}"),
        };
        if made.pending > 0 {
            let cards = many(made.pending, "card was moved", "cards were moved");
            made.notes.push(format!(
                "{cards} on the board: `plan board sync` tells the plan"
            ));
        }
        if made.surplus > 0 {
            let tasks = many(made.surplus, "task came", "tasks came");
            made.notes.push(format!(
                "{tasks} meanwhile and has no card yet: run it again"
            ));
        }
        Ok(())
    }

    /// The cards as they are in the drafts.
    fn deck(&self, drafts: &Drafts<'_>) -> Result<Deck, OpsError> {
        let board = drafts.get(&self.board).ok_or_else(|| gone(&self.board))?;
        let files = self.files.iter().filter_map(|file| drafts.get(file));
        let files = files.map(|draft| &draft.reading);
        Ok(Deck::of(self.ws.dialects(), &board.reading, files))
    }

    /// The cards that are of a plan, or of none yet.
    fn known<'d>(&self, deck: &'d Deck, plan: &str) -> (Vec<&'d Held>, Vec<Known<'d>>) {
        let is_of_it = |origin: &Origin| {
            let now = self.renamed.get(&origin.path).unwrap_or(&origin.path);
            now == plan
        };
        let cards = deck.cards.iter().filter(|card| {
            card.item.id.is_some() && card.item.source.as_ref().is_none_or(is_of_it)
        });
        let cards: Vec<&Held> = cards.collect();
        let known = cards.iter().map(|card| Known {
            title: &card.item.text,
            origin: card.item.source.as_ref(),
        });
        let known = known.collect();
        (cards, known)
    }

    /// Says that a plan was found elsewhere.
    fn follow(&self, plan: &str, document: &Document, made: &mut Made) {
        for (from, to) in &self.renamed {
            if to == plan {
                made.done.push(Done {
                    reference: document.reference.clone(),
                    path: plan.to_owned(),
                    line: 1,
                    what: "source",
                    before: Some(from.clone()),
                    after: Some(to.clone()),
                    native: None,
                    text: document.title.text.clone(),
                    changed: true,
                });
            }
        }
    }

    /// A card and its task.
    fn settle(
        &self,
        drafts: &mut Drafts<'_>,
        plan: &str,
        card: &Held,
        task: &Item,
        made: &mut Made,
    ) -> Result<(), OpsError> {
        let how = how_far(&self.columns, &card.item);
        let before = card.item.source.clone().unwrap_or_default();
        let (mut agreed, mut edit) = (before.state, CardEdit::default());
        match agree::step(how, task.state, before.state, self.prefer) {
            Step::Agreed => agreed = Some(how),
            Step::Card(state) => {
                if let Some(holder) = self.holder(&self.card_key(card)) {
                    made.left.push(self.left(card, held(holder)));
                } else {
                    (agreed, edit.state) = (Some(state), Some(state));
                }
            }
            Step::Task(_) if !self.both => made.pending += 1,
            Step::Task(state) => match self.carry(drafts, plan, task, state, made)? {
                Ok(()) => agreed = Some(state),
                Err(why) => {
                    let why = format!("the card is {}, the task is not: {why}", word(state));
                    made.left.push(self.left(card, why));
                }
            },
            Step::Conflict => {
                let why = format!(
                    "it is {} on the board and {} in the plan: say which is right with `plan board \
                     sync --prefer board` or `--prefer plan`",
                    word(how),
                    word(task.state)
                );
                made.left.push(self.left(card, why));
            }
        }
        let document = drafts.get(plan).ok_or_else(|| gone(plan))?.document();
        let task = &found(document, task).unwrap_or(task).clone();
        let origin = Origin {
            path: plan.to_owned(),
            item: item_name(document, task),
            text: Some(task.text.clone()),
            state: agreed,
        };
        // A card that somebody gave another name keeps it.
        let title = pair::title(&task.text);
        let was = pair::title(pair::words(&before, &card.item.text));
        if card.item.text == was && was != title {
            edit.title = Some(&title);
        }
        if card.item.source.as_ref() != Some(&origin) {
            edit.origin = Some(&origin);
        }
        if edit.state.is_none() && edit.title.is_none() && edit.origin.is_none() {
            return Ok(());
        }
        if let Err(error) = self.write(drafts, card, &edit) {
            made.left.push(self.left(card, error.message));
            return Ok(());
        }
        let id = card.item.id.as_deref().unwrap_or_default();
        let deck = self.deck(drafts)?;
        let now = deck.find(id).unwrap_or(card);
        let said = |what, before: &str, after: &str| Done {
            what,
            before: Some(before.to_owned()),
            after: Some(after.to_owned()),
            ..self.done(now)
        };
        if edit.state.is_some() {
            made.done.push(said("stage", &stage(card), &stage(now)));
            made.keys.push(self.card_key(card));
        }
        if edit.title.is_some() {
            made.done
                .push(said("text", &card.item.text, &now.item.text));
        }
        if card.item.source.is_none() {
            made.done.push(Done {
                before: None,
                ..said("source", "", &task.reference)
            });
        }
        Ok(())
    }

    /// Gives a task the state of its card, by the writer and under the guards of every other tick.
    fn carry(
        &self,
        drafts: &mut Drafts<'_>,
        plan: &str,
        task: &Item,
        state: ItemState,
        made: &mut Made,
    ) -> Result<Result<(), String>, OpsError> {
        let draft = drafts.get_mut(plan).ok_or_else(|| gone(plan))?;
        let index = self.ws.find(plan).ok_or_else(|| gone(plan))?;
        let key = claims::item_key(self.ws, index, draft.document(), task);
        if let Some(holder) = self.holder(&key) {
            return Ok(Err(held(holder)));
        }
        let wanted = Wanted {
            path: plan.to_owned(),
            item: task.clone(),
            key: key.clone(),
        };
        let before = draft.reading.parsed.source.bytes().to_vec();
        let from = wanted.again(draft.document())?.clone();
        let change = Change::Item {
            line: from.line,
            state,
            note: None,
        };
        if let Err(error) = draft.change(&change) {
            return Ok(Err(error.message));
        }
        let now = wanted.again(draft.document())?.clone();
        let missing = if state == ItemState::Done {
            artifacts::after(self.ws, draft.document(), &now)
        } else {
            Vec::new()
        };
        let why = match missing.first() {
            Some(first) => Some(format!("its {} is open: {}", first.what, first.text)),
            None if now.state != state => Some("the plan has no mark for it".to_owned()),
            None => None,
        };
        if let Some(why) = why {
            draft.replace(before);
            return Ok(Err(why));
        }
        made.done.push(Done::item(plan, &now, from.state, true));
        made.keys.push(key.clone());
        if state.is_closed() {
            made.finished.push(key);
        }
        Ok(Ok(()))
    }

    /// A new card for a task.
    fn lay(
        &self,
        drafts: &mut Drafts<'_>,
        document: &Document,
        task: &Item,
        (id, file): &(String, String),
        made: &mut Made,
    ) -> Result<(), OpsError> {
        // Another run of this one may have changed its words.
        let origin = Origin {
            path: document.path.clone(),
            item: item_name(document, task),
            text: Some(task.text.clone()),
            state: Some(task.state),
        };
        let title = pair::title(&task.text);
        let time = jiff::Timestamp::from_second(self.now).unwrap_or_default();
        let time = time.strftime("%Y-%m-%dT%H:%M:%S.000Z").to_string();
        let card = Card {
            id,
            title: &title,
            time: &time,
            state: task.state,
            origin: Some(&origin),
        };
        let dialects = self.ws.dialects();
        let board = drafts
            .get_mut(&self.board)
            .ok_or_else(|| gone(&self.board))?;
        let full = || {
            let why = format!("{} cannot take the card {id}", self.board);
            OpsError::new(crate::ErrorKind::Refused, why).with_hint(crate::Hint::Note(
                "its cards need an `id` and a `title`, and its columns an `id` and a `name`"
                    .to_owned(),
            ))
        };
        if self.layout.in_board {
            let new = dialects.add_card(&board.reading, &card).ok_or_else(full)?;
            board.replace(new);
        }
        if self.layout.in_files {
            let text = dialects.card_file(&self.columns, &card).ok_or_else(full)?;
            let column = dialects.read(file, text.clone().into_bytes());
            let column = self.column(&column).ok_or_else(full)?;
            let new = dialects
                .list_card(&board.reading, id, &column)
                .map_err(|refusal| refused(board.document(), refusal))?;
            board.replace(new);
            let own = drafts.get_mut(file).ok_or_else(|| gone(file))?;
            own.replace(text.into_bytes());
        }
        // Not the whole deck: that of many cards takes its time.
        let path = if self.layout.in_files {
            file
        } else {
            &self.board
        };
        let document = drafts.get(path).ok_or_else(|| gone(path))?.document();
        let mut cards = document.items.iter();
        let card = cards.find(|card| card.id.as_ref() == Some(id));
        made.done.push(Done {
            reference: card
                .map_or(&document.reference, |card| &card.reference)
                .clone(),
            path: path.clone(),
            line: card.map_or(1, |card| card.line),
            what: "add",
            before: None,
            after: Some("card".to_owned()),
            native: None,
            text: title,
            changed: true,
        });
        Ok(())
    }

    /// Writes what a card is to say: on the board, in its file, and in the lists of the columns.
    fn write(
        &self,
        drafts: &mut Drafts<'_>,
        card: &Held,
        edit: &CardEdit<'_>,
    ) -> Result<(), OpsError> {
        let id = card.item.id.as_deref().unwrap_or_default();
        let deck = self.deck(drafts)?;
        let Some(now) = deck.find(id) else {
            return Err(gone(&self.board));
        };
        let dialects = self.ws.dialects();
        let homes = now.line.map(|line| (self.board.clone(), line));
        let own = now.file.clone().map(|file| (file, now.item.line));
        for (path, line) in homes.into_iter().chain(own) {
            let draft = drafts.get_mut(&path).ok_or_else(|| gone(&path))?;
            let new = dialects
                .edit_card(&draft.reading, &self.columns, line, edit)
                .map_err(|refusal| refused(draft.document(), refusal))?;
            draft.replace(new);
        }
        if let Some(file) = &now.file
            && edit.state.is_some()
            && let Some(own) = drafts.get(file)
            && let Some(column) = self.column(&own.reading)
        {
            let board = drafts
                .get_mut(&self.board)
                .ok_or_else(|| gone(&self.board))?;
            let new = dialects
                .list_card(&board.reading, id, &column)
                .map_err(|refusal| refused(board.document(), refusal))?;
            board.replace(new);
        }
        Ok(())
    }

    /// The id of the column that a card in a file of its own lies in.
    fn column(&self, file: &Reading) -> Option<String> {
        let card = self.ws.dialects().card(file, &self.columns)?;
        let mut columns = self.columns.iter();
        let found = columns.find(|column| Some(&column.name) == card.stage.as_ref());
        let found = found.or_else(|| column_of(&self.columns, ItemState::Todo));
        found.map(|column| column.id.clone())
    }

    fn path<'h>(&'h self, card: &'h Held) -> &'h str {
        card.file.as_deref().unwrap_or(&self.board)
    }

    fn left(&self, card: &Held, why: String) -> Left {
        Left {
            path: self.path(card).to_owned(),
            line: card.item.line,
            text: match &card.item.id {
                Some(id) => format!("{id} {}", card.item.text),
                None => card.item.text.clone(),
            },
            why,
        }
    }

    fn done(&self, card: &Held) -> Done {
        Done {
            reference: card.item.reference.clone(),
            path: self.path(card).to_owned(),
            line: card.item.line,
            what: "add",
            before: None,
            after: None,
            native: None,
            text: card.item.text.clone(),
            changed: true,
        }
    }

    /// What a card is called in claims.
    fn card_key(&self, card: &Held) -> Key {
        let path = self.path(card);
        let document = claims::document_key(self.ws, path);
        let document = document.map_or_else(|| path.to_owned(), |key| key.document);
        let id = card.item.id.clone().filter(|_| card.file.is_none());
        Key { document, item: id }
    }

    /// Who else holds something.
    fn holder(&self, key: &Key) -> Option<&str> {
        let whole = Key {
            item: None,
            ..key.clone()
        };
        let found = self.held.get(key).or_else(|| self.held.get(&whole));
        found.map(String::as_str)
    }
}

fn held(holder: &str) -> String {
    format!("it is held by {holder}")
}

fn word(state: ItemState) -> String {
    state.as_str().replace('_', " ")
}

/// The column of a card, with its own word where that says more.
fn stage(card: &Held) -> String {
    let stage = card.item.stage.clone().unwrap_or_default();
    match &card.item.mark {
        Some(mark) if Some(mark) != card.item.stage.as_ref() => format!("{stage} ({mark})"),
        _ => stage,
    }
}

/// The same task in a later reading.
fn found<'d>(document: &'d Document, task: &Item) -> Option<&'d Item> {
    let mut items = document.items.iter();
    items.find(|item| item.reference == task.reference && item.role == task.role)
}
