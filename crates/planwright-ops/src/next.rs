//! `plan next`: what can be done now, best first, and why.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;

use planwright_model::{DocumentState, Head, ItemState};
use planwright_workspace::{Entry, OpenTask, Summary, Workspace};
use schemars::JsonSchema;
use serde::Serialize;

use crate::claims::Claim;
use crate::filter::is_person;
use crate::hold::{self, Board, Hold};
use crate::initiative::{group, is_single};
use crate::{OpsError, Place, Unreadable, answer, cards, reference};

/// Which tasks to look at.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// At most so many; all when `None`.
    pub limit: Option<usize>,
    /// Only tasks of this person: the task's owner, else the document's.
    pub owner: Option<String>,
    /// Only tasks of the undertaking that this document belongs to.
    pub plan: Option<String>,
}

/// Ready tasks.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct Answer {
    /// The contract's name.
    #[schemars(extend("const" = "planwright/next@1"))]
    pub schema: &'static str,
    /// The best tasks, best first.
    pub tasks: Vec<Task>,
    /// True when there are more than asked for.
    pub more: bool,
    /// Plans that would have had a task here, and wait for other documents.
    pub waiting: Vec<Waiting>,
    /// Open tasks that are not ready, by what keeps them.
    pub kept: Kept,
    /// What could not be read.
    pub unreadable: Vec<Unreadable>,
}

/// A task that can be started, or gone on with, now.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct Task {
    /// Its reference.
    #[serde(rename = "ref")]
    pub reference: String,
    /// The author's id.
    pub id: Option<String>,
    /// Its text.
    pub text: String,
    /// How far it is.
    pub state: ItemState,
    /// Where it stands.
    pub place: Place,
    /// The document that holds it.
    pub document: Head,
    /// Title of its undertaking.
    pub initiative: String,
    /// Its phase.
    pub phase: Option<String>,
    /// Who has it.
    pub owner: Option<String>,
    /// How long, as written.
    pub estimate: Option<String>,
    /// How urgent, as written for the task, else for its document.
    pub priority: Option<String>,
    /// True when marked to run beside others.
    pub parallel: bool,
    /// Its first open part that is ready.
    pub first: Option<Step>,
    /// Who holds it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claim: Option<Claim>,
    /// Why it stands where it stands, weightiest reason first.
    pub why: Vec<String>,
}

/// A part of a task.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Step {
    /// Its reference.
    #[serde(rename = "ref")]
    pub reference: String,
    /// Its line.
    pub line: u32,
    /// Its text.
    pub text: String,
}

/// A plan that waits.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Waiting {
    /// Its leading document.
    pub document: Head,
    /// Open tasks in it.
    pub open: u32,
    /// What it waits for.
    pub waits_for: Vec<Hold>,
}

/// Open tasks that are not ready.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Kept {
    /// Marked as blocked.
    pub blocked: u32,
    /// Behind other tasks or phases of their document, or lines of a form that nobody filled in.
    pub behind: u32,
    /// In plans that wait for other documents.
    pub waiting: u32,
    /// In plans that are not to be worked on: paused, blocked, in review.
    pub resting: u32,
    /// Of somebody else, where an owner was asked for.
    pub others: u32,
    /// Plans looked at that hold a task at all.
    pub plans: u32,
    /// Tasks done, in the plans looked at.
    pub done: u32,
}

impl Kept {
    /// All open tasks that are not ready.
    pub const fn open(&self) -> u32 {
        self.blocked + self.behind + self.waiting + self.resting + self.others
    }
}

