//! What stands in front of an item's words: ids, tags, stamps.

use crate::times;
use crate::words::{is_symbol, strip_prefix_ignore_case};

/// The marks in front of an item's words.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Lead {
    pub(crate) id: Option<String>,
    pub(crate) parallel: bool,
    pub(crate) covers: Vec<String>,
    /// Bytes of the text that the marks take.
    pub(crate) used: usize,
}

/// Reads ids, `[P]`, `[US1]` and stamps at the start of an item's text.
pub(crate) fn read(text: &str) -> Lead {
    let mut lead = Lead::default();
    let mut at = 0;
    loop {
        let rest = &text[at..];
        let trimmed = rest.trim_start_matches(|c: char| c == ' ' || is_symbol(c));
        at += rest.len() - trimmed.len();
        if let Some((_, used)) = times::leading(trimmed) {
            at += used;
            continue;
        }
        if let Some(inner) = trimmed.strip_prefix('[')
            && let Some(close) = inner.find(']')
            && close <= 24
        {
            let tag = &inner[..close];
            if let Some(kind) = tag_kind(tag) {
                match kind {
                    Tag::Parallel => lead.parallel = true,
                    Tag::Covers => lead.covers.push(tag.replace("US-", "US")),
                    Tag::Id if lead.id.is_none() => lead.id = Some(tag.to_owned()),
                    Tag::Id | Tag::Other => {}
                }
                at += close + 2;
                continue;
            }
        }
        if lead.id.is_none()
            && let Some((id, used)) = id(trimmed)
        {
            lead.id = Some(id);
            at += used;
            continue;
        }
        break;
    }
    lead.used = at;
    lead
}

enum Tag {
    Parallel,
    Covers,
    Id,
    Other,
}

fn tag_kind(tag: &str) -> Option<Tag> {
    if matches!(tag, "P" | "P?" | "parallel") {
        return Some(Tag::Parallel);
    }
    if tag == "Story" || tag == "Story?" {
        return Some(Tag::Other);
    }
    let upper = tag.bytes().take_while(u8::is_ascii_uppercase).count();
    let rest = tag[upper..].trim_start_matches('-');
    if upper > 0
        && !rest.is_empty()
        && rest
            .bytes()
            .all(|b| b.is_ascii_digit() || b == b',' || b == b'.')
    {
        return Some(match &tag[..upper] {
            "US" | "FR" | "SC" | "NFR" | "AC" | "R" | "REQ" => Tag::Covers,
            "T" | "WP" | "TASK" => Tag::Id,
            _ => Tag::Other,
        });
    }
    None
}

/// The number of a heading such as `Unit 3: X`, `Story 1.2 - X`: one word, a number, a separator.
pub(crate) fn counted(title: &str) -> Option<String> {
    let (word, rest) = title.split_once(' ')?;
    let digits = rest
        .bytes()
        .take_while(|b| b.is_ascii_digit() || *b == b'.')
        .count();
    let number = rest[..digits].trim_end_matches('.');
    let after = rest[number.len()..].trim_start();
    let separated = after.starts_with([':', '：', '—', '–', '.']) || after.starts_with("- ");
    (word.chars().all(char::is_alphabetic)
        && word.starts_with(char::is_uppercase)
        && !number.is_empty()
        && number.as_bytes()[0].is_ascii_digit()
        && separated)
        .then(|| number.to_owned())
}

