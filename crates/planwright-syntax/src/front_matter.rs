//! The YAML between `---` lines at the top of a file.

use crate::yaml::{self, Entry, Style, Value, ValueKind};
use crate::{Problem, ProblemKind, Source, Span};

/// Front matter, read as far as it can be.
#[derive(Debug)]
pub struct FrontMatter {
    /// Both `---` lines and what is between them, up to the first byte of the body.
    pub outer: Span,
    /// The YAML between the two lines.
    pub inner: Span,
    /// The mapping. Where YAML could not read it, the `key: value` lines that stand at its left
    /// edge, as plain text.
    pub value: Value,
    /// True when YAML read all of it.
    pub valid: bool,
}

impl FrontMatter {
    /// The entries at the top level, in the order written.
    pub fn entries(&self) -> &[Entry] {
        self.value.entries()
    }

    /// The value of a key at the top level.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.value.get(key)
    }
}

/// Reads the front matter of a file, where it has some.
pub fn read(source: &Source, problems: &mut Vec<Problem>) -> Option<FrontMatter> {
    let start = source.body_start();
    let text = source.text().get(start as usize..)?;
    let first = text.split(['\n', '\r']).next()?;
    if first.trim_end() != "---" {
        return None;
    }
    let first_line = source.line(start);
    let mut line = first_line + 1;
    let mut closing = None;
    while line <= source.line_count() {
        let text = source.line_text(line);
        if matches!(text.trim_end(), "---" | "...") {
            closing = Some(line);
            break;
        }
        line += 1;
    }
    let inner_start = line_start(source, first_line + 1);
    let Some(closing) = closing else {
        // A rule at the top of a file is not front matter; `key: value` right below it is.
        if looks_like_entry(source.line_text(first_line + 1)) {
            problems.push(Problem {
                kind: ProblemKind::FrontMatterUnclosed,
                span: source.line_span(first_line),
                message: "front matter is opened with `---` and never closed".to_owned(),
            });
        }
        return None;
    };
    let inner = Span {
        start: inner_start,
        end: line_start(source, closing),
    };
    let outer = Span {
        start,
        end: line_start(source, closing + 1),
    };
    let yaml = source.slice(inner);
    let (value, valid) = match yaml::parse(yaml, inner.start) {
        Ok(Some(value)) if matches!(value.kind, ValueKind::Mapping(_)) => (value, true),
        Ok(None) => (
            Value {
                span: inner,
                kind: ValueKind::Mapping(Vec::new()),
            },
            true,
        ),
        Ok(Some(value)) => {
            // Prose between two rules is not front matter at all.
            if !source.slice(inner).lines().any(looks_like_entry) {
                return None;
            }
            problems.push(Problem {
                kind: ProblemKind::FrontMatterInvalid,
                span: value.span,
                message: "front matter is not a list of `key: value` lines".to_owned(),
            });
            (salvage(source, inner), false)
        }
        Err(error) => {
            if !source.slice(inner).lines().any(looks_like_entry) {
                return None;
            }
            problems.push(Problem {
                kind: ProblemKind::FrontMatterInvalid,
                span: source.line_span(source.line(error.offset.min(inner.end.saturating_sub(1)))),
                message: format!("front matter is not valid YAML: {}", error.message),
            });
            (salvage(source, inner), false)
        }
    };
    report_duplicates(&value, problems, 0);
    Some(FrontMatter {
        outer,
        inner,
        value,
        valid,
    })
}

fn line_start(source: &Source, line: u32) -> u32 {
    if line > source.line_count() {
        source.text().len() as u32
    } else {
        source.line_span(line).start
    }
}

fn looks_like_entry(line: &str) -> bool {
    let Some((key, rest)) = line.split_once(':') else {
        return false;
    };
    !key.is_empty()
        && key.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && key
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
        && (rest.is_empty() || rest.starts_with([' ', '\t']))
}

/// The `key: value` lines at the left edge of front matter that YAML refused, so that a title or a
/// state is not lost with the line beside it.
fn salvage(source: &Source, inner: Span) -> Value {
    let mut entries = Vec::new();
    let mut line = source.line(inner.start);
    while line <= source.line_count() {
        let span = source.line_span(line);
        if span.start >= inner.end {
            break;
        }
        let text = source.slice(span);
        if looks_like_entry(text)
            && let Some((key, rest)) = text.split_once(':')
        {
            let value = rest.trim();
            let value_start = span.start + (text.len() - rest.trim_start().len()) as u32;
            let bare = strip_comment(value);
            let (bare, style) = match bare.as_bytes() {
                [b'"', .., b'"'] => (&bare[1..bare.len() - 1], Style::DoubleQuoted),
                [b'\'', .., b'\''] => (&bare[1..bare.len() - 1], Style::SingleQuoted),
                _ => (bare, Style::Plain),
            };
            entries.push(Entry {
                key: key.to_owned(),
                key_span: Span {
                    start: span.start,
                    end: span.start + key.len() as u32,
                },
                value: Value {
                    span: Span {
                        start: value_start,
                        end: value_start + value.len() as u32,
                    },
                    kind: ValueKind::Scalar(bare.to_owned(), style),
                },
            });
        }
        line += 1;
    }
    Value {
        span: inner,
        kind: ValueKind::Mapping(entries),
    }
}

fn strip_comment(value: &str) -> &str {
    if value.starts_with(['"', '\'']) {
        return value;
    }
    value.find(" #").map_or(value, |at| value[..at].trim_end())
}

fn report_duplicates(value: &Value, problems: &mut Vec<Problem>, depth: usize) {
    let entries = value.entries();
    for (at, entry) in entries.iter().enumerate() {
        if entries[..at].iter().any(|earlier| earlier.key == entry.key) && !entry.key.is_empty() {
            problems.push(Problem {
                kind: ProblemKind::DuplicateKey,
                span: entry.key_span,
                message: format!("`{}` stands twice; the first counts", entry.key),
            });
        }
        if depth < 8 {
            report_duplicates(&entry.value, problems, depth + 1);
        }
    }
}