/// Finds the tasks that can be done now.
pub fn run(ws: &Workspace, request: &Request) -> Result<Answer, OpsError> {
    let only = match &request.plan {
        Some(name) => Some(reference::document(ws, name, "next --plan")?),
        None => None,
    };
    let mut entries: Vec<Entry<'_>> = answer::entries(ws);
    let boards = cards::boards(ws, &entries);
    cards::take_out(&mut entries, &boards);
    let groups = group(&entries);
    let board = Board::new(&entries, &groups);
    let holds = |initiative: usize| {
        board.holds(
            initiative,
            &|entry| ws.needs(entry, &entries[entry]),
            &|entry, item| hold::item_is_open(ws, entry, item),
        )
    };
    let mut answer = pick(&board, only, request, &holds, &|entry| {
        cards::summary(ws, entry, &boards)
    });
    answer.unreadable = answer::unreadable(ws);
    Ok(answer)
}

/// A document that holds ready tasks.
struct Source<'e, 'a> {
    initiative: usize,
    entry: usize,
    state: DocumentState,
    title: &'a str,
    document: &'e Entry<'a>,
}

/// Looks at as few documents as it takes: those whose tasks can come first, then the next.
fn pick(
    board: &Board<'_, '_>,
    only: Option<usize>,
    request: &Request,
    holds: &dyn Fn(usize) -> Vec<Hold>,
    summary: &dyn Fn(usize) -> Summary,
) -> Answer {
    let mut answer = Answer {
        schema: "planwright/next@1",
        ..Answer::default()
    };
    let mut sources: BTreeMap<(Reverse<bool>, u8), Vec<Source<'_, '_>>> = BTreeMap::new();
    for source in sources_of(board, only, &mut answer.kept) {
        sources.entry(source.best()).or_default().push(source);
    }
    let limit = request.limit.unwrap_or(usize::MAX);
    let mut free: HashMap<usize, bool> = HashMap::new();
    let mut ranked: Vec<(Rank<'_>, Found<'_, '_>)> = Vec::new();
    // Tasks of a later group can never come before what an earlier group's documents hold, with
    // one exception: documents with begun tasks hold others, too, which wait here for their turn.
    let mut groups = sources.into_iter().peekable();
    while let Some((_, group)) = groups.next() {
        for source in group {
            let loaded = source.load(summary);
            loaded.collect(request, &mut ranked, &mut answer.kept);
        }
        ranked.sort_by(|(a, _), (b, _)| a.cmp(b));
        let next = groups.peek().map(|(best, _)| *best);
        let settled =
            ranked.partition_point(|(rank, _)| next.is_none_or(|next| rank.best() < next));
        for (_, found) in ranked.drain(..settled) {
            let initiative = found.loaded.source.initiative;
            let is_free = *free.entry(initiative).or_insert_with(|| {
                let waits_for = holds(initiative);
                let is_free = waits_for.is_empty();
                if !is_free {
                    answer.waiting.push(waiting(board, initiative, waits_for));
                }
                is_free
            });
            if !is_free {
                answer.kept.waiting += 1;
            } else if answer.tasks.len() < limit {
                answer.tasks.push(found.task());
            } else {
                answer.more = true;
                return answer;
            }
        }
    }
    answer
}

fn waiting(board: &Board<'_, '_>, initiative: usize, waits_for: Vec<Hold>) -> Waiting {
    let initiative = &board.initiatives[initiative];
    Waiting {
        document: answer::head(&board.entries[initiative.lead]),
        open: initiative.tally(board.entries).open(),
        waits_for,
    }
}

/// The documents that may hold ready tasks; tasks of the others are counted.
fn sources_of<'e, 'a>(
    board: &Board<'e, 'a>,
    only: Option<usize>,
    kept: &mut Kept,
) -> Vec<Source<'e, 'a>> {
    let entries = board.entries;
    let only = only.map(|entry| board.home(entry));
    let mut sources = Vec::new();
    for (index, initiative) in board.initiatives.iter().enumerate() {
        let asked = only.map_or(initiative.plans, |home| home == Some(index));
        let tally = initiative.tally(entries);
        let single = initiative.single(entries);
        if !asked || (tally.total == 0 && !single) {
            continue;
        }
        kept.plans += 1;
        kept.done += tally.done;
        let state = initiative.state(entries);
        let open = if single { 1 } else { tally.open() };
        if state.is_closed() {
            kept.done += u32::from(single && state == DocumentState::Done);
            continue;
        }
        if initiative.archived(entries) {
            continue;
        }
        if !state.is_workable() {
            kept.resting += open;
            continue;
        }
        if !single && tally.ready == 0 && tally.in_progress == 0 {
            kept.blocked += tally.blocked;
            kept.behind += tally.open().saturating_sub(tally.blocked);
            continue;
        }
        let workable = board.workable(index);
        let rests = |member: &&usize| !workable.iter().any(|(other, _)| other == *member);
        for member in initiative.work.iter().filter(rests) {
            let document = &entries[*member];
            kept.resting += document.total.saturating_sub(document.done);
        }
        let title = entries[initiative.lead].title;
        sources.extend(workable.into_iter().map(|(member, state)| Source {
            initiative: index,
            entry: member,
            state,
            title,
            document: &entries[member],
        }));
    }
    sources
}

/// What decides the order of two ready tasks, in the order in which it decides; smaller is first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Rank<'a> {
    begun: Reverse<bool>,
    state: u8,
    priority: u8,
    phase: usize,
    /// Documents without a date come after those that have one.
    created: (bool, &'a str),
    path: &'a str,
    line: u32,
}

impl Rank<'_> {
    const fn best(&self) -> (Reverse<bool>, u8) {
        (self.begun, self.state)
    }
}

