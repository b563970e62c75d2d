use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use planwright_coord::{Actor, Claims};
use planwright_model::Level;
use planwright_ops::check::{Now, Target};
use planwright_ops::claims::holders::{self, Held};
use planwright_ops::claims::{self, Desk};
use planwright_ops::resume;
use planwright_ops::write::Call;
use planwright_ops::{ErrorKind, Hint, OpsError};
use planwright_workspace::write::Writer;
use planwright_workspace::{Options, Workspace, path};

/// Tells when it is. A face has the clock; the verbs have none.
pub type Moment = fn() -> Result<Now, OpsError>;

/// What the server is told by the program that starts it.
#[derive(Clone, Debug)]
pub struct Host {
    /// A folder of the repository.
    pub dir: PathBuf,
    /// Where snapshots are kept.
    pub cache_dir: Option<PathBuf>,
    /// Where locks are kept, and what `undo` takes back.
    pub state_dir: Option<PathBuf>,
    /// When it is.
    pub now: Moment,
    /// Who writes, where a log names its authors.
    pub author: Option<String>,
    /// The session that holds claims and is asked for them.
    pub actor: Actor,
    /// True where the actor was named, and stands for whatever session a client tells.
    pub is_named: bool,
    /// The model that it is, where told.
    pub model: Option<String>,
    /// True inside a command that `verify` runs.
    pub is_verifying: bool,
}

/// Who calls.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    /// The session that claims are held for.
    pub(crate) actor: Actor,
    /// True where the next call of the same client comes from another session: the protocol keeps
    /// none.
    pub(crate) is_passing: bool,
    /// Set when the client wants an end.
    pub(crate) interrupted: Arc<AtomicBool>,
}

/// One call: the repository as it is now.
pub(crate) struct Session<'a> {
    pub(crate) host: &'a Host,
    pub(crate) ws: Arc<Workspace>,
    pub(crate) actor: Actor,
    pub(crate) is_passing: bool,
    pub(crate) interrupted: Arc<AtomicBool>,
}

impl<'a> Session<'a> {
    /// Opens the repository, which proves its snapshot: what others changed since is seen.
    pub(crate) fn open(host: &'a Host, caller: Caller) -> Result<Self, OpsError> {
        let options = Options {
            dir: host.dir.clone(),
            cache_dir: host.cache_dir.clone(),
        };
        Ok(Self {
            host,
            ws: Arc::new(Workspace::open(&options)?),
            actor: caller.actor,
            is_passing: caller.is_passing,
            interrupted: caller.interrupted,
        })
    }

    /// The same for one of several sessions behind a client, or of a client that keeps none. Only
    /// what a claim told is taken: two clients would choose the same name.
    pub(crate) fn acting_as(&self, actor: &str) -> Result<Self, OpsError> {
        let (actor, is_passing) = if actor == "new" {
            let new = Actor::unique(&self.host.actor.name);
            (
                new.map_err(|error| {
                    OpsError::new(ErrorKind::Io, format!("cannot make an actor: {error}"))
                })?,
                true,
            )
        } else {
            (known(actor)?, false)
        };
        Ok(Self {
            host: self.host,
            ws: Arc::clone(&self.ws),
            actor,
            is_passing,
            interrupted: Arc::clone(&self.interrupted),
        })
    }

    /// What a reference or a path means: a file is looked for from the folder that the server was
    /// started in, then from the root.
    pub(crate) fn target(&self, word: String) -> Target {
        let here = path::join(self.ws.folder(), &word).filter(|path| self.ws.exists(path));
        let path = here.or_else(|| path::join("", &word));
        Target { word, path }
    }

    pub(crate) fn now(&self) -> Result<Now, OpsError> {
        (self.host.now)()
    }

    /// Runs a verb that writes.
    pub(crate) fn write<T>(
        &self,
        dry_run: bool,
        expect: &[String],
        run: impl FnOnce(&Call<'_>) -> Result<T, OpsError>,
    ) -> Result<T, OpsError> {
        let writer = Writer::new(self.ws.root(), self.state_dir()?);
        self.at_desk(|desk| {
            run(&Call {
                writer: &writer,
                now: desk.now,
                dry_run,
                expect,
                desk: Some(desk),
            })
        })
    }

    /// Runs something that asks for claims.
    pub(crate) fn at_desk<T>(
        &self,
        run: impl FnOnce(Desk<'_>) -> Result<T, OpsError>,
    ) -> Result<T, OpsError> {
        let remote = claims::shared_remote(&self.ws)?;
        let claims = Claims::open(self.ws.root(), self.state_dir()?, remote.as_deref());
        run(Desk {
            claims: &claims,
            actor: &self.actor,
            model: self.host.model.as_deref(),
            now: self.now()?.instant,
        })
    }

    /// Who holds what.
    pub(crate) fn held(&self) -> Result<Vec<Held>, OpsError> {
        if self.host.state_dir.is_none() {
            return Ok(Vec::new());
        }
        self.at_desk(|desk| holders::held(&self.ws, desk))
    }

    /// What the sessions before did and left on a plan, in Markdown.
    pub(crate) fn resumed(&self, name: String) -> Result<String, OpsError> {
        let ledger = Writer::new(self.ws.root(), self.state_dir()?).ledger().ok();
        let request = resume::Request { name: Some(name) };
        let answer = self.at_desk(|desk| resume::run(&self.ws, &request, desk, ledger.as_ref()));
        Ok(answer?.markdown)
    }

    fn state_dir(&self) -> Result<&Path, OpsError> {
        self.host.state_dir.as_deref().ok_or_else(|| {
            OpsError::new(ErrorKind::Io, "there is no folder for locks")
                .with_hint(Hint::Note("name one in PLANWRIGHT_STATE_DIR".to_owned()))
        })
    }
}

/// An actor that was made to be passed on.
fn known(actor: &str) -> Result<Actor, OpsError> {
    let parts = actor.rsplit_once('/');
    let parts = parts.filter(|(name, session)| !name.is_empty() && Actor::is_unique(session));
    let (name, session) = parts.ok_or_else(|| {
        OpsError::new(
            ErrorKind::Usage,
            format!("`{actor}` is no actor that a claim told"),
        )
        .with_hint(Hint::Note(
            "claim with \"actor\": \"new\": the answer tells what to pass afterwards".to_owned(),
        ))
    })?;
    Ok(Actor {
        name: name.to_owned(),
        session: session.to_owned(),
    })
}

/// A level in the word that findings are printed with.
pub(crate) const fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info => "info",
    }
}
