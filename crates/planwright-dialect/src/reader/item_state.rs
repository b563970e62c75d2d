//! How far an item is: by its mark, and by the words beside or without one.

use planwright_model::ItemState;

use crate::words::{find_ignore_case, holds, strip_prefix_ignore_case};

/// The answer that a question already carries: `RESOLVED -> ...`, `Q: ... → A: ...`.
pub(crate) fn answered(text: &str) -> Option<(ItemState, String)> {
    let resolved = [
        "RESOLVED",
        "Resolved:",
        "ANSWERED",
        "→ A:",
        "-> A:",
        "(resolved",
    ]
    .iter()
    .find(|word| text.contains(**word))?;
    Some((ItemState::Done, (*resolved).to_owned()))
}

/// Text without a leading `SKIP:`, and that it was there.
pub(crate) fn skipped(text: &str) -> Option<&str> {
    ["SKIP:", "SKIPPED:", "SKIPPED -", "SKIPPED —", "N/A:"]
        .iter()
        .find_map(|word| text.strip_prefix(word))
        .map(str::trim_start)
}

/// The state that a box shows.
pub(crate) fn mark_state(symbol: &str) -> ItemState {
    match symbol.trim_end_matches('\u{fe0f}') {
        "x" | "X" | "✓" | "✔" | "√" | "✅" | "☑" => ItemState::Done,
        "~" | "/" | "🔄" | ">" | "." | "🚧" | "*" | "+" | "⏳" => ItemState::InProgress,
        "-" | "🚫" | "☒" => ItemState::Cancelled,
        "!" | "⏸" | "❌" | "⛔" | "✗" | "✘" => ItemState::Blocked,
        _ => ItemState::Todo,
    }
}

/// Words that cancel an item at its beginning, at its end or in brackets.
const CANCELLING: [&str; 7] = [
    "n/a",
    "not applicable",
    "cancelled",
    "canceled",
    "skipped",
    "won't do",
    "not needed",
];

/// False for trimmed text that holds none of the words that [`word_state`] looks for: most text does
/// not, and this is told without lower-casing it.
fn may_state(text: &str, boxed: bool) -> bool {
    let bytes = text.as_bytes();
    let Some(first) = bytes.first() else {
        return true;
    };
    // Letters whose lower case is ASCII though they are not; brackets; a dash behind which words stand.
    if !first.is_ascii()
        || !text.is_ascii() && (!boxed && text.contains("— ") || text.contains(['\u{212a}', 'İ']))
        || memchr::memchr2(b'(', b'[', bytes).is_some()
    {
        return true;
    }
    let begins = |word: &str| strip_prefix_ignore_case(text, word).is_some();
    let ends = |word: &str| {
        bytes.len() >= word.len()
            && bytes[bytes.len() - word.len()..].eq_ignore_ascii_case(word.as_bytes())
    };
    let opening = match first.to_ascii_lowercase() {
        b'd' => begins("done"),
        b'c' => begins("complete") || begins("cancelled") || begins("canceled"),
        b'p' => begins("partly done") || begins("partially done"),
        b'i' => begins("in progress:"),
        b'b' => begins("blocked"),
        b'n' => begins("n/a") || begins("not applicable") || begins("not needed"),
        b's' => begins("skipped"),
        b'w' => begins("won't do"),
        _ => false,
    };
    opening
        || CANCELLING.iter().any(|word| ends(word))
        || holds(text, "BLOCKED")
        || boxed && ends("blocked")
        || !boxed
            && (holds(text, " - ")
                || memchr::memchr(b':', bytes).is_some()
                    && find_ignore_case(text, "status: ").is_some())
}

/// The state that one or two words in brackets, or behind a dash, stand for; `None` for words that are
/// not only a state.
fn lone_word(words: &str) -> Option<ItemState> {
    Some(
        match words
            .trim()
            .to_lowercase()
            .replace(['_', '-'], " ")
            .as_str()
        {
            "done" | "complete" | "completed" | "finished" | "implemented" | "verified"
            | "shipped" | "merged" | "landed" => ItemState::Done,
            "in progress" | "wip" | "ongoing" | "started" | "partial" => ItemState::InProgress,
            "pending" | "todo" | "to do" | "open" | "not started" | "planned" => ItemState::Todo,
            "blocked" => ItemState::Blocked,
            "cancelled" | "canceled" | "skipped" | "dropped" => ItemState::Cancelled,
            _ => return None,
        },
    )
}

