//! How work on a plan stands, for whoever goes on with it.

use planwright_ops::resume::{Answer, Entry, Evidence, Past, Plan};
use planwright_ops::write::verify::Ended;

use super::claims::{held_by, short};
use super::line::{Line, Page, Paint};
use super::style::Style;

/// Files of a session that are named.
const FILES: usize = 4;

/// One plan after the other.
pub(crate) fn resume(answer: &Answer, style: &Style) -> String {
    let mut page = Page::new();
    for plan in &answer.plans {
        page.gap();
        one(&mut page, plan, style);
    }
    page.finish(style)
}

fn one(page: &mut Page, plan: &Plan, style: &Style) {
    let title = Line::new().strong(&plan.title).plain("  ");
    push(page, title.path(Paint::Dim, &plan.path, style), style);
    let state = plan.state.value.as_str().replace('_', " ");
    let progress = plan.progress;
    let counted = format!(
        "{state} · {} of {} tasks done",
        progress.done, progress.total
    );
    page.push(Line::indent(2).plain(counted));
    if let Some(item) = &plan.item {
        let state = item.state.as_str().replace('_', " ");
        let line = Line::indent(2)
            .paint(Paint::Note, &item.reference)
            .plain(format!(" {}", item.text))
            .dim(format!(" ({state})"));
        push(page, line, style);
    }
    heading(page, "Sessions, the latest first", plan.sessions.is_empty());
    for past in &plan.sessions {
        session(page, past, style);
    }
    log(page, "Decided", &plan.decided, style);
    log(page, "Found out", &plan.found, style);
    log(page, "Progress", &plan.noted, style);
    log(page, "Outcome", &plan.outcomes, style);
    heading(page, "Proof", plan.evidence.is_empty());
    for command in &plan.evidence {
        push(page, evidence(command), style);
    }
    heading(page, "Not committed", plan.uncommitted.is_empty());
    for path in &plan.uncommitted {
        push(page, Line::indent(2).path(Paint::Warn, path, style), style);
    }
    heading(page, "Claimed", plan.claims.is_empty());
    for claim in &plan.claims {
        let line = Line::indent(2).paint(Paint::Note, &claim.reference);
        push(page, line.plain(" ").append(held_by(claim)), style);
    }
    heading(page, "Next", plan.next.is_none());
    if let Some(task) = &plan.next {
        let line = Line::indent(2).paint(Paint::Note, &task.reference);
        push(page, line.plain(format!(" {}", task.text)), style);
    }
}

fn heading(page: &mut Page, title: &str, is_empty: bool) {
    if !is_empty {
        page.gap();
        page.push(Line::new().strong(title));
    }
}

fn session(page: &mut Page, past: &Past, style: &Style) {
    let mut line = Line::indent(2).plain(&past.actor);
    if past.own {
        line = line.plain(" (you)");
    }
    for word in [&past.host, &past.model].into_iter().flatten() {
        line = line.dim(format!(" {word}"));
    }
    let until = match &past.ended {
        Some(ended) => format!("stopped {}", short(ended)),
        None => format!("last seen {}", short(&past.last)),
    };
    let line = line.dim(format!("  began {}, {until}", short(&past.started)));
    push(page, line, style);
    for act in &past.acts {
        let line = Line::indent(4)
            .plain(&act.verb)
            .plain(" ")
            .paint(Paint::Note, &act.reference)
            .plain(format!(" {}", act.text));
        push(page, line, style);
    }
    if !past.edited.is_empty() {
        let files: Vec<&str> = past.edited.iter().take(FILES).map(String::as_str).collect();
        let more = past.edited.len().saturating_sub(FILES);
        let more = match more {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let line = Line::indent(4).plain("edited ").dim(files.join(", "));
        push(page, line.dim(more), style);
    }
}

fn log(page: &mut Page, title: &str, entries: &[Entry], style: &Style) {
    heading(page, title, entries.is_empty());
    for entry in entries {
        let mut line = Line::indent(2);
        if let Some(time) = &entry.time {
            line = line.dim(time).plain(" ");
        }
        push(page, line.plain(&entry.text), style);
    }
}

fn evidence(command: &Evidence) -> Line {
    let line = Line::indent(2);
    let line = match &command.last {
        None => line.dim("never run "),
        Some(last) if last.ended == Ended::Passed && !last.stale => {
            line.paint(Paint::Good, "passed ")
        }
        Some(last) if last.ended == Ended::Passed => {
            line.paint(Paint::Warn, "passed before its files changed ")
        }
        Some(_) => line.paint(Paint::Bad, "did not pass "),
    };
    line.plain(&command.text)
}

fn push(page: &mut Page, line: Line, style: &Style) {
    page.push(match style.width {
        Some(columns) => line.cut(columns, style),
        None => line,
    });
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;
    use planwright_model::{DocumentState, ItemState, Progress, StateClaim};
    use planwright_ops::resume::{Act, Asked};

    use super::*;

    #[test]
    fn a_page_tells_what_was_done_and_what_is_left() {
        let item = |reference: &str, text: &str, state| Asked {
            reference: reference.to_owned(),
            text: text.to_owned(),
            state,
        };
        let entry = |time: Option<&str>, text: &str| Entry {
            line: 1,
            time: time.map(str::to_owned),
            text: text.to_owned(),
        };
        let past = Past {
            actor: "ann/1".to_owned(),
            own: false,
            host: Some("codex".to_owned()),
            model: Some("m1".to_owned()),
            started: "2026-03-31T12:00:00Z".to_owned(),
            last: "2026-03-31T12:40:00Z".to_owned(),
            ended: Some("2026-03-31T12:40:00Z".to_owned()),
            acts: vec![Act {
                time: "2026-03-31T12:30:00Z".to_owned(),
                verb: "tick".to_owned(),
                reference: "search#T001".to_owned(),
                text: "Build the index".to_owned(),
            }],
            edited: ["a", "b", "c", "d", "e"]
                .map(|name| format!("src/{name}.rs"))
                .to_vec(),
        };
        let plan = Plan {
            reference: "search".to_owned(),
            path: "docs/plans/search.md".to_owned(),
            title: "Search".to_owned(),
            state: StateClaim {
                value: DocumentState::Active,
                ..StateClaim::default()
            },
            progress: Progress { done: 1, total: 3 },
            item: Some(item("search#T002", "Rank by stock", ItemState::InProgress)),
            sessions: vec![past],
            decided: vec![entry(Some("2026-03-01"), "Keep the old index")],
            found: vec![entry(None, "Redis evicts early")],
            noted: Vec::new(),
            outcomes: Vec::new(),
            evidence: vec![Evidence {
                line: 9,
                text: "cargo test".to_owned(),
                last: None,
            }],
            uncommitted: vec!["src/a.rs".to_owned()],
            claims: Vec::new(),
            next: Some(item("search#T002", "Rank by stock", ItemState::InProgress)),
        };
        let answer = Answer {
            schema: "planwright/resume@1",
            plans: vec![plan],
            markdown: String::new(),
        };
        assert_snapshot!(resume(&answer, &Style::plain(80)));
    }
}
