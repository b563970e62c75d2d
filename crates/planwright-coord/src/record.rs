//! What is known of a claim.

use std::fmt;

use rapidhash::v3::rapidhash_v3;
use serde::{Deserialize, Serialize};

/// Changes whenever the meaning of a field does; records of another version are not understood.
const VERSION: u32 = 1;

/// No text of a record is longer, in characters.
const MOST: usize = 400;

/// Who acts: a session, not a name. Two sessions under one name are two actors.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Actor {
    /// The name of a person or agent.
    pub name: String,
    /// What tells its sessions apart.
    pub session: String,
}

impl Actor {
    /// A session that nobody was before.
    ///
    /// # Errors
    /// When the system gives no random numbers.
    pub fn unique(name: &str) -> std::io::Result<Self> {
        let mut session = nonce()?;
        session.truncate(UNIQUE);
        Ok(Self {
            name: name.to_owned(),
            session,
        })
    }

    /// True for the session of an actor that [`Actor::unique`] made.
    pub fn is_unique(session: &str) -> bool {
        session.len() == UNIQUE
            && session
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    }
}

/// Digits of a session that nobody was before.
const UNIQUE: usize = 16;

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.name, self.session)
    }
}

/// What a claim is on: a document, or an item of it. Both names mean the same on every machine.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Key {
    /// The document.
    pub document: String,
    /// The item; `None` for the document as a whole.
    pub item: Option<String>,
}

impl Key {
    /// What stands for the document in names of files and refs.
    pub fn folder(&self) -> String {
        hex(&self.document)
    }

    /// What stands for the item below [`Key::folder`].
    pub fn leaf(&self) -> String {
        self.item.as_deref().map_or_else(|| "all".to_owned(), hex)
    }

    /// `<folder>/<leaf>`: letters and digits, the same for the same key.
    pub fn slug(&self) -> String {
        format!("{}/{}", self.folder(), self.leaf())
    }

    /// True when whoever holds the one holds the other: the same thing, or a document and its item.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.document == other.document
            && (self.item.is_none() || other.item.is_none() || self.item == other.item)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.item {
            Some(item) => write!(f, "{}#{item}", self.document),
            None => f.write_str(&self.document),
        }
    }
}

/// Eight hexadecimal digits for a text, the same everywhere and always.
pub fn digits(text: &str) -> String {
    hex(text)[..8].to_owned()
}

/// The hash is fixed for good: names that others wrote must be found again.
fn hex(name: &str) -> String {
    format!("{:016x}", rapidhash_v3(name.as_bytes()))
}

/// How a claim stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Somebody works on it.
    Held,
    /// Nobody does. The record stays, so that the fencing number cannot go back.
    Released,
    /// The work has landed.
    Done,
}

/// The thing as its holder saw it, for people.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Subject {
    /// Its reference.
    pub reference: String,
    /// The file, from the root.
    pub path: String,
    /// What it says.
    pub text: String,
}

/// A claim.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Record {
    /// Which form of record it is.
    pub version: u32,
    /// What it is on.
    pub key: Key,
    /// The same for people.
    pub subject: Subject,
    /// Grows whenever the holder changes.
    pub fence: u64,
    /// Random, so that no two records are ever the same bytes.
    pub nonce: String,
    /// How it stands.
    pub state: State,
    /// Who holds it, or did last.
    pub holder: Actor,
    /// The model that the holder is, where told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Since when, in seconds since the Unix epoch, by the holder's clock.
    pub since: i64,
    /// Until when it is held without being renewed.
    pub until: i64,
    /// For how many seconds it was taken or renewed.
    pub lease: u32,
    /// Who held it before and was not done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Actor>,
    /// Why it was taken over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The commit that landed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
}

