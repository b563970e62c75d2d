//! The word for the state of a document in another dialect.

use planwright_model::DocumentState;

use super::Work;
use crate::Dialect;
use crate::template::{KeyRule, ValueRule, Values};

/// Keys in which the form has a state.
fn keys<'w>(work: &Work<'w>, dialect: &'w Dialect) -> impl Iterator<Item = &'w KeyRule> {
    let matter = work.form.front_matter.iter().flat_map(|rule| &rule.keys);
    let keys = matter.chain(&work.form.labels);
    keys.filter(|key| {
        let name = dialect.field_name(&key.name).unwrap_or(&key.name);
        let is_state = matches!(
            name.to_lowercase().as_str(),
            "status" | "state" | "lifecycle"
        );
        is_state && matches!(key.value, ValueRule::Choice(_))
    })
}

/// The words that the form has for states.
pub(super) fn choices(work: &Work<'_>) -> Option<Vec<String>> {
    let dialect = work.dialects.get(work.wanted.dialect)?;
    let mut keys = keys(work, dialect);
    keys.find_map(|key| match &key.value {
        ValueRule::Choice(words) => Some(words.clone()),
        _ => None,
    })
}

/// A word for the state where the form has no place for one.
pub(super) fn word(work: &Work<'_>) -> Option<String> {
    let state = &work.reading.document.state;
    let dialect = work.dialects.get(work.wanted.dialect)?;
    if state.value == DocumentState::Unknown || choices(work).is_some() {
        return None;
    }
    let means = |word: &&String| dialect.state(word) == Some(state.value);
    let mut known = dialect.state_words();
    let known = known.find_map(|(_, words)| words.iter().find(means).cloned());
    let canonical = || Some(state.value.as_str().replace('_', " "));
    let own = || state.native.clone().filter(|word| means(&word));
    known.or_else(own).or_else(canonical)
}

/// The values of the form with the state among them: in its own words where it has one for it, else
/// in one that the dialect understands.
pub(super) fn chosen(work: &Work<'_>) -> Values {
    let values = work.wanted.values.clone();
    let state = &work.reading.document.state;
    let Some(dialect) = work.dialects.get(work.wanted.dialect) else {
        return values;
    };
    if state.value == DocumentState::Unknown {
        return values;
    }
    keys(work, dialect).fold(values, |values, key| {
        let ValueRule::Choice(words) = &key.value else {
            return values;
        };
        let means = |word: &&String| dialect.state(word) == Some(state.value);
        let known = words.iter().find(means).cloned();
        let mut others = dialect.state_words();
        let other = others.find_map(|(_, words)| words.iter().find(means).cloned());
        let own = [state.native.clone(), Some(state.value.as_str().to_owned())];
        let own = own.into_iter().flatten().find(|word| means(&word));
        let is_lifecycle = key.name.eq_ignore_ascii_case("lifecycle");
        match known.or_else(|| other.or(own).filter(|_| !is_lifecycle)) {
            Some(word) => values.with(&key.name, word),
            None => values,
        }
    })
}
