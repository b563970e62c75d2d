//! Words for messages.

use std::borrow::Cow;

/// The candidate that is most like a word, where one is like it: a slip of the pen away, not merely
/// of the same beginning, and not its opposite.
pub(crate) fn nearest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let word = word.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| {
            let likeness = strsim::jaro_winkler(&word, &candidate.to_lowercase());
            (likeness, candidate)
        })
        .filter(|(likeness, candidate)| {
            let candidate = candidate.to_lowercase();
            let most = (word.chars().count().max(candidate.chars().count()) / 4).max(2);
            *likeness > 0.8
                && (candidate.starts_with(&word) || strsim::osa_distance(&word, &candidate) <= most)
                && !is_opposite(&word, &candidate)
        })
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))
        .map(|(_, candidate)| candidate)
}

/// `incomplete` is no slip of the pen for `complete`.
fn is_opposite(word: &str, other: &str) -> bool {
    let negates = |long: &str, short: &str| {
        let before = long.strip_suffix(short);
        before.is_some_and(|before| {
            matches!(before, "in" | "un" | "non" | "non-" | "not " | "de" | "dis")
        })
    };
    negates(word, other) || negates(other, word)
}

/// An author's words, cut where a message would drown in them.
pub(crate) fn short(words: &str) -> Cow<'_, str> {
    const MOST: usize = 40;
    let Some((end, _)) = words.char_indices().nth(MOST) else {
        return Cow::Borrowed(words);
    };
    let end = words[..end].rfind(' ').unwrap_or(end);
    Cow::Owned(format!("{} ...", words[..end].trim_end()))
}

/// True for a remark where a state is expected: `Proposal. Ann reviews, then it becomes the spec.`
pub(crate) fn is_sentence(words: &str) -> bool {
    words.split_whitespace().count() > 6 || words.trim_end().ends_with('.') || words.contains(". ")
}

/// True for a state in a word or two, whatever remark stands apart behind it: `Complete (2026-03-01)`,
/// not `Completed phase 6` and not `Production-ready plan`.
pub(crate) fn is_plain_state(words: &str) -> bool {
    let apart = [
        " - ", " – ", " — ", "(", ",", ";", ":", ".", "|", "/", "（", "，", "。",
    ];
    let end = apart.iter().filter_map(|sign| words.find(sign)).min();
    let words = words[..end.unwrap_or(words.len())].trim();
    let count = words
        .split_whitespace()
        .filter(|word| word.contains(char::is_alphanumeric))
        .count();
    let names_a_part = words.to_lowercase().split_whitespace().any(|word| {
        matches!(
            word,
            "phase"
                | "phases"
                | "plan"
                | "step"
                | "stage"
                | "part"
                | "milestone"
                | "design"
                | "spec"
                | "draft"
        )
    });
    !words.is_empty() && count <= 2 && (count == 1 || !names_a_part)
}

/// `1 task`, `2 tasks`.
pub(crate) fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_is_near() {
        assert_eq!(nearest("Actve", ["active", "archived"]), Some("active"));
        assert_eq!(nearest("zebra", ["active", "archived"]), None);
        assert_eq!(nearest("canonical", ["canceled"]), None);
        assert_eq!(nearest("incomplete", ["complete"]), None);
        let plans = ["2026-03-26-shop-chat.md"];
        assert_eq!(nearest("2026-04-07-shop-search-v1.md", plans), None);
    }
}
