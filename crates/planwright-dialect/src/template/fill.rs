//! Fills a form in.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::ops::Range;

use planwright_syntax::splice::{self, Edit};
use planwright_syntax::yaml::{Style, Value, ValueKind};
use planwright_syntax::{Parsed, Span};

use super::{Template, ValueRule};
use crate::vocabulary::key_word;
use crate::words::one_line;

/// The words between `{{` and `}}` that are filled in.
pub const FILLED: [&str; 8] = [
    "title", "id", "slug", "date", "time", "author", "parent", "branch",
];

/// What a form is filled in with: words of [`FILLED`], `number` for paths, and keys whose choice is
/// not to be the first one.
#[derive(Clone, Debug, Default)]
pub struct Values {
    values: BTreeMap<String, Vec<String>>,
    links: BTreeMap<String, String>,
}

impl Values {
    /// No values.
    pub fn new() -> Self {
        Self::default()
    }

    /// These values and one more. An empty text fills a place with nothing.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.values.insert(name.to_owned(), vec![value.into()]);
        self
    }

    /// These values and several for one place: the elements of a list, in text parted by commas.
    #[must_use]
    pub fn with_list(mut self, name: &str, values: Vec<String>) -> Self {
        self.values.insert(name.to_owned(), values);
        self
    }

    /// These values and one that the text writes otherwise than the front matter: as a link.
    #[must_use]
    pub fn with_link(
        mut self,
        name: &str,
        value: impl Into<String>,
        link: impl Into<String>,
    ) -> Self {
        self.links.insert(name.to_owned(), link.into());
        self.with(name, value)
    }

    /// The value of a name in the text, as one line.
    fn in_text(&self, name: &str) -> Option<String> {
        let link = self.links.get(name).map(|link| one_line(link));
        link.or_else(|| self.text(name))
    }

    /// The value of a name as one line.
    pub fn text(&self, name: &str) -> Option<String> {
        let values = self.values.get(name)?;
        Some(one_line(&values.join(", ")))
    }

    fn list(&self, name: &str) -> Option<Vec<String>> {
        let values = self.values.get(name)?.iter().map(|value| one_line(value));
        Some(values.filter(|value| !value.is_empty()).collect())
    }

    /// The word chosen for a key.
    fn chosen(&self, key: &str) -> Option<String> {
        let key = key_word(key);
        let found = self.values.iter().find(|(name, _)| key_word(name) == key);
        found.and_then(|(name, _)| self.text(name))
    }
}

impl Template {
    /// The form with `{{...}}` filled in, choices of front matter and header lines made, and marks
    /// left out. Words in brackets stay for a person; so does what no value is given for. In front
    /// matter a value is quoted where YAML would read something else. A header line goes with its
    /// value where that is empty.
    pub fn fill(&self, values: &Values) -> String {
        let parsed = Parsed::new(self.text.as_bytes().to_vec());
        let mut edits = Edits::default();
        let matter = parsed.front_matter.as_ref();
        let body = matter.map_or(0, |matter| matter.outer.end as usize);
        for (range, word) in placeholders(&self.text).filter(|(range, _)| range.start >= body) {
            if values.in_text(word).as_deref() == Some("")
                && let Some(label) = label(&self.text, &range)
            {
                edits.add(label, String::new());
            }
        }
        for mark in &self.marks {
            edits.add(mark.clone(), String::new());
        }
        self.choose(values, &parsed, &mut edits);
        if let Some(matter) = matter {
            scalars(&matter.value, &mut |span, style| {
                scalar(&parsed, span, style, values, &mut edits);
            });
        }
        for (range, word) in placeholders(&self.text) {
            if range.start < body {
                if let Some(words) = values.list(word) {
                    let line = self.text[..range.start].rsplit('\n').next();
                    let flow = line.is_some_and(|line| line.contains('['));
                    edits.add(range, alone(&words, flow));
                }
            } else if let Some(value) = values.in_text(word) {
                let line = self.text[..range.start].rsplit('\n').next();
                let cell = line.is_some_and(|line| line.trim_start().starts_with('|'));
                edits.add(
                    range,
                    if cell {
                        value.replace('|', "\\|")
                    } else {
                        value
                    },
                );
            }
        }
        edits.apply(&self.text)
    }

    fn choose(&self, values: &Values, parsed: &Parsed, edits: &mut Edits) {
        let matter = self.front_matter.iter().flat_map(|rule| &rule.keys);
        let end = parsed
            .front_matter
            .as_ref()
            .map_or(0, |matter| matter.outer.end as usize);
        let keys: Vec<_> = matter.chain(&self.labels).collect();
        for (range, name) in &self.choices {
            let rule = keys.iter().find_map(|key| match &key.value {
                ValueRule::Choice(words) if key.name == *name => Some(words),
                _ => None,
            });
            let word = values.chosen(name).or_else(|| rule?.first().cloned());
            if let Some(word) = word {
                let yaml = range.end <= end;
                edits.add(
                    range.clone(),
                    if yaml { quoted(&word, false) } else { word },
                );
            }
        }
    }
}

/// Replacements that do not touch each other; the first one of a place stays.
#[derive(Default)]
struct Edits {
    edits: BTreeMap<usize, (usize, String)>,
}

impl Edits {
    fn add(&mut self, range: Range<usize>, text: String) {
        let before = self.edits.range(..range.end).next_back();
        if before.is_none_or(|(_, (end, _))| *end <= range.start) {
            self.edits.insert(range.start, (range.end, text));
        }
    }

