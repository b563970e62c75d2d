//! What documents say about how far they are.

use super::super::mutant::{ANYWHERE, Mutants, Operator};
use super::super::page::{Page, Tick};
use super::super::repository::{
    AI_DOCS, ARCHCORE, DEV_OPS, EXECPLAN, GENERIC, Repository, SPEC_KIT,
};

const ALL: &[&str] = &[ARCHCORE, AI_DOCS, EXECPLAN, DEV_OPS, SPEC_KIT, GENERIC];
/// Archcore has no word for work that is done or replaced.
const WITH_DONE: &[&str] = &[AI_DOCS, EXECPLAN, DEV_OPS, SPEC_KIT, GENERIC];

pub(super) static OPERATORS: &[Operator] = &[
    Operator::new("state-disagrees", ALL, state_disagrees),
    Operator::new("folder-disagrees", &[AI_DOCS, EXECPLAN, GENERIC], folder_disagrees),
    Operator::new("state-unknown", ALL, state_unknown).also(&["value-unknown"]),
    Operator::new("done-with-open-items", WITH_DONE, done_with_open_items),
    Operator::new("all-items-done", ALL, all_items_done),
    Operator::new(
        "phase-done-with-open-items",
        &[ARCHCORE, AI_DOCS, SPEC_KIT, GENERIC],
        phase_done_with_open_items,
    ),
    Operator::new("phase-table-disagrees", &[AI_DOCS, GENERIC], phase_table_disagrees),
    Operator::new("progress-disagrees", ALL, progress_disagrees),
    Operator::new("twin-items-disagree", &[SPEC_KIT], twin_items_disagree),
    Operator::new("blocked-without-reason", WITH_DONE, blocked_without_reason),
    Operator::new("too-many-active", &[AI_DOCS, EXECPLAN, DEV_OPS, GENERIC], too_many_active),
    Operator::new("superseded-without-successor", WITH_DONE, superseded_without_successor),
    Operator::new("superseded-but-open", WITH_DONE, superseded_but_open),
    Operator::new("supersession-cycle", WITH_DONE, supersession_cycle),
    Operator::new("index-disagrees", &[AI_DOCS, EXECPLAN], index_disagrees),
];

/// Words for states, by what they mean. Each is one that people write.
const DONE: [&str; 7] = ["completed", "Complete", "done", "DONE", "Implemented", "closed", "Finished"];
const ACTIVE: [&str; 5] = ["active", "In Progress", "in-progress", "IN PROGRESS", "ongoing"];
const DRAFT: [&str; 4] = ["draft", "Draft", "proposed", "Not started"];
const GIVEN_UP: [&str; 4] = ["abandoned", "rejected", "Cancelled", "Rejected"];

/// The group of words that a word belongs to, by the words above.
fn group(word: &str) -> Option<usize> {
    let plain = word.to_lowercase().replace(['-', '_'], " ");
    let first = plain.split(" by ").next().unwrap_or_default();
    [&DONE[..], &ACTIVE, &DRAFT, &GIVEN_UP].iter().position(|words| {
        let mut words = words.iter().map(|word| word.to_lowercase().replace('-', " "));
        words.any(|word| word == first)
    })
}

fn is_plan(page: &Page<'_>) -> bool {
    !page.tasks().is_empty() && !page.path.contains("checklist")
}

/// True for a task that is still to be done: not ticked, and not struck through.
fn is_open(tick: &Tick<'_>) -> bool {
    matches!(tick.mark, ' ' | '!') && !tick.text.contains("~~")
}

