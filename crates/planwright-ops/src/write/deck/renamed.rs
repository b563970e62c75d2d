//! Plans that somebody gave another path without telling the board.

use std::collections::BTreeMap;

use planwright_dialect::id_of;
use planwright_model::Origin;
use planwright_workspace::path::{name, stem};
use planwright_workspace::{Entry, Workspace};

use super::pair;
use crate::cards;
use crate::deck::Deck;

/// Where the plans of cards are now, by the paths that the cards name and nothing is at: the document
/// that has the id of the file, or the one that holds most of the tasks, and at least half of them,
/// word for word. Where several do, none.
pub(super) fn renamed(ws: &Workspace, deck: &Deck, among: &[String]) -> BTreeMap<String, String> {
    let mut lost: BTreeMap<&str, Vec<(&Origin, &str)>> = BTreeMap::new();
    for card in &deck.cards {
        if let Some(origin) = &card.item.source
            && ws.find(&origin.path).is_none()
        {
            let cards = lost.entry(&origin.path).or_default();
            cards.push((origin, &card.item.text));
        }
    }
    if lost.is_empty() {
        return BTreeMap::new();
    }
    let entries = ws.entries().filter(|entry| {
        let is_asked = among.is_empty() || among.iter().any(|path| path == entry.path);
        is_asked && entry.total > 0 && !entry.template && !cards::is_board(entry)
    });
    let candidates: Vec<Candidate> = entries
        .filter_map(|entry| Candidate::read(ws, &entry))
        .collect();
    let found = lost.into_iter().filter_map(|(path, cards)| {
        let at = Lost { path, cards }.find(&candidates)?;
        Some((path.to_owned(), at.to_owned()))
    });
    found.collect()
}

/// A document that may be the plan.
struct Candidate {
    path: String,
    aliases: Vec<String>,
    /// What its tasks say.
    texts: Vec<String>,
}

impl Candidate {
    fn read(ws: &Workspace, entry: &Entry<'_>) -> Option<Self> {
        let document = ws.parse(entry.path).ok()?.document;
        let texts = pair::tasks(&document).into_iter();
        Some(Self {
            path: entry.path.to_owned(),
            texts: texts.map(|task| task.text.clone()).collect(),
            aliases: document.aliases,
        })
    }
}

/// A plan that is not where its cards look for it.
struct Lost<'a> {
    path: &'a str,
    cards: Vec<(&'a Origin, &'a str)>,
}

impl Lost<'_> {
    fn find<'c>(&self, candidates: &'c [Candidate]) -> Option<&'c str> {
        let only = |found: &dyn Fn(&&Candidate) -> bool| {
            let mut found = candidates.iter().filter(found);
            found.next().filter(|_| found.next().is_none())
        };
        // The id in its name went with it.
        let id = id_of(stem(self.path));
        let has_id = |candidate: &&Candidate| {
            let mut aliases = candidate.aliases.iter();
            id.is_some_and(|id| aliases.any(|alias| alias.eq_ignore_ascii_case(id)))
        };
        let most = candidates.iter().map(|one| self.held(one)).max()?;
        let is_like = most > 0 && most * 2 >= self.cards.len();
        let holds_most = |one: &&Candidate| is_like && self.held(one) == most;
        // Of several with the same tasks it is the one of the same file name.
        let is_named = |one: &&Candidate| holds_most(one) && name(&one.path) == name(self.path);
        let found = only(&has_id).or_else(|| only(&holds_most));
        let found = found.or_else(|| only(&is_named));
        found.map(|candidate| candidate.path.as_str())
    }

    /// How many of the tasks a document holds.
    fn held(&self, candidate: &Candidate) -> usize {
        let is_held = |(origin, title): &&(&Origin, &str)| {
            let words = pair::words(origin, title);
            candidate.texts.iter().any(|text| pair::same(text, words))
        };
        self.cards.iter().filter(is_held).count()
    }
}
