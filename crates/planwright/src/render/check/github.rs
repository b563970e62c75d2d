use std::fmt::Write as _;

use planwright_model::Level;
use planwright_ops::check::Answer;

/// Commands that make GitHub Actions show findings beside the lines of a change.
pub(crate) fn github(answer: &Answer) -> String {
    let mut out = String::new();
    for found in &answer.findings {
        let command = match found.level {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Info => "notice",
        };
        let message = match &found.help {
            Some(help) => format!("{}\n{help}", found.message),
            None => found.message.clone(),
        };
        let _ = write!(
            out,
            "::{command} file={},line={},col={}",
            property(&found.path),
            found.line,
            found.column
        );
        // An end column without an end line is about one line.
        if found.end_line == found.line {
            let _ = write!(out, ",endColumn={}", found.end_column);
        } else {
            let _ = write!(out, ",endLine={}", found.end_line);
        }
        let title = format!("{} {}", found.code, found.name);
        let _ = writeln!(out, ",title={}::{}", property(&title), data(&message));
    }
    if let Some(skipped) = &answer.skipped {
        let reason = data(&skipped.reason);
        let rules = data(&skipped.rules.join(", "));
        let _ = writeln!(
            out,
            "::notice title=Rules that did not run::{reason} ({rules})"
        );
    }
    out
}

/// The text of a command, in one line.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// A value in front of the text.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::render::check::example;

    #[test]
    fn a_finding_is_a_command() {
        assert_snapshot!(github(&example::answer()));
    }

    #[test]
    fn nothing_of_a_file_becomes_a_command() {
        assert_eq!(
            property("a,b:c%\n::error::x"),
            "a%2Cb%3Ac%25%0A%3A%3Aerror%3A%3Ax"
        );
    }
}
