//! What a new session has to know: the plans that are worked on, what changed on this branch, who works
//! on what, and what contradicts itself.
//!
//! Only what is known without reading documents: `plan check` reads them all, and is named instead.

use std::fmt::Write as _;

use planwright_model::DocumentState;
use planwright_workspace::history::{History, Status as Change};

use super::part::{About, Part, short};
use super::{Scene, plan};
use crate::{OpsError, status};

/// Commits and files that are held ready at most.
const MOST: usize = 30;

pub(super) fn parts(scene: &Scene<'_>) -> Result<Vec<Part>, OpsError> {
    let request = status::Request {
        all: false,
        limit: None,
    };
    let overview = status::run(scene.ws, &request, &scene.request.today)?;
    let mut parts = vec![head(&overview), plans(&overview)];
    match scene.ws.history() {
        Ok(history) => parts.push(branch(scene, &history)),
        Err(reason) => {
            let mut part = Part::new("branch", "## This branch", ("fact", "facts"));
            part.line(
                format!("Nothing is known of it: {reason}."),
                About::why("there is no history"),
            );
            parts.push(part);
        }
    }
    parts.push(claims(scene));
    parts.push(wrong(&overview));
    parts.retain(|part| !part.is_empty());
    Ok(parts)
}

fn head(overview: &status::Answer) -> Part {
    let mut part = Part::new("session", "", ("fact", "facts"));
    let tasks = &overview.tasks;
    let text = format!(
        "# Plans of {}\n{} documents · {} tasks open, {} ready, {} begun, {} blocked",
        overview.repository,
        overview.documents,
        tasks.open,
        tasks.ready,
        tasks.in_progress,
        tasks.blocked
    );
    let piece = planwright_brief::pack::Piece {
        text,
        vital: true,
        ..Default::default()
    };
    part.push(piece, About::why("the repository at a glance"));
    part
}

fn plans(overview: &status::Answer) -> Part {
    let part = Part::new(
        "plans",
        "## Plans, the most pressing first",
        ("plan", "plans"),
    );
    let mut part = part.called("plan status --all".to_owned()).reserving(30);
    for row in &overview.initiatives {
        let state = match row.state.value {
            DocumentState::Unknown => "no state".to_owned(),
            state => state.as_str().replace('_', " "),
        };
        let counted = if row.progress.total > 0 {
            format!(", {} of {}", row.progress.done, row.progress.total)
        } else {
            String::new()
        };
        let mut text = format!(
            "- `{}` {} ({state}{counted})",
            row.path,
            short(&row.title, 70)
        );
        if let Some(phase) = row
            .phase
            .as_ref()
            .filter(|_| row.state.value == DocumentState::Active)
        {
            let _ = write!(text, "; in {}", short(&phase.title, 50));
        }
        if let Some(next) = &row.next {
            let _ = write!(
                text,
                "; next `{}` {}",
                next.reference,
                short(&next.text, 90)
            );
        } else if let Some(hold) = row.waits_for.first() {
            let _ = write!(text, "; waits for `{}`", hold.reference);
        }
        let why = format!("it is {state}");
        part.line(text, About::at(&row.path, 1, 1, why));
    }
    if part.is_empty() {
        part.line(
            "No plan is open.".to_owned(),
            About::why("every plan is closed"),
        );
    }
    part
}

fn branch(scene: &Scene<'_>, history: &History) -> Part {
    let name = history.branch().unwrap_or("a detached HEAD");
    let work = history.branch_work();
    let base = work.as_ref().map(|work| work.base.to_owned());
    let heading = match &base {
        Some(base) if *base != name => format!("## On `{name}`, since it left `{base}`"),
        _ => format!("## On `{name}`"),
    };
    let part = Part::new("branch", &heading, ("change", "changes"));
    let call = base
        .as_deref()
        .map_or("git log".to_owned(), |base| format!("git log {base}..HEAD"));
    let mut part = part.called(call).reserving(15);
    let commits = work.map(|work| work.commits).unwrap_or_default();
    let touched = commits
        .iter()
        .flat_map(planwright_workspace::history::Commit::paths)
        .map(|touched| touched.path.to_owned());
    let mut touched: Vec<String> = touched.collect();
    touched.sort();
    touched.dedup();
    let uncommitted = history.changed().unwrap_or_default();
    if commits.is_empty() && uncommitted.is_empty() {
        part.line(
            "Nothing has changed.".to_owned(),
            About::why("the branch is as its base"),
        );
        return part;
    }
    if !commits.is_empty() {
        let n = commits.len();
        let commits = if n == 1 { "commit" } else { "commits" };
        let text = format!("{n} {commits}, {} files.", touched.len());
        part.line(text, About::why("what the branch did"));
    }
    // Plans first: what else was touched is counted.
    let is_plan = |path: &str| scene.ws.find(path).is_some();
    for path in touched.iter().filter(|path| is_plan(path)).take(MOST) {
        part.line(
            format!("- `{path}` changed in a commit"),
            About::at(path, 1, 1, "a plan that the branch changed"),
        );
    }
    let others = uncommitted
        .iter()
        .filter(|change| !is_plan(&change.path))
        .count();
    for change in uncommitted
        .iter()
        .filter(|change| is_plan(&change.path))
        .take(MOST)
    {
        let what = match change.status {
            Change::Added => "new",
            Change::Deleted => "gone",
            Change::Renamed => "renamed",
            Change::Modified => "changed",
        };
        let text = format!("- `{}` {what}, not committed", change.path);
        part.line(
            text,
            About::at(&change.path, 1, 1, "a plan that is not committed"),
        );
    }
    if others > 0 {
        let files = if others == 1 {
            "file that is no plan is"
        } else {
            "files that are no plans are"
        };
        part.line(
            format!("- {others} {files} not committed: `git status`"),
            About::why("work that is not committed"),
        );
    }
    part
}

fn claims(scene: &Scene<'_>) -> Part {
    let mut part = Part::new("claims", "## Claimed", ("claim", "claims"));
    for claim in &scene.request.claims {
        part.line(plan::claim_line(claim), About::why("somebody works on it"));
    }
    part
}

/// Where open plans contradict themselves.
fn wrong(overview: &status::Answer) -> Part {
    let part = Part::new(
        "wrong",
        "## Not to be trusted",
        ("contradiction", "contradictions"),
    );
    let mut part = part.called("plan check".to_owned()).reserving(10);
    for row in &overview.initiatives {
        for found in &row.disagrees {
            let text = format!("- `{}` {}", found.path, found.message);
            part.line(text, About::at(&found.path, 1, 1, found.code.clone()));
        }
    }
    for named in &overview.closed_disagreeing {
        let text = format!("- `{}` is closed and contradicts itself", named.path);
        part.line(
            text,
            About::at(&named.path, 1, 1, "a closed plan that is not"),
        );
    }
    part
}
