//! The names by which a document can be found.
//!
//! Names are compared by their key: lower case, runs of anything but letters and digits as one
//! `-` (dots and slashes stay), numbers without leading zeros.

use planwright_dialect::Dialects;
use serde::{Deserialize, Serialize};

use crate::path;
use crate::record::Entry;

/// How good a name is; lower is better.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rank {
    /// Its path.
    #[default]
    Path,
    /// The document's reference.
    Reference,
    /// Another name it gives itself, its file name, or its identifier.
    Name,
    /// Its number, the words behind its number, an identifier spelt otherwise, its folder's name.
    Part,
    /// Its title.
    Title,
    /// The beginning of any of these.
    Prefix,
}

impl Rank {
    /// The rank that a number stands for, as `rank as u8` gives it.
    pub(crate) fn from_number(number: u8) -> Self {
        match number {
            0 => Self::Path,
            1 => Self::Reference,
            2 => Self::Name,
            3 => Self::Part,
            4 => Self::Title,
            _ => Self::Prefix,
        }
    }
}

/// Files whose folder says what they are about.
const GENERIC: [&str; 12] = [
    "plan",
    "spec",
    "tasks",
    "task",
    "readme",
    "index",
    "research",
    "board",
    "prd",
    "design",
    "proposal",
    "data-model",
];

/// Writes the key of a name over `key`.
pub(crate) fn key_into(name: &str, key: &mut String) {
    key.clear();
    if name
        .bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte == b'.')
    {
        key.push_str(name);
        return;
    }
    key.reserve(name.len());
    // Most names are ASCII, where a character is a byte and nothing needs a table.
    if name.is_ascii() {
        return ascii_key_into(name.as_bytes(), key);
    }
    let mut is_gap = false;
    let mut chars = name.chars().peekable();
    while let Some(char) = chars.next() {
        if char.is_alphanumeric() || matches!(char, '.' | '/') {
            for lower in char.to_lowercase() {
                push(key, lower, &mut is_gap, || {
                    chars.peek().is_some_and(char::is_ascii_digit)
                });
            }
        } else {
            is_gap = true;
        }
    }
}

/// The same as the loop over characters, byte by byte.
fn ascii_key_into(name: &[u8], key: &mut String) {
    let (mut last, mut is_gap) = (b'/', false);
    for (at, byte) in name.iter().enumerate() {
        let byte = byte.to_ascii_lowercase();
        let is_mark = matches!(byte, b'.' | b'/');
        if !byte.is_ascii_alphanumeric() && !is_mark {
            is_gap = true;
            continue;
        }
        let leads = byte == b'0' && (is_gap || !last.is_ascii_digit());
        if leads && name.get(at + 1).is_some_and(u8::is_ascii_digit) {
            continue;
        }
        if is_gap && !is_mark && !matches!(last, b'.' | b'/') {
            key.push('-');
        }
        (last, is_gap) = (byte, false);
        key.push(char::from(byte));
    }
}

/// Adds a character to a key, before it a `-` where something was left out. `leads` tells of a zero
/// whether a digit follows.
fn push(key: &mut String, char: char, is_gap: &mut bool, mut leads: impl FnMut() -> bool) {
    let last = key.as_bytes().last().copied();
    let is_in_number = !*is_gap && last.is_some_and(|last| last.is_ascii_digit());
    if char == '0' && !is_in_number && leads() {
        return;
    }
    if *is_gap && !matches!(last, None | Some(b'.' | b'/')) && !matches!(char, '.' | '/') {
        key.push('-');
    }
    *is_gap = false;
    key.push(char);
}

/// The key of a name.
pub(crate) fn key(name: &str) -> String {
    let mut key = String::with_capacity(name.len());
    key_into(name, &mut key);
    key
}

/// A key that begins with an identifier: `pln-1-login` is `pln`, `1`, `login`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Id<'a> {
    pub(crate) prefix: &'a str,
    pub(crate) number: &'a str,
    pub(crate) rest: &'a str,
}

