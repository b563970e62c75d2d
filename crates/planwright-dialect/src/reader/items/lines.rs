//! Tasks written as plain lines: `T003 [P] Create x`, without a bullet or a box.

use std::borrow::Cow;

use planwright_model::{Item, ItemRole};

use super::Reader;
use super::attributes::inline_attributes;
use crate::outline::{LABEL, Para};
use crate::reader::{covers, item_state, lead, references};
use crate::words::{is_symbol, one_line};

/// A line that begins a task, and the lines that go on with it.
struct Found<'a> {
    line: u32,
    end_line: u32,
    text: &'a str,
    section: usize,
    /// Index of the list item that the line runs on from.
    item: Option<usize>,
}

impl<'a> Reader<'a> {
    /// Lines `T003 Create x` where work stands, in paragraphs of their own or below a list item.
    pub(super) fn id_lines(&mut self) {
        if !matches!(self.kind, "plan" | "tasks") || self.only_boxes {
            return;
        }
        let outline = self.outline;
        let holds_work = |section: usize| match self.homes[section].role {
            Some(role) => matches!(role, "phase" | "tasks" | "steps" | "approach"),
            None => self.homes[section].task.is_some(),
        };
        let mut found = Vec::new();
        for para in &outline.paras {
            if holds_work(para.section) && !para.quoted {
                let text = outline.parsed.text(para.span);
                chunks(text, para.line, 0, (para.section, None), &mut found);
            }
        }
        for (at, item) in outline.items.iter().enumerate() {
            if holds_work(item.section) && !item.quoted {
                chunks(item.raw, item.line, 1, (item.section, Some(at)), &mut found);
            }
        }
        if found.is_empty() {
            return;
        }
        let known = self.ids();
        for found in found {
            let made = self.line_item(&found);
            let owner = found.item.and_then(|at| self.made[at]);
            if let (Some(owner), Some(id)) = (owner, &made.id) {
                let owner = &mut self.items[owner];
                if let Some(cut) = owner.text.find(&format!(" {id}")) {
                    owner.text.truncate(cut);
                }
            }
            // A line that repeats the id of a box speaks of it.
            if made.id.as_ref().is_some_and(|id| !known.contains(id)) {
                self.items.push(made);
            }
        }
    }

    /// Paragraphs `**1. Create x.** Its words ...` where work stands and no box does.
    pub(super) fn titled_paragraphs(&self) -> Vec<&'a Para<'a>> {
        if !matches!(self.kind, "plan" | "tasks") || self.only_boxes {
            return Vec::new();
        }
        let outline = self.outline;
        let paras = outline.paras.iter().filter(|para| {
            let lead = para.lead.as_deref().unwrap_or("");
            let digits = lead.bytes().take_while(u8::is_ascii_digit).count();
            let home = &self.homes[para.section];
            (1..=3).contains(&digits)
                && lead[digits..].starts_with(['.', ')'])
                && matches!(home.role, Some("phase" | "tasks" | "steps"))
                && home
                    .task
                    .is_none_or(|task| outline.sections[task].level == LABEL)
                && !para.quoted
                && !self.boxes[home.at]
        });
        paras.collect()
    }

    /// The task that such a paragraph is: what is bold names it, else all of its words do.
    pub(super) fn titled_item(&self, para: &Para<'a>) -> Item {
        let home = self.home(para.section);
        let raw = self.outline.parsed.text(para.span);
        let end_line = para.line + memchr::memchr_iter(b'\n', raw.as_bytes()).count() as u32;
        let mut made = Self::blank(para.line, end_line, ItemRole::Task);
        made.phase = home.phase.map(|up| self.outline.sections[up].line);
        let number = |c: char| c.is_ascii_digit() || matches!(c, '.' | ')' | ' ');
        let words = self.outline.text(para).trim_start_matches(number);
        let lead = para
            .lead
            .as_deref()
            .unwrap_or("")
            .trim_start_matches(number);
        let text = if lead.is_empty() { words } else { lead };
        text.trim_end_matches(['.', ':', ' '])
            .clone_into(&mut made.text);
        made.files = references::paths_in(raw);
        covers::in_text(words, |id| made.covers.push(id));
        let behind = words.strip_prefix(lead).unwrap_or("").trim();
        let state = item_state::word_state(words, false, false)
            .or_else(|| item_state::word_state(behind, false, false));
        if let Some((state, mark)) = state {
            made.state = state;
            made.mark = Some(mark);
        }
        inline_attributes(&mut made);
        made
    }

