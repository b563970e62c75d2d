//! Who has an item, how long it takes and what it needs: where the item says so, else as the
//! document's other items do.

use planwright_model::{Item, ItemState};
use planwright_syntax::Span;
use planwright_syntax::splice::Edit;

use super::add::indent_below;
use super::asides::{Kind, asides, labelled, lines_at, value_of_aside};
use super::item::note_at;
use super::{Attribute, Note, Refusal, Subject, native};
use crate::outline::ListItem;
use crate::reader::estimate;
use crate::words::{is_symbol, one_line};

/// A place where an item says something about itself.
struct Said {
    kind: Kind,
    value: Span,
    /// What goes with the value.
    whole: Span,
    form: Form,
}

/// How it says it.
#[derive(Clone, Debug)]
enum Form {
    /// A line of its own: columns behind the item's, what stands in front of the value and behind.
    Line {
        indent: usize,
        label: String,
        close: String,
    },
    /// `(Owner: Ann)`: what stands in front of the value.
    Aside(String),
}

/// Ways to set what an item says about itself.
pub(super) fn edits(
    subject: &Subject<'_>,
    line: u32,
    attribute: Attribute,
    value: Option<&str>,
) -> Result<Vec<Vec<Edit>>, Refusal> {
    let mut items = subject.document.items.iter();
    let item = items.find(|item| item.line == line);
    let item = item.ok_or(Refusal::NoItem { line })?;
    let value = value.map(one_line).filter(|value| !value.is_empty());
    if is_said(item, attribute, value.as_deref()) {
        return Ok(vec![Vec::new()]);
    }
    Ok(Teller { subject, item }.ways(attribute.into(), value.as_deref()))
}

/// True where an item says so already.
pub(super) fn is_said(item: &Item, attribute: Attribute, value: Option<&str>) -> bool {
    match attribute {
        Attribute::Owner => item.owner.as_deref() == value,
        Attribute::Estimate => item.estimate.as_ref().map(|said| said.native.as_str()) == value,
        Attribute::Needs => {
            let mut said: Vec<&str> = item.depends_on.iter().map(String::as_str).collect();
            said.retain(|id| !id.starts_with("phase:"));
            let mut wanted: Vec<&str> =
                value.map_or_else(Vec::new, |value| value.split(", ").collect());
            said.sort_unstable();
            wanted.sort_unstable();
            said == wanted
        }
    }
}

/// Ways to write how far an item is into its `Status:` line. None where neither it nor an item like
/// it has one.
pub(super) fn status(
    subject: &Subject<'_>,
    item: &Item,
    to: ItemState,
    note: Option<&Note>,
) -> Vec<Vec<Edit>> {
    let teller = Teller { subject, item };
    let now = teller
        .said()
        .into_iter()
        .find(|said| said.kind == Kind::Status);
    let others = subject.document.items.iter();
    let like = |mark: &&str| !mark.starts_with('[') && mark.chars().any(char::is_alphabetic);
    let mut words = others
        .filter(|other| other.state == to)
        .filter_map(|other| other.mark.as_deref())
        .filter(like);
    let known = match to {
        ItemState::Todo => "Todo",
        ItemState::InProgress => "In progress",
        ItemState::Blocked => "Blocked",
        ItemState::Done => "Done",
        ItemState::Cancelled => "Cancelled",
    };
    let habit = words
        .next_back()
        .map(native::phrase)
        .filter(|word| !word.is_empty());
    let was = now.as_ref().map(|said| subject.parsed.text(said.value));
    let mut word = match (habit, was) {
        (Some(habit), _) => habit.to_owned(),
        (None, Some(was)) => native::dress(known, was),
        (None, None) => known.to_owned(),
    };
    if let Some(was) = was
        && was.starts_with(is_symbol)
        && let Some(sign) = super::item::symbol_for(to)
    {
        word = format!("{sign} {word}");
    }
    if let Some(note) = note {
        word.extend([" (", &one_line(&note.text), ")"]);
    }
    if let Some(now) = now {
        return vec![vec![Edit::replace(now.value, word)]];
    }
    let Some(form) = teller.example(Kind::Status, true) else {
        return Vec::new();
    };
    vec![vec![teller.put(&form, &word)]]
}

/// The same where the item has such a line itself.
pub(super) fn own_status(
    subject: &Subject<'_>,
    item: &Item,
    to: ItemState,
    note: Option<&Note>,
) -> Vec<Vec<Edit>> {
    let said = Teller { subject, item }.said();
    if said.iter().any(|said| said.kind == Kind::Status) {
        status(subject, item, to, note)
    } else {
        Vec::new()
    }
}

struct Teller<'s, 'a> {
    subject: &'s Subject<'a>,
    item: &'s Item,
}

