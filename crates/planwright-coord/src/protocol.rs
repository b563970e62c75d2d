//! Which record may follow which.
//!
//! One function, [`step`], without files, clocks or chance: all that it needs is told. Where records
//! are kept replaces the one that was looked at by the one that `step` gives, in a single step and
//! only while nobody else has put another there. The model check in the tests runs this function.

use crate::record::{Actor, Key, Record, State, Subject};

/// What somebody wants.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Want {
    /// To hold what nobody holds.
    Claim,
    /// To hold it for longer.
    Renew,
    /// To hold it no more.
    Release,
    /// To land: the work is done.
    Done {
        /// The commit that holds the work.
        commit: Option<String>,
    },
    /// To hold what somebody else holds, or what was thought to be done.
    TakeOver {
        /// Why.
        reason: String,
    },
    /// To clear away a claim whose time is over, because it stands in the way of another.
    Retire,
    /// To say that what was done is to be done again.
    Reopen,
}

/// Who wants it, and how.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Terms {
    /// Who.
    pub actor: Actor,
    /// The model that the actor is, where told.
    pub model: Option<String>,
    /// The moment, in seconds since the Unix epoch.
    pub now: i64,
    /// For how many seconds.
    pub lease: u32,
    /// Random, and never used before.
    pub nonce: String,
    /// The thing as it is now.
    pub subject: Subject,
}

/// Why a record does not follow.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// Somebody else holds it.
    Held(Box<Record>),
    /// The same session holds it: a claim succeeds once.
    Own(Box<Record>),
    /// The work has landed.
    Done(Box<Record>),
    /// It was the actor's, and somebody took it over; or it never was.
    NotHeld(Option<Box<Record>>),
}

/// The record that follows. `floor` is the highest fencing number of all records that were collected;
/// it matters only where there is none.
///
/// # Errors
/// When what is wanted is not for this actor to have, now.
pub fn step(
    current: Option<&Record>,
    floor: u64,
    key: &Key,
    want: &Want,
    terms: &Terms,
) -> Result<Record, Refusal> {
    let fence = current.map_or(floor, |record| record.fence);
    let own = current.filter(|record| is_own(record, &terms.actor));
    let follows = |state: State| {
        let record = own.ok_or_else(|| Refusal::NotHeld(current.cloned().map(Box::new)))?;
        Ok(Record {
            state,
            nonce: terms.nonce.clone(),
            ..record.clone()
        })
    };
    let taken = || Record {
        after: current
            .filter(|record| record.state == State::Held)
            .map(|record| record.holder.clone()),
        ..Record::held(key.clone(), fence + 1, terms)
    };
    match want {
        Want::Claim => match current {
            Some(record) if record.state == State::Done => {
                Err(Refusal::Done(Box::new(record.clone())))
            }
            Some(record) if record.state == State::Held && !record.is_expired(terms.now) => {
                let record = Box::new(record.clone());
                Err(if own.is_some() {
                    Refusal::Own(record)
                } else {
                    Refusal::Held(record)
                })
            }
            _ => Ok(taken()),
        },
        Want::TakeOver { reason } => Ok(Record {
            reason: Some(reason.clone()),
            ..taken()
        }),
        Want::Renew => {
            let record = follows(State::Held)?;
            let until = terms.now.saturating_add(i64::from(terms.lease));
            Ok(Record {
                until,
                lease: terms.lease,
                ..record
            })
        }
        Want::Release => follows(State::Released),
        Want::Done { commit } => Ok(Record {
            commit: commit.clone(),
            ..follows(State::Done)?
        }),
        Want::Retire => match current {
            Some(record) if record.is_expired(terms.now) => Ok(Record {
                state: State::Released,
                fence: fence + 1,
                nonce: terms.nonce.clone(),
                ..record.clone()
            }),
            other => Err(Refusal::NotHeld(other.cloned().map(Box::new))),
        },
        Want::Reopen => match current {
            Some(record) if record.state == State::Done => Ok(Record {
                state: State::Released,
                nonce: terms.nonce.clone(),
                ..record.clone()
            }),
            other => Err(Refusal::NotHeld(other.cloned().map(Box::new))),
        },
    }
}

/// True for a claim that a session holds, be its time over or not: until somebody takes it, nobody
/// else has it.
pub fn is_own(record: &Record, actor: &Actor) -> bool {
    record.state == State::Held && record.holder == *actor
}

/// The first claim that keeps a session from holding something, leaving out its own record: one on
/// the same thing or on what it is part of.
pub fn in_the_way<'r>(
    others: impl IntoIterator<Item = &'r Record>,
    key: &Key,
) -> Option<&'r Record> {
    let stands = |record: &&Record| {
        record.state == State::Held && record.key != *key && record.key.overlaps(key)
    };
    others.into_iter().find(stands)
}

