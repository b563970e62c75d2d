//! Questions, targets, ways back and approvals: what a plan promises to settle.

use super::super::mutant::{ANYWHERE, Mutants, Operator};
use super::super::page::Page;
use super::super::repository::{
    AI_DOCS, ARCHCORE, DEV_OPS, EXECPLAN, GENERIC, Repository, SPEC_KIT,
};
use super::governance::BLANKS;

const ALL: &[&str] = &[ARCHCORE, AI_DOCS, EXECPLAN, DEV_OPS, SPEC_KIT, GENERIC];

pub(super) static OPERATORS: &[Operator] = &[
    Operator::new(
        "question-past-deadline",
        &[AI_DOCS, EXECPLAN, SPEC_KIT, GENERIC],
        question_past_deadline,
    ),
    Operator::new(
        "metric-without-target",
        &[ARCHCORE, AI_DOCS, DEV_OPS, GENERIC],
        metric_without_target,
    ),
    Operator::new(
        "rollback-empty",
        &[AI_DOCS, EXECPLAN, DEV_OPS, GENERIC],
        rollback_empty,
    ),
    Operator::new("approved-by-agent", ALL, approved_by_agent),
    // An ExecPlan tells in its progress and outcomes what came of the work.
    Operator::new(
        "outcome-missing",
        &[AI_DOCS, DEV_OPS, GENERIC],
        outcome_missing,
    ),
];

fn question_past_deadline(base: &Repository, out: &mut Mutants<'_>) {
    for page in base.pages() {
        let Some(section) = page
            .headings()
            .into_iter()
            .find(|heading| heading.title.starts_with("Open Questions"))
        else {
            continue;
        };
        for number in section.line..=section.end {
            let line = page.line(number);
            if line.starts_with("**Resolution Deadline") {
                for day in ["2026-03-01", "2026-02-10", "2025-12-24", "2026-01-31"] {
                    out.page(
                        &page,
                        page.with_line(number, &format!("**Resolution Deadline:** {day}")),
                        section.line..=section.end,
                        day,
                    );
                }
            }
        }
        if page.text.contains("Resolution Deadline")
            || !page
                .statuses()
                .iter()
                .any(|status| ["Active", "active", "In Progress"].contains(&status.word))
        {
            continue;
        }
        let last = (section.line..=section.end)
            .rev()
            .find(|line| !page.line(*line).is_empty())
            .unwrap_or(section.line);
        for new in [
            "\n**Resolution Deadline:** 2026-02-10",
            "- Who pays?\n  - Deadline: 2026-02-10",
            "- [ ] Who pays? (Resolution deadline: 2026-02-01)",
            "- Who pays? Deadline: 2026-01-15",
            "- **Who pays?**\n  - **Resolution Deadline:** 2026-02-10",
        ] {
            let text = page.with_after(last, new);
            out.page(&page, text, section.line..=last + 3, new);
        }
    }
}

fn metric_without_target(base: &Repository, out: &mut Mutants<'_>) {
    for page in base.pages() {
        let mut column = None;
        for (number, line) in page.texts() {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            if cells.get(1) == Some(&"Metric") {
                column = cells.iter().position(|cell| *cell == "Target");
            } else if !line.starts_with('|') {
                column = None;
            } else if let Some(column) = column.filter(|_| line.starts_with("| ")) {
                for blank in BLANKS
                    .iter()
                    .chain(&["[value]", "n/a yet", "to be defined"])
                    .take(11)
                {
                    let mut cells = cells.clone();
                    cells[column] = blank;
                    if *blank != "[Name]" && *blank != "n/a yet" {
                        out.line(&page, number, cells.join(" | ").trim());
                    }
                }
                let mut row = vec!["", "Happy people"];
                row.resize(cells.len(), "");
                out.after(&page, number, row.join(" | ").trim());
            }
            if line.starts_with("- **") && line.contains(":** Target") {
                let name = line.split(" Target").next().unwrap_or_default();
                out.line(&page, number, name);
                out.line(&page, number, &format!("{name} Target TBD"));
                out.after(&page, number + 2, "- **Happy people**");
            }
        }
    }
}

