//! What one document waits for in others.

use std::collections::HashSet;

use planwright_dialect::folders;
use planwright_model::{DocumentState, Endpoint, Relation};
use planwright_workspace::{Entry, Workspace};
use schemars::JsonSchema;
use serde::Serialize;

use crate::initiative::{Initiative, is_single};

/// A document that has to be finished first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Hold {
    /// Its reference.
    #[serde(rename = "ref")]
    pub reference: String,
    /// Its title.
    pub title: String,
    /// Why it counts as unfinished, in a few words.
    pub reason: String,
}

/// The initiatives, and which one each entry belongs to.
pub(crate) struct Board<'e, 'a> {
    pub(crate) entries: &'e [Entry<'a>],
    pub(crate) initiatives: &'e [Initiative],
    home: Vec<Option<usize>>,
}

/// What a document needs first: the entry that the relation leads to, and the relation.
pub(crate) type Needs = Vec<(usize, Relation)>;

impl<'e, 'a> Board<'e, 'a> {
    pub(crate) fn new(entries: &'e [Entry<'a>], initiatives: &'e [Initiative]) -> Self {
        let mut home = vec![None; entries.len()];
        for (index, initiative) in initiatives.iter().enumerate() {
            for member in &initiative.members {
                home[*member] = Some(index);
            }
        }
        Self {
            entries,
            initiatives,
            home,
        }
    }

    /// The initiative of an entry; templates have none.
    pub(crate) fn home(&self, entry: usize) -> Option<usize> {
        self.home.get(entry).copied().flatten()
    }

    /// The documents of an initiative whose tasks may be worked on, each with the state that counts
    /// for it. What lies among the finished ones is not offered, even where it says that it is in
    /// work: which of the two is true has to be said first. Whether the initiative waits for others is not asked here.
    pub(crate) fn workable(&self, initiative: usize) -> Vec<(usize, DocumentState)> {
        let group = &self.initiatives[initiative];
        let state = group.state(self.entries);
        if group.archived(self.entries) || !state.is_workable() {
            return Vec::new();
        }
        let of_document = |member: &usize| {
            let entry = &self.entries[*member];
            let own = match entry.state {
                DocumentState::Unknown => state,
                own => own,
            };
            let is_put_away = entry.archived
                || folders::claim_of(entry.path).is_some_and(DocumentState::is_closed);
            (!is_put_away && own.is_workable()).then_some((*member, own))
        };
        group.work.iter().filter_map(of_document).collect()
    }

    /// How many tasks of an initiative could be started now. `waits` tells whether it waits for
    /// another.
    pub(crate) fn ready(&self, initiative: usize, waits: &dyn Fn(usize) -> bool) -> u32 {
        let ready = |(member, _): &(usize, DocumentState)| {
            let entry = &self.entries[*member];
            if is_single(entry) { 1 } else { entry.ready }
        };
        let ready = self.workable(initiative).iter().map(ready).sum();
        // Most initiatives hold nothing that is ready: what they wait for need not be looked up.
        if ready > 0 && !waits(initiative) {
            ready
        } else {
            0
        }
    }

    /// What an initiative waits for, by the relations of its documents. `needs` gives what a
    /// document needs first; `open` tells whether an item that a relation names is open.
    pub(crate) fn holds(
        &self,
        initiative: usize,
        needs: &dyn Fn(usize) -> Needs,
        open: &dyn Fn(usize, &str) -> bool,
    ) -> Vec<Hold> {
        let mut holds: Vec<Hold> = Vec::new();
        for (target, other, mut reason) in self.unmet(initiative, needs, open) {
            let entry = &self.entries[target];
            if holds.iter().any(|hold| hold.reference == entry.reference) {
                continue;
            }
            if self.reaches(other, initiative, needs) {
                reason.push_str(", and it waits for this one in turn");
            }
            holds.push(Hold {
                reference: entry.reference.to_owned(),
                title: entry.title.to_owned(),
                reason,
            });
        }
        holds
    }

    /// True when an initiative waits for anything: what [`Self::holds`] would tell, without looking
    /// further than the first.
    pub(crate) fn waits(
        &self,
        initiative: usize,
        needs: &dyn Fn(usize) -> Needs,
        open: &dyn Fn(usize, &str) -> bool,
    ) -> bool {
        self.unmet(initiative, needs, open).next().is_some()
    }

    /// What an initiative needs and is not finished: the entry, its initiative, and why.
    fn unmet(
        &self,
        initiative: usize,
        needs: &dyn Fn(usize) -> Needs,
        open: &dyn Fn(usize, &str) -> bool,
    ) -> impl Iterator<Item = (usize, usize, String)> {
        let members = self.initiatives[initiative].members.iter();
        let needed = members.flat_map(|member| needs(*member));
        needed.filter_map(move |(target, relation)| {
            let other = self.home(target).filter(|other| *other != initiative)?;
            let reason = match (relation.endpoint, relation.target.rsplit_once('#')) {
                (Endpoint::Item, Some((_, item))) => {
                    open(target, item).then(|| format!("{item} is open"))
                }
                _ => self.unfinished(other, target),
            };
            Some((target, other, reason?))
        })
    }

    fn unfinished(&self, initiative: usize, target: usize) -> Option<String> {
        let group = &self.initiatives[initiative];
        let state = group.state(self.entries);
        let entry = &self.entries[target];
        if entry.state == DocumentState::Done || group.done(self.entries) {
            return None;
        }
        if !group.plans {
            // A decision or a guide is never "done"; it holds work up while it is being judged.
            return (entry.state == DocumentState::InReview).then(|| "in review".to_owned());
        }
        let tally = group.tally(self.entries);
        let said = match state {
            DocumentState::Unknown => String::new(),
            state => state.as_str().replace('_', " "),
        };
        Some(match (said.as_str(), tally.total) {
            ("", 0) => "not done, as far as it says".to_owned(),
            ("", total) => format!("{} of {total} tasks done", tally.done),
            (said, 0) => said.to_owned(),
            (said, total) => format!("{said}, {} of {total} tasks done", tally.done),
        })
    }

    /// True when one initiative needs another, directly or through others.
    fn reaches(&self, from: usize, to: usize, needs: &dyn Fn(usize) -> Needs) -> bool {
        let mut seen = HashSet::from([from]);
        let mut queue = vec![from];
        while let Some(at) = queue.pop() {
            for member in &self.initiatives[at].members {
                for next in needs(*member)
                    .into_iter()
                    .filter_map(|(target, _)| self.home(target))
                {
                    if next == to {
                        return true;
                    }
                    if seen.insert(next) {
                        queue.push(next);
                    }
                }
            }
        }
        false
    }
}

