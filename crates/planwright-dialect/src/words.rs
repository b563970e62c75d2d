//! Small readings of text: normalised headings, leading marks, words.

/// A heading's words for looking up: lower case, without markup, numbering, emoji, trailing
/// parentheses and punctuation; `&` reads as `and`, British spelling as American.
pub(crate) fn normalise(text: &str) -> String {
    if is_plain(text) {
        return american(text.to_ascii_lowercase());
    }
    let mut out = Squeezed::with_capacity(text.len() + 8);
    let mut depth = 0_u32;
    let mut rest = text;
    // Most headings are ASCII to the end; the first other character leads to the slower loop.
    for (at, b) in text.bytes().enumerate() {
        match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' if depth == 0 => {
                out.push(b.to_ascii_lowercase());
            }
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            0x80.. => {
                rest = &text[at..];
                break;
            }
            _ if depth > 0 => {}
            b' ' | b'\t'..=b'\r' => out.space(),
            b'*' | b'`' | b'~' | b'"' => {}
            b'&' => out.word("and"),
            b'_' | b'/' | b',' | b':' | b'|' => {
                out.space();
                out.push(b);
                out.space();
            }
            b => out.push(b),
        }
        rest = "";
    }
    let mut out = String::from_utf8(out.text).unwrap_or_default();
    if !rest.is_empty() {
        normalise_rest(rest, &mut out, depth);
    }
    let ends = |c: char| matches!(c, ':' | '.' | '—' | '-' | ' ' | '?' | '!' | ';');
    let kept = strip_number(out.trim()).trim_matches(ends);
    if kept.len() < out.len() {
        let (start, len) = (kept.as_ptr() as usize - out.as_ptr() as usize, kept.len());
        out.truncate(start + len);
        out.drain(..start);
    }
    american(out)
}

/// True for words that only need to be lower-cased, as those of most headings: nothing between them
/// but single spaces, no number in front, no punctuation at the end.
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else {
        return true;
    };
    // Without an early end, so that the compiler can take many bytes at a time.
    let is_plain =
        |b: &u8| matches!(b, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b' ' | b'-' | b'.');
    first.is_ascii_alphabetic()
        && last.is_ascii_alphanumeric()
        && bytes.iter().fold(true, |all, b| all & is_plain(b))
        && is_one_line(text)
}

/// American spelling for British.
fn american(text: String) -> String {
    if is_british(&text) {
        return text
            .replace("artefact", "artifact")
            .replace("behaviour", "behavior");
    }
    text
}

/// True for text that may hold `artefact` or `behaviour`, asked at every heading and so cheaply.
fn is_british(text: &str) -> bool {
    let letters = |five: &[u8]| five == b"artef" || five == b"behav";
    text.len() >= "artefact".len() && text.as_bytes().windows(5).any(letters)
}

/// The part of a heading from its first character on that is not ASCII.
#[cold]
fn normalise_rest(text: &str, out: &mut String, mut depth: u32) {
    for c in text.chars() {
        match c {
            '(' | '（' => depth += 1,
            ')' | '）' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            '*' | '`' | '~' | '"' | '“' | '”' => {}
            '&' => out.push_str(" and "),
            '’' => out.push('\''),
            '_' | '/' | ',' | '：' | ':' | '—' | '–' | '|' => {
                out.push(' ');
                out.push(match c {
                    '：' => ':',
                    '–' => '—',
                    other => other,
                });
                out.push(' ');
            }
            c if is_symbol(c) => out.push(' '),
            c => out.extend(c.to_lowercase()),
        }
    }
    *out = out.split_whitespace().collect::<Vec<_>>().join(" ");
}

/// ASCII text that is put together with one space between its words.
struct Squeezed {
    text: Vec<u8>,
}

impl Squeezed {
    fn with_capacity(len: usize) -> Self {
        Self {
            text: Vec::with_capacity(len),
        }
    }

    fn push(&mut self, b: u8) {
        self.text.push(b);
    }

    fn space(&mut self) {
        if !matches!(self.text.last(), None | Some(b' ')) {
            self.text.push(b' ');
        }
    }

    fn word(&mut self, word: &str) {
        self.space();
        self.text.extend_from_slice(word.as_bytes());
        self.text.push(b' ');
    }
}

