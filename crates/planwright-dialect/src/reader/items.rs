//! Tasks, subtasks, criteria, deliverables, gates, checks and questions.

mod attributes;
mod lines;
mod naming;
mod roles;
mod task_heads;
mod verdicts;

use std::cell::RefCell;

use planwright_model::{Item, ItemRole, ItemState};
use rapidhash::{RapidHashMap, RapidHashSet};

pub(crate) use attributes::{Label, label};
pub(crate) use naming::{mark_words, name};

use attributes::{attribute_lines, inline_attributes};
use task_heads::{heading_box, strip_heading_id};
use verdicts::starts_with_verdict;

use super::{covers, item_state, lead, phases};
use crate::manifest::ItemRules;
use crate::outline::{BOLD, ListItem, Outline};
use crate::vocabulary::Vocabulary;
use crate::words::is_symbol;

/// A heading that is a task, and the id that it gives.
#[derive(Clone, Debug)]
struct TaskHead {
    id: Option<String>,
}

/// Where a list item or heading stands: what its surroundings are for.
#[derive(Clone, Copy, Default)]
struct Home<'a> {
    /// Role of the nearest section that has one; `phase` where a phase comes first.
    role: Option<&'a str>,
    /// The section that has it.
    at: usize,
    /// The nearest phase.
    phase: Option<usize>,
    /// The nearest heading that is a task, below the section that has the role.
    task: Option<usize>,
}

#[expect(clippy::struct_excessive_bools, reason = "facts about one document")]
struct Reader<'a> {
    outline: &'a Outline<'a>,
    words: &'a Vocabulary,
    kind: &'a str,
    rules: &'a ItemRules,
    is_phase: Vec<bool>,
    /// Per section: where what stands in it belongs.
    homes: Vec<Home<'a>>,
    /// Per section: the task that it is itself.
    task_heads: Vec<Option<TaskHead>>,
    /// Progress boxes are the tasks, and so nothing else is.
    only_boxes: bool,
    /// Somewhere boxes are the tasks.
    boxed_work: bool,
    /// Per section: a box stands in it or below.
    boxes: Vec<bool>,
    /// Phases asked for: a label below names the tasks.
    named: RefCell<RapidHashMap<usize, bool>>,
    /// Sections asked for: all of the list states conditions.
    conditions: RefCell<RapidHashMap<usize, bool>>,
    /// Sections asked for: all of the list describes the task above.
    describing: RefCell<RapidHashMap<usize, bool>>,
    /// Sections whose paragraphs are tasks: `**1. Create x.** Its words ...`.
    titled: RapidHashSet<usize>,
    /// Some section is a phase.
    has_phases: bool,
    /// An item with an id of its own stands in a phase.
    numbered_phases: bool,
    items: Vec<Item>,
    /// Per list item: the index of the item made of it.
    made: Vec<Option<usize>>,
}

