//! The claims of a repository, wherever they are kept.

mod land;

pub use land::Shared;

use std::io;
use std::path::{Path, PathBuf};

use crate::local::{Local, Stored, Turn};
use crate::protocol::{self, Refusal, Terms, Want};
use crate::record::{self, Actor, Key, Record, State};
use crate::remote::{Failure, Kept, Remote, RemoteError};
use crate::session::{Act, Session};

/// How long a record stays on a machine that nobody holds, in seconds.
const KEPT: i64 = 30 * 24 * 3600;

/// How many sessions are kept that hold nothing, the latest.
const SESSIONS: usize = 200;

/// Why a claim is not changed.
#[derive(Debug, thiserror::Error)]
pub enum ClaimError {
    /// It is not for this session to have, now.
    #[error("it is not to be had")]
    Refused(Refusal),
    /// The folder of the claims cannot be used.
    #[error("cannot use {place}: {reason}")]
    Place {
        /// The folder.
        place: String,
        /// What the system said.
        reason: String,
    },
    /// The remote is of no use now.
    #[error(transparent)]
    Remote(#[from] RemoteError),
}

impl From<Refusal> for ClaimError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// What became of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The claim as it is now.
    pub record: Record,
    /// What the user is to know besides.
    pub notes: Vec<String>,
}

/// The claims of a repository.
#[derive(Debug)]
pub struct Claims {
    root: PathBuf,
    local: Local,
    /// The name of the remote that claims are shared over.
    shared: Option<String>,
}

impl Claims {
    /// True where nobody ever claimed anything.
    pub fn is_unused(&self) -> bool {
        self.local.is_unused()
    }

    /// True where no session is known, either.
    pub fn is_untouched(&self) -> bool {
        self.local.is_untouched()
    }

    /// The claims of the repository at `root`; see [`Local::find`]. Where a remote is named, it
    /// decides, and what is kept here repeats it.
    pub fn open(root: &Path, state_dir: &Path, remote: Option<&str>) -> Self {
        Self {
            root: root.to_owned(),
            local: Local::find(root, state_dir),
            shared: remote.map(str::to_owned),
        }
    }

    fn remote(&self) -> Result<Option<Remote>, ClaimError> {
        let opened = self.shared.as_deref();
        let opened = opened.map(|name| Remote::open(&self.root, name));
        Ok(opened.transpose()?)
    }

    /// Asks the remote for every claim. What it answers is what [`Claims::records`] knows
    /// afterwards; the notes say where it did not.
    ///
    /// # Errors
    /// When the remote cannot be used at all, or the folder.
    pub fn refresh(&self) -> Result<Vec<String>, ClaimError> {
        self.sync(None)
    }

    /// Repeats here what the remote says of a document's claims, or of all.
    fn sync(&self, key: Option<&Key>) -> Result<Vec<String>, ClaimError> {
        let Some(remote) = self.remote()? else {
            return Ok(Vec::new());
        };
        let failed = |error: io::Error| self.failed(&error);
        let folder = key.map(Key::folder);
        let said = match remote.records(folder.as_deref()) {
            Ok(said) => said,
            Err(error @ RemoteError::Unreachable { .. }) => {
                return Ok(vec![format!("{error}; others may have claimed since")]);
            }
            Err(error) => return Err(error.into()),
        };
        if said.is_empty() && self.local.is_unused() {
            return Ok(Vec::new());
        }
        let turn = self.local.turn().map_err(failed)?;
        for kept in &said {
            adopt(&turn, kept).map_err(failed)?;
        }
        let known = match key {
            Some(key) => self.local.of_document(key),
            None => self.local.all(),
        };
        for stored in known.map_err(failed)? {
            let key = &stored.record.key;
            if stored.remote.is_some() && !said.iter().any(|kept| kept.record.key == *key) {
                turn.remove(key).map_err(failed)?;
            }
        }
        Ok(Vec::new())
    }

