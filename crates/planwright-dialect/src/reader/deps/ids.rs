//! Ids and numbers in words: `T001, T003-T005`, `Phases 3-5`, `US1+US2`.

use std::cmp::Ordering;

/// How many ids one range may stand for; more is a slip of the pen.
const MAX_RANGE: u32 = 200;

/// The item ids in a piece of text, ranges expanded: `T001, T003-T005` gives four.
pub(crate) fn ids(text: &str) -> Vec<String> {
    let mut found: Vec<(String, usize, usize)> = Vec::new();
    let mut at = 0;
    let mut gap = Gap::Apart;
    while at < text.len() {
        let rest = &text[at..];
        // An id may follow a dash or dots only where they join it to the id before: `T001-T003`.
        let boundary = text[..at].chars().next_back().is_none_or(|c| {
            !c.is_alphanumeric() && c != '_' && (gap != Gap::Apart || !matches!(c, '-' | '.'))
        });
        if boundary && let Some(len) = id_len(rest) {
            found.push((rest[..len].to_owned(), at, at + len));
            at += len;
            gap = Gap::Open;
            continue;
        }
        let next = rest.chars().next().unwrap_or(' ');
        gap = gap.with(next);
        at += next.len_utf8();
    }
    let mut out: Vec<String> = Vec::new();
    for (n, (id, start, _)) in found.iter().enumerate() {
        let range = n
            .checked_sub(1)
            .map(|before| &found[before])
            .filter(|(_, _, end)| {
                let between = text[*end..*start].trim();
                matches!(
                    between,
                    "-" | "–" | "—" | ".." | "..." | "to" | "through" | "~" | "至" | "到"
                )
            });
        if let Some((first, _, _)) = range
            && let (Some((prefix, low, width)), Some((other, high, _))) = (split(first), split(id))
            && prefix == other
            && low < high
            && high - low <= MAX_RANGE
        {
            for number in low + 1..=high {
                push(&mut out, format!("{prefix}{number:0width$}"));
            }
            continue;
        }
        push(&mut out, id.clone());
    }
    // `T010-13`: the prefix is written once.
    out
}

/// What stands between the id before and the place looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Gap {
    /// Nothing, or spaces.
    Open,
    /// Dashes or dots, spaces in front of them.
    Joined,
    /// As before, and spaces behind.
    Closed,
    /// Anything else, or no id before.
    Apart,
}

impl Gap {
    fn with(self, next: char) -> Self {
        match (self, next) {
            (Self::Open, ' ') => Self::Open,
            (Self::Joined | Self::Closed, ' ') => Self::Closed,
            (Self::Open | Self::Joined, '-' | '–' | '.' | '~') => Self::Joined,
            _ => Self::Apart,
        }
    }
}

pub(super) fn push(out: &mut Vec<String>, id: String) {
    if !out.contains(&id) {
        out.push(id);
    }
}

/// `T012` into `T`, 12 and the width of its digits.
fn split(id: &str) -> Option<(&str, u32, usize)> {
    let digits = id.len() - id.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let number = id[id.len() - digits..].parse().ok()?;
    Some((&id[..id.len() - digits], number, digits))
}

/// The order of two ids of one series: `WP02` comes before `WP10`.
pub(super) fn compare(a: &str, b: &str) -> Option<Ordering> {
    let ((prefix, a, _), (other, b, _)) = (split(a)?, split(b)?);
    (prefix == other).then(|| a.cmp(&b))
}

/// Length of an item id at the start of text. Only forms that cannot be words.
fn id_len(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let upper = bytes.iter().take_while(|b| b.is_ascii_uppercase()).count();
    if upper == 0 || upper > 6 {
        return None;
    }
    let dashed = bytes.get(upper) == Some(&b'-');
    let start = upper + usize::from(dashed);
    let digits = bytes[start..]
        .iter()
        .take_while(|b| b.is_ascii_digit())
        .count();
    if digits == 0 {
        return None;
    }
    let mut end = start + digits;
    while bytes.get(end) == Some(&b'.') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit) {
        end += 1;
        end += bytes[end..]
            .iter()
            .take_while(|b| b.is_ascii_digit())
            .count();
    }
    if bytes.get(end).is_some_and(u8::is_ascii_lowercase)
        && !bytes.get(end + 1).is_some_and(u8::is_ascii_alphanumeric)
    {
        end += 1;
    }
    if bytes.get(end).is_some_and(u8::is_ascii_alphanumeric) {
        return None;
    }
    let prefix = &text[..upper];
    let known =
        matches!(prefix, "T" | "WP" | "TASK" | "DB" | "M" | "B" | "P") || dashed && upper >= 2;
    (known
        && !matches!(
            prefix,
            "UTF" | "ISO" | "RFC" | "FR" | "SC" | "NFR" | "US" | "ADR"
        ))
    .then_some(end)
}