    fn line_item(&self, found: &Found<'_>) -> Item {
        let home = self.home(found.section);
        let mut made = Self::blank(found.line, found.end_line, ItemRole::Task);
        made.phase = home.phase.map(|up| self.outline.sections[up].line);
        let above = found
            .item
            .and_then(|at| self.made[at])
            .map(|at| &self.items[at]);
        if let Some(above) = above {
            made.role = above.role;
            made.parent = above.parent;
        } else if let Some(task) = home.task
            && self.outline.sections[task].level != LABEL
        {
            made.role = ItemRole::Subtask;
            made.parent = Some(self.outline.sections[task].line);
        }
        let text = one_line(&found.text.replace("**", "").replace("~~", ""));
        let marks = lead::read(&text);
        text[marks.used..]
            .trim_start_matches([':', ' '])
            .clone_into(&mut made.text);
        made.id = marks.id;
        made.parallel = marks.parallel;
        made.covers = marks.covers;
        covers::in_text(&made.text, |id| {
            if !made.covers.contains(&id) {
                made.covers.push(id);
            }
        });
        made.files = references::paths_in(found.text);
        let struck = found.text.trim().starts_with("~~");
        let state = item_state::word_state(&text, struck, false)
            .or_else(|| item_state::word_state(&made.text, struck, false));
        if let Some((state, words)) = state {
            made.state = state;
            made.mark = Some(words);
        }
        inline_attributes(&mut made);
        made
    }
}

/// The tasks among the lines of a text, which begins in `line`; its first `skip` lines begin none.
fn chunks<'a>(
    text: &'a str,
    line: u32,
    skip: usize,
    (section, item): (usize, Option<usize>),
    found: &mut Vec<Found<'a>>,
) {
    // Most text holds no such id at all.
    let bytes = text.as_bytes();
    if skip > 0 && memchr::memchr(b'\n', bytes).is_none()
        || !memchr::memchr_iter(b'T', bytes)
            .any(|at| bytes.get(at + 1).is_some_and(u8::is_ascii_digit))
    {
        return;
    }
    let first = found.len();
    let (mut end, mut number) = (0, line);
    for (n, part) in text.split_inclusive('\n').enumerate() {
        if n >= skip && begins_task(part) {
            found.push(Found {
                line: number,
                end_line: number,
                text: &text[end..end],
                section,
                item,
            });
        }
        let begun = end;
        end += part.len();
        if let Some(last) = found[first..].last_mut() {
            last.text = &text[begun - last.text.len()..end];
            last.end_line = number;
        }
        number += 1;
    }
}

/// True for a line that begins with an id and the words of a task. `T003 depends on T002` and
/// `T001 and T004 can wait` speak of tasks.
pub(super) fn begins_task(line: &str) -> bool {
    let line = line
        .trim()
        .trim_start_matches(|c: char| is_symbol(c) || matches!(c, ' ' | '*' | '~'));
    let Some(rest) = line.strip_prefix('T') else {
        return false;
    };
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    if !(2..=5).contains(&digits) {
        return false;
    }
    let rest = &rest[digits..];
    let suffix = usize::from(rest.starts_with(|c: char| c.is_ascii_lowercase()));
    let rest: Cow<'_, str> = rest[suffix..].replace("**", "").into();
    let separated = rest.trim_start().starts_with([':', '：', '—', '–', '|']);
    if !separated && !rest.starts_with(' ') {
        return false;
    }
    let words = rest.trim_start_matches([' ', ':', '：', '—', '–', '|', '~']);
    let first = words.split([' ', ',', '.']).next().unwrap_or("");
    let another = first
        .strip_prefix('T')
        .is_some_and(|id| id.starts_with(|c: char| c.is_ascii_digit()));
    let speaks = matches!(
        first,
        "MUST"
            | "SHOULD"
            | "MAY"
            | "CAN"
            | "AND"
            | "OR"
            | "BLOCKS"
            | "BEFORE"
            | "AFTER"
            | "IS"
            | "ARE"
            | "DEPENDS"
            | "WILL"
    ) || [
        "依赖", "和", "与", "或", "必须", "可", "需", "应", "在", "是", "完成", "阻塞",
    ]
    .iter()
    .any(|word| words.starts_with(word));
    let opens = |c: char| {
        // An emoji may open a task, an arrow orders some.
        matches!(c, '[' | '`' | '"') || c.is_uppercase() || c >= '\u{2600}' && is_symbol(c)
    };
    let named = words.starts_with(opens)
        || words.starts_with(|c: char| c.is_alphabetic() && !c.is_lowercase());
    !another && !speaks && (named || separated && words.starts_with(char::is_alphanumeric))
}

#[cfg(test)]
mod tests {
    use super::begins_task;

    #[test]
    fn tasks_are_told_from_words_about_them() {
        for line in [
            "T001 Create x",
            "**T002** [P] Create x",
            "**T002**: create x",
            "T003: `x` is made",
            "✅ T004 Done with it",
            "~~T005 Ask~~",
            "T006a [US1] 建立目录",
            "T007 建立目录",
            "T008 API routes",
        ] {
            assert!(begins_task(line), "{line}");
        }
        for line in [
            "T003 depends on T002.",
            "T001 and T004 (dataclasses) can be written at once.",
            "T009 (YAML edits) and T010",
            "T001 ─► T005 ─► T006",
            "T001 → T002",
            "T001, T002: both",
            "T001-T003 first",
            "T001 MUST come first",
            "T003 依赖 T002。",
            "T1 Relaxation",
            "T-shirts",
            "The T001 task",
            "T001",
            "T001: T002, T003",
        ] {
            assert!(!begins_task(line), "{line}");
        }
    }
}
