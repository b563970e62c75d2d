//! The head of a brief about a plan: what it is for, where done ends and to do begins, and what comes
//! next.

mod phases;
mod records;
mod task;

use std::fmt::Write as _;
use std::ops::RangeInclusive;

use planwright_brief::pack::Piece;
use planwright_dialect::Reading;
use planwright_model::{Document, DocumentState, Item, Phase};
use planwright_workspace::Entry;

pub(super) use records::line as claim_line;

use super::Scene;
use super::corpus::Question;
use super::part::{About, Part, short};
use crate::initiative::Initiative;
use crate::status::disagreements;
use crate::{OpsError, next, show};

/// Sections whose text the parts of the head show in their own way.
const SHOWN: [&str; 9] = [
    "goal",
    "summary",
    "tasks",
    "progress",
    "decisions",
    "discoveries",
    "outcomes",
    "update_log",
    "deliverables",
];

/// A plan and the documents that hold its work, read.
pub(super) struct Plan<'s> {
    scene: &'s Scene<'s>,
    /// Its own documents: the one asked for, then the leading one and those that hold the work.
    own: Vec<usize>,
    readings: Vec<(usize, Reading)>,
    next: Next,
}

/// The task to go on with.
pub(super) enum Next {
    /// An item of a document: its place in [`Plan::readings`], and the item's line.
    Item(usize, u32, Vec<String>),
    /// The document is one task by itself.
    Whole(Vec<String>),
    /// There is none, and why.
    Nothing(String),
}

impl<'s> Plan<'s> {
    pub(super) fn read(
        scene: &'s Scene<'s>,
        index: usize,
        line: Option<u32>,
    ) -> Result<Self, OpsError> {
        let mut own = vec![index];
        if let Some(group) = initiative(scene, index).filter(|group| group.plans) {
            own.extend(
                [group.lead]
                    .iter()
                    .chain(&group.work)
                    .filter(|other| **other != index),
            );
            own.dedup();
        }
        let is_text = |entry: &usize| !crate::cards::is_board(&scene.entries[*entry]);
        own.retain(|entry| *entry == index || is_text(entry));
        let mut readings = Vec::new();
        for entry in &own {
            match scene.ws.read(scene.entries[*entry].path) {
                Ok(reading) => readings.push((*entry, reading)),
                Err(error) if *entry == index => return Err(error.into()),
                Err(_) => {}
            }
        }
        let mut plan = Self {
            scene,
            own,
            readings,
            next: Next::Nothing(String::new()),
        };
        plan.next = plan.find_next(line)?;
        Ok(plan)
    }

    /// Its own documents.
    pub(super) fn documents(&self) -> &[usize] {
        &self.own
    }

