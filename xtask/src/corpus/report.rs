//! The report in Markdown.

use std::collections::BTreeMap;

use super::Call;
use super::survey::{File, Survey};
use crate::run::{line, megabytes};

/// How many files of a list are named.
const NAMED: usize = 40;

pub(crate) fn print(survey: &Survey, calls: &[Call]) {
    let files = &survey.files;
    line("# Corpus report\n");
    line("| | |\n|---|--:|");
    row("files read", files.len());
    row("size", megabytes(sum(files, |file| file.bytes) as u64));
    row(
        "seconds in the reader",
        format!("{:.2}", files.iter().map(|file| file.seconds).sum::<f64>()),
    );
    row("panics", count(files, |file| file.panic.is_some()));
    row("unreadable", count(files, |file| file.unreadable.is_some()));
    row(
        "read by the generic reader",
        count(files, |file| file.dialect == "generic"),
    );
    row("plans and task lists", count(files, |file| file.work));
    row(
        "of these without any item",
        count(files, |file| file.work && file.items == 0),
    );
    row(
        "state unknown though the author gives a word",
        count(files, |file| file.unknown_state.is_some()),
    );
    row("relation files", survey.relation_files);
    row("relations stated in them", survey.stated_relations);

    matrix(files, "Dialect given to the files of each folder", |file| {
        file.dialect.clone()
    });
    matrix(
        files,
        "Kind given to the listed files of each folder",
        |file| {
            if file.listed {
                file.kind.clone()
            } else {
                "(not listed)".to_owned()
            }
        },
    );
    for (title, keep) in [
        ("Panics", (|file| file.panic.is_some()) as fn(&File) -> bool),
        ("Unreadable", |file| file.unreadable.is_some()),
        ("Plans and task lists without any item", |file| {
            file.work && file.items == 0
        }),
        ("Listed files that fell to the generic reader", |file| {
            file.listed && file.dialect == "generic" && !file.corpus.starts_with('f')
        }),
    ] {
        list(files, title, keep);
    }
    tally(
        "Words for a state that no table holds",
        files.iter().filter_map(|file| file.unknown_state.clone()),
    );
    tally(
        "Diagnostics",
        files.iter().flat_map(|file| file.codes.iter().cloned()),
    );

    line("\n## Slowest ten\n\n| ms | bytes | file |\n|--:|--:|---|");
    let mut slowest: Vec<&File> = files.iter().collect();
    slowest.sort_by(|a, b| b.seconds.total_cmp(&a.seconds));
    for file in slowest.iter().take(10) {
        line(&format!(
            "| {:.2} | {} | {} |",
            file.seconds * 1e3,
            file.bytes,
            file.path
        ));
    }

    line("\n## `plan list --all --json` in each repository\n");
    line("| repository | exit | ms | documents | unreadable |\n|---|--:|--:|--:|--:|");
    for call in calls {
        line(&format!(
            "| {} | {} | {:.0} | {} | {} |",
            call.repository,
            call.code
                .map_or_else(|| "signal".to_owned(), |code| code.to_string()),
            call.seconds * 1e3,
            call.documents
                .map_or_else(|| "-".to_owned(), |documents| documents.to_string()),
            call.unreadable,
        ));
    }
}

fn row(what: &str, figure: impl std::fmt::Display) {
    line(&format!("| {what} | {figure} |"));
}

fn count(files: &[File], keep: impl Fn(&File) -> bool) -> usize {
    files.iter().filter(|file| keep(file)).count()
}

fn sum(files: &[File], of: impl Fn(&File) -> usize) -> usize {
    files.iter().map(of).sum()
}

/// How many files of each corpus folder have each value.
fn matrix(files: &[File], title: &str, value: impl Fn(&File) -> String) {
    let mut cells: BTreeMap<(&str, String), usize> = BTreeMap::new();
    for file in files
        .iter()
        .filter(|file| file.panic.is_none() && file.unreadable.is_none())
    {
        *cells.entry((&file.corpus, value(file))).or_default() += 1;
    }
    let mut columns: Vec<&String> = cells.keys().map(|(_, column)| column).collect();
    columns.sort();
    columns.dedup();
    let mut rows: Vec<&str> = cells.keys().map(|(row, _)| *row).collect();
    rows.dedup();
    line(&format!("\n## {title}\n"));
    let names: Vec<&str> = columns.iter().map(|column| column.as_str()).collect();
    line(&format!("| | {} |", names.join(" | ")));
    line(&format!("|---|{}", "--:|".repeat(columns.len())));
    for row in rows {
        let figures: Vec<String> = columns
            .iter()
            .map(|column| {
                cells
                    .get(&(row, (*column).clone()))
                    .map_or(String::new(), usize::to_string)
            })
            .collect();
        line(&format!("| {row} | {} |", figures.join(" | ")));
    }
}

fn list(files: &[File], title: &str, keep: fn(&File) -> bool) {
    let kept: Vec<&File> = files.iter().filter(|file| keep(file)).collect();
    if kept.is_empty() {
        return;
    }
    line(&format!("\n## {title} ({})\n", kept.len()));
    // Every n-th, so that one repository does not fill the list.
    for file in kept.iter().step_by(kept.len().div_ceil(NAMED)) {
        let more = file.panic.as_deref().or(file.unreadable.as_deref());
        let shape = format!(
            "{}, {}, {} bytes, {} phases, {} items",
            file.dialect, file.kind, file.bytes, file.phases, file.items
        );
        line(&format!("- `{}`: {}", file.path, more.unwrap_or(&shape)));
    }
}

fn tally(title: &str, words: impl Iterator<Item = String>) {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for word in words {
        *counts.entry(word).or_default() += 1;
    }
    if counts.is_empty() {
        return;
    }
    let mut sorted: Vec<(String, usize)> = counts.into_iter().collect();
    sorted.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    line(&format!("\n## {title}\n\n| | files |\n|---|--:|"));
    for (word, count) in sorted.iter().take(NAMED) {
        let short: String = word.chars().take(60).collect();
        line(&format!("| {} | {count} |", short.replace('|', "\\|")));
    }
}
