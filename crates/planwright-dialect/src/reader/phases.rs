//! Headings that group planned work in time or order.

mod head;

use planwright_model::{Estimate, ItemState, Phase};
use rapidhash::RapidHashMap;

use super::estimate;
use crate::outline::Outline;
use crate::words::{before_separator, holds, is_symbol, one_line, push_number, separator};

pub(crate) use head::{PhaseHead, head};

/// True when a section counts as a phase of this document.
fn counts(outline: &Outline<'_>, at: usize, kind: &str) -> bool {
    let section = &outline.sections[at];
    let Some(head) = &section.phase else {
        return user_story(outline, at, kind);
    };
    if Some(at) == outline.h1 {
        return false;
    }
    let above: Vec<&str> = outline
        .upwards(section.parent)
        .filter_map(|up| outline.sections[up].role)
        .collect();
    let excluded = |role: &&str| {
        matches!(
            *role,
            "dependencies"
                | "notes"
                | "progress"
                | "progress_tracking"
                | "timeline"
                | "risks"
                | "verification"
                | "governance"
                | "criteria"
                | "decisions"
                | "discoveries"
                | "outcomes"
                | "update_log"
                | "questions"
                | "summary"
                | "context"
                | "metrics"
        )
    };
    if above.iter().any(excluded) && section.level > 2 {
        // A roadmap under `Milestones` is made of phases; a note on a phase is not.
        let timeline = above.first().is_some_and(|role| *role == "timeline");
        if !(timeline && section.level <= 6) {
            return false;
        }
    }
    if section.level > 6 && head.word == "step" {
        return above
            .iter()
            .any(|role| matches!(*role, "tasks" | "steps" | "approach"));
    }
    if matches!(
        head.word.as_str(),
        "step" | "шаг" | "步骤" | "ステップ" | "schritt"
    ) {
        return above.iter().any(|role| {
            matches!(
                *role,
                "tasks" | "steps" | "approach" | "concrete_steps" | "rollout"
            )
        }) || outline
            .upwards(section.parent)
            .any(|up| outline.sections[up].phase.is_some());
    }
    true
}

/// `## User Story 1 - X` in a task list whose stories are not phases already.
fn user_story(outline: &Outline<'_>, at: usize, kind: &str) -> bool {
    let section = &outline.sections[at];
    if kind != "tasks" || section.level > 3 || section.level == 0 || Some(at) == outline.h1 {
        return false;
    }
    if crate::words::find_ignore_case(&section.title, "user story ").is_none() {
        return false;
    }
    let lower = section.title.to_lowercase();
    let Some(rest) = lower
        .trim_start_matches(|c: char| is_symbol(c) || c == ' ')
        .strip_prefix("user story ")
    else {
        return false;
    };
    rest.starts_with(|c: char| c.is_ascii_digit())
        && !outline.upwards(section.parent).any(|up| {
            outline.sections[up].phase.is_some()
                || outline.sections[up].role == Some("dependencies")
        })
}

/// For each section whether it counts as a phase.
pub(crate) fn counted(outline: &Outline<'_>, kind: &str) -> Vec<bool> {
    (0..outline.sections.len())
        .map(|at| counts(outline, at, kind))
        .collect()
}

/// Reads the phases of a document, the sections that are `counted`.
pub(crate) fn read(outline: &Outline<'_>, counted: &[bool], reference: &str) -> Vec<Phase> {
    let mut phases: Vec<Phase> = Vec::new();
    for at in 1..outline.sections.len() {
        if !counted[at] {
            continue;
        }
        let section = &outline.sections[at];
        let parent = outline
            .upwards(section.parent)
            .find(|up| counted[*up] && *up != at);
        let mut phase = Phase {
            line: section.line,
            end_line: end_line(outline, at),
            title: section.title.clone().into_owned(),
            id: section.phase.as_ref().map(|head| head.id.clone()),
            parent: parent.map(|up| outline.sections[up].line),
            ..Phase::default()
        };
        (phase.state, phase.native) = state(&section.title, section.struck);
        details(outline, at, &mut phase);
        phases.push(phase);
    }
    name(&mut phases, reference);
    phases
}

