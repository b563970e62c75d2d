//! Joins the documents of one undertaking.

use planwright_model::DocumentState;
use planwright_workspace::Entry;
use rapidhash::RapidHashMap;

use crate::cards;

/// The documents of one undertaking, seen as one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Initiative {
    /// The document that gives title and name: the plan, else the spec, else the first.
    pub(crate) lead: usize,
    /// The document whose state counts: the lead, else the first that states one.
    pub(crate) speaker: usize,
    /// All documents, in the order of their paths.
    pub(crate) members: Vec<usize>,
    /// The documents whose tasks count: the task lists, where they hold a task, else the plans,
    /// else whatever holds work. Never a plan beside its task list, which repeats it.
    pub(crate) work: Vec<usize>,
    /// True when it holds work, or is a feature's folder that does not hold any yet.
    pub(crate) plans: bool,
}

/// Progress and the like, over the documents whose tasks count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) done: u32,
    pub(crate) total: u32,
    pub(crate) ready: u32,
    pub(crate) in_progress: u32,
    pub(crate) blocked: u32,
}

impl Tally {
    pub(crate) const fn open(self) -> u32 {
        self.total.saturating_sub(self.done)
    }

    /// True when there is something to measure and nothing is left.
    pub(crate) const fn finished(self) -> bool {
        self.total > 0 && self.done >= self.total
    }
}

