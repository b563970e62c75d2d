use super::line::{Line, Page, Paint};
use super::style::Style;
use super::text::clean;

/// A unified diff, which `git apply` takes where it goes into a file.
pub(crate) fn diff(text: &str, style: &Style) -> String {
    if style.height.is_none() && !style.color {
        // Not for a person: every byte as it is.
        return text.to_owned();
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
    page.finish(style)
}
