//! Links, relations, ids, paths.

use super::super::mutant::{ANYWHERE, Mutants, Operator};
use super::super::page::Page;
use super::super::repository::{
    AI_DOCS, ARCHCORE, DEV_OPS, EXECPLAN, GENERIC, Repository, SPEC_KIT,
};

const ALL: &[&str] = &[ARCHCORE, AI_DOCS, EXECPLAN, DEV_OPS, SPEC_KIT, GENERIC];

pub(super) static OPERATORS: &[Operator] = &[
    Operator::new("dangling-link", ALL, dangling_link),
    Operator::new("duplicate-id", &[EXECPLAN, DEV_OPS, SPEC_KIT, GENERIC], duplicate_id),
    Operator::new("dependency-cycle", &[AI_DOCS, EXECPLAN, DEV_OPS, SPEC_KIT, GENERIC], dependency_cycle),
    Operator::new("dangling-relation", &[AI_DOCS, EXECPLAN, DEV_OPS, SPEC_KIT, GENERIC], dangling_relation)
        .also(&["dangling-link"]),
    Operator::new("unknown-item", &[SPEC_KIT, GENERIC], unknown_item),
    Operator::new("related-code-missing", &[AI_DOCS, GENERIC], related_code_missing),
    Operator::new("done-item-file-missing", ALL, done_item_file_missing),
    Operator::new("inverse-missing", &[AI_DOCS, DEV_OPS], inverse_missing),
    Operator::new("orphan-document", &[ARCHCORE], orphan_document),
    Operator::new("index-incomplete", &[AI_DOCS, EXECPLAN], index_incomplete),
    Operator::new("relations-file-stale", &[ARCHCORE], relations_file_stale),
];

/// The lines behind which a sentence can be added: those of paragraphs.
fn paragraphs<'a>(page: &'a Page<'_>) -> Vec<(usize, &'a str)> {
    let is_prose = |line: &str| line.starts_with(|c: char| c.is_alphabetic()) && line.ends_with('.');
    page.texts().filter(|(_, line)| is_prose(line)).collect()
}

fn dangling_link(base: &Repository, out: &mut Mutants<'_>) {
    const LINKS: [&str; 10] = [
        "See [the notes](notes/meeting.md).",
        "See [the design](../../design/overview.md#goals).",
        "See [the picture](./images/screen.png) first.",
        "![The screen](img/screen.png)",
        "See [the notes][notes].\n\n[notes]: notes/meeting.md",
        "See [the report](<old report.md>).",
        "See [the list](lists/all.csv \"All of them\").",
        "See [the folder](archive/2024/).",
        "See [below](#no-such-heading).",
        "See [`setup.sh`](scripts/setup.sh).",
    ];
    for (number, page) in base.pages().into_iter().enumerate() {
        for (at, (line, text)) in paragraphs(&page).into_iter().enumerate() {
            let link = LINKS[(at + number) % LINKS.len()];
            let new = page.with_line(line, &format!("{text} {link}"));
            out.page(&page, new, line..=line + 2, link);
        }
        // What a link led to went elsewhere, or was spelt otherwise.
        for (line, text) in page.texts() {
            let Some(target) = text.split("](").nth(1).and_then(|rest| rest.split(')').next()) else {
                continue;
            };
            let path = target.split('#').next().unwrap_or_default();
            for wrong in [
                target.replace(".md", ".mdx"),
                format!("../{target}"),
                target.replacen(path, &format!("old/{}", path.trim_start_matches("./")), 1),
                target.to_uppercase().replace(".MD", ".md"),
                format!("{target}-of-old"),
            ] {
                if wrong != target {
                    let wrong = text.replacen(&format!("]({target}"), &format!("]({wrong}"), 1);
                    out.line(&page, line, &wrong);
                }
            }
        }
    }
}