/// Gives each phase its reference: the author's number where it is the only one, else its place.
fn name(phases: &mut [Phase], reference: &str) {
    let mut counts: RapidHashMap<&str, u32> = RapidHashMap::default();
    for id in phases.iter().filter_map(|phase| phase.id.as_deref()) {
        *counts.entry(id).or_default() += 1;
    }
    let references: Vec<String> = phases
        .iter()
        .enumerate()
        .map(|(at, phase)| match &phase.id {
            Some(id) if counts.get(id.as_str()) == Some(&1) => [reference, "#", id].concat(),
            _ => {
                let mut reference = [reference, "#"].concat();
                push_number(&mut reference, at as u32 + 1);
                reference
            }
        })
        .collect();
    for (phase, reference) in phases.iter_mut().zip(references) {
        phase.reference = reference;
    }
}

/// Last line of a section.
pub(crate) fn end_line(outline: &Outline<'_>, at: usize) -> u32 {
    let next = outline.sections[at].next;
    outline
        .sections
        .get(next)
        .map_or_else(
            || last_line(outline),
            |section| section.line.saturating_sub(1),
        )
        .max(outline.sections[at].line)
}

/// The last line that holds a character: what follows a final line ending is no line.
fn last_line(outline: &Outline<'_>) -> u32 {
    let source = &outline.parsed.source;
    let lines = source.line_count();
    if lines > 1 && source.line_span(lines).is_empty() {
        lines - 1
    } else {
        lines
    }
}

/// The state that a phase heading states, and its words.
fn state(title: &str, struck: bool) -> (Option<ItemState>, Option<String>) {
    let marked = !title.is_ascii() || title.contains('[');
    if struck || holds(title, "~~") {
        return (
            Some(ItemState::Cancelled),
            Some("struck through".to_owned()),
        );
    }
    for (mark, state) in [
        ("✅", ItemState::Done),
        ("☑", ItemState::Done),
        ("✔", ItemState::Done),
        ("✓", ItemState::Done),
        ("[x]", ItemState::Done),
        ("[X]", ItemState::Done),
        ("🔄", ItemState::InProgress),
        ("🚧", ItemState::InProgress),
        ("⏸", ItemState::Blocked),
        ("❌", ItemState::Blocked),
    ] {
        if let Some((_, behind)) = title.split_once(mark).filter(|_| marked) {
            // `✅ In Progress`: the words know better than the mark.
            let behind = behind
                .trim_start_matches(['\u{fe0f}', ' ', '*'])
                .to_lowercase();
            let is_begun = behind.starts_with("in progress")
                || behind.starts_with("in-progress")
                || behind.starts_with("partial")
                || behind.starts_with("mostly")
                // `✅ designed / ⏳ to be built`
                || behind.contains(['⏳', '🔄', '🚧']);
            let state = match state {
                ItemState::Done if is_begun => ItemState::InProgress,
                state => state,
            };
            return (Some(state), Some(mark.to_owned()));
        }
    }
    // Words at the end, in parentheses or after a dash: `(deferred)`, `— DONE`, `[COMPLETE]`.
    let text = title.trim_end_matches([':', '：', ' ']);
    let tail = text
        .rfind(['(', '['])
        .filter(|_| text.ends_with([')', ']']))
        .map(|at| &text[at + 1..text.len() - 1]);
    let dash = ["— ", "– ", " - "]
        .iter()
        .filter(|_| !text.is_ascii() || text.contains('-'))
        .filter_map(|dash| text.rfind(dash).map(|at| &text[at + dash.len()..]))
        .min_by_key(|behind| behind.len());
    // `Phase 1: Setup: Completed`
    let last = text.rsplit_once(": ").map(|(_, last)| last);
    let last = last
        .filter(|last| !last.contains(' ') && (text.matches(": ").count() > 1 || dash.is_some()));
    for words in tail.into_iter().chain(dash).chain(last) {
        let words = words.trim_start_matches(['—', '–', ' ']);
        let lower = words.to_lowercase();
        let first = lower
            .split(|c: char| !c.is_alphanumeric())
            .next()
            .unwrap_or("");
        // `— deferred decision` speaks of a decision, not of the phase.
        let alone = lower.split_whitespace().count() == 1
            || lower.split_once([' ', ';', ',']).is_some_and(|(_, rest)| {
                rest.starts_with(|c: char| c.is_ascii_digit() || c == '(')
                    || rest.starts_with("on ")
                    || lower.contains([';', ','])
                    || tail == Some(words)
            });
        if !alone {
            continue;
        }
        let state = match first {
            "done" | "complete" | "completed" | "implemented" | "shipped" | "finished"
            | "landed" | "已完成" | "完成" => ItemState::Done,
            "partial" | "partially" | "ongoing" | "wip" | "进行中" => ItemState::InProgress,
            "in" if lower.starts_with("in progress") || lower.starts_with("in-progress") => {
                ItemState::InProgress
            }
            "deferred" | "blocked" | "paused" | "postponed" => ItemState::Blocked,
            "cancelled" | "canceled" | "dropped" | "skipped" | "removed" | "superseded"
            | "rejected" | "reverted" => ItemState::Cancelled,
            _ => continue,
        };
        return (Some(state), Some(one_line(words)));
    }
    (None, None)
}

