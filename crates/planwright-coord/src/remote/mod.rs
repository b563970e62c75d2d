//! Claims on a git remote: one ref for each, changed by compare-and-swap pushes.
//!
//! A ref holds a commit without parents, whose message is the record. Beside the claims stands one
//! ref more, the marker: it says which namespace is used (some servers take branches only), whether
//! the server can change several refs in one step, and the highest fencing number of the refs that
//! were removed. The remote itself remembers what was found out about it, so everybody does the same.

mod land;
mod look;
mod repository;
mod step;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::time::Duration;

use crate::git::{Git, Said};
use crate::protocol::Refusal;
use crate::record::{self, Record};

/// How long a call over the network may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long the push of a user's work may take, hooks included.
const LONG: Duration = Duration::from_mins(10);

/// How often a step is tried again while others move the same ref.
const ATTEMPTS: u32 = 8;

/// Where claims stand: a namespace of our own, else branches.
const NAMESPACES: [&str; 2] = ["refs/planwright", "refs/heads/planwright"];

/// Why the remote is of no use now.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RemoteError {
    /// It is not there, or does not answer.
    #[error("cannot reach the remote `{remote}`: {reason}")]
    Unreachable {
        /// Its name.
        remote: String,
        /// What git said.
        reason: String,
    },
    /// It does not let us.
    #[error("the remote `{remote}` takes no claims: {reason}")]
    Forbidden {
        /// Its name.
        remote: String,
        /// What it said.
        reason: String,
    },
    /// What it holds, or how it answers, makes no sense.
    #[error("the remote `{remote}` cannot be used for claims: {reason}")]
    Unfit {
        /// Its name.
        remote: String,
        /// What is wrong.
        reason: String,
    },
    /// The branch has gone on.
    #[error("{branch} on `{remote}` has commits that are not here")]
    Behind {
        /// The branch.
        branch: String,
        /// The remote.
        remote: String,
    },
}

/// Why a claim on a remote is not changed.
#[derive(Debug)]
pub(crate) enum Failure {
    Refused(Refusal),
    Remote(RemoteError),
}

impl From<RemoteError> for Failure {
    fn from(error: RemoteError) -> Self {
        Self::Remote(error)
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// A record and the object that holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) object: String,
    pub(crate) record: Record,
}

/// A remote of the repository.
#[derive(Clone, Debug)]
pub(crate) struct Remote {
    git: Git,
    name: String,
    /// What git is told: the name, or where pushes go somewhere else, that place.
    address: String,
}

impl Remote {
    /// The remote of a name, which the repository has to know.
    pub(crate) fn open(root: &Path, name: &str) -> Result<Self, RemoteError> {
        let unfit = |reason: &str| RemoteError::Unfit {
            remote: record::plain(name),
            reason: reason.to_owned(),
        };
        let is_sign = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '/');
        let is_sound = name.starts_with(|c: char| c.is_ascii_alphanumeric())
            && name.chars().all(is_sign)
            && !name.contains("..");
        if !is_sound {
            return Err(unfit("this is no name of a remote"));
        }
        let git = Git::new(root);
        let said = git.run(
            &["config", "--null", "--get-regexp", "^(core|remote)\\."],
            b"",
            PATIENCE,
        );
        let said = said.map_err(|error| unfit(&format!("git cannot be run: {error}")))?;
        let values: BTreeMap<&str, &str> = said
            .out
            .split('\0')
            .filter_map(|entry| entry.split_once('\n'))
            .collect();
        if !values.contains_key(format!("remote.{name}.url").as_str()) {
            return Err(unfit("the repository has no remote of this name"));
        }
        let pushed = values.get(format!("remote.{name}.pushurl").as_str());
        Ok(Self {
            git: git.with_ssh(values.get("core.sshcommand").copied()),
            name: name.to_owned(),
            address: pushed.map_or_else(|| name.to_owned(), |url| (*url).to_owned()),
        })
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    // What git is asked.

    fn git(&self, args: &[&str], input: &[u8]) -> Result<Said, RemoteError> {
        self.git
            .run(args, input, PATIENCE)
            .map_err(|error| self.not_run(&error))
    }

    fn not_run(&self, error: &io::Error) -> RemoteError {
        RemoteError::Unreachable {
            remote: self.name.clone(),
            reason: format!("git cannot be run: {error}"),
        }
    }

    fn unreachable(&self, said: &Said) -> RemoteError {
        RemoteError::Unreachable {
            remote: self.name.clone(),
            reason: said.reason(),
        }
    }