/// Takes a key apart. `None` when no identifier or date stands at its beginning.
pub(crate) fn id(key: &str) -> Option<Id<'_>> {
    let letters = key
        .find(|char: char| !char.is_ascii_lowercase())
        .unwrap_or(key.len());
    let (prefix, after) = key.split_at(letters);
    let after = if prefix.is_empty() {
        after
    } else {
        after.strip_prefix('-').unwrap_or(after)
    };
    let digits = after
        .find(|char: char| !char.is_ascii_digit())
        .unwrap_or(after.len());
    let (number, rest) = after.split_at(digits);
    let rest = match rest.strip_prefix('-') {
        Some(rest) => rest,
        None if rest.is_empty() => rest,
        None => return None,
    };
    if number.is_empty() {
        return None;
    }
    if prefix.is_empty() && number.len() == 4 && number.starts_with(['1', '2']) {
        // A date: its words are a name, its numbers are not.
        let mut parts = rest.splitn(3, '-');
        let is_short = |part: Option<&str>| {
            part.is_some_and(|part| {
                part.len() <= 2 && part.bytes().all(|byte| byte.is_ascii_digit())
            })
        };
        if is_short(parts.next()) && is_short(parts.next()) {
            return Some(Id {
                prefix,
                number: "",
                rest: parts.next().unwrap_or(""),
            });
        }
    }
    let number = if number.len() > 5 { "" } else { number };
    Some(Id {
        prefix,
        number,
        rest,
    })
}

/// Prefixes of identifiers that mean the same: `PLAN` and `PLN`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Prefixes(Vec<Vec<String>>);

impl Prefixes {
    pub(crate) fn new(dialects: &Dialects) -> Self {
        let keys = |group: &[String]| group.iter().map(|prefix| key(prefix)).collect();
        Self(dialects.id_prefixes().map(keys).collect())
    }

    /// An identifier in its usual spelling. Begins with `~`, which no key does. `None` for an
    /// identifier that has only one.
    fn usual(&self, id: &Id<'_>) -> Option<String> {
        if id.number.is_empty() {
            return None;
        }
        let group = self
            .0
            .iter()
            .find(|group| group.iter().any(|prefix| prefix == id.prefix))?;
        let mut usual = format!("~{}-{}", group.first()?, id.number);
        if !id.rest.is_empty() {
            usual.push('-');
            usual.push_str(id.rest);
        }
        Some(usual)
    }
}

/// Finds the names of documents.
pub(crate) struct Namer<'a> {
    prefixes: &'a Prefixes,
    key: String,
}

impl<'a> Namer<'a> {
    pub(crate) fn new(prefixes: &'a Prefixes) -> Self {
        Self {
            prefixes,
            key: String::new(),
        }
    }

    /// Calls `found` with every name of a document: its rank and its key. A name may come twice.
    pub(crate) fn names(&mut self, entry: &Entry<'_>, found: &mut dyn FnMut(Rank, &str)) {
        self.identity(Rank::Reference, entry.reference, found);
        for alias in entry
            .aliases
            .iter()
            .filter(|alias| **alias != entry.reference)
        {
            self.identity(Rank::Name, alias, found);
        }
        let is_new = |name: &str| name != entry.reference && !entry.aliases.contains(&name);
        let (file, stem) = (path::name(entry.path), path::stem(entry.path));
        self.name(Rank::Name, file, found);
        if is_new(stem) {
            self.identity(Rank::Name, stem, found);
        }
        if let Some((slug, _)) = stem.rsplit_once('.').filter(|(slug, _)| is_new(slug)) {
            self.identity(Rank::Name, slug, found);
        }
        let folders = path::parent(entry.path);
        if !folders.is_empty() {
            let (above, folder) = (path::parent(folders), path::name(folders));
            let tail = entry.path[above.len()..].trim_start_matches('/');
            self.name(Rank::Name, tail, found);
            self.name(
                Rank::Name,
                &tail[..tail.len() - (file.len() - stem.len())],
                found,
            );
            if GENERIC
                .iter()
                .any(|generic| stem.eq_ignore_ascii_case(generic))
            {
                self.identity(Rank::Part, folder, found);
            }
        }
        self.name(Rank::Title, entry.title, found);
    }

    /// True when what was asked for is the name of a feature's folder, its number, or the words
    /// behind its number.
    pub(crate) fn is_feature(&mut self, wanted: &Wanted, folder: &str) -> bool {
        let mut is_feature = false;
        self.identity(Rank::Part, folder, &mut |_, name| {
            is_feature |= name == wanted.key;
        });
        is_feature
    }

