//! Somebody who saves whole files while others write to them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result};

/// How long nothing is saved between two saves.
const PAUSE: Duration = Duration::from_millis(25);

/// What was saved, and what that took away.
#[derive(Debug, Default)]
pub(super) struct Saves {
    /// The lines, by plan.
    pub(super) lines: Vec<(usize, String)>,
    /// Lines that stood in a file at the moment of a save and not in what was saved: they were
    /// written after the editor had read the file, and it is the editor that overwrote them.
    pub(super) taken: BTreeSet<String>,
}

/// Saves one plan after another, each with one more line, until told to stop.
pub(super) fn edit(plans: &[PathBuf], stop: &AtomicBool) -> Result<Saves> {
    let mut saves = Saves::default();
    for number in 0.. {
        if stop.load(Ordering::SeqCst) {
            break;
        }
        let file = number % plans.len();
        let plan = plans.get(file).context("no plan")?;
        let read = fs::read_to_string(plan)?;
        let line = format!("Saved e{number:04}.");
        let text = read.replacen("\n\n## Tasks", &format!("\n{line}\n\n## Tasks"), 1);
        // As long as it takes to write the file.
        let beside = plan.with_extension("swp");
        fs::write(&beside, &text)?;
        if let Some(was) = replace(&beside, plan)? {
            let missing = was
                .lines()
                .filter(|line| !text.lines().any(|kept| kept == *line));
            saves.taken.extend(missing.map(str::to_owned));
        }
        saves.lines.push((file, line));
        std::thread::sleep(PAUSE);
    }
    Ok(saves)
}

/// Puts a file in the place of another, and gives what that held at this moment.
#[cfg(any(target_os = "linux", target_os = "macos"))]
fn replace(new: &Path, old: &Path) -> Result<Option<String>> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};

    renameat_with(CWD, new, CWD, old, RenameFlags::EXCHANGE)?;
    let was = fs::read_to_string(new)?;
    fs::remove_file(new)?;
    Ok(Some(was))
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn replace(new: &Path, old: &Path) -> Result<Option<String>> {
    fs::rename(new, old)?;
    Ok(None)
}
