//! The steps of a claim, each a push that succeeds only while nobody else has made one.

use super::look::{Marker, Seen};
use super::{ATTEMPTS, Failure, Kept, PATIENCE, Remote, RemoteError, rest};
use crate::git::{Said, without_secrets};
use crate::protocol::{self, Refusal, Terms, Want};
use crate::push::{Fate, Push, Update};
use crate::record::{self, Key, Record, State};

#[derive(Debug)]
pub(super) enum Swap {
    Done,
    Lost,
    /// Nobody knows; it may still arrive.
    Unsure,
}

impl Remote {
    pub(super) fn push_one(
        &self,
        name: &str,
        old: Option<&str>,
        new: Option<&str>,
        atomic: bool,
    ) -> Result<(Fate, Said), RemoteError> {
        let push = Push {
            address: &self.address,
            atomic,
            hooks: false,
            patience: PATIENCE,
        };
        let old = Some(old);
        let pushed = push.run(&self.git, &[Update { name, old, new }]);
        let (mut fates, said) = pushed.map_err(|error| self.not_run(&error))?;
        Ok((fates.pop().unwrap_or(Fate::Unknown), said))
    }

    /// Puts one object in the place of another. What became of it is read from the ref's own line,
    /// and where that says no or nothing, from what the remote holds.
    pub(super) fn swap(
        &self,
        name: &str,
        old: Option<&str>,
        new: &str,
    ) -> Result<Swap, RemoteError> {
        let mut last = Said::default();
        for attempt in 0..ATTEMPTS {
            let (fate, said) = self.push_one(name, old, Some(new), false)?;
            if let Some(swap) = self.settle(name, old, Some(new), fate, &said)? {
                return Ok(swap);
            }
            // A push that makes a ref is never sent twice: one of the two could arrive after the ref was
            // removed, and bring back an object that its session goes on from.
            if old.is_none() {
                return Ok(Swap::Unsure);
            }
            last = said;
            rest(attempt);
        }
        Err(self.unreachable(&last))
    }

    /// What a push came to; `None` where it may be tried again.
    pub(super) fn settle(
        &self,
        name: &str,
        old: Option<&str>,
        new: Option<&str>,
        fate: Fate,
        said: &Said,
    ) -> Result<Option<Swap>, RemoteError> {
        if fate == Fate::Changed {
            return Ok(Some(Swap::Done));
        }
        let holds = self.holds(name)?;
        if holds.as_deref() == new {
            return Ok(Some(Swap::Done));
        }
        if holds.as_deref() != old {
            return Ok(Some(Swap::Lost));
        }
        match fate {
            // Somebody else is at it, or was when we came.
            Fate::Refused(why) if !is_passing(&why) => Err(self.forbidden(&why, said)),
            Fate::Unknown if is_forbidden(&said.complaint) => {
                Err(self.forbidden(&said.reason(), said))
            }
            _ => Ok(None),
        }
    }

    pub(super) fn forbidden(&self, why: &str, said: &Said) -> RemoteError {
        let told = said
            .complaint
            .lines()
            .find_map(|line| line.strip_prefix("remote: "));
        let why = told.map_or_else(|| why.to_owned(), |told| told.trim().to_owned());
        RemoteError::Forbidden {
            remote: self.name.clone(),
            reason: without_secrets(&record::plain(&why)),
        }
    }

    /// Takes the next step of a claim.
    pub(crate) fn change(&self, key: &Key, want: &Want, terms: &Terms) -> Result<Kept, Failure> {
        let takes = matches!(want, Want::Claim | Want::TakeOver { .. });
        let mut tried: Vec<Kept> = Vec::new();
        for attempt in 0..ATTEMPTS {
            let seen = self.look(Some(&key.folder()))?;
            // A push that was thought to be lost.
            let arrived = seen.claims.get(&seen.name(key));
            if let Some(kept) = arrived.filter(|kept| tried.contains(kept)) {
                return self.confirm(key, kept.clone(), terms);
            }
            if takes {
                Self::way_is_free(&seen, key, terms)?;
            }
            let name = seen.name(key);
            let current = seen.claims.get(&name);
            let before = current.map(|kept| &kept.record);
            let terms = Terms {
                nonce: self.nonce()?,
                ..terms.clone()
            };
            let record = protocol::step(before, seen.marker.fence, key, want, &terms)?;
            let object = self.write(&record.to_text())?;
            let old = current.map(|kept| kept.object.as_str());
            match self.swap(&name, old, &object)? {
                Swap::Done if takes => {
                    return self.confirm(key, Kept { object, record }, &terms);
                }
                Swap::Done => return Ok(Kept { object, record }),
                Swap::Lost => rest(attempt),
                Swap::Unsure => {
                    tried.push(Kept { object, record });
                    rest(attempt);
                }
            }
        }
        Err(self.unfit("others keep changing this claim").into())
    }

    /// Refuses where somebody holds what a thing is part of, or a part of it.
    fn way_is_free(seen: &Seen, key: &Key, terms: &Terms) -> Result<(), Failure> {
        for record in seen.records() {
            if protocol::in_the_way([record], key).is_some()
                && !record.is_expired(terms.now)
                && !protocol::is_own(record, &terms.actor)
            {
                return Err(Refusal::Held(Box::new(record.clone())).into());
            }
        }
        Ok(())
    }

