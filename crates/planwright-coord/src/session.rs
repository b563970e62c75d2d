//! What a session did while it held claims.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::record::Actor;

/// How many acts of a session are kept: the latest.
const KEPT: usize = 200;

/// A session that held a claim.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Who.
    pub actor: Actor,
    /// The model that it is, where told.
    pub model: Option<String>,
    /// When it took its first claim, in seconds since the Unix epoch.
    pub started: i64,
    /// When it did something last.
    pub last: i64,
    /// What it did, oldest first.
    pub acts: Vec<Act>,
    /// The fencing number of each claim that it took and did not give back, by slug.
    pub(crate) tokens: BTreeMap<String, u64>,
}

/// One thing that a session did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Act {
    /// When, in seconds since the Unix epoch.
    pub at: i64,
    /// The verb.
    pub verb: String,
    /// The item or document.
    pub reference: String,
    /// The file, from the root.
    pub path: String,
    /// What it said.
    pub text: String,
}

impl Session {
    pub(crate) fn note(&mut self, act: Act) {
        self.last = self.last.max(act.at);
        self.acts.push(act);
        let surplus = self.acts.len().saturating_sub(KEPT);
        self.acts.drain(..surplus);
    }

    /// True where it holds nothing any more by its own account.
    pub fn is_over(&self) -> bool {
        self.tokens.is_empty()
    }
}