/// The state that an item's words show beside or without a box, and the words.
pub(crate) fn word_state(text: &str, struck: bool, boxed: bool) -> Option<(ItemState, String)> {
    let found = |state: ItemState, words: &str| Some((state, words.to_owned()));
    let trimmed = text.trim();
    if !struck && !may_state(trimmed, boxed) {
        return None;
    }
    if let Some(inner) = trimmed.strip_prefix('[')
        && let Some(close) = inner.find(']')
        && [
            "VERIFIED",
            "SHIPPED",
            "MERGED",
            "COMPLETE",
            "IMPLEMENTED",
            "LANDED",
        ]
        .iter()
        .any(|word| inner.starts_with(word))
    {
        return found(ItemState::Done, &trimmed[..close + 2]);
    }
    if !boxed
        && let Some((words, _)) = trimmed
            .strip_prefix('[')
            .and_then(|rest| rest.split_once("] "))
        && let Some(state) = lone_word(words)
    {
        return found(state, &trimmed[..words.len() + 2]);
    }
    if let Some(at) = trimmed.find("[DONE").or_else(|| trimmed.find("[COMPLETED")) {
        return found(
            ItemState::Done,
            &trimmed[at..trimmed[at..]
                .find(']')
                .map_or(trimmed.len(), |end| at + end + 1)],
        );
    }
    if let Some(at) =
        find_ignore_case(trimmed, "(completed:").or_else(|| find_ignore_case(trimmed, "(done:"))
        && find_ignore_case(&trimmed[at..], "remaining:").is_some()
    {
        return found(ItemState::InProgress, &trimmed[at..]);
    }
    let first = trimmed.chars().next()?;
    if let Some(state) = match first {
        '✅' | '✔' | '☑' | '✓' => Some(ItemState::Done),
        '🔄' | '🚧' => Some(ItemState::InProgress),
        '❌' if find_ignore_case(trimmed, "not applicable").is_some() => {
            Some(ItemState::Cancelled)
        }
        '⏸' | '❌' | '⛔' => Some(ItemState::Blocked),
        '⏳' | '⬜' => Some(ItemState::Todo),
        '🚫' => Some(ItemState::Cancelled),
        _ => None,
    } {
        return found(state, &first.to_string());
    }
    let lower = trimmed.to_lowercase();
    let opening = lower.split(['.', ':', ' ', ';', '—']).next().unwrap_or("");
    // `- blocked` alone is a word of a list, not a task without words.
    let stops = |word: &str| {
        lower[word.len()..].starts_with(['.', ':', ';', ')', ']'])
            || lower[word.len()..].starts_with(" —")
            || boxed && lower.len() == word.len()
    };
    if matches!(opening, "done" | "completed") && stops(opening)
        || opening == "complete" && lower[opening.len()..].starts_with(':')
    {
        return found(ItemState::Done, &trimmed[..opening.len()]);
    }
    if lower.starts_with("partly done")
        || lower.starts_with("partially done")
        || lower.starts_with("in progress:")
    {
        return found(ItemState::InProgress, "partly done");
    }
    if (opening == "blocked" && stops(opening))
        || trimmed.starts_with("BLOCKED")
        || trimmed.starts_with("(BLOCKED")
        || trimmed.contains("[BLOCKED")
    {
        return found(ItemState::Blocked, "BLOCKED");
    }
    if boxed && (trimmed.contains("- BLOCKED") || trimmed.contains("— BLOCKED"))
        || trimmed.ends_with("BLOCKED")
        || lower.ends_with("(blocked)")
        || boxed && lower.ends_with("— blocked")
    {
        return found(ItemState::Blocked, "BLOCKED");
    }
    let tail = lower.trim_end_matches(['.', '*', ' ', ')']);
    if struck {
        let over = tail.ends_with("done") || tail.ends_with("completed");
        return found(
            if over {
                ItemState::Done
            } else {
                ItemState::Cancelled
            },
            "struck through",
        );
    }
    for word in CANCELLING {
        let Some(at) = lower.find(word) else { continue };
        let (before, after) = (lower[..at].trim_end(), &lower[at + word.len()..]);
        let opens = before.is_empty()
            && (after.starts_with([':']) || after.starts_with(" -") || after.starts_with(" —"));
        let closes = after.is_empty() && before.ends_with(['—', '-']);
        let aside = before.ends_with('(') && after.starts_with([')', ':']) || before.ends_with('[');
        if opens || closes || aside {
            return found(ItemState::Cancelled, word);
        }
    }
    if boxed {
        return None;
    }
    if let Some((_, words)) = trimmed.rsplit_once(" - ")
        && let Some(state) = lone_word(words.trim_end_matches('.'))
    {
        return found(state, words);
    }
    // Without a box, words at the end decide: `(met 2026-08-15)`, `— verified 2026-07-06.`
    let aside = lower
        .rfind('(')
        .map(|at| lower[at + 1..].trim_end_matches([')', '.', ' ']));
    let dash = lower.rfind("— ").map(|at| &lower[at + "— ".len()..]);
    let status = lower.rfind("status: ").and_then(|at| {
        // `Author it with status: draft. Then flip it` speaks of another's.
        let before = lower[..at].trim_end_matches([' ', '*', '_']);
        let words = &lower[at + "status: ".len()..];
        let is_own =
            before.is_empty() || before.ends_with(['.', ';', ',', '—', '–', '(', '|', ')']);
        (is_own && words.split_whitespace().count() <= 4).then_some(words)
    });
    for words in aside.into_iter().chain(dash).chain(status) {
        let first = words.split([' ', ',', ';', '.', ')']).next().unwrap_or("");
        let rest = words[first.len()..].trim_start_matches([' ', ',', '.']);
        let dated = rest.is_empty()
            || rest.starts_with(|c: char| c.is_ascii_digit())
            || rest.starts_with("in ")
            || rest.starts_with("on ")
            || Some(words) == status;
        if matches!(
            first,
            "met"
                | "verified"
                | "done"
                | "complete"
                | "completed"
                | "shipped"
                | "passed"
                | "implemented"
                | "landed"
        ) && dated
        {
            return found(ItemState::Done, first);
        }
        if Some(words) == status && !matches!(first, "" | "todo" | "open" | "pending" | "not") {
            return found(ItemState::InProgress, words);
        }
    }
    None
}