    pub(crate) fn unfit(&self, reason: impl Into<String>) -> RemoteError {
        RemoteError::Unfit {
            remote: self.name.clone(),
            reason: reason.into(),
        }
    }

    /// Refs of the remote that match some patterns.
    fn refs(&self, patterns: &[String]) -> Result<BTreeMap<String, String>, RemoteError> {
        let mut args = vec!["ls-remote", "--quiet", "--refs", &self.address];
        args.extend(patterns.iter().map(String::as_str));
        let said = self.git(&args, b"")?;
        if !said.is_fine {
            return Err(self.unreachable(&said));
        }
        let lines = said.out.lines().filter_map(|line| line.split_once('\t'));
        let lines = lines.filter(|(object, _)| is_object(object));
        Ok(lines
            .map(|(object, name)| (name.to_owned(), object.to_owned()))
            .collect())
    }

    /// What one ref holds.
    fn holds(&self, name: &str) -> Result<Option<String>, RemoteError> {
        Ok(self.refs(&[name.to_owned()])?.remove(name))
    }

    /// Writes a text as an object.
    fn write(&self, text: &str) -> Result<String, RemoteError> {
        let object = |kind: &str, input: &[u8]| {
            let said = self.git(&["hash-object", "-t", kind, "-w", "--stdin"], input)?;
            let object = said.out.trim().to_owned();
            if said.is_fine && is_object(&object) {
                Ok(object)
            } else {
                Err(self.unfit(format!("an object cannot be written: {}", said.reason())))
            }
        };
        let tree = object("tree", b"")?;
        // The time of a record is in its text.
        let who = "Planwright <planwright@localhost> 0 +0000";
        let commit =
            format!("tree {tree}\nauthor {who}\ncommitter {who}\n\nplanwright claim\n\n{text}\n");
        object("commit", commit.as_bytes())
    }

    /// The texts of some refs, fetched where they are not here yet. A ref that has moved on
    /// meanwhile is left out.
    fn texts(
        &self,
        refs: &BTreeMap<String, String>,
    ) -> Result<BTreeMap<String, String>, RemoteError> {
        let mut found = self.texts_here(refs)?;
        let missing: Vec<&str> = refs
            .keys()
            .filter(|name| !found.contains_key(*name))
            .map(String::as_str)
            .collect();
        if missing.is_empty() {
            return Ok(found);
        }
        let mut args = vec![
            "fetch",
            "--quiet",
            "--no-tags",
            "--no-write-fetch-head",
            "--no-recurse-submodules",
            "--refmap=",
            &self.address,
        ];
        args.extend(&missing);
        let said = self.git(&args, b"")?;
        if !said.is_fine && !said.complaint.contains("couldn't find remote ref") {
            return Err(self.unreachable(&said));
        }
        found = self.texts_here(refs)?;
        Ok(found)
    }

    fn texts_here(
        &self,
        refs: &BTreeMap<String, String>,
    ) -> Result<BTreeMap<String, String>, RemoteError> {
        const MOST: usize = 64 * 1024;
        if refs.is_empty() {
            return Ok(BTreeMap::new());
        }
        let asked: Vec<&str> = refs.values().map(String::as_str).collect();
        let asked = asked.join("\n") + "\n";
        let said = self.git(&["cat-file", "--batch"], asked.as_bytes())?;
        let mut texts = BTreeMap::new();
        let mut rest = said.out.as_str();
        for name in refs.keys() {
            let Some((head, body)) = rest.split_once('\n') else {
                break;
            };
            let size = head
                .rsplit_once(' ')
                .and_then(|(_, size)| size.parse().ok());
            let Some(size) = size.filter(|_| !head.ends_with(" missing")) else {
                rest = body;
                continue;
            };
            let content = body.get(..size).unwrap_or_default();
            rest = body.get(size + 1..).unwrap_or_default();
            if size <= MOST
                && let Some((_, text)) = content.split_once("\n\nplanwright claim\n\n")
            {
                texts.insert(name.clone(), text.trim_end().to_owned());
            }
        }
        Ok(texts)
    }

    fn nonce(&self) -> Result<String, RemoteError> {
        record::nonce().map_err(|error| self.not_run(&error))
    }
}

fn is_object(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Waits a moment, another one for everybody.
fn rest(attempt: u32) {
    let random = record::nonce().ok();
    let random = random.and_then(|nonce| u64::from_str_radix(&nonce[..4], 16).ok());
    let most = 20u64 << attempt.min(5);
    std::thread::sleep(Duration::from_millis(5 + random.unwrap_or(0) % most));
}
