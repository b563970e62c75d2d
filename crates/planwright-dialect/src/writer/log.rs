//! Entries of a log: in the order, the form and the words of those that stand there.

use planwright_model::{LogEntry, LogRole};
use planwright_syntax::splice::Edit;

use super::section::{self, marker};
use super::{LogLine, Subject, stamp};
use crate::outline::ListItem;
use crate::reader::phases;
use crate::template::SectionRule;
use crate::times;
use crate::words::{one_line, strip_prefix_ignore_case};

/// Ways to add an entry, the one most like its neighbours first; and a line to tell of where none
/// will do.
pub(super) fn edits(subject: &Subject<'_>, entry: &LogLine) -> (u32, Vec<Vec<Edit>>) {
    let Some(log) = Log::find(subject, entry.role) else {
        return section(subject, entry);
    };
    let mut ways = Vec::new();
    if let Some(edit) = log.beside_neighbour(entry) {
        ways.push(vec![edit]);
    }
    ways.extend(log.in_place_of_nothing(entry));
    ways.push(vec![log.at_end(entry)]);
    (log.line, ways)
}

/// The name of a log as the roles of sections have it.
const fn section_role(role: LogRole) -> &'static str {
    match role {
        LogRole::Progress => "progress",
        LogRole::Decision => "decisions",
        LogRole::Discovery => "discoveries",
        LogRole::Outcome => "outcomes",
        LogRole::Update => "update_log",
    }
}

/// The section of a log.
pub(super) struct Log<'s, 'a> {
    subject: &'s Subject<'a>,
    role: LogRole,
    /// Its index.
    section: usize,
    pub(super) line: u32,
    end_line: u32,
}

impl<'s, 'a> Log<'s, 'a> {
    fn find(subject: &'s Subject<'a>, role: LogRole) -> Option<Self> {
        Self::of(subject, section_role(role), role)
    }

    /// The section whose role is `name`, for entries of a log.
    pub(super) fn of(subject: &'s Subject<'a>, name: &str, role: LogRole) -> Option<Self> {
        let outline = &subject.outline;
        let sections = outline.sections.iter().enumerate();
        let held = sections.filter(|(_, section)| section.role == Some(name));
        // A heading before a label, the first of each.
        let (section, found) = held.min_by_key(|(_, section)| section.level > 6)?;
        Some(Self {
            subject,
            role,
            section,
            line: found.line,
            end_line: phases::end_line(outline, section),
        })
    }

    /// The entries that stand in it.
    fn entries(&self) -> impl DoubleEndedIterator<Item = &'s LogEntry> + use<'s, 'a> {
        let (first, last, role) = (self.line, self.end_line, self.role);
        let log = self.subject.document.log.iter();
        log.filter(move |entry| entry.role == role && entry.line > first && entry.line <= last)
    }

    /// The list items that are entries, and so examples of one.
    fn examples(&self) -> Vec<&'s ListItem<'a>> {
        let outline = &self.subject.outline;
        let entries = self.entries().filter_map(|entry| {
            let mut items = outline.items.iter();
            items.find(|item| item.line == entry.line && item.parent.is_none() && !item.quoted)
        });
        let mut found: Vec<_> = entries.collect();
        if found.is_empty() && self.role == LogRole::Progress {
            // Boxes without a stamp are tasks, and show how entries look.
            let items = outline.items.iter().filter(|item| {
                item.line > self.line
                    && item.line <= self.end_line
                    && item.parent.is_none()
                    && item.mark.is_some()
            });
            found = items.collect();
        }
        found
    }

    /// True where the newest entry stands first.
    fn is_newest_first(&self) -> bool {
        let mut times = self.entries().filter_map(|entry| entry.time.as_deref());
        let first = times.next();
        let last = times.next_back();
        first.zip(last).is_some_and(|(first, last)| first > last)
    }

    /// An entry like the newest one, next to it.
    fn beside_neighbour(&self, entry: &LogLine) -> Option<Edit> {
        let examples = self.examples();
        let newest_first = self.is_newest_first();
        let neighbour = if newest_first {
            examples.first()?
        } else {
            examples.last()?
        };
        let source = &self.subject.parsed.source;
        let newline = self.subject.newline();
        let text = Form::of(self.subject, neighbour, self.role).fill(self.subject, entry);
        let is_loose = examples.windows(2).any(|pair| {
            let between = pair[0].end_line + 1..pair[1].line;
            between.len() == 1 && source.line_text(between.start).trim().is_empty()
        });
        let gap = if is_loose { newline } else { "" };
        if newest_first {
            let at = source.line_span(neighbour.line).start;
            return Some(Edit::insert(at, format!("{text}{newline}{gap}")));
        }
        let at = source.line_span(neighbour.end_line).end;
        Some(Edit::insert(at, format!("{newline}{gap}{text}")))
    }

    /// An entry instead of the words that there is none yet, where nothing else stands there.
    pub(super) fn in_place_of_nothing(&self, entry: &LogLine) -> Option<Vec<Edit>> {
        let text = pattern(self.subject, entry, marker(self.subject));
        section::in_place_of_nothing(self.subject, self.section, &text)
    }

    /// An entry behind everything that stands in the section itself.
    pub(super) fn at_end(&self, entry: &LogLine) -> Edit {
        let text = pattern(self.subject, entry, marker(self.subject));
        section::at_end(self.subject, self.section, &text)
    }
}