impl Initiative {
    /// The state that counts.
    pub(crate) fn state(&self, entries: &[Entry<'_>]) -> DocumentState {
        entries[self.speaker].state
    }

    /// True when all of it lies in an archive.
    pub(crate) fn archived(&self, entries: &[Entry<'_>]) -> bool {
        self.members.iter().all(|member| entries[*member].archived)
    }

    /// True when it is one piece of work without tasks of its own.
    pub(crate) fn single(&self, entries: &[Entry<'_>]) -> bool {
        is_single(&entries[self.lead]) && self.tally(entries).total == 0
    }

    /// The tasks that count.
    pub(crate) fn tally(&self, entries: &[Entry<'_>]) -> Tally {
        let mut tally = Tally::default();
        for entry in self.work.iter().map(|member| &entries[*member]) {
            tally.done += entry.done;
            tally.total += entry.total;
            tally.ready += entry.ready;
            tally.in_progress += entry.in_progress;
            tally.blocked += entry.blocked;
        }
        tally
    }

    /// True when work is expected: not closed, not archived, and not silently ticked off.
    pub(crate) fn live(&self, entries: &[Entry<'_>]) -> bool {
        let state = self.state(entries);
        let ticked_off = state == DocumentState::Unknown && self.tally(entries).finished();
        !state.is_closed() && !self.archived(entries) && !ticked_off
    }

    /// True when everything it promised exists: it says so, or says nothing and all is ticked.
    pub(crate) fn done(&self, entries: &[Entry<'_>]) -> bool {
        match self.state(entries) {
            DocumentState::Done => true,
            DocumentState::Unknown => self.tally(entries).finished(),
            _ => false,
        }
    }

    /// The latest date that any of its documents states about itself, else the latest beginning.
    pub(crate) fn touched<'a>(&self, entries: &[Entry<'a>]) -> Option<&'a str> {
        let members = || self.members.iter().map(|member| &entries[*member]);
        members()
            .filter_map(|entry| entry.touched)
            .max()
            .or_else(|| members().filter_map(|entry| entry.created).max())
    }
}

/// Groups documents by undertaking, in the order of their first paths. Templates belong to none, nor
/// do cards in files of their own that repeat a task of a plan.
pub(crate) fn group(entries: &[Entry<'_>]) -> Vec<Initiative> {
    let repeats = |entry: &Entry<'_>| {
        let source = entry.source;
        source.is_some_and(|plan| cards::is_there(entries, plan))
    };
    let mut by_name: RapidHashMap<&str, usize> = RapidHashMap::default();
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (index, entry) in entries
        .iter()
        .enumerate()
        .filter(|(_, entry)| !entry.template && !repeats(entry))
    {
        let name = if entry.initiative.is_empty() {
            entry.path
        } else {
            entry.initiative
        };
        let group = *by_name.entry(name).or_insert_with(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        groups[group].push(index);
    }
    groups
        .into_iter()
        .map(|members| join(entries, members))
        .collect()
}

fn join(entries: &[Entry<'_>], members: Vec<usize>) -> Initiative {
    let of_kind = |kind: &'static str| {
        members
            .iter()
            .copied()
            .filter(move |m| entries[*m].kind == kind)
    };
    // A feature's folder may hold several documents of one kind, `spec.md` and a checklist for it:
    // the file that bears the kind's name comes first.
    let chief = |kind: &'static str| {
        of_kind(kind)
            .find(|m| file_stem(entries[*m].path) == kind)
            .or_else(|| of_kind(kind).next())
    };
    let lead = chief("plan")
        .or_else(|| chief("spec"))
        .or_else(|| members.first().copied())
        .unwrap_or_default();
    let speaker = std::iter::once(lead)
        .chain(chief("spec"))
        .chain(members.iter().copied())
        .find(|member| entries[*member].state != DocumentState::Unknown)
        .unwrap_or(lead);
    let measured = |list: Vec<usize>| {
        list.iter()
            .any(|member| entries[*member].total > 0)
            .then_some(list)
    };
    let work = measured(of_kind("tasks").collect())
        .or_else(|| measured(of_kind("plan").collect()))
        .unwrap_or_else(|| {
            members
                .iter()
                .copied()
                .filter(|m| works(&entries[*m]))
                .collect()
        });
    let plans = members.iter().any(|member| {
        let entry = &entries[*member];
        works(entry) || (entry.kind == "spec" && entry.initiative != entry.path)
    });
    Initiative {
        lead,
        speaker,
        members,
        work,
        plans,
    }
}

/// True for a document that holds work. A board does where it holds tasks.
fn works(entry: &Entry<'_>) -> bool {
    entry.holds_work || (entry.total > 0 && cards::is_board(entry))
}

/// True for a document that is one piece of work by itself: a task, a bug, a story, or a task file
/// (`back-12 - Sort by date.md`) that says how far it is and lists no tasks.
pub(crate) fn is_single(entry: &Entry<'_>) -> bool {
    entry.total == 0
        && match entry.kind {
            "task" | "bug" | "story" => true,
            "tasks" => {
                entry.initiative == entry.path
                    && entry.state != DocumentState::Unknown
                    && is_named_by_id(entry)
            }
            _ => false,
        }
}

/// True when the file's name begins with the id that the document bears. A list of tasks is named for
/// what it is (`tasks.md`), and an empty one is nothing to measure.
fn is_named_by_id(entry: &Entry<'_>) -> bool {
    let stem = file_stem(entry.path).as_bytes();
    entry.aliases.iter().any(|alias| {
        let bytes = alias.as_bytes();
        let is_id = alias.contains('-') && bytes.last().is_some_and(u8::is_ascii_digit);
        is_id
            && stem.len() >= bytes.len()
            && stem[..bytes.len()].eq_ignore_ascii_case(bytes)
            && !stem.get(bytes.len()).is_some_and(u8::is_ascii_alphanumeric)
    })
}

fn file_stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry<'a>(
        path: &'a str,
        initiative: &'a str,
        kind: &'a str,
        counts: (u32, u32),
    ) -> Entry<'a> {
        Entry {
            path,
            initiative,
            kind,
            done: counts.0,
            total: counts.1,
            holds_work: matches!(kind, "plan" | "tasks" | "task"),
            ..Entry::default()
        }
    }

    #[test]
    fn a_task_list_is_counted_instead_of_the_plan_it_repeats() {
        let entries = [
            entry("s/1/plan.md", "s/1", "plan", (0, 21)),
            entry("s/1/spec.md", "s/1", "spec", (0, 0)),
            entry("s/1/tasks.md", "s/1", "tasks", (21, 22)),
        ];
        let groups = group(&entries);
        assert_eq!(groups.len(), 1);
        assert_eq!(groups[0].lead, 0);
        assert_eq!(groups[0].work, [2]);
        assert_eq!(groups[0].tally(&entries).done, 21);
    }

