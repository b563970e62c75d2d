//! The front matter of a form: its keys and what their values are.

use std::ops::Range;

use planwright_syntax::yaml::{Style, Value, ValueKind};

use super::marks::{self, Mark};
use super::parse::{Form, apply_to_key, line_end};
use super::{FrontMatterRule, KeyRule, ValueRule};
use crate::words::is_placeholder;

impl Form<'_> {
    pub(super) fn front_matter(&mut self) {
        let parsed = self.parsed;
        let Some(matter) = &parsed.front_matter else {
            return;
        };
        let mut rule = FrontMatterRule {
            required: true,
            keys: Vec::new(),
        };
        let first = parsed.source.line(matter.inner.start);
        let mut marked = Vec::new();
        for (n, line) in parsed.text(matter.inner).lines().enumerate() {
            let number = first + n as u32;
            let Some(at) = marks::yaml_comment(line) else {
                continue;
            };
            let Some(found) = self.marks_of(line[at + 1..].trim(), number) else {
                continue;
            };
            let start = parsed.source.line_span(number).start as usize;
            let alone = line[..at].trim().is_empty();
            let range = if alone {
                start..line_end(parsed, number)
            } else {
                start + line[..at].trim_end().len()..start + line.len()
            };
            self.template.marks.push(range);
            if alone && number == first {
                rule.required = !found.contains(&Mark::Optional);
            } else if alone {
                self.misplaced(number);
            } else {
                marked.push((number, found));
            }
        }
        self.keys("", &matter.value, &mut rule.keys);
        for (line, found) in marked {
            match rule.keys.iter_mut().find(|key| key.line == line) {
                Some(key) => apply_to_key(key, &found),
                None => self.misplaced(line),
            }
        }
        // A mapping that may be absent owes nothing inside.
        let free: Vec<String> = rule
            .keys
            .iter()
            .filter(|key| key.value == ValueRule::Mapping && !key.required)
            .map(|key| format!("{}.", key.name))
            .collect();
        for key in &mut rule.keys {
            key.required &= !free.iter().any(|outer| key.name.starts_with(outer));
        }
        self.template.front_matter = Some(rule);
    }

    fn keys(&mut self, outer: &str, value: &Value, keys: &mut Vec<KeyRule>) {
        for entry in value.entries() {
            if entry.key.is_empty() {
                continue;
            }
            let name = format!("{outer}{}", entry.key);
            let line = self.parsed.source.line(entry.key_span.start);
            let rule = self.value(&name, &entry.value, line);
            let inner = rule == ValueRule::Mapping;
            keys.push(KeyRule {
                name: name.clone(),
                required: true,
                also: Vec::new(),
                value: rule,
                line,
            });
            if inner {
                self.keys(&format!("{name}."), &entry.value, keys);
            }
        }
    }

    fn value(&mut self, name: &str, value: &Value, line: u32) -> ValueRule {
        let raw = self.parsed.text(value.span);
        let bare = raw.trim().trim_matches(['"', '\'']);
        if bare.starts_with("{{") {
            return value_of(bare);
        }
        if let Some(words) = choice(bare) {
            let lead = raw.len() - raw.trim_start().len();
            let start = value.span.start as usize + lead;
            self.choice(words, start..start + raw.trim().len(), name, line)
        } else {
            match &value.kind {
                ValueKind::Scalar(text, Style::Plain) if is_number(text) => ValueRule::Number,
                ValueKind::Scalar(..) => value_of(bare),
                ValueKind::Mapping(_) => ValueRule::Mapping,
                // `[Team or person]` is left for a person, `[]` and `[{{parent}}]` are lists.
                ValueKind::Sequence(_)
                    if is_placeholder(bare)
                        && bare.len() > 2
                        && !bare.contains(['{', '"', ',']) =>
                {
                    value_of(bare)
                }
                ValueKind::Sequence(_) => ValueRule::List,
            }
        }
    }

    pub(super) fn choice(
        &mut self,
        words: Vec<String>,
        at: Range<usize>,
        key: &str,
        line: u32,
    ) -> ValueRule {
        if words.iter().any(String::is_empty) {
            let message = format!("a word of `{key}` is empty: [{}]", words.join(" | "));
            self.warn(
                "template-choice",
                line,
                message,
                "put a word on both sides of each `|`",
            );
        }
        let words: Vec<String> = words.into_iter().filter(|word| !word.is_empty()).collect();
        if !words.is_empty() {
            self.template.choices.push((at, key.to_owned()));
        }
        ValueRule::Choice(words)
    }
}

/// The words of `[draft | active]`.
pub(super) fn choice(text: &str) -> Option<Vec<String>> {
    let inner = text.strip_prefix('[')?.strip_suffix(']')?;
    if !inner.contains('|') || inner.contains(['[', ']', '\n']) {
        return None;
    }
    Some(
        inner
            .split('|')
            .map(|word| word.trim().to_owned())
            .collect(),
    )
}

/// What a value to be filled in is, by what stands for it.
pub(super) fn value_of(text: &str) -> ValueRule {
    let bare = text.trim_matches(['[', ']', '{', '}', '`', ' ']);
    if matches!(bare, "date" | "YYYY-MM-DD" | "DATE") {
        ValueRule::Date
    } else {
        ValueRule::Text
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}
