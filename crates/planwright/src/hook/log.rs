//! What went wrong in hooks: their hosts are not told, but `plan doctor` is.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use planwright_ops::doctor::Faults;
use serde::{Deserialize, Serialize};

use crate::paths;

/// Bytes of the file beyond which its older half goes.
const MOST: u64 = 64 * 1024;

/// Characters of one reason.
const LONGEST: usize = 400;

/// A fault, one line of JSON.
#[derive(Debug, Serialize, Deserialize)]
struct Line {
    at: String,
    /// The host and the event, as called.
    call: String,
    folder: PathBuf,
    reason: String,
}

fn path() -> Option<PathBuf> {
    let folder = paths::state_dir(&|name| std::env::var_os(name))?;
    Some(folder.join("hook.log"))
}

/// Notes a fault. Where that fails, too, there is nobody left to tell.
pub(super) fn note(call: &str, folder: &Path, reason: &str) {
    let line = Line {
        at: jiff::Timestamp::now().to_string(),
        call: call.chars().take(LONGEST).collect(),
        folder: folder.to_owned(),
        reason: reason.chars().take(LONGEST).collect(),
    };
    if let (Some(path), Ok(line)) = (path(), serde_json::to_string(&line)) {
        let _ = append(&path, &line);
    }
}

fn append(path: &Path, line: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    if fs::metadata(path).is_ok_and(|found| found.len() > MOST) {
        let text = fs::read_to_string(path).unwrap_or_default();
        let half = text.ceil_char_boundary(text.len() / 2);
        let kept = text[half..].split_once('\n').map_or("", |(_, kept)| kept);
        fs::write(path, kept)?;
    }
    let mut file = File::options().create(true).append(true).open(path)?;
    // In one piece, so that lines of others do not end up in it.
    file.write_all(format!("{line}\n").as_bytes())
}

/// What went wrong in a repository.
pub(crate) fn faults(root: &Path) -> Option<Faults> {
    let path = path()?;
    let text = fs::read_to_string(&path).ok()?;
    let lines = text
        .lines()
        .filter_map(|line| serde_json::from_str::<Line>(line).ok());
    let here: Vec<Line> = lines.filter(|line| line.folder.starts_with(root)).collect();
    let last = here.last()?;
    Some(Faults {
        count: here.len(),
        last: format!("`plan hook {}`: {}", last.call, last.reason),
        path: path.display().to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_does_not_grow_without_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state/hook.log");
        for number in 0..2_000 {
            append(&path, &format!("{number} {}", "ü".repeat(50))).unwrap();
        }
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.len() as u64 <= MOST + 200, "{}", text.len());
        assert!(text.lines().last().unwrap().starts_with("1999 "));
        let is_whole = |line: &str| line.ends_with('ü') && line.as_bytes()[0].is_ascii_digit();
        assert!(text.lines().all(is_whole));
    }
}