    #[test]
    fn an_empty_task_list_does_not_hide_the_plan() {
        let entries = [
            entry("s/1/plan.md", "s/1", "plan", (1, 2)),
            entry("s/1/tasks.md", "s/1", "tasks", (0, 0)),
        ];
        assert_eq!(group(&entries)[0].work, [0]);
    }

    #[test]
    fn a_task_file_without_boxes_is_one_piece_of_work() {
        let path = "backlog/tasks/back-12 - Sort-by-date.md";
        let task = |path, initiative| Entry {
            state: DocumentState::Draft,
            aliases: vec!["BACK-12", "Sort-by-date"],
            ..entry(path, initiative, "tasks", (0, 0))
        };
        assert!(is_single(&task(path, path)));
        assert!(!is_single(&task("s/1/tasks.md", "s/1/tasks.md")));
        assert!(!is_single(&task(path, "backlog/tasks")));
        assert!(!is_single(&Entry {
            state: DocumentState::Unknown,
            ..task(path, path)
        }));
        assert!(!is_single(&Entry {
            total: 2,
            ..task(path, path)
        }));
    }

    #[test]
    fn the_spec_speaks_where_the_plan_is_silent() {
        let mut entries = [
            entry("s/1/plan.md", "s/1", "plan", (0, 2)),
            entry("s/1/research.md", "s/1", "research", (0, 0)),
            entry("s/1/spec.md", "s/1", "spec", (0, 0)),
        ];
        entries[1].state = DocumentState::Done;
        entries[2].state = DocumentState::Draft;
        let groups = group(&entries);
        assert_eq!(groups[0].lead, 0);
        assert_eq!(groups[0].state(&entries), DocumentState::Draft);
    }

    #[test]
    fn the_file_that_bears_the_name_of_its_kind_leads() {
        let entries = [
            entry("s/1/checklists/requirements.md", "s/1", "spec", (0, 0)),
            entry("s/1/spec.md", "s/1", "spec", (0, 0)),
            entry("s/1/tasks.md", "s/1", "tasks", (0, 3)),
        ];
        assert_eq!(group(&entries)[0].lead, 1);
        let entries = [
            entry("s/1/plan.registry.md", "s/1", "plan", (0, 3)),
            entry("s/1/plan.md", "s/1", "plan", (0, 0)),
        ];
        assert_eq!(group(&entries)[0].lead, 1);
    }

    #[test]
    fn a_board_is_work_and_an_index_of_plans_is_none() {
        let entries = [
            entry(
                ".dev_ops/board.json",
                ".dev_ops/board.json",
                "index",
                (1, 3),
            ),
            entry("docs/index.md", "docs/index.md", "index", (1, 3)),
        ];
        let plans: Vec<bool> = group(&entries).iter().map(|group| group.plans).collect();
        assert_eq!(plans, [true, false]);
    }

    #[test]
    fn a_lone_spec_is_no_plan_and_a_feature_with_only_a_spec_is_one() {
        let entries = [
            entry(".archcore/x.spec.md", ".archcore/x.spec.md", "spec", (0, 0)),
            entry("specs/002-y/spec.md", "specs/002-y", "spec", (0, 0)),
        ];
        let plans: Vec<bool> = group(&entries).iter().map(|group| group.plans).collect();
        assert_eq!(plans, [false, true]);
    }

    #[test]
    fn a_silent_plan_with_every_box_ticked_is_done_and_one_without_boxes_is_not() {
        let entries = [
            entry("a.md", "a.md", "plan", (3, 3)),
            entry("b.md", "b.md", "plan", (0, 0)),
        ];
        let groups = group(&entries);
        assert!(groups[0].done(&entries) && !groups[0].live(&entries));
        assert!(!groups[1].done(&entries) && groups[1].live(&entries));
    }
}