fn state_disagrees(base: &Repository, out: &mut Mutants<'_>) {
    for page in base.pages() {
        let statuses = page.statuses();
        let Some(first) = statuses.first() else {
            continue;
        };
        let Some(own) = group(first.word).or((first.word == "accepted").then_some(4)) else {
            continue;
        };
        let title = page.headings().into_iter().find(|heading| heading.level == 1);
        let title = title.map(|title| title.line).or(page.front_end());
        let all = [&DONE[..], &ACTIVE, &DRAFT, &GIVEN_UP];
        for (at, words) in all.iter().enumerate() {
            // An approved document may be worked on or not.
            if at == own || (own == 4 && at != 3) || (base.dialect == ARCHCORE && at != 3) {
                continue;
            }
            for (number, word) in words.iter().enumerate() {
                let [front, header] = statuses.as_slice() else {
                    if let Some(line) = title.filter(|_| statuses.len() == 1 && first.is_front) {
                        let label = ["**Status:** ", "Status: ", "**Status**: "][number % 3];
                        let new = format!("\n{label}{word}");
                        let text = page.with_after(line, &new);
                        out.page(&page, text, 1..=line + 2, format!("{label}{word}"));
                    }
                    continue;
                };
                out.page(
                    &page,
                    page.with_line(header.line, &header.saying(word)),
                    1..=header.line,
                    header.saying(word),
                );
                out.page(
                    &page,
                    page.with_line(front.line, &front.saying(word)),
                    1..=header.line,
                    front.saying(word),
                );
            }
        }
        // The line at the end that is forgotten.
        if own == 1 && base.dialect != ARCHCORE {
            for word in ["Completed", "Done"] {
                let text = page.with_after(page.count(), &format!("\n---\n\n**Status:** {word}"));
                out.page(&page, text, ANYWHERE, format!("**Status:** {word} at the end"));
            }
        }
    }
}

fn folder_disagrees(base: &Repository, out: &mut Mutants<'_>) {
    for page in base.pages() {
        let Some(folder) = page.folder().rsplit('/').next() else {
            continue;
        };
        let Some(status) = page.statuses().into_iter().next() else {
            continue;
        };
        let words: Vec<&str> = match folder {
            "active" => DONE.iter().chain(&GIVEN_UP).copied().collect(),
            "completed" => ACTIVE.iter().chain(&DRAFT[..2]).copied().collect(),
            "drafts" | "paused" => DONE.to_vec(),
            _ => continue,
        };
        for word in words {
            out.line(&page, status.line, &status.saying(word));
        }
        // Moved, and left as it was.
        let (own, other) = match folder {
            "active" => (1, "completed"),
            "completed" => (0, "active"),
            _ => continue,
        };
        if group(status.word) == Some(own) {
            let path = page.path.replace(&format!("/{folder}/"), &format!("/{other}/"));
            out.add(base.moved(page.path, &path), &path, ANYWHERE, path.clone());
        }
    }
}

fn state_unknown(base: &Repository, out: &mut Mutants<'_>) {
    for page in base.pages() {
        if page.path.contains("RES-") {
            continue;
        }
        for status in page.statuses().into_iter().take(1) {
            for word in [
                "Actvie", "Almost there", "Halfway", "compelted", "Stage 2", "tbc", "Cooking", "On track",
            ] {
                out.line(&page, status.line, &status.saying(word));
            }
        }
    }
}

fn done_with_open_items(base: &Repository, out: &mut Mutants<'_>) {
    for page in base.pages().into_iter().filter(is_plan) {
        let statuses = page.statuses();
        let Some(status) = statuses.first() else {
            continue;
        };
        let place = status.line..=status.line;
        let is_done = group(status.word) == Some(0);
        if is_done {
            for task in page.tasks() {
                for mark in [" ", "~", "!"] {
                    let text = page.with_line(task.line, &task.marked(mark));
                    // What the open task stands below may be told instead.
                    let what = format!("done, and {}", task.marked(mark));
                    out.page(&page, text, 1..=task.line, what);
                }
            }
            let last = page.tasks().last().map(|task| task.line);
            if let Some(last) = last {
                let text = page.with_after(last, "- [ ] Look at it once more");
                out.page(&page, text, 1..=last + 1, "a task was added behind the end");
            }
        } else if page.tasks().iter().any(is_open) && statuses.len() == 1 {
            for word in DONE {
                let what = status.saying(word);
                out.page(&page, page.with_line(status.line, &what), place.clone(), what.clone());
            }
        }
    }
}

