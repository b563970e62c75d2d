//! Landing: a branch goes on and a claim becomes done, in one push.

use super::step::{is_forbidden, is_passing};
use super::{ATTEMPTS, Failure, Kept, LONG, Remote, RemoteError, rest};
use crate::protocol::{self, Terms, Want};
use crate::push::{Fate, Push, Update};
use crate::record::Key;

impl Remote {
    /// Lands work: a branch goes on to a commit and the claim becomes done, in one step of the
    /// remote, so that only whoever holds the claim lands.
    pub(crate) fn land(
        &self,
        key: &Key,
        commit: &str,
        branch: &str,
        terms: &Terms,
    ) -> Result<Kept, Failure> {
        let branch_name = format!("refs/heads/{branch}");
        let want = Want::Done {
            commit: Some(commit.to_owned()),
        };
        let mut mine: Option<(Kept, String, Option<String>)> = None;
        for attempt in 0..ATTEMPTS {
            let seen = self.look(Some(&key.folder()))?;
            if !seen.marker.atomic {
                return Err(self
                    .unfit("it cannot change several refs in one step")
                    .into());
            }
            let name = seen.name(key);
            let current = seen.claims.get(&name);
            // A push whose reply was lost.
            if let Some((mine, _, _)) = &mine
                && current.is_some_and(|kept| kept.object == mine.object)
            {
                return Ok(mine.clone());
            }
            let old = current.map(|kept| kept.object.clone());
            let again = mine.take().filter(|(_, _, before)| *before == old);
            let (kept, name, old) = if let Some(same) = again {
                same
            } else {
                let before = current.map(|kept| &kept.record);
                let record = protocol::step(before, 0, key, &want, terms)?;
                let object = self.write(&record.to_text())?;
                (Kept { object, record }, name, old)
            };
            let push = Push {
                address: &self.address,
                atomic: true,
                hooks: true,
                patience: LONG,
            };
            let updates = [
                Update {
                    name: &name,
                    old: Some(old.as_deref()),
                    new: Some(&kept.object),
                },
                Update {
                    name: &branch_name,
                    old: None,
                    new: Some(commit),
                },
            ];
            let pushed = push.run(&self.git, &updates);
            let (fates, said) = pushed.map_err(|error| self.not_run(&error))?;
            match (&fates[0], &fates[1]) {
                (Fate::Changed, _) => return Ok(kept),
                // Of an atomic push that fails, every ref is rejected; the branch says why.
                (_, Fate::Stale(why))
                    if why.contains("fetch first") || why.contains("non-fast-forward") =>
                {
                    return Err(RemoteError::Behind {
                        branch: branch.to_owned(),
                        remote: self.name.clone(),
                    }
                    .into());
                }
                (_, Fate::Refused(why)) | (Fate::Refused(why), _) if !is_passing(why) => {
                    return Err(self.forbidden(why, &said).into());
                }
                (Fate::Unknown, _) if is_forbidden(&said.complaint) => {
                    return Err(self.forbidden(&said.reason(), &said).into());
                }
                _ => {}
            }
            mine = Some((kept, name, old));
            rest(attempt);
        }
        Err(self.unfit("others keep changing this claim").into())
    }
}
