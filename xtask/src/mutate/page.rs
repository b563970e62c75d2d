//! A Markdown file as somebody sees it who edits it by hand: lines, headings, boxes, keys.
//!
//! This knows nothing of how Planwright reads a file, so that both cannot err in the same way. Lines
//! count from 1, as in findings.

use std::ops::RangeInclusive;

/// A file and its lines.
#[derive(Debug)]
pub(crate) struct Page<'a> {
    pub(crate) path: &'a str,
    pub(crate) text: &'a str,
    lines: Vec<&'a str>,
    /// What each line is.
    places: Vec<Place>,
}

/// Where a line stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Front,
    Code,
    Text,
}

/// A line `key: value` of the front matter.
#[derive(Clone, Debug)]
pub(crate) struct Key<'a> {
    pub(crate) line: usize,
    pub(crate) indent: usize,
    pub(crate) name: &'a str,
    pub(crate) value: &'a str,
    /// The last line that belongs to it: lists and nested keys stand below.
    pub(crate) end: usize,
}

/// A heading and the last line below it that is its own or a smaller heading's.
#[derive(Clone, Debug)]
pub(crate) struct Heading<'a> {
    pub(crate) line: usize,
    pub(crate) level: usize,
    pub(crate) title: &'a str,
    pub(crate) end: usize,
}

/// A list entry with a box.
#[derive(Clone, Debug)]
pub(crate) struct Tick<'a> {
    pub(crate) line: usize,
    /// All before the mark.
    before: &'a str,
    pub(crate) mark: char,
    /// All behind the closing bracket.
    pub(crate) text: &'a str,
}

impl Tick<'_> {
    pub(crate) fn is_open(&self) -> bool {
        self.mark == ' '
    }

    /// The line with another mark.
    pub(crate) fn marked(&self, mark: &str) -> String {
        format!("{}{mark}]{}", self.before, self.text)
    }

    pub(crate) fn indent(&self) -> usize {
        self.before.len() - self.before.trim_start().len()
    }
}

/// A line that says how far the document is.
#[derive(Clone, Debug)]
pub(crate) struct Status<'a> {
    pub(crate) line: usize,
    before: &'a str,
    pub(crate) word: &'a str,
    pub(crate) is_front: bool,
}

impl Status<'_> {
    /// The line with another word.
    pub(crate) fn saying(&self, word: &str) -> String {
        format!("{}{word}", self.before)
    }
}

impl<'a> Page<'a> {
    pub(crate) fn new(path: &'a str, text: &'a str) -> Self {
        let lines: Vec<&str> = text.lines().collect();
        let mut places = vec![Place::Text; lines.len()];
        let mut at = 0;
        if lines.first() == Some(&"---")
            && let Some(end) = lines.iter().skip(1).position(|line| *line == "---")
        {
            at = end + 2;
            places[..at].fill(Place::Front);
        }
        let mut fence: Option<String> = None;
        for (line, place) in lines.iter().zip(&mut places).skip(at) {
            let trimmed = line.trim_start();
            let marks: String = trimmed
                .chars()
                .take_while(|c| matches!(c, '`' | '~'))
                .collect();
            match &fence {
                Some(open) => {
                    *place = Place::Code;
                    if marks.starts_with(open) && trimmed.trim_end() == marks {
                        fence = None;
                    }
                }
                None if marks.len() >= 3 => {
                    *place = Place::Code;
                    fence = Some(marks);
                }
                None => {}
            }
        }
        Self {
            path,
            text,
            lines,
            places,
        }
    }

    pub(crate) fn count(&self) -> usize {
        self.lines.len()
    }

