//! What the writers of all dialects share.

use std::fmt::Write as _;

use super::words::{Topic, Words, date};

/// Mean size of a document in bytes.
pub(crate) const MEAN_BYTES: usize = 3_250;

/// Sizes of documents in percent of the mean: most are small, a few are long.
const SIZES: [usize; 15] = [
    25, 32, 40, 46, 52, 60, 68, 76, 86, 98, 112, 130, 160, 205, 310,
];

/// How far the work of a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    Draft,
    Active,
    Done,
}

/// A document to be written.
#[derive(Debug)]
pub(crate) struct Draft<'a> {
    pub(crate) words: Words,
    /// Bytes to aim at.
    pub(crate) size: usize,
    /// Position among the documents of its dialect in its folder, from 0.
    pub(crate) index: usize,
    /// The topics of these documents.
    pub(crate) topics: &'a [Topic],
    pub(crate) stage: Stage,
    /// The day of its latest entry; see [`date`].
    day: usize,
}

impl<'a> Draft<'a> {
    pub(crate) fn new(seed: u64, index: usize, topics: &'a [Topic]) -> Self {
        let mut words = Words::new(seed);
        let percent = words.pick(&SIZES);
        // One document in 500 is ten times as long as it would be.
        let longer = if words.once_in(500) { 10 } else { 1 };
        let stage = match words.below(10) {
            0..3 => Stage::Draft,
            3..7 => Stage::Active,
            _ => Stage::Done,
        };
        let day = words.below(300);
        Self {
            words,
            size: MEAN_BYTES * percent * longer / 100,
            index,
            topics,
            stage,
            day,
        }
    }

    pub(crate) fn topic(&self) -> Topic {
        self.topics[self.index]
    }

    /// A date that is not before those given so far.
    pub(crate) fn date(&mut self) -> String {
        self.day += self.words.below(3);
        date(self.day)
    }

    /// Another document of the folder, if there is one before this.
    pub(crate) fn earlier(&mut self) -> Option<Topic> {
        match self.index {
            0 => None,
            index => Some(self.topics[self.words.below(index)]),
        }
    }

    /// How many tasks a document of this size holds.
    pub(crate) fn task_count(&self) -> usize {
        (self.size / 280).clamp(2, 200)
    }

    /// How many of `total` tasks are ticked.
    pub(crate) fn ticked(&mut self, total: usize) -> usize {
        match self.stage {
            Stage::Draft => 0,
            Stage::Active => self.words.below(total + 1),
            // One finished plan in ten keeps an open box, as real ones do.
            Stage::Done => total - usize::from(self.words.once_in(10)),
        }
    }

    /// Head, then prose under `heading` up to the size wanted, then tail.
    pub(crate) fn assemble(&mut self, head: &str, heading: &str, tail: &str) -> String {
        let mut text = String::with_capacity(self.size.max(head.len() + tail.len()) + 512);
        text.push_str(head);
        let left = self
            .size
            .saturating_sub(head.len() + tail.len() + heading.len());
        if left > 60 {
            let _ = write!(text, "{heading}\n\n");
            text.push_str(&self.words.prose(left - 60));
        }
        text.push_str(tail);
        text
    }
}

/// `x` for a ticked box, a space for an open one.
pub(crate) fn mark(done: bool) -> char {
    if done { 'x' } else { ' ' }
}

/// Capitalised: `ada` to `Ada`.
pub(crate) fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
