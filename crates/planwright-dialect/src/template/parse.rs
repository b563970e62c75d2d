//! Reads what a form says of the documents made from it.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

use planwright_model::{Diagnostic, Document, ItemRole, Level};
use planwright_syntax::{Kind, Parsed};

use super::front::{choice, value_of};
use super::marks::{self, Mark};
use super::{FILLED, KeyRule, Place, SectionRule, Template, fill};
use crate::outline::Outline;
use crate::reader::header::{self, Pair};
use crate::reader::{self, Depth};
use crate::recognise::Recognition;
use crate::vocabulary::Vocabulary;
use crate::words::normalise;

/// Reads a form. What is wrong with it is listed in [`Template::diagnostics`].
pub(super) fn parse(
    name: &str,
    origin: &str,
    text: Cow<'static, str>,
    words: &Vocabulary,
) -> Template {
    let parsed = Parsed::new(text.as_bytes().to_vec());
    let mut form = Form {
        template: Template {
            name: name.to_owned(),
            kind: name.to_owned(),
            origin: origin.to_owned(),
            text: Cow::Borrowed(""),
            file: None,
            path: None,
            front_matter: None,
            labels: Vec::new(),
            sections: Vec::new(),
            holds: Vec::new(),
            phases: false,
            diagnostics: Vec::new(),
            marks: Vec::new(),
            choices: Vec::new(),
        },
        parsed: &parsed,
        items: false,
    };
    form.front_matter();
    let comments = form.comments();
    form.whole(&comments);
    let outline = Outline::new(&parsed, words);
    form.labels(&header::read_pairs(&outline, words));
    let document = form.read(words);
    form.sections(&document, &outline);
    form.marked(&comments);
    form.holds(&document);
    form.check_placeholders();
    form.check_sections();
    let mut template = form.template;
    template.diagnostics.extend(document.diagnostics);
    template.diagnostics.sort_by_key(|found| found.line);
    template.marks.sort_by_key(|range| range.start);
    template.text = text;
    template
}

/// A form that is being read.
pub(super) struct Form<'a> {
    pub(super) template: Template,
    pub(super) parsed: &'a Parsed,
    /// A document owes the items of the form, in whatever section.
    items: bool,
}

/// An HTML comment: what it says and where.
struct Comment {
    marks: Vec<Mark>,
    span: Range<usize>,
    line: u32,
    end_line: u32,
    /// Nothing else stands in its lines.
    alone: bool,
}

impl Comment {
    /// True where it speaks of the whole form.
    fn is_of_form(&self) -> bool {
        self.marks.iter().any(Mark::is_of_form)
    }
}

