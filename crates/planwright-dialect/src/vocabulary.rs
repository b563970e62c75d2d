//! The words of a dialect, ready to be looked up.

use std::borrow::Cow;
use std::collections::BTreeMap;

use planwright_model::{DocumentState, RelationType};
use rapidhash::RapidHashMap;

use crate::manifest::places::Word;
use crate::manifest::{ItemRules, Manifest};
use crate::words::{is_one_line, is_symbol, normalise};

/// The words of one dialect over the common words.
#[derive(Debug, Default)]
pub(crate) struct Vocabulary {
    states: RapidHashMap<String, DocumentState>,
    sections: RapidHashMap<String, String>,
    /// First word of a phrase -> the phrase and its role, longer phrases first.
    loose: RapidHashMap<String, Vec<(String, String)>>,
    fields: RapidHashMap<String, String>,
    relations: RapidHashMap<String, RelationType>,
    pub(crate) phase_words: Vec<String>,
    /// The first two bytes of each; `None` where one does not begin with two letters.
    phase_openings: Option<Vec<[u8; 2]>>,
    pub(crate) state_keys: Vec<String>,
    pub(crate) items: ItemRules,
    pub(crate) id_prefixes: Vec<Vec<String>>,
}

impl Vocabulary {
    /// Lays the words of manifests over each other; the later wins.
    ///
    /// # Errors
    /// The word that is no canonical state or relation, and what is wrong with it.
    pub(crate) fn new(layers: &[&Manifest]) -> Result<Self, (Word, String)> {
        let mut words = Self::default();
        for layer in layers {
            for (state, natives) in &layer.states {
                let state = DocumentState::from_canonical(state).ok_or_else(|| {
                    let known = list(DocumentState::ALL.map(DocumentState::as_str));
                    let wrong =
                        format!("`{state}` under [states] is no state; the states are {known}");
                    (Word::State(state.clone()), wrong)
                })?;
                for native in natives {
                    words.states.insert(state_word(native), state);
                }
            }
            for (relation, keys) in &layer.relations {
                let relation = RelationType::from_canonical(relation).ok_or_else(|| {
                    let known = list(RelationType::ALL.map(RelationType::as_str));
                    let wrong = format!(
                        "`{relation}` under [relations] is no relation; the relations are {known}"
                    );
                    (Word::Relation(relation.clone()), wrong)
                })?;
                for key in keys {
                    words.relations.insert(key_word(key).into_owned(), relation);
                }
            }
            pour(&layer.sections, &mut words.sections, normalise);
            pour(&layer.fields, &mut words.fields, |key| {
                key_word(key).into_owned()
            });
            for (role, phrases) in &layer.loose {
                for phrase in phrases {
                    let first = phrase.split(' ').next().unwrap_or_default();
                    words
                        .loose
                        .entry(first.to_owned())
                        .or_default()
                        .push((phrase.clone(), role.clone()));
                }
            }
            words
                .phase_words
                .extend(layer.phase_words.iter().map(|word| word.to_lowercase()));
            words.id_prefixes.extend(layer.id_prefixes.iter().cloned());
            if !layer.state_keys.is_empty() {
                words.state_keys.clone_from(&layer.state_keys);
            }
            let (mine, theirs) = (&mut words.items, &layer.items);
            mine.progress_boxes_are_tasks = theirs
                .progress_boxes_are_tasks
                .or(mine.progress_boxes_are_tasks);
            mine.boxes_only_with_progress = theirs
                .boxes_only_with_progress
                .or(mine.boxes_only_with_progress);
            mine.unknown_boxes_are_tasks = theirs
                .unknown_boxes_are_tasks
                .or(mine.unknown_boxes_are_tasks);
        }
        words.phase_openings = words
            .phase_words
            .iter()
            .map(|word| {
                let letters = word.chars().take(2).all(char::is_alphabetic);
                word.as_bytes().first_chunk().copied().filter(|_| letters)
            })
            .collect();
        for phrases in words.loose.values_mut() {
            phrases.sort_by_key(|(phrase, _)| std::cmp::Reverse(phrase.len()));
        }
        Ok(words)
    }

