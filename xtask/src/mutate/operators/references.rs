//! Links, relations, ids, paths.

use super::super::mutant::{ANYWHERE, Mutants, Operator};
use super::super::page::Page;
use super::super::repository::{
    AI_DOCS, ARCHCORE, DEV_OPS, EXECPLAN, GENERIC, Repository, SPEC_KIT, ends_in,
};

const ALL: &[&str] = &[ARCHCORE, AI_DOCS, EXECPLAN, DEV_OPS, SPEC_KIT, GENERIC];

pub(super) static OPERATORS: &[Operator] = &[
    Operator::new("dangling-link", ALL, dangling_link),
    Operator::new(
        "duplicate-id",
        &[EXECPLAN, DEV_OPS, SPEC_KIT, GENERIC],
        duplicate_id,
    ),
    Operator::new(
        "related-code-missing",
        &[AI_DOCS, GENERIC],
        related_code_missing,
    ),
    Operator::new("done-item-file-missing", ALL, done_item_file_missing),
    Operator::new("orphan-document", &[ARCHCORE], orphan_document),
    Operator::new("index-incomplete", &[AI_DOCS, EXECPLAN], index_incomplete),
    Operator::new("relations-file-stale", &[ARCHCORE], relations_file_stale),
];

/// The lines behind which a sentence can be added: those of paragraphs.
fn paragraphs<'a>(page: &'a Page<'_>) -> Vec<(usize, &'a str)> {
    let is_prose =
        |line: &str| line.starts_with(|c: char| c.is_alphabetic()) && line.ends_with('.');
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
            let Some(target) = text
                .split("](")
                .nth(1)
                .and_then(|rest| rest.split(')').next())
            else {
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
        let places = |path: &str| {
            vec![
                (page.path.to_owned(), ANYWHERE),
                (path.to_owned(), ANYWHERE),
            ]
        };
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
                let own = base
                    .files
                    .keys()
                    .filter(|path| path.starts_with(page.folder()));
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
                let Some(other_id) =
                    other_id.filter(|_| other.folder() == page.folder() && other.path != page.path)
                else {
                    continue;
                };
                let line = format!("id: {}", id.value);
                let text = other.with_line(other_id.line, &line);
                out.add_at(
                    base.with(other.path, text),
                    places(other.path),
                    format!("{}: {line}", other.path),
                );
            }
        }
    }
}

