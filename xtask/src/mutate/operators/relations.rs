//! What waits for what, and which document names which.

use super::super::mutant::{ANYWHERE, Mutants, Operator};
use super::super::page::Page;
use super::super::repository::{AI_DOCS, DEV_OPS, EXECPLAN, GENERIC, Repository, SPEC_KIT};

pub(super) static OPERATORS: &[Operator] = &[
    Operator::new(
        "dependency-cycle",
        &[AI_DOCS, EXECPLAN, DEV_OPS, SPEC_KIT, GENERIC],
        dependency_cycle,
    ),
    Operator::new(
        "dangling-relation",
        &[AI_DOCS, EXECPLAN, DEV_OPS, SPEC_KIT, GENERIC],
        dangling_relation,
    )
    .also(&["dangling-link"]),
    Operator::new("unknown-item", &[SPEC_KIT, GENERIC], unknown_item),
    Operator::new("inverse-missing", &[AI_DOCS, DEV_OPS], inverse_missing),
];

fn dependency_cycle(base: &Repository, out: &mut Mutants<'_>) {
    let mut pages = base.pages();
    pages.retain(|page| {
        let is_plan = page.tasks().iter().any(super::super::page::Tick::is_open)
            && page.statuses().len() == 1;
        is_plan && !page.text.to_lowercase().contains("supersede")
    });
    for (at, one) in pages.iter().enumerate() {
        for (number, two) in pages[at + 1..].iter().enumerate().take(3) {
            if one.folder() == two.folder() && base.dialect == SPEC_KIT {
                continue;
            }
            let first = waiting(one, two.path, at + number);
            let second = waiting(two, one.path, number);
            if let (Some(first), Some(second)) = (first, second) {
                let changed = base.with(one.path, first).with(two.path, second);
                let places = [one, two].map(|page| (page.path.to_owned(), ANYWHERE));
                out.add_at(
                    changed,
                    places.to_vec(),
                    format!("{} and {} wait for each other", one.path, two.path),
                );
            }
        }
    }
    // Tasks with ids that wait for each other.
    for page in base.pages() {
        let tasks = page.tasks();
        let with_id = tasks.iter().filter_map(|tick| {
            let id = tick.text.split_whitespace().next()?;
            let is_id =
                id.starts_with('T') && id[1..].bytes().all(|b| b.is_ascii_digit()) && id.len() > 3;
            let waits = tick.text.contains("depends") || tick.text.contains("after");
            (is_id && tick.is_open() && !waits).then_some((tick, id))
        });
        let with_id: Vec<_> = with_id.collect();
        for (at, (one, id)) in with_id.iter().enumerate() {
            for (two, other) in with_id.iter().skip(at + 1).take(3) {
                for (open, close) in [
                    (" (depends on ", ")"),
                    (" (blocked by ", ")"),
                    (" — depends on ", ""),
                    (" (Depends on: ", ")"),
                    (" (Depends: ", ")"),
                    (" (requires ", ")"),
                    (" (after ", ")"),
                    (", after ", ""),
                ] {
                    let first = page.with_line(
                        one.line,
                        &format!("{}{open}{other}{close}", page.line(one.line)),
                    );
                    let changed = Page::new(page.path, &first);
                    let second = changed.with_line(
                        two.line,
                        &format!("{}{open}{id}{close}", page.line(two.line)),
                    );
                    out.page(
                        &page,
                        second,
                        one.line..=two.line,
                        format!("{open}{other}, and back"),
                    );
                }
            }
        }
    }
}

/// The page with a line that says that it waits for another.
fn waiting(page: &Page<'_>, other: &str, variant: usize) -> Option<String> {
    let depth = page.folder().split('/').count();
    let shared = page
        .folder()
        .split('/')
        .zip(other.split('/'))
        .take_while(|(a, b)| a == b)
        .count();
    let rest: Vec<&str> = other.split('/').skip(shared).collect();
    let path = format!("{}{}", "../".repeat(depth - shared), rest.join("/"));
    if let Some(end) = page.front_end() {
        if let Some(key) = page
            .keys()
            .into_iter()
            .find(|key| ["depends_on", "upstream", "dependencies"].contains(&key.name))
        {
            return Some(page.with_lines(key.line..=key.end, &format!("{}: [{path}]", key.name)));
        }
        let line = match variant % 3 {
            0 => format!("depends_on: {path}"),
            1 => format!("depends_on: [{path}]"),
            _ => format!("blocked_by:\n  - {path}"),
        };
        return Some(page.with_after(end - 1, &line));
    }
    let status = page.statuses().into_iter().next()?;
    let line = match variant % 3 {
        0 => format!("**Depends on:** [the other]({path})"),
        1 => format!("**Depends on**: `{path}`"),
        _ => format!("**Blocked by:** [the other]({path})"),
    };
    Some(page.with_after(status.line, &line))
}

