//! What a change may alter beside what it is asked for.

use planwright_model::{Document, ItemState};

use super::compare::{Difference, Shift, says};
use super::{Addition, Change, Part};

/// True for a difference that comes with a change; `place` is the list it is in and its last key.
pub(super) fn is_allowed(
    found: &Difference,
    (list, key): (&str, &str),
    shift: &Shift<'_>,
    change: &Change,
    before: &Document,
    after: &Document,
) -> bool {
    let on_made = found
        .line
        .and_then(|line| u32::try_from(line).ok())
        .is_some_and(|line| shift.made.contains(&line));
    match change {
        Change::Item { line, .. } => {
            let line = shift.line(u64::from(*line));
            let is_it = found.line == Some(line);
            match list {
                "items" if is_it => {
                    let words = has_words(before, after, line) || is_noted(before, after, line);
                    matches!(key, "state" | "mark" | "stage")
                        || words && matches!(key, "text" | "fingerprint")
                }
                // A task without a mark is as far as its pieces, a phase as its tasks.
                "items" => {
                    let item = after
                        .items
                        .iter()
                        .find(|item| Some(u64::from(item.line)) == found.line);
                    key == "state" && item.is_some_and(|item| item.mark.is_none())
                }
                // Boxes of a log are its entries, too; open questions close with their box.
                "log" | "questions" | "risks" | "blockers" | "metrics" | "milestones"
                | "requirements" => is_it,
                "sections" => is_it && key == "title",
                _ => false,
            }
        }
        Change::State { .. } => match list {
            "state" | "state_claims" => true,
            "fields" => matches!(key, "status" | "state" | "updated"),
            "sections" | "log" | "items" => {
                after
                    .state_claims
                    .iter()
                    .any(|claim| claim.line.map(u64::from) == found.line)
                    || on_made
            }
            _ => false,
        },
        Change::Link { .. } => {
            on_made && matches!(list, "relations" | "code_refs")
                || is_filled(found, list, key, on_made)
        }
        Change::Unlink { target, .. } => {
            matches!(list, "relations" | "code_refs") && names(before, found, shift, target)
                || list == "code_refs"
                || list == "relations" && is_link(found, before, after)
                || is_filled(found, list, key, on_made)
        }
        Change::Add(addition) => is_addition(found, (list, key), on_made, addition, after),
        Change::Text { line, .. } => {
            let is_it = found.line == Some(shift.line(u64::from(*line)));
            let worded = matches!(key, "text" | "fingerprint" | "title")
                || found.place.contains("/files")
                || found.place.contains("/covers");
            list == "code_refs"
                || is_it && worded && list != "phases"
                || list == "relations" && (on_made || is_link(found, before, after))
                || list == "commands" && on_made
                || list == "placeholders"
        }
        Change::Attribute {
            line, attribute, ..
        } => {
            let is_it = found.line == Some(shift.line(u64::from(*line)));
            let own = found.place.split('/').nth(2).unwrap_or_default();
            is_it
                && list == "items"
                && (own == attribute.as_str() || matches!(key, "text" | "fingerprint"))
                || is_it && matches!(key, "text" | "title") && list != "phases"
                || list == "sections" && key == "empty"
        }
        Change::Move { .. } => match list {
            "items" => matches!(key, "ref" | "role" | "phase" | "parent" | "end_line"),
            "sections" | "phases" => matches!(key, "end_line" | "empty"),
            "code_refs" => true,
            _ => false,
        },
        Change::Evidence(_) => {
            let filled = list == "sections" && key == "empty";
            filled || list == "placeholders" || on_made && found.is_added && list == "code_refs"
        }
        Change::Log(_) => {
            let added = on_made && found.is_added;
            let renumbered = list == "items" && key == "ref";
            let filled = list == "sections" && key == "empty";
            let replaced = list == "placeholders";
            added || renumbered || filled || replaced || on_made && list == "sections"
        }
    }
}

/// A place that was empty and is no longer, or is empty now.
fn is_filled(found: &Difference, list: &str, key: &str, on_made: bool) -> bool {
    list == "fields"
        || list == "sections" && (key == "empty" || on_made && found.is_added)
        || list == "placeholders"
        || list == "diagnostics"
}

/// True for a relation that went, and was the one to go.
fn names(before: &Document, found: &Difference, shift: &Shift<'_>, target: &str) -> bool {
    let mut relations = before.relations.iter();
    relations.any(|relation| {
        Some(shift.line(u64::from(relation.line))) == found.line && relation.target == target
    })
}

