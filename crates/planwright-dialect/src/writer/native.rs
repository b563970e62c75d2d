//! The word for a state: in the document's own vocabulary, case and style.

use planwright_model::DocumentState;

use super::{Refusal, Subject};
use crate::template::ValueRule;
use crate::words::is_symbol;

/// What a caller knows of the word.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Wish<'a> {
    /// The word to use.
    pub(super) given: Option<&'a str>,
    /// The word that documents like this one use.
    pub(super) habit: Option<&'a str>,
}

/// The word for a state, in the style of the one that it stands in for.
pub(super) fn word(
    subject: &Subject<'_>,
    to: DocumentState,
    wish: Wish<'_>,
    now: Option<&str>,
) -> Result<String, Refusal> {
    let words = subject.words;
    if let Some(given) = wish.given {
        let is_clean = given
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, ' ' | '_' | '-' | '\''));
        if !is_clean || words.state(given) != Some(to) {
            return Err(Refusal::WrongWord {
                word: given.to_owned(),
                dialect: subject.document.dialect.clone(),
                state: to,
            });
        }
        return Ok(given.to_owned());
    }
    let choices = choices(subject);
    let meant = |word: &&String| words.state(word) == Some(to);
    let chosen = choices.iter().find(meant).map(String::as_str);
    let is_chosen = now.is_some_and(|now| {
        let now = phrase(now);
        choices.iter().any(|word| word.eq_ignore_ascii_case(now))
    });
    let habit = wish.habit.filter(|habit| words.state(habit) == Some(to));
    let own = known(subject, to);
    let found = if is_chosen {
        chosen.or(habit)
    } else {
        habit.or(chosen)
    }
    .or(own);
    let found = found.ok_or_else(|| Refusal::NoWord {
        dialect: subject.document.dialect.clone(),
        state: to,
        known: known_words(subject),
        last: known(subject, DocumentState::Approved)
            .filter(|_| to == DocumentState::Done)
            .map(str::to_owned),
    })?;
    Ok(match now {
        Some(now) => dress(found, now),
        None => found.to_owned(),
    })
}

/// The word that the dialect has for a state: of those to write, else of those that it reads, else of
/// the common ones. A dialect that says what it writes writes nothing else.
fn known<'s>(subject: &'s Subject<'_>, to: DocumentState) -> Option<&'s str> {
    let manifest = &subject.dialect.manifest;
    let own = &manifest.write.states;
    let read = manifest.states.get(to.as_str());
    let read = read
        .filter(|_| own.is_empty())
        .and_then(|words| words.first());
    let written = subject.rule(|rules| &rules.states, &to);
    read.or(written).map(String::as_str)
}

fn known_words(subject: &Subject<'_>) -> Vec<String> {
    let found = DocumentState::ALL.iter();
    let found = found.filter_map(|state| known(subject, *state));
    found.map(str::to_owned).collect()
}

/// The words that the document's form lets stand as its state.
pub(super) fn choices(subject: &Subject<'_>) -> Vec<String> {
    let Some(template) = subject.dialects.template_of(subject.document) else {
        return Vec::new();
    };
    let matter = template.front_matter.iter().flat_map(|rule| &rule.keys);
    let mut rules = matter.chain(&template.labels);
    let keys = &subject.words.state_keys;
    let found = rules.find_map(|rule| {
        let is_state = keys.iter().any(|key| rule.is_met_by(key));
        match &rule.value {
            ValueRule::Choice(words) if is_state => Some(words.clone()),
            _ => None,
        }
    });
    found.unwrap_or_default()
}

/// The part of an author's words that states the state: without signs in front of it, up to the
/// first mark of punctuation.
pub(super) fn phrase(native: &str) -> &str {
    let sign = |c: char| is_symbol(c) || matches!(c, ' ' | '*' | '_' | '`');
    let start = native.trim_start_matches(sign);
    let stops = [
        '(', '（', '.', ';', ',', '—', '–', '|', '，', '。', '#', '/', '[', ':',
    ];
    let end = start.find(stops).unwrap_or(start.len());
    let end = start[..end].find(" - ").unwrap_or(end);
    start[..end].trim_end_matches(sign)
}

