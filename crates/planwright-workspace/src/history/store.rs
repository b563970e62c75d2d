//! What is known of commits, kept between two calls.
//!
//! Commits never change, so nothing here can become wrong by what happens to the repository. The
//! file is disposable all the same: one that does not fit, or that was made from a clone that has
//! been deepened since, counts as not there. All work trees of a repository share it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::facts::{Facts, Lengths};
use crate::snapshot::remove_leftovers;
use crate::sys::{self, hash};

/// Goes up with every change of what is stored, or of what is read from commits.
const VERSION: u32 = 1;

/// Commits behind the ones that were stored as a whole, as a part of these, beyond which all are
/// stored as a whole again.
const PART: usize = 20;

/// Where the commits of a repository are kept: in one large file that is seldom written, and a small
/// one with those that came since.
#[derive(Debug)]
pub(crate) struct Store {
    whole: File,
    recent: File,
    /// What else must be the same: see [`File::load`].
    state: u64,
    /// Hash of the large file that was loaded, and the lengths of its columns.
    loaded: Option<(u64, Lengths)>,
}

impl Store {
    /// `state` stands for what decides what is read of a commit: how far back the clone goes.
    pub(crate) fn new(cache_dir: &Path, common_dir: &Path, state: u64) -> Self {
        Self {
            whole: File::new(cache_dir, "history", common_dir),
            recent: File::new(cache_dir, "history-recent", common_dir),
            state,
            loaded: None,
        }
    }

    /// Everything that is known. Nothing when there is any doubt.
    pub(crate) fn load(&mut self) -> Facts {
        let Some((mut facts, check)) = self.whole.load_checked::<Facts>(self.state) else {
            return Facts::default();
        };
        let lengths = facts.lengths();
        // The small file belongs to one large file, and to no other.
        if let Some((since, tail)) = self.recent.load::<(Lengths, Facts)>(check)
            && since == lengths
        {
            facts.append(tail);
        }
        if !facts.is_sound() {
            return Facts::default();
        }
        self.loaded = Some((check, lengths));
        facts
    }

    /// Forgets what was loaded.
    pub(crate) fn discard(&mut self) {
        self.loaded = None;
    }

    /// Stores what is known: what was loaded, and more behind it.
    pub(crate) fn save(&self, facts: &Facts) {
        if let Some((check, since)) = self.loaded {
            let known = since[0] as usize;
            if (facts.len() - known) * PART <= known {
                self.recent.save(check, &(since, facts.tail(&since)));
                return;
            }
        }
        self.whole.save(self.state, facts);
    }
}

/// A file in the cache, and what it must have been made for.
#[derive(Clone, Debug)]
pub(crate) struct File {
    path: PathBuf,
    subject: Vec<u8>,
}

impl File {
    /// `kind` names the file; `subject` is the folder that it is about.
    pub(crate) fn new(cache_dir: &Path, kind: &str, subject: &Path) -> Self {
        let subject = sys::os_bytes(subject.as_os_str()).into_owned();
        let path = cache_dir
            .join(format!("{:016x}", hash(&subject)))
            .join(format!("{kind}-v{VERSION}.bin"));
        Self { path, subject }
    }

    /// Reads what was written for the same subject and `state`. Any doubt counts as nothing.
    pub(crate) fn load<T: DeserializeOwned>(&self, state: u64) -> Option<T> {
        self.load_checked(state).map(|(content, _)| content)
    }

    /// The same with the hash of the file.
    fn load_checked<T: DeserializeOwned>(&self, state: u64) -> Option<(T, u64)> {
        let bytes = fs::read(&self.path).ok()?;
        let (check, rest) = bytes.split_first_chunk()?;
        let check = u64::from_le_bytes(*check);
        if check != hash(rest) {
            return None;
        }
        let (head, rest) = postcard::take_from_bytes::<Head>(rest).ok()?;
        if head.version != VERSION || head.state != state || head.subject != self.subject {
            return None;
        }
        Some((postcard::from_bytes(rest).ok()?, check))
    }

    /// Puts a new file in the place of the old one. A cache that cannot be written is no error:
    /// the next call reads everything again.
    pub(crate) fn save<T: Serialize>(&self, state: u64, content: &T) -> Option<()> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let head = Head {
            version: VERSION,
            state,
            subject: self.subject.clone(),
        };
        let bytes = postcard::to_extend(&head, vec![0; 8]).ok()?;
        let mut bytes = postcard::to_extend(content, bytes).ok()?;
        let check = hash(&bytes[8..]).to_le_bytes();
        bytes[..8].copy_from_slice(&check);

        let folder = self.path.parent()?;
        fs::create_dir_all(folder).ok()?;
        remove_leftovers(folder);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let temporary = format!("{}-{number}.tmp", std::process::id());
        let temporary = self.path.with_extension(temporary);
        let written =
            fs::write(&temporary, &bytes).and_then(|()| fs::rename(&temporary, &self.path));
        if written.is_err() {
            let _ = fs::remove_file(&temporary);
        }
        written.ok()
    }
}

#[derive(Serialize, Deserialize)]
struct Head {
    version: u32,
    state: u64,
    subject: Vec<u8>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_saved_is_loaded() {
        let dir = tempfile::tempdir().unwrap();
        let file = File::new(dir.path(), "test", Path::new("/a"));
        assert_eq!(file.load::<u32>(7), None);
        file.save(7, &5_u32).unwrap();
        assert_eq!(file.load::<u32>(7), Some(5));
        assert_eq!(file.load::<u32>(8), None);

        let other = File::new(dir.path(), "test", Path::new("/b"));
        fs::create_dir_all(other.path.parent().unwrap()).unwrap();
        fs::copy(&file.path, &other.path).unwrap();
        assert_eq!(other.load::<u32>(7), None, "it is about another folder");

        let whole = fs::read(&file.path).unwrap();
        for len in 0..whole.len() {
            fs::write(&file.path, &whole[..len]).unwrap();
            assert_eq!(file.load::<u32>(7), None, "{len} bytes");
        }
        for at in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[at] ^= 0x10;
            fs::write(&file.path, &bytes).unwrap();
            assert_eq!(file.load::<u32>(7), None, "byte {at}");
        }
    }
}