/// Reads the items of a document in the order of their lines.
///
/// `counted` says of each section whether it is a phase.
pub(crate) fn read<'a>(
    outline: &'a Outline<'a>,
    kind: &'a str,
    words: &'a Vocabulary,
    counted: &[bool],
) -> Vec<Item> {
    let rules = &words.items;
    let count = outline.sections.len();
    let mut reader = Reader {
        outline,
        words,
        kind,
        rules,
        is_phase: counted.to_vec(),
        homes: Vec::with_capacity(count),
        task_heads: vec![None; count],
        only_boxes: false,
        boxed_work: false,
        boxes: vec![false; count],
        named: RefCell::default(),
        conditions: RefCell::default(),
        describing: RefCell::default(),
        titled: RapidHashSet::default(),
        has_phases: counted.contains(&true),
        numbered_phases: false,
        items: Vec::new(),
        made: vec![None; outline.items.len()],
    };
    for item in outline.items.iter().filter(|item| item.mark.is_some()) {
        for up in outline.upwards(item.section) {
            if std::mem::replace(&mut reader.boxes[up], true) {
                break;
            }
        }
    }
    for at in 0..count {
        let home = reader.find_home(at);
        reader.homes.push(home);
    }
    reader.only_boxes = rules.boxes_only_with_progress.unwrap_or(false)
        && outline
            .items
            .iter()
            .any(|item| item.mark.is_some() && reader.home(item.section).role == Some("progress"));
    reader.boxed_work = outline.items.iter().any(|item| {
        item.mark.is_some()
            && matches!(
                reader.home(item.section).role,
                Some("tasks" | "steps" | "approach" | "phase")
            )
    });
    reader.find_task_heads();
    let titled = reader.titled_paragraphs();
    reader.titled = titled.iter().map(|para| para.section).collect();
    let mut lists = 0;
    for at in 1..count {
        while lists < outline.items.len() && outline.items[lists].line < outline.sections[at].line {
            reader.list_item(lists);
            lists += 1;
        }
        reader.section(at);
    }
    for at in lists..outline.items.len() {
        reader.list_item(at);
    }
    reader.attribute_bullets();
    reader.verdict_lines();
    for para in titled {
        let made = reader.titled_item(para);
        reader.items.push(made);
    }
    reader.id_lines();
    reader.items.sort_by_key(|item| item.line);
    reader.promote();
    reader.finish()
}

