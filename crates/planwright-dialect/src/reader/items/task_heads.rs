//! Headings that are tasks themselves.

use rapidhash::RapidHashMap;

use super::lines::begins_task;
use super::{Reader, TaskHead};
use crate::outline::{BOLD, LABEL};
use crate::reader::lead;
use crate::words::{is_symbol, strip_prefix_ignore_case};

/// Whether the headings of one level below one section carry ids.
type Siblings = RapidHashMap<(usize, u8), bool>;

impl Reader<'_> {
    /// Headings that are tasks: `Task 3: X` anywhere; under a tasks heading numbered or named ones
    /// that hold no boxes of their own group.
    pub(super) fn find_task_heads(&mut self) {
        if !matches!(self.kind, "plan" | "tasks") || self.only_boxes {
            return;
        }
        let mut siblings = RapidHashMap::default();
        for at in 1..self.outline.sections.len() {
            self.task_heads[at] = self.task_head(at, &mut siblings);
            let above = self.homes[self.outline.sections[at].parent].task;
            self.homes[at].task = self.task_heads[at].is_some().then_some(at).or(above);
        }
    }

    /// The task that a heading is.
    fn task_head(&self, at: usize, siblings: &mut Siblings) -> Option<TaskHead> {
        let section = &self.outline.sections[at];
        let numbered_label = section.level == LABEL
            && section.title.starts_with(|c: char| c.is_ascii_digit())
            && self
                .outline
                .parsed
                .text(section.span)
                .trim_start()
                .starts_with("**");
        let raw = self.outline.parsed.text(section.span);
        let lined = section.level == LABEL && raw.contains('T') && begins_task(raw);
        if section.level == LABEL && !numbered_label && !lined
            || self.is_phase[at]
            || Some(at) == self.outline.h1
        {
            return None;
        }
        let (mark, title) = heading_box(&section.title);
        let title =
            title.trim_start_matches(|c: char| is_symbol(c) || matches!(c, ' ' | '~' | '['));
        let explicit = heading_id(title);
        let boxed = mark.is_some() && section.level < BOLD;
        let named = (strip_prefix_ignore_case(title, "task ").is_some()
            || after_word(title).is_some())
            && explicit.is_some()
            || title.starts_with('T')
                && explicit.as_deref().is_some_and(|id| {
                    id.starts_with('T') && id[1..].starts_with(|c: char| c.is_ascii_digit())
                })
            || explicit
                .as_deref()
                .is_some_and(|id| id.starts_with("TASK-") || id.starts_with("WP"));
        let home = self.home(section.parent);
        if lined && !matches!(home.role, Some("phase" | "tasks" | "steps" | "approach")) {
            return None;
        }
        let blocked = matches!(
            home.role,
            Some(
                "dependencies"
                    | "notes"
                    | "criteria"
                    | "risks"
                    | "verification"
                    | "timeline"
                    | "files"
                    | "decisions"
            )
        );
        if (named || boxed) && !blocked && home.task.is_none() {
            return Some(TaskHead { id: explicit });
        }
        if section.role.is_some() && !numbered_label || home.task.is_some() {
            return None;
        }
        if self.outline.sections[section.parent].role_above != Some("tasks") {
            return None;
        }
        if section.level >= BOLD {
            let numbered = title.starts_with(|c: char| c.is_ascii_digit())
                && crate::words::strip_number(title).len() < title.len();
            if numbered || explicit.is_some() {
                let id = explicit.filter(|id| !id.chars().all(|c| c.is_ascii_digit()));
                return Some(TaskHead { id });
            }
            return None;
        }
        // `Unit 3: X`, `Story 1.2: X`: whatever the word, the number names the task.
        let counted = lead::counted(title);
        let explicit = explicit.or(counted);
        let numbered = explicit.is_some()
            || title.starts_with(|c: char| c.is_ascii_digit())
                && crate::words::strip_number(title).len() < title.len();
        let direct_tasks = self
            .outline
            .items_of(at)
            .iter()
            .any(|item| item.mark.is_some() && lead::read(&item.text).id.is_some());
        if numbered && !direct_tasks {
            let id = explicit.or_else(|| {
                let digits = title.bytes().take_while(u8::is_ascii_digit).count();
                self.breakdown(section.parent)
                    .then(|| title[..digits].to_owned())
            });
            return Some(TaskHead { id });
        }
        (!numbered && !self.boxes[at] && self.siblings_have_ids(at, siblings))
            .then_some(TaskHead { id: None })
    }

    fn breakdown(&self, section: usize) -> bool {
        self.outline
            .upwards(section)
            .any(|up| self.outline.sections[up].norm.contains("breakdown"))
    }

    /// True when a heading beside this one carries an explicit id, and none of them holds boxes.
    fn siblings_have_ids(&self, at: usize, known: &mut Siblings) -> bool {
        let section = &self.outline.sections[at];
        let group = (section.parent, section.level);
        if let Some(known) = known.get(&group) {
            return *known;
        }
        let sections = &self.outline.sections;
        let siblings = (section.parent.max(1)..sections[section.parent].next)
            .filter(|other| (sections[*other].parent, sections[*other].level) == group);
        let (mut ids, mut plain) = (false, true);
        for other in siblings {
            ids |= heading_id(&sections[other].title).is_some();
            plain &= !self.boxes[other] && !self.is_phase[other];
        }
        known.insert(group, ids && plain);
        ids && plain
    }
}

/// The explicit id of a heading: `Task 3: X`, `T1: X`, `1.1 X`, `B1 — X`.
fn heading_id(title: &str) -> Option<String> {
    let title = title.trim_start_matches(|c: char| is_symbol(c) || matches!(c, ' ' | '~' | '['));
    let (id, _) = lead::id(title).or_else(|| lead::id(after_word(title)?))?;
    Some(id)
}

/// `T007 – X` of `Subtask T007 – X`, where a letter begins the id.
fn after_word(title: &str) -> Option<&str> {
    let words = ["subtask ", "sub-task ", "task "];
    let rest = words
        .iter()
        .find_map(|word| strip_prefix_ignore_case(title, word))?;
    let letters = rest.bytes().take_while(u8::is_ascii_uppercase).count();
    let id = rest[letters..]
        .strip_prefix('-')
        .unwrap_or(&rest[letters..]);
    (letters > 0 && id.starts_with(|c: char| c.is_ascii_digit())).then_some(rest)
}

/// The box that a heading begins with, and its words: `[x] T-001: X`.
pub(super) fn heading_box(title: &str) -> (Option<&str>, &str) {
    let mut letters = title.char_indices().skip(1);
    if title.starts_with('[')
        && let (Some((at, symbol)), Some((end, ']'))) = (letters.next(), letters.next())
        && matches!(symbol, ' ' | 'x' | 'X' | '~' | '/' | '-' | '!' | '✓' | '✔')
        && title[end + 1..].starts_with(' ')
    {
        return (Some(&title[at..end]), title[end + 1..].trim_start());
    }
    (None, title)
}

pub(super) fn strip_heading_id(title: &str) -> &str {
    let (_, title) = heading_box(title);
    let trimmed = title.trim_start_matches(|c: char| is_symbol(c) || matches!(c, ' ' | '~'));
    let trimmed = after_word(trimmed).unwrap_or(trimmed);
    match lead::id(trimmed) {
        Some((_, used)) => &trimmed[used..],
        None => crate::words::strip_number(trimmed),
    }
}
