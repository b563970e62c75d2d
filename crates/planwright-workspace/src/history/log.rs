//! Reads what `git log --raw -z` prints.

use std::io::{self, BufRead};

use super::facts::Timestamp;
use super::id::Id;

/// The arguments that make git print what [`read`] reads. Whatever the user's configuration could
/// change about it is stated.
///
/// A merge is compared with all its parents (`-c`), and touches what is unlike each of them: what
/// it took over as it was, other commits have touched.
pub(crate) const ARGS: [&str; 19] = [
    "-c",
    "--combined-all-paths",
    "--raw",
    "-z",
    "--no-abbrev",
    "--root",
    "--format=>%H|%P|%ad|%cd",
    "--date=raw",
    "--encoding=UTF-8",
    "--no-show-signature",
    "--no-notes",
    "--no-color",
    "--no-ext-diff",
    "--no-textconv",
    "--no-relative",
    "--no-decorate",
    "-O/dev/null",
    "--ignore-submodules=none",
    "-l500",
];

/// What a commit did to a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// It was not there before.
    Added,
    /// Its content or its mode is another.
    Modified,
    /// It is not there any more.
    Deleted,
    /// It was at another path, with the same or nearly the same content.
    Renamed,
}

impl Status {
    /// In the order of their numbers.
    pub(crate) const ALL: [Self; 4] = [Self::Added, Self::Modified, Self::Deleted, Self::Renamed];
}

/// A path that a commit touched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Touched {
    pub(crate) status: Status,
    pub(crate) path: String,
    /// Where it was before a rename.
    pub(crate) from: Option<String>,
    /// The content in each parent, where there is any and it is a file's.
    pub(crate) old: Vec<Option<Id>>,
    /// The content, where there is any and it is a file's.
    pub(crate) new: Option<Id>,
}

/// A commit as git prints it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Logged {
    pub(crate) id: Id,
    pub(crate) parents: Vec<Id>,
    pub(crate) author: Timestamp,
    pub(crate) committer: Timestamp,
    pub(crate) changes: Vec<Touched>,
}

/// Reads commits to the end of what git prints.
pub(crate) fn read(from: &mut dyn BufRead) -> io::Result<Vec<Logged>> {
    let mut commits: Vec<Logged> = Vec::new();
    let mut token = Vec::new();
    while next(from, &mut token)? {
        match token.trim_ascii_start() {
            // A merge has an empty line between its head and its paths.
            [] => {}
            [b'>', head @ ..] => commits.push(commit(head).ok_or_else(|| strange(head))?),
            [b':', raw @ ..] => {
                let raw = Raw::parse(raw).ok_or_else(|| strange(raw))?;
                let touched = raw.finish(from, &mut token)?;
                let commit = commits.last_mut().ok_or_else(|| strange(b"a path"))?;
                commit.changes.push(touched);
            }
            other => return Err(strange(other)),
        }
    }
    Ok(commits)
}

/// Reads up to the next NUL. False at the end.
fn next(from: &mut dyn BufRead, token: &mut Vec<u8>) -> io::Result<bool> {
    token.clear();
    let read = from.read_until(0, token)?;
    if token.last() == Some(&0) {
        token.pop();
    }
    Ok(read > 0)
}

fn strange(text: &[u8]) -> io::Error {
    let text = String::from_utf8_lossy(&text[..text.len().min(80)]).into_owned();
    io::Error::other(format!("git printed what it should not: `{text}`"))
}

/// `<id>|<parents>|<author date>|<committer date>`.
fn commit(head: &[u8]) -> Option<Logged> {
    let mut parts = head.trim_ascii_end().split(|byte| *byte == b'|');
    let id = Id::parse(parts.next()?)?;
    let parents = parts.next()?.split(|byte| *byte == b' ');
    let parents = parents.filter(|parent| !parent.is_empty()).map(Id::parse);
    Some(Logged {
        id,
        parents: parents.collect::<Option<_>>()?,
        author: timestamp(parts.next()?),
        committer: timestamp(parts.next()?),
        changes: Vec::new(),
    })
}

/// `1700000000 +0100`. Commits with a damaged date exist; they count as made at the epoch, as git
/// itself counts them.
fn timestamp(raw: &[u8]) -> Timestamp {
    let text = std::str::from_utf8(raw).unwrap_or("");
    let (seconds, zone) = text.split_once(' ').unwrap_or((text, ""));
    let zone: i32 = zone.parse().unwrap_or(0);
    let offset = zone / 100 * 60 + zone % 100;
    Timestamp {
        seconds: seconds.parse().unwrap_or(0),
        offset: i16::try_from(offset).unwrap_or(0),
    }
}

/// The part of a change in front of its paths: `100644 100644 <id> <id> R097`, and with as many
/// modes, ids and letters more as a merge has parents more.
struct Raw {
    old: Vec<Option<Id>>,
    new: Option<Id>,
    /// A letter for each parent.
    letters: Vec<u8>,
    is_combined: bool,
}

