//! Requirements against tasks.

use super::super::mutant::{ANYWHERE, Mutants, Operator};
use super::super::page::Page;
use super::super::repository::{Repository, SPEC_KIT};

pub(super) static OPERATORS: &[Operator] = &[
    Operator::new(
        "requirement-without-task",
        &[SPEC_KIT],
        requirement_without_task,
    ),
    Operator::new("unknown-requirement", &[SPEC_KIT], unknown_requirement),
    Operator::new("story-without-tasks", &[SPEC_KIT], story_without_tasks),
];

fn tasks(base: &Repository) -> Vec<Page<'_>> {
    let mut pages = base.pages();
    pages.retain(|page| page.path.ends_with("tasks.md"));
    pages
}

/// The specification beside a list of tasks.
fn source(base: &Repository, page: &Page<'_>) -> Option<String> {
    let names = ["spec.md", "requirements.md"].map(|name| format!("{}/{name}", page.folder()));
    names.into_iter().find(|path| base.files.contains_key(path))
}

fn requirement_without_task(base: &Repository, out: &mut Mutants<'_>) {
    // What is implemented is not traced any more.
    for page in tasks(base)
        .into_iter()
        .filter(|page| !page.path.contains("002-pump"))
    {
        let Some(path) = source(base, &page) else {
            continue;
        };
        let spec = Page::new(&path, base.text(&path));
        let lines: Vec<(usize, &str)> = spec
            .texts()
            .filter(|(_, line)| line.starts_with("- **"))
            .collect();
        // Somebody wrote one more, and nobody planned it.
        for (number, line) in &lines {
            let id = line.split("**").nth(1).unwrap_or_default();
            let (prefix, digits) = id.split_once('-').unwrap_or((id, ""));
            // One measure of two is no sign that measures are traced.
            if digits.len() != 3 || prefix == "SC" {
                continue;
            }
            for new in [
                format!("- **{prefix}-031**: The system MUST tell the caretaker"),
                format!("- **{prefix}-032:** Nobody waits"),
                format!("- {prefix}-033: The lamp MUST burn at night"),
                format!("* **{prefix}-034** The lamp MUST burn at night"),
            ] {
                let text = spec.with_after(*number, &new);
                out.add(base.with(&path, text), &path, number + 1..=number + 1, new);
            }
            // The task that named it was removed, or names it no more.
            let plan = format!("{}/plan.md", page.folder());
            let naming: Vec<(usize, &str)> =
                page.texts().filter(|(_, line)| line.contains(id)).collect();
            if let [(at, task)] = naming.as_slice() {
                let changed = base.with(&plan, base.text(&plan).replace(&format!(" ({id})"), ""));
                let text = page.without(*at..=*at);
                out.add(
                    changed.with(page.path, text),
                    &path,
                    *number..=*number,
                    format!("{id} without its task"),
                );
                let text = page.with_line(*at, &task.replace(id, "").replace("()", ""));
                out.add(
                    changed.with(page.path, text),
                    &path,
                    *number..=*number,
                    format!("{id} not named"),
                );
            }
        }
        if path.ends_with("requirements.md") {
            for number in ["6", "7"] {
                let new = format!(
                    "\n### Requirement {number}\n\n**User Story:** As a dog I want to ride.\n\n#### Acceptance Criteria\n\n1. WHEN a dog rides THEN the system SHALL bark\n"
                );
                let text = spec.with_after(spec.count(), &new);
                out.add(
                    base.with(&path, text),
                    &path,
                    spec.count()..=spec.count() + 10,
                    new,
                );
            }
            for number in 1..=5 {
                let text: String = page
                    .text
                    .lines()
                    .filter(|line| !line.contains(&format!("_Requirements: {number}.")))
                    .fold(String::new(), |text, line| text + line + "\n");
                out.add(
                    base.with(page.path, text),
                    &path,
                    ANYWHERE,
                    format!("requirement {number} named nowhere"),
                );
            }
        }
    }
}

fn unknown_requirement(base: &Repository, out: &mut Mutants<'_>) {
    for page in tasks(base) {
        for tick in page.tasks() {
            let line = page.line(tick.line);
            for word in [
                " (FR-088)",
                " [FR-088]",
                " for FR-088",
                " — FR-077, FR-088",
                " (SC-042)",
            ] {
                if source(base, &page).is_some_and(|path| path.ends_with("spec.md")) {
                    out.line(&page, tick.line, &format!("{line}{word}"));
                }
            }
            if line.contains("[US") {
                out.line(&page, tick.line, &line.replacen("[US", "[US1", 1));
                out.line(&page, tick.line, &line.replacen("[US", "[US9", 1));
            }
            for id in ["FR-001", "FR-002", "FR-003", "FR-004", "FR-005"] {
                if line.contains(id) {
                    out.line(
                        &page,
                        tick.line,
                        &line.replacen(id, &id.replace("00", "10"), 1),
                    );
                }
            }
        }
        for (number, line) in page
            .texts()
            .filter(|(_, line)| line.contains("_Requirements:"))
        {
            let indent = &line[..line.find('-').unwrap_or(0)];
            for wrong in ["9.1", "12.3", "8", "1.1, 9.2", "2.7"] {
                out.line(&page, number, &format!("{indent}- _Requirements: {wrong}_"));
            }
        }
    }
}

fn story_without_tasks(base: &Repository, out: &mut Mutants<'_>) {
    for page in tasks(base) {
        let Some(path) =
            source(base, &page).filter(|path| base.text(path).contains("User Story 1"))
        else {
            continue;
        };
        let spec = Page::new(&path, base.text(&path));
        for heading in spec
            .headings()
            .iter()
            .filter(|heading| heading.title.starts_with("User Story"))
        {
            for title in [
                "### User Story 4 - Pay by card (Priority: P3)",
                "### User Story 5: Ring for help",
                "### User Story 6 — Reserve a place",
                "### US-7: Lend a lock",
            ] {
                let text =
                    spec.with_after(heading.end, &format!("{title}\n\nA cyclist does it.\n"));
                out.add(
                    base.with(&path, text),
                    &path,
                    heading.end + 1..=heading.end + 1,
                    title,
                );
            }
            // The phase that told it was taken out.
            let number = heading.title.split_whitespace().nth(2).unwrap_or_default();
            let phase = page
                .headings()
                .into_iter()
                .find(|phase| phase.title.contains(&format!("User Story {number}")));
            if let Some(phase) = phase {
                let text = page.without(phase.line..=phase.end);
                out.add(
                    base.with(page.path, text),
                    &path,
                    heading.line..=heading.line,
                    format!("story {number} without its phase"),
                );
            }
        }
    }
}