    /// Every record that is known here.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn records(&self) -> Result<Vec<Record>, ClaimError> {
        let all = self.local.all().map_err(|error| self.failed(&error))?;
        Ok(all.into_iter().map(|stored| stored.record).collect())
    }

    /// One session, where it is known.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn session(&self, actor: &Actor) -> Result<Option<Session>, ClaimError> {
        let known = self.local.session(actor);
        known.map_err(|error| self.failed(&error))
    }

    /// Changes what is known of a session; it is known from then on.
    ///
    /// # Errors
    /// When it cannot be kept.
    pub fn in_session<T>(
        &self,
        actor: &Actor,
        now: i64,
        change: impl FnOnce(&mut Session) -> T,
    ) -> Result<T, ClaimError> {
        let failed = |error: io::Error| self.failed(&error);
        let turn = self.local.turn().map_err(failed)?;
        let known = self.local.session(actor).map_err(failed)?;
        if known.is_none() {
            turn.collect_sessions(SESSIONS).map_err(failed)?;
        }
        let mut session = known.unwrap_or_else(|| Session::new(actor, now));
        let changed = change(&mut session);
        session.last = session.last.max(now);
        turn.put_session(&session).map_err(failed)?;
        Ok(changed)
    }

    /// Every session that is known, in the order of its start.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn sessions(&self) -> Result<Vec<Session>, ClaimError> {
        self.local.sessions().map_err(|error| self.failed(&error))
    }

    /// Takes the next step of a claim.
    ///
    /// # Errors
    /// When it is not for this session to take, or cannot be kept.
    pub fn change(&self, key: &Key, want: &Want, terms: &Terms) -> Result<Outcome, ClaimError> {
        let failed = |error: io::Error| self.failed(&error);
        let mut terms = terms.clone();
        terms.nonce = record::nonce().map_err(failed)?;
        let mut notes = Vec::new();
        if let Some(remote) = self.remote()? {
            match self.change_there(&remote, key, want, &terms) {
                Ok(record) => return Ok(Outcome { record, notes }),
                Err(ClaimError::Remote(
                    error @ (RemoteError::Unreachable { .. } | RemoteError::Forbidden { .. }),
                )) => notes.push(match want {
                    Want::Release => format!("{error}; there it is still held"),
                    _ => format!("{error}; it is held on this machine only"),
                }),
                Err(error) => return Err(error),
            }
        }
        let turn = self.local.turn().map_err(failed)?;
        let takes = matches!(want, Want::Claim | Want::TakeOver { .. });
        if takes {
            self.clear(&turn, key, &terms)?;
            turn.collect(terms.now - KEPT).map_err(failed)?;
        }
        let current = turn.get(key).map_err(failed)?;
        let floor = turn.floor().map_err(failed)?;
        let before = current.as_ref().map(|stored| &stored.record);
        let record = protocol::step(before, floor, key, want, &terms)?;
        let stored = Stored {
            record,
            // What was taken without the remote is not there.
            remote: current.and_then(|stored| stored.remote.filter(|_| !takes)),
        };
        turn.put(&stored).map_err(failed)?;
        self.keep_token(&turn, &stored.record, want, &terms)
            .map_err(failed)?;
        Ok(Outcome {
            record: stored.record,
            notes,
        })
    }

    /// Takes the step on the remote and repeats it here.
    fn change_there(
        &self,
        remote: &Remote,
        key: &Key,
        want: &Want,
        terms: &Terms,
    ) -> Result<Record, ClaimError> {
        let failed = |error: io::Error| self.failed(&error);
        // What was claimed while the remote was away is claimed there now.
        let claimed_here = *want == Want::Renew
            && self
                .local
                .of_document(key)
                .map_err(failed)?
                .iter()
                .any(|stored| {
                    stored.record.key == *key
                        && stored.remote.is_none()
                        && protocol::is_own(&stored.record, &terms.actor)
                });
        let want = if claimed_here { &Want::Claim } else { want };
        let changed = remote.change(key, want, terms);
        let turn = self.local.turn().map_err(failed)?;
        match changed {
            Ok(kept) => {
                put(&turn, &kept).map_err(failed)?;
                self.keep_token(&turn, &kept.record, want, terms)
                    .map_err(failed)?;
                Ok(kept.record)
            }
            Err(Failure::Refused(refusal)) => {
                drop(turn);
                self.sync(Some(key))?;
                Err(refusal.into())
            }
            Err(Failure::Remote(error)) => Err(error.into()),
        }
    }

    /// Retires claims whose time is over and that overlap a key; refuses where one is not over.
    fn clear(&self, turn: &Turn<'_>, key: &Key, terms: &Terms) -> Result<(), ClaimError> {
        let failed = |error: io::Error| self.failed(&error);
        let around = self.local.of_document(key).map_err(failed)?;
        for stored in around {
            let record = &stored.record;
            if protocol::in_the_way([record], key).is_none() {
                continue;
            }
            if !record.is_expired(terms.now) {
                if protocol::is_own(record, &terms.actor) {
                    continue;
                }
                return Err(Refusal::Held(Box::new(record.clone())).into());
            }
            let terms = Terms {
                nonce: record::nonce().map_err(failed)?,
                ..terms.clone()
            };
            let record = protocol::step(Some(record), 0, &record.key, &Want::Retire, &terms)?;
            let remote = stored.remote;
            turn.put(&Stored { record, remote }).map_err(failed)?;
        }
        Ok(())
    }

    /// Notes under which number a session took something, or that it has it no more.
    fn keep_token(
        &self,
        turn: &Turn<'_>,
        record: &Record,
        want: &Want,
        terms: &Terms,
    ) -> io::Result<()> {
        let known = self.local.session(&terms.actor)?;
        let (verb, reason) = match want {
            Want::Claim => ("claim", None),
            Want::TakeOver { reason } => ("takeover", Some(reason)),
            Want::Release => ("release", None),
            Want::Done { .. } => ("done", None),
            Want::Renew | Want::Retire | Want::Reopen => return Ok(()),
        };
        let mut session = known.unwrap_or_else(|| Session::new(&terms.actor, terms.now));
        session.model = terms.model.clone().or(session.model);
        if matches!(want, Want::Claim | Want::TakeOver { .. }) {
            session.tokens.insert(record.key.slug(), record.fence);
        } else {
            session.tokens.remove(&record.key.slug());
        }
        session.note(Act {
            at: terms.now,
            verb: verb.to_owned(),
            reference: record.subject.reference.clone(),
            path: record.subject.path.clone(),
            text: reason.unwrap_or(&record.subject.text).clone(),
        });
        turn.put_session(&session)
    }

    /// Makes sure that a session may change some things, and that this stays so while the guard
    /// lives.
    ///
    /// # Errors
    /// When somebody else holds one of them, or took it from the session.
    pub fn guard(&self, keys: &[Key], actor: &Actor) -> Result<Guard<'_>, ClaimError> {
        let mut guard = Guard {
            claims: self,
            turn: None,
            actor: actor.clone(),
            notes: Vec::new(),
        };
        if self.shared.is_some() {
            let mut documents: Vec<&Key> = keys.iter().collect();
            documents.dedup_by(|a, b| a.document == b.document);
            for key in documents {
                guard.notes.extend(self.sync(Some(key))?);
            }
            guard.notes.dedup();
        }
        if self.local.is_untouched() {
            return Ok(guard);
        }
        let failed = |error: io::Error| self.failed(&error);
        guard.turn = Some(self.local.turn().map_err(failed)?);
        let session = self.local.session(actor).map_err(failed)?;
        for key in keys {
            let around = self.local.of_document(key).map_err(failed)?;
            let records = around.iter().map(|stored| &stored.record);
            let tokens = session.as_ref().map(|session| &session.tokens);
            let token = tokens.and_then(|tokens| tokens.get(&key.slug()).copied());
            protocol::may_change(records, key, actor, token)?;
        }
        Ok(guard)
    }

    fn failed(&self, error: &io::Error) -> ClaimError {
        ClaimError::Place {
            place: self.local.dir().display().to_string(),
            reason: error.to_string(),
        }
    }
}

