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
    Operator::new(
        "folder-disagrees",
        &[AI_DOCS, EXECPLAN, GENERIC],
        folder_disagrees,
    ),
    Operator::new("state-unknown", ALL, state_unknown).also(&["value-unknown"]),
    Operator::new("done-with-open-items", WITH_DONE, done_with_open_items),
    Operator::new("all-items-done", ALL, all_items_done),
    Operator::new("blocked-without-reason", WITH_DONE, blocked_without_reason),
    Operator::new(
        "too-many-active",
        &[AI_DOCS, EXECPLAN, DEV_OPS, GENERIC],
        too_many_active,
    ),
    Operator::new(
        "done-with-open-criteria",
        &[GENERIC],
        done_with_open_criteria,
    ),
    Operator::new("index-disagrees", &[AI_DOCS, EXECPLAN], index_disagrees),
];

/// Words for states, by what they mean. Each is one that people write.
const DONE: [&str; 7] = [
    "completed",
    "Complete",
    "done",
    "DONE",
    "Implemented",
    "closed",
    "Finished",
];
const ACTIVE: [&str; 5] = [
    "active",
    "In Progress",
    "in-progress",
    "IN PROGRESS",
    "ongoing",
];
const DRAFT: [&str; 4] = ["draft", "Draft", "proposed", "Not started"];
const GIVEN_UP: [&str; 4] = ["abandoned", "rejected", "Cancelled", "Rejected"];

/// The group of words that a word belongs to, by the words above.
pub(super) fn group(word: &str) -> Option<usize> {
    let plain = word.to_lowercase().replace(['-', '_'], " ");
    let first = plain.split(" by ").next().unwrap_or_default();
    [&DONE[..], &ACTIVE, &DRAFT, &GIVEN_UP]
        .iter()
        .position(|words| {
            let mut words = words
                .iter()
                .map(|word| word.to_lowercase().replace('-', " "));
            words.any(|word| word == first)
        })
}

pub(super) fn is_plan(page: &Page<'_>) -> bool {
    !page.tasks().is_empty() && !page.path.contains("checklist")
}

/// True for a task that is still to be done: not ticked, and not struck through.
pub(super) fn is_open(tick: &Tick<'_>) -> bool {
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
        let title = page
            .headings()
            .into_iter()
            .find(|heading| heading.level == 1);
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
                out.page(
                    &page,
                    text,
                    ANYWHERE,
                    format!("**Status:** {word} at the end"),
                );
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
            let path = page
                .path
                .replace(&format!("/{folder}/"), &format!("/{other}/"));
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
                "Actvie",
                "Almost there",
                "Halfway",
                "compelted",
                "Stage 2",
                "tbc",
                "Cooking",
                "On track",
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
                out.page(
                    &page,
                    page.with_line(status.line, &what),
                    place.clone(),
                    what.clone(),
                );
            }
        }
    }
}

fn done_with_open_criteria(base: &Repository, out: &mut Mutants<'_>) {
    for page in base.pages().into_iter().filter(is_plan) {
        let statuses = page.statuses();
        let (Some(status), Some(last)) =
            (statuses.first(), page.tasks().last().map(|task| task.line))
        else {
            continue;
        };
        if group(status.word) != Some(0) || page.tasks().iter().any(is_open) {
            continue;
        }
        for ticked in ["", "- [x] It was tried once\n"] {
            let text = page.with_after(
                last,
                &format!("\n## Acceptance Criteria\n\n{ticked}- [ ] Somebody else tried it"),
            );
            out.page(
                &page,
                text,
                status.line..=status.line,
                format!("done, and a criterion is open {ticked}"),
            );
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
            out.page(
                &page,
                text.clone(),
                ANYWHERE,
                format!("all [{mark}], `{}`", status.word),
            );
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

fn blocked_without_reason(base: &Repository, out: &mut Mutants<'_>) {
    for page in base.pages().into_iter().filter(is_plan) {
        let lower = page.text.to_lowercase();
        let says_why = [
            "blocker",
            "depends",
            "dependencies",
            "waits",
            "upstream",
            "waiting",
            "after [",
        ]
        .iter()
        .any(|word| lower.contains(word));
        let statuses = page.statuses();
        let is_over = statuses
            .iter()
            .any(|status| group(status.word) == Some(0) || status.word == "superseded");
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
            let has_more = next.starts_with("  ")
                || ["(", ",", "~~", "waits"]
                    .iter()
                    .any(|word| tick.text.contains(word));
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
    let plans: Vec<_> = pages
        .iter()
        .filter(|page| is_plan(page) && page.statuses().len() == 1)
        .collect();
    for (at, one) in plans.iter().enumerate() {
        for two in &plans[at + 1..] {
            if one.folder() == two.folder() && base.dialect == SPEC_KIT {
                continue;
            }
            for word in [ACTIVE[at % 5], ACTIVE[(at + 2) % 5]] {
                let mut changed = base.clone();
                for page in [one, two] {
                    let status = &page.statuses()[0];
                    changed =
                        changed.with(page.path, page.with_line(status.line, &status.saying(word)));
                }
                let places = [one, two].map(|page| (page.path.to_owned(), ANYWHERE));
                out.add_at(
                    changed,
                    places.to_vec(),
                    format!("{} and {}", one.path, two.path),
                );
            }
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
                ["active", "completed"]
                    .iter()
                    .any(|word| lower.starts_with(word))
                    && heading.level == 2
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
                    out.page(
                        &page,
                        text,
                        target.line..=target.end + 2,
                        format!("{line} below {}", to.title),
                    );
                }
                // The plan went on, and the list did not.
                let link = line
                    .split("](")
                    .nth(1)
                    .and_then(|rest| rest.split(')').next());
                let path = link.map(|link| format!("{}/{link}", page.folder()));
                let Some(path) = path.filter(|path| base.files.contains_key(path)) else {
                    continue;
                };
                let plan = Page::new(&path, base.text(&path));
                let words: &[&str] = if from.line == first.line {
                    &DONE
                } else {
                    &ACTIVE
                };
                let statuses = plan.statuses();
                // Where the folder says the same as the list, the plan itself is at odds with both.
                let is_filed = from.line != first.line && path.contains("completed/");
                if let [status] = statuses.as_slice()
                    && !is_filed
                {
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
