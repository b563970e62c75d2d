use std::fmt::Write as _;

use anstyle::{AnsiColor, Effects};

use super::style::Style;
use super::text::{clean, prefix, width};

/// What a piece of text means, from which follows how it looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Paint {
    #[default]
    Plain,
    /// Beside the point.
    Dim,
    /// What the line is about.
    Strong,
    /// Goes well.
    Good,
    /// Neither goes nor stands.
    Warn,
    /// Stands.
    Bad,
    /// Worth knowing.
    Note,
    /// What was searched for.
    Hit,
}

impl Paint {
    const fn style(self) -> anstyle::Style {
        let style = anstyle::Style::new();
        match self {
            Self::Plain => style,
            Self::Dim => style.effects(Effects::DIMMED),
            Self::Strong => style.effects(Effects::BOLD),
            Self::Good => style.fg_color(Some(anstyle::Color::Ansi(AnsiColor::Green))),
            Self::Warn => style.fg_color(Some(anstyle::Color::Ansi(AnsiColor::Yellow))),
            Self::Bad => style.fg_color(Some(anstyle::Color::Ansi(AnsiColor::Red))),
            Self::Note => style.fg_color(Some(anstyle::Color::Ansi(AnsiColor::Cyan))),
            Self::Hit => style
                .fg_color(Some(anstyle::Color::Ansi(AnsiColor::Red)))
                .effects(Effects::BOLD),
        }
    }
}

#[derive(Clone, Debug)]
struct Span {
    text: String,
    paint: Paint,
    url: Option<String>,
}

/// One line of output. Text is cleaned as it is added, so that nothing of a file reaches the
/// terminal unescaped.
#[derive(Clone, Debug, Default)]
pub(crate) struct Line {
    spans: Vec<Span>,
    width: usize,
}

impl Line {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// So many spaces.
    pub(crate) fn indent(columns: usize) -> Self {
        Self::new().plain(" ".repeat(columns))
    }

    pub(crate) const fn width(&self) -> usize {
        self.width
    }

    #[must_use]
    pub(crate) fn paint(mut self, paint: Paint, text: impl AsRef<str>) -> Self {
        self.add(paint, text.as_ref(), None);
        self
    }

    #[must_use]
    pub(crate) fn plain(self, text: impl AsRef<str>) -> Self {
        self.paint(Paint::Plain, text)
    }

    #[must_use]
    pub(crate) fn dim(self, text: impl AsRef<str>) -> Self {
        self.paint(Paint::Dim, text)
    }

    #[must_use]
    pub(crate) fn strong(self, text: impl AsRef<str>) -> Self {
        self.paint(Paint::Strong, text)
    }

    /// Text that leads to a file of the repository where the terminal can be clicked.
    #[must_use]
    pub(crate) fn link(mut self, paint: Paint, text: &str, path: &str, style: &Style) -> Self {
        let url = style
            .hyperlinks
            .as_ref()
            .map(|root| format!("{root}/{}", escape(path)));
        self.add(paint, text, url);
        self
    }

    /// A path from the root, as it is written where the user stands, which leads there.
    #[must_use]
    pub(crate) fn path(self, paint: Paint, path: &str, style: &Style) -> Self {
        self.link(paint, &style.stand.shown(path), path, style)
    }

    /// `path:line`, which leads there.
    #[must_use]
    pub(crate) fn place(self, path: &str, line: u32, style: &Style) -> Self {
        let shown = style.stand.shown(path);
        self.link(Paint::Dim, &format!("{shown}:{line}"), path, style)
    }

    #[must_use]
    pub(crate) fn append(mut self, other: Self) -> Self {
        self.width += other.width;
        self.spans.extend(other.spans);
        self
    }

    /// Spaces up to a column; none when the line is already there.
    #[must_use]
    pub(crate) fn pad(self, column: usize) -> Self {
        let missing = column.saturating_sub(self.width);
        self.plain(" ".repeat(missing))
    }

