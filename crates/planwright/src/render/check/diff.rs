use planwright_ops::check::Answer;
use similar::TextDiff;

use super::super::line::{Line, Page, Paint};
use super::super::style::Style;
use super::super::text::clean;

/// What fixes would change, as a unified diff that `git apply` takes where it goes into a file.
pub(crate) fn diff(answer: &Answer, style: &Style) -> String {
    let mut out = String::new();
    for fixed in &answer.fixed {
        let [before, after] =
            [&fixed.before, &fixed.after].map(|bytes| String::from_utf8_lossy(bytes).into_owned());
        let diff = TextDiff::from_lines(&before, &after);
        let text = diff
            .unified_diff()
            .context_radius(3)
            .header(&format!("a/{}", fixed.path), &format!("b/{}", fixed.path))
            .to_string();
        if style.height.is_none() && !style.color {
            // Not for a person: every byte as it is.
            out.push_str(&text);
            continue;
        }
        let mut page = Page::new();
        for line in text.lines() {
            let paint = match line.as_bytes().first() {
                Some(b'+') => Paint::Good,
                Some(b'-') => Paint::Bad,
                Some(b'@') => Paint::Note,
                _ => Paint::Plain,
            };
            page.push(Line::new().paint(paint, clean(line)));
        }
        out.push_str(&page.finish(style));
    }
    out
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::render::check::example;

    #[test]
    fn a_fix_is_a_diff() {
        assert_snapshot!(diff(&example::answer(), &Style::default()));
    }
}