/// The sign that stands for a state, in the family of another sign. `None` for a sign that says
/// nothing of states.
pub(super) fn sign(to: DocumentState, like: char) -> Option<&'static str> {
    use DocumentState as S;
    let is_round = matches!(like, '🟢' | '🟡' | '🔴' | '🔵' | '⚪' | '🟠' | '⚫');
    let is_sign = is_round
        || matches!(
            like,
            '✅' | '☑'
                | '✔'
                | '✓'
                | '🚧'
                | '🔄'
                | '⏳'
                | '📝'
                | '👀'
                | '👍'
                | '⛔'
                | '🚫'
                | '❌'
                | '⏸'
                | '⬜'
                | '🗑'
                | '♻'
        );
    if !is_sign {
        return None;
    }
    Some(match (to, is_round) {
        (S::Draft | S::Unknown, true) => "⚪",
        (S::InReview | S::Approved, true) => "🔵",
        (S::Active | S::Paused, true) => "🟡",
        (S::Done, true) => "🟢",
        (S::Blocked | S::Rejected, true) => "🔴",
        (S::Abandoned | S::Superseded, true) => "⚫",
        (S::Draft | S::Unknown, false) => "📝",
        (S::InReview, false) => "👀",
        (S::Approved, false) => "👍",
        (S::Active, false) => "🚧",
        (S::Paused, false) => "⏸",
        (S::Blocked, false) => "⛔",
        (S::Done, false) => "✅",
        (S::Rejected, false) => "❌",
        (S::Abandoned, false) => "🚫",
        (S::Superseded, false) => "♻",
    })
}

/// A word in the case of another, with what joins its parts.
pub(super) fn dress(word: &str, like: &str) -> String {
    let like = phrase(like);
    let letters = || like.chars().filter(|c| c.is_alphabetic());
    let joined = ['_', '-'].into_iter().find(|c| like.contains(*c));
    let parted = match joined {
        Some(joint) => word.replace([' ', '_', '-'], &joint.to_string()),
        None if like.contains(' ') => word.replace(['_', '-'], " "),
        None => word.to_owned(),
    };
    if letters().next().is_none() || !letters().any(|c| c.is_uppercase() || c.is_lowercase()) {
        parted
    } else if letters().count() > 1 && letters().all(char::is_uppercase) {
        parted.to_uppercase()
    } else if letters().all(char::is_lowercase) {
        parted.to_lowercase()
    } else {
        // `In progress` or `In Progress`: as the words behind the first are.
        let second = like.split([' ', '_', '-']).nth(1);
        let is_title = second.is_none_or(|word| word.starts_with(char::is_uppercase));
        titled(&parted, is_title)
    }
}

fn titled(text: &str, all: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut is_first = true;
    for part in text.split_inclusive([' ', '_', '-']) {
        let mut chars = part.chars();
        match chars.next() {
            Some(first) if is_first || all => {
                out.extend(first.to_uppercase());
                out.push_str(&chars.as_str().to_lowercase());
            }
            Some(_) => out.push_str(&part.to_lowercase()),
            None => {}
        }
        is_first = false;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_takes_the_dress_of_the_one_before() {
        for (word, like, expected) in [
            ("Completed", "active", "completed"),
            ("Completed", "IN PROGRESS", "COMPLETED"),
            ("IN PROGRESS", "Complete", "In Progress"),
            ("in_progress", "ready", "in_progress"),
            ("In Progress", "ready_for_work", "in_progress"),
            ("In Progress", "In review", "In progress"),
            ("in progress", "In Review", "In Progress"),
            ("Completed", "DRAFT (awaiting approval)", "COMPLETED"),
            ("Completed", "草稿", "Completed"),
        ] {
            assert_eq!(dress(word, like), expected, "{word} like {like}");
        }
    }

    #[test]
    fn the_phrase_ends_at_punctuation() {
        for (native, expected) in [
            ("Draft", "Draft"),
            ("✅ Implemented", "Implemented"),
            ("COMPLETE (2026-02-13)", "COMPLETE"),
            ("Draft for review — by Ann", "Draft for review"),
            ("COMPLETED - shipped it", "COMPLETED"),
            ("Complete ✅", "Complete"),
        ] {
            assert_eq!(phrase(native), expected, "{native}");
        }
    }
}
