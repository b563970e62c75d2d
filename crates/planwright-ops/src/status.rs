//! `plan status`: the whole repository at a glance.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use jiff::civil::Date;
use planwright_model::{DocumentState, Progress, StateClaim};
use planwright_workspace::{Entry, Workspace};
use schemars::JsonSchema;
use serde::Serialize;

use crate::claims::Claim;
use crate::hold::{self, Board, Hold};
use crate::initiative::{Initiative, Tally, group};
use crate::{OpsError, Place, Unreadable, answer, cards, damage};

/// What to show.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// Show closed initiatives too.
    pub all: bool,
    /// At most so many initiatives; all when `None`.
    pub limit: Option<usize>,
}

/// The repository at a glance.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Answer {
    /// The contract's name.
    #[schemars(extend("const" = "planwright/status@1"))]
    pub schema: &'static str,
    /// Name of the repository's folder.
    pub repository: String,
    /// Plan documents found, of any kind, templates included.
    pub documents: u32,
    /// The initiatives shown, most pressing first.
    pub initiatives: Vec<Row>,
    /// How many more there are like them.
    pub more: u32,
    /// Closed initiatives that are only counted.
    pub closed: u32,
    /// Those of the closed initiatives that contradict themselves.
    pub closed_disagreeing: Vec<Named>,
    /// Initiatives by the state that they state.
    pub states: BTreeMap<String, u32>,
    /// Tasks of the live initiatives; a task with a document to itself is one.
    pub tasks: Tasks,
    /// What could not be read.
    pub unreadable: Vec<Unreadable>,
}

/// A document by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Named {
    /// Its reference.
    #[serde(rename = "ref")]
    pub reference: String,
    /// Its title.
    pub title: String,
    /// Its path from the root.
    pub path: String,
}

/// Counts of tasks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Tasks {
    /// Not closed.
    pub open: u32,
    /// Open, and waiting for nothing inside a plan that may be worked on and waits for no other.
    pub ready: u32,
    /// Begun.
    pub in_progress: u32,
    /// Blocked.
    pub blocked: u32,
}

/// One initiative.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct Row {
    /// Reference of its leading document.
    #[serde(rename = "ref")]
    pub reference: String,
    /// Its title.
    pub title: String,
    /// Path of its leading document.
    pub path: String,
    /// Paths of all its documents.
    pub documents: Vec<String>,
    /// Dialect of its leading document.
    pub dialect: String,
    /// Kind of its leading document.
    pub kind: String,
    /// Its state, and the author's word for it.
    pub state: StateClaim,
    /// True when all of it lies in an archive.
    pub archived: bool,
    /// Tasks done and all tasks; a total of 0 means that there is nothing to measure.
    pub progress: Progress,
    /// True when the document is one task by itself: its state is its progress.
    pub single: bool,
    /// The phase that work has reached.
    pub phase: Option<PhaseAt>,
    /// The task to do next; none while it waits or may not be worked on.
    pub next: Option<NextTask>,
    /// Tasks that could be started now.
    pub ready: u32,
    /// Tasks begun.
    pub in_progress: u32,
    /// Tasks blocked.
    pub blocked: u32,
    /// Blockers that are not resolved.
    pub blockers: u32,
    /// The first of them.
    pub blocker: Option<String>,
    /// Documents that it waits for.
    pub waits_for: Vec<Hold>,
    /// Owners, each once.
    pub owners: Vec<String>,
    /// The latest date that it states about itself, `YYYY-MM-DD`.
    pub touched: Option<String>,
    /// Days since then.
    pub age_days: Option<i64>,
    /// Who works on what in it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<Claim>,
    /// Where it contradicts itself.
    pub disagrees: Vec<Disagreement>,
}

/// A phase and its position.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PhaseAt {
    /// Its title.
    pub title: String,
    /// Position among the phases that hold tasks, from 1; 0 when unknown.
    pub number: u32,
    /// How many phases hold tasks.
    pub of: u32,
}

/// The task to do next.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NextTask {
    /// Its reference.
    #[serde(rename = "ref")]
    pub reference: String,
    /// Its text.
    pub text: String,
    /// Where it stands.
    pub place: Place,
}

/// One contradiction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Disagreement {
    /// Stable name.
    pub code: String,
    /// What disagrees, in one sentence without a full stop.
    pub message: String,
    /// Path of the document concerned.
    pub path: String,
}