/// The labels of the parts of an entry.
const LABELS: [(&str, Part); 8] = [
    ("date/author", Part::Author),
    ("date / author", Part::Author),
    ("author", Part::Author),
    ("rationale", Part::Rationale),
    ("implication", Part::Rationale),
    ("alternatives considered", Part::Alternatives),
    ("alternatives", Part::Alternatives),
    ("evidence", Part::Evidence),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Author,
    Rationale,
    Alternatives,
    Evidence,
}

/// How an entry is written, learnt from one.
struct Form {
    /// What stands in front of the stamp, or of the words where there is no stamp.
    prefix: String,
    /// The stamp and what stands between it and the words.
    stamp: Option<(String, String)>,
    /// Bold marks and the like behind the words `Decision:`.
    label: String,
    /// A labelled line: what stands in front of the label, the label, what stands behind it.
    parts: Vec<(Part, String, String, String)>,
    /// The white space in front of further lines.
    indent: String,
}

impl Form {
    fn of(subject: &Subject<'_>, item: &ListItem<'_>, role: LogRole) -> Self {
        let block = subject.parsed.text(item.span);
        let first = block.lines().next().unwrap_or_default();
        let raw = item.raw.lines().next().unwrap_or_default().trim_end();
        let head = first.len() - first.find(raw).map_or(0, |at| first.len() - at);
        let mut prefix = first[..head].to_owned();
        if let Some(mark) = &item.mark {
            // What is told was done.
            let done = subject.rule(|rules| &rules.marks, &planwright_model::ItemState::Done);
            let is_done = crate::reader::item_state::mark_state(mark.symbol())
                == planwright_model::ItemState::Done;
            if !is_done && let Some(done) = done {
                prefix = prefix.replacen(mark.text, &format!("[{done}]"), 1);
            }
        }
        let source = &subject.parsed.source;
        let start = source.line_span(item.line).start;
        let lead = subject.parsed.text(planwright_syntax::Span {
            start,
            end: item.span.start,
        });
        let prefix = lead.to_owned() + &prefix;
        let width = first.len() - first.trim_start_matches(['-', '*', '+']).trim_start().len();
        let mut form = Self {
            indent: " ".repeat(lead.chars().count() + width.clamp(2, 4)),
            prefix,
            stamp: None,
            label: String::new(),
            parts: Vec::new(),
        };
        form.learn_stamp(raw);
        form.learn_label(raw, role);
        form.learn_parts(block);
        form
    }