fn dangling_relation(base: &Repository, out: &mut Mutants<'_>) {
    for page in base.pages() {
        let is_plan = page.path.contains("plans/") || page.path.contains("specs/");
        if !is_plan || page.statuses().is_empty() || page.text.contains("supersede") {
            continue;
        }
        let is_over = page.path.contains("completed")
            || page.text.contains("Complete")
            || page.text.contains("Implemented");
        if let Some(end) = page.front_end() {
            let mut lines = vec![
                "supersedes: older-plan.md".to_owned(),
                "related_docs: [../design/gone.md]".to_owned(),
                "related_plans:\n  - ./gone.md".to_owned(),
                "implements: ../specs/gone-spec.md".to_owned(),
                "parent: gone.md".to_owned(),
            ];
            if !is_over {
                lines.push("depends_on: gone.md".to_owned());
                lines.push("blocked_by: [gone.md]".to_owned());
            }
            for line in lines {
                let name = line.split(':').next().unwrap_or_default();
                if page.key(name).is_none() {
                    out.after(&page, end - 1, &line);
                }
            }
            for key in page.keys() {
                let is_list = [
                    "upstream",
                    "downstream",
                    "related_plans",
                    "depends_on",
                    "dependsOn",
                    "task",
                    "trigger",
                ]
                .contains(&key.name);
                if is_list && base.dialect == DEV_OPS && key.value.contains('-') && !is_over {
                    let value = key
                        .value
                        .replace("001", "091")
                        .replace("002", "092")
                        .replace("003", "093");
                    out.line(&page, key.line, &format!("{}: {value}", key.name));
                }
            }
        } else {
            for line in [
                "**Spec:** `gone-spec.md`",
                "**Supersedes**: old-plan.md",
                "**Related:** `../design/gone.md`",
                "**Depends on:** [that](gone.md)",
                "**Depends on**: gone.md",
            ] {
                if let Some(status) = page.statuses().first().filter(|_| !is_over) {
                    out.after(&page, status.line, line);
                }
            }
        }
    }
}

fn unknown_item(base: &Repository, out: &mut Mutants<'_>) {
    for page in base.pages() {
        for tick in page.tasks().iter().filter(|tick| tick.is_open()) {
            let id = tick.text.split_whitespace().next().unwrap_or_default();
            if !id.starts_with('T')
                || !id[1..].bytes().all(|b| b.is_ascii_digit())
                || page.path.ends_with("plan.md")
            {
                continue;
            }
            let line = page.line(tick.line);
            let bare = line.split(" (depends").next().unwrap_or_default();
            let bare = bare.split(", after T").next().unwrap_or_default();
            for (open, close) in [
                (" (depends on ", ")"),
                (" (blocked by ", ")"),
                (" — depends on ", ""),
                (" (depends on T001, ", ")"),
                (" (Depends on: ", ")"),
                (", depends on ", ""),
                (" (Depends: ", ")"),
                (" (requires ", ")"),
                (" (after ", ")"),
                (", after ", ""),
            ] {
                // The id of a task that was removed, or a slip of a digit.
                for other in ["T099", "T0100"] {
                    out.line(&page, tick.line, &format!("{bare}{open}{other}{close}"));
                }
            }
            let below = page.with_after(tick.line, "  - Depends on: T098");
            out.page(&page, below, tick.line..=tick.line + 1, "Depends on: T098");
            let below = page.with_after(tick.line, "  - **Depends on:** T097, T098");
            out.page(
                &page,
                below,
                tick.line..=tick.line + 1,
                "**Depends on:** T097, T098",
            );
        }
    }
}

fn inverse_missing(base: &Repository, out: &mut Mutants<'_>) {
    for page in base.pages() {
        for (key, inverse) in [
            ("superseded_by", "supersedes"),
            ("supersedes", "superseded_by"),
            ("downstream", "upstream"),
            ("upstream", "downstream"),
        ] {
            let Some(own) = page.key(key) else {
                continue;
            };
            if own.value == "[]" {
                continue;
            }
            // Whoever named this one forgot, or somebody removed it here.
            for other in base.pages() {
                let named = other.key(inverse).is_some_and(|field| {
                    let id = page.key("id").map_or("", |id| id.value.trim_matches('"'));
                    let name = page.path.rsplit('/').next().unwrap_or_default();
                    field.value.contains(name) || (!id.is_empty() && field.value.contains(id))
                });
                if !named {
                    continue;
                }
                for line in ["", "[]"] {
                    let text = if line.is_empty() {
                        page.without(own.line..=own.end)
                    } else {
                        page.with_lines(own.line..=own.end, &format!("{key}: {line}"))
                    };
                    // Only where somebody else uses the field at all.
                    let used = base.pages().iter().any(|third| {
                        third.path != page.path
                            && third.key(key).is_some_and(|field| field.value != "[]")
                    });
                    if used || line == "[]" {
                        out.add(
                            base.with(page.path, text),
                            other.path,
                            ANYWHERE,
                            format!("{}: {key} gone {line}", page.path),
                        );
                    }
                }
            }
        }
    }
}
