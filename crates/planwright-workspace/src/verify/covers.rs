//! What the files hold that a command is to prove.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

use crate::sys;

/// More than this is not read; the times of commits have to do.
const FILES: usize = 20_000;
const BYTES: u64 = 256 * 1024 * 1024;

/// The content of files and of all that folders hold, in one word; ignored files are left out. `None`
/// where a path is not there, leads out of the repository, or there is too much.
pub fn fingerprint(root: &Path, paths: &[String]) -> Option<String> {
    let mut files: Vec<PathBuf> = Vec::new();
    for path in paths {
        let found = root.join(path).canonicalize().ok()?;
        if !found.starts_with(root) || found == root {
            return None;
        }
        if found.is_file() {
            files.push(found);
            continue;
        }
        let walk = WalkBuilder::new(&found)
            .hidden(false)
            .require_git(false)
            .filter_entry(|entry| entry.file_name() != ".git")
            .build();
        for entry in walk.flatten() {
            if entry.file_type().is_some_and(|kind| kind.is_file()) {
                files.push(entry.into_path());
            }
            if files.len() > FILES {
                return None;
            }
        }
    }
    files.sort();
    files.dedup();
    let mut all: Vec<u8> = Vec::new();
    let mut left = BYTES;
    for file in &files {
        let mut bytes = Vec::new();
        let mut open = std::fs::File::open(file).ok()?.take(left + 1);
        left = left.checked_sub(open.read_to_end(&mut bytes).ok()? as u64)?;
        let name = file.strip_prefix(root).ok()?;
        all.extend(sys::hash(&sys::os_bytes(name.as_os_str())).to_le_bytes());
        all.extend(sys::hash(&bytes).to_le_bytes());
    }
    Some(format!("{:016x}", sys::hash(&all)))
}