fn all_items_done(base: &Repository, out: &mut Mutants<'_>) {
    for page in base.pages().into_iter().filter(is_plan) {
        let statuses = page.statuses();
        let Some(status) = statuses.first() else {
            continue;
        };
        let own = group(status.word);
        if !matches!(own, Some(1 | 2)) {
            continue;
        }
        for mark in ["x", "X", "-"] {
            let mut text = page.text.to_owned();
            let open = page.tasks();
            for (number, tick) in open.iter().filter(|tick| is_open(tick)).enumerate() {
                // At least one has to be done: what is all cancelled was given up.
                let mark = if number == 0 { "x" } else { mark };
                let old = page.line(tick.line);
                text = text.replacen(&format!("{old}\n"), &format!("{}\n", tick.marked(mark)), 1);
            }
            out.page(&page, text.clone(), ANYWHERE, format!("all [{mark}], `{}`", status.word));
            if base.dialect != ARCHCORE && statuses.len() == 1 && status.word != "Blocked" {
                for word in ACTIVE.iter().chain(&DRAFT[..2]) {
                    let changed = Page::new(page.path, &text);
                    let new = changed.with_line(status.line, &status.saying(word));
                    out.page(&page, new, ANYWHERE, format!("all [{mark}], `{word}`"));
                }
            }
        }
    }
}

fn phase_done_with_open_items(base: &Repository, out: &mut Mutants<'_>) {
    for page in base.pages() {
        for heading in page.headings() {
            let lower = heading.title.to_lowercase();
            let is_phase = ["phase ", "milestone ", "stage "].iter().any(|word| lower.starts_with(word));
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
                    " ✅", " ✓", " (Completed)", " (COMPLETE)", " — DONE", " - Done", " [DONE]", " (done)", ": Completed", " ✔️", " [x]",
                    " ✅ COMPLETE",
                ] {
                    let text = page.with_line(heading.line, &format!("{line}{mark}"));
                    out.page(&page, text, heading.line..=heading.line, format!("{line}{mark}"));
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
            let Some(phase) = headings.iter().find(|heading| heading.title.starts_with(short)) else {
                continue;
            };
            let tasks = page.tasks();
            let own = tasks.iter().filter(|tick| (phase.line..=phase.end).contains(&tick.line));
            let is_done = own.clone().all(|tick| !is_open(tick));
            let words: &[&str] = if is_done {
                &["Not Started", "Planned", "⏳ Not started", "Todo", "Pending"]
            } else {
                &["Complete", "✅ Done", "Done", "✅", "Completed", "DONE", "✅ Complete", "**Done**"]
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
        let done = tasks.iter().filter(|tick| !is_open(tick) && tick.mark != '!').count();
        let share = 100 * done / total;
        let other = if share < 50 { share + 40 } else { share - 35 };
        // A line below the title; a document of boxes at several levels may be counted in two ways.
        let flat = tasks.iter().all(|tick| tick.indent() == 0 && !tick.text.contains("~~"));
        if !flat || page.text.contains("1. ") && !page.path.contains("tasks.md") {
            continue;
        }
        let title = page.headings().into_iter().find(|heading| heading.level == 1);
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
            for (from, to) in [("50%", "90%"), ("0%", "60%"), ("50%", "0%"), ("3/6", "5/6"), ("5/12", "11/12"), ("5/12", "2/12"), ("3/6", "6/6")] {
                if line.contains(from) && !line.contains(&format!("5{from}")) && !line.contains('|') {
                    out.line(&page, number, &line.replace(from, to));
                }
            }
        }
    }
}

fn twin_items_disagree(base: &Repository, out: &mut Mutants<'_>) {
    for page in base.pages().into_iter().filter(|page| page.path.ends_with("tasks.md")) {
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
                let at = if tick.is_open() { (second.line, twin.path) } else { (tick.line, one.path) };
                let text = one.with_line(tick.line, &tick.marked(mark));
                let what = format!("{}: {}", one.path, tick.marked(mark));
                out.add(base.with(one.path, text), at.1, at.0..=at.0, what);
            }
        }
    }
}

