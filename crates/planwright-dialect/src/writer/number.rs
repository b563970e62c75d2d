//! The number behind the last one: of ids, of lists, of phases.

use planwright_model::Document;

/// An id in its parts: `T013` is `T`, 13 and three digits wide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Id {
    pub(super) prefix: String,
    number: u64,
    width: usize,
    /// The letter behind the number: `a` of `T005a`.
    letter: Option<char>,
}

impl Id {
    /// Parts of an id whose last characters are a number, with at most a letter behind.
    pub(super) fn parse(id: &str) -> Option<Self> {
        let letter = id.chars().last().filter(char::is_ascii_lowercase);
        let bare = letter.map_or(id, |_| &id[..id.len() - 1]);
        let digits = bare.bytes().rev().take_while(u8::is_ascii_digit).count();
        let (prefix, number) = bare.split_at(bare.len() - digits);
        Some(Self {
            prefix: prefix.to_owned(),
            number: number.parse().ok()?,
            width: digits,
            letter,
        })
    }

    fn with(&self, number: u64) -> String {
        format!("{}{number:0width$}", self.prefix, width = self.width)
    }
}

/// The id behind the last of the series of another: `T014` where `T013` is the last `T`. None of
/// those that stand anywhere in the document's text, because somebody may mean one that is gone.
pub(super) fn next(document: &Document, text: &str, like: &str) -> Option<String> {
    let id = Id::parse(like)?;
    let named = document
        .items
        .iter()
        .flat_map(|item| item.id.iter().chain(&item.depends_on));
    let series = named.filter_map(|other| Id::parse(other).filter(|at| at.prefix == id.prefix));
    let mut number = series.map(|other| other.number).fold(id.number, u64::max);
    loop {
        number = number.checked_add(1)?;
        let found = id.with(number);
        if !id.prefix.contains(char::is_alphabetic) || !is_named(text, &found) {
            return Some(found);
        }
    }
}

/// The id of the next piece of a task: `T003b` behind `T003a`, `2.3.2` behind `2.3.1`.
pub(super) fn next_piece(document: &Document, text: &str, last: &str) -> Option<String> {
    let id = Id::parse(last)?;
    match id.letter {
        Some(letter) if letter < 'z' => {
            let next = char::from_u32(u32::from(letter) + 1)?;
            Some(format!("{}{next}", id.with(id.number)))
        }
        Some(_) => None,
        None => next(document, text, last),
    }
}

/// The number or letter behind those that phases have: `4`, `M3`, `C`, `3.2`.
pub(super) fn next_phase<'a>(ids: impl Iterator<Item = &'a str> + Clone) -> Option<String> {
    let last = ids.clone().last()?;
    if let Some(id) = Id::parse(last).filter(|id| id.letter.is_none()) {
        let series = ids
            .filter_map(Id::parse)
            .filter(|other| other.prefix == id.prefix);
        let most = series.map(|other| other.number).max()?;
        return Some(id.with(most.checked_add(1)?));
    }
    let letter = |id: &str| {
        let mut chars = id.chars();
        let first = chars.next().filter(char::is_ascii_uppercase)?;
        chars.next().is_none().then_some(first)
    };
    let all = ids.map(letter).collect::<Option<Vec<char>>>()?;
    let most = all.into_iter().max().filter(|most| *most < 'Z')?;
    // `I`, `V` and `X` count in Roman numerals.
    if matches!(most, 'I' | 'V' | 'X') {
        return None;
    }
    char::from_u32(u32::from(most) + 1).map(String::from)
}

/// True where a word stands in text by itself.
pub(super) fn is_named(text: &str, word: &str) -> bool {
    let is_part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    text.match_indices(word).any(|(at, _)| {
        !is_part(text[..at].chars().next_back()) && !is_part(text[at + word.len()..].chars().next())
    })
}

#[cfg(test)]
mod tests {
    use planwright_model::{Item, ItemRole};

    use super::*;

    fn document(ids: &[&str]) -> Document {
        let items = ids.iter().enumerate().map(|(at, id)| Item {
            id: Some((*id).to_owned()),
            ..Item::new(at as u32 + 1, ItemRole::Task)
        });
        Document {
            items: items.collect(),
            ..Document::default()
        }
    }

    #[test]
    fn a_series_goes_on_behind_its_last_number() {
        for (ids, like, text, expected) in [
            (&["T001", "T013"][..], "T001", "", Some("T014")),
            (&["T099"], "T099", "", Some("T100")),
            (&["2.1", "2.2", "3.9"], "2.1", "", Some("2.3")),
            (&["DB-1", "DB-3", "API-7"], "DB-1", "", Some("DB-4")),
            (&["T005a", "T005"], "T005a", "", Some("T006")),
            (&["T001"], "T001", "T002 went to another plan", Some("T003")),
            (&["1", "2"], "1", "", Some("3")),
            (&["TASK-ONE"], "TASK-ONE", "", None),
        ] {
            let found = next(&document(ids), text, like);
            assert_eq!(found.as_deref(), expected, "{ids:?}");
        }
        let piece = |last: &str| next_piece(&document(&["T003", "T003a"]), "", last);
        assert_eq!(piece("T003a").as_deref(), Some("T003b"));
        assert_eq!(piece("T003z"), None);
    }

    #[test]
    fn phases_count_on_in_their_own_way() {
        for (ids, expected) in [
            (&["1", "2"][..], Some("3")),
            (&["M1", "M2"], Some("M3")),
            (&["A", "B"], Some("C")),
            (&["3.1", "3.2"], Some("3.3")),
            (&["0", "2", "1"], Some("3")),
            (&["II", "III"], None),
            (&["one"], None),
        ] {
            let found = next_phase(ids.iter().copied());
            assert_eq!(found.as_deref(), expected, "{ids:?}");
        }
    }
}
