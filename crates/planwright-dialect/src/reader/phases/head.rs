//! Headings of phases by their words: `Phase 1: X`, `M2`, `第一阶段`.

use crate::outline::LABEL;
use crate::vocabulary::Vocabulary;
use crate::words::{is_symbol, strip_prefix_ignore_case};

/// What a phase heading says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PhaseHead {
    /// `1`, `3.1`, `A`, `M2`.
    pub(crate) id: String,
    /// The word in front of the number, lower case.
    pub(crate) word: String,
}

/// Reads a heading as that of a phase: `Phase 1: X`, `Milestone 2 - X`, `M1`, `Wave 2`, `阶段 3`.
pub(crate) fn head(title: &str, words: &Vocabulary, level: u8) -> Option<PhaseHead> {
    if level == LABEL {
        return None;
    }
    let text = title.trim_start_matches(|c: char| {
        is_symbol(c)
            || c.is_whitespace()
            || matches!(c, '~' | '*' | '[' | 'x' | 'X' if matches!(c, '~' | '*' | '['))
    });
    let text = text
        .strip_prefix("x] ")
        .or_else(|| text.strip_prefix(" ] "))
        .unwrap_or(text);
    let text = crate::words::strip_number(text);
    if !words.may_head_phase(text) {
        return None;
    }
    if let Some(head) = short(text) {
        return Some(head);
    }
    if let Some(head) = chinese(text) {
        return Some(head);
    }
    let lower = (!text.is_ascii()).then(|| text.to_lowercase());
    let begins = |word: &&String| {
        strip_prefix_ignore_case(text, word).is_some()
            || lower.as_ref().is_some_and(|lower| lower.starts_with(*word))
    };
    let known = words.phase_words.iter();
    let word = known.filter(begins).max_by_key(|word| word.len())?;
    // Lower-casing can change lengths; only then is the prefix looked for by characters.
    let same =
        |opening: &str| opening.eq_ignore_ascii_case(word) || opening.to_lowercase() == *word;
    let rest = if text.get(..word.len()).is_some_and(same) {
        &text[word.len()..]
    } else {
        let count = word.chars().count();
        text.char_indices()
            .nth(count)
            .map_or("", |(at, _)| &text[at..])
    };
    let glued = word.chars().any(|c| !c.is_ascii_alphabetic());
    if !glued && !rest.starts_with([' ', '\u{a0}', '#', '-', '_']) {
        return None;
    }
    let rest = rest.trim_start_matches([' ', '\u{a0}', '#', '_']);
    let rest = if rest.starts_with('-') && rest[1..].starts_with(|c: char| c.is_ascii_digit()) {
        &rest[1..]
    } else {
        rest
    };
    let id = number(rest)?;
    let after = &rest[id.len()..];
    let id = id.trim_end_matches(['.', ')']).to_owned();
    if !separated(after) {
        return None;
    }
    Some(PhaseHead {
        id,
        word: word.clone(),
    })
}

/// `M1`, `M1.`, `M2 — X`, `WP01: X`, `S3: X`.
fn short(text: &str) -> Option<PhaseHead> {
    let letters = text.bytes().take_while(u8::is_ascii_uppercase).count();
    if !matches!(&text[..letters], "M" | "MS" | "PR") {
        return None;
    }
    let digits = text[letters..]
        .bytes()
        .take_while(|b| b.is_ascii_digit() || *b == b'.')
        .count();
    let id = text[..letters + digits].trim_end_matches('.');
    let number = &id[letters..];
    if number.is_empty() || !number.as_bytes()[0].is_ascii_digit() {
        return None;
    }
    let after = &text[id.len()..];
    (separated(after)).then(|| PhaseHead {
        id: id.to_owned(),
        word: "m".to_owned(),
    })
}

/// `第 1 阶段：X`, `第一阶段`.
fn chinese(text: &str) -> Option<PhaseHead> {
    let rest = text.strip_prefix('第')?.trim_start();
    let end = rest.find(['阶', '階', '步', '期'])?;
    let id = rest[..end].trim();
    (!id.is_empty() && id.chars().count() <= 3).then(|| PhaseHead {
        id: id.to_owned(),
        word: "阶段".to_owned(),
    })
}

/// `1`, `3.1`, `2a`, `1-3`, `3+`, `A`, `IV`, `N`, `CLI-1`, `one`.
fn number(text: &str) -> Option<&str> {
    let bytes = text.as_bytes();
    let digits = bytes
        .iter()
        .take_while(|b| b.is_ascii_digit() || **b == b'.')
        .count();
    if digits > 0 && bytes[0].is_ascii_digit() {
        // A dot behind the number separates; one inside it does not.
        let mut end = text[..digits].trim_end_matches('.').len();
        if bytes.get(end).is_some_and(u8::is_ascii_lowercase)
            && !bytes.get(end + 1).is_some_and(u8::is_ascii_alphanumeric)
        {
            end += 1;
        }
        // A range, `1-3` or `1–3`; a plus for `and later`.
        for dash in ["-", "–"] {
            if let Some(rest) = text[end..].strip_prefix(dash) {
                let more = rest.bytes().take_while(u8::is_ascii_digit).count();
                if more > 0 {
                    end += dash.len() + more;
                    break;
                }
            }
        }
        if text[end..].starts_with('+') {
            end += 1;
        }
        return Some(&text[..end]);
    }
    let word = text
        .find(|c: char| !c.is_alphanumeric())
        .unwrap_or(text.len());
    let first = &text[..word];
    let roman = !first.is_empty() && first.chars().all(|c| matches!(c, 'I' | 'V' | 'X'));
    let letter = first.len() == 1 && first.as_bytes()[0].is_ascii_uppercase();
    let spelled = matches!(
        first.to_ascii_lowercase().as_str(),
        "one"
            | "two"
            | "three"
            | "four"
            | "five"
            | "six"
            | "seven"
            | "eight"
            | "nine"
            | "ten"
            | "zero"
    );
    if letter {
        // `Phase B + C + D`: several at once.
        let mut end = 1;
        while let Some(rest) = text[end..].strip_prefix(" + ")
            && rest.starts_with(|c: char| c.is_ascii_uppercase())
            && !rest[1..].starts_with(char::is_alphanumeric)
        {
            end += 4;
        }
        if end > 1 {
            return Some(&text[..end]);
        }
        // `Stage A1`, `Stage A.2`.
        let more = text[1..].bytes().take_while(u8::is_ascii_digit).count();
        return Some(&text[..=more]);
    }
    if roman || spelled {
        return Some(first);
    }
    let letters = bytes.iter().take_while(|b| b.is_ascii_uppercase()).count();
    if (1..=5).contains(&letters) {
        let rest = text[letters..]
            .strip_prefix('-')
            .unwrap_or(&text[letters..]);
        let skipped = text.len() - letters - rest.len();
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if digits > 0 {
            return Some(&text[..letters + skipped + digits]);
        }
    }
    None
}

/// True when what follows a number ends it: nothing, a separator, or an aside in parentheses.
fn separated(after: &str) -> bool {
    let trimmed = after.trim_start();
    if trimmed.is_empty() {
        return true;
    }
    let spaced = after.len() != trimmed.len();
    match trimmed.chars().next() {
        Some(':' | '：' | '.' | ')' | '—' | '–' | ',' | '、' | '|') => true,
        Some('(' | '（' | '-' | '[' | '→' | '~' | '/') => {
            spaced || trimmed.starts_with(['(', '（'])
        }
        Some(c) => is_symbol(c),
        None => false,
    }
}
