//! A new task, criterion, deliverable, gate or question, in the habit of its neighbours.

use planwright_model::{Item, ItemRole};
use planwright_syntax::splice::Edit;

use super::section::{self, marker};
use super::{Addition, Part, Refusal, Subject, heading, number, record};
use crate::outline::ListItem;
use crate::reader::phases;
use crate::template::SectionRule;
use crate::words::one_line;

/// Ways to add something, the one most like its neighbours first; and a line to tell of where none
/// will do.
pub(super) fn edits(
    subject: &Subject<'_>,
    addition: &Addition,
) -> Result<(u32, Vec<Vec<Edit>>), Refusal> {
    let text = one_line(&addition.text);
    if text.is_empty() {
        return Err(Refusal::NoWords);
    }
    match addition.part {
        Part::Phase => heading::phase(subject, addition, &text),
        Part::Risk | Part::Blocker => record::edits(subject, addition, &text),
        Part::Item(role) => Adder::new(subject, addition, role, text)?.ways(),
    }
}

/// The roles of the sections that hold such items, and the heading of one that is made.
fn home(subject: &Subject<'_>, role: ItemRole) -> (&'static [&'static str], &'static str) {
    let is_logged = subject.words.items.progress_boxes_are_tasks;
    match role {
        ItemRole::Task | ItemRole::Subtask if is_logged == Some(true) => {
            (&["progress", "tasks"], "Progress")
        }
        ItemRole::Task | ItemRole::Subtask => (&["tasks", "steps"], "Tasks"),
        ItemRole::Criterion => (&["criteria"], "Acceptance Criteria"),
        ItemRole::Deliverable => (&["deliverables"], "Deliverables"),
        ItemRole::Gate => (&["gates"], "Definition of Done"),
        ItemRole::Question => (&["questions"], "Open Questions"),
        ItemRole::Check => (&["verification"], "Verification"),
    }
}

struct Adder<'s, 'a> {
    subject: &'s Subject<'a>,
    role: ItemRole,
    text: String,
    /// The phase that it comes into.
    phase: Option<u32>,
    /// The item that it comes below.
    parent: Option<&'s Item>,
    /// The item that it comes behind.
    neighbour: Option<&'s Item>,
    /// Items of its kind, which show how they are written.
    peers: Vec<&'s Item>,
}

impl<'s, 'a> Adder<'s, 'a> {
    fn new(
        subject: &'s Subject<'a>,
        addition: &Addition,
        role: ItemRole,
        text: String,
    ) -> Result<Self, Refusal> {
        let items = &subject.document.items;
        let find = |line: u32| {
            let found = items.iter().find(|item| item.line == line);
            found.ok_or(Refusal::NoItem { line })
        };
        let after = addition.after.map(find).transpose()?;
        let parent = addition.parent.or(after.and_then(|after| after.parent));
        let parent = parent.map(find).transpose()?;
        let peers: Vec<&Item> = match parent {
            Some(_) => items.iter().filter(|item| item.parent.is_some()).collect(),
            None => items
                .iter()
                .filter(|item| item.role == role && item.parent.is_none())
                .collect(),
        };
        let beside = |item: &&&Item| match (parent, addition.phase) {
            (Some(parent), _) => item.parent == Some(parent.line),
            (None, Some(phase)) => item.phase == Some(phase),
            (None, None) => true,
        };
        let last = || {
            let near: Vec<&Item> = peers.iter().filter(beside).copied().collect();
            // What a phase demands is not demanded of the whole.
            let whole = near.iter().rev().find(|item| item.phase.is_none());
            let whole = whole.filter(|_| !role.is_work() && addition.phase.is_none());
            whole.or(near.last()).copied()
        };
        let neighbour = after.or_else(last);
        Ok(Self {
            subject,
            role,
            text,
            phase: addition.phase.or(neighbour.and_then(|item| item.phase)),
            parent,
            neighbour,
            peers,
        })
    }

    fn ways(&self) -> Result<(u32, Vec<Vec<Edit>>), Refusal> {
        if let Some(neighbour) = self.neighbour {
            return Ok((neighbour.line, self.beside(neighbour)));
        }
        if let Some(parent) = self.parent {
            return Ok((parent.line, self.below(parent)));
        }
        let line = self.line("");
        if let Some(phase) = self.phase {
            let sections = &self.subject.outline.sections;
            let at = sections.iter().position(|section| section.line == phase);
            let at = at.ok_or(Refusal::NoItem { line: phase })?;
            let end = phases::end_line(&self.subject.outline, at);
            let mut ways = vec![vec![section::at_end(self.subject, at, &line)]];
            ways.push(vec![section::behind(self.subject, end, &line)]);
            return Ok((phase, ways));
        }
        self.in_section(&line)
    }

    /// Into the section of such items, which is made where it is missing.
    fn in_section(&self, line: &str) -> Result<(u32, Vec<Vec<Edit>>), Refusal> {
        let subject = self.subject;
        let (roles, title) = home(subject, self.role);
        let found = roles.iter().find_map(|role| section::find(subject, role));
        if let Some(at) = found {
            if section::has_table(subject, at) {
                return Err(Refusal::NoPlace {
                    line: subject.outline.sections[at].line,
                    why: "it is a table, whose rows are not read".to_owned(),
                });
            }
            let mut ways: Vec<Vec<Edit>> = section::in_place_of_nothing(subject, at, line)
                .into_iter()
                .collect();
            ways.push(vec![section::at_end(subject, at, line)]);
            ways.extend(section::before_labels(subject, at, line).map(|edit| vec![edit]));
            return Ok((subject.outline.sections[at].line, ways));
        }
        let template = subject.dialects.template_of(subject.document);
        let rules = template.map_or(&[][..], |template| template.sections.as_slice());
        let named = |rule: &SectionRule| {
            let role = rule.role.as_deref();
            role.is_some_and(|role| roles.contains(&role))
        };
        let is_named = rules.iter().any(named);
        let own = |rule: &SectionRule| {
            if is_named {
                named(rule)
            } else {
                rule.holds.contains(&self.role)
            }
        };
        if template.is_some() && !rules.iter().any(own) {
            return Err(subject.no_section(self.role.as_str()));
        }
        Ok(section::make(subject, own, title, line))
    }

    /// Behind another item, in its form.
    fn beside(&self, neighbour: &Item) -> Vec<Vec<Edit>> {
        let subject = self.subject;
        let source = &subject.parsed.source;
        let newline = subject.newline();
        let Some(found) = self.listed(neighbour) else {
            if let Some(edit) = heading::task(subject, neighbour, self.id().as_deref(), &self.text)
            {
                return vec![vec![edit]];
            }
            // `T003 Create x`, a line of its own.
            let line = source.line_text(neighbour.line);
            let raw = line.trim_start();
            let indent = &line[..line.len() - raw.len()];
            let text = format!("{indent}{}", self.words(raw, neighbour));
            let at = source.line_span(neighbour.end_line).end;
            return vec![vec![Edit::insert(at, format!("{newline}{text}"))]];
        };
        let text = self.like(found, neighbour);
        let gap = if self.is_loose(found) { newline } else { "" };
        let at = source.line_span(found.end_line).end;
        vec![vec![Edit::insert(at, format!("{newline}{gap}{text}"))]]
    }

    /// The first piece of a task.
    fn below(&self, parent: &Item) -> Vec<Vec<Edit>> {
        let subject = self.subject;
        let newline = subject.newline();
        let Some(found) = self.listed(parent) else {
            let sections = &subject.outline.sections;
            let at = sections
                .iter()
                .position(|section| section.line == parent.line);
            let at = at.map(|at| section::at_end(subject, at, &self.line("")));
            return at.map(|edit| vec![edit]).into_iter().collect();
        };
        let text = self.line(&indent_below(subject, found));
        let at = subject.parsed.source.line_span(found.end_line).end;
        vec![vec![Edit::insert(at, format!("{newline}{text}"))]]
    }

    fn listed(&self, item: &Item) -> Option<&'s ListItem<'a>> {
        let items = &self.subject.outline.items;
        items.iter().find(|found| found.line == item.line)
    }

    /// A list item with nothing beside it: as others of its kind are, else with a box.
    fn line(&self, indent: &str) -> String {
        let own = || self.peers.iter().rev();
        let model = own().find_map(|peer| Some((self.listed(peer)?, *peer)));
        let Some((found, item)) = model else {
            let lead = self.id().map_or_else(String::new, |id| format!("{id} "));
            return format!("{indent}{} [ ] {lead}{}", marker(self.subject), self.text);
        };
        let text = self.like(found, item);
        let rest = text.trim_start();
        // A list begins at one.
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if digits > 0 && !self.runs_on() {
            return format!("{indent}1{}", &rest[digits..]);
        }
        format!("{indent}{rest}")
    }

    /// A list item in the form of another.
    fn like(&self, found: &ListItem<'_>, item: &Item) -> String {
        let subject = self.subject;
        let block = subject.parsed.text(found.span);
        let first = block.lines().next().unwrap_or_default();
        let raw = found.raw.lines().next().unwrap_or_default().trim_end();
        let head = first.find(raw).filter(|_| !raw.is_empty());
        let mut prefix = head.map_or_else(
            || format!("{} ", marker(subject)),
            |head| first[..head].to_owned(),
        );
        if let Some(mark) = &found.mark {
            prefix = prefix.replacen(mark.text, open_box(mark.text), 1);
        }
        let digits = prefix.bytes().take_while(u8::is_ascii_digit).count();
        if digits > 0 {
            let number = self.list_number(found, prefix[..digits].parse().unwrap_or(0));
            prefix.replace_range(..digits, &number.to_string());
        }
        let start = subject.parsed.source.line_span(found.line).start;
        let lead = subject.parsed.text(planwright_syntax::Span {
            start,
            end: found.span.start,
        });
        // A marker in front of the first child of another item is not its own.
        let lead: String = lead
            .chars()
            .map(|c| {
                if c == '>' || c.is_whitespace() {
                    c
                } else {
                    ' '
                }
            })
            .collect();
        format!("{lead}{prefix}{}", self.words(found.raw, item))
    }

    /// The number behind the last of an ordered list, or of all where they run on.
    fn list_number(&self, found: &ListItem<'_>, own: u64) -> u64 {
        let all: Vec<(&ListItem<'_>, u64)> = numbered(self.subject).collect();
        let beside = all
            .iter()
            .filter(|(item, _)| item.section == found.section && item.parent == found.parent);
        let beside: Vec<u64> = beside.map(|(_, number)| *number).collect();
        // `1.` in front of each.
        if beside.len() > 1 && beside.iter().all(|number| *number == own) {
            return own;
        }
        let last = if self.runs_on() {
            all.iter().map(|(_, number)| *number).max()
        } else {
            beside.into_iter().max()
        };
        last.unwrap_or(own).saturating_add(1)
    }

    /// True where numbers run on from list to list, so that each stands once.
    fn runs_on(&self) -> bool {
        let tasks = self.peers.iter().filter_map(|peer| self.listed(peer));
        let tasks: Vec<u32> = tasks.map(|item| item.line).collect();
        let all = numbered(self.subject).filter(|(item, _)| tasks.contains(&item.line));
        let all: Vec<(usize, u64)> = all.map(|(item, number)| (item.section, number)).collect();
        all.windows(2).all(|pair| pair[0].1 < pair[1].1)
            && all.first().map(|first| first.0) != all.last().map(|last| last.0)
    }

    /// The words behind the id, the id before them.
    fn words(&self, raw: &str, item: &Item) -> String {
        let Some(id) = self.id() else {
            return self.text.clone();
        };
        let lead = Lead::of(raw, item.id.as_deref());
        let tags = if self.shares_tags() {
            lead.tags.as_str()
        } else {
            ""
        };
        let Lead {
            open, joint, close, ..
        } = &lead;
        format!("{open}{id}{joint}{tags}{}{close}", self.text)
    }

    /// True where all tasks of the phase carry the tag of a story.
    fn shares_tags(&self) -> bool {
        let beside = self.peers.iter().filter(|item| item.phase == self.phase);
        let mut beside = beside.peekable();
        self.phase.is_some()
            && beside.peek().is_some()
            && beside.all(|item| item.covers.iter().any(|id| id.starts_with("US")))
    }

    /// The id that it gets where its neighbours have some.
    fn id(&self) -> Option<String> {
        let document = self.subject.document;
        let text = self.subject.parsed.source.text();
        if let Some(parent) = self.parent {
            let last = self.neighbour.and_then(|item| item.id.as_deref());
            return match last {
                Some(last) => number::next_piece(document, text, last),
                None if self.neighbour.is_none() => self.first_piece(parent),
                None => None,
            };
        }
        let own = self.neighbour.filter(|item| item.id.is_some());
        let with: Vec<&&Item> = self.peers.iter().filter(|item| item.id.is_some()).collect();
        let usual = with.last().filter(|_| with.len() * 2 > self.peers.len());
        let model = own.or(usual.map(|item| **item))?;
        let id = model.id.as_deref()?;
        let phase = |line: Option<u32>| {
            let found = document
                .phases
                .iter()
                .find(|phase| Some(phase.line) == line);
            found.and_then(|phase| phase.id.as_deref())
        };
        // `3.1` opens the third phase where `2.4` closed the second.
        if model.phase != self.phase
            && let (Some(from), Some(to)) = (phase(model.phase), phase(self.phase))
            && number::Id::parse(id).is_some_and(|id| id.prefix == format!("{from}."))
        {
            return number::next(document, text, &format!("{to}.0"));
        }
        number::next(document, text, id)
    }

    /// `T003a` where `T002a` is the first piece of `T002`.
    fn first_piece(&self, parent: &Item) -> Option<String> {
        let items = &self.subject.document.items;
        let own = parent.id.as_deref()?;
        self.peers.iter().find_map(|peer| {
            let above = items.iter().find(|item| Some(item.line) == peer.parent)?;
            let suffix = peer.id.as_deref()?.strip_prefix(above.id.as_deref()?)?;
            let joint = suffix.trim_end_matches(|c: char| c.is_ascii_alphanumeric());
            let first = match suffix.strip_prefix(joint)?.as_bytes() {
                [b'a'..=b'z'] => "a",
                digits if digits.iter().all(u8::is_ascii_digit) => "1",
                _ => return None,
            };
            Some(format!("{own}{joint}{first}"))
        })
    }

    /// True where a blank line parts the items of a list.
    fn is_loose(&self, found: &ListItem<'_>) -> bool {
        is_loose(self.subject, found)
    }
}

/// True where a blank line parts the items of a list.
pub(super) fn is_loose(subject: &Subject<'_>, found: &ListItem<'_>) -> bool {
    let source = &subject.parsed.source;
    let items = subject.outline.items.iter();
    let beside: Vec<_> = items
        .filter(|item| item.section == found.section && item.parent == found.parent)
        .collect();
    let mut parted = beside.windows(2).map(|pair| {
        let mut between = pair[0].end_line + 1..pair[1].line;
        !between.is_empty() && between.all(|line| source.line_text(line).trim().is_empty())
    });
    beside.len() > 1 && parted.all(|parted| parted)
}

/// The white space in front of what stands below a list item.
pub(super) fn indent_below(subject: &Subject<'_>, found: &ListItem<'_>) -> String {
    let source = &subject.parsed.source;
    let start = source.line_span(found.line).start;
    let lead = subject.parsed.text(planwright_syntax::Span {
        start,
        end: found.span.start,
    });
    let block = subject.parsed.text(found.span);
    let first = block.lines().next().unwrap_or_default();
    let marker = first.trim_start_matches(|c: char| c.is_ascii_digit());
    let rest = marker
        .trim_start_matches(['-', '*', '+', '.', ')'])
        .trim_start();
    let width = (first.len() - rest.len()).clamp(2, 5);
    let lead: String = lead
        .chars()
        .map(|c| if c == '>' || c == '\t' { c } else { ' ' })
        .collect();
    lead + &" ".repeat(width)
}

/// The list items with a number in front, and the number.
fn numbered<'b>(subject: &'b Subject<'_>) -> impl Iterator<Item = (&'b ListItem<'b>, u64)> {
    subject.outline.items.iter().filter_map(|item| {
        let block = subject.parsed.text(item.span);
        let digits = block.bytes().take_while(u8::is_ascii_digit).count();
        Some((item, block[..digits].parse().ok()?))
    })
}

/// The box of something that is to be done, in the style of another.
fn open_box(mark: &str) -> &str {
    match mark {
        "☐" | "☑" | "☒" => "☐",
        "⬜" | "🔲" => mark,
        _ => "[ ]",
    }
}

/// What stands in front of the words of an item that has an id.
pub(super) struct Lead {
    open: String,
    joint: String,
    /// `[US1] `.
    tags: String,
    /// What closes the bold print that the id is in.
    pub(super) close: &'static str,
    /// Bytes up to the words.
    pub(super) used: usize,
}

impl Lead {
    pub(super) fn of(raw: &str, id: Option<&str>) -> Self {
        let found = id.and_then(|id| Some((raw.find(id).filter(|at| *at < 60)?, id.len())));
        let Some((at, len)) = found else {
            return Self {
                open: String::new(),
                joint: " ".to_owned(),
                tags: String::new(),
                close: "",
                used: 0,
            };
        };
        let before = &raw[..at];
        let bare = before
            .strip_suffix("Task ")
            .or_else(|| before.strip_suffix("task "))
            .unwrap_or(before);
        let bare = bare.trim_end_matches(['*', '_', '`', '[', '(']);
        let open = &before[bare.len()..];
        let behind = &raw[at + len..];
        let joins = |c: char| {
            matches!(
                c,
                '*' | '_' | '`' | ']' | ')' | ':' | '：' | '.' | '—' | '–' | '-' | '|' | ' '
            )
        };
        let mut rest = behind.trim_start_matches(joins);
        let joint = &behind[..behind.len() - rest.len()];
        let joint = if joint.is_empty() { " " } else { joint };
        let mut tags = String::new();
        while let Some(inner) = rest.strip_prefix('[')
            && let Some(end) = inner.find(']').filter(|end| *end < 24)
            && inner[..end]
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | ',' | '.'))
            && !inner[end + 1..].starts_with('(')
        {
            if inner.starts_with("US") {
                tags.extend(["[", &inner[..end], "] "]);
            }
            rest = inner[end + 1..].trim_start_matches([' ', ':']);
        }
        let bold = open.matches("**").count() + joint.matches("**").count();
        Self {
            open: open.to_owned(),
            joint: joint.to_owned(),
            tags,
            close: if bold % 2 == 1 { "**" } else { "" },
            used: raw.len() - rest.len(),
        }
    }
}
