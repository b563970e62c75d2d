//! Front matter, title and what else the form begins with.

use planwright_model::{DocumentState, FieldValue};
use planwright_syntax::Parsed;

use super::Work;
use super::body::moved;
use super::losses::FORMAL;
use crate::template::{ValueRule, Values, quoted};
use crate::words::one_line;

/// What a document begins with.
#[derive(Clone, Debug)]
pub(super) struct Head {
    /// Lines of the front matter.
    matter: Vec<String>,
    /// Those that the document has no value for, and the form has one.
    more: Vec<String>,
    title: Option<String>,
    /// The title as the form has it.
    form_title: Option<String>,
    /// Paragraphs of the form.
    lines: Vec<String>,
    newline: &'static str,
}

/// One step towards the form.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    /// The title is worded as in the form.
    Title,
    /// The front matter has all that the form has a word for: by that some dialects are known.
    Whole,
}

impl Step {
    pub(super) const ALL: [Self; 2] = [Self::Whole, Self::Title];

    /// True for a step that is taken only where it is needed.
    pub(super) const fn is_costly(self) -> bool {
        matches!(self, Self::Whole)
    }
}

impl Head {
    pub(super) fn new(work: &Work<'_>) -> Self {
        let document = &work.reading.document;
        let text = work.form.fill(&super::state::chosen(work));
        let parsed = Parsed::new(text.clone().into_bytes());
        let end = parsed
            .front_matter
            .as_ref()
            .map_or(0, |matter| matter.outer.end as usize);
        let has_title = text[end..].lines().find_map(|line| line.strip_prefix("# "));
        let title = one_line(&document.title.text);
        let mut head = Self {
            matter: Vec::new(),
            more: Vec::new(),
            title: has_title.map(|_| title),
            form_title: has_title.map(str::to_owned),
            lines: Vec::new(),
            newline: work.reading.parsed.source.line_ending().as_str(),
        };
        head.fill_matter(work, &text[..end]);
        head.fill_lines(work, &text[end..]);
        let word = super::state::word(work);
        head.lines
            .extend(word.map(|word| format!("**Status:** {word}")));
        head
    }

    /// The lines of the form's front matter that the document has a value for, or the form insists on.
    fn fill_matter(&mut self, work: &Work<'_>, text: &str) {
        let Some(dialect) = work.dialects.get(work.wanted.dialect) else {
            return;
        };
        let rules = work.form.front_matter.iter().flat_map(|rule| &rule.keys);
        let rules: Vec<_> = rules.collect();
        let document = &work.reading.document;
        let mut outer: Option<(String, bool)> = None;
        let mut is_kept = false;
        let lines = text.lines().map(str::trim_end);
        for line in lines.filter(|line| !matches!(*line, "---" | "")) {
            let inner = line.trim_start();
            let indent = &line[..line.len() - inner.len()];
            let Some((key, value)) = inner
                .split_once(':')
                .filter(|_| !inner.starts_with(['-', '#']))
            else {
                // An element of a list goes the way of its key.
                if is_kept && !inner.starts_with('#') {
                    self.matter.push(line.to_owned());
                }
                continue;
            };
            if indent.is_empty() {
                outer = None;
            }
            let canonical = dialect.field_name(key).unwrap_or(key);
            let path = outer.as_ref().filter(|_| !indent.is_empty());
            let path = path.map_or_else(|| key.to_owned(), |(outer, _)| format!("{outer}.{key}"));
            let rule = rules.iter().find(|rule| rule.name == path);
            if rule.is_some_and(|rule| rule.value == ValueRule::Mapping) {
                outer = Some((key.to_owned(), false));
                is_kept = false;
                continue;
            }
            let given = document.fields.get(canonical);
            let given = given.filter(|_| !FORMAL.contains(&canonical));
            let is_owed = rule.is_some_and(|rule| rule.required) && outer.is_none();
            let is_state = matches!(canonical, "status" | "state");
            let is_formal = FORMAL.contains(&canonical)
                && (!is_state || is_owed || document.state.value != DocumentState::Unknown)
                && (!is_state || !value.trim().is_empty());
            let new = match given {
                Some(value) => Some(format!("{indent}{key}: {}", yaml(work, value))),
                None if is_owed || is_formal => Some(line.to_owned()),
                None => None,
            };
            is_kept = new.is_some() && given.is_none();
            let is_open = value.contains(['[', '{']) || value.trim().is_empty();
            if new.is_none() && !is_open && !is_state && value.contains(|c: char| c.is_alphabetic())
            {
                let outer = outer.as_ref().map(|(outer, _)| format!("{outer}:"));
                if let Some(outer) = outer.filter(|outer| !self.more.contains(outer)) {
                    self.more.push(outer);
                }
                self.more.push(line.to_owned());
            }
            if let Some(new) = new {
                if let Some((outer, is_said)) = &mut outer
                    && !*is_said
                {
                    self.matter.push(format!("{outer}:"));
                    *is_said = true;
                }
                self.matter.push(new);
            }
        }
    }