impl Form<'_> {
    pub(super) fn warn(&mut self, code: &str, line: u32, message: String, help: &str) {
        let diagnostic = Diagnostic::new(code, Level::Warning, line, message);
        self.template.diagnostics.push(diagnostic.with_help(help));
    }

    /// The marks of a comment; what begins as one and is none is told.
    pub(super) fn marks_of(&mut self, comment: &str, line: u32) -> Option<Vec<Mark>> {
        match marks::read(comment)? {
            Ok(found) => Some(found),
            Err(part) => {
                let message = format!("`{part}` is no mark");
                self.warn("template-mark", line, message, "the marks are optional, required, items, also: WORDS, file: PATH, name: PATH and kind: WORD, parted by `;`");
                None
            }
        }
    }

    pub(super) fn misplaced(&mut self, line: u32) {
        let message = "this mark belongs to nothing".to_owned();
        self.warn("template-mark", line, message, "put it right below a heading, behind a header line, or behind a key of the front matter");
    }

    /// The marks below the front matter.
    fn comments(&mut self) -> Vec<Comment> {
        let parsed = self.parsed;
        let text = parsed.source.text();
        let mut comments = Vec::new();
        let nodes = parsed.tree.nodes().iter();
        for node in nodes.filter(|node| matches!(node.kind, Kind::Html | Kind::InlineHtml)) {
            let mut at = node.span.start as usize;
            let end = node.span.end as usize;
            while let Some(found) = text[at..end].find("<!--") {
                let start = at + found;
                let Some(close) = text[start..].find("-->").map(|close| start + close + 3) else {
                    break;
                };
                at = close.min(end);
                let line = parsed.source.line(start as u32);
                let inner = text[start + 4..close - 3].trim();
                let Some(marks) = self.marks_of(inner, line) else {
                    continue;
                };
                let end_line = parsed.source.line(close as u32 - 1);
                let first = parsed.source.line_span(line).start as usize;
                let last = parsed.source.line_span(end_line).end as usize;
                let alone = text[first..start].trim().is_empty()
                    && text[close..last.max(close)].trim().is_empty();
                let kept = text[..start].trim_end_matches([' ', '\t']).len();
                let span = if alone { first..close } else { kept..close };
                let comment = Comment {
                    marks,
                    span,
                    line,
                    end_line,
                    alone,
                };
                self.template.marks.push(self.gap(&comment));
                comments.push(comment);
            }
        }
        comments
    }

    /// The bytes that go with a comment: its lines, and a blank line where two would be left.
    fn gap(&self, comment: &Comment) -> Range<usize> {
        if !comment.alone {
            return comment.span.clone();
        }
        let source = &self.parsed.source;
        let blank = |line: u32| source.line_text(line).trim().is_empty();
        let body = self.parsed.front_matter.as_ref();
        let body = body.map_or(1, |matter| source.line(matter.outer.end));
        let above = comment.line <= body || blank(comment.line - 1);
        let mut end = comment.end_line;
        if above && end < source.line_count() && blank(end + 1) {
            end += 1;
        }
        comment.span.start..line_end(self.parsed, end)
    }

    /// The marks that speak of the whole form.
    fn whole(&mut self, comments: &[Comment]) {
        for comment in comments.iter().filter(|comment| comment.is_of_form()) {
            for mark in &comment.marks {
                match mark {
                    Mark::File(path) => self.template.file = self.place(path, comment.line),
                    Mark::Name(path) => self.template.path = self.place(path, comment.line),
                    Mark::Kind(kind) => self.template.kind.clone_from(kind),
                    Mark::Items => self.items = true,
                    Mark::Optional | Mark::Required | Mark::Also(_) => {
                        self.misplaced(comment.line);
                    }
                }
            }
        }
    }

    fn place(&mut self, path: &str, line: u32) -> Option<Place> {
        match Place::parse(path) {
            Ok(place) => Some(place),
            Err(message) => {
                self.warn(
                    "template-path",
                    line,
                    message,
                    "write it from the root of the repository: specs/{{nnn}}-{{slug}}/plan.md",
                );
                None
            }
        }
    }

    /// The header and footer lines that are to be filled in.
    fn labels(&mut self, pairs: &[Pair]) {
        let text = self.parsed.source.text();
        for pair in pairs {
            let span = self.parsed.source.line_span(pair.line);
            let line = &text[span.range()];
            let value = pair.value.split("<!--").next().unwrap_or_default().trim();
            let bare = value.trim_matches('`');
            let words = choice(bare);
            if words.is_none()
                && !value.contains("{{")
                && !(bare.contains('[') && bare.contains(']'))
            {
                continue;
            }
            let value = match (words, line.find(bare)) {
                (Some(words), Some(at)) => {
                    let start = span.start as usize + at;
                    self.choice(words, start..start + bare.len(), &pair.key, pair.line)
                }
                _ => value_of(bare),
            };
            self.template.labels.push(KeyRule {
                name: pair.key.clone(),
                required: !pair.footer,
                also: Vec::new(),
                value,
                line: pair.line,
            });
        }
    }

    /// The form as the reader reads a document.
    fn read(&self, words: &Vocabulary) -> Document {
        let recognition = Recognition {
            dialect: String::new(),
            score: 0,
            reasons: Vec::new(),
            kind: self.template.kind.clone(),
            template: true,
            listed: true,
        };
        // Words in brackets are no words to the reader, and items without words are none.
        let filled = fill::with_words(self.parsed.source.text());
        let parsed = Parsed::new(filled.into_bytes());
        let path = &self.template.name;
        let depth = Depth::Whole;
        reader::read(
            path,
            &parsed,
            &recognition,
            words,
            String::new(),
            false,
            depth,
        )
    }

    fn sections(&mut self, document: &Document, outline: &Outline<'_>) {
        let phases: BTreeSet<u32> = document.phases.iter().map(|phase| phase.line).collect();
        self.template.phases = !phases.is_empty();
        let source = &self.parsed.source;
        for section in document.sections.iter().filter(|section| section.level > 1) {
            let written = source.line_text(section.line);
            // A heading that a person words is an example, and what stands below is too.
            if phases.contains(&section.line) || written.contains(['[', '{']) {
                continue;
            }
            let inside = section.line..=section.end_line;
            let mut holds = Vec::new();
            for item in document
                .items
                .iter()
                .filter(|item| inside.contains(&item.line))
            {
                if item.role != ItemRole::Subtask && !holds.contains(&item.role) {
                    holds.push(item.role);
                }
            }
            let tables = outline
                .tables
                .iter()
                .filter(|table| inside.contains(&table.line));
            self.template.sections.push(SectionRule {
                title: section.title.clone(),
                level: section.level,
                role: section.role.clone(),
                required: false,
                also: Vec::new(),
                items: false,
                holds,
                tables: tables
                    .map(|table| columns(self.parsed, table.line))
                    .collect(),
                line: section.line,
            });
        }
        let sections = &mut self.template.sections;
        let highest = sections.iter().map(|section| section.level).min();
        for section in sections {
            section.required = Some(section.level) == highest;
        }
    }

    /// Applies the marks of headings and header lines.
    fn marked(&mut self, comments: &[Comment]) {
        for comment in comments.iter().filter(|comment| !comment.is_of_form()) {
            let marks = comment.marks.as_slice();
            let line = comment.line;
            if !comment.alone {
                let mut labels = self.template.labels.iter_mut();
                let mut found = false;
                for label in labels.by_ref().filter(|label| label.line == line) {
                    apply_to_key(label, marks);
                    found = true;
                }
                if !found {
                    self.misplaced(line);
                }
                continue;
            }
            let mut above = line - 1;
            while above > 0 && self.says_nothing(above) {
                above -= 1;
            }
            let mut sections = self.template.sections.iter_mut();
            match sections.find(|section| section.line == above) {
                Some(section) => apply_to_section(section, marks),
                None => self.misplaced(line),
            }
        }
        // What stands in a section that may be absent may be absent.
        let mut absent: Vec<u8> = Vec::new();
        for section in &mut self.template.sections {
            absent.retain(|level| *level < section.level);
            section.required &= absent.is_empty();
            if !section.required {
                absent.push(section.level);
            }
        }
    }

    /// True for a line that is blank or a comment.
    fn says_nothing(&self, line: u32) -> bool {
        let text = self.parsed.source.line_text(line).trim();
        text.is_empty() || text.starts_with("<!--") && text.ends_with("-->")
    }

    /// What documents hold: the items of sections that owe some, and of the whole form where it owes
    /// some.
    fn holds(&mut self, document: &Document) {
        let owed = self
            .template
            .sections
            .iter()
            .filter(|section| section.items);
        let mut roles: Vec<ItemRole> = owed.flat_map(|section| section.holds.clone()).collect();
        if self.items {
            roles.extend(document.items.iter().map(|item| item.role));
        }
        for role in roles {
            if role != ItemRole::Subtask && !self.template.holds.contains(&role) {
                self.template.holds.push(role);
            }
        }
    }

    /// Tells placeholders that nothing fills in.
    fn check_placeholders(&mut self) {
        let source = &self.parsed.source;
        let marks = &self.template.marks;
        let text = source.text();
        let unknown: Vec<(u32, String)> = fill::placeholders(text)
            .filter(|(range, word)| {
                !FILLED.contains(word) && !marks.iter().any(|mark| mark.contains(&range.start))
            })
            .map(|(range, word)| (source.line(range.start as u32), word.to_owned()))
            .collect();
        for (line, word) in unknown {
            let help = format!(
                "what is filled in: {}; what a person fills in stands in [brackets]",
                FILLED.join(", ")
            );
            self.warn(
                "template-placeholder",
                line,
                format!("nothing fills in `{{{{{word}}}}}`"),
                &help,
            );
        }
    }

    /// Tells sections that stand twice: which one a document owes nobody could say.
    fn check_sections(&mut self) {
        let mut seen = BTreeSet::new();
        let mut twice = Vec::new();
        for section in self
            .template
            .sections
            .iter()
            .filter(|section| section.required)
        {
            if !seen.insert(normalise(&section.title)) {
                twice.push((section.line, section.title.clone()));
            }
        }
        for (line, title) in twice {
            self.warn(
                "template-section",
                line,
                format!("`{title}` is owed twice"),
                "name one of the two otherwise, or mark it optional",
            );
        }
    }
}

