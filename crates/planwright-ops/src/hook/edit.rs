//! Files are edited.

use planwright_check::RULES;
use planwright_model::Level;

use super::naming::open_tasks;
use super::{Answer, Scene, listed};
use crate::check::{self, Fixing, Target};
use crate::{OpsError, brief};

/// Findings and tasks that are named.
const MOST: usize = 6;

/// Files of one edit that are looked at.
const FILES: usize = 12;

pub(super) fn before(scene: &Scene<'_>) -> Result<Answer, OpsError> {
    let (plans, files) = sorted(scene);
    let holds_work = |path: &&String| {
        let found = scene.ws.find(path).map(|index| scene.ws.entry(index));
        found.is_some_and(|entry| entry.holds_work)
    };
    if let Some(plan) = plans.iter().find(holds_work)
        && check::config(scene.ws)?.guards_plans()
    {
        return Ok(Answer {
            text: format!(
                "`{plan}` is a plan, and this team changes plans with `plan` alone: `plan tick`, `start`, \
                 `block`, `log`, `add`, `edit` and `complete` keep its form and its history \
                 (`guard` below `[hooks]` in {}).",
                planwright_check::CONFIG_PATH
            ),
            refuses: true,
        });
    }
    if !scene.request.hears_before {
        return Ok(Answer::default());
    }
    let mut said = held_by_others(scene, &plans)?;
    said.extend(bearing(scene, &files));
    tell(scene, "before", &plans, &files, &said)
}

pub(super) fn after(scene: &Scene<'_>) -> Result<Answer, OpsError> {
    let (plans, files) = sorted(scene);
    let known = scene.session()?;
    if files
        .iter()
        .chain(&plans)
        .any(|path| !known.files.contains(path))
    {
        scene.note(|session| {
            for path in files.iter().chain(&plans) {
                session.edit(path);
            }
        })?;
    }
    let mut said = Vec::new();
    if !plans.is_empty() {
        said.extend(findings(scene, &plans)?);
        said.extend(held_by_others(scene, &plans)?);
    }
    if scene.request.hears_before {
        said.extend(tasks(scene, &files));
    } else {
        said.extend(bearing(scene, &files));
    }
    tell(scene, "after", &plans, &files, &said)
}

/// Says it, unless the session knows it.
fn tell(
    scene: &Scene<'_>,
    when: &str,
    plans: &[String],
    files: &[String],
    said: &[String],
) -> Result<Answer, OpsError> {
    let text = said.join("\n");
    let about = scene.about(&format!("{when} {}", [plans, files].concat().join(" ")));
    // What is well now is not known to be well: the same finding may come back.
    let is_news = if text.is_empty() {
        let known = scene.session()?;
        if known.knows(&about) {
            scene.note(|session| session.hear(&about, ""))?;
        }
        false
    } else {
        scene.note(|session| session.hear(&about, &text))?
    };
    Ok(Answer {
        text: if is_news { text } else { String::new() },
        refuses: false,
    })
}

/// The plan documents among the files that are edited, and the others.
fn sorted(scene: &Scene<'_>) -> (Vec<String>, Vec<String>) {
    let paths = scene.request.paths.iter().take(FILES).cloned();
    paths.partition(|path| {
        let found = scene.ws.find(path).map(|index| scene.ws.entry(index));
        found.is_some_and(|entry| !entry.template)
    })
}

/// Who else works on what is edited.
fn held_by_others(scene: &Scene<'_>, plans: &[String]) -> Result<Vec<String>, OpsError> {
    if plans.is_empty() {
        return Ok(Vec::new());
    }
    let (_, others) = scene.claims()?;
    let here = others.iter().filter(|record| {
        plans.contains(&record.subject.path) && !record.is_expired(scene.desk.now)
    });
    let lines = here.map(|record| {
        format!(
            "- {} works on `{}`: {}",
            record.holder, record.subject.reference, record.subject.text
        )
    });
    let lines: Vec<String> = lines.collect();
    Ok((!lines.is_empty())
        .then(|| listed(&lines, MOST, "plan claims"))
        .into_iter()
        .collect())
}

fn bearing(scene: &Scene<'_>, files: &[String]) -> Option<String> {
    let target = |path: &String| Target {
        word: path.clone(),
        path: Some(path.clone()),
    };
    let request = brief::Request {
        targets: files.iter().map(target).collect(),
        budget: scene.request.budget,
        today: scene.request.now.today.to_string(),
        ..brief::Request::default()
    };
    (!files.is_empty())
        .then(|| brief::bearing(scene.ws, &request))
        .flatten()
}

/// What does not hold in the plans that were edited. Nothing is asked of the history, which takes
/// longer than an edit may.
fn findings(scene: &Scene<'_>, plans: &[String]) -> Result<Option<String>, OpsError> {
    let target = |path: &String| Target {
        word: path.clone(),
        path: Some(path.clone()),
    };
    let ignored = RULES.iter().filter(|rule| rule.needs_git);
    let request = check::Request {
        targets: plans.iter().map(target).collect(),
        select: Vec::new(),
        ignore: ignored.map(|rule| rule.name.to_owned()).collect(),
        changed: None,
        baseline: None,
        fixing: Fixing::Report,
        sources: false,
        fingerprints: false,
        now: scene.request.now,
    };
    let answer = check::run(scene.ws, &request, scene.reader)?;
    let mut found = answer.findings;
    found.retain(|found| found.level != Level::Info);
    found.sort_by_key(|found| found.level != Level::Error);
    let lines = found.iter().map(|found| {
        let level = if found.level == Level::Error {
            "error"
        } else {
            "warning"
        };
        let help = found.help.as_ref();
        let help = help.map(|help| format!("; {help}")).unwrap_or_default();
        format!(
            "- {level} `{}:{}` {} ({}){help}",
            found.path, found.line, found.message, found.name
        )
    });
    let lines: Vec<String> = lines.collect();
    if lines.is_empty() {
        return Ok(None);
    }
    let call = format!("plan check {}", plans.join(" "));
    let text = listed(&lines, MOST, &call);
    Ok(Some(format!("What does not hold in the plan now:\n{text}")))
}

/// The open tasks that name a file.
fn tasks(scene: &Scene<'_>, files: &[String]) -> Option<String> {
    let tasks = open_tasks(scene.ws, files);
    let lines = tasks.iter().map(|task| {
        let text = brief::short(&task.text, 100);
        format!("- `{}` {text}", task.reference)
    });
    let lines: Vec<String> = lines.collect();
    let first = tasks.first()?;
    let files: Vec<String> = files.iter().map(|path| format!("`{path}`")).collect();
    let call = format!("plan brief {}", scene.request.paths.join(" "));
    Some(format!(
        "Open tasks that name {}:\n{}\nWhen one is done: `plan tick {}`",
        files.join(", "),
        listed(&lines, MOST, &call),
        first.reference
    ))
}