    /// False for text that begins with a letter and no phase. True says little.
    pub(crate) fn may_head_phase(&self, text: &str) -> bool {
        match text.as_bytes() {
            [] => false,
            [first, second, ..] if first.is_ascii_alphabetic() && second.is_ascii() => {
                // `M1`, `PR2`, `x] Phase 2` begin with no such word.
                matches!(first, b'M' | b'P' | b'x' | b'X') && !second.is_ascii_lowercase()
                    || self.phase_openings.as_ref().is_none_or(|openings| {
                        openings
                            .contains(&[first.to_ascii_lowercase(), second.to_ascii_lowercase()])
                    })
            }
            _ => true,
        }
    }

    /// Every word for a state with what it means.
    pub(crate) fn known_states(&self) -> impl Iterator<Item = (&str, DocumentState)> {
        self.states
            .iter()
            .map(|(word, state)| (word.as_str(), *state))
    }

    /// The canonical state of an author's words, and the part of them that decided.
    pub(crate) fn state(&self, native: &str) -> Option<DocumentState> {
        // `Complete; awaiting review`, `implemented, not merged`: the last word is still to come.
        const OPEN: [&str; 8] = [
            "awaiting review",
            "awaiting owner",
            "pending review",
            "awaiting approval",
            "pending approval",
            "not merged",
            "not deployed",
            "not yet merged",
        ];
        let state = self.leading_state(native)?;
        if state == DocumentState::Done {
            let lower = native.to_lowercase();
            // `Implemented (pending the walk through the shop)`
            let is_pending = lower.split_once("pending").is_some_and(|(before, behind)| {
                let before = before.trim_end();
                behind.starts_with(' ')
                    && !["no", "nothing", "none", "0"]
                        .iter()
                        .any(|word| before.ends_with(word))
            });
            if is_pending || OPEN.iter().any(|words| lower.contains(words)) {
                return Some(DocumentState::InReview);
            }
        }
        Some(state)
    }

    fn leading_state(&self, native: &str) -> Option<DocumentState> {
        let words = state_word(native);
        if words.is_empty() {
            return None;
        }
        if let Some(state) = self.states.get(&words) {
            return Some(*state);
        }
        // The longest run of leading words that is known: `Draft for review`, `complete - all done`.
        let mut end = words.len();
        while let Some(at) = words[..end].rfind(' ') {
            // `Current-state audit` is no state.
            if let Some(state) = self.states.get(&words[..at])
                && !is_glued(native, words[..at].split(' ').count())
            {
                return Some(*state);
            }
            end = at;
        }
        if let Some((work, "complete" | "completed" | "done")) = words.rsplit_once(' ')
            && is_work(work)
        {
            return Some(DocumentState::Done);
        }
        if let Some(rest) = words.strip_prefix("all ") {
            return rest
                .split(' ')
                .find_map(|word| self.states.get(word))
                .copied()
                .filter(|state| *state == DocumentState::Done);
        }
        // `PRD / ready for development`: what it is, and how far.
        native
            .split_once(" / ")
            .and_then(|(_, rest)| self.state(rest))
    }

    /// The role of a heading or label by its normalised words.
    pub(crate) fn section(&self, normalised: &str) -> Option<&str> {
        if normalised.is_empty() {
            return None;
        }
        if let Some(role) = self.sections.get(normalised) {
            return Some(role);
        }
        // A long line that mentions such words is a sentence, not a heading of that purpose.
        if normalised.split(' ').count() > 7 {
            return None;
        }
        // Where one heading holds several phrases, the last says what it is: `Risks: open questions`.
        let mut found = None;
        let mut from = 0;
        for word in normalised.split(' ') {
            let rest = &normalised[from..];
            from += word.len() + 1;
            let phrases = self.loose.get(word).map_or(&[][..], Vec::as_slice);
            let held = phrases.iter().find(|(phrase, _)| {
                rest.strip_prefix(phrase.as_str())
                    .is_some_and(|behind| !behind.starts_with(char::is_alphanumeric))
            });
            found = held.map(|(_, role)| role.as_str()).or(found);
        }
        found
    }

    /// The canonical name of a front matter key or header label.
    pub(crate) fn field(&self, key: &str) -> Option<&str> {
        self.fields.get(&*key_word(key)).map(String::as_str)
    }

    /// The relation that a front matter key or header label states.
    pub(crate) fn relation(&self, key: &str) -> Option<RelationType> {
        self.relations.get(&*key_word(key)).copied()
    }
}