fn rollback_empty(base: &Repository, out: &mut Mutants<'_>) {
    const CHANGES: [&str; 8] = [
        "Write the migration for the table of members",
        "Run `ALTER TABLE members ADD COLUMN born date`",
        "Backfill the new column",
        "Migrate the data of last year",
        "Add a schema migration for the ids",
        "Migrate the database to version 5",
        "Convert the stored orders, with a data migration",
        "Drop the column `fax` of the table",
    ];
    for (place, page) in base
        .pages()
        .into_iter()
        .filter(|page| !page.path.contains("completed"))
        .enumerate()
    {
        let tasks = page.tasks();
        let Some(first) = tasks
            .iter()
            .find(|tick| tick.is_open() && tick.indent() == 0)
        else {
            continue;
        };
        if page.statuses().is_empty() {
            continue;
        }
        let section = page.headings().into_iter().find(|heading| {
            ["Rollback", "Idempotence"]
                .iter()
                .any(|word| heading.title.starts_with(word))
        });
        for (at, change) in CHANGES.iter().enumerate() {
            let task = format!(
                "{} {change}",
                page.line(first.line)
                    .split(']')
                    .next()
                    .unwrap_or_default()
                    .to_owned()
                    + "]"
            );
            let nothing = [
                "",
                "TBD",
                "- TBD",
                "<!-- how? -->",
                "TODO",
                "_To be written_",
                "N/A?",
                "...",
            ][(at + place) % 6];
            if let Some(section) = &section {
                let title = page.line(section.line);
                let text = page.with_lines(
                    section.line..=section.end,
                    &format!("{title}\n\n{nothing}\n."),
                );
                let text = text.replacen(
                    &format!("{title}\n\n{nothing}\n.\n"),
                    &format!("{title}\n\n{nothing}\n\n"),
                    1,
                );
                let moved = Page::new(page.path, &text);
                let text = moved.with_after(first.line, &task);
                out.page(
                    &page,
                    text,
                    section.line..=section.line + 5,
                    format!("{change}, {title} `{nothing}`"),
                );
            } else {
                let heading = [
                    "## Rollback Plan",
                    "## Rollback",
                    "## Rollback Strategy",
                    "### Rollback Steps",
                ][at % 4];
                let text = page.with_after(first.line, &task);
                let end = text.lines().count();
                let text = format!("{text}\n{heading}\n\n{nothing}\n");
                out.page(
                    &page,
                    text,
                    end..=end + 4,
                    format!("{change}, {heading} `{nothing}`"),
                );
            }
        }
    }
}

fn approved_by_agent(base: &Repository, out: &mut Mutants<'_>) {
    const NAMES: [&str; 8] = [
        "Claude",
        "claude-opus-4",
        "GPT-5",
        "Codex",
        "Copilot",
        "Gemini",
        "AI agent",
        "Cursor",
    ];
    for (place, page) in base.pages().into_iter().enumerate() {
        let word = match base.dialect {
            ARCHCORE => "accepted",
            DEV_OPS if page.path.contains("STORY") || page.path.contains("PRD") => "Approved",
            DEV_OPS if page.path.contains("ADR") => "Accepted",
            DEV_OPS => continue,
            _ => "Approved",
        };
        let statuses = page.statuses();
        let [status] = statuses.as_slice() else {
            continue;
        };
        if page.text.contains("supersed") {
            continue;
        }
        let text = page.with_line(status.line, &status.saying(word));
        let approved = Page::new(page.path, &text);
        for at in 0..4 {
            let name = NAMES[(at + place) % NAMES.len()];
            if let Some(end) = page.front_end() {
                let key = ["approved_by", "approver", "approved_by", "approvedBy"][at];
                let line = format!("{key}: {name}");
                out.page(&page, approved.with_after(end - 1, &line), ANYWHERE, line);
            } else {
                let label = [
                    "**Approved by:** ",
                    "Approved by: ",
                    "**Approved By**: ",
                    "**Approver:** ",
                ][at];
                let line = format!("{label}{name}");
                out.page(
                    &page,
                    approved.with_after(status.line, &line),
                    ANYWHERE,
                    line,
                );
            }
        }
    }
}

fn outcome_missing(base: &Repository, out: &mut Mutants<'_>) {
    const STEPS: [&str; 8] = [
        "## Validation\n\nLook at the page on a phone. The list fits.",
        "## Verification\n\n1. Start the program.\n2. Open the page, which shows the list.",
        "## Verification\n\n- [ ] The list fits on a phone",
        "## Test Plan\n\n- Run `make test`\n- Open the page on a phone",
        "## Validation\n\nRun `make test` and expect 12 lines.",
        "## Testing Plan\n\n| Case | Expected |\n|---|---|\n| A phone | The list fits |",
        "## Verification Plan\n\n### By hand\n\n- Open the page on a phone",
        "## How to verify\n\n```sh\nmake test\n```",
    ];
    for page in base.pages() {
        let is_done = page.statuses().iter().any(|status| {
            let word = status.word.to_lowercase();
            ["complete", "completed", "done"].contains(&word.as_str())
        });
        if !is_done || page.tasks().is_empty() {
            continue;
        }
        for steps in STEPS {
            let text = page.with_after(page.count(), &format!("\n{steps}"));
            out.page(&page, text, page.count() + 1..=usize::MAX, steps);
        }
    }
}