    fn apply(self, text: &str) -> String {
        let edits: Vec<Edit> = self
            .edits
            .into_iter()
            .map(|(start, (end, text))| Edit::replace(Span::new(start, end), text))
            .collect();
        splice::apply(text.as_bytes(), &edits)
            .ok()
            .and_then(|bytes| String::from_utf8(bytes).ok())
            .unwrap_or_else(|| text.to_owned())
    }
}

/// The header line that holds nothing but a placeholder, with its end and the blank line behind it;
/// of a line with several labels the one with the placeholder.
fn label(text: &str, placeholder: &Range<usize>) -> Option<Range<usize>> {
    let start = text[..placeholder.start].rfind('\n').map_or(0, |at| at + 1);
    let end = text[placeholder.end..].find('\n');
    let end = end.map_or(text.len(), |at| placeholder.end + at + 1);
    let before = &text[start..placeholder.start];
    let after = text[placeholder.end..end].trim();
    let is_last = after.is_empty() || after.starts_with("<!--") && after.ends_with("-->");
    let is_label = |part: &str| {
        let part = part.trim();
        part.starts_with("**") && (part.ends_with(':') || part.ends_with(":**"))
    };
    if let Some(bar) = before.rfind(" | ") {
        return is_label(&before[bar + 3..]).then(|| start + bar..placeholder.end);
    }
    if !is_last || !is_label(before) {
        return None;
    }
    let is_apart = text[..start].ends_with("\n\n") && text[end..].starts_with('\n');
    Some(start..end + usize::from(is_apart))
}

/// `{{word}}` of a text: where, and the word.
pub(super) fn placeholders(text: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = at + text[at..].find("{{")?;
            at = start + 2;
            let Some(close) = text[at..].find("}}") else {
                at = text.len();
                return None;
            };
            let word = &text[at..at + close];
            if word.len() < 40
                && word
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
            {
                at += close + 2;
                return Some((start..at, word));
            }
        }
    })
}

/// The text with every placeholder replaced by a word, byte for byte.
pub(super) fn with_words(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let put = |bytes: &mut Vec<u8>, range: Range<usize>| {
        for byte in &mut bytes[range] {
            if byte.is_ascii() {
                *byte = b'x';
            } else {
                *byte = b'_';
            }
        }
    };
    for (range, _) in placeholders(text) {
        put(&mut bytes, range);
    }
    let mut from = 0;
    while let Some(found) = text[from..].find('[') {
        let start = from + found;
        from = start + 1;
        let Some(len) = text[start + 1..].find([']', '\n', '[']) else {
            break;
        };
        let end = start + 1 + len;
        let is_link = text[end..].starts_with("](");
        // `[ ]`, `[x]`, `[P]`, `[US1]` are marks of items; `[a | b]` is a choice.
        if text[end..].starts_with(']') && !is_link && text[start + 1..end].contains(' ') && len > 1
        {
            put(&mut bytes, start..end + 1);
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

fn scalars(value: &Value, each: &mut impl FnMut(Span, Style)) {
    match &value.kind {
        ValueKind::Scalar(_, style) => each(value.span, *style),
        ValueKind::Sequence(items) => items.iter().for_each(|item| scalars(item, each)),
        ValueKind::Mapping(entries) => {
            for entry in entries {
                scalars(&entry.value, each);
            }
        }
    }
}

/// Fills in what stands inside of one scalar.
fn scalar(parsed: &Parsed, span: Span, style: Style, values: &Values, edits: &mut Edits) {
    let raw = parsed.text(span);
    let start = span.start as usize;
    let mut plain = raw.to_owned();
    let mut filled = false;
    for (range, word) in placeholders(raw).collect::<Vec<_>>().into_iter().rev() {
        let Some(value) = values.text(word) else {
            continue;
        };
        let value = match style {
            Style::DoubleQuoted => escaped(&value),
            Style::SingleQuoted => value.replace('\'', "''"),
            Style::Plain | Style::Block => value,
        };
        filled = true;
        if style == Style::Plain {
            plain.replace_range(range, &value);
        } else {
            edits.add(start + range.start..start + range.end, value);
        }
    }
    if filled && style == Style::Plain {
        edits.add(span.range(), quoted(&plain, false));
    }
}

/// Values that stand where nothing else does: `date: {{date}}`, `upstream: [{{parent}}]`.
fn alone(words: &[String], flow: bool) -> String {
    if flow {
        let words: Vec<String> = words.iter().map(|word| quoted(word, true)).collect();
        words.join(", ")
    } else {
        quoted(&words.join(", "), false)
    }
}

/// A value as YAML reads it back: plain where it may be, else in double quotes.
pub(crate) fn quoted(value: &str, flow: bool) -> String {
    if is_plain(value, flow) {
        value.to_owned()
    } else {
        format!("\"{}\"", escaped(value))
    }
}

/// True for a value that YAML reads as this text without quotes.
fn is_plain(value: &str, flow: bool) -> bool {
    const WORDS: [&str; 11] = [
        "null", "true", "false", "yes", "no", "on", "off", "y", "n", ".inf", ".nan",
    ];
    let begins = |c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '_');
    let breaks = value.contains(": ") || value.contains(" #") || value.ends_with(':');
    let closes = flow && value.contains([',', '[', ']', '{', '}', ':']);
    value.starts_with(begins)
        && !breaks
        && !closes
        && !value.starts_with("...")
        && !value.contains(needs_escape)
        && !WORDS.contains(&value.to_ascii_lowercase().as_str())
}

/// True for characters that a scalar cannot hold as they are.
fn needs_escape(c: char) -> bool {
    c.is_control() || matches!(c, '\u{feff}' | '\u{2028}' | '\u{2029}')
}

fn escaped(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if needs_escape(c) => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}