impl<'s, 'a> Teller<'s, 'a> {
    fn ways(&self, kind: Kind, value: Option<&str>) -> Vec<Vec<Edit>> {
        let said = self.said();
        let known: Vec<&Said> = said.iter().filter(|said| said.kind == kind).collect();
        let Some(value) = value else {
            let gone = known.iter().map(|said| Edit::replace(said.whole, ""));
            let gone: Vec<Edit> = gone.collect();
            return if gone.is_empty() {
                Vec::new()
            } else {
                vec![gone]
            };
        };
        if let Some((first, more)) = known.split_first() {
            let value = Self::worded(kind, &first.form, value);
            let mut edits = vec![Edit::replace(first.value, value)];
            edits.extend(more.iter().map(|said| Edit::replace(said.whole, "")));
            return vec![edits];
        }
        // What is said elsewhere is not said again.
        let value = match kind {
            Kind::Needs => {
                let known = |id: &&str| !self.item.depends_on.iter().any(|said| said == id);
                let new: Vec<&str> = value.split(", ").filter(known).collect();
                new.join(", ")
            }
            _ => value.to_owned(),
        };
        let forms = [
            self.example(kind, false),
            self.example_of_others(kind),
            Some(self.usual(kind, &value)),
            Some(Form::Aside(format!("{}: ", kind.label()))),
        ];
        let ways = forms.into_iter().flatten().map(|form| {
            let value = Self::worded(kind, &form, &value);
            vec![self.put(&form, &value)]
        });
        ways.collect()
    }

    /// Plain numbers are no ids where words stand around them.
    fn worded(kind: Kind, form: &Form, value: &str) -> String {
        let is_aside = matches!(form, Form::Aside(_));
        if kind != Kind::Needs || !is_aside {
            return value.to_owned();
        }
        let worded = value.split(", ").map(|id| {
            if id.bytes().all(|b| b.is_ascii_digit()) {
                format!("Task {id}")
            } else {
                id.to_owned()
            }
        });
        worded.collect::<Vec<_>>().join(", ")
    }

    /// The form where nothing shows one.
    fn usual(&self, kind: Kind, value: &str) -> Form {
        if self.listed().is_none() {
            return Form::Line {
                indent: 0,
                label: format!("**{}:** ", kind.label()),
                close: String::new(),
            };
        }
        Form::Aside(match kind {
            Kind::Needs => "depends on ".to_owned(),
            Kind::Estimate
                if value.len() < 16
                    && estimate::parse(value).is_some_and(|found| found.hours_min.is_some()) =>
            {
                String::new()
            }
            _ => format!("{}: ", kind.label()),
        })
    }

    /// The form in which other items say it; of headings alone where `headed`.
    fn example(&self, kind: Kind, headed: bool) -> Option<Form> {
        let is_listed = self.listed().is_some();
        self.others(is_listed, headed)
            .find_map(|said| (said.kind == kind).then_some(said.form))
    }

    /// The form of lines in which other items say something else.
    fn example_of_others(&self, kind: Kind) -> Option<Form> {
        let is_listed = self.listed().is_some();
        let own = self.said().into_iter();
        own.chain(self.others(is_listed, false))
            .find_map(|said| match said.form {
                Form::Line {
                    indent,
                    label,
                    close,
                } => {
                    let key = said.kind.label();
                    let letters = |c: char| c.is_alphabetic();
                    let start = label.find(letters)?;
                    let end = label.rfind(letters)? + 1;
                    let is_lower = label[start..].starts_with(char::is_lowercase);
                    let name = if is_lower {
                        kind.label().to_lowercase()
                    } else {
                        kind.label().to_owned()
                    };
                    let is_key =
                        label.get(start..end)?.split(' ').count() <= key.split(' ').count() + 2;
                    is_key.then(|| Form::Line {
                        indent,
                        label: format!("{}{name}{}", &label[..start], &label[end..]),
                        close,
                    })
                }
                Form::Aside(_) => None,
            })
    }

    /// What other items of the same shape say, the nearest first.
    fn others(&self, is_listed: bool, headed: bool) -> impl Iterator<Item = Said> {
        let subject = self.subject;
        let mut others: Vec<&Item> = subject.document.items.iter().collect();
        others.retain(|other| other.line != self.item.line && other.role == self.item.role);
        others.sort_by_key(|other| other.line.abs_diff(self.item.line));
        others.into_iter().flat_map(move |item| {
            let other = Teller { subject, item };
            let is_like = other.listed().is_some() == is_listed && !(headed && is_listed);
            if is_like { other.said() } else { Vec::new() }
        })
    }

    fn listed(&self) -> Option<&'s ListItem<'a>> {
        let items = &self.subject.outline.items;
        items.iter().rfind(|found| found.line == self.item.line)
    }

