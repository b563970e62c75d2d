//! Landing work over the remote, and what a check of a protected branch asks.

use std::io;

use super::{ClaimError, Claims, put};
use crate::protocol::{Terms, Want};
use crate::record::{self, Key, Record};
use crate::remote::{Failure, Remote, RemoteError};

/// The remote as landing and checks see it.
#[derive(Debug)]
pub struct Shared<'a> {
    claims: &'a Claims,
    remote: Remote,
}

impl Claims {
    /// The remote that claims are shared over.
    ///
    /// # Errors
    /// When it cannot be used.
    pub fn shared(&self) -> Result<Option<Shared<'_>>, ClaimError> {
        let remote = self.remote()?;
        Ok(remote.map(|remote| Shared {
            claims: self,
            remote,
        }))
    }

    /// Forgets claims that nobody has held since `before`, here and on the remote, in a way that
    /// lets no fencing number come back. Gives how many there were.
    ///
    /// # Errors
    /// When the remote or the folder cannot be used.
    pub fn collect(&self, before: i64) -> Result<usize, ClaimError> {
        match self.remote()? {
            Some(remote) => {
                let removed = remote.collect(before)?;
                self.sync(None)?;
                Ok(removed)
            }
            None if self.local.is_unused() => Ok(0),
            None => {
                let failed = |error: io::Error| self.failed(&error);
                let turn = self.local.turn().map_err(failed)?;
                turn.collect(before).map_err(failed)
            }
        }
    }
}

impl Shared<'_> {
    /// Its name.
    pub fn name(&self) -> &str {
        self.remote.name()
    }

    /// Lands a commit on a branch and makes the claim on a thing done, both or neither. Only the
    /// session that holds the claim can.
    ///
    /// # Errors
    /// When the session does not hold it, the branch has gone on, or the remote cannot be used.
    pub fn land(
        &self,
        key: &Key,
        commit: &str,
        branch: &str,
        terms: &Terms,
    ) -> Result<Record, ClaimError> {
        let failed = |error: io::Error| self.claims.failed(&error);
        let terms = Terms {
            nonce: record::nonce().map_err(failed)?,
            ..terms.clone()
        };
        let kept = match self.remote.land(key, commit, branch, &terms) {
            Ok(kept) => kept,
            Err(Failure::Refused(refusal)) => {
                self.claims.sync(Some(key))?;
                return Err(refusal.into());
            }
            Err(Failure::Remote(error)) => return Err(error.into()),
        };
        let turn = self.claims.local.turn().map_err(failed)?;
        put(&turn, &kept).map_err(failed)?;
        let want = Want::Done { commit: None };
        let token = self.claims.keep_token(&turn, &kept.record, &want, &terms);
        token.map_err(failed)?;
        Ok(kept.record)
    }

    /// The records of all claims.
    ///
    /// # Errors
    /// When the remote cannot be used.
    pub fn records(&self) -> Result<Vec<Record>, RemoteError> {
        let kept = self.remote.records(None)?;
        Ok(kept.into_iter().map(|kept| kept.record).collect())
    }

    /// The commit that a revision names here.
    ///
    /// # Errors
    /// When git cannot be run.
    pub fn commit(&self, revision: &str) -> Result<Option<String>, RemoteError> {
        self.remote.commit(revision)
    }

    /// The last commit of a branch of the remote.
    ///
    /// # Errors
    /// When the remote cannot be reached.
    pub fn tip(&self, branch: &str) -> Result<Option<String>, RemoteError> {
        self.remote.tip(branch)
    }

    /// The branch that is checked out.
    ///
    /// # Errors
    /// When git cannot be run.
    pub fn branch(&self) -> Result<Option<String>, RemoteError> {
        self.remote.branch()
    }

    /// A file as it was in a commit.
    ///
    /// # Errors
    /// When git cannot be run.
    pub fn file(&self, commit: &str, path: &str) -> Result<Option<String>, RemoteError> {
        self.remote.file(commit, path)
    }

    /// The files in which a commit differs from where it and another part, and where that is.
    ///
    /// # Errors
    /// When git cannot be run, or the commits have nothing in common.
    pub fn changed(&self, from: &str, to: &str) -> Result<(String, Vec<String>), RemoteError> {
        let base = self.remote.base(from, to)?;
        let base = base.ok_or_else(|| self.remote.unfit("the commits have nothing in common"))?;
        Ok((base, self.remote.changed(from, to)?))
    }

    /// True where a commit is another or led to it.
    ///
    /// # Errors
    /// When git cannot be run.
    pub fn leads(&self, ancestor: &str, to: &str) -> Result<bool, RemoteError> {
        self.remote.leads(ancestor, to)
    }
}
