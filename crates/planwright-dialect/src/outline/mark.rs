//! The boxes in front of list items.

/// A box: `[ ]`, `[x]`, `☐`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mark<'a> {
    pub(crate) text: &'a str,
}

impl<'a> Mark<'a> {
    /// The character that decides.
    pub(crate) fn symbol(&self) -> &'a str {
        self.text
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
            .unwrap_or(self.text)
    }
}

/// The box that raw text begins with, and the bytes up to the text behind it.
pub(super) fn read(raw: &str) -> (Option<Mark<'_>>, usize) {
    let rest = raw.strip_prefix('\\').unwrap_or(raw);
    let skipped = raw.len() - rest.len();
    if let Some(inner) = rest.strip_prefix('[') {
        let mut chars = inner.chars();
        let (symbol, close) = (chars.next(), chars.next());
        if let (Some(symbol), Some(mut close)) = (symbol, close) {
            let mut len = 1 + symbol.len_utf8();
            // An emoji may carry a selector that says how to draw it.
            if close == '\u{fe0f}' {
                len += close.len_utf8();
                close = chars.next().unwrap_or(' ');
            }
            let known = matches!(
                symbol,
                ' ' | 'x'
                    | 'X'
                    | '~'
                    | '/'
                    | '-'
                    | '!'
                    | '>'
                    | '*'
                    | '+'
                    | '.'
                    | '✓'
                    | '✔'
                    | '√'
                    | '\u{a0}'
            ) || crate::words::is_symbol(symbol);
            if known && close == ']' {
                let end = skipped + len + 1;
                let after = &raw[end..];
                // A star behind the box says that the task may be left out.
                let starred = after.strip_prefix('\\').unwrap_or(after).strip_prefix('*');
                let after = starred
                    .filter(|rest| rest.starts_with(' '))
                    .unwrap_or(after);
                if after.is_empty() || after.starts_with([' ', '\t', '\n', '\r', '\u{a0}']) {
                    let used = raw.len() - after.trim_start_matches([' ', '\t', '\u{a0}']).len();
                    return (
                        Some(Mark {
                            text: &raw[skipped..end],
                        }),
                        used,
                    );
                }
            } else if symbol == ']' {
                // `[]` without a space between.
                let end = skipped + 2;
                if raw[end..].starts_with(' ') {
                    let text = &raw[skipped..end];
                    return (Some(Mark { text }), end + 1);
                }
            }
        }
    }
    if let Some(c @ ('☐' | '☑' | '☒' | '⬜' | '🔲')) = rest.chars().next() {
        let end = c.len_utf8();
        let after = rest[end..].trim_start_matches(['\u{fe0f}', ' ']);
        return (Some(Mark { text: &rest[..end] }), raw.len() - after.len());
    }
    (None, 0)
}
