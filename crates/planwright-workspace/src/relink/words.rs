//! The words of a text that may be paths.

use planwright_syntax::Span;

/// True for a character that a path between other words may hold.
pub(super) fn is_inside(c: char) -> bool {
    !(c.is_whitespace()
        || c.is_control()
        || matches!(
            c,
            '"' | '\''
                | '`'
                | '('
                | ')'
                | '<'
                | '>'
                | '['
                | ']'
                | '|'
                | ','
                | ';'
                | '='
                | '*'
                | '!'
                | '?'
                | '&'
                | '^'
                | ':'
                | '#'
                | '，'
                | '。'
                | '、'
                | '；'
                | '：'
                | '（'
                | '）'
                | '「'
                | '」'
                | '“'
                | '”'
                | '‘'
                | '’'
                | '→'
                | '←'
                | '…'
        ))
}

/// A word, and what stands around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Word<'a> {
    pub(super) text: &'a str,
    /// Where it stands in the text.
    pub(super) start: usize,
    /// It belongs to a URL.
    pub(super) url: bool,
    /// `[[` stands in front of it.
    pub(super) wiki: bool,
    /// `#` and a letter or digit stand behind it.
    pub(super) anchored: bool,
}

impl Word<'_> {
    pub(super) fn span(&self) -> Span {
        Span::new(self.start, self.start + self.text.len())
    }
}

/// The words of a part of a text.
pub(super) fn words(text: &str, part: Span) -> impl Iterator<Item = Word<'_>> {
    let (mut at, end) = (part.start as usize, part.end as usize);
    let mut url = false;
    std::iter::from_fn(move || {
        loop {
            let rest = text.get(at..end)?;
            let skipped = rest.find(is_inside)?;
            let gap = &rest[..skipped];
            // A URL goes on up to a blank or a bracket.
            url &= !gap.contains(|c: char| {
                c.is_whitespace() || matches!(c, ')' | '>' | ']' | '"' | '`' | '\'')
            });
            let start = at + skipped;
            let word = &text[start..end];
            let word = &word[..word.find(|c| !is_inside(c)).unwrap_or(word.len())];
            at = start + word.len();
            let behind = &text[at..end];
            if gap.ends_with(':') && word.starts_with("//") {
                url = true;
            }
            let mut bare = word.trim_end_matches('.');
            let mut from = start;
            if let Some(named) = bare.strip_prefix('@') {
                bare = named;
                from += 1;
            }
            let is_whole = bare.len() + (from - start) == word.len();
            if !bare.contains(char::is_alphanumeric) {
                continue;
            }
            return Some(Word {
                text: bare,
                start: from,
                url,
                wiki: text[..start].ends_with("[["),
                anchored: is_whole
                    && behind
                        .strip_prefix('#')
                        .is_some_and(|rest| rest.starts_with(char::is_alphanumeric)),
            });
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_told_from_what_is_around_them() {
        let text = "See @docs/x.md, `a/b.md:12`; **c.md**. [[d|e]] f#T1 (https://h/docs/x.md#y) docs/x.md…";
        let found: Vec<String> = words(text, Span::new(0, text.len()))
            .map(|word| {
                let flag = |is: bool, name: &'static str| if is { name } else { "" };
                format!(
                    "{}{}{}{}",
                    word.text,
                    flag(word.url, " url"),
                    flag(word.wiki, " wiki"),
                    flag(word.anchored, " #")
                )
            })
            .collect();
        assert_eq!(
            found,
            [
                "See",
                "docs/x.md",
                "a/b.md",
                "12",
                "c.md",
                "d wiki",
                "e",
                "f #",
                "T1",
                "https",
                "//h/docs/x.md url #",
                "y url",
                "docs/x.md"
            ]
        );
    }
}
