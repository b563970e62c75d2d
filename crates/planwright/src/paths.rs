use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};

use crate::render::Stand;

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

/// Where locks and what can be taken back are kept: `PLANWRIGHT_STATE_DIR`, else `planwright` in the
/// user's folder for such things. Where that cannot be written to, as in a sandbox, a folder for
/// temporary files serves. `None` where there is none either.
pub(crate) fn state_dir(var: &dyn Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let mut folders = state_dirs(var).into_iter();
    if var("PLANWRIGHT_STATE_DIR").is_some_and(|own| !own.is_empty()) {
        return folders.next();
    }
    folders.find(|folder| is_writable(folder))
}

/// The folders that can be used for it, best first; none is touched.
pub(crate) fn state_dirs(var: &dyn Fn(&str) -> Option<OsString>) -> Vec<PathBuf> {
    let path = |name: &str| {
        var(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    if let Some(own) = path("PLANWRIGHT_STATE_DIR") {
        return vec![own];
    }
    let folder = path("XDG_STATE_HOME")
        .filter(|folder| folder.is_absolute())
        .or_else(|| {
            if cfg!(windows) {
                path("LOCALAPPDATA")
            } else if cfg!(target_os = "macos") {
                Some(path("HOME")?.join("Library/Application Support"))
            } else {
                Some(path("HOME")?.join(".local/state"))
            }
        });
    let user = path("USER").or_else(|| path("USERNAME"));
    let user = user.map_or_else(|| "user".to_owned(), |user| user.display().to_string());
    let temporary =
        std::env::temp_dir().join(format!("planwright-{}", user.replace(['/', '\\'], "-")));
    folder
        .map(|folder| folder.join("planwright"))
        .into_iter()
        .chain([temporary])
        .collect()
}

/// True for a folder, made where there is none, that we can write to and others cannot: what they put
/// there would be taken for ours.
fn is_writable(folder: &Path) -> bool {
    let probe = folder.join(format!(".probe-{}", std::process::id()));
    let made = create_private(folder).and_then(|()| std::fs::write(&probe, ""));
    let is_ours = made.is_ok() && is_private(folder, &probe);
    let _ = std::fs::remove_file(probe);
    is_ours
}

#[cfg(unix)]
fn create_private(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;

    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
}

#[cfg(not(unix))]
fn create_private(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)
}

/// True when a folder belongs to whoever owns a file that we made in it, and only he writes there.
#[cfg(unix)]
fn is_private(folder: &Path, ours: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;

    match (folder.symlink_metadata(), ours.symlink_metadata()) {
        (Ok(folder), Ok(ours)) => {
            folder.is_dir() && folder.uid() == ours.uid() && folder.mode() & 0o022 == 0
        }
        _ => false,
    }
}

#[cfg(not(unix))]
fn is_private(_: &Path, _: &Path) -> bool {
    true
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

/// A path that a program gave from a folder, as a path from the root with `/`, whatever links lead
/// there. `None` when it leads out of the root; the file need not be there.
pub(crate) fn inside(root: &Path, folder: &Path, given: &str) -> Option<String> {
    if given.contains('\0') {
        return None;
    }
    let absolute = tidy(&folder.canonicalize().ok()?.join(given));
    let there = absolute.ancestors().find(|path| path.exists())?;
    let rest = absolute.strip_prefix(there).ok()?;
    below(
        &root.canonicalize().ok()?,
        &there.canonicalize().ok()?.join(rest),
    )
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

/// Where a folder stands in relation to the root; both without links. From far away the root is
/// written in full.
pub(crate) fn stand(root: &Path, folder: &Path) -> Stand {
    const MOST_UP: usize = 2;
    if let Ok(inside) = folder.strip_prefix(root) {
        return Stand::Inside(slashed(inside));
    }
    let shared = root
        .components()
        .zip(folder.components())
        .take_while(|(a, b)| a == b)
        .count();
    let up = folder.components().count() - shared;
    let down: PathBuf = root.components().skip(shared).collect();
    let way = if up > MOST_UP {
        slashed(root)
    } else {
        "../".repeat(up) + &slashed(&down)
    };
    Stand::Outside(format!("{}/", way.trim_end_matches('/')))
}

fn slashed(path: &Path) -> String {
    path.to_string_lossy()
        .replace(std::path::MAIN_SEPARATOR, "/")
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

    #[cfg(unix)]
    #[test]
    fn no_link_leads_out_of_the_root() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("repo");
        std::fs::create_dir_all(root.join("docs")).unwrap();
        std::fs::write(folder.path().join("secret.md"), "").unwrap();
        std::os::unix::fs::symlink(folder.path(), root.join("out")).unwrap();
        std::os::unix::fs::symlink("docs", root.join("plans")).unwrap();
        let at = |given: &str| inside(&root, &root, given);
        assert_eq!(at("docs/new/x.md").as_deref(), Some("docs/new/x.md"));
        assert_eq!(at("plans/x.md").as_deref(), Some("docs/x.md"));
        assert_eq!(at("docs/../x.md").as_deref(), Some("x.md"));
        for outside in ["out/secret.md", "../secret.md", "/etc/passwd", "a\0b", "."] {
            assert_eq!(at(outside), None, "{outside}");
        }
    }

    #[test]
    fn the_root_is_named_from_the_folder() {
        let at = |folder: &str| stand(Path::new("/home/ann/app"), Path::new(folder));
        let inside = |path: &str| Stand::Inside(path.to_owned());
        let outside = |path: &str| Stand::Outside(path.to_owned());
        assert_eq!(at("/home/ann/app"), inside(""));
        assert_eq!(at("/home/ann/app/docs/plans"), inside("docs/plans"));
        assert_eq!(at("/home/ann"), outside("app/"));
        assert_eq!(at("/home/ann/other"), outside("../app/"));
        assert_eq!(at("/srv/a/b"), outside("/home/ann/app/"));
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