/// The sign in front of a task that it is held up: `⏸ Rank the results`. Other signs beside an empty
/// box may be there for their looks.
pub(crate) fn held_up(lead: &str) -> Option<(ItemState, String)> {
    let sign = lead.chars().find(|c| matches!(c, '⏸' | '⛔'))?;
    Some((ItemState::Blocked, sign.to_string()))
}

/// The verdict on a principle: `PASS`, `✅`, `COMPLIANT`, `FAIL`.
pub(crate) fn verdict(text: &str) -> Option<(ItemState, String)> {
    if text.contains("? N/A") || text.contains(": N/A") || text.contains("— N/A") {
        return Some((ItemState::Cancelled, "N/A".to_owned()));
    }
    if let Some(c) = text
        .chars()
        .find(|c| matches!(c, '✅' | '✔' | '✓' | '❌' | '✗' | '⚠'))
    {
        let state = if matches!(c, '✅' | '✔' | '✓') {
            ItemState::Done
        } else {
            ItemState::Blocked
        };
        return Some((state, c.to_string()));
    }
    for word in ["PASS", "PASSED", "COMPLIANT", "Compliant", "Pass"] {
        if text
            .split(|c: char| !c.is_alphanumeric())
            .any(|part| part == word)
        {
            return Some((ItemState::Done, word.to_owned()));
        }
    }
    for word in ["FAIL", "FAILED", "VIOLATION"] {
        if text
            .split(|c: char| !c.is_alphanumeric())
            .any(|part| part == word)
        {
            return Some((ItemState::Blocked, word.to_owned()));
        }
    }
    text.split(|c: char| !c.is_alphanumeric())
        .any(|part| part == "NA")
        .then(|| (ItemState::Cancelled, "N/A".to_owned()))
        .or_else(|| {
            text.contains("N/A")
                .then(|| (ItemState::Cancelled, "N/A".to_owned()))
        })
}

#[cfg(test)]
mod tests {
    use planwright_model::ItemState;

    use super::{held_up, word_state};

    #[test]
    fn words_show_a_state_where_a_box_does_not() {
        for (text, boxed, expected) in [
            ("Done. The branch reads x", false, Some(ItemState::Done)),
            (
                "Partly done. Row carries x",
                false,
                Some(ItemState::InProgress),
            ),
            (
                "Carries no claim (met 2026-08-15, text)",
                false,
                Some(ItemState::Done),
            ),
            (
                "`make test` is green — verified 2026-07-06.",
                false,
                Some(ItemState::Done),
            ),
            (
                "Stays clean. Status: verified",
                false,
                Some(ItemState::Done),
            ),
            ("Author it with Status: draft. Then flip it", false, None),
            ("BookStatus: single copy", false, None),
            (
                "Write x (completed: a; remaining: b)",
                true,
                Some(ItemState::InProgress),
            ),
            ("Write x [DONE 2026-07-29]", true, Some(ItemState::Done)),
            ("Write x (N/A)", true, Some(ItemState::Cancelled)),
            ("✅ Principle", false, Some(ItemState::Done)),
            ("[complete] Write x", false, Some(ItemState::Done)),
            ("[in_progress] Write x", false, Some(ItemState::InProgress)),
            ("[US1] Write x", false, None),
            ("Complete: Write x", false, Some(ItemState::Done)),
            ("Write x - complete", false, Some(ItemState::Done)),
            ("Write x - In Progress.", false, Some(ItemState::InProgress)),
            ("Write x - complete the tests", false, None),
            ("blocked", false, None),
            ("blocked: by the vendor", false, Some(ItemState::Blocked)),
            ("Complete the schema", false, None),
            ("Done is better than perfect", false, None),
            ("Verify x (see docs)", false, None),
        ] {
            assert_eq!(
                word_state(text, false, boxed).map(|(state, _)| state),
                expected,
                "{text}"
            );
        }
        assert_eq!(
            word_state("old thing", true, false).unwrap().0,
            ItemState::Cancelled
        );
    }

    #[test]
    fn a_sign_in_front_of_a_task_says_that_it_is_held_up() {
        for (lead, expected) in [
            ("⏸ ", Some(ItemState::Blocked)),
            ("⏸\u{fe0f} T012 ", Some(ItemState::Blocked)),
            ("T043 [US5] ⛔ ", Some(ItemState::Blocked)),
            ("🔒 ", None),
            ("❌ ", None),
            ("T012 ", None),
        ] {
            assert_eq!(held_up(lead).map(|(state, _)| state), expected, "{lead}");
        }
    }
}