fn duplicate_id(base: &Repository, out: &mut Mutants<'_>) {
    for page in base.pages() {
        let name = page.path.rsplit('/').next().unwrap_or_default();
        let places = |path: &str| vec![(page.path.to_owned(), ANYWHERE), (path.to_owned(), ANYWHERE)];
        // Two people took the same number.
        let number = name.split('-').next().unwrap_or_default();
        if !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) {
            for slug in ["another-thing", "second"] {
                let path = format!("{}/{number}-{slug}.md", page.folder());
                out.add_at(base.with(&path, page.text), places(&path), path.clone());
            }
        }
        if page.path.starts_with("specs/") && page.path.ends_with("spec.md") {
            let folder = page.folder().rsplit('/').next().unwrap_or_default();
            let number = folder.split('-').next().unwrap_or_default();
            for slug in ["bell", "lamp"] {
                let path = format!("specs/{number}-{slug}/spec.md");
                let mut places = places(&path);
                // Each file of the folder stands for it.
                let own = base.files.keys().filter(|path| path.starts_with(page.folder()));
                places.extend(own.map(|path| (path.clone(), ANYWHERE)));
                out.add_at(base.with(&path, page.text), places, path.clone());
            }
        }
        // Copied as a beginning, with its id.
        if let Some(id) = page.key("id") {
            let path = format!("{}/{}-copy.md", page.folder(), page.stem());
            out.add_at(base.with(&path, page.text), places(&path), path.clone());
            for other in base.pages() {
                let other_id = other.key("id");
                let Some(other_id) = other_id.filter(|_| other.folder() == page.folder() && other.path != page.path) else {
                    continue;
                };
                let line = format!("id: {}", id.value);
                let text = other.with_line(other_id.line, &line);
                out.add_at(base.with(other.path, text), places(other.path), format!("{}: {line}", other.path));
            }
        }
    }
}

fn dependency_cycle(base: &Repository, out: &mut Mutants<'_>) {
    let mut pages = base.pages();
    pages.retain(|page| {
        let is_plan = page.tasks().iter().any(|tick| tick.is_open()) && page.statuses().len() == 1;
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
                out.add_at(changed, places.to_vec(), format!("{} and {} wait for each other", one.path, two.path));
            }
        }
    }
    // Tasks with ids that wait for each other.
    for page in base.pages() {
        let tasks = page.tasks();
        let with_id = tasks.iter().filter_map(|tick| {
            let id = tick.text.split_whitespace().next()?;
            let is_id = id.starts_with('T') && id[1..].bytes().all(|b| b.is_ascii_digit()) && id.len() > 3;
            let waits = tick.text.contains("depends") || tick.text.contains("after");
            (is_id && tick.is_open() && !waits).then_some((tick, id))
        });
        let with_id: Vec<_> = with_id.collect();
        for (at, (one, id)) in with_id.iter().enumerate() {
            for (two, other) in with_id.iter().skip(at + 1).take(3) {
                for (open, close) in [(" (depends on ", ")"), (" (blocked by ", ")"), (" — depends on ", ""), (" (Depends on: ", ")")] {
                    let first = page.with_line(one.line, &format!("{}{open}{other}{close}", page.line(one.line)));
                    let changed = Page::new(page.path, &first);
                    let second = changed.with_line(two.line, &format!("{}{open}{id}{close}", page.line(two.line)));
                    out.page(&page, second, one.line..=two.line, format!("{open}{other}, and back"));
                }
            }
        }
    }
}

