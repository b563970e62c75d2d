//! What landing and checks ask of the repository itself.

use super::{Remote, RemoteError, is_object};

impl Remote {
    /// The commit that a revision names here.
    pub(crate) fn commit(&self, revision: &str) -> Result<Option<String>, RemoteError> {
        let name = format!("{revision}^{{commit}}");
        let said = self.git(
            &[
                "rev-parse",
                "--quiet",
                "--verify",
                "--end-of-options",
                &name,
            ],
            b"",
        )?;
        Ok(Some(said.out.trim().to_owned()).filter(|object| said.is_fine && is_object(object)))
    }

    /// The last commit of a branch of the remote, fetched.
    pub(crate) fn tip(&self, branch: &str) -> Result<Option<String>, RemoteError> {
        let name = format!("refs/heads/{branch}");
        let Some(object) = self.holds(&name)? else {
            return Ok(None);
        };
        if self.commit(&object)?.is_none() {
            let args = [
                "fetch",
                "--quiet",
                "--no-tags",
                "--no-write-fetch-head",
                "--refmap=",
            ];
            let said = self.git(&[&args[..], &[&self.address, &name]].concat(), b"")?;
            if !said.is_fine {
                return Err(self.unreachable(&said));
            }
        }
        Ok(Some(object))
    }

    /// A file, by its path from the root, as it was in a commit.
    pub(crate) fn file(&self, commit: &str, path: &str) -> Result<Option<String>, RemoteError> {
        let said = self.git(&["cat-file", "blob", &format!("{commit}:./{path}")], b"")?;
        Ok(Some(said.out).filter(|_| said.is_fine))
    }

    /// The files, by their paths from the root, in which a commit differs from where it and another
    /// part.
    pub(crate) fn changed(&self, from: &str, to: &str) -> Result<Vec<String>, RemoteError> {
        let range = format!("{from}...{to}");
        let said = self.git(
            &[
                "diff",
                "--name-only",
                "--relative",
                "--no-renames",
                "-z",
                &range,
                "--",
            ],
            b"",
        )?;
        if !said.is_fine {
            return Err(self.unfit(said.reason()));
        }
        let paths = said.out.split('\0').filter(|path| !path.is_empty());
        Ok(paths.map(str::to_owned).collect())
    }

    /// Where two commits part.
    pub(crate) fn base(&self, one: &str, other: &str) -> Result<Option<String>, RemoteError> {
        let said = self.git(&["merge-base", one, other], b"")?;
        Ok(Some(said.out.trim().to_owned()).filter(|object| said.is_fine && is_object(object)))
    }

    /// True where a commit is another or led to it.
    pub(crate) fn leads(&self, ancestor: &str, to: &str) -> Result<bool, RemoteError> {
        if !is_object(ancestor) {
            return Ok(false);
        }
        Ok(self
            .git(&["merge-base", "--is-ancestor", ancestor, to], b"")?
            .is_fine)
    }

    /// The branch that is checked out.
    pub(crate) fn branch(&self) -> Result<Option<String>, RemoteError> {
        let said = self.git(&["symbolic-ref", "--quiet", "--short", "HEAD"], b"")?;
        Ok(Some(said.out.trim().to_owned()).filter(|name| said.is_fine && !name.is_empty()))
    }
}