    /// `(2026-03-01 10:00Z) `, `**2026-03-01**: `, `[2026-03-01 10:00 UTC] `.
    fn learn_stamp(&mut self, raw: &str) {
        let opening = raw.trim_start_matches(['*', '_', '(', '[', '`', '~']);
        let at = raw.len() - opening.len();
        let Some((time, _)) = times::leading(opening) else {
            return;
        };
        let open = &raw[..at];
        let rest = &opening[time.native.len()..];
        // What closes the brackets ends the stamp, whatever else stands in them.
        let close = match open.chars().last() {
            Some('(') => rest.find(')'),
            Some('[') => rest.find(']'),
            Some('`') => rest.find('`'),
            _ => Some(0),
        };
        let Some(close) = close.filter(|close| *close < 60) else {
            return;
        };
        let rest = &rest[close..];
        let joins = |c: char| {
            matches!(
                c,
                ')' | ']' | '`' | '*' | '_' | ':' | ' ' | ',' | '—' | '–' | '-'
            )
        };
        let suffix = &rest[..rest.len() - rest.trim_start_matches(joins).len()];
        // Bold that begins the words and not the stamp is not taken along.
        let opens = |text: &str| text.matches("**").count();
        let suffix = if opens(suffix) > opens(open) {
            suffix.trim_end_matches('*')
        } else {
            suffix
        };
        if suffix.is_empty() {
            return;
        }
        self.prefix.push_str(open);
        self.stamp = Some((time.native, suffix.to_owned()));
    }

    /// `Decision: `, `**Decision:** `, `Observation: `.
    fn learn_label(&mut self, raw: &str, role: LogRole) {
        let word = match role {
            LogRole::Decision => "decision",
            LogRole::Discovery => "observation",
            _ => return,
        };
        let inner = raw.trim_start_matches(['*', '_']);
        let open = &raw[..raw.len() - inner.len()];
        let Some(rest) = strip_prefix_ignore_case(inner, word) else {
            return;
        };
        let joins = |c: char| matches!(c, ':' | '*' | '_' | ' ');
        let close = &rest[..rest.len() - rest.trim_start_matches(joins).len()];
        if self.stamp.is_none() && close.contains(':') {
            self.label = format!("{open}{}{close}", &inner[..word.len()]);
        }
    }

    /// `Rationale: ...` on lines of their own.
    fn learn_parts(&mut self, block: &str) {
        for line in block.lines().skip(1) {
            let inner = line.trim_start_matches([' ', '\t', '-', '*', '_', '+']);
            let before = &line[..line.len() - inner.len()];
            let found = LABELS.iter().find_map(|(label, part)| {
                let rest = strip_prefix_ignore_case(inner, label)?;
                let joins = |c: char| matches!(c, ':' | '*' | '_' | ' ');
                let behind = &rest[..rest.len() - rest.trim_start_matches(joins).len()];
                behind.contains(':').then(|| {
                    let label = inner[..label.len()].to_owned();
                    let mut behind = behind.to_owned();
                    if !behind.ends_with(' ') {
                        behind.push(' ');
                    }
                    (*part, before.to_owned(), label, behind)
                })
            });
            if let Some(found) = found
                && !self.parts.iter().any(|(part, ..)| *part == found.0)
            {
                self.parts.push(found);
            }
        }
    }

    fn fill(&self, subject: &Subject<'_>, entry: &LogLine) -> String {
        let newline = subject.newline();
        let mut out = self.prefix.clone();
        if let Some((native, suffix)) = &self.stamp {
            out.push_str(&stamp::like(native, subject.now));
            out.push_str(suffix);
        }
        out.push_str(&self.label);
        out.push_str(&one_line(&entry.text));
        let has_author = self.parts.iter().any(|(part, ..)| *part == Part::Author);
        if self.stamp.is_none() && !has_author && self.label.is_empty() {
            let dated = if entry.role == LogRole::Discovery {
                None
            } else {
                Some(stamp::day(subject.now))
            };
            out.extend(dated.map(|day| format!(" ({day})")));
        }
        for (part, name) in order(&self.parts) {
            let Some(value) = value(subject, entry, part) else {
                continue;
            };
            let known = self.parts.iter().find(|(known, ..)| *known == part);
            let other = self.parts.first();
            let line = match (known, other) {
                (Some((_, before, label, behind)), _) => format!("{before}{label}{behind}{value}"),
                (None, _) if part == Part::Author => continue,
                (None, Some((_, before, _, behind))) => format!("{before}{name}{behind}{value}"),
                (None, None) => format!("{}{name}: {value}", self.indent),
            };
            out.push_str(newline);
            out.push_str(&line);
        }
        out
    }
}