/// Emoji, arrows, boxes and the selectors that follow them.
pub(crate) fn is_symbol(c: char) -> bool {
    matches!(u32::from(c),
        0x2190..=0x21FF | 0x2300..=0x23FF | 0x25A0..=0x27BF | 0x2900..=0x297F | 0x2B00..=0x2BFF
        | 0xFE00..=0xFE0F | 0x1F000..=0x1FAFF | 0x200D)
}

/// Text without a leading `1.`, `1.2`, `1)`, `IV.` or `A.` number.
pub(crate) fn strip_number(text: &str) -> &str {
    let digits = text.len()
        - text
            .trim_start_matches(|c: char| c.is_ascii_digit() || c == '.')
            .len();
    if digits > 0 && text.as_bytes()[0].is_ascii_digit() {
        let rest = &text[digits..];
        let rest = rest.strip_prefix([')', ':']).unwrap_or(rest);
        if rest.starts_with(char::is_whitespace) {
            return rest.trim_start();
        }
    }
    text
}

/// The words in front of the first separator: a colon, a dash with spaces around it.
pub(crate) fn before_separator(text: &str) -> &str {
    let end = separator(text).map_or(text.len(), |(at, _)| at);
    text[..end].trim()
}

/// Where the first separator begins and ends.
pub(crate) fn separator(text: &str) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    // Every one begins with one of three bytes.
    memchr::memchr3_iter(b':', b' ', 0xEF, bytes).find_map(|at| {
        let begins = |separator: &&str| bytes[at..].starts_with(separator.as_bytes());
        let found = [":", "：", " — ", " – ", " - "].into_iter().find(begins)?;
        Some((at, at + found.len()))
    })
}

/// True for text without line ends, tabs, double spaces or spaces around it.
pub(crate) fn is_one_line(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else {
        return true;
    };
    // Without an early end, so that the compiler can take many bytes at a time.
    let pairs = bytes.iter().zip(&bytes[1..]);
    let gaps = pairs.fold(0, |found, (one, next)| {
        let is_control = u8::from(matches!(next, b'\t'..=b'\r'));
        found | is_control | u8::from(*one == b' ') & u8::from(*next == b' ')
    });
    gaps == 0 && !matches!(first, b' ' | b'\t'..=b'\r') && *last != b' '
}

/// Cuts text to one line of words.
pub(crate) fn one_line(text: &str) -> String {
    let trimmed = text.trim();
    if is_one_line(trimmed) {
        return trimmed.to_owned();
    }
    if !trimmed.bytes().any(|b| matches!(b, b'\n' | b'\t' | b'\r')) && !trimmed.contains("  ") {
        return trimmed.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// Lower-case letters and digits joined by `-`: a slug.
pub fn slug(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            out.push(c.to_ascii_lowercase());
        } else if c.is_alphanumeric() {
            out.extend(c.to_lowercase());
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    out.trim_end_matches('-').to_owned()
}

/// Text without a prefix, whatever the case of its ASCII letters.
pub(crate) fn strip_prefix_ignore_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let head = text.get(..prefix.len())?;
    head.eq_ignore_ascii_case(prefix)
        .then(|| &text[prefix.len()..])
}

/// The first place of a lower-case ASCII needle, whatever the case of the text.
pub(crate) fn find_ignore_case(text: &str, needle: &str) -> Option<usize> {
    let (text, needle) = (text.as_bytes(), needle.as_bytes());
    let first = *needle.first()?;
    let last = text.len().checked_sub(needle.len())?;
    memchr::memchr2_iter(first, first.to_ascii_uppercase(), &text[..=last])
        .find(|&at| text[at..at + needle.len()].eq_ignore_ascii_case(needle))
}

/// The first `**`.
pub(crate) fn find_bold(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'*', bytes).find(|at| bytes.get(at + 1) == Some(&b'*'))
}

