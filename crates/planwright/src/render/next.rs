use planwright_ops::next::{Answer, Kept, Task, Waiting};

use super::claims::held_by;
use super::line::{Line, Page, Paint};
use super::style::Style;
use super::text::{short_phase, short_title};
use super::{counted, unreadable};

/// Ready tasks, best first, and why.
pub(crate) fn next(answer: &Answer, style: &Style) -> String {
    let mut page = Page::new();
    let columns = style.page(120);
    let shown = fitting(answer, style);
    for (number, task) in answer.tasks.iter().take(shown).enumerate() {
        page.extend(lines(number + 1, task, columns, style));
    }
    page.gap();
    if answer.more || shown < answer.tasks.len() {
        let more = format!("{} more tasks are ready: ", style.signs().ellipsis);
        let number = 2 * answer.tasks.len().max(5);
        page.push(
            Line::new()
                .dim(more)
                .plain(format!("plan next -n {number}")),
        );
    }
    if !answer.tasks.is_empty() {
        page.extend(waiting(&answer.waiting, columns, style));
    }
    unreadable(&mut page, &answer.unreadable, style);
    page.finish(style)
}

/// How many tasks fit on the screen.
fn fitting(answer: &Answer, style: &Style) -> usize {
    const EACH: usize = 3;
    const BELOW: usize = 5;
    let fit = style
        .height
        .map_or(usize::MAX, |height| height.saturating_sub(BELOW) / EACH);
    fit.max(1).min(answer.tasks.len())
}

/// What to do; in which plan; why.
fn lines(number: usize, task: &Task, columns: usize, style: &Style) -> [Line; 3] {
    let signs = style.signs();
    let (sign, paint) = signs.item(task.state);
    let dot = format!(" {} ", signs.dot);
    let mut head = Line::new()
        .dim(format!("{number:>2} "))
        .paint(paint, sign)
        .plain(" ");
    if let Some(id) = &task.id {
        head = head.strong(format!("{id} "));
    }
    let head = head.strong(&task.text).cut(columns, style);

    let mut about = Line::indent(5).link(Paint::Note, &task.reference, &task.place.path, style);
    let title = short_title(&task.initiative);
    let details = [
        Some(title).filter(|title| *title != task.text),
        task.phase.as_deref().map(short_phase),
        task.estimate.as_deref(),
    ];
    for detail in details
        .into_iter()
        .flatten()
        .filter(|detail| !detail.is_empty())
    {
        about = about.dim(&dot).plain(detail);
    }
    if let Some(owner) = &task.owner {
        about = about.dim(&dot).plain(owner);
    }

    if let Some(claim) = &task.claim {
        about = about.dim(&dot).dim("held by ").append(held_by(claim));
    }

    let mut why = Line::indent(5).dim(task.why.join(", "));
    if let Some(step) = &task.first {
        why = why.dim(format!("{dot}first: ")).plain(&step.text);
    }
    let place = Line::new().place(&task.place.path, task.place.line, style);
    let at = columns.saturating_sub(place.width());
    if why.width() + 2 <= at {
        why = why.pad(at).append(place);
    }
    [head, about.cut(columns, style), why.cut(columns, style)]
}

fn waiting(waiting: &[Waiting], columns: usize, style: &Style) -> Vec<Line> {
    const MOST: usize = 3;
    let mut lines: Vec<Line> = waiting
        .iter()
        .take(MOST)
        .map(|plan| {
            let mut line = Line::new()
                .paint(Paint::Warn, style.signs().wait)
                .plain(" ")
                .paint(Paint::Note, &plan.document.reference)
                .plain(" waits for ");
            for (at, hold) in plan.waits_for.iter().enumerate() {
                line = line
                    .plain(if at == 0 { "" } else { ", " })
                    .paint(Paint::Note, &hold.reference)
                    .dim(format!(" ({})", hold.reason));
            }
            line.cut(columns, style)
        })
        .collect();
    if waiting.len() > MOST {
        lines.push(Line::new().dim(format!(
            "  and {} more plans wait for others",
            waiting.len() - MOST
        )));
    }
    lines
}