/// Tells how the plans of the repository stand. `today` is `YYYY-MM-DD`.
pub fn run(ws: &Workspace, request: &Request, today: &str) -> Result<Answer, OpsError> {
    let mut entries: Vec<Entry<'_>> = answer::entries(ws);
    let boards = cards::boards(ws, &entries);
    cards::take_out(&mut entries, &boards);
    let groups = group(&entries);
    let board = Board::new(&entries, &groups);
    let needs = |entry: usize| ws.needs(entry, &entries[entry]);
    let open = |entry: usize, item: &str| hold::item_is_open(ws, entry, item);
    let holds = |initiative: usize| board.holds(initiative, &needs, &open);
    let waits = |initiative: usize| board.waits(initiative, &needs, &open);
    let mut answer = overview(&board, request, today, &holds, &waits);
    answer.repository = ws
        .root()
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    answer.unreadable = answer::unreadable(ws);
    Ok(answer)
}

fn overview(
    board: &Board<'_, '_>,
    request: &Request,
    today: &str,
    holds: &dyn Fn(usize) -> Vec<Hold>,
    waits: &dyn Fn(usize) -> bool,
) -> Answer {
    let (entries, groups) = (board.entries, board.initiatives);
    let today: Option<Date> = today.parse().ok();
    let mut states: BTreeMap<String, u32> = BTreeMap::new();
    let mut tasks = Tasks::default();
    let mut live: Vec<usize> = Vec::new();
    let mut closed: Vec<usize> = Vec::new();
    for (index, initiative) in groups.iter().enumerate().filter(|(_, group)| group.plans) {
        let state = initiative.state(entries);
        *states.entry(state.as_str().to_owned()).or_default() += 1;
        if !initiative.live(entries) {
            closed.push(index);
            continue;
        }
        live.push(index);
        let tally = initiative.tally(entries);
        // A task with a document to itself is one, too.
        let single = initiative.single(entries);
        let is = |wanted: DocumentState| u32::from(single && state == wanted);
        tasks.open += tally.open() + u32::from(single);
        tasks.in_progress += tally.in_progress + is(DocumentState::Active);
        tasks.blocked += tally.blocked + is(DocumentState::Blocked);
        tasks.ready += board.ready(index, waits);
    }
    live.sort_by_cached_key(|index| {
        let group = &groups[*index];
        // A task with a document to itself comes after the plans of the same state.
        (
            urgency(group, entries),
            group.single(entries),
            Reverse(group.touched(entries)),
        )
    });
    let mut shown = live;
    if request.all {
        closed.sort_by_cached_key(|index| Reverse(groups[*index].touched(entries)));
        shown.append(&mut closed);
    }
    let found = shown.len();
    shown.truncate(request.limit.unwrap_or(usize::MAX));
    let closed_disagreeing = closed
        .iter()
        .filter(|index| !disagreements(&groups[**index], entries).is_empty())
        .map(|index| named(&entries[groups[*index].lead]))
        .collect();
    Answer {
        schema: "planwright/status@1",
        repository: String::new(),
        documents: count(entries.len()),
        initiatives: shown
            .iter()
            .map(|index| row(board, *index, today, holds))
            .collect(),
        more: count(found - shown.len()),
        closed: count(closed.len()),
        closed_disagreeing,
        states,
        tasks,
        unreadable: Vec::new(),
    }
}

