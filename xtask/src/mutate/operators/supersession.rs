//! Documents that take the place of others.

use super::super::mutant::{ANYWHERE, Mutants, Operator};
use super::super::page::Page;
use super::super::repository::{AI_DOCS, DEV_OPS, EXECPLAN, GENERIC, Repository, SPEC_KIT};
use super::state::group;

const WITH_DONE: &[&str] = &[AI_DOCS, EXECPLAN, DEV_OPS, SPEC_KIT, GENERIC];

pub(super) static OPERATORS: &[Operator] = &[
    Operator::new(
        "superseded-without-successor",
        WITH_DONE,
        superseded_without_successor,
    ),
    Operator::new("superseded-but-open", WITH_DONE, superseded_but_open),
    Operator::new("supersession-cycle", WITH_DONE, supersession_cycle),
];

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
        out.add(
            changed,
            page.path,
            ANYWHERE,
            "nothing names the successor any more",
        );
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
fn live(base: &Repository) -> Vec<Page<'_>> {
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
                    let what = format!(
                        "`{}` supersedes `{}`, variant {}",
                        new.path,
                        old.path,
                        at + step
                    );
                    out.add(base.with(new.path, text), old.path, ANYWHERE, what);
                }
                if let Some(text) =
                    naming(old, "superseded_by", "Superseded by", new.path, at + step)
                {
                    let what = format!(
                        "`{}` superseded by `{}`, variant {}",
                        old.path,
                        new.path,
                        at + step
                    );
                    out.add(base.with(old.path, text), old.path, ANYWHERE, what);
                }
            }
        }
    }
}

fn supersession_cycle(base: &Repository, out: &mut Mutants<'_>) {
    let mut pages = base.pages();
    pages.retain(|page| {
        !page.statuses().is_empty() && !page.text.to_lowercase().contains("supersede")
    });
    for (at, one) in pages.iter().enumerate() {
        for (number, two) in pages[at + 1..].iter().enumerate().take(3) {
            for key in ["supersedes", "superseded_by"] {
                let label = if key == "supersedes" {
                    "Supersedes"
                } else {
                    "Superseded by"
                };
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
