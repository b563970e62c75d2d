//! Phases: those that are done in a line each, the current one as it stands, the others in a line.

use planwright_brief::pack::Piece;
use planwright_model::{Document, Item, ItemRole, ItemState, Phase};

use super::{Next, Plan};
use crate::brief::part::{About, Part, short};

/// Open tasks that are listed at most where there are no phases.
const LISTED: usize = 60;

/// Tasks done and all tasks inside of a phase.
fn tally(document: &Document, phase: &Phase) -> (usize, usize) {
    let inside = |item: &&Item| {
        item.role == ItemRole::Task
            && (item.phase == Some(phase.line)
                || (phase.line..=phase.end_line).contains(&item.line))
    };
    let tasks = document.items.iter().filter(inside);
    let done = tasks.clone().filter(|item| item.state.is_closed()).count();
    (done, tasks.count())
}

/// True for a phase with nothing left to do: all its tasks are closed, or it has none and says so.
pub(super) fn is_done(document: &Document, phase: &Phase) -> bool {
    match tally(document, phase) {
        (_, 0) => phase.state.is_some_and(ItemState::is_closed),
        (done, total) => done == total,
    }
}

fn parent<'d>(document: &'d Document, phase: &Phase) -> Option<&'d Phase> {
    document
        .phases
        .iter()
        .find(|other| phase.parent == Some(other.line))
}

/// True for phases that are not part of another one of which the same is said.
fn is_outermost(document: &Document, phase: &Phase) -> bool {
    parent(document, phase)
        .is_none_or(|parent| is_done(document, parent) != is_done(document, phase))
}

/// What is done, in a line a phase.
pub(super) fn done(plan: &Plan<'_>) -> Part {
    let mut part = Part::new(
        "done",
        "## Done, not to be done again",
        ("finished phase", "finished phases"),
    )
    .called(format!("plan show {}", plan.entry().reference));
    for document in plan.documents_read() {
        let phases = document.phases.iter();
        for phase in
            phases.filter(|phase| is_done(document, phase) && is_outermost(document, phase))
        {
            let counted = match tally(document, phase) {
                (_, 0) => String::new(),
                (done, _) => format!(" ({done} {})", if done == 1 { "task" } else { "tasks" }),
            };
            let text = format!("- [x] {}{counted}", short(&phase.title, 90));
            part.line(
                text,
                About::at(
                    &document.path,
                    phase.line,
                    phase.end_line,
                    "a finished phase",
                ),
            );
        }
        // Tasks outside of phases, in one line.
        let loose = |item: &&Item| {
            item.role == ItemRole::Task && item.phase.is_none() && item.state.is_closed()
        };
        let closed: Vec<&Item> = document.items.iter().filter(loose).collect();
        if let Some(last) = closed.last() {
            let text = match closed.len() {
                1 => format!("- [x] {}", short(&last.text, 120)),
                n => format!(
                    "- [x] {n} tasks, the last of them: {}",
                    short(&last.text, 120)
                ),
            };
            part.line(
                text,
                About::at(
                    &document.path,
                    closed[0].line,
                    last.end_line,
                    "finished tasks",
                ),
            );
        }
    }
    part
}

