//! Commands that plans name for their verification: which of them a person trusts, how they are run,
//! what came of it.
//!
//! Trust and outcomes are kept beside the locks, outside of the repository: nothing in a repository
//! can give itself trust. Both belong to the repository at one place on one machine.

mod covers;
mod ledger;
mod mask;
mod run;
mod shell;
mod tail;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

pub use covers::fingerprint;
pub use ledger::{Ledger, LedgerError};
pub use run::{End, INSIDE, Job, Outcome, run};
pub use shell::{Call, obstacle};

/// A command as it would be run. What differs in one byte is another.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Key {
    /// Its text.
    pub text: String,
    /// The folder from the root; empty for the root.
    pub directory: String,
    /// The shell that its block is written for.
    pub shell: Option<String>,
}

/// A command that a person trusts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trusted {
    /// The command.
    pub key: Key,
    /// Since when, in seconds since the Unix epoch.
    pub since: i64,
}

/// What came of a command when it was last run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The command.
    pub key: Key,
    /// What it is to prove, as paths from the root.
    pub files: Vec<String>,
    /// When, in seconds since the Unix epoch.
    pub time: i64,
    /// How it ended.
    pub end: End,
    /// How long it took, in milliseconds.
    pub milliseconds: u64,
    /// The commit that was checked out.
    pub commit: Option<String>,
    /// True where files differed from that commit.
    pub dirty: bool,
    /// What the files held; `None` where they could not be read.
    pub content: Option<String>,
}

/// The folder that a document names for its commands, if it is one inside of the root, which is free
/// of links.
///
/// # Errors
/// What is wrong with it.
pub fn folder(root: &Path, directory: &str) -> Result<PathBuf, String> {
    let found = root
        .join(directory)
        .canonicalize()
        .map_err(|error| format!("`{directory}`: {}", crate::sys::reason(&error)))?;
    if !found.starts_with(root) {
        return Err(format!("`{directory}` leads out of the repository"));
    }
    if !found.is_dir() {
        return Err(format!("`{directory}` is no folder"));
    }
    Ok(found)
}