/// The page with a line that says that it waits for another.
fn waiting(page: &Page<'_>, other: &str, variant: usize) -> Option<String> {
    let depth = page.folder().split('/').count();
    let shared = page.folder().split('/').zip(other.split('/')).take_while(|(a, b)| a == b).count();
    let rest: Vec<&str> = other.split('/').skip(shared).collect();
    let path = format!("{}{}", "../".repeat(depth - shared), rest.join("/"));
    if let Some(end) = page.front_end() {
        if let Some(key) = page.keys().into_iter().find(|key| ["depends_on", "upstream", "dependencies"].contains(&key.name)) {
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
        let is_over = page.path.contains("completed") || page.text.contains("Complete");
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
                let is_list = ["upstream", "downstream", "related_plans", "depends_on", "dependsOn", "task", "trigger"].contains(&key.name);
                if is_list && base.dialect == DEV_OPS && key.value.contains('-') && !is_over {
                    let value = key.value.replace("001", "091").replace("002", "092").replace("003", "093");
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
            if !id.starts_with('T') || !id[1..].bytes().all(|b| b.is_ascii_digit()) || page.path.ends_with("plan.md") {
                continue;
            }
            let line = page.line(tick.line);
            let bare = line.split(" (depends").next().unwrap_or_default();
            for (open, close) in [(" (depends on ", ")"), (" (blocked by ", ")"), (" — depends on ", ""), (" (depends on T001, ", ")"), (" (Depends on: ", ")"), (", depends on ", "")] {
                // The id of a task that was removed, or a slip of a digit.
                for other in ["T099", "T0100"] {
                    out.line(&page, tick.line, &format!("{bare}{open}{other}{close}"));
                }
            }
            let below = page.with_after(tick.line, "  - Depends on: T098");
            out.page(&page, below, tick.line..=tick.line + 1, "Depends on: T098");
            let below = page.with_after(tick.line, "  - **Depends on:** T097, T098");
            out.page(&page, below, tick.line..=tick.line + 1, "**Depends on:** T097, T098");
        }
    }
}

fn related_code_missing(base: &Repository, out: &mut Mutants<'_>) {
    for page in base.pages() {
        let Some(end) = page.front_end() else {
            continue;
        };
        if let Some(key) = page.key("related_code") {
            for path in ["src/gone.rs", "./lib/gone.py", "gone/", "app/gone.tsx", "src/old/table.rs"] {
                for line in [format!("related_code: [{path}]"), format!("related_code:\n  - {path}")] {
                    let text = page.with_lines(key.line..=key.end, &line);
                    out.page(&page, text, key.line..=key.line + 1, line);
                }
            }
            // The file was renamed.
            for path in base.files.keys().filter(|path| page.text.contains(&format!("{path}\n"))) {
                let moved = base.moved(path, &format!("{path}.bak"));
                out.add(moved, page.path, key.line..=key.end, format!("{path} was renamed"));
            }
        } else if page.path.contains("plans/") || page.path.contains("roadmap/") {
            for path in ["src/gone.rs", "web/gone.html"] {
                out.after(&page, end - 1, &format!("related_code:\n  - {path}"));
                out.after(&page, end - 1, &format!("files: [{path}]"));
            }
        }
    }
}

fn done_item_file_missing(base: &Repository, out: &mut Mutants<'_>) {
    let folder = base.files.keys().filter(|path| !path.ends_with(".md") && !path.starts_with('.'));
    let folders: Vec<&str> = folder.filter_map(|path| path.split_once('/')).map(|(folder, _)| folder).collect();
    let Some(folder) = folders.first() else {
        return;
    };
    for page in base.pages() {
        let done = page.tasks().into_iter().filter(|tick| matches!(tick.mark, 'x' | 'X')).enumerate();
        for (at, tick) in done.filter(|(_, tick)| tick.indent() == 0) {
            let words = tick.text.split_whitespace().next().unwrap_or_default();
            let id = if words.starts_with('T') && words.len() > 3 && words[1..].bytes().all(|b| b.is_ascii_digit()) {
                format!("{words} ")
            } else {
                String::new()
            };
            let before = page.line(tick.line).split(']').next().unwrap_or_default();
            for step in [
                "Create `{}/gone.rs`",
                "Add `{}/gone/mod.rs` with the types",
                "Write {}/gone_test.py",
                "Implement the model in `{}/model.rs`",
                "Create the page in {}/page.html",
                "**Create** `{}/gone.rs`",
            ].iter().skip(at % 2).step_by(2) {
                let step = step.replace("{}", folder);
                out.line(&page, tick.line, &format!("{before}] {id}{step}"));
            }
        }
    }
}

fn inverse_missing(base: &Repository, out: &mut Mutants<'_>) {
    for page in base.pages() {
        for (key, inverse) in [("superseded_by", "supersedes"), ("supersedes", "superseded_by"), ("downstream", "upstream"), ("upstream", "downstream")] {
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
                        third.path != page.path && third.key(key).is_some_and(|field| field.value != "[]")
                    });
                    if used || line == "[]" {
                        out.add(base.with(page.path, text), other.path, ANYWHERE, format!("{}: {key} gone {line}", page.path));
                    }
                }
            }
        }
    }
}

