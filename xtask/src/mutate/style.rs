//! Habits of writing that change nothing about what a document says.
//!
//! Every mutant is seen in one of them, so that rules are measured on more than one hand's writing.
//! All keep the number of lines, so that places stay where they are.

use super::repository::{Bytes, Repository, ends_in};

/// A habit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    Plain,
    Crlf,
    Mark,
    Stars,
    UpperMarks,
    ColonOutside,
    ColonInside,
    NoFinalNewline,
    TrailingBlanks,
    ClosedHeadings,
}

impl Style {
    pub(crate) const ALL: [Self; 10] = [
        Self::Plain,
        Self::Crlf,
        Self::Stars,
        Self::ColonOutside,
        Self::UpperMarks,
        Self::Mark,
        Self::ColonInside,
        Self::NoFinalNewline,
        Self::TrailingBlanks,
        Self::ClosedHeadings,
    ];

    /// A repository in this habit, its history too.
    pub(crate) fn of(self, repository: &Repository) -> Repository {
        let mut changed = repository.clone();
        for (path, bytes) in &mut changed.files {
            self.write(path, bytes);
        }
        for commit in &mut changed.history {
            for (path, bytes) in &mut commit.files {
                if let Some(bytes) = bytes {
                    self.write(path, bytes);
                }
            }
        }
        changed
    }

    fn write(self, path: &str, bytes: &mut Bytes) {
        if self == Self::Plain || !ends_in(path, "md") {
            return;
        }
        if let Ok(text) = std::str::from_utf8(bytes) {
            *bytes = Bytes::from(self.text(text).into_bytes());
        }
    }

    fn text(self, text: &str) -> String {
        match self {
            Self::Plain => text.to_owned(),
            Self::Crlf => text.replace('\n', "\r\n"),
            Self::Mark => format!("\u{feff}{text}"),
            Self::NoFinalNewline => text.trim_end_matches('\n').to_owned(),
            _ => {
                let (mut is_front, mut is_code) = (text.starts_with("---\n"), false);
                let mut new = String::with_capacity(text.len() + 64);
                for (at, line) in text.lines().enumerate() {
                    let is_fence = !is_front && line.trim_start().starts_with("```");
                    is_code ^= is_fence;
                    if is_front || is_code || is_fence {
                        new.push_str(line);
                    } else {
                        new.push_str(&self.line(line));
                    }
                    is_front &= at == 0 || line != "---";
                    new.push('\n');
                }
                new
            }
        }
    }

    fn line(self, line: &str) -> String {
        let bare = line.trim_start();
        let indent = &line[..line.len() - bare.len()];
        match self {
            Self::Stars => match bare.strip_prefix("- ") {
                Some(rest) => format!("{indent}* {rest}"),
                None => line.to_owned(),
            },
            Self::UpperMarks => line.replacen("- [x] ", "- [X] ", 1),
            Self::ColonOutside if bare.starts_with("**") => line.replace(":** ", "**: "),
            Self::ColonInside if bare.starts_with("**") => line.replace("**: ", ":** "),
            Self::TrailingBlanks if bare.starts_with("**") || bare.starts_with("Status") => {
                format!("{line}  ")
            }
            Self::ClosedHeadings if bare.starts_with('#') => {
                let marks = bare.bytes().take_while(|b| *b == b'#').count();
                format!("{line} {}", &bare[..marks])
            }
            _ => line.to_owned(),
        }
    }
}