/// Whether a session may change a thing: nobody else holds it or what it is part of, and what the
/// session held itself was not taken from it. `token` is the fencing number under which the session
/// took the thing last. Time plays no part: what nobody took over is still its holder's.
///
/// # Errors
/// The claim that stands against it.
pub fn may_change<'r>(
    records: impl IntoIterator<Item = &'r Record>,
    key: &Key,
    actor: &Actor,
    token: Option<u64>,
) -> Result<(), Refusal> {
    for record in records {
        if !record.key.overlaps(key) {
            continue;
        }
        if record.state == State::Held && record.holder != *actor {
            return Err(Refusal::Held(Box::new(record.clone())));
        }
        if record.key == *key && token.is_some_and(|token| token < record.fence) {
            return Err(Refusal::NotHeld(Some(Box::new(record.clone()))));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(name: &str, now: i64) -> Terms {
        Terms {
            actor: Actor {
                name: name.to_owned(),
                session: "1".to_owned(),
            },
            now,
            lease: 100,
            nonce: format!("{name}{now}"),
            ..Terms::default()
        }
    }

    fn key() -> Key {
        Key {
            document: "auth".to_owned(),
            item: Some("T1".to_owned()),
        }
    }

    fn by(current: Option<&Record>, want: &Want, name: &str, now: i64) -> Result<Record, Refusal> {
        step(current, 7, &key(), want, &terms(name, now))
    }

    #[test]
    fn a_claim_is_taken_once_and_its_number_only_grows() {
        let first = by(None, &Want::Claim, "ann", 0).unwrap();
        assert_eq!((first.fence, first.until), (8, 100));
        assert!(matches!(
            by(Some(&first), &Want::Claim, "bob", 100),
            Err(Refusal::Held(_))
        ));
        assert!(matches!(
            by(Some(&first), &Want::Claim, "ann", 100),
            Err(Refusal::Own(_))
        ));
        let renewed = by(Some(&first), &Want::Renew, "ann", 90).unwrap();
        assert_eq!((renewed.fence, renewed.until), (8, 190));
        let second = by(Some(&renewed), &Want::Claim, "bob", 300).unwrap();
        assert_eq!(second.fence, 9);
        assert_eq!(second.after.as_ref(), Some(&first.holder));
        for want in [&Want::Renew, &Want::Release, &Want::Done { commit: None }] {
            assert!(matches!(
                by(Some(&second), want, "ann", 301),
                Err(Refusal::NotHeld(Some(_)))
            ));
        }
        let free = by(Some(&second), &Want::Release, "bob", 302).unwrap();
        assert_eq!((free.state, free.fence), (State::Released, 9));
        assert_eq!(by(Some(&free), &Want::Claim, "ann", 303).unwrap().fence, 10);
    }

    #[test]
    fn what_has_landed_is_taken_again_for_a_reason_only() {
        let held = by(None, &Want::Claim, "ann", 0).unwrap();
        let commit = Some("c0ffee".to_owned());
        let done = by(Some(&held), &Want::Done { commit }, "ann", 1).unwrap();
        assert!(matches!(
            by(Some(&done), &Want::Claim, "bob", 9999),
            Err(Refusal::Done(_))
        ));
        let reason = "it leaks".to_owned();
        let again = by(Some(&done), &Want::TakeOver { reason }, "bob", 2).unwrap();
        assert_eq!((again.fence, again.after), (9, None));
        assert_eq!(
            by(Some(&done), &Want::Reopen, "bob", 2).unwrap().state,
            State::Released
        );
    }

    #[test]
    fn a_stale_holder_may_not_change_what_was_taken_from_it() {
        let ann = terms("ann", 0).actor;
        let bob = terms("bob", 0).actor;
        let first = by(None, &Want::Claim, "ann", 0).unwrap();
        // Its time is over and nobody took it.
        assert_eq!(may_change([&first], &key(), &ann, Some(8)), Ok(()));
        assert!(may_change([&first], &key(), &bob, None).is_err());
        let second = by(Some(&first), &Want::Claim, "bob", 999).unwrap();
        assert!(may_change([&second], &key(), &ann, Some(8)).is_err());
        let free = by(Some(&second), &Want::Release, "bob", 999).unwrap();
        assert!(matches!(
            may_change([&free], &key(), &ann, Some(8)),
            Err(Refusal::NotHeld(Some(_)))
        ));
        assert_eq!(may_change([&free], &key(), &ann, None), Ok(()));
    }
}
