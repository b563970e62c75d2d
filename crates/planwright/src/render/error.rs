use planwright_ops::{Hint, OpsError};

use super::line::{Line, Page, Paint};
use super::style::Style;

/// More names than these are counted.
const MOST: usize = 12;

/// An error and what to do next.
pub(crate) fn error(error: &OpsError, style: &Style) -> String {
    let mut page = Page::new();
    page.push(
        Line::new()
            .paint(Paint::Bad, "error")
            .plain(": ")
            .plain(&error.message),
    );
    for missing in error.missing.iter().take(MOST) {
        let name = missing.reference.as_deref().unwrap_or("");
        let gap = if name.is_empty() { "" } else { "  " };
        let line = Line::indent(4)
            .dim(format!("{} ", missing.what))
            .paint(Paint::Note, name)
            .plain(gap)
            .plain(&missing.text);
        page.push(match style.width {
            Some(columns) => line.cut(columns, style),
            None => line,
        });
    }
    if error.missing.len() > MOST {
        page.push(Line::indent(4).dim(format!("and {} more", error.missing.len() - MOST)));
    }
    for hint in &error.hints {
        match hint {
            Hint::Nearest(names) => {
                page.push(labelled("did you mean").plain(": ").append(listed(names)));
            }
            Hint::Candidates(names) => {
                page.push(labelled("it can mean").plain(":"));
                let lines = names
                    .iter()
                    .map(|name| Line::indent(4).paint(Paint::Note, name));
                page.extend(lines.take(MOST));
                if names.len() > MOST {
                    page.push(Line::indent(4).dim(format!("and {} more", names.len() - MOST)));
                }
            }
            Hint::Run(command) => page.push(labelled("try").plain(": ").plain(command)),
            Hint::Note(note) => page.push(labelled("note").plain(": ").plain(note)),
        }
    }
    page.finish(style)
}

/// A message that is no error, and what to do next.
pub(crate) fn notice(message: &str, hints: &[String], style: &Style) -> String {
    let mut page = Page::new();
    page.push(Line::new().plain(message));
    page.extend(hints.iter().map(|hint| Line::indent(2).dim(hint)));
    page.finish(style)
}

fn labelled(label: &str) -> Line {
    Line::indent(2).paint(Paint::Note, label)
}

fn listed(names: &[String]) -> Line {
    let mut line = Line::new();
    for (at, name) in names.iter().enumerate() {
        line = line.plain(if at == 0 { "" } else { ", " }).strong(name);
    }
    line
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;
    use planwright_ops::ErrorKind;

    use super::*;

    #[test]
    fn hints_follow_the_message() {
        let names = vec!["auth-api".to_owned(), "auth-web".to_owned()];
        let text = error(
            &OpsError::new(ErrorKind::Ambiguous, "`auth` can mean 2 documents")
                .with_hint(Hint::Candidates(names.clone()))
                .with_hint(Hint::Nearest(names))
                .with_hint(Hint::Run("plan list".to_owned())),
            &Style::plain(80),
        );
        assert_snapshot!(text, @r"
        error: `auth` can mean 2 documents
          it can mean:
            auth-api
            auth-web
          did you mean: auth-api, auth-web
          try: plan list
        ");
    }
}
