//! What holds the work up, what was noted on the way, and who works on what.

use std::fmt::Write as _;

use planwright_model::{Document, LogEntry, LogRole};

use super::Plan;
use crate::brief::part::{About, Part, short};
use crate::hold;

/// Entries of the log that are held ready at most.
const ENTRIES: usize = 40;

/// Documents that have to be finished first, blockers, and questions without an answer.
pub(super) fn waits(plan: &Plan<'_>) -> Part {
    let scene = plan.scene;
    let part = Part::new(
        "waits",
        "## Waits for",
        ("thing that it waits for", "things that it waits for"),
    );
    let mut part = part.called(format!("plan show {} --all", plan.entry().reference));
    if let Some(home) = scene.board.home(plan.own[0]) {
        let holds = scene.board.holds(
            home,
            &|entry| scene.ws.needs(entry, &scene.entries[entry]),
            &|entry, item| hold::item_is_open(scene.ws, entry, item),
        );
        for hold in holds {
            let text = format!(
                "- `{}` {}: {}",
                hold.reference,
                short(&hold.title, 80),
                hold.reason
            );
            part.line(text, About::why("a document that has to be finished first"));
        }
    }
    for document in plan.documents_read() {
        for blocker in document.blockers.iter().filter(|blocker| !blocker.resolved) {
            let text = format!("- Blocked: {}", short(&blocker.text, 240));
            part.line(
                text,
                About::at(
                    &document.path,
                    blocker.line,
                    blocker.line,
                    "an open blocker",
                ),
            );
        }
        for question in document
            .questions
            .iter()
            .filter(|question| !question.answered)
        {
            let text = format!("- Not answered: {}", short(&question.text, 240));
            part.line(
                text,
                About::at(
                    &document.path,
                    question.line,
                    question.line,
                    "an open question",
                ),
            );
        }
    }
    part
}

/// Decisions and surprises, then what else was noted; the newest first.
pub(super) fn recorded(plan: &Plan<'_>) -> Part {
    let part = Part::new(
        "recorded",
        "## Decided and found out",
        ("entry of the log", "entries of the log"),
    );
    let mut part = part
        .called(format!("plan show {} --all", plan.entry().reference))
        .reserving(8);
    let mut entries: Vec<(&Document, usize, &LogEntry)> = plan
        .documents_read()
        .flat_map(|document| {
            document
                .log
                .iter()
                .enumerate()
                .map(move |(at, entry)| (document, at, entry))
        })
        .filter(|(.., entry)| {
            matches!(
                entry.role,
                LogRole::Decision | LogRole::Discovery | LogRole::Outcome
            )
        })
        .collect();
    // Entries without a time keep their place: logs grow at one end, and most at the lower one.
    entries.sort_by(|(_, a_at, a), (_, b_at, b)| {
        let by_time = b
            .time
            .as_deref()
            .unwrap_or_default()
            .cmp(a.time.as_deref().unwrap_or_default());
        by_time.then(b_at.cmp(a_at))
    });
    for (document, _, entry) in entries.into_iter().take(ENTRIES) {
        let time = entry
            .time
            .as_deref()
            .map(|time| format!("{} ", time.get(..10).unwrap_or(time)))
            .unwrap_or_default();
        let mut text = format!(
            "- {time}{}: {}",
            entry.role.as_str(),
            short(&entry.text, 320)
        );
        if let Some(rationale) = entry
            .rationale
            .as_ref()
            .filter(|why| !entry.text.contains(why.as_str()))
        {
            let _ = write!(text, " Because: {}", short(rationale, 200));
        }
        part.line(
            text,
            About::at(
                &document.path,
                entry.line,
                entry.line,
                format!("a {} that was noted", entry.role.as_str()),
            ),
        );
    }
    part
}

/// Who works on items of the plan.
pub(super) fn claims(plan: &Plan<'_>) -> Part {
    let part = Part::new("claims", "## Claimed", ("claim", "claims"));
    let mut part = part.called(format!("plan show {}", plan.entry().reference));
    let is_own = |path: &str| {
        plan.own
            .iter()
            .any(|entry| plan.scene.entries[*entry].path == path)
    };
    for claim in plan
        .scene
        .request
        .claims
        .iter()
        .filter(|claim| is_own(&claim.path))
    {
        part.line(line(claim), About::why("somebody works on it"));
    }
    part
}

/// A claim in one line.
pub(in crate::brief) fn line(claim: &crate::brief::Claim) -> String {
    let until = claim
        .until
        .as_deref()
        .map(|until| format!(" until {until}"))
        .unwrap_or_default();
    format!("- `{}` by {}{until}", claim.reference, claim.holder)
}
