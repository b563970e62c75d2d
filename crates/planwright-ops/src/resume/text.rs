//! The answer in Markdown, for agents: as short as it can be.

use std::fmt::Write as _;

use super::{Answer, Entry, Evidence, Past, Plan};
use crate::brief::short;
use crate::write::verify::Ended;

/// Characters of one line.
const LINE: usize = 200;

/// Files that are named in one line.
const FILES: usize = 8;

pub(super) fn markdown(answer: &Answer) -> String {
    let plans: Vec<String> = answer.plans.iter().map(plan).collect();
    plans.join("\n")
}

fn plan(plan: &Plan) -> String {
    let state = plan.state.value.as_str().replace('_', " ");
    let mut text = format!(
        "# {}\n`{}` · {state} · {} of {} tasks done\n",
        plan.title, plan.path, plan.progress.done, plan.progress.total
    );
    if let Some(item) = &plan.item {
        let state = item.state.as_str().replace('_', " ");
        let _ = writeln!(
            text,
            "Asked for: `{}` {} ({state})",
            item.reference,
            short(&item.text, LINE)
        );
    }
    let mut part = |title: &str, lines: Vec<String>| {
        if !lines.is_empty() {
            let _ = write!(text, "\n## {title}\n\n");
            for line in lines {
                let _ = writeln!(text, "- {line}");
            }
        }
    };
    part(
        "Done by earlier sessions",
        plan.sessions.iter().map(session).collect(),
    );
    part("Decided", entries(&plan.decided));
    part("Found out", entries(&plan.found));
    part("Progress", entries(&plan.noted));
    part("Outcome", entries(&plan.outcomes));
    part("Proof", plan.evidence.iter().map(evidence).collect());
    let files = plan.uncommitted.iter().map(|path| format!("`{path}`"));
    part("Not committed", files.collect());
    let claims = plan.claims.iter().map(|claim| {
        let who = if claim.own { "you" } else { &claim.holder };
        let session = &claim.session;
        let until = &claim.until;
        let state = if claim.state == "expired" {
            "expired, "
        } else {
            ""
        };
        format!(
            "`{}` is held by {who}/{session} ({state}until {until})",
            claim.reference
        )
    });
    part("Claimed", claims.collect());
    let next = plan
        .next
        .iter()
        .map(|task| format!("`{}` {}", task.reference, short(&task.text, LINE)));
    part("Next", next.collect());
    text
}

/// A session, and below it what it did.
fn session(past: &Past) -> String {
    let who = [
        Some(past.actor.as_str()),
        past.host.as_deref(),
        past.model.as_deref(),
    ];
    let who: Vec<&str> = who.into_iter().flatten().collect();
    let until = past.ended.as_deref().map_or_else(
        || format!("did something last {}", past.last),
        |ended| format!("stopped {ended}"),
    );
    let mut text = format!("{}: began {}, {until}", who.join(", "), past.started);
    for act in &past.acts {
        let said = short(&act.text, LINE);
        let _ = write!(text, "\n  - {} `{}` {said}", act.verb, act.reference);
    }
    if !past.edited.is_empty() {
        let files = past.edited.iter().take(FILES);
        let files: Vec<String> = files.map(|path| format!("`{path}`")).collect();
        let _ = write!(text, "\n  - edited {}", files.join(", "));
        let more = past.edited.len().saturating_sub(FILES);
        if more > 0 {
            let _ = write!(text, " and {more} more");
        }
    }
    text
}

fn entries(entries: &[Entry]) -> Vec<String> {
    let lines = entries.iter().map(|entry| {
        let time = entry.time.as_ref().map(|time| format!("{time} "));
        format!("{}{}", time.unwrap_or_default(), short(&entry.text, LINE))
    });
    lines.collect()
}

fn evidence(evidence: &Evidence) -> String {
    let said = match &evidence.last {
        None => "was never run".to_owned(),
        Some(last) => {
            let how = if last.ended == Ended::Passed {
                "passed"
            } else {
                "did not pass"
            };
            let stale = if last.stale {
                ", and its files changed since"
            } else {
                ""
            };
            format!("{how} {}{stale}", last.time)
        }
    };
    format!("`{}` {said}", short(&evidence.text, LINE))
}
