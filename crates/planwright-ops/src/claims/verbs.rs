//! The verbs.

use planwright_coord::{Act, ClaimError, Outcome, Refusal, State, Terms, Want, protocol};
use planwright_workspace::Workspace;

use super::answer::{Answer, Claim, ListAnswer};
use super::thing::Thing;
use super::{Desk, refuse};
use crate::write::Missing;
use crate::{ErrorKind, Hint, OpsError, next};

/// What to do with a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verb {
    /// Take what nobody holds.
    Claim,
    /// Hold it for longer.
    Renew,
    /// Give it back.
    Release,
    /// Take what somebody else holds.
    TakeOver {
        /// Why.
        reason: String,
    },
}

impl Verb {
    /// Its word.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Claim => "claim",
            Self::Renew => "renew",
            Self::Release => "release",
            Self::TakeOver { .. } => "takeover",
        }
    }

    fn want(&self) -> Want {
        match self {
            Self::Claim => Want::Claim,
            Self::Renew => Want::Renew,
            Self::Release => Want::Release,
            Self::TakeOver { reason } => Want::TakeOver {
                reason: reason.clone(),
            },
        }
    }
}

/// What to claim.
#[derive(Clone, Debug)]
pub struct Request {
    /// What to do.
    pub verb: Verb,
    /// The document or item. `None` claims the best task that can be done now and nobody holds, and
    /// renews or releases all that the session holds.
    pub name: Option<String>,
    /// For how many seconds.
    pub lease: u32,
    /// What need not be done or there before, by reference or path.
    pub waive: Vec<String>,
    /// Why.
    pub reason: Option<String>,
}

/// Takes the next step of a claim.
///
/// # Errors
/// When nothing answers to the name, it is closed or waits, somebody else holds it, or the claim
/// cannot be kept.
pub fn run(ws: &Workspace, request: &Request, desk: Desk<'_>) -> Result<Answer, OpsError> {
    let mut answer = Answer {
        schema: "planwright/claim@1",
        verb: request.verb.word(),
        claims: Vec::new(),
        notes: Vec::new(),
    };
    if let Verb::TakeOver { reason } = &request.verb
        && reason.trim().is_empty()
    {
        return Err(OpsError::new(ErrorKind::Usage, "the reason is empty"));
    }
    let outcomes = match (&request.name, &request.verb) {
        (Some(name), verb) => vec![one(ws, name, verb, request, desk)?],
        (None, Verb::Claim) => vec![first_free(ws, request.lease, desk)?],
        (None, verb) => all_own(verb, request.lease, desk)?,
    };
    for outcome in outcomes {
        answer.claims.push(Claim::new(&outcome.record, desk));
        for note in outcome.notes {
            if !answer.notes.contains(&note) {
                answer.notes.push(note);
            }
        }
    }
    Ok(answer)
}

fn one(
    ws: &Workspace,
    name: &str,
    verb: &Verb,
    request: &Request,
    desk: Desk<'_>,
) -> Result<Outcome, OpsError> {
    let mut thing = Thing::find(ws, name)?;
    let reason = request.reason.as_deref().map(str::trim);
    let reason = reason.filter(|reason| !reason.is_empty());
    if !request.waive.is_empty() && reason.is_none() {
        return Err(OpsError::new(ErrorKind::Usage, "it is waived for a reason")
            .with_hint(Hint::Note("give it with `--reason TEXT`".to_owned())));
    }
    let is_waived = |missing: &Missing| {
        let named = missing.reference.as_ref().unwrap_or(&missing.text);
        request.waive.contains(named)
    };
    let (waived, missing) = thing.missing.drain(..).partition(is_waived);
    thing.missing = missing;
    let waived: Vec<Missing> = waived;
    if matches!(verb, Verb::Claim | Verb::TakeOver { .. }) {
        if let Some(word) = thing.closed {
            return Err(refuse::closed(&thing, word));
        }
        if *verb == Verb::Claim && !thing.missing.is_empty() {
            return Err(refuse::waits(&thing));
        }
    }
    let outcome = change(&thing, &verb.want(), request.lease, desk);
    let outcome = outcome.map_err(|error| match error {
        ClaimError::Refused(Refusal::NotHeld(None)) => {
            let name = &thing.subject.reference;
            OpsError::new(ErrorKind::Refused, format!("nobody holds `{name}`"))
                .with_hint(Hint::Run(format!("plan claim {name}")))
        }
        error => refuse::explained(error, desk),
    })?;
    if let Some(reason) = reason.filter(|_| !waived.is_empty()) {
        let acts = waived.into_iter().map(|missing| Act {
            at: desk.now,
            verb: "waive".to_owned(),
            reference: missing.reference.unwrap_or(missing.text),
            path: thing.subject.path.clone(),
            text: reason.to_owned(),
        });
        let guard = desk.guard(std::slice::from_ref(&thing.key))?;
        let noted = guard.note(acts.collect());
        noted.map_err(|error| refuse::explained(error, desk))?;
    }
    Ok(outcome)
}