/// True for a mere link in prose.
fn is_link(found: &Difference, before: &Document, after: &Document) -> bool {
    let relations = before.relations.iter().chain(&after.relations);
    let mut beside = relations.filter(|relation| Some(u64::from(relation.line)) == found.line);
    beside.all(|relation| relation.source == "link")
}

fn is_addition(
    found: &Difference,
    (list, key): (&str, &str),
    on_made: bool,
    addition: &Addition,
    after: &Document,
) -> bool {
    let is_new = on_made && found.is_added;
    match list {
        "phases" => {
            key == "ref"
                || is_new && addition.part == Part::Phase && !found.place[1..].contains('/')
        }
        // What has no name of its own is counted anew, and a task without a mark is as far as its
        // pieces.
        "items" => {
            let mut items = after.items.iter();
            let item = items.find(|item| Some(u64::from(item.line)) == found.line);
            is_new && matches!(addition.part, Part::Item(_))
                || key == "ref"
                || key == "state" && item.is_some_and(|item| item.mark.is_none())
        }
        "sections" => is_new || key == "empty",
        "placeholders" => true,
        "risks" | "blockers" | "questions" | "milestones" | "log" | "relations" | "code_refs"
        | "commands" => is_new,
        _ => false,
    }
}

/// The line of what was added, where re-reading shows it as that and in its place.
pub(super) fn added(after: &Document, shift: &Shift<'_>, addition: &Addition) -> Option<u32> {
    let is_made = |line: u32, text: &str| shift.made.contains(&line) && says(text, &addition.text);
    match addition.part {
        Part::Item(role) => {
            let place = |line: Option<u32>| line.map(|line| shift.line(u64::from(line)));
            let (phase, parent) = (place(addition.phase), place(addition.parent));
            let found = after.items.iter().find(|item| {
                let is_piece =
                    parent.is_some() || addition.after.is_some() && item.parent.is_some();
                let is_role =
                    item.role == role || is_piece && role.is_work() == item.role.is_work();
                is_made(item.line, &item.text)
                    && is_role
                    && item.state == ItemState::Todo
                    && (phase.is_none() || item.phase.map(u64::from) == phase)
                    && (parent.is_none() || item.parent.map(u64::from) == parent)
                    && (addition.parent.is_some()
                        || addition.after.is_some()
                        || item.parent.is_none())
            });
            found.map(|item| item.line)
        }
        Part::Phase => {
            let mut phases = after.phases.iter();
            let found = phases.find(|phase| is_made(phase.line, &phase.title));
            found.map(|phase| phase.line)
        }
        Part::Risk => {
            let mut risks = after.risks.iter();
            let found = risks.find(|risk| {
                is_made(risk.line, &risk.text)
                    && details(
                        addition,
                        &[
                            ("probability", &risk.probability),
                            ("impact", &risk.impact),
                            ("mitigation", &risk.mitigation),
                            ("owner", &risk.owner),
                        ],
                    )
            });
            found.map(|risk| risk.line)
        }
        Part::Blocker => {
            let mut blockers = after.blockers.iter();
            let found = blockers.find(|blocker| {
                is_made(blocker.line, &blocker.text)
                    && !blocker.resolved
                    && details(
                        addition,
                        &[
                            ("impact", &blocker.impact),
                            ("owner", &blocker.owner),
                            ("eta", &blocker.eta),
                        ],
                    )
            });
            found.map(|blocker| blocker.line)
        }
    }
}

/// True where everything else that was to be said is read.
fn details(addition: &Addition, read: &[(&str, &Option<String>)]) -> bool {
    addition.details.iter().all(|(key, value)| {
        let found = read.iter().find(|(name, _)| name == key);
        found.is_some_and(|(_, read)| read.as_deref().is_some_and(|read| says(read, value)))
    })
}

/// True when the words of an item differ in nothing but the note behind them.
fn is_noted(before: &Document, after: &Document, line: u64) -> bool {
    let words = |document: &Document| {
        let item = document
            .items
            .iter()
            .find(|item| u64::from(item.line) == line)?;
        let end = super::item::note_at(&item.text).unwrap_or(item.text.len());
        Some(item.text[..end].to_owned())
    };
    words(before) == words(after)
}

/// True when the words of an item changed with its state: its mark is made of words.
fn has_words(before: &Document, after: &Document, line: u64) -> bool {
    let boxed = |document: &Document| {
        let item = document
            .items
            .iter()
            .find(|item| u64::from(item.line) == line);
        item.and_then(|item| item.mark.as_deref())
            .is_some_and(|mark| mark.starts_with('[') && mark.chars().count() == 3)
    };
    !(boxed(before) && boxed(after))
}
