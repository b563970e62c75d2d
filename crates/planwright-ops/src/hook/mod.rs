//! `plan hook`: what an agent is told when its session begins, around its edits, and before it stops.
//!
//! Whoever asks comes back many times, so everything is short, and nothing is said twice: what a session
//! was told is kept with it. Where there is nothing to say, the answer is empty.

mod edit;
mod manifest;
mod naming;
mod start;
mod stop;

use planwright_brief::tokens;
use planwright_coord::{Actor, ClaimError, Host, Record, Session, State};
use planwright_workspace::Workspace;

use crate::OpsError;
use crate::check::{Now, Reader};
use crate::claims::{Desk, explained};

/// The moment of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// It begins, or goes on after its memory was emptied.
    SessionStart,
    /// It is about to change files.
    BeforeEdit,
    /// It has changed files.
    AfterEdit,
    /// It believes that it is done.
    BeforeStop,
}

impl Event {
    /// All of them, in the order of a session.
    pub const ALL: [Self; 4] = [
        Self::SessionStart,
        Self::BeforeEdit,
        Self::AfterEdit,
        Self::BeforeStop,
    ];

    /// Its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SessionStart => "session-start",
            Self::BeforeEdit => "before-edit",
            Self::AfterEdit => "after-edit",
            Self::BeforeStop => "before-stop",
        }
    }
}

/// What happens.
#[derive(Clone, Debug)]
pub struct Request {
    /// The moment.
    pub event: Event,
    /// The files that are edited, from the root.
    pub paths: Vec<String>,
    /// The program that the agent runs in, and how it calls the session.
    pub host: Host,
    /// The agent that hears it, where that is not the session itself; else empty.
    pub listener: String,
    /// True where the agent hears what it is told before an edit; else it is told after it.
    pub hears_before: bool,
    /// The most tokens that it may cost.
    pub budget: u32,
    /// When it is.
    pub now: Now,
}

/// What the agent is told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// In Markdown; empty where there is nothing to say.
    pub text: String,
    /// True where it is not to make the edit.
    pub refuses: bool,
}

/// Who asks, and what is known of it.
struct Scene<'a> {
    ws: &'a Workspace,
    request: &'a Request,
    desk: Desk<'a>,
    reader: Option<&'a Reader>,
}

/// Says what there is to say at a moment of a session. `reader` is what looked at documents while the
/// workspace was opened.
///
/// # Errors
/// When the configuration means nothing, or what is kept cannot be read or written.
pub fn run(
    ws: &Workspace,
    request: &Request,
    desk: Desk<'_>,
    reader: Option<&Reader>,
) -> Result<Answer, OpsError> {
    let scene = Scene {
        ws,
        request,
        desk,
        reader,
    };
    let mut answer = match request.event {
        Event::SessionStart => start::answer(&scene)?,
        Event::BeforeEdit => edit::before(&scene)?,
        Event::AfterEdit => edit::after(&scene)?,
        Event::BeforeStop => stop::answer(&scene)?,
    };
    if tokens::estimate(&answer.text) > request.budget {
        let kept = tokens::cut(
            &answer.text,
            request.budget.saturating_sub(2),
            tokens::estimate,
        );
        answer.text = format!("{}…", kept.trim_end());
    }
    Ok(answer)
}

impl Scene<'_> {
    fn failed(&self, error: ClaimError) -> OpsError {
        explained(error, self.desk)
    }

    /// What is kept of the session, as it is now.
    fn session(&self) -> Result<Session, OpsError> {
        let known = self.desk.claims.session(self.desk.actor);
        Ok(known
            .map_err(|error| self.failed(error))?
            .unwrap_or_default())
    }

    /// Changes what is kept of the session.
    fn note<T>(&self, change: impl FnOnce(&mut Session) -> T) -> Result<T, OpsError> {
        let Desk {
            claims,
            actor,
            model,
            now,
        } = self.desk;
        let noted = claims.in_session(actor, now, |session| {
            session.host = Some(self.request.host.clone());
            session.model = model.map(str::to_owned).or(session.model.take());
            session.ended = None;
            change(session)
        });
        noted.map_err(|error| self.failed(error))
    }

    /// What the session is told of, by a name: agents of one actor hear for themselves.
    fn about(&self, what: &str) -> String {
        let Request { host, listener, .. } = self.request;
        format!("{}/{}/{listener}: {what}", host.name, host.id)
    }

    /// The claims that are held here, and those of them that are the session's own.
    fn claims(&self) -> Result<(Vec<Record>, Vec<Record>), OpsError> {
        if self.desk.claims.is_unused() {
            return Ok((Vec::new(), Vec::new()));
        }
        let records = self.desk.claims.records();
        let records = records.map_err(|error| self.failed(error))?;
        let held = records
            .into_iter()
            .filter(|record| record.state == State::Held);
        let (own, others) = held.partition(|record| self.is_own(&record.holder));
        Ok((own, others))
    }

    /// True for the session itself, and for a name under which its host knows it.
    fn is_own(&self, actor: &Actor) -> bool {
        actor == self.desk.actor || actor.session == self.request.host.id
    }
}

/// The first lines of a list, and how many more there are.
fn listed(lines: &[String], most: usize, call: &str) -> String {
    let mut text: Vec<String> = lines.iter().take(most).cloned().collect();
    if lines.len() > most {
        text.push(format!("- and {} more: `{call}`", lines.len() - most));
    }
    text.join("\n")
}

#[cfg(test)]
mod tests;
