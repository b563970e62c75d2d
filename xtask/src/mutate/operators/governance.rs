//! Principles, gates, risks, phases, blockers.

use super::super::mutant::{Mutants, Operator};
use super::super::page::Page;
use super::super::repository::{AI_DOCS, DEV_OPS, EXECPLAN, GENERIC, Repository, SPEC_KIT};

pub(super) static OPERATORS: &[Operator] = &[
    Operator::new("unjustified-violation", &[SPEC_KIT], unjustified_violation),
    Operator::new("gate-skipped", &[AI_DOCS, GENERIC], gate_skipped),
    Operator::new(
        "risk-without-mitigation",
        &[AI_DOCS, DEV_OPS, SPEC_KIT, GENERIC],
        risk_without_mitigation,
    ),
    Operator::new("phase-without-criteria", &[AI_DOCS], phase_without_criteria),
    Operator::new(
        "blocker-without-owner",
        &[AI_DOCS, EXECPLAN],
        blocker_without_owner,
    ),
];

/// What people leave in a cell that they mean to fill.
pub(super) const BLANKS: [&str; 9] = ["", "-", "TBD", "tbd", "?", "—", "TODO", "...", "[Name]"];

fn unjustified_violation(base: &Repository, out: &mut Mutants<'_>) {
    for page in base.pages() {
        let Some(check) = page.heading("Constitution Check") else {
            continue;
        };
        for tick in page.ticks_in(check.line..=check.end) {
            // What justifies violations goes as well.
            let text = page.with_line(tick.line, &tick.marked(" "));
            let bare = Page::new(page.path, &text);
            let text = match bare.heading("Complexity Tracking") {
                Some(tracking) => bare.without(tracking.line..=tracking.end),
                None => text,
            };
            out.page(
                &page,
                text.clone(),
                check.line..=check.end,
                tick.marked(" "),
            );
            if page.text.contains("Complexity Tracking") {
                continue;
            }
            let empty = "\n## Complexity Tracking\n\n| Violation | Why Needed | Simpler Alternative Rejected Because |\n|---|---|---|\n";
            out.page(
                &page,
                format!("{text}{empty}"),
                check.line..=check.end,
                "an empty table",
            );
            let none = format!("{text}{empty}| None | - | - |\n");
            out.page(
                &page,
                none,
                check.line..=check.end,
                "a table that says none",
            );
            for (from, to) in [
                ("Constitution Check", "Constitution Alignment Check"),
                ("Constitution Check", "Constitution check (v1.0.0)"),
            ] {
                out.page(&page, text.replace(from, to), check.line..=check.end, to);
            }
            let all = text.replace("- [x] **", "- [ ] **");
            out.page(&page, all, check.line..=check.end, "no principle is ticked");
            out.page(
                &page,
                text.replace("**Violations:** None\n\n", ""),
                check.line..=check.end,
                "without a word on violations",
            );
        }
    }
}

fn gate_skipped(base: &Repository, out: &mut Mutants<'_>) {
    for page in base.pages() {
        let phases: Vec<_> = page
            .headings()
            .into_iter()
            .filter(|heading| {
                ["Phase ", "Milestone "]
                    .iter()
                    .any(|word| heading.title.starts_with(word))
            })
            .collect();
        for (at, phase) in phases.iter().enumerate() {
            let tasks = page.tasks();
            let later = phases[at + 1..].iter().find(|next| {
                tasks.iter().any(|tick| {
                    matches!(tick.mark, 'x') && (next.line..=next.end).contains(&tick.line)
                })
            });
            if later.is_none() {
                continue;
            }
            let mut is_gate = false;
            let mut has_gate = false;
            for number in phase.line..=phase.end {
                let line = page.line(number);
                let lower = line.to_lowercase();
                if ["exit gate", "exit criteria"]
                    .iter()
                    .any(|word| lower.contains(word))
                {
                    is_gate = true;
                    has_gate = true;
                } else if line.starts_with('#') || line.starts_with("**") {
                    is_gate = false;
                }
                if is_gate && (line.starts_with("- [x]") || line.starts_with("* [x]")) {
                    out.line(&page, number, &line.replacen("[x]", "[ ]", 1));
                }
            }
            if !has_gate {
                for label in [
                    "**Exit gate:**",
                    "**Exit Gate**",
                    "**Definition of Done:**",
                    "Exit criteria:",
                    "**Quality gate:**",
                ] {
                    let end = (phase.line..=phase.end)
                        .rev()
                        .find(|line| !page.line(*line).is_empty())
                        .unwrap_or(phase.end);
                    let text =
                        page.with_after(end, &format!("\n{label}\n\n- [ ] The review is done"));
                    out.page(&page, text, end + 2..=end + 5, label);
                }
            }
        }
    }
}