/// True when a whole value is a stand-in for one: `None`, `N/A`, `TBD`, `-`, `[Name]`, `{{x}}`.
pub(crate) fn is_nothing(text: &str) -> bool {
    let bare = text.trim_matches(|c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '.' | '_' | '*' | '`' | '(' | ')' | '-' | '—' | '–' | ':' | '"' | '\'' | '!'
            )
    });
    if bare.is_empty() {
        return true;
    }
    // Few words begin as those below do.
    let begins = bare.as_bytes()[0];
    if begins.is_ascii()
        && !matches!(
            begins.to_ascii_lowercase(),
            b'n' | b't' | b'p' | b'u' | b'f' | b'e' | b'k' | b'{' | b'[' | b'<'
        )
    {
        return bare.len() < 120 && holds(bare, "YYYY-MM-DD");
    }
    let said = |words: &&str| bare.eq_ignore_ascii_case(words);
    NOTHING.iter().any(said)
        || NOTHING_OPENINGS
            .iter()
            .any(|opening| strip_prefix_ignore_case(bare, opening).is_some())
        || bare.len() == "нет".len() && bare.to_lowercase() == "нет"
        || bare.len() < 120 && is_placeholder(bare)
}

/// Values that say that there is none.
const NOTHING: [&str; 28] = [
    "none",
    "n/a",
    "na",
    "tbd",
    "todo",
    "null",
    "nil",
    "none yet",
    "nothing yet",
    "not yet",
    "none so far",
    "to be filled",
    "to be determined",
    "pending",
    "unknown",
    "无",
    "none identified",
    "none recorded",
    "none known",
    "not applicable",
    "to be completed",
    "no entries yet",
    "none yet recorded",
    "fill in",
    "not started",
    "empty",
    "ninguno",
    "keine",
];

/// How longer values begin that say that there is none.
const NOTHING_OPENINGS: [&str; 10] = [
    "none yet",
    "none at th",
    "to be filled",
    "to be completed",
    "to be updated",
    "to be written",
    "none. ",
    "none discovered",
    "no surprises",
    "nothing recorded",
];

/// True for text that a template leaves to be filled in and nothing else: `[Feature name]`,
/// `{{title}}`, `<slug>`, `YYYY-MM-DD`.
pub(crate) fn is_placeholder(text: &str) -> bool {
    let text = text.trim().trim_matches(['*', '_', '`', '"']);
    let inside = |open: &str, close: &str| {
        text.strip_prefix(open)
            .and_then(|rest| rest.strip_suffix(close))
            .is_some_and(|inner| {
                !inner.is_empty() && !inner.contains(open) && !inner.contains(close)
            })
    };
    inside("{{", "}}") || inside("[", "]") || inside("<", ">") || holds(text, "YYYY-MM-DD")
}

/// True for text that holds a word, which begins with a letter that few words hold: cheaper then than
/// a searcher, which is made anew for each text.
pub(crate) fn holds(text: &str, word: &str) -> bool {
    let (bytes, word) = (text.as_bytes(), word.as_bytes());
    word.first().is_none_or(|first| {
        memchr::memchr_iter(*first, bytes).any(|at| bytes[at..].starts_with(word))
    })
}

/// Writes a number behind text.
pub(crate) fn push_number(out: &mut String, number: u32) {
    if number >= 10 {
        push_number(out, number / 10);
    }
    out.extend(char::from_digit(number % 10, 10));
}

/// Iterates over the words of a lower-case needle check at word boundaries.
pub(crate) fn contains_phrase(text: &str, phrase: &str) -> bool {
    let mut from = 0;
    while let Some(at) = text[from..].find(phrase) {
        let start = from + at;
        let end = start + phrase.len();
        let before = text[..start]
            .chars()
            .next_back()
            .is_none_or(|c| !c.is_alphanumeric());
        let after = text[end..]
            .chars()
            .next()
            .is_none_or(|c| !c.is_alphanumeric());
        if before && after {
            return true;
        }
        from = start + phrase.chars().next().map_or(1, char::len_utf8);
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_is_reduced_to_its_words() {
        for (heading, words) in [
            ("2.1 Risks & Mitigations:", "risks and mitigations"),
            ("Artefacts  and\tNotes", "artifacts and notes"),
            ("✅ **Done** (by Ada)", "done"),
            (
                "Expected Behaviour — Overview",
                "expected behavior — overview",
            ),
            ("Input/Output", "input / output"),
            ("What’s next?", "what's next"),
            ("阶段（一）：设计", "阶段 : 设计"),
            ("(all of it)", ""),
            ("", ""),
        ] {
            assert_eq!(normalise(heading), words, "{heading}");
        }
    }
}
