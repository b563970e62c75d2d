use planwright_ops::check::Answer;

use super::super::line::{Line, Page, Paint};
use super::super::style::Style;
use super::fold::{self, Entry};
use super::{paint, word};

/// One line for each finding, `path:line:column: level[rule] message`. On a screen some lines stand
/// for many that say the same; what goes elsewhere may be read by a program and is complete.
pub(crate) fn concise(answer: &Answer, all: bool, style: &Style) -> String {
    let mut page = Page::new();
    for entry in fold::fold(&answer.findings, all || style.height.is_none()) {
        let found = match entry {
            Entry::Finding(found) => found,
            Entry::More(more) => {
                page.push(more.line(style));
                continue;
            }
        };
        let path = style.stand.shown(&found.path);
        let place = format!("{path}:{}:{}", found.line, found.column);
        page.push(
            Line::new()
                .link(Paint::Plain, &place, &found.path, style)
                .plain(": ")
                .paint(paint(found.level), word(found.level))
                .plain(format!("[{}] {}", found.name, found.message)),
        );
    }
    page.finish(style)
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::render::check::example;

    #[test]
    fn a_finding_is_a_line() {
        assert_snapshot!(concise(&example::answer(), false, &Style::plain(80)));
    }

    #[test]
    fn what_is_the_same_is_told_once_on_a_screen_and_always_elsewhere() {
        let answer = example::many();
        let screen = Style {
            height: Some(24),
            ..Style::plain(80)
        };
        assert_snapshot!(concise(&answer, false, &screen));
        assert_eq!(
            concise(&answer, false, &Style::plain(80)).lines().count(),
            6
        );
        assert_eq!(concise(&answer, true, &screen).lines().count(), 6);
    }
}