/// An explicit id at the start of text, and the bytes up to the words behind it.
///
/// Ids: `T001`, `T005a`, `T1.2`, `DB-1`, `2.3`, `M1.2`, `P6`, `Task 3`. A running list number is none.
pub(crate) fn id(text: &str) -> Option<(String, usize)> {
    let end_of = |end: usize| {
        let rest = &text[end..];
        let trimmed = rest.trim_start_matches([':', '.', ')', '：', ' ', '*']);
        let trimmed = ["— ", "– ", "- ", "—", "|"]
            .iter()
            .find_map(|dash| trimmed.strip_prefix(dash))
            .unwrap_or(trimmed);
        text.len() - trimmed.trim_start().len()
    };
    let separator = |end: usize| {
        let rest = text[end..].trim_start_matches(' ');
        rest.starts_with([':', '.', ')', '：', '[', '—', '–', '|']) || rest.starts_with("- ")
    };
    if let Some(rest) = strip_prefix_ignore_case(text, "task ") {
        let digits = rest
            .bytes()
            .take_while(|b| b.is_ascii_digit() || *b == b'.')
            .count();
        let number = rest[..digits].trim_end_matches('.');
        if !number.is_empty()
            && number.as_bytes()[0].is_ascii_digit()
            && separator("task ".len() + number.len())
        {
            return Some((number.to_owned(), end_of("task ".len() + number.len())));
        }
        return None;
    }
    let bytes = text.as_bytes();
    let upper = bytes.iter().take_while(|b| b.is_ascii_uppercase()).count();
    if upper == 0 {
        // `1.2 words`, `3.1.4. words`: at least two parts, so that a list number is none.
        let digits = bytes
            .iter()
            .take_while(|b| b.is_ascii_digit() || **b == b'.')
            .count();
        let number = text[..digits].trim_end_matches('.');
        let parts = number.split('.').filter(|part| !part.is_empty()).count();
        let ends = text[digits..].starts_with([' ', ':', ')', ']', '*']);
        let dotted = number
            .split('.')
            .all(|part| !part.is_empty() && part.len() <= 3);
        return (parts >= 2 && ends && dotted && number.as_bytes()[0].is_ascii_digit())
            .then(|| (number.to_owned(), end_of(digits)));
    }
    if upper > 8 {
        return None;
    }
    let dashed = bytes.get(upper) == Some(&b'-');
    let start = upper + usize::from(dashed);
    let digits = bytes[start..]
        .iter()
        .take_while(|b| b.is_ascii_digit() || **b == b'.')
        .count();
    let number = text[start..start + digits].trim_end_matches('.');
    if number.is_empty() || !number.as_bytes()[0].is_ascii_digit() {
        return None;
    }
    let mut end = start + number.len();
    if bytes.get(end).is_some_and(u8::is_ascii_lowercase)
        && !bytes.get(end + 1).is_some_and(u8::is_ascii_alphanumeric)
    {
        end += 1;
    }
    // `T031-MIN`, `RR-01B`: a suffix in capitals belongs to the id.
    let suffix = text[end..].strip_prefix('-').map_or(0, |rest| {
        let letters = rest.bytes().take_while(u8::is_ascii_uppercase).count();
        if letters >= 2 && upper == 1 {
            letters + 1
        } else {
            0
        }
    });
    end += suffix;
    if dashed && bytes.get(end).is_some_and(u8::is_ascii_uppercase) {
        end += 1;
    }
    let after = text[end..].chars().next();
    if after.is_some_and(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '/' | '\'' | '+')) {
        return None;
    }
    let prefix = &text[..upper];
    let well_known = matches!(
        prefix,
        "T" | "WP" | "TASK" | "CHK" | "FR" | "SC" | "NFR" | "DB" | "AC" | "US" | "Q"
    );
    // `S3 bucket`, `UTF-8 text` are words; `P6 [M2]: x` and `DB-12 x` are ids.
    let sure = well_known && number.len() + usize::from(dashed) >= 2
        || prefix == "Q" && text[end..].starts_with(" (")
        || well_known && separator(end)
        || prefix == "T"
        || separator(end) && upper <= 6
        || dashed && number.len() >= 2 && upper >= 2
        || number.contains('.') && upper <= 3;
    // `ADR-020 removes the quorum` speaks of a document, and `SHA-256 of the file` of a standard.
    let names_another = matches!(
        prefix,
        "ADR" | "PRD" | "RFC" | "PLAN" | "PLN" | "SPEC" | "EPIC" | "ISO" | "SHA" | "AES" | "CVE"
    );
    (sure && prefix != "UTF" && (!names_another || separator(end)))
        .then(|| (text[..end].to_owned(), end_of(end)))
}

/// The number inside a box's text: `- [ ] 1. Set up`. A list's own numbers stand before the box.
pub(crate) fn numbered_box(text: &str) -> Option<(String, usize)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = &text[digits..];
    let behind = rest.strip_prefix('.').or_else(|| rest.strip_prefix(')'))?;
    (1..=3).contains(&digits).then_some(())?;
    behind
        .starts_with(' ')
        .then(|| (text[..digits].to_owned(), digits + 2))
}

#[cfg(test)]
mod tests {

    use super::{id, read};

    #[test]
    fn explicit_ids_are_told_from_words() {
        for (text, expected, rest) in [
            ("T001 Create x", "T001", "Create x"),
            ("T005a Create x", "T005a", "Create x"),
            ("T1.2: Create x", "T1.2", "Create x"),
            ("DB-1: Add", "DB-1", "Add"),
            ("SC-006 All pass", "SC-006", "All pass"),
            ("2.3 Write", "2.3", "Write"),
            ("3.4.5. Extend", "3.4.5", "Extend"),
            ("Task 3: Scaffold", "3", "Scaffold"),
            ("P6 [M2]: Write", "P6", "[M2]: Write"),
            ("M1.2 — Write", "M1.2", "Write"),
            ("ADR-020: Write", "ADR-020", "Write"),
        ] {
            let (found, used) = id(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((found.as_str(), &text[used..]), (expected, rest), "{text}");
        }
        for text in [
            "S3 bucket setup",
            "UTF-8 text",
            "Create x",
            "2026 plan",
            "1. Write",
            "3 files",
            "OAuth2 flow",
            "Task force",
            "HTTP/2 frames",
            "I18N-ready",
            "ADR-020 removes the quorum",
            "SHA-256 of the file",
        ] {
            assert_eq!(id(text), None, "{text}");
        }
    }

    #[test]
    fn tags_and_stamps_stand_in_any_order() {
        let lead = read("T015 [P] [US1] Implement selectors");
        assert_eq!(lead.id.as_deref(), Some("T015"));
        assert!(lead.parallel);
        assert_eq!(lead.covers, ["US1"]);
        let text = "(2026-02-17) P7 [M2]: Write test";
        let lead = read(text);
        assert_eq!(lead.id.as_deref(), Some("P7"));
        assert_eq!(&text[lead.used..], ": Write test");
    }
}