fn orphan_document(base: &Repository, out: &mut Mutants<'_>) {
    let path = ".archcore/.sync-state.json";
    let relations = base.text(path);
    for page in base.pages() {
        let text = page.text.to_owned();
        let kind = page.stem().rsplit('.').next().unwrap_or_default();
        // A document that somebody wrote and related to nothing.
        for (number, name) in ["left-over", "second-thought", "draft-of-monday"].iter().enumerate() {
            let folder = if number == 1 { ".archcore" } else { page.folder() };
            let new = format!("{folder}/{name}.{kind}.md");
            let bare = text.replace("loan-store.adr.md", "the store").replace("loan-desk.plan.md", "the desk").replace("record-player.adr.md", "the player");
            out.add(base.with(&new, bare), &new, ANYWHERE, new.clone());
        }
        let short = page.path.trim_start_matches(".archcore/");
        if relations.matches(short).count() == 1 && !relations.contains('\t') && relations.contains("{ \"source\"") {
            let lines: Vec<&str> = relations.lines().filter(|line| !line.contains(short)).collect();
            let text = lines.join("\n").replace("},\n  ]", "}\n  ]");
            let name = page.stem();
            let is_named = base.pages().iter().any(|other| other.path != page.path && other.text.contains(name));
            if !is_named && !page.text.contains("Depends on") {
                out.add(base.with(path, text), page.path, ANYWHERE, format!("{short} in no relation"));
            }
        }
    }
}

fn index_incomplete(base: &Repository, out: &mut Mutants<'_>) {
    for page in base.pages() {
        let name = page.path.rsplit('/').next().unwrap_or_default().to_lowercase();
        if !["index.md", "readme.md", "plans.md"].contains(&name.as_str()) {
            continue;
        }
        let entries: Vec<(usize, &str)> = page.texts().filter(|(_, line)| line.contains(".md)")).collect();
        // A plan that nobody listed, beside one that is listed.
        for (_, entry) in &entries {
            let Some(link) = entry.split("](").nth(1).and_then(|rest| rest.split(')').next()) else {
                continue;
            };
            let listed = format!("{}/{link}", page.folder());
            let folder = listed.rsplit_once('/').map_or("", |(folder, _)| folder);
            let others = entries.iter().filter(|(_, other)| {
                let folder = link.rsplit_once('/').map_or("", |(folder, _)| folder);
                let link = other.split("](").nth(1).unwrap_or_default();
                link.rsplit_once('/').map_or("", |(folder, _)| folder) == folder
            });
            // One entry is no list of a folder.
            if others.count() < 2 {
                continue;
            }
            for name in ["new-roof", "zz-last", "2026-02-27-lamp", "007-bells"] {
                let new = format!("{folder}/{name}.md");
                let text = base.text(&listed);
                out.add(base.with(&new, text), page.path, ANYWHERE, new.clone());
            }
        }
        for (number, entry) in &entries {
            let text = page.without(*number..=*number);
            // A list that lacks half of a folder lists a choice.
            let folder = |line: &str| {
                let link = line.split("](").nth(1).unwrap_or_default();
                link.rsplit_once('/').map_or(String::new(), |(folder, _)| folder.to_owned())
            };
            if entries.iter().filter(|(_, other)| folder(other) == folder(entry)).count() > 2 {
                out.page(&page, text, ANYWHERE, format!("without {entry}"));
            }
        }
    }
}

fn relations_file_stale(base: &Repository, out: &mut Mutants<'_>) {
    let path = ".archcore/.sync-state.json";
    let relations = base.text(path);
    for page in base.pages() {
        let short = page.path.trim_start_matches(".archcore/");
        if !relations.contains(short) {
            continue;
        }
        out.add(base.without(page.path), path, ANYWHERE, format!("{short} was removed"));
        let stem = page.stem();
        for new in [
            format!("{}/renamed-{stem}.md", page.folder()),
            format!(".archcore/old/{stem}.md"),
            format!("{}/{}", page.folder(), format!("{stem}.md").replace(".plan.", ".prd.").replace(".adr.", ".rfc.").replace(".rule.", ".guide.")),
        ] {
            if new != page.path {
                out.add(base.moved(page.path, &new), path, ANYWHERE, format!("{short} became {new}"));
            }
        }
        for wrong in [short.replace(".md", ""), short.replace('-', "_"), format!("docs/{short}")] {
            let text = relations.replacen(&format!("\"{short}\""), &format!("\"{wrong}\""), 1);
            if text != relations {
                out.add(base.with(path, text), path, ANYWHERE, wrong);
            }
        }
    }
}
