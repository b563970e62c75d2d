//! What git knows of the work.

use super::super::mutant::{ANYWHERE, Mutants, Operator};
use super::super::page::Page;
use super::super::repository::{
    AI_DOCS, ARCHCORE, DEV_OPS, EXECPLAN, GENERIC, Repository, SPEC_KIT, ends_in,
};

const ALL: &[&str] = &[ARCHCORE, AI_DOCS, EXECPLAN, DEV_OPS, SPEC_KIT, GENERIC];
const WITH_ACTIVE: &[&str] = &[AI_DOCS, EXECPLAN, DEV_OPS, SPEC_KIT, GENERIC];

pub(super) static OPERATORS: &[Operator] = &[
    Operator::new(
        "related-code-changed",
        &[AI_DOCS, GENERIC],
        related_code_changed,
    ),
    Operator::new("ticked-without-work", ALL, ticked_without_work),
    Operator::new("idle-plan", WITH_ACTIVE, idle_plan),
    Operator::new(
        "declared-file-untouched",
        &[AI_DOCS, EXECPLAN, DEV_OPS, GENERIC],
        declared_file_untouched,
    ),
];

/// The files that are no documents.
pub(super) fn code(base: &Repository) -> Vec<&str> {
    let paths = base.files.keys().map(String::as_str);
    paths
        .filter(|path| !ends_in(path, "md") && !ends_in(path, "csv") && !path.starts_with('.'))
        .collect()
}

fn related_code_changed(base: &Repository, out: &mut Mutants<'_>) {
    for page in base.pages() {
        let Some(key) = page
            .key("related_code")
            .filter(|_| !page.path.contains("completed"))
        else {
            continue;
        };
        let has_day = ["last_updated", "updated", "updated_at", "reviewed"]
            .iter()
            .any(|day| page.key(day).is_some());
        if !has_day {
            continue;
        }
        let own: Vec<&str> = code(base)
            .into_iter()
            .filter(|path| {
                let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
                let mut lines = (key.line..=key.end).map(|line| page.line(line));
                lines.any(|line| line.contains(path) || line.trim() == format!("- {folder}/"))
            })
            .collect();
        for (commits, is_new) in [(3, false), (5, false), (4, true)] {
            for path in &own {
                let mut changed = base.committed("2026-02-01");
                for number in 0..commits {
                    let day = format!("2026-02-2{}", 7 + number.min(1));
                    // Further files beside the first count where the folder is named.
                    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
                    let is_folder = page.text.contains(&format!("{folder}/\n"));
                    let path = if is_new && is_folder {
                        format!("{folder}/part{number}.rs")
                    } else {
                        (*path).to_owned()
                    };
                    let text = format!("{}// {number}\n", base.text(&path));
                    changed = changed.commit(&day, &[(&path, Some(&text))]);
                }
                let what = format!("{commits} commits change {path}");
                out.add(changed, page.path, 1..=key.end, what);
            }
        }
    }
}

fn ticked_without_work(base: &Repository, out: &mut Mutants<'_>) {
    let code = code(base);
    for page in base.pages() {
        for (at, tick) in page
            .tasks()
            .into_iter()
            .filter(|tick| tick.is_open() && tick.indent() == 0)
            .enumerate()
        {
            let next = page.line(tick.line + 1);
            if next.starts_with("  ")
                || tick.text.contains('`')
                || tick.text.contains("~~")
                || page.path.contains("plan.md") && base.dialect == SPEC_KIT
            {
                continue;
            }
            for (number, path) in code.iter().enumerate() {
                let before = page.line(tick.line).split(']').next().unwrap_or_default();
                let id = tick
                    .text
                    .split_whitespace()
                    .next()
                    .filter(|id| id.starts_with('T') && id.len() == 4)
                    .unwrap_or_default();
                let words = [
                    "Change the order in `{}`",
                    "Refactor {}",
                    "Handle errors in `{}`",
                    "Rename the type in `{}`",
                ][(at + number) % 4];
                let step = words.replace("{}", path);
                let text = page.with_line(
                    tick.line,
                    &format!("{before}] {id} {step}").replace("]  ", "] "),
                );
                let planned = base.with(page.path, &text).committed("2026-01-20");
                let other = code.iter().find(|other| *other != path);
                let done = Page::new(page.path, &text);
                let ticked =
                    done.with_line(tick.line, &done.line(tick.line).replacen("[ ]", "[x]", 1));
                let mut files = vec![(page.path, Some(ticked.as_str()))];
                let more = other.map(|other| format!("{}// more\n", base.text(other)));
                // The commit did something, elsewhere.
                if let (Some(other), Some(more)) = (other, &more) {
                    files.push((other, Some(more)));
                }
                let changed = planned.commit("2026-02-10", &files);
                out.add(changed, page.path, tick.line..=tick.line, step);
            }
        }
    }
}

