//! The words of a search, and where they stand in a text.

use std::collections::HashSet;
use std::ops::Range;

use aho_corasick::AhoCorasick;

use crate::record::Entry;

/// How often a word of the title, and of a name, counts.
const TITLE: f64 = 4.0;
const NAME: f64 = 2.0;

/// A match of the beginning of a word counts less than one of the whole.
const BEGINNING: f64 = 0.5;

/// One word, or the words of a quoted phrase, in lower case.
pub(crate) type Term = Vec<String>;

/// The terms of a search, and what finds them.
pub(crate) struct Query {
    pub(crate) terms: Vec<Term>,
    /// Finds the first word of each term.
    finder: AhoCorasick,
    /// The terms of each of the finder's patterns.
    starts: Vec<Vec<usize>>,
    /// True when a match of one pattern can hide one of another.
    overlapping: bool,
    /// True when the text must be put in lower case to be compared.
    pub(crate) folds: bool,
}

/// A term in a text.
pub(crate) struct Match {
    pub(crate) term: usize,
    pub(crate) range: Range<usize>,
    pub(crate) is_whole: bool,
}

impl Query {
    pub(crate) fn new(words: &str) -> Option<Self> {
        let terms = terms(words);
        let mut firsts: Vec<&str> = terms
            .iter()
            .filter_map(|term| Some(term.first()?.as_str()))
            .collect();
        firsts.sort_unstable();
        firsts.dedup();
        let starts = firsts
            .iter()
            .map(|first| {
                (0..terms.len())
                    .filter(|term| terms[*term][0] == **first)
                    .collect()
            })
            .collect();
        let is_part = |a: &&str| firsts.iter().any(|b| a != b && b.contains(*a));
        let overlapping = firsts.iter().any(is_part)
            || firsts
                .iter()
                .any(|first| !first.chars().all(char::is_alphanumeric));
        let folds = !terms.iter().flatten().all(|word| word.is_ascii());
        let finder = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .build(&firsts)
            .ok()?;
        (!terms.is_empty()).then_some(Self {
            terms,
            finder,
            starts,
            overlapping,
            folds,
        })
    }

    /// Calls `found` with every match of a term at the beginning of a word.
    pub(crate) fn matches(&self, text: &[u8], mut found: impl FnMut(Match)) {
        let mut check = |pattern: usize, start: usize, end: usize| {
            if !begins_word(text, start) {
                return;
            }
            for term in &self.starts[pattern] {
                let Some(end) = follow(&self.terms[*term][1..], text, end) else {
                    continue;
                };
                let is_whole = !text.get(end).is_some_and(u8::is_ascii_alphanumeric);
                found(Match {
                    term: *term,
                    range: start..end,
                    is_whole,
                });
            }
        };
        if self.overlapping {
            for found in self.finder.find_overlapping_iter(text) {
                check(found.pattern().as_usize(), found.start(), found.end());
            }
        } else {
            for found in self.finder.find_iter(text) {
                check(found.pattern().as_usize(), found.start(), found.end());
            }
        }
    }

    /// How often each term stands in a text; `None` when none does.
    pub(crate) fn weights(&self, text: &[u8], weights: &mut Vec<f64>) -> bool {
        weights.clear();
        weights.resize(self.terms.len(), 0.0);
        let mut any = false;
        let mut add = |found: Match| {
            weights[found.term] += if found.is_whole { 1.0 } else { BEGINNING };
            any = true;
        };
        if self.folds {
            self.matches(
                String::from_utf8_lossy(text).to_lowercase().as_bytes(),
                &mut add,
            );
        } else {
            self.matches(text, &mut add);
        }
        any
    }

    /// Adds what the title and the names of a document say.
    pub(crate) fn add_names(
        &self,
        entry: &Entry<'_>,
        weights: &mut [f64],
        buffer: &mut Vec<f64>,
    ) -> bool {
        let names = [
            (TITLE, entry.title),
            (NAME, entry.reference),
            (NAME, entry.path),
        ];
        let aliases = entry.aliases.iter().map(|alias| (NAME, *alias));
        let mut any = false;
        for (factor, text) in names.into_iter().chain(aliases) {
            if self.weights(text.as_bytes(), buffer) {
                any = true;
                for (weight, found) in weights.iter_mut().zip(buffer.iter()) {
                    // A name that is repeated in another is no better for it.
                    *weight += factor * found.min(1.0);
                }
            }
        }
        any
    }
}

/// The words and quoted phrases of a search.
fn terms(words: &str) -> Vec<Term> {
    let mut terms: Vec<Term> = Vec::new();
    for (at, part) in words.split('"').enumerate() {
        let trimmed = part.split_whitespace().map(|word| {
            let bare = word.trim_matches(|char: char| !char.is_alphanumeric());
            if bare.is_empty() { word } else { bare }.to_lowercase()
        });
        // What stands between two quotes belongs together.
        if at % 2 == 1 {
            terms.push(trimmed.collect());
        } else {
            terms.extend(trimmed.map(|word| vec![word]));
        }
    }
    let mut seen = HashSet::new();
    terms.retain(|term| !term.is_empty() && seen.insert(term.clone()));
    terms
}

