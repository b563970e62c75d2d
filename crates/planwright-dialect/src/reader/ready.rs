//! What follows from the items together: progress, and which tasks wait for nothing.

use planwright_model::{Document, ItemRole, ItemState, Progress};
use rapidhash::{RapidHashMap, RapidHashSet};

use super::deps;

/// Counts progress and marks the tasks that are ready.
///
/// A task is ready when it is open and not blocked, everything it depends on is closed, and its
/// phase is reached: the phases that it depends on, or where none are stated the phases before it
/// on the same level, hold no open task. A task or phase marked to run in parallel waits for its
/// stated dependencies only. A line of a form that nobody filled in is no task yet: it is not ready,
/// and no phase waits for it.
pub(crate) fn finish(document: &mut Document) {
    let tasks = document
        .items
        .iter()
        .filter(|item| item.role == ItemRole::Task);
    let (mut done, mut total) = (0, 0);
    let mut open: RapidHashMap<u32, bool> = RapidHashMap::default();
    for item in tasks {
        total += 1;
        done += u32::from(item.state.is_closed());
        if let Some(phase) = item.phase {
            *open.entry(phase).or_default() |= !item.state.is_closed() && !item.is_unwritten();
        }
    }
    document.progress = Progress { done, total };
    // An outer phase is open while one inside it is.
    let parents: RapidHashMap<u32, u32> = document
        .phases
        .iter()
        .filter_map(|phase| Some((phase.line, phase.parent?)))
        .collect();
    for phase in document.phases.iter().rev() {
        if open.get(&phase.line) == Some(&true)
            && let Some(parent) = parents.get(&phase.line)
        {
            open.insert(*parent, true);
        }
    }
    for phase in &document.phases {
        if phase.state.is_some_and(ItemState::is_closed) {
            open.insert(phase.line, false);
        }
    }
    let is_open = |line: &u32| open.get(line).copied().unwrap_or(false);
    let mut held: RapidHashSet<u32> = RapidHashSet::default();
    for (at, phase) in document.phases.iter().enumerate() {
        let stated: Vec<u32> = phase
            .depends_on
            .iter()
            .filter_map(|need| need.strip_prefix("phase:")?.parse().ok())
            .collect();
        let waits = if stated.is_empty() {
            !phase.parallel
                && document.phases[..at].iter().any(|before| {
                    before.parent == phase.parent && !before.parallel && is_open(&before.line)
                })
        } else {
            stated.iter().any(is_open)
        };
        let above = phase.parent.is_some_and(|parent| held.contains(&parent));
        let stopped = matches!(phase.state, Some(ItemState::Blocked));
        if waits || above || stopped {
            held.insert(phase.line);
        }
    }
    let closed: RapidHashMap<&str, bool> = document
        .items
        .iter()
        .filter_map(|item| Some((item.id.as_deref()?, item.state.is_closed())))
        .collect();
    let by_line: RapidHashMap<u32, bool> = document
        .items
        .iter()
        .map(|item| (item.line, item.state.is_closed()))
        .collect();
    let ready: Vec<bool> = document
        .items
        .iter()
        .map(|item| {
            let startable = item.role.is_work()
                && !item.is_unwritten()
                && matches!(item.state, ItemState::Todo | ItemState::InProgress);
            let reached = item.phase.is_none_or(|phase| !held.contains(&phase));
            let satisfied = item.depends_on.iter().all(|need| {
                if let Some(line) = need
                    .strip_prefix("phase:")
                    .and_then(|line| line.parse().ok())
                {
                    return !is_open(&line);
                }
                if let Some(line) = need
                    .strip_prefix("line:")
                    .and_then(|line| line.parse().ok())
                {
                    return by_line.get(&line).copied().unwrap_or(true);
                }
                closed.get(need.as_str()).copied().unwrap_or_else(|| {
                    document
                        .items
                        .iter()
                        .find(|other| deps::matches(other, need))
                        .is_none_or(|other| other.state.is_closed())
                })
            });
            startable && reached && satisfied && !document.template
        })
        .collect();
    for (item, ready) in document.items.iter_mut().zip(ready) {
        item.ready = ready;
    }
}