/// The phase of the next task as it stands, without what is done and without that task; where there
/// is none, the open tasks.
pub(super) fn now(plan: &Plan<'_>) -> Part {
    let Some((at, phase)) = plan.current() else {
        return open(plan);
    };
    let document = &plan.readings[at].1.document;
    let next = match plan.next {
        Next::Item(other, line, _) if other == at => line,
        _ => 0,
    };
    let drop = |line: u32| {
        let item = document.items.iter().any(|item| {
            let is_around = (item.line..=item.end_line).contains(&line);
            is_around
                && (item.line == next
                    || (item.state.is_closed() && is_closed_below(document, item)))
        });
        let phase = document.phases.iter().any(|other| {
            other.parent == Some(phase.line)
                && is_done(document, other)
                && (other.line..=other.end_line).contains(&line)
        });
        item || phase
    };
    let (done, total) = tally(document, phase);
    let counted = if total > 0 {
        format!(" ({done} of {total} tasks done)")
    } else {
        String::new()
    };
    let heading = format!("## Now: {}{counted}", short(&phase.title, 90));
    let part = Part::new("now", &heading, ("phase", "phases"));
    let mut part = part.called(format!("plan show {}:{}", document.path, phase.line));
    let piece = Piece {
        text: plan.lines(at, phase.line + 1..=phase.end_line, &drop),
        most: Some((plan.scene.request.budget / 4).max(60)),
        rest: format!("… `plan show {}:{}`", document.path, phase.line),
        vital: true,
        ..Piece::default()
    };
    part.push(
        piece,
        About::at(
            &document.path,
            phase.line,
            phase.end_line,
            "the phase of the next task",
        ),
    );
    part
}

fn is_closed_below(document: &Document, item: &Item) -> bool {
    let below = |other: &&Item| other.line > item.line && other.line <= item.end_line;
    document
        .items
        .iter()
        .filter(below)
        .all(|other| other.state.is_closed())
}

/// The open tasks of a plan without phases, or of one in which nothing is next.
fn open(plan: &Plan<'_>) -> Part {
    let part = Part::new("open", "## Open tasks", ("open task", "open tasks"));
    let mut part = part.called(format!("plan show {}", plan.entry().reference));
    for (at, (_, reading)) in plan.readings.iter().enumerate() {
        let document = &reading.document;
        let is_next = |item: &Item| matches!(plan.next, Next::Item(other, line, _) if other == at && line == item.line);
        let open = |item: &&Item| {
            item.role == ItemRole::Task && !item.state.is_closed() && item.phase.is_none()
        };
        for item in document
            .items
            .iter()
            .filter(open)
            .filter(|item| !is_next(item))
            .take(LISTED)
        {
            let about = About::at(&document.path, item.line, item.end_line, "an open task");
            part.line(line(item), about);
        }
    }
    part
}

/// A task in one line.
fn line(item: &Item) -> String {
    let mark = match item.state {
        ItemState::InProgress => "[~]",
        ItemState::Blocked => "[!]",
        _ => "[ ]",
    };
    let name = item.reference.rsplit_once('#').map_or("", |(_, name)| name);
    format!("- {mark} #{name} {}", short(&item.text, 160))
}

/// The phases that come after the current one, in a line each.
pub(super) fn later(plan: &Plan<'_>) -> Part {
    let part = Part::new(
        "later",
        "## To do after that",
        ("later phase", "later phases"),
    );
    let mut part = part.called(format!("plan show {}", plan.entry().reference));
    let current = plan.current();
    for (at, document) in plan.documents_read().enumerate() {
        for phase in document
            .phases
            .iter()
            .filter(|phase| !is_done(document, phase))
        {
            let is_around = current.is_some_and(|(other, current)| {
                other == at && (phase.line..=phase.end_line).contains(&current.line)
            });
            let is_inside = current.is_some_and(|(other, current)| {
                other == at && (current.line..=current.end_line).contains(&phase.line)
            });
            let below = parent(document, phase).is_some_and(|parent| {
                // Of a phase with parts, the parts are told only where it is the current one.
                !current.is_some_and(|(other, current)| {
                    other == at && (parent.line..=parent.end_line).contains(&current.line)
                })
            });
            if is_around || is_inside || below {
                continue;
            }
            let counted = match tally(document, phase) {
                (_, 0) => String::new(),
                (0, total) => format!(" ({total} {})", if total == 1 { "task" } else { "tasks" }),
                (done, total) => format!(" ({done} of {total} tasks done)"),
            };
            let text = format!("- [ ] {}{counted}", short(&phase.title, 90));
            part.line(
                text,
                About::at(&document.path, phase.line, phase.end_line, "an open phase"),
            );
        }
    }
    part
}
