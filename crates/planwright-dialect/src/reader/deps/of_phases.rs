//! What a phase says of itself: `**Dependencies:** Phase 1`, `(depends on Phase 0)`.

use planwright_model::Phase;
use rapidhash::RapidHashMap;

use super::ids::numbers_in;
use super::{add, needed, relate_phases};
use crate::outline::Outline;
use crate::reader::named::Names;
use crate::words::{find_ignore_case, normalise};

/// Words about what a phase needs.
pub(super) struct Said {
    /// Index of the phase.
    phase: usize,
    words: String,
    /// They stand behind a label that names dependencies.
    labelled: bool,
}

/// What stands under a phase itself: `**Dependencies:** Phase 1`, `(depends on Phase 0)`.
pub(super) fn said_of_phases(outline: &Outline<'_>, list: &[Phase]) -> Vec<Said> {
    // Line of a phase -> line of the first phase inside it.
    let mut firsts: RapidHashMap<u32, u32> = RapidHashMap::default();
    for phase in list {
        if let Some(parent) = phase.parent {
            let first = firsts.entry(parent).or_insert(phase.line);
            *first = phase.line.min(*first);
        }
    }
    let mut said = Vec::new();
    for (at, phase) in list.iter().enumerate() {
        let mut push = |words: &str, labelled: bool| {
            said.push(Said {
                phase: at,
                words: words.to_owned(),
                labelled,
            });
        };
        if let Some(at) = find_ignore_case(&phase.title, "depends on") {
            push(&phase.title[at..], false);
        }
        let inner = firsts.get(&phase.line).copied().unwrap_or(u32::MAX);
        let last = phase.end_line.min(inner.saturating_sub(1));
        for para in outline.paras_between(phase.line, last) {
            for (key, value, _) in outline.pairs(para) {
                match normalise(key).as_str() {
                    "dependencies" | "depends on" | "dependency" | "prerequisites"
                    | "prerequisite" | "requires" | "依赖" => push(needed(value), true),
                    "status" | "note" => {
                        if let Some(at) = find_ignore_case(value, "depends on") {
                            push(&value[at..], false);
                        }
                    }
                    _ => {}
                }
            }
        }
    }
    said
}

/// `Tests First — MUST COMPLETE BEFORE 3.3` holds up the phase it names: lines of phases that hold
/// up others, and the ids of those.
pub(super) fn holds_of_phases(list: &[Phase]) -> Vec<(u32, Vec<String>)> {
    list.iter()
        .filter_map(|phase| {
            let at = find_ignore_case(&phase.title, "complete before")?;
            let rest = &phase.title[at + "complete before".len()..];
            Some((phase.line, numbers_in(rest)))
        })
        .collect()
}

/// Relates phases by what stands under them and in their headings.
pub(super) fn of_phases(
    list: &mut [Phase],
    said: &[Said],
    holds: &[(u32, Vec<String>)],
    names: &Names,
) {
    for (line, ids) in holds {
        let held: Vec<u32> = list
            .iter()
            .filter(|other| other.id.as_ref().is_some_and(|id| ids.contains(id)))
            .map(|other| other.line)
            .collect();
        relate_phases(list, &[*line], &held);
    }
    for said in said {
        let line = list[said.phase].line;
        let mut needs = names.phases_in(&said.words);
        if said.labelled {
            let lower = said.words.to_lowercase();
            if lower.contains("all user stories") || lower.contains("all stories") {
                needs.extend(names.telling_before(line));
            }
        }
        for need in needs.into_iter().filter(|need| *need != line) {
            add(&mut list[said.phase].depends_on, format!("phase:{need}"));
        }
    }
}
