//! Answers as text for a terminal. Every function here is pure: answer and style to text.

mod bar;
pub(crate) mod board;
pub(crate) mod brief;
pub(crate) mod change;
pub(crate) mod check;
pub(crate) mod claims;
pub(crate) mod convert;
pub(crate) mod dialects;
mod diff;
pub(crate) mod doctor;
pub(crate) mod document;
pub(crate) mod error;
pub(crate) mod explain;
pub(crate) mod graph;
pub(crate) mod item;
mod line;
pub(crate) mod links;
pub(crate) mod list;
mod log;
pub(crate) mod new;
pub(crate) mod next;
mod records;
pub(crate) mod resume;
pub(crate) mod search;
pub(crate) mod setup;
mod signs;
pub(crate) mod status;
mod style;
mod table;
mod text;
pub(crate) mod verify;

pub(crate) use style::{Stand, Style};

use line::{Line, Page, Paint};
use planwright_ops::Unreadable;

/// The last line of every page that should have shown a file that could not be read.
fn unreadable(page: &mut Page, files: &[Unreadable], style: &Style) {
    let [first, rest @ ..] = files else { return };
    let count = files.len();
    let files = if count == 1 {
        "1 file"
    } else {
        &format!("{count} files")
    };
    let line = Line::new()
        .paint(Paint::Bad, style.signs().warning)
        .plain(format!(" {files} could not be read: "))
        .path(Paint::Plain, &first.path, style)
        .dim(format!(" ({})", first.reason));
    page.push(match rest.len() {
        0 => line,
        more => line.dim(format!(", and {more} more")),
    });
}

/// `1 task`, `2 tasks`.
fn counted(n: u32, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// How long ago, in one or two digits and a unit.
fn age(days: i64) -> String {
    match days {
        0 => "today".to_owned(),
        1..14 => format!("{days}d"),
        14..61 => format!("{}w", days / 7),
        61..730 => format!("{}mo", days * 12 / 365),
        _ => format!("{}y", days / 365),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_short() {
        let cases = [
            (0, "today"),
            (1, "1d"),
            (13, "13d"),
            (14, "2w"),
            (60, "8w"),
            (61, "2mo"),
        ];
        for (days, expected) in cases.into_iter().chain([(729, "23mo"), (730, "2y")]) {
            assert_eq!(age(days), expected);
        }
    }
}
