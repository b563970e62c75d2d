//! The next task, and what it is measured by.

use std::fmt::Write as _;

use planwright_brief::pack::Piece;
use planwright_model::{Document, Item, ItemRole, Section};

use super::{Next, Plan, phase_of, phases};
use crate::brief::part::{About, Part, short};

/// Sections that say when work is right, and how to find out.
pub(super) const CRITERIA: [&str; 3] = ["criteria", "gates", "verification"];

/// The next task as it stands.
pub(super) fn next(plan: &Plan<'_>) -> Part {
    let entry = plan.entry();
    let part = Part::new("next", "## Next", ("task", "tasks"));
    let mut part = part.called(format!("plan next --plan {}", entry.reference));
    let vital = |text: String| Piece {
        text,
        most: Some((plan.scene.request.budget / 4).max(80)),
        vital: true,
        ..Piece::default()
    };
    match &plan.next {
        Next::Item(at, line, why) => {
            let document = &plan.readings[*at].1.document;
            let Some(item) = document.items.iter().find(|item| item.line == *line) else {
                return part;
            };
            let mut head = format!("`{}` · `{}:{line}`", item.reference, document.path);
            if let Some(phase) = phase_of(document, *line) {
                let _ = write!(head, " · {}", short(&phase.title, 60));
            }
            for word in [&item.owner, &item.priority].into_iter().flatten() {
                let _ = write!(head, " · {}", short(word, 40));
            }
            if let Some(estimate) = &item.estimate {
                let _ = write!(head, " · {}", short(&estimate.native, 30));
            }
            if !why.is_empty() {
                let _ = write!(head, " · {}", why.join(", "));
            }
            let mut block = plan.lines(*at, item.line..=item.end_line, &|line| {
                is_closed_part(document, item, line)
            });
            if block.trim_start().starts_with('|') {
                // A row of a table says little without its table.
                block = format!("- [ ] {}", item.text);
            }
            let mut piece = vital(format!("{head}\n\n{block}"));
            piece.rest = format!("… `plan show {}`", item.reference);
            part.push(
                piece,
                About::at(&document.path, item.line, item.end_line, why.join(", ")),
            );
            let parent = item
                .parent
                .and_then(|line| document.items.iter().find(|other| other.line == line));
            if let Some(parent) = parent {
                let text = format!(
                    "It is part of `{}`: {}",
                    parent.reference,
                    short(&parent.text, 200)
                );
                part.line(
                    text,
                    About::at(
                        &document.path,
                        parent.line,
                        parent.end_line,
                        "the task above the next one",
                    ),
                );
            }
            if let Some(text) = needs(document, item) {
                part.line(
                    text,
                    About::at(
                        &document.path,
                        item.line,
                        item.line,
                        "what the next task needs",
                    ),
                );
            }
            if !item.state.is_closed() {
                let call = format!("When it is done: `plan tick {}`", item.reference);
                part.line(call, About::why("how to record it"));
            }
        }
        Next::Whole(why) => {
            let text = format!(
                "The document is the task: `plan show {}` · {}",
                entry.reference,
                why.join(", ")
            );
            part.push(vital(text), About::at(entry.path, 1, 1, why.join(", ")));
        }
        Next::Nothing(why) if why.is_empty() => {}
        Next::Nothing(why) => part.push(vital(why.clone()), About::why("nothing is next")),
    }
    part
}

/// True for a line of a closed part of an item.
fn is_closed_part(document: &Document, item: &Item, line: u32) -> bool {
    let is_part = |other: &&Item| other.line > item.line && other.end_line <= item.end_line;
    let mut parts = document.items.iter().filter(is_part);
    parts.any(|part| part.state.is_closed() && (part.line..=part.end_line).contains(&line))
}

fn needs(document: &Document, item: &Item) -> Option<String> {
    let answers = |other: &&Item, name: &str| {
        let own = other.reference.rsplit_once('#').map(|(_, own)| own);
        other
            .id
            .as_deref()
            .or(own)
            .is_some_and(|own| own.eq_ignore_ascii_case(name))
    };
    let said: Vec<String> = item
        .depends_on
        .iter()
        .filter_map(|name| {
            let other = document.items.iter().find(|other| answers(other, name))?;
            let state = other.state.as_str().replace('_', " ");
            Some(format!("{name} {} ({state})", short(&other.text, 60)))
        })
        .take(5)
        .collect();
    (!said.is_empty()).then(|| format!("It needs: {}", said.join("; ")))
}