fn idle_plan(base: &Repository, out: &mut Mutants<'_>) {
    for page in base.pages() {
        let status = page.statuses().into_iter().next();
        let word = status.map(|status| status.word.to_lowercase().replace(['-', '_'], " "));
        let is_active = word.is_some_and(|word| ["active", "in progress"].contains(&word.as_str()));
        if !is_active || page.tasks().is_empty() {
            continue;
        }
        // Written long ago, and left; the days of its own are as old.
        let old = page
            .text
            .replace("2026-03-", "2025-09-")
            .replace("2026-02-", "2025-09-")
            .replace("2026-01-", "2025-08-");
        for (day, later) in [("2025-09-28", "2026-02-20"), ("2025-10-15", "2026-01-30")] {
            let changed = base.with(page.path, &old);
            let mut others = changed.clone();
            // Other documents of the same feature speak for it too.
            for other in base.pages() {
                if other.path != page.path
                    && other.folder() == page.folder()
                    && base.dialect == SPEC_KIT
                {
                    let old = other
                        .text
                        .replace("2026-02-", "2025-09-")
                        .replace("2026-01-", "2025-08-");
                    others = others.with(other.path, old);
                }
            }
            let changed = others.committed(day).commit(
                later,
                &[
                    ("README.md", Some("# News\n")),
                    ("lib/new.rs", Some("//! New.\n")),
                ],
            );
            out.add(
                changed,
                page.path,
                ANYWHERE,
                format!("untouched since {day}, the repository until {later}"),
            );
        }
    }
}

fn declared_file_untouched(base: &Repository, out: &mut Mutants<'_>) {
    let folder = code(base)
        .into_iter()
        .filter_map(|path| path.rsplit_once('/'))
        .map(|(folder, _)| folder)
        .next();
    let Some(folder) = folder else {
        return;
    };
    let top = folder.split('/').next().unwrap_or(folder);
    for page in base.pages() {
        let is_done = page.statuses().iter().any(|status| {
            ["complete", "completed", "done"].contains(&status.word.to_lowercase().as_str())
        });
        if !is_done || page.tasks().is_empty() {
            continue;
        }
        for (number, entry) in [
            format!("- `{folder}/never.rs`"),
            format!("- `{top}/never/was.py`: the new part"),
            format!("* `{folder}/never.rs` - added"),
            format!("- {folder}/never.rs"),
            format!("- **{folder}/never.rs** (new)"),
            format!("1. `{folder}/never.go`"),
        ]
        .into_iter()
        .enumerate()
        {
            let text = if let Some(section) = page.heading("Files Changed") {
                page.with_after(section.line + 1, &entry)
            } else {
                let heading =
                    ["## Files Changed", "## New Files", "## Files to Change"][number % 3];
                page.with_after(page.count(), &format!("\n{heading}\n\n{entry}"))
            };
            let changed = base.with(page.path, text).committed("2026-01-10");
            out.add(changed, page.path, ANYWHERE, entry);
        }
    }
}