/// Why no task is ready, for people.
pub(crate) fn nothing(answer: &Answer) -> (String, Vec<String>) {
    let kept: &Kept = &answer.kept;
    if kept.plans == 0 {
        let hint =
            "a plan counts as soon as it lists tasks; see what was read: plan status".to_owned();
        return ("no plan lists a task".to_owned(), vec![hint]);
    }
    if kept.open() == 0 {
        let message = if kept.done > 0 {
            let tasks = counted(kept.done, "task", "tasks");
            let plans = counted(kept.plans, "plan", "plans");
            format!("no task is open: all {tasks} of {plans} are done, or their plans are closed")
        } else {
            "no task is open: the plans that list tasks are closed".to_owned()
        };
        return (message, Vec::new());
    }
    let mut parts = Vec::new();
    for (n, what) in [
        (kept.blocked, "blocked"),
        (kept.behind, "behind other tasks or not filled in"),
        (kept.waiting, "in plans that wait for others"),
        (
            kept.resting,
            "in plans that are paused, blocked or in review",
        ),
        (kept.others, "of somebody else"),
    ] {
        if n > 0 {
            parts.push(format!("{n} {what}"));
        }
    }
    let mut hints: Vec<String> = answer
        .waiting
        .iter()
        .take(3)
        .flat_map(|plan| plan.waits_for.iter().map(move |hold| (plan, hold)))
        .map(|(plan, hold)| {
            format!(
                "{} waits for {} ({})",
                plan.document.reference, hold.reference, hold.reason
            )
        })
        .collect();
    if hints.is_empty() {
        hints.push("see what stands in the way: plan status".to_owned());
    }
    let open = counted(kept.open(), "open task", "open tasks");
    (
        format!("no task is ready; {open}: {}", parts.join(", ")),
        hints,
    )
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;
    use planwright_model::{Head, ItemState};
    use planwright_ops::Hold;
    use planwright_ops::Place;
    use planwright_ops::next::Step;

    use super::*;

    fn task(name: &str, text: &str) -> Task {
        Task {
            reference: format!("auth-redesign#{name}"),
            text: text.to_owned(),
            place: Place {
                path: "docs/plans/auth-redesign.md".to_owned(),
                line: 44,
            },
            initiative: "Authentication redesign".to_owned(),
            why: vec!["the plan is active".to_owned(), "phase 2 of 5".to_owned()],
            ..Task::default()
        }
    }

    fn answer() -> Answer {
        let begun = Task {
            id: Some("T012".to_owned()),
            state: ItemState::InProgress,
            phase: Some("Token service".to_owned()),
            estimate: Some("1-2 days".to_owned()),
            owner: Some("@ann".to_owned()),
            first: Some(Step {
                reference: String::new(),
                line: 45,
                text: "Choose the hash".to_owned(),
            }),
            why: vec!["already begun".to_owned(), "the plan is active".to_owned()],
            ..task(
                "T012",
                "Write the refresh endpoint and revoke the tokens that were used before",
            )
        };
        Answer {
            schema: "planwright/next@1",
            more: true,
            tasks: vec![begun, task("2.3", "Rotate \u{1b}[31mkeys")],
            waiting: vec![Waiting {
                document: Head {
                    reference: "queue".to_owned(),
                    ..Head::default()
                },
                open: 6,
                waits_for: vec![Hold {
                    reference: "auth-redesign".to_owned(),
                    title: String::new(),
                    reason: "active, 12 of 31 tasks done".to_owned(),
                }],
            }],
            ..Answer::default()
        }
    }

    #[test]
    fn eighty_columns() {
        assert_snapshot!(next(&answer(), &Style::plain(80)));
    }

    #[test]
    fn a_hundred_and_twenty_columns() {
        assert_snapshot!(next(&answer(), &Style::plain(120)));
    }

    #[track_caller]
    fn told(kept: Kept, expected: &str) {
        assert_eq!(
            nothing(&Answer {
                kept,
                ..Answer::default()
            })
            .0,
            expected
        );
    }

    #[test]
    fn nothing_ready_has_a_reason() {
        told(Kept::default(), "no plan lists a task");
        told(
            Kept {
                plans: 2,
                done: 9,
                ..Kept::default()
            },
            "no task is open: all 9 tasks of 2 plans are done, or their plans are closed",
        );
        told(
            Kept {
                plans: 2,
                done: 9,
                blocked: 1,
                behind: 3,
                resting: 4,
                ..Kept::default()
            },
            "no task is ready; 8 open tasks: 1 blocked, 3 behind other tasks or not filled in, \
             4 in plans that are paused, blocked or in review",
        );
    }
}