/// Repeats here what the remote says, where that is news.
fn adopt(turn: &Turn<'_>, kept: &Kept) -> io::Result<()> {
    if let Some(known) = turn.get(&kept.record.key)? {
        let is_same = known.remote.as_ref() == Some(&kept.object);
        // Another process has seen more.
        let is_older = known.remote.is_some() && known.record.fence > kept.record.fence;
        // Claimed while the remote was away, and nobody else holds it there.
        let is_here = known.remote.is_none()
            && known.record.state == State::Held
            && kept.record.state != State::Held;
        if is_same || is_older || is_here {
            return Ok(());
        }
    }
    put(turn, kept)
}

fn put(turn: &Turn<'_>, kept: &Kept) -> io::Result<()> {
    turn.put(&Stored {
        record: kept.record.clone(),
        remote: Some(kept.object.clone()),
    })
}

/// The right to change some things. Until it is dropped, nobody on this machine takes them over.
#[derive(Debug)]
pub struct Guard<'a> {
    claims: &'a Claims,
    turn: Option<Turn<'a>>,
    actor: Actor,
    /// What the user is to know.
    pub notes: Vec<String>,
}

impl Guard<'_> {
    /// Notes what the session did, where it is one that held a claim.
    ///
    /// # Errors
    /// When it cannot be kept.
    pub fn note(&self, acts: Vec<Act>) -> Result<(), ClaimError> {
        let failed = |error: io::Error| self.claims.failed(&error);
        let Some(turn) = &self.turn else {
            return Ok(());
        };
        let Some(mut session) = self.claims.local.session(&self.actor).map_err(failed)? else {
            return Ok(());
        };
        for act in acts {
            session.note(act);
        }
        turn.put_session(&session).map_err(failed)
    }

    /// Ends a claim of the session because its work is done, or says that work is to be done again.
    /// Claims on a remote stay: they end when the work lands. Does nothing where there is no claim.
    ///
    /// # Errors
    /// When it cannot be kept.
    pub fn follow(&self, key: &Key, want: &Want, now: i64) -> Result<(), ClaimError> {
        let failed = |error: io::Error| self.claims.failed(&error);
        let Some(turn) = &self.turn else {
            return Ok(());
        };
        let Some(stored) = turn.get(key).map_err(failed)? else {
            return Ok(());
        };
        if stored.remote.is_some() {
            return Ok(());
        }
        let terms = Terms {
            actor: self.actor.clone(),
            now,
            nonce: record::nonce().map_err(failed)?,
            ..Terms::default()
        };
        if let Ok(record) = protocol::step(Some(&stored.record), 0, key, want, &terms) {
            let stored = Stored {
                record,
                remote: None,
            };
            turn.put(&stored).map_err(failed)?;
            let kept = self.claims.keep_token(turn, &stored.record, want, &terms);
            kept.map_err(failed)?;
        }
        Ok(())
    }
}
