//! What only the history shows: other branches, moved code, work without a trace.

use super::super::mutant::{ANYWHERE, Mutants, Operator};
use super::super::page::Page;
use super::super::repository::{
    AI_DOCS, ARCHCORE, DEV_OPS, EXECPLAN, GENERIC, Repository, SPEC_KIT,
};
use super::evidence::code;

const ALL: &[&str] = &[ARCHCORE, AI_DOCS, EXECPLAN, DEV_OPS, SPEC_KIT, GENERIC];
const ON_BRANCHES: &[&str] = &[AI_DOCS, EXECPLAN, DEV_OPS, SPEC_KIT, GENERIC];
/// The tasks of spec-kit stand in a file that states nothing.
const WITH_DONE: &[&str] = &[AI_DOCS, EXECPLAN, DEV_OPS, GENERIC];

pub(super) static OPERATORS: &[Operator] = &[
    Operator::new(
        "duplicate-id-on-branch",
        &[EXECPLAN, DEV_OPS, SPEC_KIT, GENERIC],
        duplicate_id_on_branch,
    ),
    Operator::new("code-moved", ALL, code_moved),
    // Others log what was decided, which leaves no commit.
    Operator::new("entry-without-commit", &[EXECPLAN], entry_without_commit),
    Operator::new("undeclared-change", ON_BRANCHES, undeclared_change),
    Operator::new("changelog-untouched", WITH_DONE, changelog_untouched),
];

/// The number with which the name of a document or its folder begins.
fn number(name: &str) -> Option<&str> {
    let number = name.split('-').next()?;
    let is_number = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    is_number.then_some(number)
}

fn duplicate_id_on_branch(base: &Repository, out: &mut Mutants<'_>) {
    const BRANCHES: [&str; 4] = ["topic", "feature/lamp", "origin/main", "origin/lamp"];
    for (at, page) in base.pages().into_iter().enumerate() {
        let name = page.path.rsplit('/').next().unwrap_or_default();
        let folder = page.folder().rsplit('/').next().unwrap_or_default();
        let copies: Vec<(String, String)> = if let Some(number) = number(name) {
            let path = |slug| format!("{}/{number}-{slug}.md", page.folder());
            ["lamp", "zz-bell"]
                .map(|slug| (path(slug), page.text.to_owned()))
                .into()
        } else if let Some(number) = number(folder).filter(|_| name == "spec.md") {
            let path = |slug| format!("specs/{number}-{slug}/spec.md");
            ["lamp", "zz-bell"]
                .map(|slug| (path(slug), page.text.to_owned()))
                .into()
        } else if let Some(id) = page.key("id") {
            let id = id.value.trim_matches('"');
            let path = |slug| format!("{}/{id}-{slug}.md", page.folder());
            ["lamp", "zz-bell"]
                .map(|slug| (path(slug), page.text.to_owned()))
                .into()
        } else {
            continue;
        };
        for (step, (path, text)) in copies.into_iter().enumerate() {
            // Somebody else wrote it, about something else.
            let text: String = text
                .lines()
                .map(|line| match line.strip_prefix("- [x] ") {
                    Some(_) => "- [ ] Hang a lamp over the door\n".to_owned(),
                    None if line.starts_with("# ") => "# The lamp\n".to_owned(),
                    None if line.starts_with(char::is_alphabetic) && line.ends_with('.') => {
                        "A lamp hangs over the door.\n".to_owned()
                    }
                    None => format!("{line}\n"),
                })
                .collect();
            let branch = BRANCHES[(at + step) % BRANCHES.len()];
            // The other one came first, or last.
            let days = [("2026-02-10", "2026-02-20"), ("2026-02-20", "2026-02-10")][step];
            let changed = base
                .without(page.path)
                .committed("2026-01-10")
                .elsewhere(branch, days.0, &[(&path, Some(&text))])
                .commit(days.1, &[(page.path, Some(page.text))]);
            // Any document of a feature may speak for it.
            let own = base
                .files
                .keys()
                .filter(|own| own.starts_with(page.folder()));
            let own = own.filter(|own| *own == page.path || base.dialect == SPEC_KIT);
            let places = own.map(|own| (own.clone(), ANYWHERE)).collect();
            out.add_at(changed, places, format!("{path} on {branch}"));
        }
    }
}