/// A source with its open tasks; a document that is one piece of work has itself as its only one.
struct Loaded<'e, 'a> {
    source: Source<'e, 'a>,
    summary: Summary,
}

/// A ready task, not yet told: most that are found are never asked for.
struct Found<'e, 'a> {
    loaded: Rc<Loaded<'e, 'a>>,
    /// Its place among the open tasks, and that of its first open part that is ready.
    task: usize,
    part: Option<usize>,
}

impl<'e, 'a> Source<'e, 'a> {
    /// The best rank that a task of the document can have.
    fn best(&self) -> (Reverse<bool>, u8) {
        let single = is_single(self.document) && self.state == DocumentState::Active;
        (
            Reverse(self.document.in_progress > 0 || single),
            self.state_rank(),
        )
    }

    const fn state_rank(&self) -> u8 {
        match self.state {
            DocumentState::Active => 0,
            DocumentState::Approved => 1,
            _ => 2,
        }
    }

    fn load(self, summary: &dyn Fn(usize) -> Summary) -> Rc<Loaded<'e, 'a>> {
        let summary = if is_single(self.document) {
            Summary {
                open: vec![self.itself()],
                ..Summary::default()
            }
        } else {
            summary(self.entry)
        };
        Rc::new(Loaded {
            source: self,
            summary,
        })
    }

    /// A document that is one piece of work, as a task.
    fn itself(&self) -> OpenTask {
        let begun = self.state == DocumentState::Active;
        OpenTask {
            reference: self.document.reference.to_owned(),
            line: self.document.title_line.unwrap_or(1),
            state: if begun {
                ItemState::InProgress
            } else {
                ItemState::Todo
            },
            text: self.document.title.to_owned(),
            ready: true,
            ..OpenTask::default()
        }
    }

    fn belongs_to(&self, task: &OpenTask, owner: &str) -> bool {
        match &task.owner {
            Some(own) => is_person(own, owner),
            None => self.document.owners.iter().any(|own| is_person(own, owner)),
        }
    }
}

