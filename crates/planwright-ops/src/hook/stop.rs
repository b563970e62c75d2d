//! A session believes that it is done.

use std::collections::BTreeSet;

use planwright_coord::{Record, Session};
use planwright_model::LogRole;
use planwright_workspace::history::{Commit, History, Status};
use planwright_workspace::path::name;

use super::naming::{Task, open_tasks};
use super::{Answer, Scene, listed, manifest};
use crate::OpsError;
use crate::brief::short;

/// Tasks and claims that are named.
const MOST: usize = 5;

pub(super) fn answer(scene: &Scene<'_>) -> Result<Answer, OpsError> {
    let session = scene.session()?;
    let (own, _) = scene.claims()?;
    let diff = Diff::of(scene, &session);
    let finished = finished(scene, &diff);
    let mut lines = Vec::new();
    lines.extend(unticked(&finished));
    lines.extend(held(&own, &finished));
    lines.extend(undecided(scene, &session, &own, &finished, &diff));
    let text = lines.join("\n");
    let is_news = scene.note(|session| {
        session.ended = Some(scene.desk.now);
        session.hear(&scene.about("stop"), &text)
    })?;
    if text.is_empty() || !is_news {
        return Ok(Answer::default());
    }
    Ok(Answer {
        text: format!(
            "Left open in the plans:\n{text}\nWhere it is meant to stay open, stop: this is said once."
        ),
        refuses: false,
    })
}

/// What the work tree and the branch have that their base has not.
#[derive(Default)]
struct Diff {
    /// All of it.
    all: BTreeSet<String>,
    /// What the session did of it.
    own: Vec<String>,
    history: Option<History>,
}

impl Diff {
    fn of(scene: &Scene<'_>, session: &Session) -> Self {
        // A session that did nothing left nothing open.
        if session.files.is_empty() && session.acts.is_empty() {
            return Self::default();
        }
        let Ok(history) = scene.ws.history() else {
            return Self::default();
        };
        let uncommitted = uncommitted(&history);
        let mut all = uncommitted.clone();
        if let Some(work) = history.branch_work() {
            let paths = work.commits.iter().flat_map(Commit::paths);
            all.extend(paths.map(|touched| touched.path.to_owned()));
        }
        let own = if session.files.is_empty() {
            uncommitted.into_iter().collect()
        } else {
            let edited = session.files.iter();
            edited.filter(|path| all.contains(*path)).cloned().collect()
        };
        Self {
            all,
            own,
            history: Some(history),
        }
    }
}

fn uncommitted(history: &History) -> BTreeSet<String> {
    let changed = history.changed().unwrap_or_default().into_iter();
    let there = changed.filter(|change| change.status != Status::Deleted);
    there.map(|change| change.path).collect()
}

/// The open tasks all of whose files have changed.
fn finished(scene: &Scene<'_>, diff: &Diff) -> Vec<Task> {
    let mut tasks = open_tasks(scene.ws, &diff.own);
    tasks.retain(|task| !task.is_vague && task.files.iter().all(|file| diff.all.contains(file)));
    tasks
}

fn unticked(finished: &[Task]) -> Option<String> {
    let lines = finished.iter().map(|task| {
        let files: Vec<String> = task.files.iter().map(|file| format!("`{file}`")).collect();
        format!(
            "- `{}` {} is not ticked, and all that it names has changed: {}. If it is done: `plan tick {}`",
            task.reference,
            short(&task.text, 80),
            files.join(", "),
            task.reference
        )
    });
    let lines: Vec<String> = lines.collect();
    (!lines.is_empty()).then(|| listed(&lines, MOST, "plan next"))
}

/// What the session still holds and is not said to be finished.
fn held(own: &[Record], finished: &[Task]) -> Option<String> {
    let left = own.iter().filter(|record| {
        let reference = &record.subject.reference;
        !finished.iter().any(|task| task.reference == *reference)
    });
    let lines = left.map(|record| {
        let reference = &record.subject.reference;
        let verb = if record.key.item.is_some() {
            "tick"
        } else {
            "complete"
        };
        format!(
            "- You still hold `{reference}` {}: `plan {verb} {reference}`, or `plan release {reference}`",
            short(&record.subject.text, 80)
        )
    });
    let lines: Vec<String> = lines.collect();
    (!lines.is_empty()).then(|| listed(&lines, MOST, "plan claims"))
}

/// Dependencies that came in with the work on a plan that keeps its decisions and has none about it.
fn undecided(
    scene: &Scene<'_>,
    session: &Session,
    own: &[Record],
    finished: &[Task],
    diff: &Diff,
) -> Option<String> {
    if session.acts.iter().any(|act| act.verb == "decision") {
        return None;
    }
    let files = diff.own.iter();
    let manifests: Vec<&String> = files.filter(|path| manifest::is_one(name(path))).collect();
    if manifests.is_empty() {
        return None;
    }
    let acts = session.acts.iter().map(|act| act.path.as_str());
    let held = own.iter().map(|record| record.subject.path.as_str());
    let tasks = finished.iter().map(|task| task.path.as_str());
    // Who edited the plan by hand may have written the decision down.
    let plans: BTreeSet<&str> = acts
        .chain(held)
        .chain(tasks)
        .filter(|path| !session.files.iter().any(|edited| edited == path))
        .collect();
    let plan = plans.into_iter().find_map(|path| {
        let index = scene.ws.find(path)?;
        let document = scene.ws.read(path).ok()?.document;
        let keeps = document
            .log
            .iter()
            .any(|entry| entry.role == LogRole::Decision);
        keeps.then(|| scene.ws.entry(index).reference.to_owned())
    })?;
    let history = diff.history.as_ref()?;
    let news = manifests.into_iter().find_map(|path| {
        let after = scene.ws.read_bytes(path).ok()?;
        let before = history.before(path)?;
        let news = manifest::added(name(path), &before, &after);
        (!news.is_empty()).then_some((path, news))
    });
    let (path, news) = news?;
    let news: Vec<String> = news.iter().map(|word| format!("`{word}`")).collect();
    Some(format!(
        "- `{path}` now depends on {}, and `{plan}` has no decision about it: `plan log {plan} TEXT --as \
         decision --rationale TEXT`",
        news.join(", ")
    ))
}