    /// Makes a claim that was just taken good. Two things are looked at again, because no push could
    /// see them: whether refs were removed meanwhile whose fencing numbers were higher, and whether
    /// somebody took what overlaps it at the same moment. Everybody writes first and looks then, so
    /// of two at least one sees the other.
    fn confirm(&self, key: &Key, mine: Kept, terms: &Terms) -> Result<Kept, Failure> {
        let mut mine = mine;
        for attempt in 0..ATTEMPTS {
            let seen = self.look(Some(&key.folder()))?;
            let name = seen.name(key);
            match seen.claims.get(&name) {
                Some(kept) if kept.object == mine.object => {}
                other => {
                    let record = other.map(|kept| Box::new(kept.record.clone()));
                    return Err(Refusal::NotHeld(record).into());
                }
            }
            if let Err(refused) = Self::way_is_free(&seen, key, terms) {
                self.follow(&name, &mine, &Want::Release, terms)?;
                return Err(refused);
            }
            let rival = seen.claims.iter().find(|(_, kept)| {
                protocol::in_the_way([&kept.record], key).is_some()
                    && !protocol::is_own(&kept.record, &terms.actor)
            });
            if let Some((rival, kept)) = rival {
                // Its time is over: its holder is told by the record that it lost it.
                self.follow(rival, kept, &Want::Retire, terms)?;
            } else if mine.record.fence <= seen.marker.fence {
                let record = Record {
                    fence: seen.marker.fence + 1,
                    nonce: self.nonce()?,
                    ..mine.record.clone()
                };
                let object = self.write(&record.to_text())?;
                if matches!(self.swap(&name, Some(&mine.object), &object)?, Swap::Done) {
                    mine = Kept { object, record };
                }
            } else {
                return Ok(mine);
            }
            rest(attempt);
        }
        Err(self.unfit("others keep changing this claim").into())
    }

    /// A further step of a record that was seen.
    fn follow(&self, name: &str, kept: &Kept, want: &Want, terms: &Terms) -> Result<(), Failure> {
        let terms = Terms {
            nonce: self.nonce()?,
            ..terms.clone()
        };
        let record = &kept.record;
        let record = protocol::step(Some(record), 0, &record.key, want, &terms)?;
        let object = self.write(&record.to_text())?;
        self.swap(name, Some(&kept.object), &object)?;
        Ok(())
    }

    /// The records of one document, or of all.
    pub(crate) fn records(&self, folder: Option<&str>) -> Result<Vec<Kept>, RemoteError> {
        let seen = self.find(folder)?;
        Ok(seen.map_or_else(Vec::new, |seen| seen.claims.into_values().collect()))
    }

    /// Removes refs that nobody has held since `before`. The marker goes up first; whoever makes a
    /// removed ref anew looks at the marker afterwards, so no fencing number comes back.
    pub(crate) fn collect(&self, before: i64) -> Result<usize, RemoteError> {
        const EACH: usize = 50;
        let Some(seen) = self.find(None)? else {
            return Ok(0);
        };
        let is_old = |kept: &&Kept| kept.record.state != State::Held && kept.record.until < before;
        let old: Vec<(&String, &Kept)> = seen
            .claims
            .iter()
            .filter(|(_, kept)| is_old(kept))
            .collect();
        let Some(highest) = old.iter().map(|(_, kept)| kept.record.fence).max() else {
            return Ok(0);
        };
        if highest > seen.marker.fence {
            let marker = Marker {
                fence: highest,
                nonce: self.nonce()?,
                ..seen.marker.clone()
            };
            let object = self.write(&serde_json::to_string(&marker).unwrap_or_default())?;
            let name = format!("{}/marker", seen.namespace);
            if matches!(
                self.swap(&name, Some(&seen.marker_object), &object)?,
                Swap::Lost
            ) {
                // Somebody else collects.
                return Ok(0);
            }
        }
        let mut removed = 0;
        for some in old.chunks(EACH) {
            let updates: Vec<Update<'_>> = some
                .iter()
                .map(|(name, kept)| Update {
                    name,
                    old: Some(Some(&kept.object)),
                    new: None,
                })
                .collect();
            let push = Push {
                address: &self.address,
                atomic: false,
                hooks: false,
                patience: PATIENCE,
            };
            let pushed = push.run(&self.git, &updates);
            let (fates, _) = pushed.map_err(|error| self.not_run(&error))?;
            removed += fates.iter().filter(|fate| **fate == Fate::Changed).count();
        }
        Ok(removed)
    }
}

/// True for a refusal that goes away: somebody else changes the same ref.
pub(super) fn is_passing(why: &str) -> bool {
    let passing = [
        "lock",
        "failed to update ref",
        "reference already exists",
        "incorrect old value",
        "stale info",
        "fetch first",
        "atomic",
    ];
    passing.iter().any(|word| why.contains(word))
}

/// True where the remote knows us and does not let us, or does not know us.
pub(super) fn is_forbidden(complaint: &str) -> bool {
    let words = [
        "ermission",
        "denied",
        "403",
        "401",
        "not allowed",
        "read-only",
        "Authentication failed",
        "could not read Username",
        "service not enabled",
        "access rights",
    ];
    words.iter().any(|word| complaint.contains(word))
}