/// The parts of an entry in the order in which they are known to stand, then the others.
fn order(known: &[(Part, String, String, String)]) -> Vec<(Part, &'static str)> {
    let mut all = vec![
        (Part::Rationale, "Rationale"),
        (Part::Alternatives, "Alternatives"),
        (Part::Evidence, "Evidence"),
        (Part::Author, "Date/Author"),
    ];
    let place = |part: Part| known.iter().position(|(known, ..)| *known == part);
    let last = known.len();
    // Author lines close an entry; what no neighbour has stands in front of them.
    let author = place(Part::Author).unwrap_or(last);
    all.sort_by_key(|(part, _)| place(*part).map_or((author, 0), |at| (at, 1)));
    all
}

fn value(subject: &Subject<'_>, entry: &LogLine, part: Part) -> Option<String> {
    let text = |text: &Option<String>| text.as_deref().map(one_line);
    match part {
        Part::Rationale => text(&entry.rationale),
        Part::Alternatives => text(&entry.alternatives),
        Part::Evidence => text(&entry.evidence),
        Part::Author => {
            let day = stamp::day(subject.now);
            Some(match &entry.author {
                Some(author) => format!("{day} / {author}"),
                None => day,
            })
        }
    }
}

/// An entry as the dialect writes the first of its kind.
fn pattern(subject: &Subject<'_>, entry: &LogLine, marker: &str) -> String {
    let known = subject.rule(|rules| &rules.log, &entry.role);
    let pattern = known.map_or("- {day}: {text}", |pattern| {
        pattern.trim_start_matches('\n')
    });
    let mut lines = Vec::new();
    for line in pattern.lines() {
        let mut line = line.to_owned();
        if entry.author.is_none() {
            line = line.replace(" / {author}", "");
        }
        // Inserted texts are put in last, so that braces in them stand for nothing.
        let values = [
            ("{time}", Some(stamp::minute(subject.now))),
            ("{day}", Some(stamp::day(subject.now))),
            ("{author}", entry.author.as_deref().map(one_line)),
            ("{rationale}", entry.rationale.as_deref().map(one_line)),
            (
                "{alternatives}",
                entry.alternatives.as_deref().map(one_line),
            ),
            ("{evidence}", entry.evidence.as_deref().map(one_line)),
            ("{text}", Some(one_line(&entry.text))),
        ];
        let lacks = values
            .iter()
            .any(|(name, value)| value.is_none() && line.contains(name));
        if lacks {
            continue;
        }
        let mut out = String::new();
        let mut rest = line.as_str();
        while let Some(at) = rest.find('{') {
            out.push_str(&rest[..at]);
            let found = values.iter().find(|(name, _)| rest[at..].starts_with(name));
            if let Some((name, value)) = found {
                out.push_str(value.as_deref().unwrap_or_default());
                rest = &rest[at + name.len()..];
            } else {
                out.push('{');
                rest = &rest[at + 1..];
            }
        }
        out.push_str(rest);
        lines.push(out);
    }
    let text = lines.join(subject.newline());
    match text.strip_prefix("- ") {
        Some(rest) => format!("{marker} {rest}"),
        None => text,
    }
}

/// Ways to make a log with its first entry.
fn section(subject: &Subject<'_>, entry: &LogLine) -> (u32, Vec<Vec<Edit>>) {
    let name = section_role(entry.role);
    let known = subject.rule(|rules| &rules.headings, &entry.role);
    let title = known.map_or("Log", String::as_str);
    let text = pattern(subject, entry, marker(subject));
    let own = |rule: &SectionRule| rule.role.as_deref() == Some(name);
    section::make(subject, own, title, &text)
}