pub(super) fn apply_to_key(key: &mut KeyRule, marks: &[Mark]) {
    apply(&mut key.required, &mut key.also, marks);
}

fn apply_to_section(section: &mut SectionRule, marks: &[Mark]) {
    section.items |= marks.contains(&Mark::Items);
    apply(&mut section.required, &mut section.also, marks);
}

fn apply(required: &mut bool, also: &mut Vec<String>, marks: &[Mark]) {
    for mark in marks {
        match mark {
            Mark::Optional => *required = false,
            Mark::Required => *required = true,
            Mark::Also(words) => also.extend(words.iter().cloned()),
            Mark::Items | Mark::File(_) | Mark::Name(_) | Mark::Kind(_) => {}
        }
    }
}

/// The cells of the first row of a table.
fn columns(parsed: &Parsed, line: u32) -> Vec<String> {
    let row = parsed.source.line_text(line).trim();
    let row = row.strip_prefix('|').unwrap_or(row);
    let row = row.strip_suffix('|').unwrap_or(row);
    row.split('|').map(|cell| cell.trim().to_owned()).collect()
}

/// The first byte behind a line and its end.
pub(super) fn line_end(parsed: &Parsed, line: u32) -> usize {
    if line >= parsed.source.line_count() {
        parsed.source.text().len()
    } else {
        parsed.source.line_span(line + 1).start as usize
    }
}
