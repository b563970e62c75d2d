//! Which card was made from which task.
//!
//! A task is known again by the id that its author gave it, else by its words; one whose words were
//! edited by how alike they are. What both sides have found a partner for is left out of what is
//! compared after that, from the surest way to the least sure.

use planwright_model::{Document, Item, ItemRole, ItemState, Origin};

use crate::claims::thing::item_name;

/// Words are the same though edited from here on.
const ALIKE: f64 = 0.6;

/// A card as far as it has to be known to find its task.
#[derive(Clone, Debug)]
pub(super) struct Known<'a> {
    /// What it says.
    pub(super) title: &'a str,
    /// The task that it was made from; `None` for a card that somebody wrote.
    pub(super) origin: Option<&'a Origin>,
}

impl<'a> Known<'a> {
    /// What its task said.
    fn said(&self) -> Option<&'a str> {
        self.origin.map(|origin| words(origin, self.title))
    }
}

/// What belongs to what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Pairs {
    /// Places of cards and of tasks, in the order of the tasks.
    pub(super) both: Vec<(usize, usize)>,
    /// Tasks without a card.
    pub(super) new: Vec<usize>,
    /// Cards whose task is gone.
    pub(super) gone: Vec<usize>,
}

/// The tasks of a plan that a board can show.
pub(super) fn tasks(document: &Document) -> Vec<&Item> {
    let items = document.items.iter();
    items
        .filter(|item| item.role == ItemRole::Task && !item.is_unwritten())
        .collect()
}

/// Finds the tasks of cards.
pub(super) fn pair(cards: &[Known<'_>], document: &Document) -> Pairs {
    let tasks = tasks(document);
    let names: Vec<String> = tasks.iter().map(|task| item_name(document, task)).collect();
    let mut found = Found {
        of_card: vec![None; cards.len()],
        of_task: vec![None; tasks.len()],
    };
    let has_id = |at: usize| tasks[at].id.is_some();
    // The same id: words may be others by now. Among several of one id the words decide.
    found.join(|card, task| {
        let origin = cards[card].origin;
        origin.is_some_and(|origin| origin.item == names[task])
            && (!has_id(task)
                || cards[card]
                    .said()
                    .is_some_and(|said| same(said, &tasks[task].text)))
    });
    found.join(|card, task| {
        let origin = cards[card].origin;
        has_id(task) && origin.is_some_and(|origin| origin.item == names[task])
    });
    // The same words: its author gave it an id since, or took it away, or it is another of several.
    found.join(|card, task| {
        cards[card]
            .said()
            .is_some_and(|said| same(said, &tasks[task].text))
    });
    // A card that somebody wrote for it, or that lost what it said of its task.
    found.join(|card, task| {
        cards[card].origin.is_none() && same(cards[card].title, &title(&tasks[task].text))
    });
    let mut likely = Vec::new();
    for (card, known) in cards.iter().enumerate() {
        let Some(said) = known.said() else { continue };
        for (task, item) in tasks.iter().enumerate() {
            // An id is not exchanged for another one.
            let is_named = has_id(task) && known.origin.is_some_and(|o| !o.item.starts_with('~'));
            let likeness = likeness(&plain(said), &plain(&item.text));
            if !is_named && likeness >= ALIKE && found.is_free(card, task) {
                likely.push((likeness, card, task));
            }
        }
    }
    likely.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    for (_, card, task) in likely {
        found.put(card, task);
    }
    found.pairs(cards, &tasks)
}

/// The words of the task when both were looked at last.
pub(super) fn words<'a>(origin: &'a Origin, title: &'a str) -> &'a str {
    origin.text.as_deref().unwrap_or(title)
}

/// What a card of a task is called: its words, which are cut where they are a paragraph.
pub(super) fn title(text: &str) -> String {
    const MOST: usize = 120;
    if text.chars().count() <= MOST {
        return text.to_owned();
    }
    let short: String = text.chars().take(MOST - 1).collect();
    let end = short.rfind(' ').unwrap_or(short.len());
    format!("{}…", short[..end].trim_end())
}

/// True for words in which only marks, case or punctuation differ.
pub(super) fn same(a: &str, b: &str) -> bool {
    let letters = |text: &str| -> Vec<char> {
        let letters = text.chars().filter(|c| c.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect()
    };
    let (a, b) = (letters(a), letters(b));
    !a.is_empty() && a == b
}

/// How alike two texts are, from 0 to 1; nearly the same where something was added at the end.
fn likeness(a: &str, b: &str) -> f64 {
    const LEAST: usize = 8;
    let goes_on = |short: &str, long: &str| short.len() > LEAST && long.starts_with(short);
    let like = strsim::normalized_levenshtein(a, b);
    if goes_on(a, b) || goes_on(b, a) {
        like.max(0.9)
    } else {
        like
    }
}

fn plain(text: &str) -> String {
    let text: Vec<&str> = text.split_whitespace().collect();
    text.join(" ").to_lowercase()
}

/// Which have found each other.
struct Found {
    of_card: Vec<Option<usize>>,
    of_task: Vec<Option<usize>>,
}

impl Found {
    fn is_free(&self, card: usize, task: usize) -> bool {
        self.of_card[card].is_none() && self.of_task[task].is_none()
    }

    fn put(&mut self, card: usize, task: usize) {
        if self.is_free(card, task) {
            self.of_card[card] = Some(task);
            self.of_task[task] = Some(card);
        }
    }

    /// Joins what belongs together, each with the first that is free.
    fn join(&mut self, is_one: impl Fn(usize, usize) -> bool) {
        for task in 0..self.of_task.len() {
            let mut cards = 0..self.of_card.len();
            let card = cards.find(|card| self.is_free(*card, task) && is_one(*card, task));
            if let Some(card) = card {
                self.put(card, task);
            }
        }
    }

    fn pairs(&self, cards: &[Known<'_>], tasks: &[&Item]) -> Pairs {
        let mut pairs = Pairs::default();
        for (task, card) in self.of_task.iter().enumerate() {
            match card {
                Some(card) => pairs.both.push((*card, task)),
                // What nobody is going to do needs no card.
                None if tasks[task].state == ItemState::Cancelled => {}
                None => pairs.new.push(task),
            }
        }
        let free = self.of_card.iter().enumerate();
        let free = free
            .filter(|(_, task)| task.is_none())
            .map(|(card, _)| card);
        pairs.gone = free.filter(|card| cards[*card].origin.is_some()).collect();
        pairs
    }
}

#[cfg(test)]
mod tests;
