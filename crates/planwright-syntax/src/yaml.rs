//! YAML as a tree of raw scalars with byte spans.
//!
//! Values keep the author's characters: `01`, `yes`, `2026-03-01` and `[a | b]` stay text, because
//! a schema that turned them into numbers, booleans or dates would lose what was written.

use granit_parser::{Event, Options, Parser, ScalarStyle};

use crate::Span;

/// How deep values may nest before the rest is left unread.
const MAX_DEPTH: usize = 64;

/// How a scalar is quoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Without quotes.
    Plain,
    /// `'...'`
    SingleQuoted,
    /// `"..."`
    DoubleQuoted,
    /// `|` or `>`.
    Block,
}

/// A YAML value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// The bytes it stands in.
    pub span: Span,
    /// What it is.
    pub kind: ValueKind,
}

/// The shapes of a YAML value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValueKind {
    /// A scalar, its escapes resolved, its type not guessed.
    Scalar(String, Style),
    /// A sequence.
    Sequence(Vec<Value>),
    /// A mapping in the order written, duplicate keys kept.
    Mapping(Vec<Entry>),
}

/// One key of a mapping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The key's text.
    pub key: String,
    /// The bytes of the key.
    pub key_span: Span,
    /// Its value.
    pub value: Value,
}

impl Value {
    /// The scalar's text, where it is one.
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            ValueKind::Scalar(text, _) => Some(text),
            _ => None,
        }
    }

    /// The entries, where it is a mapping.
    pub fn entries(&self) -> &[Entry] {
        match &self.kind {
            ValueKind::Mapping(entries) => entries,
            _ => &[],
        }
    }

    /// The value of the first entry with this key.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entries()
            .iter()
            .find(|entry| entry.key == key)
            .map(|entry| &entry.value)
    }

    /// True for an empty scalar, `null` or `~`.
    pub fn is_null(&self) -> bool {
        matches!(&self.kind, ValueKind::Scalar(text, Style::Plain)
            if matches!(text.as_str(), "" | "~" | "null" | "Null" | "NULL"))
    }
}

/// Why YAML could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YamlError {
    /// Offset where reading stopped.
    pub offset: u32,
    /// What was wrong there.
    pub message: String,
}

/// Reads the first document of `text`; spans are moved by `base`.
///
/// # Errors
/// When the text is not YAML, or nests deeper than 64 levels.
pub fn parse(text: &str, base: u32) -> Result<Option<Value>, YamlError> {
    let mut options = Options::default();
    options.set_emit_comments(false);
    let parser = Parser::new_from_str_with_options(text, options);
    let mut builder = Builder {
        base,
        stack: Vec::new(),
        root: None,
    };
    for event in parser {
        let (event, span) = event.map_err(|error| {
            let offset = error.marker().byte_offset().unwrap_or(0);
            YamlError {
                offset: base + offset as u32,
                message: error.info(),
            }
        })?;
        let range = span.byte_range().unwrap_or(0..0);
        let span = Span::new(base as usize + range.start, base as usize + range.end);
        match event {
            Event::Scalar(text, style, ..) => {
                let style = match style {
                    ScalarStyle::Plain => Style::Plain,
                    ScalarStyle::SingleQuoted => Style::SingleQuoted,
                    ScalarStyle::DoubleQuoted => Style::DoubleQuoted,
                    _ => Style::Block,
                };
                builder.value(Value {
                    span,
                    kind: ValueKind::Scalar(text.into_owned(), style),
                });
            }
            Event::SequenceStart(..) => builder.open(ValueKind::Sequence(Vec::new()), span)?,
            Event::MappingStart(..) => builder.open(ValueKind::Mapping(Vec::new()), span)?,
            Event::SequenceEnd | Event::MappingEnd => builder.close(span),
            Event::Alias(..) => {
                let text = text.get(range).unwrap_or("").to_owned();
                builder.value(Value {
                    span,
                    kind: ValueKind::Scalar(text, Style::Plain),
                });
            }
            Event::DocumentEnd => break,
            _ => {}
        }
    }
    Ok(builder.root)
}

struct Open {
    value: Value,
    key: Option<(String, Span)>,
}

struct Builder {
    base: u32,
    stack: Vec<Open>,
    root: Option<Value>,
}

impl Builder {
    fn open(&mut self, kind: ValueKind, span: Span) -> Result<(), YamlError> {
        if self.stack.len() >= MAX_DEPTH {
            return Err(YamlError {
                offset: span.start.max(self.base),
                message: format!("values nest deeper than {MAX_DEPTH} levels"),
            });
        }
        self.stack.push(Open {
            value: Value { span, kind },
            key: None,
        });
        Ok(())
    }

    fn close(&mut self, span: Span) {
        if let Some(mut open) = self.stack.pop() {
            open.value.span.end = open.value.span.end.max(span.end);
            self.value(open.value);
        }
    }

    fn value(&mut self, value: Value) {
        let Some(open) = self.stack.last_mut() else {
            self.root = Some(value);
            return;
        };
        match &mut open.value.kind {
            ValueKind::Sequence(items) => items.push(value),
            ValueKind::Mapping(entries) => match open.key.take() {
                // A key that is itself a collection (`{{title}}` unquoted) is kept by its place.
                None => {
                    let key = value.as_str().unwrap_or_default().to_owned();
                    open.key = Some((key, value.span));
                }
                Some((key, key_span)) => entries.push(Entry {
                    key,
                    key_span,
                    value,
                }),
            },
            ValueKind::Scalar(..) => {}
        }
    }
}