impl<'a> Reader<'a> {
    fn home(&self, section: usize) -> Home<'a> {
        self.homes[section]
    }

    fn find_home(&self, section: usize) -> Home<'a> {
        let mut home = Home::default();
        for up in self.outline.upwards(section) {
            if home.role.is_none() {
                if self.is_phase[up] {
                    home.role = Some("phase");
                    home.at = up;
                } else if let Some(role) = self.outline.sections[up].role {
                    home.role = Some(role);
                    home.at = up;
                }
            }
            // Under acceptance criteria or a constitution check, `Tests` and `Documentation` only sort
            // what belongs to it.
            if let Some(role) = self.outline.sections[up].role
                && matches!(role, "criteria" | "governance")
                && home.phase.is_none()
                && home.role.is_some_and(sorts)
                && (role == "governance" || self.outline.sections[home.at].level <= 6)
            {
                home.role = Some(role);
                home.at = up;
            }
            if self.is_phase[up] && home.phase.is_none() {
                home.phase = Some(up);
            }
        }
        home
    }

    /// A heading or bold line that is an item itself.
    fn section(&mut self, at: usize) {
        let section = &self.outline.sections[at];
        if let Some(TaskHead { id }) = self.task_heads[at].clone() {
            let home = self.home(section.parent);
            let words = strip_heading_id(&section.title);
            let (mark, title) = heading_box(&section.title);
            let state = mark.map(|mark| (item_state::mark_state(mark), format!("[{mark}]")));
            let state = state.or_else(|| item_state::word_state(title, section.struck, false));
            let state = state.or_else(|| {
                let title_done = section.title.to_lowercase();
                (title_done.ends_with(" done") && section.title.contains("~~")
                    || title_done.ends_with("[x]"))
                .then(|| (ItemState::Done, "done".to_owned()))
            });
            let mut item = Self::blank(
                section.line,
                phases::end_line(self.outline, at),
                ItemRole::Task,
            );
            item.id = id;
            words.clone_into(&mut item.text);
            item.phase = home.phase.map(|up| self.outline.sections[up].line);
            item.parallel = section.title.contains("[P]");
            if let Some((state, mark)) = state {
                item.state = state;
                item.mark = Some(mark);
            }
            self.numbered_phases |= item.phase.is_some() && item.id.is_some();
            self.items.push(item);
            return;
        }
        // `✅ **I. Principle**:` under a constitution check.
        if section.level >= BOLD
            && self.home(section.parent).role == Some("governance")
            && starts_with_verdict(&section.title)
            && let Some((state, mark)) = item_state::verdict(&section.title)
        {
            let phase = self.home(at).phase.map(|up| self.outline.sections[up].line);
            let mut item = Self::blank(
                section.line,
                phases::end_line(self.outline, at),
                ItemRole::Gate,
            );
            section
                .title
                .trim_start_matches(|c: char| is_symbol(c) || c == ' ')
                .clone_into(&mut item.text);
            (item.state, item.mark, item.phase) = (state, Some(mark), phase);
            self.items.push(item);
        }
    }

    fn blank(line: u32, end_line: u32, role: ItemRole) -> Item {
        Item {
            end_line,
            ..Item::new(line, role)
        }
    }

    fn list_item(&mut self, at: usize) {
        let item = &self.outline.items[at];
        let home = self.home(item.section);
        let above = item.parent.and_then(|parent| self.made[parent]);
        let labelled = self.labelled(item);
        let role = if let Some((role, _)) = labelled {
            Some(role)
        } else if item.mark.is_some() {
            self.boxed(item, &home, above)
        } else {
            self.plain(item, &home, above)
        };
        let Some(role) = role else { return };
        let mut made = Self::blank(item.line, item.end_line, role);
        let skipped = item_state::skipped(&item.text);
        let (text, dropped) = match skipped {
            Some(rest) => (rest, item.text.len() - rest.len()),
            None => (&*item.text, 0),
        };
        let mut marks = lead::read(text);
        marks.used += dropped;
        if marks.id.is_none()
            && item.mark.is_some()
            && let Some((id, used)) = lead::numbered_box(text)
        {
            marks.id = Some(id);
            marks.used = used + dropped;
        }
        item.text[marks.used..]
            .trim_start_matches([':', ' '])
            .clone_into(&mut made.text);
        if made.text.is_empty() {
            item.text.as_ref().clone_into(&mut made.text);
        }
        made.id = marks.id;
        made.parallel = marks.parallel;
        made.covers = marks.covers;
        made.phase = home.phase.map(|up| self.outline.sections[up].line);
        made.files = super::references::paths_in(item.raw);
        // Tasks with ids name their files as the form of spec-kit does, without marks.
        if made.files.is_empty() && made.id.is_some() {
            made.files = super::references::bare_paths_in(&made.text);
        }
        attribute_lines(&mut made, item.raw);
        if role.is_work() {
            covers::in_text(&made.text, |id| {
                if !made.covers.contains(&id) {
                    made.covers.push(id);
                }
            });
        }
        if let Some(mark) = &item.mark {
            made.state = item_state::mark_state(mark.symbol());
            made.mark = Some(mark.text.to_owned());
            if skipped.is_some() {
                made.state = ItemState::Cancelled;
                made.mark = Some(format!("{} SKIP", mark.text));
            }
            // Words weigh against an empty box only; a tick stands.
            if made.state == ItemState::Todo
                && let Some((state, words)) = item_state::word_state(&made.text, item.struck, true)
                    .or_else(|| item_state::held_up(&item.text[..marks.used]))
            {
                made.state = state;
                made.mark = Some(format!("{} {words}", mark.text));
            }
        } else if let Some((state, words)) = item_state::word_state(&item.text, item.struck, false)
            .or_else(|| {
                let shorter = made.text != item.text;
                shorter.then(|| item_state::word_state(&made.text, item.struck, false))?
            })
            .or_else(|| Self::tail_state(item))
            .or_else(|| (role == ItemRole::Question).then(|| item_state::answered(&item.text))?)
            .or_else(|| (role == ItemRole::Gate).then(|| item_state::verdict(&item.text))?)
        {
            made.state = state;
            made.mark = Some(words);
        }
        if let Some((_, task)) = labelled {
            made.parent = Some(self.items[task].line);
        } else if role == ItemRole::Subtask || role == ItemRole::Criterion {
            made.parent = match above {
                Some(above) => Some(self.items[above].line),
                None => home.task.map(|up| self.outline.sections[up].line),
            };
            if made.parent.is_none() && role == ItemRole::Subtask {
                made.role = ItemRole::Task;
            }
        }
        inline_attributes(&mut made);
        self.made[at] = Some(self.items.len());
        self.numbered_phases |= made.phase.is_some() && made.id.is_some();
        self.items.push(made);
    }

    /// `**Removed.**`, `**Reverted** to ...` behind the words of an item without a box.
    fn tail_state(item: &ListItem<'_>) -> Option<(ItemState, String)> {
        let mut rest = item.raw;
        let mut last = None;
        while let Some(open) = crate::words::find_bold(rest) {
            let inner = &rest[open + 2..];
            let Some(close) = crate::words::find_bold(inner) else {
                break;
            };
            if open > 0 || last.is_some() {
                last = Some(
                    inner[..close]
                        .trim_end_matches(['.', ':', ' '])
                        .to_lowercase(),
                );
            }
            rest = &inner[close + 2..];
        }
        let word = last?;
        let state = match word.as_str() {
            "removed" | "replaced" | "reverted" | "cancelled" | "dropped" | "skipped" => {
                ItemState::Cancelled
            }
            "kept" | "done" | "shipped" | "landed" => ItemState::Done,
            _ => return None,
        };
        Some((state, word))
    }

    /// Where a plan has boxes and none of them stands in a part known to hold work, the boxes of
    /// unknown parts are its tasks.
    fn promote(&mut self) {
        let holds_work = matches!(self.kind, "plan" | "tasks" | "task");
        if !holds_work || self.items.iter().any(|item| item.role.is_work()) {
            return;
        }
        let unknown: Vec<u32> = self
            .outline
            .items
            .iter()
            .filter(|item| item.mark.is_some() && self.home(item.section).role.is_none())
            .map(|item| item.line)
            .collect();
        for item in self
            .items
            .iter_mut()
            .filter(|item| item.role == ItemRole::Check)
        {
            if unknown.binary_search(&item.line).is_ok() {
                item.role = if item.parent.is_some() {
                    ItemRole::Subtask
                } else {
                    ItemRole::Task
                };
            }
        }
    }

    fn finish(mut self) -> Vec<Item> {
        self.needs_by_number();
        self.sum_up();
        self.items.dedup_by_key(|item| item.line);
        self.items
    }

    /// The ids that items have so far.
    fn ids(&self) -> RapidHashSet<String> {
        let ids = self.items.iter();
        ids.filter_map(|item| item.id.clone()).collect()
    }

    /// The first item in a line.
    fn at_line(&self, line: u32) -> Option<usize> {
        let at = self.items.partition_point(|item| item.line < line);
        self.items
            .get(at)
            .is_some_and(|item| item.line == line)
            .then_some(at)
    }

    /// A heading task without a mark of its own is as far as its pieces.
    fn sum_up(&mut self) {
        // By the line of the task: all pieces are closed; some are done or begun.
        let mut pieces: RapidHashMap<u32, (bool, bool)> = RapidHashMap::default();
        for item in &self.items {
            if let Some(parent) = item.parent
                && item.role == ItemRole::Subtask
            {
                let (closed, begun) = pieces.entry(parent).or_insert((true, false));
                *closed &= item.state.is_closed();
                *begun |= matches!(item.state, ItemState::Done | ItemState::InProgress);
            }
        }
        for item in &mut self.items {
            if item.mark.is_none()
                && item.role == ItemRole::Task
                && let Some((closed, begun)) = pieces.get(&item.line)
            {
                item.state = match (closed, begun) {
                    (true, _) => ItemState::Done,
                    (_, true) => ItemState::InProgress,
                    _ => ItemState::Todo,
                };
            }
        }
    }
}

/// Roles of headings that often only sort the conditions of a larger section.
fn sorts(role: &str) -> bool {
    matches!(
        role,
        "verification"
            | "documentation"
            | "architecture"
            | "observability"
            | "rollout"
            | "interfaces"
            | "metrics"
            | "requirements"
            | "constraints"
            | "dependencies"
            | "context"
            | "summary"
    )
}