fn blocked_without_reason(base: &Repository, out: &mut Mutants<'_>) {
    for page in base.pages().into_iter().filter(is_plan) {
        let lower = page.text.to_lowercase();
        let says_why = ["blocker", "depends", "dependencies", "waits", "upstream", "waiting", "after ["]
            .iter()
            .any(|word| lower.contains(word));
        let statuses = page.statuses();
        let is_over = statuses.iter().any(|status| group(status.word) == Some(0) || status.word == "superseded");
        if is_over {
            continue;
        }
        if let [status] = statuses.as_slice()
            && !says_why
        {
            for word in ["blocked", "Blocked", "BLOCKED", "stuck"] {
                out.line(&page, status.line, &status.saying(word));
            }
        }
        let lines: Vec<&str> = (1..=page.count()).map(|line| page.line(line)).collect();
        for tick in page.tasks().iter().filter(|tick| tick.is_open()) {
            let next = lines.get(tick.line).copied().unwrap_or_default();
            // What stands behind or below it may be the reason.
            let has_more = next.starts_with("  ") || ["(", ",", "~~", "waits"].iter().any(|word| tick.text.contains(word));
            if has_more || tick.text.contains("database") {
                continue;
            }
            for line in [
                tick.marked("!"),
                format!("{} BLOCKED", tick.marked(" ")),
                format!("{} (blocked)", tick.marked(" ")),
                tick.marked(" ").replacen("] ", "] ⏸ ", 1),
                format!("{} **[BLOCKED]**", tick.marked(" ")),
                format!("{} — blocked", tick.marked(" ")),
            ] {
                out.line(&page, tick.line, &line);
            }
        }
    }
}

fn too_many_active(base: &Repository, out: &mut Mutants<'_>) {
    let config = "[check.rules.too-many-active]\nlimit = 1\nlevel = \"warning\"\n";
    let base = base.with(".planwright/config.toml", config);
    let pages = base.pages();
    let plans: Vec<_> = pages.iter().filter(|page| is_plan(page) && page.statuses().len() == 1).collect();
    for (at, one) in plans.iter().enumerate() {
        for two in &plans[at + 1..] {
            if one.folder() == two.folder() && base.dialect == SPEC_KIT {
                continue;
            }
            for word in [ACTIVE[at % 5], ACTIVE[(at + 2) % 5]] {
                let mut changed = base.clone();
                for page in [one, two] {
                    let status = &page.statuses()[0];
                    changed = changed.with(page.path, page.with_line(status.line, &status.saying(word)));
                }
                let places = [one, two].map(|page| (page.path.to_owned(), ANYWHERE));
                out.add_at(changed, places.to_vec(), format!("{} and {}", one.path, two.path));
            }
        }
    }
}

fn superseded_without_successor(base: &Repository, out: &mut Mutants<'_>) {
    for page in base.pages() {
        let lower = page.text.to_lowercase();
        let others = base.pages();
        let is_named = others.iter().any(|other| {
            let mut lines = (1..=other.count()).map(|line| other.line(line).to_lowercase());
            lines.any(|line| line.contains("supersedes") && line.contains(&page.stem()[..4]))
        });
        if lower.contains("supersed") || is_named {
            continue;
        }
        if let [status] = page.statuses().as_slice() {
            for word in ["superseded", "Superseded", "SUPERSEDED", "replaced"] {
                out.line(&page, status.line, &status.saying(word));
            }
        }
    }
    // The line that named the successor was removed, on both sides.
    for page in base.pages() {
        let Some(key) = page.key("superseded_by") else {
            continue;
        };
        let mut changed = base.with(page.path, page.without(key.line..=key.end));
        for other in base.pages() {
            if let Some(key) = other.key("supersedes") {
                changed = changed.with(other.path, other.without(key.line..=key.end));
            }
        }
        out.add(changed, page.path, ANYWHERE, "nothing names the successor any more");
    }
}

/// How a document names another of its folder or of another one.
fn path_from(page: &Page<'_>, to: &str) -> String {
    let from: Vec<&str> = page.folder().split('/').collect();
    let target: Vec<&str> = to.split('/').collect();
    let shared = from.iter().zip(&target).take_while(|(a, b)| a == b).count();
    let mut path = "../".repeat(from.len() - shared);
    path.push_str(&target[shared..].join("/"));
    path
}

/// The page with a line that names another document, in the front matter or the header.
fn naming(page: &Page<'_>, key: &str, label: &str, to: &str, variant: usize) -> Option<String> {
    let path = path_from(page, to);
    if let Some(end) = page.front_end() {
        let line = match variant % 3 {
            0 => format!("{key}: {path}"),
            1 => format!("{key}: [{path}]"),
            _ => format!("{key}:\n  - {path}"),
        };
        return Some(page.with_after(end - 1, &line));
    }
    let status = page.statuses().into_iter().next()?;
    let line = match variant % 3 {
        0 => format!("**{label}:** [it]({path})"),
        1 => format!("{label}: {path}"),
        _ => format!("**{label}**: `{path}`"),
    };
    Some(page.with_after(status.line, &line))
}

