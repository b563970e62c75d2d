//! Words for messages.

use std::borrow::Cow;

/// The candidate that is most like a word, where one is like it.
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
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))
        .map(|(_, candidate)| candidate)
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
    }
}