/// The end of the words that follow at `end`, white space between them; `end` where there are none.
fn follow(words: &[String], text: &[u8], mut end: usize) -> Option<usize> {
    for word in words {
        let gap = text[end..]
            .iter()
            .take_while(|byte| byte.is_ascii_whitespace())
            .count();
        let start = end + gap;
        let stop = start + word.len();
        if gap == 0 || !text.get(start..stop)?.eq_ignore_ascii_case(word.as_bytes()) {
            return None;
        }
        end = stop;
    }
    Some(end)
}

/// True when no letter or digit stands before an offset, or where words are not set apart.
fn begins_word(text: &[u8], at: usize) -> bool {
    let Some(before) = at.checked_sub(1).map(|before| text[before]) else {
        return true;
    };
    if before.is_ascii() {
        return !before.is_ascii_alphanumeric()
            || !text[at].is_ascii() && !is_letter_at(text, at, true);
    }
    let start = (at.saturating_sub(4)..at)
        .rev()
        .find(|start| text[*start] & 0xC0 != 0x80);
    let before = start.and_then(|start| std::str::from_utf8(&text[start..at]).ok());
    let is_letter = before.is_some_and(|before| before.chars().any(char::is_alphanumeric));
    !is_letter || !is_letter_at(text, at, true)
}

/// True for a letter at an offset that belongs to a script which sets words apart, if `spaced`.
fn is_letter_at(text: &[u8], at: usize, spaced: bool) -> bool {
    let end = (at + 4).min(text.len());
    let char = text[at..end]
        .utf8_chunks()
        .next()
        .and_then(|chunk| chunk.valid().chars().next());
    char.is_some_and(|char| char.is_alphanumeric() && !(spaced && char >= '\u{2E80}'))
}

/// A text as terms are compared with it.
pub(crate) struct Folded<'a> {
    original: &'a str,
    /// In lower case, and for each of its bytes the offset in the original.
    lower: Option<(String, Vec<u32>)>,
}

impl<'a> Folded<'a> {
    pub(crate) fn new(original: &'a str, folds: bool) -> Self {
        let lower = folds.then(|| {
            let mut lower = String::with_capacity(original.len());
            let mut offsets = Vec::with_capacity(original.len() + 1);
            for (at, char) in original.char_indices() {
                lower.extend(char.to_lowercase());
                offsets.resize(lower.len(), at as u32);
            }
            offsets.push(original.len() as u32);
            (lower, offsets)
        });
        Self { original, lower }
    }

    pub(crate) fn text(&self) -> &[u8] {
        self.lower
            .as_ref()
            .map_or(self.original.as_bytes(), |(lower, _)| lower.as_bytes())
    }

    pub(crate) fn original(&self, offset: usize) -> usize {
        self.lower.as_ref().map_or(offset, |(_, offsets)| {
            offsets
                .get(offset)
                .map_or(self.original.len(), |offset| *offset as usize)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(words: &str, text: &str) -> Vec<String> {
        let query = Query::new(words).unwrap();
        let folded = Folded::new(text, query.folds);
        let mut all = Vec::new();
        query.matches(folded.text(), |found| {
            all.push(
                text[folded.original(found.range.start)..folded.original(found.range.end)]
                    .to_owned(),
            );
        });
        all
    }

    #[test]
    fn words_match_where_words_begin() {
        let none: [&str; 0] = [];
        assert_eq!(
            found("auth", "Auth, authentication; oauth, AUTH_x"),
            ["Auth", "auth", "AUTH"]
        );
        assert_eq!(found("auth", "user_auth re-auth 1auth"), ["auth", "auth"]);
        assert_eq!(found("plan planning", "planning"), ["plan", "planning"]);
        assert_eq!(found("src/db db", "see src/db."), ["src/db", "db"]);
        assert_eq!(found("x", "éx"), none);
    }

    #[test]
    fn case_is_ignored_in_every_script() {
        assert_eq!(found("größe", "GRÖSSE Größe GRÖßE"), ["Größe", "GRÖßE"]);
        assert_eq!(found("план", "План ПЛАНЫ"), ["План", "ПЛАН"]);
        assert_eq!(found("計画", "年度計画書"), ["計画"]);
    }

    #[test]
    fn a_quoted_phrase_stands_together() {
        assert_eq!(
            found("\"rate limit\"", "rate of limit; Rate  limit, rate\nlimits"),
            ["Rate  limit", "rate\nlimit"]
        );
        assert_eq!(
            terms("a \"b c\" d \"\" A"),
            [vec!["a"], vec!["b", "c"], vec!["d"]]
        );
        assert_eq!(terms("\"open end"), [vec!["open", "end"]]);
    }
}