/// Documents that are in force or not closed, and no lists.
fn live<'a>(base: &'a Repository) -> Vec<Page<'a>> {
    let mut pages = base.pages();
    pages.retain(|page| {
        let status = page.statuses().into_iter().next();
        let group = status.and_then(|status| group(status.word));
        matches!(group, Some(1)) && !page.text.to_lowercase().contains("supersede")
    });
    pages
}

fn superseded_but_open(base: &Repository, out: &mut Mutants<'_>) {
    let pages = live(base);
    for old in &pages {
        for (at, new) in pages.iter().enumerate() {
            if old.path == new.path {
                continue;
            }
            for step in 0..3 {
                if let Some(text) = naming(new, "supersedes", "Supersedes", old.path, at + step) {
                    let what = format!("`{}` supersedes `{}`, variant {}", new.path, old.path, at + step);
                    out.add(base.with(new.path, text), old.path, ANYWHERE, what);
                }
                if let Some(text) = naming(old, "superseded_by", "Superseded by", new.path, at + step) {
                    let what = format!("`{}` superseded by `{}`, variant {}", old.path, new.path, at + step);
                    out.add(base.with(old.path, text), old.path, ANYWHERE, what);
                }
            }
        }
    }
}

fn supersession_cycle(base: &Repository, out: &mut Mutants<'_>) {
    let mut pages = base.pages();
    pages.retain(|page| !page.statuses().is_empty() && !page.text.to_lowercase().contains("supersede"));
    for (at, one) in pages.iter().enumerate() {
        for (number, two) in pages[at + 1..].iter().enumerate().take(3) {
            for key in ["supersedes", "superseded_by"] {
                let label = if key == "supersedes" { "Supersedes" } else { "Superseded by" };
                let first = naming(one, key, label, two.path, number + at);
                let second = naming(two, key, label, one.path, number);
                if let (Some(first), Some(second)) = (first, second) {
                    let changed = base.with(one.path, first).with(two.path, second);
                    let places = [one, two].map(|page| (page.path.to_owned(), ANYWHERE));
                    let what = format!("`{}` and `{}` {key} each other", one.path, two.path);
                    out.add_at(changed, places.to_vec(), what);
                }
            }
        }
        if let Some(text) = naming(one, "supersedes", "Supersedes", one.path, at) {
            out.page(one, text, ANYWHERE, "supersedes itself");
        }
    }
}

fn index_disagrees(base: &Repository, out: &mut Mutants<'_>) {
    for page in base.pages() {
        let headings = page.headings();
        let lists: Vec<_> = headings
            .iter()
            .filter(|heading| {
                let lower = heading.title.to_lowercase();
                ["active", "completed"].iter().any(|word| lower.starts_with(word)) && heading.level == 2
            })
            .collect();
        let [first, second] = lists.as_slice() else {
            continue;
        };
        // An entry that was left where it was, or was put into the wrong list.
        for (from, to) in [(first, second), (second, first)] {
            for number in from.line + 1..=from.end {
                let line = page.line(number);
                if !line.starts_with("- ") {
                    continue;
                }
                let without = page.without(number..=number);
                let changed = Page::new(page.path, &without);
                let target = changed.headings();
                let target = target.iter().find(|heading| heading.title == to.title);
                if let Some(target) = target {
                    let text = changed.with_after(target.line + 1, line);
                    out.page(&page, text, target.line..=target.end + 2, format!("{line} below {}", to.title));
                }
                // The plan went on, and the list did not.
                let link = line.split("](").nth(1).and_then(|rest| rest.split(')').next());
                let path = link.map(|link| format!("{}/{link}", page.folder()));
                let Some(path) = path.filter(|path| base.files.contains_key(path)) else {
                    continue;
                };
                let plan = Page::new(&path, base.text(&path));
                let words: &[&str] = if from.line == first.line { &DONE } else { &ACTIVE };
                let statuses = plan.statuses();
                if let [status] = statuses.as_slice() {
                    for word in words {
                        let text = plan.with_line(status.line, &status.saying(word));
                        let what = format!("{path} says {word}");
                        out.add(base.with(&path, text), page.path, number..=number, what);
                    }
                }
            }
        }
    }
}