/// Plans that say that they are over, or the others; with tasks.
fn plans(base: &Repository, is_over: bool) -> impl Iterator<Item = Page<'_>> {
    base.pages().into_iter().filter(move |page| {
        let statuses = page.statuses();
        let over = statuses.iter().any(|status| {
            let word = status.word.to_lowercase();
            ["complete", "completed", "done", "superseded"].contains(&word.as_str())
        });
        over == is_over && !page.tasks().is_empty()
    })
}

fn code_moved(base: &Repository, out: &mut Mutants<'_>) {
    const STEPS: [&str; 7] = [
        "Handle errors in `{}`",
        "Refactor {}",
        "Make `{}` twice as fast",
        "Log what `{}` reads",
        "Add a check for an empty list to `{}`",
        "Rewrite the loop in `{}`",
        "Fix the order in {}",
    ];
    for page in plans(base, false) {
        let open = page
            .tasks()
            .into_iter()
            .filter(|tick| tick.is_open() && tick.indent() == 0);
        for (at, tick) in open.enumerate() {
            if page.line(tick.line + 1).starts_with("  ") || tick.text.contains("~~") {
                continue;
            }
            // What names the file already is where the first of its findings is.
            let others = code(base)
                .into_iter()
                .filter(|path| !page.text.contains(path));
            for (number, path) in others.enumerate() {
                let before = page.line(tick.line).split(']').next().unwrap_or_default();
                let id = tick.text.split_whitespace().next();
                let id = id.filter(|id| id.starts_with('T') && id.len() == 4);
                let step = STEPS[(at + number) % STEPS.len()].replace("{}", path);
                let line = format!("{before}] {} {step}", id.unwrap_or_default());
                let text = page.with_line(tick.line, &line.replace("]  ", "] "));
                let code = format!("{}//! What it does, in a line or two.\n", base.text(path));
                let planned = base
                    .with(path, &code)
                    .with(page.path, &text)
                    .committed("2026-01-10");
                let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
                for new in [
                    format!("{folder}/core/{name}"),
                    format!("{folder}/new_{name}"),
                    format!("other/{name}"),
                ] {
                    let moved = planned.commit("2026-02-10", &[(path, None), (&new, Some(&code))]);
                    out.add(
                        moved,
                        page.path,
                        tick.line..=tick.line,
                        format!("{step}, now {new}"),
                    );
                }
            }
        }
    }
}

fn entry_without_commit(base: &Repository, out: &mut Mutants<'_>) {
    for page in base.pages() {
        let entries: Vec<(usize, &str)> = page
            .texts()
            .filter(|(_, line)| {
                ["- [x] (20", "* [x] (20"]
                    .iter()
                    .any(|start| line.starts_with(start))
            })
            .collect();
        let day = |line: &str| line[7..17].to_owned();
        for (number, line) in &entries {
            let own = day(line);
            for wrong in [
                // The year before, as everybody writes in January; another month.
                own.replacen("2026", "2025", 1)
                    .replacen("2025-1", "2024-1", 1),
                format!("2025-04-{}", &own[8..]),
                format!("2025-06-{}", &own[8..]),
            ] {
                if wrong == own {
                    continue;
                }
                let text = page.with_line(*number, &line.replacen(&own, &wrong, 1));
                let mut changed = base.without(page.path).committed("2024-06-01");
                let mut days: Vec<String> = entries.iter().map(|(_, line)| day(line)).collect();
                days.sort();
                for (at, day) in days.iter().enumerate() {
                    let part = format!("parts/{at}.rs");
                    changed = changed.commit(day, &[(&part, Some("//! A part.\n"))]);
                }
                let changed = changed.commit("2026-02-28", &[(page.path, Some(&text))]);
                out.add(
                    changed,
                    page.path,
                    *number..=*number,
                    format!("{wrong}, was {own}"),
                );
            }
        }
    }
}

