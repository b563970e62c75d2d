//! What a session did: while it held claims, and as its host told.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::record::Actor;

/// How many acts of a session are kept: the latest.
const KEPT: usize = 200;

/// A session that held a claim, or whose host told of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Who.
    pub actor: Actor,
    /// The model that it is, where told.
    pub model: Option<String>,
    /// The program that it runs in, where that told.
    #[serde(default)]
    pub host: Option<Host>,
    /// When it began or took its first claim, in seconds since the Unix epoch.
    pub started: i64,
    /// When it did something last.
    pub last: i64,
    /// When it came to rest last, where it did and has not gone on since.
    #[serde(default)]
    pub ended: Option<i64>,
    /// The files that it edited, from the root, as its host told; the first ones.
    #[serde(default)]
    pub files: Vec<String>,
    /// What it did, oldest first.
    pub acts: Vec<Act>,
    /// The fencing number of each claim that it took and did not give back, by slug.
    pub(crate) tokens: BTreeMap<String, u64>,
    /// What it was told, by what it was about: a number that stands for the words.
    #[serde(default)]
    told: BTreeMap<String, u64>,
}

/// A program that agents run in, and how it calls a session.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Host {
    /// The program.
    pub name: String,
    /// Its own name for the session.
    pub id: String,
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
    pub(crate) fn new(actor: &Actor, now: i64) -> Self {
        Self {
            actor: actor.clone(),
            started: now,
            ..Self::default()
        }
    }

    pub(crate) fn note(&mut self, act: Act) {
        self.last = self.last.max(act.at);
        self.acts.push(act);
        let surplus = self.acts.len().saturating_sub(KEPT);
        self.acts.drain(..surplus);
    }

    /// Notes that it edited a file. False where that was known.
    pub fn edit(&mut self, path: &str) -> bool {
        let is_news = !self.files.iter().any(|known| known == path) && self.files.len() < KEPT;
        if is_news {
            self.files.push(path.to_owned());
        }
        is_news
    }

    /// True where it is told these words about something for the first time, or other words since.
    pub fn hear(&mut self, about: &str, words: &str) -> bool {
        let stands_for = rapidhash::v3::rapidhash_v3(words.as_bytes());
        let is_known = self.told.get(about) == Some(&stands_for);
        if !is_known {
            if self.told.len() >= KEPT {
                self.told.clear();
            }
            self.told.insert(about.to_owned(), stands_for);
        }
        !is_known
    }

    /// True where it was told something about this.
    pub fn knows(&self, about: &str) -> bool {
        self.told.contains_key(about)
    }

    /// Forgets what it was told about things of some beginning, because it does not know it any more.
    pub fn forget(&mut self, beginning: &str) {
        self.told.retain(|about, _| !about.starts_with(beginning));
    }

    /// True where it holds nothing any more by its own account.
    pub fn is_over(&self) -> bool {
        self.tokens.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_said_twice() {
        let mut session = Session::default();
        assert!(session.hear("a.rs", "binds"));
        assert!(!session.hear("a.rs", "binds"));
        assert!(session.hear("a.rs", "binds more"));
        assert!(session.hear("b.rs", "binds"));
        session.forget("a");
        assert!(session.hear("a.rs", "binds more") && !session.hear("b.rs", "binds"));
    }

    #[test]
    fn sessions_of_older_versions_are_read() {
        let text = r#"{"actor": {"name": "ann", "session": "1"}, "model": null, "started": 1,
            "last": 2, "acts": [], "tokens": {}}"#;
        let session: Session = serde_json::from_str(text).unwrap();
        assert_eq!((session.last, session.ended), (2, None));
    }
}
