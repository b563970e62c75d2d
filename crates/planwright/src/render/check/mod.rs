//! Findings in the forms that people and other tools read. One file a form.

pub(crate) mod concise;
pub(crate) mod diff;
mod fold;
pub(crate) mod github;
pub(crate) mod gitlab;
pub(crate) mod human;
pub(crate) mod junit;
pub(crate) mod sarif;
pub(crate) mod statistics;

#[cfg(test)]
mod example;

use planwright_model::Level;
use planwright_ops::check::Summary;

use super::counted;
use super::line::Paint;

/// The word for a level.
const fn word(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info => "info",
    }
}

const fn paint(level: Level) -> Paint {
    match level {
        Level::Error => Paint::Bad,
        Level::Warning => Paint::Warn,
        Level::Info => Paint::Note,
    }
}

/// `2 errors, 1 warning`.
fn totals(summary: &Summary) -> String {
    let parts = [
        (summary.errors, "error", "errors"),
        (summary.warnings, "warning", "warnings"),
        (summary.infos, "note", "notes"),
    ];
    let parts: Vec<String> = parts
        .into_iter()
        .filter(|(count, _, _)| *count > 0)
        .map(|(count, one, many)| counted(count, one, many))
        .collect();
    parts.join(", ")
}