    fn entry(&self) -> &Entry<'s> {
        &self.scene.entries[self.own[0]]
    }

    fn initiative(&self) -> Option<&Initiative> {
        initiative(self.scene, self.own[0])
    }

    fn documents_read(&self) -> impl Iterator<Item = &Document> {
        self.readings.iter().map(|(_, reading)| &reading.document)
    }

    fn find_next(&self, line: Option<u32>) -> Result<Next, OpsError> {
        let document = &self.readings[0].1.document;
        if let Some(line) = line {
            if document.items.iter().any(|item| item.line == line) {
                return Ok(Next::Item(0, line, vec!["it was asked for".to_owned()]));
            }
            if let Some(phase) = document.phases.iter().find(|phase| phase.line == line) {
                let lines = phase.line..=phase.end_line;
                let open = |item: &&Item| {
                    lines.contains(&item.line) && item.role.is_work() && !item.state.is_closed()
                };
                let mut open = document.items.iter().filter(open);
                let first = open.clone().find(|item| item.ready).or_else(|| open.next());
                if let Some(first) = first {
                    let why =
                        vec!["the first open task of the phase that was asked for".to_owned()];
                    return Ok(Next::Item(0, first.line, why));
                }
            }
        }
        let Some(group) = self.initiative().filter(|group| group.plans) else {
            return Ok(Next::Nothing(String::new()));
        };
        let request = next::Request {
            limit: Some(1),
            plan: Some(self.entry().path.to_owned()),
            owner: None,
        };
        let answer = next::run(self.scene.ws, &request)?;
        if let Some(task) = answer.tasks.into_iter().next() {
            let at = self
                .readings
                .iter()
                .position(|(_, reading)| reading.document.path == task.place.path);
            let is_item = |at: &usize| {
                let items = &self.readings[*at].1.document.items;
                items.iter().any(|item| item.line == task.place.line)
            };
            return Ok(match at.filter(is_item) {
                Some(at) => Next::Item(at, task.place.line, task.why),
                None => Next::Whole(task.why),
            });
        }
        Ok(Next::Nothing(self.why_nothing(
            group,
            &answer.kept,
            !answer.waiting.is_empty(),
        )))
    }

    fn why_nothing(&self, group: &Initiative, kept: &next::Kept, is_waiting: bool) -> String {
        let entries = self.scene.entries;
        let state = group.state(entries);
        let tally = group.tally(entries);
        if state.is_closed() {
            return format!("The plan is {}; nothing is to be done.", state.as_str());
        }
        if is_waiting {
            return "Nothing can be started before what it waits for.".to_owned();
        }
        if !state.is_workable() {
            return format!(
                "The plan is {}; its tasks are not to be started.",
                state.as_str().replace('_', " ")
            );
        }
        if tally.finished() {
            return format!(
                "All {} tasks are done. Compare it with its criteria, then close it: `plan complete {}`.",
                tally.total,
                self.entry().reference
            );
        }
        if tally.total == 0 {
            return "It lists no tasks; what is to be done stands in its text.".to_owned();
        }
        format!(
            "None of {} open tasks is ready: {} blocked, {} behind others.",
            tally.open(),
            kept.blocked,
            kept.behind
        )
    }

    /// The words that other documents are asked with.
    pub(super) fn ask(&self, question: &mut Question) {
        let document = &self.readings[0].1.document;
        question.add(&document.title.text, 2.0);
        if let Some(goal) = self.goal() {
            question.add(&goal, 1.0);
        }
        if let Next::Item(at, line, _) = &self.next {
            let document = &self.readings[*at].1.document;
            let item = document.items.iter().find(|item| item.line == *line);
            if let Some(item) = item {
                question.add(&item.text, 1.5);
                for file in &item.files {
                    question.add_path(file);
                }
            }
            if let Some(phase) = phase_of(document, *line) {
                question.add(&phase.title, 1.0);
            }
        }
        let tags: Vec<&str> = document.field("tags").collect();
        question.add(&tags.join(" "), 0.5);
    }

    /// The first paragraph that says what it is for.
    fn goal(&self) -> Option<String> {
        self.readings.iter().find_map(|(_, reading)| {
            let source = &reading.parsed.source;
            show::goal(&reading.document, source.line_count(), &|line| {
                source.line_text(line)
            })
        })
    }

    /// The parts that stand before all others.
    pub(super) fn parts(&self) -> Vec<Part> {
        let mut parts = vec![self.head()];
        parts.push(phases::done(self));
        parts.push(task::next(self));
        parts.push(phases::now(self));
        parts.push(task::criteria(self));
        parts.push(task::commands(self));
        parts.push(records::waits(self));
        parts.push(phases::later(self));
        parts.retain(|part| !part.is_empty());
        parts
    }

    /// The parts about what was noted on the way.
    pub(super) fn notes(&self) -> Vec<Part> {
        let mut parts = vec![records::recorded(self), records::claims(self)];
        parts.retain(|part| !part.is_empty());
        parts
    }

    fn head(&self) -> Part {
        let entry = self.entry();
        let mut part = Part::new("plan", "", ("fact", "facts"));
        let vital = |text: String| Piece {
            text,
            vital: true,
            ..Piece::default()
        };
        let about = |why: &str| {
            About::at(
                entry.path,
                entry.title_line.unwrap_or(1),
                entry.title_line.unwrap_or(1),
                why,
            )
        };
        part.push(
            vital(format!("# {}", short(entry.title, 120))),
            about("the plan itself"),
        );
        part.push(vital(self.state_line()), about("where the plan stands"));
        for found in self
            .initiative()
            .map(|group| disagreements(group, self.scene.entries))
            .unwrap_or_default()
        {
            let text = format!("**Not to be trusted:** `{}` {}.", found.path, found.message);
            part.line(
                text,
                About::at(&found.path, 1, 1, "the plan contradicts itself"),
            );
        }
        if let Some(goal) = self.goal() {
            let piece = Piece {
                text: format!("\n{goal}"),
                most: Some((self.scene.request.budget / 10).max(80)),
                ..Piece::default()
            };
            part.push(piece, about("what the plan is for"));
        }
        part
    }

    fn state_line(&self) -> String {
        let entry = self.entry();
        let entries = self.scene.entries;
        let group = self.initiative().filter(|group| group.plans);
        let speaker = group.map_or(entry, |group| &entries[group.speaker]);
        let mut line = format!("`{}` · {}", entry.path, entry.kind);
        match (speaker.state, speaker.native) {
            (DocumentState::Unknown, None) => line.push_str(" · states no state"),
            (DocumentState::Unknown, Some(native)) => {
                let _ = write!(line, " · \"{}\", whatever that means", short(native, 40));
            }
            (state, native) => {
                let word = state.as_str().replace('_', " ");
                let _ = write!(line, " · {word}");
                if let Some(native) = native.filter(|native| !native.eq_ignore_ascii_case(&word)) {
                    let _ = write!(line, " (\"{}\")", short(native, 40));
                }
            }
        }
        if let Some(group) = group {
            let tally = group.tally(entries);
            if tally.total > 0 {
                let _ = write!(line, " · {} of {} tasks done", tally.done, tally.total);
            }
            for other in self.own.iter().skip(1) {
                let _ = write!(line, " · with `{}`", entries[*other].path);
            }
        }
        if !entry.owners.is_empty() {
            let _ = write!(line, " · {}", short(&entry.owners.join(", "), 60));
        }
        if let Some(touched) = entry.touched {
            let _ = write!(line, " · last dated {touched}");
        }
        line
    }

    /// True for a section, by the line of its heading, that the head has shown or has left out on
    /// purpose: what is finished does not come back as text.
    pub(super) fn shows(&self, entry: usize, line: u32) -> bool {
        let Some((_, reading)) = self.readings.iter().find(|(own, _)| *own == entry) else {
            return false;
        };
        let document = &reading.document;
        let is_around = |first: u32, last: u32| (first..=last).contains(&line);
        let roles = document.sections.iter().any(|section| {
            let role = section.role.as_deref().unwrap_or_default();
            let is_told = SHOWN.contains(&role) || task::CRITERIA.contains(&role);
            is_told && is_around(section.line, section.end_line)
        });
        let is_current = |phase: &Phase| {
            self.current()
                .is_some_and(|(_, current)| current.line == phase.line)
        };
        let phases = document.phases.iter().any(|phase| {
            let is_told = phases::is_done(document, phase) || is_current(phase);
            is_told && is_around(phase.line, phase.end_line)
        });
        // What stands above the first real section is state and links as a rule, which were told.
        let is_top = document
            .sections
            .first()
            .is_none_or(|first| line <= first.line)
            && document.sections.len() > 1;
        roles || phases || is_top
    }

    /// The phase of the next task, and its document's place.
    fn current(&self) -> Option<(usize, &Phase)> {
        match &self.next {
            Next::Item(at, line, _) => {
                phase_of(&self.readings[*at].1.document, *line).map(|phase| (*at, phase))
            }
            _ => None,
        }
    }

    /// Lines of a document as they stand, without those that `drop` names.
    fn lines(&self, at: usize, lines: RangeInclusive<u32>, drop: &dyn Fn(u32) -> bool) -> String {
        let source = &self.readings[at].1.parsed.source;
        let last = (*lines.end()).min(source.line_count());
        let mut text = String::new();
        let mut was_blank = true;
        for line in (*lines.start()..=last).filter(|line| !drop(*line)) {
            let row = source.line_text(line).trim_end();
            // What was dropped leaves no gap.
            if !(row.is_empty() && was_blank) {
                text.push_str(row);
                text.push('\n');
            }
            was_blank = row.is_empty();
        }
        text.trim_end().to_owned()
    }
}

fn initiative<'s>(scene: &'s Scene<'_>, index: usize) -> Option<&'s Initiative> {
    scene
        .board
        .home(index)
        .map(|home| &scene.board.initiatives[home])
}

/// The innermost phase that a line belongs to.
fn phase_of(document: &Document, line: u32) -> Option<&Phase> {
    let item = document.items.iter().find(|item| item.line == line);
    let by_item = item.and_then(|item| item.phase);
    let by_item = by_item.and_then(|line| document.phases.iter().find(|phase| phase.line == line));
    by_item.or_else(|| {
        let around = document
            .phases
            .iter()
            .filter(|phase| (phase.line..=phase.end_line).contains(&line));
        around.max_by_key(|phase| phase.line)
    })
}
