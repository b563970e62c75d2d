//! Where the claims of a machine lie.

use std::fs;
use std::path::{Path, PathBuf};

/// The folder that all work trees of the repository around `root` share: `planwright` in git's own.
/// `None` where there is no git. Git is not asked: its files say it.
pub(crate) fn shared(root: &Path) -> Option<PathBuf> {
    let dot_git = root.ancestors().map(|dir| dir.join(".git"));
    let dot_git = dot_git.into_iter().find(|path| path.exists())?;
    let git_dir = if dot_git.is_dir() {
        dot_git
    } else {
        // A work tree or a submodule: the file names the folder.
        let text = fs::read_to_string(&dot_git).ok()?;
        let named = text.strip_prefix("gitdir:")?.trim();
        dot_git.parent()?.join(named)
    };
    let common = match fs::read_to_string(git_dir.join("commondir")) {
        Ok(named) => git_dir.join(named.trim()),
        Err(_) => git_dir,
    };
    common.canonicalize().ok().map(|dir| dir.join("planwright"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_work_trees_share_one_folder() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().canonicalize().unwrap();
        let main = root.join("main");
        fs::create_dir_all(main.join(".git/worktrees/side")).unwrap();
        fs::write(main.join(".git/worktrees/side/commondir"), "../..\n").unwrap();
        let side = root.join("side");
        fs::create_dir_all(side.join("docs")).unwrap();
        let named = main.join(".git/worktrees/side");
        fs::write(side.join(".git"), format!("gitdir: {}\n", named.display())).unwrap();
        let expected = Some(main.join(".git/planwright"));
        assert_eq!(shared(&main), expected);
        assert_eq!(shared(&side.join("docs")), expected);
        assert_eq!(shared(&root.join("none")), None);
    }
}