impl Raw {
    fn parse(raw: &[u8]) -> Option<Self> {
        let colons = raw.iter().take_while(|byte| **byte == b':').count();
        let parents = colons + 1;
        let mut words = raw[colons..].split(|byte| *byte == b' ');
        let modes: Vec<&[u8]> = words.by_ref().take(parents + 1).collect();
        let mut contents = Vec::with_capacity(parents + 1);
        for mode in &modes {
            let id = Id::parse(words.next()?)?;
            // Links and submodules have no content to be read; a missing side has none at all.
            contents.push((mode.starts_with(b"100") && !id.is_none()).then_some(id));
        }
        let letters = words.next()?.iter().copied();
        let letters: Vec<u8> = letters.filter(u8::is_ascii_uppercase).collect();
        if letters.len() != parents || words.next().is_some() {
            return None;
        }
        Some(Self {
            new: contents.pop()?,
            old: contents,
            letters,
            is_combined: colons > 0,
        })
    }

    fn all(&self, letter: u8) -> bool {
        self.letters.iter().all(|other| *other == letter)
    }

    /// Reads the paths.
    fn finish(self, from: &mut dyn BufRead, token: &mut Vec<u8>) -> io::Result<Touched> {
        let status = if self.all(b'A') || self.all(b'C') {
            Status::Added
        } else if self.all(b'D') {
            Status::Deleted
        } else if self.all(b'R') {
            Status::Renamed
        } else {
            Status::Modified
        };
        let has_source = !self.is_combined && matches!(self.letters[0], b'R' | b'C');
        let count = if self.is_combined {
            self.letters.len() + 1
        } else {
            1 + usize::from(has_source)
        };
        let mut paths = Vec::with_capacity(count);
        for _ in 0..count {
            if !next(from, token)? {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            paths.push(String::from_utf8_lossy(token).into_owned());
        }
        let path = paths.pop().unwrap_or_default();
        let source = paths.into_iter().next().filter(|from| *from != path);
        Ok(Touched {
            // Two names that differ only in bytes that are not UTF-8 are shown as one.
            status: if status == Status::Renamed && source.is_none() {
                Status::Modified
            } else {
                status
            },
            from: source.filter(|_| status == Status::Renamed),
            path,
            old: self.old,
            new: self.new,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    const B: &str = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
    const C: &str = "cccccccccccccccccccccccccccccccccccccccc";
    const ZERO: &str = "0000000000000000000000000000000000000000";

    fn read_text(text: &str) -> io::Result<Vec<Logged>> {
        read(&mut text.replace('$', "\0").as_bytes())
    }

    #[test]
    fn reads_commits_with_their_paths() {
        let commits = read_text(&format!(
            ">{A}|{B}|1700000000 +0130|-5 -0500$\n:100644 100644 {A} {B} R097$a\nb$>c$:000000 160000 {ZERO} {C} A$sub$\
             >{B}||x|9$"
        ))
        .unwrap();
        let [first, second] = commits.as_slice() else {
            panic!("{commits:?}")
        };
        assert_eq!(
            (first.author.seconds, first.author.offset),
            (1_700_000_000, 90)
        );
        assert_eq!(
            (first.committer.seconds, first.committer.offset),
            (-5, -300)
        );
        assert_eq!(first.parents, [B.parse().unwrap()]);
        assert_eq!(first.changes[0].status, Status::Renamed);
        assert_eq!(first.changes[0].from.as_deref(), Some("a\nb"));
        assert_eq!(first.changes[0].path, ">c");
        assert_eq!(
            (first.changes[1].path.as_str(), first.changes[1].new),
            ("sub", None)
        );
        assert_eq!(second.parents, []);
        assert_eq!((second.author.seconds, second.committer.seconds), (0, 9));
    }

    #[test]
    fn a_merge_touches_what_is_unlike_every_parent() {
        let commits = read_text(&format!(
            ">{A}|{B} {C}|1 +0000|1 +0000$$::100644 100644 100644 {A} {B} {C} RM$a$b$b$\
             ::100644 000000 000000 {A} {ZERO} {ZERO} DD$d$d$d$::100644 100644 100644 {A} {A} {B} RR$e$f$g$"
        ));
        let changes = &commits.unwrap()[0].changes;
        let found: Vec<_> = changes
            .iter()
            .map(|change| (change.status, change.path.as_str(), change.from.as_deref()))
            .collect();
        assert_eq!(
            found,
            [
                (Status::Modified, "b", None),
                (Status::Deleted, "d", None),
                (Status::Renamed, "g", Some("e")),
            ]
        );
        assert_eq!(changes[0].old.len(), 2);
    }

    #[test]
    fn strange_output_is_an_error_and_no_panic() {
        let raw = format!(">{A}||1 +0000|1 +0000$:100644 100644 {A} {B} M$");
        for text in ["x$", ">$", ":1$", ":::::$", &raw, &format!("{raw}a$:$")] {
            assert!(read_text(text).is_err(), "{text}");
        }
    }
}