/// True when an item of an entry is not closed. `item` is the part of its reference after `#`.
pub(crate) fn item_is_open(ws: &Workspace, entry: usize, item: &str) -> bool {
    ws.summary(entry).open.iter().any(|task| {
        task.id
            .as_deref()
            .is_some_and(|id| id.eq_ignore_ascii_case(item))
            || task
                .reference
                .rsplit_once('#')
                .is_some_and(|(_, name)| name.eq_ignore_ascii_case(item))
    })
}

#[cfg(test)]
pub(crate) mod tests {
    use planwright_model::RelationType;

    use super::*;
    use crate::initiative::group;

    pub(crate) fn depends_on(target: &str) -> Relation {
        Relation {
            kind: RelationType::DependsOn,
            target: target.to_owned(),
            endpoint: if target.contains('#') {
                Endpoint::Item
            } else {
                Endpoint::Document
            },
            line: 1,
            source: "front matter".to_owned(),
            resolved: true,
            path: None,
        }
    }

    #[track_caller]
    fn check(entries: &[Entry<'_>], edges: &[(usize, usize)], expected: &[&str]) {
        let groups = group(entries);
        let board = Board::new(entries, &groups);
        let relations: Vec<(usize, usize, Relation)> = edges
            .iter()
            .map(|(from, to)| (*from, *to, depends_on(entries[*to].path)))
            .collect();
        let needs = |entry: usize| {
            let from = relations.iter().filter(|(from, ..)| *from == entry);
            from.map(|(_, to, relation)| (*to, relation.clone()))
                .collect()
        };
        let found: Vec<String> = board
            .holds(0, &needs, &|_, _| true)
            .into_iter()
            .map(|hold| hold.reason)
            .collect();
        assert_eq!(found, expected);
    }

    fn plan(path: &'static str, state: DocumentState, done: u32, total: u32) -> Entry<'static> {
        Entry {
            path,
            reference: path,
            kind: "plan",
            holds_work: true,
            state,
            done,
            total,
            ..Entry::default()
        }
    }

    #[test]
    fn an_unfinished_plan_holds_up() {
        let entries = [
            plan("a", DocumentState::Active, 0, 2),
            plan("b", DocumentState::Active, 1, 3),
            plan("c", DocumentState::Done, 1, 3),
            plan("d", DocumentState::Unknown, 3, 3),
            plan("e", DocumentState::Abandoned, 0, 0),
        ];
        check(
            &entries,
            &[(0, 1), (0, 2), (0, 3), (0, 4)],
            &["active, 1 of 3 tasks done", "abandoned"],
        );
    }

    #[test]
    fn two_plans_that_wait_for_each_other_are_told_so() {
        let entries = [
            plan("a", DocumentState::Draft, 0, 1),
            plan("b", DocumentState::Draft, 0, 0),
        ];
        check(
            &entries,
            &[(0, 1), (1, 0)],
            &["draft, and it waits for this one in turn"],
        );
    }

    #[test]
    fn tasks_are_ready_where_the_plan_may_be_worked_on_and_waits_for_nothing() {
        let mut entries = [
            plan("active", DocumentState::Active, 0, 2),
            plan("paused", DocumentState::Paused, 0, 2),
            plan("archived", DocumentState::Active, 0, 2),
            plan("waiting", DocumentState::Draft, 0, 2),
            plan("bug", DocumentState::Draft, 0, 0),
            plan("plans/completed/x.md", DocumentState::Active, 0, 2),
            plan("plans/completed/y.md", DocumentState::Unknown, 0, 2),
            plan("plans/active/completed.md", DocumentState::Active, 0, 2),
            plan(
                "plans/active/search_completed.md",
                DocumentState::Unknown,
                0,
                2,
            ),
        ];
        for entry in &mut entries {
            entry.ready = entry.total;
        }
        entries[2].archived = true;
        entries[4].kind = "bug";
        let groups = group(&entries);
        let board = Board::new(&entries, &groups);
        let ready: Vec<u32> = (0..9).map(|at| board.ready(at, &|at| at == 3)).collect();
        assert_eq!(ready, [2, 0, 0, 0, 1, 0, 0, 2, 0]);
    }

    #[test]
    fn a_decision_holds_up_only_while_it_is_judged() {
        let adr = |path, state| Entry {
            path,
            reference: path,
            kind: "adr",
            state,
            ..Entry::default()
        };
        let entries = [
            plan("a", DocumentState::Active, 0, 1),
            adr("b", DocumentState::Draft),
            adr("c", DocumentState::InReview),
        ];
        check(&entries, &[(0, 1), (0, 2)], &["in review"]);
    }
}