impl Record {
    /// A claim that is held from `now` for `lease` seconds.
    pub(crate) fn held(key: Key, fence: u64, terms: &super::Terms) -> Self {
        Self {
            version: VERSION,
            key,
            subject: terms.subject.clone(),
            fence,
            nonce: terms.nonce.clone(),
            state: State::Held,
            holder: terms.actor.clone(),
            model: terms.model.clone(),
            since: terms.now,
            until: terms.now.saturating_add(i64::from(terms.lease)),
            lease: terms.lease,
            after: None,
            reason: None,
            commit: None,
        }
    }

    /// True when others may take it: its time is over, and as much again as clocks may differ.
    /// Decides only who may try.
    pub fn is_expired(&self, now: i64) -> bool {
        const MOST_SKEW: i64 = 300;
        let margin = (i64::from(self.lease) / 4).min(MOST_SKEW);
        self.state == State::Held && now > self.until.saturating_add(margin)
    }

    /// The record as text: one line of JSON.
    pub fn to_text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads a record. `None` for anything else, or one of another version.
    pub fn from_text(text: &str) -> Option<Self> {
        let mut record: Self = serde_json::from_str(text).ok()?;
        if record.version != VERSION {
            return None;
        }
        // Others wrote it, and people read it on a terminal.
        let subject = &mut record.subject;
        let actors = [Some(&mut record.holder), record.after.as_mut()];
        let names = actors.into_iter().flatten();
        let names = names.flat_map(|actor| [&mut actor.name, &mut actor.session]);
        let texts = [
            Some(&mut subject.reference),
            Some(&mut subject.path),
            Some(&mut subject.text),
            record.model.as_mut(),
            record.reason.as_mut(),
            record.commit.as_mut(),
        ];
        for text in names.chain(texts.into_iter().flatten()) {
            *text = plain(text);
        }
        Some(record)
    }
}

/// A text without control characters and of a length that can be shown.
pub(crate) fn plain(text: &str) -> String {
    let words = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    words.take(MOST).collect()
}

/// 128 random bits from the system.
pub(crate) fn nonce() -> std::io::Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(std::io::Error::other)?;
    Ok(format!("{:032x}", u128::from_le_bytes(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(document: &str, item: Option<&str>) -> Key {
        Key {
            document: document.to_owned(),
            item: item.map(str::to_owned),
        }
    }

    #[test]
    fn a_document_overlaps_its_items_and_items_only_themselves() {
        let (whole, one, two) = (key("a", None), key("a", Some("1")), key("a", Some("2")));
        assert!(whole.overlaps(&one) && one.overlaps(&whole) && one.overlaps(&one));
        assert!(!one.overlaps(&two) && !whole.overlaps(&key("b", None)));
    }

    #[test]
    fn names_of_refs_never_change() {
        assert_eq!(
            key("auth", Some("T012")).slug(),
            "9d8b2639a70836d7/4f5f33b7abb568cd"
        );
        assert_eq!(key("auth", None).leaf(), "all");
    }

    #[test]
    fn texts_of_others_are_shown_plainly() {
        let terms = super::super::Terms {
            actor: Actor {
                name: "a\u{1b}[31m".to_owned(),
                session: "s\n".to_owned(),
            },
            lease: 60,
            ..super::super::Terms::default()
        };
        let record = Record::held(key("auth", None), 1, &terms);
        let read = Record::from_text(&record.to_text()).unwrap();
        assert_eq!(read.holder.to_string(), "a [31m/s ");
        assert_eq!(Record::from_text(&record.to_text()[1..]), None);
        let other = record.to_text().replace("\"version\":1", "\"version\":2");
        assert_eq!(Record::from_text(&other), None);
    }

    #[test]
    fn a_lease_is_over_later_for_others() {
        let terms = super::super::Terms {
            now: 1000,
            lease: 100,
            ..super::super::Terms::default()
        };
        let record = Record::held(key("auth", None), 1, &terms);
        assert!(!record.is_expired(1125));
        assert!(record.is_expired(1126));
    }
}