/// True where a hyphen ties the word that follows to the first so many.
fn is_glued(native: &str, count: usize) -> bool {
    let is_break = |c: char| !c.is_alphanumeric();
    let mut words = native
        .match_indices(is_break)
        .filter(|(at, _)| native[..*at].ends_with(char::is_alphanumeric));
    words.nth(count - 1).is_some_and(|(at, sign)| {
        sign == "-" && native[at + 1..].starts_with(char::is_alphanumeric)
    })
}

/// True for what is the whole of the work: `core implementation`, `feature`, not `phase 1` or `design`.
fn is_work(words: &str) -> bool {
    const WORK: [&str; 13] = [
        "implementation",
        "development",
        "feature",
        "features",
        "migration",
        "integration",
        "refactor",
        "refactoring",
        "deployment",
        "rollout",
        "work",
        "project",
        "code",
    ];
    let mut words = words.rsplit(' ');
    let last = words.next().unwrap_or_default();
    let (count, is_part) = words.fold((0, false), |(count, is_part), word| {
        let limits = matches!(
            word,
            "not"
                | "partially"
                | "nearly"
                | "almost"
                | "mostly"
                | "phase"
                | "until"
                | "when"
                | "no"
        ) || word.contains(|c: char| c.is_ascii_digit());
        (count + 1, is_part || limits)
    });
    count <= 2 && !is_part && WORK.contains(&last)
}

fn list<const N: usize>(words: [&str; N]) -> String {
    words.join(", ")
}

fn pour(
    from: &BTreeMap<String, Vec<String>>,
    to: &mut RapidHashMap<String, String>,
    form: impl Fn(&str) -> String,
) {
    for (name, words) in from {
        for word in words {
            to.insert(form(word), name.clone());
        }
        to.entry(form(name)).or_insert_with(|| name.clone());
    }
}

/// A key or label for looking up: lower case, `_` for everything between words.
pub(crate) fn key_word(key: &str) -> Cow<'_, str> {
    let bytes = key.as_bytes();
    let is_plain = |b: &u8| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'_');
    if bytes.iter().all(is_plain)
        && !key.starts_with('_')
        && !key.ends_with('_')
        && !bytes.windows(2).any(|pair| pair == b"__")
    {
        return Cow::Borrowed(key);
    }
    let mut out = String::with_capacity(key.len());
    for c in key.trim().chars() {
        if c.is_ascii_alphanumeric() || c == '.' {
            out.push(c.to_ascii_lowercase());
        } else if c.is_alphanumeric() {
            out.extend(c.to_lowercase());
        } else if !out.ends_with('_') && !out.is_empty() {
            out.push('_');
        }
    }
    out.truncate(out.trim_end_matches('_').len());
    Cow::Owned(out)
}

/// A state's words for looking up: lower case, without marks and symbols, one space between.
fn state_word(native: &str) -> String {
    let mut out = String::with_capacity(native.len());
    for c in native.chars() {
        if matches!(
            c,
            '(' | '（' | '.' | ';' | ',' | '—' | '–' | '|' | '，' | '。' | '#' | '/' | '['
        ) {
            if !out.trim().is_empty() {
                break;
            }
        } else if is_symbol(c) || matches!(c, '*' | '`' | '"' | '\'' | '~' | ':' | ']' | '_' | '-')
        {
            out.push(' ');
        } else {
            out.extend(c.to_lowercase());
        }
    }
    if out.bytes().all(|b| b.is_ascii_graphic() || b == b' ') && is_one_line(&out) {
        return out;
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_the_built_in_dialects_are_valid() {
        let (dialects, diagnostics) = crate::Dialects::load(&[]);
        assert_eq!((dialects.iter().count(), diagnostics.len()), (6, 0));
        for dialect in dialects.iter() {
            Vocabulary::new(&[&dialect.common, &dialect.manifest]).unwrap();
        }
    }

    #[test]
    fn a_key_is_looked_up_by_its_words() {
        for (key, words) in [
            ("status", "status"),
            ("depends_on", "depends_on"),
            ("x.y", "x.y"),
            ("Depends  On:", "depends_on"),
            ("_a__b_", "a_b"),
            ("Größe", "größe"),
            ("--", ""),
            ("", ""),
        ] {
            assert_eq!(key_word(key), words, "{key}");
        }
    }
}