fn change(thing: &Thing, want: &Want, lease: u32, desk: Desk<'_>) -> Result<Outcome, ClaimError> {
    let terms = Terms {
        actor: desk.actor.clone(),
        model: desk.model.map(str::to_owned),
        now: desk.now,
        lease,
        nonce: String::new(),
        subject: thing.subject.clone(),
    };
    desk.claims.change(&thing.key, want, &terms)
}

/// Claims the best task that can be done now and nobody holds. Whoever comes second gets the next.
fn first_free(ws: &Workspace, lease: u32, desk: Desk<'_>) -> Result<Outcome, OpsError> {
    let ready = next::run(ws, &next::Request::default())?;
    let (mut held, mut waits) = (0, 0);
    for task in &ready.tasks {
        let thing = Thing::find(ws, &task.reference)?;
        if !thing.missing.is_empty() {
            waits += 1;
            continue;
        }
        match change(&thing, &Want::Claim, lease, desk) {
            Ok(outcome) => return Ok(outcome),
            Err(ClaimError::Refused(_)) => held += 1,
            Err(error) => return Err(refuse::explained(error, desk)),
        }
    }
    let error = match held {
        0 if waits > 0 => OpsError::new(
            ErrorKind::Refused,
            "what could be done now waits for artifacts that are not there",
        ),
        0 => OpsError::new(ErrorKind::Refused, "no task can be done now"),
        1 => OpsError::new(
            ErrorKind::Refused,
            "the only task that can be done now is held",
        ),
        held => OpsError::new(
            ErrorKind::Refused,
            format!("all {held} tasks that can be done now are held"),
        ),
    };
    Err(error
        .with_hint(Hint::Run("plan next".to_owned()))
        .with_hint(Hint::Run("plan claims".to_owned())))
}

/// Renews or releases all that the session holds.
fn all_own(verb: &Verb, lease: u32, desk: Desk<'_>) -> Result<Vec<Outcome>, OpsError> {
    let refused = |error| refuse::explained(error, desk);
    let records = desk.claims.records().map_err(refused)?;
    let own = records
        .into_iter()
        .filter(|record| protocol::is_own(record, desk.actor));
    let mut outcomes = Vec::new();
    for record in own {
        let thing = Thing {
            key: record.key,
            subject: record.subject,
            closed: None,
            missing: Vec::new(),
        };
        outcomes.push(change(&thing, &verb.want(), lease, desk).map_err(refused)?);
    }
    if outcomes.is_empty() {
        let message = format!("{} holds nothing", desk.actor);
        return Err(OpsError::new(ErrorKind::Refused, message)
            .with_hint(Hint::Run("plan claims".to_owned())));
    }
    Ok(outcomes)
}

/// The claims that are held; with `all`, those too that are not any more.
///
/// # Errors
/// When they cannot be read.
pub fn list(desk: Desk<'_>, all: bool) -> Result<ListAnswer, OpsError> {
    let refused = |error| refuse::explained(error, desk);
    let notes = desk.claims.refresh().map_err(refused)?;
    let records = desk.claims.records().map_err(refused)?;
    let shown = records
        .iter()
        .filter(|record| all || record.state == State::Held);
    Ok(ListAnswer {
        schema: "planwright/claims@1",
        claims: shown.map(|record| Claim::new(record, desk)).collect(),
        notes,
    })
}

/// Forgets claims that nobody has held for 30 days, and gives how many there were.
///
/// # Errors
/// When they cannot be removed.
pub fn collect(desk: Desk<'_>) -> Result<usize, OpsError> {
    const KEPT: i64 = 30 * 24 * 3600;
    let collected = desk.claims.collect(desk.now - KEPT);
    collected.map_err(|error| refuse::explained(error, desk))
}
