//! The grammar of a rule's page.
//!
//! Under `## Wrong` and `## Right` (or a `###` heading below one of them, which begins a further
//! case) files are shown in fenced blocks, each below a line that is its path and a colon:
//!
//! ````markdown
//! `docs/plans/search.md`:
//!
//! ```markdown
//! # Search
//! ```
//! ````
//!
//! - `` `x.md`, committed 2026-01-02: `` puts the file into the git history on that day. Files of one
//!   day are one commit; what is shown without a day is the working tree.
//! - `` `x.md`, committed 2026-01-02 on topic: `` puts it on a branch that leaves `main` there, and
//!   `on origin/topic` on what was fetched of one; `main` follows `origin/main`. The branch of the last
//!   commit that is no fetched one is checked out.
//! - `` `x.md`, removed 2026-01-02. `` takes it away again, with the commit of that day.
//! - `` `x.md`, fixed: `` shows the file as `--fix` leaves it.
//! - A ```` ```text ```` block in a wrong case holds the findings, `path:line:column: message`.
//! - `` ```markdown escaped `` reads `\r`, `\0` and `\xNN` as those bytes.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// One example.
#[derive(Debug, Default)]
pub(crate) struct Case {
    pub(crate) wrong: bool,
    pub(crate) line: usize,
    pub(crate) files: Vec<Block>,
    pub(crate) findings: Option<Block>,
    /// Where a missing block of findings belongs.
    pub(crate) end: usize,
}

/// What a file's block is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Tree,
    Committed(String),
    Removed(String),
    Fixed,
}

/// A fenced block with a path.
#[derive(Debug)]
pub(crate) struct Block {
    pub(crate) path: String,
    pub(crate) role: Role,
    pub(crate) content: Vec<u8>,
    /// The bytes of the page between the fences.
    pub(crate) inner: Range<usize>,
}

/// The cases of a page in their order.
pub(crate) fn cases(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut wrong = None;
    let mut label: Option<(String, String)> = None;
    let mut events = Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter();
    while let Some((event, range)) = events.next() {
        match event {
            Event::Start(Tag::Heading { level, .. }) if level <= HeadingLevel::H3 => {
                let title = text[range.clone()].trim_start_matches('#').trim();
                if level <= HeadingLevel::H2 {
                    wrong = match title {
                        "Wrong" => Some(true),
                        "Right" => Some(false),
                        _ => None,
                    };
                }
                label = None;
                if let Some(wrong) = wrong {
                    cases.push(Case {
                        wrong,
                        line: text[..range.start].lines().count() + 1,
                        ..Case::default()
                    });
                }
            }
            Event::Start(Tag::Paragraph) => {
                let words = text[range].trim();
                if let Some(case) = cases.last_mut().filter(|_| wrong.is_some())
                    && let Some((path, day)) = removed(words)
                {
                    case.files.push(Block {
                        path: path.to_owned(),
                        role: Role::Removed(day.to_owned()),
                        content: Vec::new(),
                        inner: 0..0,
                    });
                }
                label = words
                    .strip_prefix('`')
                    .and_then(|rest| rest.split_once('`'))
                    .and_then(|(path, rest)| {
                        let role = rest.strip_suffix(':')?.trim_start_matches([',', ' ']);
                        Some((path.to_owned(), role.to_owned()))
                    });
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                let (mut content, mut inner) = (String::new(), None::<Range<usize>>);
                for (event, range) in events.by_ref() {
                    match event {
                        Event::Text(words) => {
                            content.push_str(&words);
                            let start = inner.map_or(range.start, |inner| inner.start);
                            inner = Some(start..range.end);
                        }
                        Event::End(TagEnd::CodeBlock) => break,
                        _ => {}
                    }
                }
                // An empty block has no text: its place is behind its first line.
                let first = range.start + text[range.clone()].find('\n').unwrap_or(0) + 1;
                let inner = inner.unwrap_or(first..first);
                let Some(case) = cases.last_mut().filter(|_| wrong.is_some()) else {
                    continue;
                };
                case.end = range.end;
                let (path, role) = match label.take() {
                    Some((path, role)) => (path, role),
                    None if &*info == "text" => (String::new(), String::new()),
                    None => continue,
                };
                let role = match role.as_str() {
                    "" => Role::Tree,
                    "fixed" => Role::Fixed,
                    other => Role::Committed(
                        other
                            .strip_prefix("committed ")
                            .unwrap_or_else(|| panic!("`{other}` behind the path of a file"))
                            .to_owned(),
                    ),
                };
                let content = if info.split(' ').any(|word| word == "escaped") {
                    unescape(&content)
                } else {
                    content.into_bytes()
                };
                let is_findings = path.is_empty();
                let block = Block {
                    path,
                    role,
                    content,
                    inner,
                };
                if is_findings {
                    case.findings = Some(block);
                } else {
                    case.files.push(block);
                }
            }
            _ => {}
        }
    }
    cases.retain(|case| !case.files.is_empty());
    cases
}

/// The path and the day of a line such as: "`docs/a.md`, removed 2026-01-02."
fn removed(words: &str) -> Option<(&str, &str)> {
    let (path, rest) = words.strip_prefix('`')?.split_once('`')?;
    let day = rest.strip_prefix(", removed ")?.strip_suffix('.')?;
    Some((path, day))
}

fn unescape(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.extend_from_slice(&rest.as_bytes()[..at]);
        rest = &rest[at + 1..];
        let (byte, len) = match rest.as_bytes() {
            [b'r', ..] => (b'\r', 1),
            [b'0', ..] => (0, 1),
            [b'x', ..] => (u8::from_str_radix(&rest[1..3], 16).unwrap(), 3),
            _ => (b'\\', 0),
        };
        out.push(byte);
        rest = &rest[len..];
    }
    out.extend_from_slice(rest.as_bytes());
    out
}

/// Bytes as an `escaped` block shows them, or as they are.
pub(crate) fn shown(bytes: &[u8], escaped: bool) -> String {
    let text = String::from_utf8_lossy(bytes).into_owned();
    if escaped {
        text.replace('\\', "\\\\")
            .replace('\r', "\\r")
            .replace('\0', "\\0")
    } else {
        text
    }
}