/// Goal, priority, duration and dependencies from the heading and the labelled lines beneath it.
fn details(outline: &Outline<'_>, at: usize, phase: &mut Phase) {
    let section = &outline.sections[at];
    for aside in asides(&section.title) {
        let lower = aside.to_lowercase();
        if let Some(rest) = lower.strip_prefix("priority") {
            phase.priority = Some(one_line(rest.trim_start_matches([':', ' '])).to_uppercase())
                .filter(|text| !text.is_empty());
        } else if let Some(duration) = estimate::parse(aside) {
            phase.duration.get_or_insert(duration);
        }
    }
    phase.parallel = holds(&section.title, "[P]") || holds(&section.norm, "in parallel");
    let last = end_line(outline, at);
    for para in outline.paras_between(section.line, last) {
        // Only what stands directly under the phase speaks for it, not what its subsections say.
        let owner = outline
            .upwards(para.section)
            .find(|up| outline.sections[*up].level < 8)
            .unwrap_or(0);
        if owner != at {
            continue;
        }
        for (key, value, _) in outline.pairs(para) {
            match &*crate::vocabulary::key_word(key) {
                "goal" | "purpose" | "objective" if phase.goal.is_none() => {
                    phase.goal = Some(value.clone());
                }
                "priority" if phase.priority.is_none() => phase.priority = Some(value.clone()),
                "duration" | "estimate" | "estimated_time" | "effort" | "estimated_effort"
                    if phase.duration.is_none() =>
                {
                    phase.duration = Some(estimate::parse(value).unwrap_or_else(|| Estimate {
                        native: value.clone(),
                        hours_min: None,
                        hours_max: None,
                    }));
                }
                _ => {}
            }
        }
    }
}

/// The parts of a heading in parentheses.
fn asides(title: &str) -> impl Iterator<Item = &str> {
    title
        .split(['(', '（'])
        .skip(1)
        .filter_map(|part| part.split([')', '）']).next())
        .map(str::trim)
}

/// The words of a phase by which others name it: `Setup` of `Phase 1: Setup (Project)`.
pub(crate) fn topic(phase: &Phase) -> String {
    let title = phase.title.trim();
    let rest = separator(title).map_or("", |(_, end)| &title[end..]);
    crate::words::normalise(before_separator(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_states_how_far_its_phase_is() {
        for (title, said) in [
            ("Phase 1: Begin ✅", Some(ItemState::Done)),
            ("Phase 1: Begin ✅ Complete", Some(ItemState::Done)),
            ("✅ Phase 1: Begin in parallel", Some(ItemState::Done)),
            ("Phase 1: Begin ✅ In Progress", Some(ItemState::InProgress)),
            (
                "Phase 1: Begin ✅ PARTIALLY DONE",
                Some(ItemState::InProgress),
            ),
            ("Phase 1: Begin 🚧", Some(ItemState::InProgress)),
            (
                "Phase 1: Begin ✅ drawn / ⏳ built",
                Some(ItemState::InProgress),
            ),
            ("Phase 1: Begin (deferred)", Some(ItemState::Blocked)),
            ("Phase 1: Begin — DONE", Some(ItemState::Done)),
            ("Phase 1: Begin — deferred decision", None),
        ] {
            assert_eq!(state(title, false).0, said, "{title}");
        }
    }
}
