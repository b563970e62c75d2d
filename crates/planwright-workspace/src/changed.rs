//! Which files differ from a revision, as git sees it.

use std::process::Command;

use crate::Workspace;

/// Why git could not say what has changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangedError {
    /// The word cannot be a revision.
    #[error("`{0}` is no revision")]
    Revision(String),
    /// There is no git, or it failed.
    #[error("git cannot tell what has changed: {0}")]
    Git(String),
}

impl Workspace {
    /// Paths from the root of the files that differ from where `revision` and `HEAD` part, what is
    /// not committed and what git does not know yet included; files that are gone are not.
    ///
    /// # Errors
    /// When there is no such revision, or no repository.
    pub fn changed_since(&self, revision: &str) -> Result<Vec<String>, ChangedError> {
        if revision.is_empty() || revision.starts_with('-') {
            return Err(ChangedError::Revision(revision.to_owned()));
        }
        // Fails where there is no repository, which is not the revision's fault.
        self.git(&["rev-parse", "--git-dir"])?;
        let commit = format!("{revision}^{{commit}}");
        if self
            .git(&["rev-parse", "--quiet", "--verify", &commit])
            .is_err()
        {
            if revision != "HEAD" {
                return Err(ChangedError::Revision(revision.to_owned()));
            }
            // Before the first commit everything is new.
            return self.git(&[
                "ls-files",
                "-z",
                "--cached",
                "--others",
                "--exclude-standard",
            ]);
        }
        let diff = [
            "diff",
            "--name-only",
            "-z",
            "--no-ext-diff",
            "--no-textconv",
            "--relative",
            "--diff-filter=d",
            "--merge-base",
            revision,
            "--",
        ];
        let mut changed = self.git(&diff)?;
        changed.extend(self.git(&["ls-files", "-z", "--others", "--exclude-standard"])?);
        changed.sort();
        changed.dedup();
        Ok(changed)
    }

    /// The paths that a git command prints, each ended by a NUL.
    pub(crate) fn git(&self, args: &[&str]) -> Result<Vec<String>, ChangedError> {
        let output = Command::new("git")
            .current_dir(self.root())
            // No program that a configuration names is run.
            .args(["-c", "core.fsmonitor=false", "-c", "core.quotePath=false"])
            .args(args)
            .env("GIT_OPTIONAL_LOCKS", "0")
            .env("LC_ALL", "C")
            .output()
            .map_err(|error| ChangedError::Git(error.to_string()))?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            let said = said.lines().next().unwrap_or("it says nothing");
            return Err(ChangedError::Git(
                said.trim_start_matches("fatal: ").to_owned(),
            ));
        }
        let text = String::from_utf8_lossy(&output.stdout);
        let paths = text.split('\0').filter(|path| !path.is_empty());
        Ok(paths.map(str::to_owned).collect())
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::process::Command;

    use super::*;
    use crate::Options;

    fn git(dir: &Path, args: &[&str]) {
        let status = Command::new("git")
            .current_dir(dir)
            .args(["-c", "user.name=Ann", "-c", "user.email=ann@example.org"])
            .args(args)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .status();
        assert!(status.unwrap().success(), "git {args:?}");
    }

    fn open(dir: &Path) -> Workspace {
        let options = Options {
            dir: dir.to_owned(),
            cache_dir: None,
        };
        Workspace::open(&options).unwrap()
    }

    #[test]
    fn what_differs_is_listed_whether_committed_or_not() {
        let dir = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| std::fs::write(dir.path().join(name), text).unwrap();
        git(dir.path(), &["init", "-q", "-b", "main"]);
        for name in ["same.md", "edited.md", "gone.md"] {
            write(name, "# A\n");
        }
        git(dir.path(), &["add", "same.md"]);
        let mut all = open(dir.path()).changed_since("HEAD").unwrap();
        all.sort();
        assert_eq!(
            all,
            ["edited.md", "gone.md", "same.md"],
            "before the first commit"
        );
        git(dir.path(), &["add", "-A"]);
        git(dir.path(), &["commit", "-q", "-m", "One"]);
        git(dir.path(), &["switch", "-q", "-c", "work"]);
        write("committed.md", "# B\n");
        git(dir.path(), &["add", "-A"]);
        git(dir.path(), &["commit", "-q", "-m", "Two"]);
        write("edited.md", "# C\n");
        write("new ü.md", "# D\n");
        std::fs::remove_file(dir.path().join("gone.md")).unwrap();
        let ws = open(dir.path());
        assert_eq!(ws.changed_since("HEAD").unwrap(), ["edited.md", "new ü.md"]);
        assert_eq!(
            ws.changed_since("main").unwrap(),
            ["committed.md", "edited.md", "new ü.md"]
        );
        for revision in ["nowhere", "--output=x", ""] {
            assert!(matches!(
                ws.changed_since(revision),
                Err(ChangedError::Revision(_))
            ));
        }
    }

    #[test]
    fn without_a_repository_git_says_so() {
        let dir = tempfile::tempdir().unwrap();
        assert!(matches!(
            open(dir.path()).changed_since("HEAD"),
            Err(ChangedError::Git(_))
        ));
    }
}