    /// A line without its end.
    pub(crate) fn line(&self, number: usize) -> &'a str {
        self.lines.get(number - 1).copied().unwrap_or_default()
    }

    /// The lines of text outside of front matter and code.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (usize, &'a str)> + '_ {
        let lines = self.lines.iter().zip(&self.places).enumerate();
        lines
            .filter(|(_, (_, place))| **place == Place::Text)
            .map(|(at, (line, _))| (at + 1, *line))
    }

    /// The name of the file without its folders and its last ending.
    pub(crate) fn stem(&self) -> &'a str {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        name.strip_suffix(".md").unwrap_or(name)
    }

    pub(crate) fn folder(&self) -> &'a str {
        self.path.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// The line of `---` that closes the front matter.
    pub(crate) fn front_end(&self) -> Option<usize> {
        let count = self.places.iter().take_while(|p| **p == Place::Front);
        Some(count.count()).filter(|end| *end > 0)
    }

    /// The keys of the front matter, nested ones too.
    pub(crate) fn keys(&self) -> Vec<Key<'a>> {
        let mut keys: Vec<Key<'a>> = Vec::new();
        let end = self.front_end().unwrap_or(0);
        for number in 2..end {
            let line = self.line(number);
            let trimmed = line.trim_start();
            let indent = line.len() - trimmed.len();
            let pair = trimmed.split_once(':');
            let pair = pair.filter(|(name, _)| {
                let is_word = |c: char| c.is_alphanumeric() || c == '_';
                !name.is_empty() && name.chars().all(is_word)
            });
            match pair {
                Some((name, value)) => keys.push(Key {
                    line: number,
                    indent,
                    name,
                    value: value.trim(),
                    end: number,
                }),
                None => {
                    for key in keys.iter_mut().rev().take(1) {
                        key.end = number;
                    }
                }
            }
        }
        // A key with nested ones ends where the last of them does.
        for at in (0..keys.len()).rev() {
            let indent = keys[at].indent;
            let below = keys[at + 1..]
                .iter()
                .take_while(|key| key.indent > indent)
                .last();
            if let Some(last) = below {
                keys[at].end = last.end;
            }
        }
        keys
    }

    pub(crate) fn key(&self, name: &str) -> Option<Key<'a>> {
        self.keys().into_iter().find(|key| key.name == name)
    }

    pub(crate) fn headings(&self) -> Vec<Heading<'a>> {
        let mut all: Vec<Heading<'a>> = Vec::new();
        for (line, text) in self.texts() {
            let level = text.bytes().take_while(|b| *b == b'#').count();
            if level > 0 && text[level..].starts_with(' ') {
                let title = text[level..].trim();
                all.push(Heading {
                    line,
                    level,
                    title,
                    end: self.count(),
                });
            }
        }
        for at in 0..all.len() {
            let next = all[at + 1..]
                .iter()
                .find(|next| next.level <= all[at].level);
            if let Some(next) = next {
                all[at].end = next.line - 1;
            }
        }
        all
    }

    /// The first heading whose title begins so, in any case.
    pub(crate) fn heading(&self, words: &str) -> Option<Heading<'a>> {
        let is_it = |heading: &Heading<'_>| {
            let title = heading.title.to_lowercase();
            title.starts_with(&words.to_lowercase())
        };
        self.headings().into_iter().find(is_it)
    }

    /// The boxes of a range of lines.
    pub(crate) fn ticks_in(&self, lines: RangeInclusive<usize>) -> Vec<Tick<'a>> {
        let ticks = self.texts().filter_map(|(line, text)| {
            let bare = text.trim_start();
            let rest = bare.strip_prefix("- [").or(bare.strip_prefix("* ["))?;
            let mark = rest.chars().next()?;
            let behind = rest[mark.len_utf8()..].strip_prefix(']')?;
            let before = &text[..text.len() - rest.len()];
            lines.contains(&line).then_some(Tick {
                line,
                before,
                mark,
                text: behind,
            })
        });
        ticks.collect()
    }

    pub(crate) fn ticks(&self) -> Vec<Tick<'a>> {
        self.ticks_in(1..=self.count())
    }

    /// The boxes that are tasks to everybody: not those of gates, questions, criteria, checklists.
    pub(crate) fn tasks(&self) -> Vec<Tick<'a>> {
        const OTHERS: [&str; 12] = [
            "exit",
            "question",
            "criteria",
            "deliverable",
            "constitution",
            "verification",
            "quality",
            "readiness",
            "completeness",
            "exit gate",
            "blockers",
            "definition",
        ];
        let mut is_other = false;
        let mut owners = Vec::new();
        for (line, text) in self.texts() {
            let is_label = text.starts_with("**") && text.trim_end().ends_with(":**")
                || text == "Exit criteria:";
            if text.starts_with('#') || is_label {
                let text = text.to_lowercase();
                is_other = OTHERS.iter().any(|word| text.contains(word));
            }
            owners.push((line, is_other));
        }
        let mut ticks = self.ticks();
        ticks.retain(|tick| !owners.contains(&(tick.line, true)));
        ticks
    }

    /// Every line that says how far the document is.
    pub(crate) fn statuses(&self) -> Vec<Status<'a>> {
        let mut all: Vec<Status<'a>> = Vec::new();
        if let Some(key) = self.key("status") {
            let line = self.line(key.line);
            let before = &line[..line.len() - line.trim_end().len().min(key.value.len())];
            all.push(Status {
                line: key.line,
                before,
                word: key.value,
                is_front: true,
            });
        }
        let first_part = self
            .headings()
            .iter()
            .find(|h| h.level == 2)
            .map_or(30, |h| h.line);
        for (line, text) in self.texts().take_while(|(line, _)| *line < first_part) {
            for label in ["**Status:** ", "**Status**: ", "Status: "] {
                if let Some(word) = text.strip_prefix(label) {
                    all.push(Status {
                        line,
                        before: &text[..label.len()],
                        word: word.trim_end(),
                        is_front: false,
                    });
                }
            }
        }
        all
    }

    /// The text with a line in place of another; without it where the new one is empty.
    pub(crate) fn with_line(&self, number: usize, line: &str) -> String {
        self.with_lines(number..=number, line)
    }

    /// The text with other lines in place of some.
    pub(crate) fn with_lines(&self, numbers: RangeInclusive<usize>, new: &str) -> String {
        let mut text = String::with_capacity(self.text.len() + new.len() + 1);
        let push = |text: &mut String, line: &str| {
            text.push_str(line);
            text.push('\n');
        };
        for (at, line) in self.lines.iter().enumerate() {
            if at + 1 == *numbers.start() && !new.is_empty() {
                push(&mut text, new.trim_end_matches('\n'));
            }
            if !numbers.contains(&(at + 1)) {
                push(&mut text, line);
            }
        }
        text
    }

    /// The text with lines behind a line; before the first for 0.
    pub(crate) fn with_after(&self, number: usize, new: &str) -> String {
        let mut text = String::with_capacity(self.text.len() + new.len() + 1);
        for at in 0..=self.lines.len() {
            if at > 0 {
                text.push_str(self.lines[at - 1]);
                text.push('\n');
            }
            if at == number {
                text.push_str(new.trim_end_matches('\n'));
                text.push('\n');
            }
        }
        text
    }

    /// The text without some lines.
    pub(crate) fn without(&self, numbers: RangeInclusive<usize>) -> String {
        self.with_lines(numbers, "")
    }
}