    /// Paragraphs that belong to every document of the form, and the line for the state.
    fn fill_lines(&mut self, work: &Work<'_>, text: &str) {
        let Some(dialect) = work.dialects.get(work.wanted.dialect) else {
            return;
        };
        let states_it = work.reading.document.state.value != DocumentState::Unknown;
        let is_state = |line: &str| {
            let word = line.trim_start_matches('*');
            let key = word.split([':', '*']).next().unwrap_or_default();
            let name = dialect.field_name(key).unwrap_or(key).to_lowercase();
            matches!(name.as_str(), "status" | "state")
        };
        let lines = text.lines().take_while(|line| !line.starts_with("## "));
        let mut part: Vec<&str> = Vec::new();
        for line in lines.chain([""]) {
            if !line.trim().is_empty() {
                part.push(line);
                continue;
            }
            let lines = std::mem::take(&mut part);
            let Some(first) = lines.first() else { continue };
            if is_state(first) {
                if states_it {
                    self.lines.push((*first).to_owned());
                }
                continue;
            }
            let is_plain = !first.starts_with(['#', '<', '*', '[', '-', '|']);
            let is_whole = lines.iter().all(|line| !line.contains(['[', '{']));
            if is_plain && is_whole {
                self.lines.push(lines.join(self.newline));
            }
        }
    }

    pub(super) fn take(&mut self, step: Step) {
        match step {
            Step::Title => self.title.clone_from(&self.form_title),
            Step::Whole => self.matter.append(&mut self.more),
        }
    }

    /// One more key of the front matter.
    pub(super) fn add(&mut self, key: &str, value: &str) {
        self.matter.push(format!("{key}: {value}"));
    }

    pub(super) fn text(&self) -> String {
        let newline = self.newline;
        let mut out = String::new();
        if !self.matter.is_empty() {
            out.push_str("---");
            out.push_str(newline);
            for line in &self.matter {
                out.push_str(line);
                out.push_str(newline);
            }
            out.push_str("---");
            out.push_str(newline);
        }
        let title = self.title.as_ref().map(|title| format!("# {title}"));
        for part in title.iter().chain(&self.lines) {
            if !out.is_empty() {
                out.push_str(newline);
            }
            out.push_str(part);
            out.push_str(newline);
        }
        out
    }
}

/// A value as YAML, its paths turned to where the new document lies.
fn yaml(work: &Work<'_>, value: &FieldValue) -> String {
    let turned = |value: &str| {
        if value.starts_with("../") || value.starts_with("./") {
            moved(work, value)
        } else {
            one_line(value)
        }
    };
    match value {
        FieldValue::One(value) => quoted(&turned(value), false),
        FieldValue::Many(values) => {
            let values: Vec<String> = values
                .iter()
                .map(|value| quoted(&turned(value), true))
                .collect();
            format!("[{}]", values.join(", "))
        }
    }
}

/// Fields that a text does not have: key and value for the front matter.
pub(super) fn left(work: &Work<'_>, text: &str) -> Vec<(String, String)> {
    let after = work
        .dialects
        .read(work.wanted.path, text.as_bytes().to_vec());
    let document = &work.reading.document;
    let own = work.dialects.get(&document.dialect);
    let matter = work.reading.parsed.front_matter.as_ref();
    let missing = document.fields.iter().filter(|(name, _)| {
        !FORMAL.contains(&name.as_str()) && !after.document.fields.contains_key(*name)
    });
    missing
        .map(|(name, value)| {
            let entries = matter.map_or(&[][..], |matter| matter.value.entries());
            let key = entries.iter().map(|entry| entry.key.as_str()).find(|key| {
                let canonical = own.and_then(|own| own.field_name(key));
                canonical.unwrap_or(key) == name
            });
            (key.unwrap_or(name).to_owned(), yaml(work, value))
        })
        .collect()
}

/// The values that a document gives to the words of a form; the others are left as the form has them.
pub fn values(reading: &crate::Reading) -> Values {
    let document = &reading.document;
    let title = Values::new().with("title", one_line(&document.title.text));
    let fields = [
        ("author", "owner"),
        ("date", "created"),
        ("branch", "branch"),
    ];
    fields.into_iter().fold(title, |values, (word, field)| {
        match document.field(field).next() {
            Some(value) => values.with(word, value),
            None => values,
        }
    })
}
