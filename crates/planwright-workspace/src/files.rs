//! The files of the tree themselves: which there are, and how one is replaced.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::tree::{file, shown};
use crate::{Workspace, WriteError, sys};

impl Workspace {
    /// The paths of all files that may hold a plan, listed or not, in no order.
    pub fn candidates(&self) -> impl Iterator<Item = String> {
        let tree = &self.opened.tree;
        let mut path = Vec::new();
        tree.live_files().filter_map(move |(dir, index)| {
            if !tree.files[index].is(file::CANDIDATE) {
                return None;
            }
            tree.file_path(dir, index, &mut path);
            Some(shown(&path).into_owned())
        })
    }

    /// Puts new bytes in the place of a file's old ones: all of them or none. Permissions stay, and
    /// a symbolic link stays a link.
    ///
    /// # Errors
    /// When the file no longer holds `old`, or cannot be written.
    pub fn replace(&self, path: &str, old: &[u8], new: &[u8]) -> Result<(), WriteError> {
        let failed = |reason: String| WriteError::Io {
            path: path.to_owned(),
            reason,
        };
        let current = self
            .read_bytes(path)
            .map_err(|error| failed(error.reason))?;
        if current != old {
            return Err(WriteError::Changed {
                path: path.to_owned(),
            });
        }
        let bytes = self.real_path(path);
        let target = self.root.absolute(&bytes).canonicalize();
        target
            .and_then(|target| replace(&target, new))
            .map_err(|error| failed(sys::reason(&error)))
    }
}

/// Writes beside the file and renames, so that a reader sees the old bytes or the new ones.
fn replace(target: &Path, new: &[u8]) -> io::Result<()> {
    let permissions = fs::metadata(target)?.permissions();
    let (beside, mut file) = create_beside(target)?;
    let written = file
        .write_all(new)
        .and_then(|()| file.set_permissions(permissions))
        .and_then(|()| file.sync_all());
    drop(file);
    let done = written.and_then(|()| fs::rename(&beside, target));
    if done.is_err() {
        // What went wrong is worth more than a file left behind.
        let _ = fs::remove_file(&beside);
    }
    done
}

/// A new file in the folder of another, under a name that nothing has.
fn create_beside(target: &Path) -> io::Result<(PathBuf, fs::File)> {
    let folder = target.parent().unwrap_or(Path::new("."));
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let mut number = 0_u32;
    loop {
        let beside = folder.join(format!(".{name}.{}-{number}.tmp", std::process::id()));
        match fs::File::create_new(&beside) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && number < 100 => {
                number += 1;
            }
            other => return other.map(|file| (beside, file)),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Options, Workspace, WriteError};

    fn open(dir: &std::path::Path) -> Workspace {
        let options = Options {
            dir: dir.to_owned(),
            cache_dir: None,
        };
        Workspace::open(&options).unwrap()
    }

    #[test]
    fn a_file_is_replaced_only_while_it_is_what_was_read() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("plan.md");
        std::fs::write(&path, "old").unwrap();
        let ws = open(dir.path());
        ws.replace("plan.md", b"old", b"new").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"new");
        assert!(matches!(
            ws.replace("plan.md", b"old", b"other"),
            Err(WriteError::Changed { .. })
        ));
        assert!(matches!(
            ws.replace("../plan.md", b"", b""),
            Err(WriteError::Io { .. })
        ));
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn permissions_and_links_stay() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};

        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("plan.md");
        std::fs::write(&path, "old").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        symlink("plan.md", dir.path().join("link.md")).unwrap();
        let ws = open(dir.path());
        ws.replace("link.md", b"old", b"new").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"new");
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o640);
        assert!(dir.path().join("link.md").is_symlink());
    }

    #[test]
    fn candidates_are_listed_whether_plans_or_not() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("README.md"), "# Hello\n").unwrap();
        std::fs::write(dir.path().join("main.rs"), "").unwrap();
        let found: Vec<String> = open(dir.path()).candidates().collect();
        assert_eq!(found, ["README.md"]);
    }
}