    fn name(&mut self, rank: Rank, name: &str, found: &mut dyn FnMut(Rank, &str)) {
        key_into(name, &mut self.key);
        if !self.key.is_empty() {
            found(rank, &self.key);
        }
    }

    /// A name and the lesser names inside it: its number, the words behind it, its identifier as it
    /// is usually spelt.
    fn identity(&mut self, rank: Rank, name: &str, found: &mut dyn FnMut(Rank, &str)) {
        self.name(rank, name, found);
        let Some(id) = id(&self.key) else { return };
        if !id.number.is_empty() && id.number.len() < self.key.len() {
            found(Rank::Part, id.number);
        }
        if !id.rest.is_empty() {
            found(Rank::Part, id.rest);
        }
        if let Some(usual) = self.prefixes.usual(&id) {
            found(Rank::Part, &usual);
        }
    }
}

/// What a reference is compared with: its key, and its identifier as it is usually spelt.
pub(crate) struct Wanted {
    pub(crate) key: String,
    pub(crate) usual: Option<String>,
}

impl Wanted {
    pub(crate) fn new(reference: &str, prefixes: &Prefixes) -> Self {
        let key = key(reference);
        let usual = id(&key).and_then(|id| prefixes.usual(&id));
        Self { key, usual }
    }

    /// True when a beginning is enough: a number that is the beginning of another is not what was
    /// meant.
    pub(crate) fn may_be_beginning(&self) -> bool {
        self.key.len() > 1 && !self.key.bytes().all(|byte| byte.is_ascii_digit())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_ignore_case_spelling_and_leading_zeros() {
        for (name, expected) in [
            ("PLN-001", "pln-1"),
            ("012-Login Flow", "12-login-flow"),
            ("ADR_0001: Use  Postgres!", "adr-1-use-postgres"),
            ("slug.plan.md", "slug.plan.md"),
            ("T012", "t12"),
            ("000", "0"),
            ("100", "100"),
            ("1.002", "1.2"),
            ("10-05", "10-5"),
            ("  -- ", ""),
            ("Größe der Ämter", "größe-der-ämter"),
            ("2026-01-02-x", "2026-1-2-x"),
            ("specs/012-x/plan.md", "specs/12-x/plan.md"),
        ] {
            assert_eq!(key(name), expected, "{name}");
        }
    }

    #[test]
    fn a_key_is_the_same_byte_by_byte() {
        let names = proptest::string::string_regex("[-_ ./aZ019]{0,12}").unwrap();
        proptest::proptest!(|(name in names)| {
            // A letter that is not ASCII leads to the other loop.
            let other = key(&format!("{name}é"));
            let ends_apart = name.ends_with(|c: char| !c.is_ascii_alphanumeric() && c != '/' && c != '.');
            if !ends_apart {
                proptest::prop_assert_eq!(format!("{}é", key(&name)), other);
            }
        });
    }

    #[test]
    fn identifiers_are_taken_apart() {
        let parts = |key| id(key).map(|id| (id.prefix, id.number, id.rest));
        assert_eq!(parts("pln-1-login"), Some(("pln", "1", "login")));
        assert_eq!(parts("t12"), Some(("t", "12", "")));
        assert_eq!(parts("12-login"), Some(("", "12", "login")));
        assert_eq!(parts("2026-1-2-login"), Some(("", "", "login")));
        assert_eq!(parts("20260102-login"), Some(("", "", "login")));
        assert_eq!(parts("login"), None);
        assert_eq!(parts("v2.1"), None);
    }

    #[test]
    fn prefixes_that_mean_the_same_are_one() {
        let group =
            |prefixes: &[&str]| prefixes.iter().map(|prefix| (*prefix).to_owned()).collect();
        let prefixes = Prefixes(vec![group(&["plan", "pln"]), group(&["res", "research"])]);
        let usual = |name: &str| prefixes.usual(&id(&key(name)).unwrap());
        assert_eq!(usual("PLAN-001"), usual("pln_1"));
        assert_eq!(usual("RES-007-queues"), usual("Research 7: Queues"));
        assert_ne!(usual("PLAN-1"), usual("PLAN-2"));
        assert_ne!(usual("PLAN-1"), usual("RES-1"));
        assert_eq!(usual("ADR-1"), None);
    }
}