/// Smaller is more pressing.
fn urgency(initiative: &Initiative, entries: &[Entry<'_>]) -> u8 {
    match initiative.state(entries) {
        DocumentState::Active => 0,
        DocumentState::Blocked => 1,
        DocumentState::InReview | DocumentState::Approved => 2,
        DocumentState::Draft => 3,
        DocumentState::Paused => 4,
        DocumentState::Unknown if initiative.tally(entries).open() > 0 => 5,
        _ => 6,
    }
}

fn row(
    board: &Board<'_, '_>,
    index: usize,
    today: Option<Date>,
    holds: &dyn Fn(usize) -> Vec<Hold>,
) -> Row {
    let (entries, initiative) = (board.entries, &board.initiatives[index]);
    let waits_for = if initiative.state(entries).is_closed() {
        Vec::new()
    } else {
        holds(index)
    };
    let workable = if waits_for.is_empty() {
        board.workable(index)
    } else {
        Vec::new()
    };
    let lead = &entries[initiative.lead];
    let speaker = &entries[initiative.speaker];
    let tally = initiative.tally(entries);
    let members = || initiative.members.iter().map(|member| &entries[*member]);
    let work = || initiative.work.iter().map(|member| &entries[*member]);
    let touched = initiative.touched(entries);
    let mut owners: Vec<String> = Vec::new();
    for owner in members().flat_map(|entry| entry.owners.iter()) {
        if !owners.iter().any(|known| known == owner) {
            owners.push((*owner).to_owned());
        }
    }
    Row {
        reference: lead.reference.to_owned(),
        title: lead.title.to_owned(),
        path: lead.path.to_owned(),
        documents: members().map(|entry| entry.path.to_owned()).collect(),
        dialect: lead.dialect.to_owned(),
        kind: lead.kind.to_owned(),
        state: answer::head(speaker).state,
        archived: initiative.archived(entries),
        progress: Progress {
            done: tally.done,
            total: tally.total,
        },
        single: initiative.single(entries),
        phase: work().find_map(|entry| {
            entry.phase.map(|title| PhaseAt {
                title: title.to_owned(),
                number: entry.phase_number,
                of: entry.phases,
            })
        }),
        next: workable.iter().find_map(|(member, _)| {
            let entry = &entries[*member];
            entry.next.map(|next| NextTask {
                reference: answer::item_reference(entry, next.reference),
                text: next.text.to_owned(),
                place: Place {
                    path: entry.path.to_owned(),
                    line: next.line,
                },
            })
        }),
        ready: board.ready(index, &|_| !waits_for.is_empty()),
        in_progress: tally.in_progress,
        blocked: tally.blocked,
        blockers: members().map(|entry| entry.blockers).sum(),
        blocker: members().find_map(|entry| entry.blocker.map(str::to_owned)),
        waits_for,
        owners,
        touched: touched.map(str::to_owned),
        age_days: age(touched, today),
        claims: Vec::new(),
        disagrees: disagreements(initiative, entries),
    }
}

/// Days between a date and today; nothing for what is no date or lies ahead.
fn age(date: Option<&str>, today: Option<Date>) -> Option<i64> {
    let date: Date = date?.parse().ok()?;
    let days = i64::from(date.until(today?).ok()?.get_days());
    (days >= 0).then_some(days)
}

/// Where an initiative contradicts itself, weightiest first.
pub(crate) fn disagreements(initiative: &Initiative, entries: &[Entry<'_>]) -> Vec<Disagreement> {
    let speaker = &entries[initiative.speaker];
    let tally = initiative.tally(entries);
    let mut found: Vec<Disagreement> = Vec::new();
    let mut add = |code: &str, message: String, path: &str| {
        if !found
            .iter()
            .any(|known| known.code == code && known.path == path)
        {
            found.push(Disagreement {
                code: code.to_owned(),
                message,
                path: path.to_owned(),
            });
        }
    };
    let word = word(speaker);
    if let Some((code, message)) = against_boxes(speaker.state, &word, tally) {
        add(code, message, speaker.path);
    }
    if speaker.state == DocumentState::Unknown
        && let Some(native) = speaker.native.filter(|native| !native.trim().is_empty())
    {
        let message = format!("\"{native}\" is no state that {} knows", speaker.dialect);
        add("state-unknown", message, speaker.path);
    }
    if initiative.archived(entries) && speaker.state == DocumentState::Active {
        add(
            "archived-active",
            format!("lies in an archive and says {word}"),
            speaker.path,
        );
    }
    // Notes beside the plan may be as damaged as they like; what is shown does not rest on them.
    let mut weighty = vec![initiative.lead, initiative.speaker];
    weighty.extend(&initiative.work);
    for member in &weighty {
        let entry = &entries[*member];
        for (code, message) in entry
            .codes
            .iter()
            .filter_map(|code| Some((*code, told(code)?)))
        {
            add(code, message.to_owned(), entry.path);
        }
    }
    found
}

fn against_boxes(state: DocumentState, word: &str, tally: Tally) -> Option<(&'static str, String)> {
    let Tally { total, .. } = tally;
    match state {
        DocumentState::Done if tally.open() > 0 => Some((
            "done-with-open-tasks",
            format!(
                "says {word}, {} of {total} {} open",
                tally.open(),
                match (tally.open(), total) {
                    (_, 1) => "task is",
                    (1, _) => "tasks is",
                    _ => "tasks are",
                }
            ),
        )),
        state if !state.is_closed() && state != DocumentState::Unknown && tally.finished() => {
            let all = if total == 1 {
                "its only task is".to_owned()
            } else {
                format!("all {total} tasks are")
            };
            Some(("all-done-but-open", format!("says {word}, {all} done")))
        }
        _ => None,
    }
}

/// What a diagnostic of the reader means for somebody who trusts the overview. Diagnostics that
/// leave state and progress alone are not told here.
fn told(code: &str) -> Option<&'static str> {
    Some(match code {
        "state-disagrees" => "states its state more than once, and differently",
        "state-unknown" => "its word for the state is not known to its dialect",
        "nul-byte" => "holds NUL bytes",
        _ => return damage::told(code),
    })
}

/// The author's word for the state where it is one, else the canonical word.
fn word(entry: &Entry<'_>) -> String {
    match entry.native {
        Some(native) if (1..=2).contains(&native.split_whitespace().count()) => native.to_owned(),
        _ => entry.state.as_str().replace('_', " "),
    }
}

fn named(entry: &Entry<'_>) -> Named {
    Named {
        reference: entry.reference.to_owned(),
        title: entry.title.to_owned(),
        path: entry.path.to_owned(),
    }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