    /// The line cut to some columns, an ellipsis in its last one where something is missing.
    #[must_use]
    pub(crate) fn cut(mut self, columns: usize, style: &Style) -> Self {
        if self.width <= columns {
            return self;
        }
        let mut left = columns.saturating_sub(1);
        let mut kept = Self::new();
        for span in self.spans.drain(..) {
            let (text, used) = prefix(&span.text, left);
            let whole = text.len() == span.text.len();
            kept.width += used;
            kept.spans.push(Span {
                text: text.to_owned(),
                ..span
            });
            left -= used;
            if !whole {
                break;
            }
        }
        if columns == 0 {
            kept
        } else {
            kept.dim(style.signs().ellipsis)
        }
    }

    fn add(&mut self, paint: Paint, text: &str, url: Option<String>) {
        let text = clean(text);
        self.width += width(&text);
        if !text.is_empty() {
            self.spans.push(Span { text, paint, url });
        }
    }

    fn write(&self, out: &mut String, style: &Style) {
        let end = self
            .spans
            .iter()
            .rposition(|span| !span.text.trim_end().is_empty());
        let spans = end.map_or(&[][..], |end| &self.spans[..=end]);
        for (at, span) in spans.iter().enumerate() {
            let text = if Some(at) == end {
                span.text.trim_end()
            } else {
                &span.text
            };
            let url = span.url.as_ref().filter(|_| style.hyperlinks.is_some());
            if let Some(url) = url {
                let _ = write!(out, "\x1b]8;;{url}\x1b\\");
            }
            if style.color && span.paint != Paint::Plain {
                let paint = span.paint.style();
                let _ = write!(out, "{paint}{text}{paint:#}");
            } else {
                out.push_str(text);
            }
            if url.is_some() {
                out.push_str("\x1b]8;;\x1b\\");
            }
        }
        out.push('\n');
    }
}

/// Lines.
#[derive(Clone, Debug, Default)]
pub(crate) struct Page {
    lines: Vec<Line>,
}

impl Page {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn push(&mut self, line: Line) {
        self.lines.push(line);
    }

    pub(crate) fn extend(&mut self, lines: impl IntoIterator<Item = Line>) {
        self.lines.extend(lines);
    }

    /// An empty line, unless the page is empty or already ends in one.
    pub(crate) fn gap(&mut self) {
        if self.lines.last().is_some_and(|line| line.width > 0) {
            self.lines.push(Line::new());
        }
    }

    /// The text to print, every line ended.
    pub(crate) fn finish(mut self, style: &Style) -> String {
        while self.lines.last().is_some_and(|line| line.width == 0) {
            self.lines.pop();
        }
        let mut out = String::new();
        for line in &self.lines {
            line.write(&mut out, style);
        }
        out
    }
}

/// A path in a URL.
pub(super) fn escape(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/!$&'()*+,;=:@".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(line: Line, style: &Style) -> String {
        let mut page = Page::new();
        page.push(line);
        page.finish(style)
    }

    #[test]
    fn a_line_is_cut_on_characters_and_says_so() {
        let style = Style::plain(80);
        let line = || Line::new().strong("計画").plain(" of the year");
        assert_eq!(text(line().cut(99, &style), &style), "計画 of the year\n");
        assert_eq!(text(line().cut(8, &style), &style), "計画 of…\n");
        assert_eq!(text(line().cut(4, &style), &style), "計…\n");
        assert_eq!(line().cut(8, &style).width(), 8);
        assert_eq!(line().cut(0, &style).width(), 0);
    }

    #[test]
    fn colours_and_links_are_only_written_where_they_can_be_seen() {
        let on = Style {
            color: true,
            hyperlinks: Some("file:///r".to_owned()),
            ..Style::plain(80)
        };
        let line = || {
            Line::new()
                .paint(Paint::Good, "ok")
                .plain(" ")
                .place("a b.md", 3, &on)
        };
        assert_eq!(text(line(), &Style::plain(80)), "ok a b.md:3\n");
        assert_eq!(
            text(line(), &on),
            "\x1b[32mok\x1b[0m \x1b]8;;file:///r/a%20b.md\x1b\\\x1b[2ma b.md:3\x1b[0m\x1b]8;;\x1b\\\n"
        );
    }

    #[test]
    fn nothing_of_a_file_steers_the_terminal() {
        let style = Style {
            color: true,
            ..Style::plain(80)
        };
        assert_eq!(
            text(Line::new().plain("a\x1b[2Jb\u{9d}"), &style),
            "a\\u{1b}[2Jb\\u{9d}\n"
        );
    }
}
