use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};

/// Where snapshots are kept: `PLANWRIGHT_CACHE_DIR`, else `planwright` in the user's cache folder.
/// `None` where there is no such folder.
pub(crate) fn cache_dir(var: &dyn Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let path = |name: &str| {
        var(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    if let Some(own) = path("PLANWRIGHT_CACHE_DIR") {
        return Some(own);
    }
    let folder = path("XDG_CACHE_HOME")
        .filter(|folder| folder.is_absolute())
        .or_else(|| {
            if cfg!(windows) {
                path("LOCALAPPDATA")
            } else if cfg!(target_os = "macos") {
                Some(path("HOME")?.join("Library/Caches"))
            } else {
                Some(path("HOME")?.join(".cache"))
            }
        });
    Some(folder?.join("planwright"))
}

/// A path that the user gave from a folder, as a path from the root with `/`. `None` when it leads
/// out of the root.
pub(crate) fn from_root(root: &Path, folder: &Path, given: &str) -> Option<String> {
    let absolute = tidy(&folder.join(given));
    if let Some(path) = below(root, &absolute) {
        return Some(path);
    }
    // The root may have been reached through a symbolic link.
    let root = root.canonicalize().ok()?;
    let name = absolute.file_name()?;
    let parent = absolute.parent()?.canonicalize().ok()?;
    below(&root, &parent.join(name))
}

/// True when a path that the user gave from a folder is the root itself.
pub(crate) fn is_root(root: &Path, folder: &Path, given: &str) -> bool {
    let absolute = tidy(&folder.join(given));
    absolute == root
        || absolute
            .canonicalize()
            .is_ok_and(|path| root.canonicalize().is_ok_and(|root| root == path))
}

fn below(root: &Path, path: &Path) -> Option<String> {
    let rest = path.strip_prefix(root).ok()?;
    let parts: Option<Vec<&str>> = rest
        .components()
        .map(|part| part.as_os_str().to_str())
        .collect();
    parts
        .map(|parts| parts.join("/"))
        .filter(|path| !path.is_empty())
}

/// The path without `.` and `..`, by its words alone.
fn tidy(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                out.pop();
            }
            part => out.push(part),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_taken_from_the_users_folder() {
        let at =
            |folder: &str, given: &str| from_root(Path::new("/repo"), Path::new(folder), given);
        assert_eq!(at("/repo", "docs/x.md").as_deref(), Some("docs/x.md"));
        assert_eq!(at("/repo/docs", "./x.md").as_deref(), Some("docs/x.md"));
        assert_eq!(at("/repo/docs", "../src/../x.md").as_deref(), Some("x.md"));
        assert_eq!(at("/repo/docs", "/repo/y.md").as_deref(), Some("y.md"));
        assert_eq!(at("/repo/docs", "../../etc/passwd"), None);
        assert_eq!(at("/repo", "."), None);
    }

    #[test]
    fn the_cache_follows_the_environment() {
        let dir = |vars: &[(&str, &str)]| {
            cache_dir(&|name| {
                vars.iter()
                    .find(|(known, _)| *known == name)
                    .map(|(_, value)| OsString::from(value))
            })
        };
        assert_eq!(
            dir(&[("PLANWRIGHT_CACHE_DIR", "here")]),
            Some(PathBuf::from("here"))
        );
        assert_eq!(
            dir(&[("XDG_CACHE_HOME", "/c")]),
            Some(PathBuf::from("/c/planwright"))
        );
        assert_eq!(dir(&[]), None);
    }
}