fn risk_without_mitigation(base: &Repository, out: &mut Mutants<'_>) {
    for page in base
        .pages()
        .into_iter()
        .filter(|page| !page.path.contains("completed"))
    {
        let Some(section) = page
            .headings()
            .into_iter()
            .find(|heading| heading.title.starts_with("Risk"))
        else {
            continue;
        };
        let mut column = None;
        let mut owner = None;
        for number in section.line..=section.end {
            let line = page.line(number);
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            if line.starts_with('|') && column.is_none() {
                column = cells.iter().position(|cell| *cell == "Mitigation");
                owner = cells.iter().position(|cell| *cell == "Owner");
            } else if let Some(column) = column.filter(|_| line.starts_with("| ")) {
                for column in std::iter::once(column).chain(owner) {
                    for blank in BLANKS {
                        let mut cells = cells.clone();
                        cells[column] = blank;
                        out.line(&page, number, cells.join(" | ").trim());
                    }
                }
                let mut row = vec!["", "Somebody falls ill"];
                row.resize(cells.len(), "");
                out.after(&page, number, row.join(" | ").trim());
            }
            if line.starts_with("- Risk:") {
                out.page(
                    &page,
                    page.without(number + 1..=number + 1),
                    number..=number,
                    "without its mitigation",
                );
                for blank in ["TBD", "-", "?", "TODO"] {
                    let text = page.with_line(number + 1, &format!("  - Mitigation: {blank}"));
                    out.page(
                        &page,
                        text,
                        number..=number + 1,
                        format!("Mitigation: {blank}"),
                    );
                }
                let text = page.with_after(number + 1, "- Risk: nobody comes.");
                out.page(&page, text, number + 2..=number + 2, "one more risk");
            }
        }
    }
}

fn phase_without_criteria(base: &Repository, out: &mut Mutants<'_>) {
    for page in base.pages() {
        let phases = page
            .headings()
            .into_iter()
            .filter(|heading| heading.title.starts_with("Phase "));
        for phase in phases
            .filter(|_| page.text.contains("context_load") && !page.path.contains("completed"))
        {
            // Every line of the criteria and gates goes.
            let mut text = String::new();
            let mut is_criteria = false;
            for number in 1..=page.count() {
                let line = page.line(number);
                let lower = line.to_lowercase();
                let is_in = (phase.line..=phase.end).contains(&number);
                if is_in && (lower.contains("success criteria") || lower.contains("exit gate")) {
                    is_criteria = true;
                } else if line.starts_with('#') {
                    is_criteria = false;
                }
                if !is_in || !is_criteria {
                    text.push_str(line);
                    text.push('\n');
                }
            }
            if text.len() < page.text.len() {
                out.page(
                    &page,
                    text,
                    phase.line..=phase.line,
                    format!("{} without criteria", phase.title),
                );
            }
            for new in [
                "Phase 9: Party",
                "Phase 10 - Party",
                "Phase 11. Party (Week 9)",
            ] {
                let marks = "#".repeat(phase.level);
                let text =
                    page.with_after(phase.end, &format!("{marks} {new}\n\n- [ ] Bake a cake\n"));
                out.page(&page, text, phase.end + 1..=phase.end + 1, new);
            }
        }
    }
}

fn blocker_without_owner(base: &Repository, out: &mut Mutants<'_>) {
    for page in base.pages() {
        let Some(section) = page
            .headings()
            .into_iter()
            .find(|heading| heading.title.contains("Blockers"))
        else {
            continue;
        };
        let lines = section.line + 1..=section.end;
        let first = lines
            .clone()
            .find(|line| !page.line(*line).is_empty())
            .unwrap_or(section.line);
        for number in lines {
            let line = page.line(number);
            let label = ["Owner:", "ETA:"]
                .iter()
                .find(|label| line.contains(**label));
            let Some(label) = label.filter(|_| base.dialect == AI_DOCS) else {
                continue;
            };
            out.page(
                &page,
                page.without(number..=number),
                first..=section.end,
                format!("without {label}"),
            );
            let before = line.split(label).next().unwrap_or_default();
            for blank in ["TBD", "", "?", "-", "unknown", "[Name]"] {
                let text = page.with_line(number, format!("{before}{label} {blank}").trim_end());
                out.page(&page, text, first..=section.end, format!("{label} {blank}"));
            }
        }
        for new in [
            "* The key is lost",
            "* The key is lost\n  * Impact: doors",
            "* **Key**: lost\n  * Owner: Ada",
            "* The key is lost\n  * ETA: 2026-03-30",
        ] {
            let new = if page.line(first).starts_with('1') {
                new.replacen("* ", "2. ", 1).replace("  * ", "   - ")
            } else {
                new.replace("* ", "- ").replace("  * ", "  - ")
            };
            let new = if page.line(first).starts_with("* ") {
                new.replace("- ", "* ")
            } else {
                new
            };
            let end = (first..=section.end)
                .rev()
                .find(|line| !page.line(*line).is_empty())
                .unwrap_or(first);
            let text = page.with_after(end, &new);
            out.page(&page, text, end + 1..=end + 3, new);
        }
    }
}