/// Numbers in words: `Task 2.1`, `Units 1, 2 and 4-6` give `2.1`, `1`, `2`, `4`, `5`, `6`.
pub(crate) fn numbers_in(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let glued = rest[..at]
            .chars()
            .next_back()
            .is_some_and(char::is_alphanumeric);
        let (found, used) = counted_numbers(&rest[at..]);
        if !glued {
            out.extend(
                found
                    .into_iter()
                    .filter(|id| id.as_bytes()[0].is_ascii_digit()),
            );
        }
        let len = rest[at..]
            .bytes()
            .take_while(|b| b.is_ascii_digit() || *b == b'.')
            .count();
        // What was read as one list holds nothing further.
        rest = &rest[at + if glued { len } else { len.max(used) }..];
    }
    out.sort();
    out.dedup();
    out
}

/// `1`, `3-5`, `1, 2 and 3`, `A` at the start of text.
pub(super) fn numbers(text: &str) -> Vec<String> {
    counted_numbers(text).0
}

/// The same, and how many bytes they take, so that a long list is read once.
pub(crate) fn counted_numbers(text: &str) -> (Vec<String>, usize) {
    let mut out: Vec<String> = Vec::new();
    let mut rest = text;
    loop {
        let len = rest
            .bytes()
            .take_while(|b| b.is_ascii_digit() || *b == b'.')
            .count();
        let id = rest[..len].trim_end_matches('.');
        if id.is_empty() {
            let letter = rest.chars().next().filter(char::is_ascii_lowercase);
            let alone = rest.chars().nth(1).is_none_or(|c| !c.is_alphanumeric());
            if let (Some(letter), true) = (letter, alone) {
                out.push(letter.to_string());
            }
            return (out, text.len() - rest.len());
        }
        out.push(id.to_owned());
        rest = rest[id.len()..].trim_start_matches(' ');
        let separator = ["-", "–", "to ", ",", "+", "&", "and ", "/"]
            .iter()
            .find(|separator| rest.starts_with(**separator));
        let Some(separator) = separator else {
            return (out, text.len() - rest.len());
        };
        rest = rest[separator.len()..].trim_start_matches([' ', ',']);
        rest = rest.strip_prefix("and ").unwrap_or(rest);
        rest = rest.strip_prefix("phase ").unwrap_or(rest);
        if matches!(*separator, "-" | "–" | "to ") {
            let len = rest.bytes().take_while(u8::is_ascii_digit).count();
            if let (Ok(low), Ok(high)) = (id.parse::<u32>(), rest[..len].parse::<u32>())
                && low < high
                && high - low < 50
            {
                out.extend((low + 1..=high).map(|number| number.to_string()));
                rest = &rest[len..];
            }
        }
    }
}

/// Numbers of user stories: `US1`, `US-2`, `User Story 3`, `US1-3`, `US1+US2`.
pub(crate) fn stories(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    for word in [
        "US-",
        "US",
        "User Story ",
        "user story ",
        "User Stories ",
        "Story ",
    ] {
        let mut from = 0;
        while let Some(at) = text[from..].find(word) {
            let start = from + at + word.len();
            let before = text[..from + at].chars().next_back();
            from = start;
            if before.is_none_or(|c| !c.is_alphanumeric()) {
                out.extend(
                    numbers(&text[start..])
                        .into_iter()
                        .filter(|id| id.bytes().all(|b| b.is_ascii_digit())),
                );
            }
        }
    }
    out.sort();
    out.dedup();
    out
}

#[cfg(test)]
mod tests {
    use super::{ids, numbers, stories};

    #[test]
    fn ranges_of_ids_are_expanded() {
        assert_eq!(
            ids("T001, T003-T005 and T010"),
            ["T001", "T003", "T004", "T005", "T010"]
        );
        assert_eq!(
            ids("(T024..T028)"),
            ["T024", "T025", "T026", "T027", "T028"]
        );
        assert_eq!(ids("T1-T3"), ["T1", "T2", "T3"]);
        assert_eq!(ids("DB-1, T005a"), ["DB-1", "T005a"]);
        assert!(ids("UTF-8 in FR-001, S3, HTTP2 and T").is_empty());
        assert_eq!(ids("T001-T999999").len(), 2);
    }

    #[test]
    fn phases_and_stories_are_numbered() {
        assert_eq!(numbers("3-5)"), ["3", "4", "5"]);
        assert_eq!(numbers("1 and 2"), ["1", "2"]);
        assert_eq!(stories("US1+US2 and User Story 3"), ["1", "2", "3"]);
    }
}
