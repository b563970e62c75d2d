//! Requirements and stories that an item covers: `(FR-002, SC-001)`, `Requirements: 1.2, 3.4`.

/// How many ids one range may stand for.
const MAX_RANGE: u32 = 50;

/// Prefixes of requirement ids that a dash joins to their number.
const PREFIXES: [&str; 9] = ["FR", "NFR", "SC", "REQ", "AC", "US", "IR", "TR", "UR"];

/// The requirement ids in an item's words: `FR-003`, ranges expanded; stories only in brackets,
/// `[US1, US2]`, because `US1` may be anything.
pub(crate) fn in_text(text: &str, mut push: impl FnMut(String)) {
    let bytes = text.as_bytes();
    let mut taken = 0;
    for dash in memchr::memchr_iter(b'-', bytes) {
        if dash < taken {
            continue;
        }
        let upper = |b: &&u8| b.is_ascii_uppercase();
        let start = dash - bytes[..dash].iter().rev().take_while(upper).count();
        let prefix = &text[start..dash];
        let apart = |c: char| !c.is_alphanumeric() && !matches!(c, '-' | '_');
        if !PREFIXES.contains(&prefix) || !text[..start].chars().next_back().is_none_or(apart) {
            continue;
        }
        if let Some(used) = numbered(prefix, &text[dash + 1..], &mut push) {
            taken = dash + 1 + used;
        }
    }
    if crate::words::holds(text, "US") {
        for aside in text.split(['(', '[']).skip(1) {
            let aside = aside.split([')', ']']).next().unwrap_or("");
            let words = aside.split([',', ' ', '+', '&', '/']);
            for word in words.filter(|word| !word.is_empty()) {
                let Some(number) = word.strip_prefix("US") else {
                    break;
                };
                if is_number(number) {
                    push(format!("US{number}"));
                }
            }
        }
    }
}

/// The ids of a list of requirements and nothing else: `1.2, 3.4`, `FR-3 and 2.4-2.6`,
/// `Requirements 1.1, 1.2`. None where the words say something more.
pub(crate) fn listed(list: &str) -> Vec<String> {
    let mut found = Vec::new();
    for word in list.split([',', ';', ' ', '&', '+', '、', '，']) {
        let word = word.trim_matches(['.', '_', '*', '`', '(', ')', '[', ']']);
        let prefix = word.split_once('-').map_or("", |(prefix, _)| prefix);
        let mut push = |id| found.push(id);
        if PREFIXES.contains(&prefix) {
            numbered(prefix, &word[prefix.len() + 1..], &mut push);
        } else if let Some((first, last)) = word.split_once(['-', '–'])
            && is_number(first)
            && is_number(last)
        {
            // `2.4-2.6`: the last part runs.
            let split = |id: &str| -> Option<(String, u32)> {
                let digits = id.rsplit('.').next().unwrap_or(id);
                let stem = id[..id.len() - digits.len()].to_owned();
                Some((stem, digits.parse().ok()?))
            };
            if let (Some((stem, low)), Some((other, high))) = (split(first), split(last))
                && stem == other
                && low < high
                && high - low <= MAX_RANGE
            {
                found.extend((low..=high).map(|number| format!("{stem}{number}")));
            }
        } else if is_number(word) {
            push(word.to_owned());
        } else if let Some(number) = word.strip_prefix("US").filter(|number| is_number(number)) {
            push(format!("US{number}"));
        } else if !matches!(
            word.to_lowercase().as_str(),
            "" | "and" | "requirement" | "requirements" | "req" | "reqs" | "和"
        ) {
            return Vec::new();
        }
    }
    found
}

/// Ids of one prefix from the text behind its dash: `003`, `003-005`, `003–FR-005`. Gives the bytes
/// that they take.
fn numbered(prefix: &str, rest: &str, push: &mut impl FnMut(String)) -> Option<usize> {
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let low: u32 = rest[..digits].parse().ok()?;
    let mut end = digits;
    let bytes = rest.as_bytes();
    if bytes.get(end).is_some_and(u8::is_ascii_lowercase)
        && !bytes.get(end + 1).is_some_and(u8::is_ascii_alphanumeric)
    {
        end += 1;
    }
    if rest[end..].starts_with(|c: char| c.is_alphanumeric() || c == '_') {
        return None;
    }
    // A story's id is written without its dash elsewhere.
    let dash = if prefix == "US" { "" } else { "-" };
    push(format!("{prefix}{dash}{}", &rest[..end]));
    let behind = rest[end..].trim_start_matches(' ');
    let range = ["..", "-", "–", "to "]
        .iter()
        .find_map(|mark| behind.strip_prefix(mark));
    if let Some(more) = range {
        let more = more.trim_start_matches(['.', ' ']);
        let more = more.strip_prefix(prefix).unwrap_or(more);
        let more = more.strip_prefix('-').unwrap_or(more);
        let width = more.bytes().take_while(u8::is_ascii_digit).count();
        if let Ok(high) = more[..width].parse::<u32>()
            && low < high
            && high - low <= MAX_RANGE
            && !more[width..].starts_with(char::is_alphanumeric)
        {
            for number in low + 1..=high {
                push(format!("{prefix}{dash}{number:0digits$}"));
            }
            return Some(rest.len() - more.len() + width);
        }
    }
    Some(end)
}

/// `3`, `1.2`, `1.2.3`.
fn is_number(word: &str) -> bool {
    word.len() <= 12
        && word
            .split('.')
            .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::{in_text, listed};

    #[test]
    fn requirements_are_found_in_words() {
        for (text, expected) in [
            ("Store it (FR-001, SC-002)", &["FR-001", "SC-002"][..]),
            (
                "Send it (FR-017–020, research D6)",
                &["FR-017", "FR-018", "FR-019", "FR-020"],
            ),
            (
                "FR-003 to FR-004 and NFR-1b",
                &["FR-003", "FR-004", "NFR-1b"],
            ),
            (
                "Show [US1, US-2] and (US3+US4)",
                &["US2", "US1", "US3", "US4"],
            ),
            (
                "RFC-822, US1, OFR-1, SC-x, FR-12ab, (US spelling), UTF-8",
                &[],
            ),
        ] {
            let mut found = Vec::new();
            in_text(text, |id| found.push(id));
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn lists_hold_ids_and_nothing_else() {
        for (list, expected) in [
            ("1.2, 3.4", &["1.2", "3.4"][..]),
            ("Requirements 1.1 and 2", &["1.1", "2"]),
            ("2.4-2.6, FR-3, US1", &["2.4", "2.5", "2.6", "FR-3", "US1"]),
            ("3 files for 2 people", &[]),
            ("All", &[]),
            ("9-1, 1.2-3", &[]),
        ] {
            assert_eq!(listed(list), expected, "{list}");
        }
    }
}
