//! Phases, tables and numbers that tell how far the work is, against the boxes.

use super::super::mutant::{Mutants, Operator};
use super::super::page::{Page, Tick};
use super::super::repository::{
    AI_DOCS, ARCHCORE, DEV_OPS, EXECPLAN, GENERIC, Repository, SPEC_KIT,
};
use super::state::{is_open, is_plan};

const ALL: &[&str] = &[ARCHCORE, AI_DOCS, EXECPLAN, DEV_OPS, SPEC_KIT, GENERIC];

pub(super) static OPERATORS: &[Operator] = &[
    Operator::new(
        "phase-done-with-open-items",
        &[ARCHCORE, AI_DOCS, SPEC_KIT, GENERIC],
        phase_done_with_open_items,
    ),
    Operator::new(
        "phase-table-disagrees",
        &[AI_DOCS, GENERIC],
        phase_table_disagrees,
    ),
    Operator::new("progress-disagrees", ALL, progress_disagrees),
    Operator::new("twin-items-disagree", &[SPEC_KIT], twin_items_disagree),
];

fn phase_done_with_open_items(base: &Repository, out: &mut Mutants<'_>) {
    for page in base.pages() {
        for heading in page.headings() {
            let lower = heading.title.to_lowercase();
            let is_phase = ["phase ", "milestone ", "stage "]
                .iter()
                .any(|word| lower.starts_with(word));
            let own = page.tasks();
            let own: Vec<&Tick<'_>> = own
                .iter()
                .filter(|tick| (heading.line..=heading.end).contains(&tick.line))
                .collect();
            if !is_phase || own.is_empty() {
                continue;
            }
            let line = page.line(heading.line);
            if own.iter().any(|tick| is_open(tick)) {
                for mark in [
                    " ✅",
                    " ✓",
                    " (Completed)",
                    " (COMPLETE)",
                    " — DONE",
                    " - Done",
                    " [DONE]",
                    " (done)",
                    ": Completed",
                    " ✔️",
                    " [x]",
                    " ✅ COMPLETE",
                ] {
                    let text = page.with_line(heading.line, &format!("{line}{mark}"));
                    out.page(
                        &page,
                        text,
                        heading.line..=heading.line,
                        format!("{line}{mark}"),
                    );
                }
            } else if line.contains('✅') || line.contains("(Completed)") {
                for tick in own {
                    let text = page.with_line(tick.line, &tick.marked(" "));
                    let what = format!("{line}, and {}", tick.marked(" "));
                    out.page(&page, text, heading.line..=tick.line, what);
                }
            }
        }
    }
}

fn phase_table_disagrees(base: &Repository, out: &mut Mutants<'_>) {
    for page in base.pages() {
        for (number, line) in page.texts() {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            let Some(name) = cells.get(1).filter(|_| line.starts_with('|')) else {
                continue;
            };
            let words = ["Phase ", "Milestone "];
            if !words.iter().any(|word| name.starts_with(word)) {
                continue;
            }
            let short = name.split(':').next().unwrap_or_default();
            let headings = page.headings();
            let Some(phase) = headings
                .iter()
                .find(|heading| heading.title.starts_with(short))
            else {
                continue;
            };
            let tasks = page.tasks();
            let own = tasks
                .iter()
                .filter(|tick| (phase.line..=phase.end).contains(&tick.line));
            let is_done = own.clone().all(|tick| !is_open(tick));
            let words: &[&str] = if is_done {
                &[
                    "Not Started",
                    "Planned",
                    "⏳ Not started",
                    "Todo",
                    "Pending",
                ]
            } else {
                &[
                    "Complete",
                    "✅ Done",
                    "Done",
                    "✅",
                    "Completed",
                    "DONE",
                    "✅ Complete",
                    "**Done**",
                ]
            };
            for word in words {
                let mut cells = cells.clone();
                cells[2] = word;
                let new = cells.join(" | ").trim().to_owned();
                out.line(&page, number, &new);
            }
        }
    }
}

fn progress_disagrees(base: &Repository, out: &mut Mutants<'_>) {
    for page in base.pages().into_iter().filter(is_plan) {
        if page.text.contains("status: superseded") {
            continue;
        }
        let tasks = page.tasks();
        let total = tasks.len();
        let done = tasks
            .iter()
            .filter(|tick| !is_open(tick) && tick.mark != '!')
            .count();
        let share = 100 * done / total;
        let other = if share < 50 { share + 40 } else { share - 35 };
        // A line below the title; a document of boxes at several levels may be counted in two ways.
        let flat = tasks
            .iter()
            .all(|tick| tick.indent() == 0 && !tick.text.contains("~~"));
        if !flat || page.text.contains("1. ") && !page.path.contains("tasks.md") {
            continue;
        }
        let title = page
            .headings()
            .into_iter()
            .find(|heading| heading.level == 1);
        let Some(title) = title.map(|title| title.line).or(page.front_end()) else {
            continue;
        };
        let wrong = if done == total { done - 1 } else { done + 1 };
        for line in [
            format!("Progress: {other}%"),
            format!("**Progress:** {other} %"),
            format!("**Overall Progress**: {other}% complete"),
            format!("Progress: {wrong}/{total} tasks"),
            format!("**Progress**: {wrong} of {total} tasks"),
            format!("- **Progress:** {other}%"),
            format!("> Progress: {other}%"),
            "**Completion:** 100%".to_owned(),
        ] {
            if line.contains("100%") && share == 100 || page.text.contains("rogress:") {
                continue;
            }
            let text = page.with_after(title, &format!("\n{line}"));
            out.page(&page, text, title + 2..=title + 2, line);
        }
        if let Some(end) = page.front_end().filter(|_| page.key("progress").is_none()) {
            let line = format!("progress: {other}%");
            out.after(&page, end - 1, &line);
            out.after(&page, end - 1, &format!("progress: \"{other}%\""));
        }
        for (number, line) in page.texts().filter(|(_, line)| line.contains("rogress")) {
            for (from, to) in [
                ("50%", "90%"),
                ("0%", "60%"),
                ("50%", "0%"),
                ("3/6", "5/6"),
                ("5/12", "11/12"),
                ("5/12", "2/12"),
                ("3/6", "6/6"),
            ] {
                if line.contains(from) && !line.contains(&format!("5{from}")) && !line.contains('|')
                {
                    out.line(&page, number, &line.replace(from, to));
                }
            }
        }
    }
}

fn twin_items_disagree(base: &Repository, out: &mut Mutants<'_>) {
    for page in base
        .pages()
        .into_iter()
        .filter(|page| page.path.ends_with("tasks.md"))
    {
        let other = page.path.replace("tasks.md", "plan.md");
        let other = Page::new(&other, base.text(&other));
        let both = [(&page, &other), (&other, &page)];
        for (one, twin) in both {
            for tick in one.tasks() {
                let id = tick.text.split_whitespace().next().unwrap_or_default();
                let twins = twin.tasks();
                let Some(second) = twins.iter().find(|tick| tick.text.contains(id)) else {
                    continue;
                };
                let mark = if tick.is_open() { "x" } else { " " };
                // It is told where it is open.
                let at = if tick.is_open() {
                    (second.line, twin.path)
                } else {
                    (tick.line, one.path)
                };
                let text = one.with_line(tick.line, &tick.marked(mark));
                let what = format!("{}: {}", one.path, tick.marked(mark));
                out.add(base.with(one.path, text), at.1, at.0..=at.0, what);
            }
        }
    }
}
