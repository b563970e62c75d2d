use planwright_ops::check::Answer;

use super::super::line::{Line, Page, Paint};
use super::super::style::Style;
use super::{paint, word};

/// One line for each finding, `path:line:column: level[rule] message`.
pub(crate) fn concise(answer: &Answer, style: &Style) -> String {
    let mut page = Page::new();
    for found in &answer.findings {
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
        assert_snapshot!(concise(&example::answer(), &Style::plain(80)));
    }
}