/// Criteria and gates that are not met yet: those of the plan as a whole.
pub(super) fn criteria(plan: &Plan<'_>) -> Part {
    let part = Part::new(
        "criteria",
        "## Done when",
        ("criterion or gate", "criteria and gates"),
    );
    let mut part = part.called(format!("plan show {} --all", plan.entry().reference));
    let current = plan.current();
    for (at, (_, reading)) in plan.readings.iter().enumerate() {
        let document = &reading.document;
        let is_measure = |item: &&Item| matches!(item.role, ItemRole::Criterion | ItemRole::Gate);
        let is_told = |line: u32| {
            let in_phase = document
                .phases
                .iter()
                .any(|phase| (phase.line..=phase.end_line).contains(&line));
            let in_next = matches!(plan.next, Next::Item(other, next, _) if other == at
                && document.items.iter().any(|item| item.line == next && (item.line..=item.end_line).contains(&line)));
            in_phase || in_next
        };
        let open = document
            .items
            .iter()
            .filter(is_measure)
            .filter(|item| !item.state.is_closed());
        for item in open.filter(|item| !is_told(item.line)) {
            let text = format!("- [ ] {}", short(&item.text, 240));
            part.line(
                text,
                About::at(&document.path, item.line, item.end_line, item.role.as_str()),
            );
        }
        for section in measures(document) {
            let holds = |item: &Item| (section.line..=section.end_line).contains(&item.line);
            let is_past = document.phases.iter().any(|phase| {
                let is_other = current.is_none_or(|(_, current)| current.line != phase.line);
                is_other && (phase.line..=phase.end_line).contains(&section.line)
            });
            let is_current = current.is_some_and(|(other, phase)| {
                other == at && (phase.line..=phase.end_line).contains(&section.line)
            });
            if document.items.iter().any(holds) || is_past || is_current {
                continue;
            }
            let piece = Piece {
                text: plan.lines(at, section.line + 1..=section.end_line, &|_| false),
                most: Some((plan.scene.request.budget / 10).max(100)),
                rest: format!("… `plan show {}:{}`", document.path, section.line),
                ..Piece::default()
            };
            let why = section.role.clone().unwrap_or_default();
            part.push(
                piece,
                About::at(&document.path, section.line, section.end_line, why),
            );
        }
    }
    part
}

/// The outermost sections that say when work is right.
fn measures(document: &Document) -> impl Iterator<Item = &Section> {
    let is_measure = |section: &&Section| {
        !section.empty
            && section
                .role
                .as_deref()
                .is_some_and(|role| CRITERIA.contains(&role))
    };
    document
        .sections
        .iter()
        .filter(is_measure)
        .filter(move |section| {
            let around =
                |other: &&Section| other.line < section.line && other.end_line >= section.end_line;
            !document
                .sections
                .iter()
                .filter(around)
                .any(|other| is_measure(&other))
        })
}

/// Commands that verify the work and stand nowhere in what was shown.
pub(super) fn commands(plan: &Plan<'_>) -> Part {
    let part = Part::new("commands", "## Verify with", ("command", "commands"));
    let mut part = part.called(format!("plan show {} --all", plan.entry().reference));
    let current = plan.current();
    let mut seen: Vec<&str> = Vec::new();
    for (at, (_, reading)) in plan.readings.iter().enumerate() {
        let document = &reading.document;
        let is_told = |line: u32| {
            let in_phase = document.phases.iter().any(|phase| {
                let is_current = current
                    .is_some_and(|(other, current)| other == at && current.line == phase.line);
                let is_around = (phase.line..=phase.end_line).contains(&line);
                is_around && (is_current || phases::is_done(document, phase))
            });
            let in_measure = measures(document).any(|section| {
                let holds = |item: &Item| (section.line..=section.end_line).contains(&item.line);
                (section.line..=section.end_line).contains(&line)
                    && !document.items.iter().any(holds)
            });
            in_phase || in_measure
        };
        for command in document
            .commands
            .iter()
            .filter(|command| !is_told(command.line))
        {
            let text = command.text.trim();
            if text.is_empty() || seen.contains(&text) {
                continue;
            }
            seen.push(text);
            let shown = if text.contains('\n') || text.contains('`') {
                format!("```sh\n{text}\n```")
            } else {
                format!("- `{text}`")
            };
            let end = command.line + text.matches('\n').count() as u32;
            part.line(
                shown,
                About::at(
                    &document.path,
                    command.line,
                    end,
                    "a command that verifies it",
                ),
            );
        }
    }
    part
}