    /// The lines in which the item, and none below it, says something about itself. What a block of
    /// code holds is an example of something else.
    fn own_lines(&self) -> Vec<u32> {
        let Subject {
            parsed,
            outline,
            document,
            ..
        } = self.subject;
        let items = document.items.iter();
        let items = items.map(|other| (other.line, other.end_line));
        let code = outline.code.iter().map(|block| {
            let span = parsed.tree.node(block.node).span;
            (block.line, parsed.source.line(span.end.saturating_sub(1)))
        });
        let below: Vec<(u32, u32)> = items
            .chain(code)
            .filter(|(first, _)| *first > self.item.line && *first <= self.item.end_line)
            .collect();
        let end = self.item.end_line.min(parsed.source.line_count());
        let lines = self.item.line + 1..=end;
        let is_own = |line: &u32| {
            !below
                .iter()
                .any(|(first, last)| line >= first && line <= last)
        };
        lines.filter(is_own).take(40).collect()
    }

    /// Everything that it says.
    fn said(&self) -> Vec<Said> {
        let source = &self.subject.parsed.source;
        let mut all = Vec::new();
        let words = match self.listed() {
            Some(found) => found.raw,
            None => source.line_text(self.item.line),
        };
        let words = &words[..lines_at(words).unwrap_or(words.len())];
        for (range, kind) in asides(words) {
            let inner = &words[range.start + 1..range.end - 1];
            let value = value_of_aside(inner);
            let head = words[..range.start].trim_end().len();
            let spans = self
                .subject
                .span_of(&inner[value.clone()])
                .zip(self.subject.span_of(&words[head..range.end]));
            if let Some((value_span, whole)) = spans {
                all.push(Said {
                    kind,
                    value: value_span,
                    whole,
                    form: Form::Aside(inner[..value.start].to_owned()),
                });
            }
        }
        let column = self.column();
        for line in self.own_lines() {
            let text = source.line_text(line);
            let Some((kind, value)) = labelled(text) else {
                continue;
            };
            let start = source.line_span(line).start as usize;
            let indent = text.len() - text.trim_start().len();
            let next = if line < source.line_count() {
                source.line_span(line + 1).start as usize
            } else {
                start + text.len()
            };
            // Several to a line: only what is its own goes.
            let is_alone = !text.contains(" | ");
            let whole = if is_alone {
                start..next
            } else {
                start + value.start..start + value.end
            };
            all.push(Said {
                kind,
                value: Span::new(start + value.start, start + value.end),
                whole: Span::new(whole.start, whole.end),
                form: Form::Line {
                    indent: indent.saturating_sub(column),
                    label: text[indent..value.start].to_owned(),
                    close: text[value.end..].trim_end().to_owned(),
                },
            });
        }
        all
    }

    /// White space in front of the item.
    fn column(&self) -> usize {
        let line = self.subject.parsed.source.line_text(self.item.line);
        line.len() - line.trim_start().len()
    }

    /// Writes a value in a form.
    fn put(&self, form: &Form, value: &str) -> Edit {
        let subject = self.subject;
        let source = &subject.parsed.source;
        let newline = subject.newline();
        match form {
            Form::Aside(open) => {
                let at = self.words_end();
                Edit::insert(at, format!(" ({open}{value})"))
            }
            Form::Line {
                indent,
                label,
                close,
            } => {
                let said = self.said();
                let lines = said
                    .iter()
                    .filter(|said| matches!(said.form, Form::Line { .. }));
                let last = lines.map(|said| source.line(said.value.start)).max();
                let above = source.line_text(self.item.line);
                let lead = match (self.listed(), *indent) {
                    // As deep as what stands below it has to be.
                    (Some(found), 1..) => indent_below(subject, found),
                    (Some(_), 0) => above[..self.column()].to_owned(),
                    (None, _) => String::new(),
                };
                let text = format!("{lead}{label}{value}{close}");
                if let Some(last) = last {
                    let at = source.line_span(last).end;
                    return Edit::insert(at, format!("{newline}{text}"));
                }
                if let Some(found) = self.listed() {
                    let words = subject.span_of(found.raw.trim_end());
                    let line = words.map_or(self.item.line, |span| source.line(span.end));
                    return Edit::insert(source.line_span(line).end, format!("{newline}{text}"));
                }
                Edit::insert(
                    source.line_span(self.item.line).end,
                    format!("{newline}{newline}{text}"),
                )
            }
        }
    }

    /// Where the words of the item end, in front of the note of its state.
    fn words_end(&self) -> u32 {
        let subject = self.subject;
        let source = &subject.parsed.source;
        let words = match self.listed() {
            Some(found) => found.raw,
            None => source
                .line_text(self.item.line)
                .trim_end()
                .trim_end_matches(['#', '*', ':'])
                .trim_end(),
        };
        let words = words[..lines_at(words).unwrap_or(words.len())].trim_end();
        let words = &words[..note_at(words).unwrap_or(words.len())];
        subject
            .span_of(words)
            .map_or_else(|| source.line_span(self.item.line).end, |span| span.end)
    }
}
