//! Lines of ours between two markers, in a file that may belong to others.
//!
//! The first marker names the hosts for which the lines stand there, so that they stay until the last
//! of them goes, and holds a hash of the lines, which tells an edit from an older version. Lines that
//! are put behind others have one line ending before them, and nothing else of the file is touched.

use crate::host::Comment;
use crate::json::newline;
use crate::part::{Problem, Standing, line_of};

/// The lines and where they stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Block {
    /// The first byte of the first marker.
    pub(crate) start: usize,
    /// Behind the line of the last marker.
    pub(crate) end: usize,
    /// The hosts that have it.
    pub(crate) hosts: Vec<String>,
    hash: String,
    lines: String,
    newline: &'static str,
}

impl Comment {
    const fn signs(self) -> (&'static str, &'static str) {
        match self {
            Self::Markup => ("<!-- ", " -->"),
            Self::Hash => ("# ", ""),
            Self::Slashes => ("// ", ""),
        }
    }
}

impl Block {
    /// Finds the lines.
    pub(crate) fn find(text: &str, comment: Comment) -> Result<Option<Self>, Problem> {
        let (open, close) = comment.signs();
        let marker = |line: &str, word: &str| {
            let line = line.trim_end().strip_prefix(open)?.strip_suffix(close)?;
            Some(line.strip_prefix(word)?.trim().to_owned())
        };
        let mut found: Option<(Self, usize)> = None;
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            let end = at + line.len();
            if let Some((block, body)) = &mut found {
                if marker(line, "planwright:end setup").is_some() {
                    block.end = end;
                    block.lines = text[*body..at].replace("\r\n", "\n");
                    return Ok(found.map(|(block, _)| block));
                }
            } else if let Some((hosts, hash)) = marker(line, "planwright:begin setup ")
                .as_deref()
                .and_then(|words| words.split_once(' '))
            {
                let block = Self {
                    start: at,
                    end,
                    hosts: hosts.split(',').map(str::to_owned).collect(),
                    hash: hash.to_owned(),
                    lines: String::new(),
                    newline: if line.ends_with("\r\n") { "\r\n" } else { "\n" },
                };
                found = Some((block, end));
            }
            at = end;
        }
        match found {
            None => Ok(None),
            Some((block, _)) => Err(Problem {
                line: line_of(text, block.start),
                message: "the end of what `plan setup` wrote is missing".to_owned(),
            }),
        }
    }

    /// Whether it holds what it should, for a host.
    pub(crate) fn standing(&self, host: &str, lines: &str) -> Standing {
        if !self.has(host) {
            Standing::Absent
        } else if self.hash != hash(&self.lines) {
            Standing::Edited
        } else if self.lines != lines {
            Standing::Older
        } else {
            Standing::Current
        }
    }

    fn has(&self, host: &str) -> bool {
        self.hosts.iter().any(|name| name == host)
    }

    /// The text with the lines renewed, for one more host.
    pub(crate) fn renewed(&self, text: &str, comment: Comment, host: &str, lines: &str) -> String {
        let mut hosts = self.hosts.clone();
        if !self.has(host) {
            hosts.push(host.to_owned());
            hosts.sort_unstable();
        }
        let new = rendered(comment, &hosts, lines, self.newline);
        format!("{}{new}{}", &text[..self.start], &text[self.end..])
    }

    /// The text without the lines, or with the lines for the other hosts alone.
    pub(crate) fn without(&self, text: &str, comment: Comment, host: &str) -> String {
        if !self.has(host) {
            return text.to_owned();
        }
        let others = self.hosts.iter().filter(|name| *name != host);
        let others: Vec<String> = others.cloned().collect();
        if others.is_empty() {
            return self.cut(text);
        }
        let marker = begin(comment, &others, &self.hash, self.newline);
        let first = text[self.start..]
            .find('\n')
            .map_or(self.end, |at| self.start + at + 1);
        format!("{}{marker}{}", &text[..self.start], &text[first..])
    }

    /// The text without the lines.
    pub(crate) fn cut(&self, text: &str) -> String {
        let (before, behind) = (&text[..self.start], &text[self.end..]);
        let kept = before.strip_suffix(self.newline).unwrap_or(before);
        // What others wrote behind it must not join the line above.
        let kept = if behind.is_empty() || kept.is_empty() || kept.ends_with('\n') {
            kept
        } else {
            before
        };
        format!("{kept}{behind}")
    }
}

/// A text with lines at its end.
pub(crate) fn appended(text: &str, comment: Comment, host: &str, lines: &str) -> String {
    let newline = newline(text);
    let block = rendered(comment, &[host.to_owned()], lines, newline);
    format!("{text}{newline}{block}")
}

/// A new file.
pub(crate) fn created(head: &str, comment: Comment, host: &str, lines: &str) -> String {
    let block = rendered(comment, &[host.to_owned()], lines, "\n");
    format!("{head}{block}")
}

fn rendered(comment: Comment, hosts: &[String], lines: &str, newline: &str) -> String {
    let (open, close) = comment.signs();
    let begin = begin(comment, hosts, &hash(lines), newline);
    let lines = lines.replace('\n', newline);
    format!("{begin}{lines}{open}planwright:end setup{close}{newline}")
}

fn begin(comment: Comment, hosts: &[String], hash: &str, newline: &str) -> String {
    let (open, close) = comment.signs();
    let hosts = hosts.join(",");
    format!("{open}planwright:begin setup {hosts} {hash}{close}{newline}")
}

fn hash(lines: &str) -> String {
    blake3::hash(lines.as_bytes())
        .to_hex()
        .chars()
        .take(8)
        .collect()
}
