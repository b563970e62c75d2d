//! Why a task stands where it stands.

use planwright_model::{DocumentState, ItemState};
use planwright_workspace::{OpenTask, PhaseLine, Summary};

use super::Source;
use crate::initiative::is_single;

impl Source<'_, '_> {
    /// The reasons for people, weightiest first; never none.
    pub(super) fn why(
        &self,
        task: &OpenTask,
        summary: &Summary,
        phase: Option<usize>,
    ) -> Vec<String> {
        let mut why = Vec::new();
        if task.state == ItemState::InProgress {
            why.push("already begun".to_owned());
        }
        let single = is_single(self.document);
        why.extend(match self.state {
            DocumentState::Active if single => None,
            DocumentState::Active => Some("the plan is active".to_owned()),
            DocumentState::Approved if single => Some("approved".to_owned()),
            DocumentState::Approved => Some("the plan is approved".to_owned()),
            DocumentState::Draft if !single => Some("the plan is a draft".to_owned()),
            _ => None,
        });
        match (task.priority.as_deref(), self.document.priority) {
            (Some(own), _) => why.push(format!("priority {own}")),
            (None, Some(own)) if single => why.push(format!("priority {own}")),
            (None, Some(plan)) => why.push(format!("plan priority {plan}")),
            (None, None) => {}
        }
        let holding: Vec<usize> = (0..summary.phases.len())
            .filter(|n| summary.phases[*n].total > 0)
            .collect();
        if let Some(at) = phase.and_then(|index| holding.iter().position(|other| *other == index))
            && holding.len() > 1
        {
            why.push(format!("phase {} of {}", at + 1, holding.len()));
        }
        why.extend(needs_done(&task.depends_on, &summary.phases));
        if task.parallel {
            why.push("can run beside others".to_owned());
        }
        if let Some(created) = self.document.created.filter(|_| why.len() < 3) {
            why.push(format!("planned since {created}"));
        }
        if why.is_empty() {
            why.push("nothing stands before it".to_owned());
        }
        why
    }
}

/// What a task needed and has: `task 2 is done`, `T001 and phase 1 are done`.
fn needs_done(needs: &[String], phases: &[PhaseLine]) -> Option<String> {
    const NAMED: usize = 3;
    let names: Vec<String> = needs.iter().map(|name| called(name, phases)).collect();
    match names.as_slice() {
        [] => None,
        [one] => Some(format!("{one} is done")),
        [most @ .., last] if names.len() <= NAMED => {
            Some(format!("{} and {last} are done", most.join(", ")))
        }
        _ => Some(format!("all {} it needs are done", names.len())),
    }
}

/// A need for people. What is only a number or a letter says what it counts.
fn called(name: &str, phases: &[PhaseLine]) -> String {
    let is_bare = |id: &str| id.len() < 2 || id.starts_with(|c: char| c.is_ascii_digit());
    let Some(line) = name.strip_prefix("phase:") else {
        return if is_bare(name) {
            format!("task {name}")
        } else {
            name.to_owned()
        };
    };
    let phase = phases.iter().find(|phase| phase.line.to_string() == line);
    match phase.map(|phase| (phase, phase.reference.rsplit_once('#'))) {
        Some((_, Some((_, id)))) => format!("phase {id}"),
        Some((phase, None)) => format!("phase \"{}\"", phase.title),
        None => "an earlier phase".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_task_needed_is_called_by_what_it_is() {
        let phases = [PhaseLine {
            reference: "x#2".to_owned(),
            line: 20,
            ..PhaseLine::default()
        }];
        for (needs, expected) in [
            (&[][..], None),
            (&["2"], Some("task 2 is done")),
            (&["2.1"], Some("task 2.1 is done")),
            (&["T012"], Some("T012 is done")),
            (&["phase:20"], Some("phase 2 is done")),
            (&["phase:99"], Some("an earlier phase is done")),
            (&["T1", "phase:20"], Some("T1 and phase 2 are done")),
            (&["T1", "T2", "3"], Some("T1, T2 and task 3 are done")),
            (&["1", "2", "3", "4"], Some("all 4 it needs are done")),
        ] {
            let needs: Vec<String> = needs.iter().map(|name| (*name).to_owned()).collect();
            assert_eq!(needs_done(&needs, &phases).as_deref(), expected);
        }
    }
}