fn related_code_missing(base: &Repository, out: &mut Mutants<'_>) {
    for page in base.pages() {
        let Some(end) = page.front_end() else {
            continue;
        };
        // What is only proposed names code that it would write.
        let is_draft = page
            .statuses()
            .iter()
            .any(|status| status.word.to_lowercase().contains("draft"));
        if is_draft {
            continue;
        }
        if let Some(key) = page.key("related_code") {
            for path in [
                "src/gone.rs",
                "./lib/gone.py",
                "gone/",
                "app/gone.tsx",
                "src/old/table.rs",
            ] {
                for line in [
                    format!("related_code: [{path}]"),
                    format!("related_code:\n  - {path}"),
                ] {
                    let text = page.with_lines(key.line..=key.end, &line);
                    out.page(&page, text, key.line..=key.line + 1, line);
                }
            }
            // The file was renamed.
            for path in base
                .files
                .keys()
                .filter(|path| page.text.contains(&format!("{path}\n")))
            {
                let moved = base.moved(path, &format!("{path}.bak"));
                out.add(
                    moved,
                    page.path,
                    key.line..=key.end,
                    format!("{path} was renamed"),
                );
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
    let folder = base
        .files
        .keys()
        .filter(|path| !ends_in(path, "md") && !path.starts_with('.'));
    let folders: Vec<&str> = folder
        .filter_map(|path| path.split_once('/'))
        .map(|(folder, _)| folder)
        .collect();
    let Some(folder) = folders.first() else {
        return;
    };
    for page in base.pages() {
        let done = page
            .tasks()
            .into_iter()
            .filter(|tick| matches!(tick.mark, 'x' | 'X'))
            .enumerate();
        for (at, tick) in done.filter(|(_, tick)| tick.indent() == 0) {
            let words = tick.text.split_whitespace().next().unwrap_or_default();
            let id = if words.starts_with('T')
                && words.len() > 3
                && words[1..].bytes().all(|b| b.is_ascii_digit())
            {
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
            ]
            .iter()
            .skip(at % 2)
            .step_by(2)
            {
                let step = step.replace("{}", folder);
                out.line(&page, tick.line, &format!("{before}] {id}{step}"));
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
        for (number, name) in ["left-over", "second-thought", "draft-of-monday"]
            .iter()
            .enumerate()
        {
            let folder = if number == 1 {
                ".archcore"
            } else {
                page.folder()
            };
            let new = format!("{folder}/{name}.{kind}.md");
            let bare = text
                .replace("loan-store.adr.md", "the store")
                .replace("loan-desk.plan.md", "the desk")
                .replace("record-player.adr.md", "the player");
            out.add(base.with(&new, bare), &new, ANYWHERE, new.clone());
        }
        let short = page.path.trim_start_matches(".archcore/");
        if relations.matches(short).count() == 1
            && !relations.contains('\t')
            && relations.contains("{ \"source\"")
        {
            let lines: Vec<&str> = relations
                .lines()
                .filter(|line| !line.contains(short))
                .collect();
            let text = lines.join("\n").replace("},\n  ]", "}\n  ]");
            let name = page.stem();
            let is_named = base
                .pages()
                .iter()
                .any(|other| other.path != page.path && other.text.contains(name));
            if !is_named && !page.text.contains("Depends on") {
                out.add(
                    base.with(path, text),
                    page.path,
                    ANYWHERE,
                    format!("{short} in no relation"),
                );
            }
        }
    }
}

fn index_incomplete(base: &Repository, out: &mut Mutants<'_>) {
    for page in base.pages() {
        let name = page
            .path
            .rsplit('/')
            .next()
            .unwrap_or_default()
            .to_lowercase();
        if !["index.md", "readme.md", "plans.md"].contains(&name.as_str()) {
            continue;
        }
        let entries: Vec<(usize, &str)> = page
            .texts()
            .filter(|(_, line)| line.contains(".md)"))
            .collect();
        // A plan that nobody listed, beside one that is listed.
        for (_, entry) in &entries {
            let Some(link) = entry
                .split("](")
                .nth(1)
                .and_then(|rest| rest.split(')').next())
            else {
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
                link.rsplit_once('/')
                    .map_or(String::new(), |(folder, _)| folder.to_owned())
            };
            if entries
                .iter()
                .filter(|(_, other)| folder(other) == folder(entry))
                .count()
                > 2
            {
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
        out.add(
            base.without(page.path),
            path,
            ANYWHERE,
            format!("{short} was removed"),
        );
        let stem = page.stem();
        for new in [
            format!("{}/renamed-{stem}.md", page.folder()),
            format!(".archcore/old/{stem}.md"),
            format!(
                "{}/{}",
                page.folder(),
                format!("{stem}.md")
                    .replace(".plan.", ".prd.")
                    .replace(".adr.", ".rfc.")
                    .replace(".rule.", ".guide.")
            ),
        ] {
            if new != page.path {
                out.add(
                    base.moved(page.path, &new),
                    path,
                    ANYWHERE,
                    format!("{short} became {new}"),
                );
            }
        }
        for wrong in [
            short.replace(".md", ""),
            short.replace('-', "_"),
            format!("docs/{short}"),
        ] {
            let text = relations.replacen(&format!("\"{short}\""), &format!("\"{wrong}\""), 1);
            if text != relations {
                out.add(base.with(path, text), path, ANYWHERE, wrong);
            }
        }
    }
}
