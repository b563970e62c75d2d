//! Whether the tree has something at a path, for those who ask about thousands.
//!
//! A folder that is asked about is listed once. Most paths that are not there lie in folders that
//! are not there either, which one look at the folder above tells for all of them. Where links lead
//! is a matter of folders, too.

use std::collections::{HashMap, HashSet};
use std::io;
use std::path::Path;
use std::sync::{Arc, RwLock};

use crate::sys::{self, FileKind, Root};

/// The names in a folder; `None` for a folder that is not there, or cannot be listed.
type Names = Option<Arc<HashSet<Vec<u8>>>>;

/// The folders that were asked about, as they were when they were first asked about.
#[derive(Debug, Default)]
pub(crate) struct Presence {
    folders: RwLock<HashMap<String, Names>>,
    /// Whether folders that were asked about are inside the root once links are followed.
    inside: RwLock<HashMap<Vec<u8>, bool>>,
}

impl Presence {
    /// True when the tree has a file, a folder or a link at a path from the root.
    pub(crate) fn has(&self, root: &Root, path: &str) -> bool {
        let is_plain = |part: &str| !matches!(part, "" | "." | "..");
        if !path.split('/').all(is_plain) {
            return root.stat(path.as_bytes()).is_ok();
        }
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        match self.names(root, folder) {
            Some(names) if names.contains(name.as_bytes()) => true,
            // Names may differ in case or in the form of their letters and lead to the same file.
            Some(_) if cfg!(any(windows, target_os = "macos")) => {
                root.stat(path.as_bytes()).is_ok()
            }
            Some(_) => false,
            // A folder may be entered though nobody may list it.
            None => self.has_folder(root, folder) && root.stat(path.as_bytes()).is_ok(),
        }
    }

    /// True when a path from the root leads to a place inside it, links followed.
    ///
    /// # Errors
    /// When nothing is there, or it cannot be looked at.
    pub(crate) fn is_inside(&self, root: &Root, path: &[u8]) -> io::Result<bool> {
        let leads_inside = |path: &[u8]| {
            let real = root.absolute(path).canonicalize()?;
            Ok(real.starts_with(root.path()))
        };
        if root.stat(path)?.kind == FileKind::Link {
            return leads_inside(path);
        }
        let end = path.iter().rposition(|byte| *byte == b'/').unwrap_or(0);
        let folder = &path[..end];
        if let Ok(inside) = self.inside.read()
            && let Some(known) = inside.get(folder)
        {
            return Ok(*known);
        }
        let is_inside = leads_inside(folder)?;
        if let Ok(mut inside) = self.inside.write() {
            inside.insert(folder.to_vec(), is_inside);
        }
        Ok(is_inside)
    }

    fn has_folder(&self, root: &Root, folder: &str) -> bool {
        folder.is_empty() || self.has(root, folder)
    }

    fn names(&self, root: &Root, folder: &str) -> Names {
        if let Ok(folders) = self.folders.read()
            && let Some(known) = folders.get(folder)
        {
            return known.clone();
        }
        let names = if self.has_folder(root, folder) {
            list(&root.absolute(folder.as_bytes())).map(Arc::new)
        } else {
            None
        };
        if let Ok(mut folders) = self.folders.write() {
            folders.insert(folder.to_owned(), names.clone());
        }
        names
    }
}

fn list(folder: &Path) -> Option<HashSet<Vec<u8>>> {
    let entries = std::fs::read_dir(folder).ok()?;
    let names = entries.map(|entry| Some(sys::os_bytes(&entry.ok()?.file_name()).into_owned()));
    names.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_what_the_system_says() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(dir.path().join("a/b")).unwrap();
        std::fs::write(dir.path().join("a/b/c.md"), "x").unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink("a/b", dir.path().join("link")).unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink("nowhere", dir.path().join("broken")).unwrap();
        let root = Root::open(dir.path().to_owned()).unwrap();
        let presence = Presence::default();
        for path in [
            "",
            "a",
            "a/",
            "a/b",
            "./a/b",
            "a/../a/b",
            "a/b/c.md",
            "a/b/c.md/",
            "a/b/c.md/d",
            "a/x",
            "a/x/y/z",
            "x",
            "x/y",
            "link",
            "link/c.md",
            "link/d.md",
            "broken",
            "broken/a",
            "a//b",
            "../a",
            "a\0b",
            "A/b",
        ] {
            let said = root.stat(path.as_bytes()).is_ok();
            assert_eq!(presence.has(&root, path), said, "{path:?}");
            assert_eq!(presence.has(&root, path), said, "{path:?}, asked again");
        }
    }

    #[test]
    #[cfg(unix)]
    fn a_folder_that_nobody_may_list_is_entered() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let closed = dir.path().join("closed");
        std::fs::create_dir(&closed).unwrap();
        std::fs::write(closed.join("a.md"), "x").unwrap();
        std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o300)).unwrap();
        let root = Root::open(dir.path().to_owned()).unwrap();
        let presence = Presence::default();
        assert!(presence.has(&root, "closed/a.md"));
        assert!(!presence.has(&root, "closed/b.md"));
        std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o700)).unwrap();
    }
}