fn undeclared_change(base: &Repository, out: &mut Mutants<'_>) {
    for page in plans(base, false) {
        let stem = match base.dialect {
            SPEC_KIT => page.folder().rsplit('/').next().unwrap_or_default(),
            _ => page.stem(),
        };
        let is_named = page.text.contains("Branch**:");
        let code = code(base);
        let (Some(first), Some(last)) = (code.first(), code.last()) else {
            continue;
        };
        let folder = first.rsplit_once('/').map_or("", |(folder, _)| folder);
        for (number, list) in [
            format!("## Files Changed\n\n- `{folder}/lamp.rs`"),
            format!("## Files to Change\n\n- `{folder}/lamp.rs`: the lamp"),
            format!("## Files Changed\n\n1. {folder}/lamp.rs"),
        ]
        .into_iter()
        .enumerate()
        {
            let text = match page.heading("Files Changed") {
                Some(own) => page.with_lines(own.line..=own.end, &list),
                None => page.with_after(page.count(), &format!("\n{list}")),
            };
            // A file that nobody named, and one that was there before.
            for path in ["other/door.rs", *last] {
                if text.contains(path)
                    || base
                        .pages()
                        .iter()
                        .any(|other| other.folder() == page.folder() && other.text.contains(path))
                {
                    continue;
                }
                let branch = match number {
                    0 => stem.to_owned(),
                    1 => format!("feature/{stem}"),
                    _ if is_named => continue,
                    _ => "ann/lamps".to_owned(),
                };
                let text = match (number, page.front_end()) {
                    (2, Some(end)) => {
                        Page::new(page.path, &text).with_after(end - 1, "branch: ann/lamps")
                    }
                    (2, None) => {
                        let Some(status) = page.statuses().into_iter().next() else {
                            continue;
                        };
                        Page::new(page.path, &text)
                            .with_after(status.line, "**Branch:** `ann/lamps`")
                    }
                    _ if is_named && number == 1 => {
                        text.replace(&format!("`{stem}`"), &format!("`{branch}`"))
                    }
                    _ => text.clone(),
                };
                let lamp = format!("{folder}/lamp.rs");
                let changed = base
                    .committed("2026-01-10")
                    .on(&branch)
                    .commit(
                        "2026-02-10",
                        &[(page.path, Some(&text)), (&lamp, Some("//! A lamp.\n"))],
                    )
                    .commit("2026-02-12", &[(path, Some("//! A door, as it is now.\n"))]);
                // The first document of a feature that lists files is told.
                let family = base.pages();
                let family = family.iter().filter(|other| {
                    other.path == page.path
                        || base.dialect == SPEC_KIT && other.folder() == page.folder()
                });
                let places = family
                    .map(|other| (other.path.to_owned(), ANYWHERE))
                    .collect();
                out.add_at(
                    changed,
                    places,
                    format!("{path} on {branch}, not in {list}"),
                );
            }
        }
    }
}

fn changelog_untouched(base: &Repository, out: &mut Mutants<'_>) {
    for page in plans(base, true).filter(|page| !page.text.contains("superseded")) {
        let Some(tick) = page.tasks().into_iter().next_back() else {
            continue;
        };
        let mut begun = page.with_line(tick.line, &tick.marked(" "));
        for status in page.statuses() {
            begun = Page::new(page.path, &begun).with_line(status.line, &status.saying("Active"));
        }
        for file in ["CHANGELOG.md", "app/CHANGELOG.md"] {
            for (first, last, entry) in [
                ("2025-07-01", "2025-08-10", None),
                ("2025-11-01", "2026-01-20", None),
                // What was written long before or after is another plan's entry.
                ("2025-07-01", "2025-08-10", Some("2025-12-01")),
                ("2025-11-01", "2026-01-20", Some("2025-09-30")),
            ] {
                let log = "# Changelog\n\n- Doors open.\n";
                let mut commits = vec![
                    (first, page.path, begun.as_str()),
                    (last, page.path, page.text),
                ];
                commits.extend(entry.map(|day| (day, file, log)));
                commits.sort_by_key(|(day, ..)| *day);
                let start = base.without(page.path).with(file, "# Changelog\n");
                let changed = commits.iter().fold(
                    start.committed("2025-06-01"),
                    |changed, (day, path, text)| changed.commit(day, &[(path, Some(text))]),
                );
                out.add(
                    changed,
                    page.path,
                    ANYWHERE,
                    format!("{file} of {entry:?}, the plan {first} to {last}"),
                );
            }
        }
    }
}