impl<'e, 'a> Loaded<'e, 'a> {
    fn collect(
        self: &Rc<Self>,
        request: &Request,
        ranked: &mut Vec<(Rank<'a>, Found<'e, 'a>)>,
        kept: &mut Kept,
    ) {
        let tasks = &self.summary.open;
        let open: HashSet<u32> = tasks.iter().map(|task| task.line).collect();
        let mut parts: HashMap<u32, usize> = HashMap::new();
        for (at, part) in tasks.iter().enumerate().filter(|(_, part)| can_go_on(part)) {
            if let Some(parent) = part.parent {
                parts.entry(parent).or_insert(at);
            }
        }
        // A part is shown with its task; it stands alone only where its task is closed.
        let whole = |task: &OpenTask| task.parent.is_none_or(|parent| !open.contains(&parent));
        for (at, task) in tasks.iter().enumerate().filter(|(_, task)| whole(task)) {
            if let Some(owner) = &request.owner
                && !self.source.belongs_to(task, owner)
            {
                kept.others += 1;
            } else if task.state == ItemState::Blocked {
                kept.blocked += 1;
            } else if can_go_on(task) {
                let found = Found {
                    loaded: Rc::clone(self),
                    task: at,
                    part: parts.get(&task.line).copied(),
                };
                ranked.push((self.rank(task), found));
            } else {
                kept.behind += 1;
            }
        }
    }

    fn rank(&self, task: &OpenTask) -> Rank<'a> {
        let entry = self.source.document;
        Rank {
            begun: Reverse(task.state == ItemState::InProgress),
            state: self.source.state_rank(),
            priority: self.priority(task).map_or(NO_PRIORITY, urgency),
            phase: self.phase(task).unwrap_or(0),
            created: (entry.created.is_none(), entry.created.unwrap_or_default()),
            path: entry.path,
            line: task.line,
        }
    }

    /// The index of a task's phase.
    fn phase(&self, task: &OpenTask) -> Option<usize> {
        let line = task.phase?;
        let mut phases = self.summary.phases.iter();
        phases.position(|phase| phase.line == line)
    }

    fn priority<'s>(&'s self, task: &'s OpenTask) -> Option<&'s str> {
        task.priority.as_deref().or(self.source.document.priority)
    }
}

impl Found<'_, '_> {
    fn task(&self) -> Task {
        let Loaded { source, summary } = &*self.loaded;
        let (entry, task) = (source.document, &summary.open[self.task]);
        let phase = self.loaded.phase(task);
        Task {
            reference: answer::item_reference(entry, &task.reference),
            id: task.id.clone(),
            text: task.text.clone(),
            state: task.state,
            place: Place {
                path: entry.path.to_owned(),
                line: task.line,
            },
            document: answer::head(entry),
            initiative: source.title.to_owned(),
            phase: phase.map(|index| summary.phases[index].title.clone()),
            owner: task.owner.clone(),
            estimate: task.estimate.clone(),
            priority: self.loaded.priority(task).map(str::to_owned),
            parallel: task.parallel,
            first: self.part.map(|part| {
                let part = &summary.open[part];
                Step {
                    reference: answer::item_reference(entry, &part.reference),
                    line: part.line,
                    text: part.text.clone(),
                }
            }),
            claim: None,
            why: source.why(task, summary, phase),
        }
    }
}

/// True for a task to start, or to go on with whatever it was thought to need.
fn can_go_on(task: &OpenTask) -> bool {
    task.ready || task.state == ItemState::InProgress
}

/// The rank of a task without a priority: that of a middling one.
const NO_PRIORITY: u8 = 2;

/// How urgent the words for a priority are: 0 is most urgent.
pub(crate) fn urgency(words: &str) -> u8 {
    words
        .split(|c: char| !c.is_alphanumeric())
        .filter_map(|word| {
            Some(match word.to_ascii_lowercase().as_str() {
                "p0" | "0" | "critical" | "urgent" | "blocker" | "highest" => 0,
                "p1" | "1" | "high" | "must" => 1,
                "p2" | "2" | "medium" | "normal" | "should" => 2,
                "p3" | "3" | "low" | "could" => 3,
                "p4" | "p5" | "4" | "5" | "lowest" | "wont" => 4,
                _ => return None,
            })
        })
        .min()
        .unwrap_or(NO_PRIORITY)
}

mod why;

#[cfg(test)]
mod tests;
