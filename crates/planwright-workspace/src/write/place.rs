//! Where a path of the repository really lies.

use std::path::{Path, PathBuf};

use super::WriteError;
use crate::{path, sys};

/// Folders of programs that keep the history. Nothing of ours is written there.
const FORBIDDEN: [&str; 4] = [".git", ".jj", ".hg", ".svn"];

/// A path of the repository and the file behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// From the root, without `.` and `..`.
    pub(super) path: String,
    /// Absolute and without links. Nothing need be there.
    pub(super) real: PathBuf,
}

impl Place {
    /// Finds where a path leads.
    pub(super) fn find(root: &Path, given: &str) -> Result<Self, WriteError> {
        let failed = |reason: &str| WriteError::Io {
            path: given.to_owned(),
            reason: reason.to_owned(),
        };
        if given.contains(char::REPLACEMENT_CHARACTER) {
            return Err(failed("its name is not UTF-8; rename it first"));
        }
        let outside = || failed("the path leads out of the repository");
        let inside = match Path::new(given).strip_prefix(root) {
            Ok(rest) => path::join("", &rest.to_string_lossy()),
            Err(_) if Path::new(given).is_absolute() => None,
            Err(_) => path::join("", given),
        };
        let inside = inside.filter(|path| !path.is_empty()).ok_or_else(outside)?;
        let real = real(&root.join(&inside)).map_err(|error| failed(&sys::reason(&error)))?;
        let below = real.strip_prefix(root).map_err(|_| outside())?;
        let is_forbidden = below.components().any(|part| {
            let part = part.as_os_str().to_string_lossy();
            FORBIDDEN.iter().any(|name| part.eq_ignore_ascii_case(name))
        });
        if is_forbidden {
            return Err(failed("that folder belongs to the version control"));
        }
        Ok(Self { path: inside, real })
    }

    /// What two names of one file have in common.
    pub(super) fn key(&self) -> u64 {
        sys::hash(&sys::os_bytes(self.real.as_os_str()))
    }
}

/// The path with all its links followed. A file that is not there is looked for in the folder that
/// its name would lead to.
fn real(path: &Path) -> std::io::Result<PathBuf> {
    if path.symlink_metadata().is_ok() {
        return path.canonicalize();
    }
    match (path.parent(), path.file_name()) {
        (Some(folder), Some(name)) => Ok(real(folder)?.join(name)),
        _ => path.canonicalize(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(root: &Path, path: &str) -> Result<String, String> {
        let found = Place::find(root, path).map_err(|error| error.to_string())?;
        let real = found.real.strip_prefix(root).unwrap();
        Ok(format!("{} {}", found.path, real.display()))
    }

    #[test]
    fn a_path_stays_in_the_repository() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().canonicalize().unwrap();
        let inside = root.join("docs/x.md").display().to_string();
        assert_eq!(find(&root, "docs/./x.md").unwrap(), "docs/x.md docs/x.md");
        assert_eq!(find(&root, &inside).unwrap(), "docs/x.md docs/x.md");
        for path in ["../x.md", "docs/../../x.md", "/etc/hosts", "", "."] {
            let error = find(&root, path).unwrap_err();
            assert!(error.ends_with("leads out of the repository"), "{error}");
        }
        for path in [".git/config", "docs/.GIT/x.md"] {
            let error = find(&root, path).unwrap_err();
            assert!(error.ends_with("belongs to the version control"), "{error}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_inside_and_refused_outside() {
        use std::os::unix::fs::symlink;

        let (dir, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let root = dir.path().canonicalize().unwrap();
        std::fs::write(root.join("a.md"), "").unwrap();
        std::fs::write(other.path().join("b.md"), "").unwrap();
        symlink("a.md", root.join("link.md")).unwrap();
        symlink(other.path().join("b.md"), root.join("out.md")).unwrap();
        symlink(other.path(), root.join("out")).unwrap();
        symlink("nothing.md", root.join("lost.md")).unwrap();
        assert_eq!(find(&root, "link.md").unwrap(), "link.md a.md");
        for path in ["out.md", "out/b.md", "out/new.md"] {
            let error = find(&root, path).unwrap_err();
            assert!(error.ends_with("leads out of the repository"), "{error}");
        }
        assert!(find(&root, "lost.md").is_err());
    }
}
