//! `plan trust`: the commands that a person lets Planwright run.

use planwright_workspace::Workspace;
use planwright_workspace::verify::{Key, Ledger, Trusted};
use schemars::JsonSchema;
use serde::Serialize;

use super::verify::{self, Check};
use crate::OpsError;

/// The commands that are trusted, or that were or are no longer by this call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Answer {
    /// The contract's name.
    #[schemars(extend("const" = "planwright/trust@1"))]
    pub schema: &'static str,
    /// `list`, `trust` or `revoke`.
    pub did: &'static str,
    /// The commands.
    pub commands: Vec<Command>,
}

/// A command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Command {
    /// Its exact text.
    pub text: String,
    /// The folder it is run in, from the root; empty for the root.
    pub directory: String,
    /// The shell that its block is written for; `null` where it needs none or `sh` does.
    pub shell: Option<String>,
    /// Since when it is or was trusted, in UTC.
    pub since: String,
}

impl Command {
    fn new(known: Trusted) -> Self {
        let since = jiff::Timestamp::from_second(known.since).unwrap_or_default();
        Self {
            text: known.key.text,
            directory: known.key.directory,
            shell: known.key.shell,
            since: since.to_string(),
        }
    }
}

fn answer(did: &'static str, commands: Vec<Trusted>) -> Answer {
    Answer {
        schema: "planwright/trust@1",
        did,
        commands: commands.into_iter().map(Command::new).collect(),
    }
}

/// All commands of the repository that are trusted.
///
/// # Errors
/// When the record cannot be read.
pub fn list(ledger: &Ledger) -> Result<Answer, OpsError> {
    Ok(answer("list", ledger.trusted()?))
}

/// Trusts commands, as a person said. The answer has those that were not trusted before.
///
/// # Errors
/// When the record cannot be read or written.
pub fn give(ledger: &Ledger, checks: &[&Check], now: i64) -> Result<Answer, OpsError> {
    let mut keys: Vec<Key> = Vec::new();
    for check in checks {
        if check.obstacle.is_none() && !keys.contains(&check.key) {
            keys.push(check.key.clone());
        }
    }
    let new = ledger.trust(&keys, now)?;
    let keys = keys.into_iter().zip(new).filter(|(_, is_new)| *is_new);
    let new = keys.map(|(key, _)| Trusted { key, since: now });
    Ok(answer("trust", new.collect()))
}

/// Trusts the commands of a document no longer, or, without one, none of the repository.
///
/// # Errors
/// When the reference names nothing, or the record cannot be read or written.
pub fn revoke(ws: &Workspace, ledger: &Ledger, name: Option<&str>) -> Result<Answer, OpsError> {
    let gone = match name {
        None => ledger.revoke(|_| true)?,
        Some(name) => {
            let checks = verify::list(ws, name, ledger)?.commands;
            ledger.revoke(|key| checks.iter().any(|check| check.key == *key))?
        }
    };
    Ok(answer("revoke", gone))
}
