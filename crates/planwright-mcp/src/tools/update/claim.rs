//! The operations on claims.

use planwright_ops::claims::{self, Answer, Verb};
use planwright_ops::{ErrorKind, OpsError};

use super::args::{Common, Op};
use super::one;
use crate::session::Session;
use crate::table::{Page, Table, row, short};
use crate::tools::{Detail, Reply, full};

/// For how long a claim holds, in seconds: a session renews it.
const LEASE: u32 = 2 * 60 * 60;

pub(super) fn call(session: &Session<'_>, op: &Op, common: &Common) -> Result<Reply, OpsError> {
    let answers = run(session, op)?;
    let rows = answers
        .iter()
        .flat_map(|answer| &answer.claims)
        .map(|claim| {
            row([
                &claim.reference,
                claim.state,
                &format!("{}/{}", claim.holder, claim.session),
                &claim.until,
                &short(&claim.text, 120),
            ])
        });
    let mut table = Table::new(
        "ref | state | holder | until | text",
        rows,
        Page::new(None, Some(100)),
    );
    for answer in &answers {
        table.notes.extend(answer.notes.iter().cloned());
    }
    table.full = (common.detail == Detail::Full)
        .then(|| full(&answers))
        .transpose()?;
    // Nobody else tells the next call apart from one of another client.
    let is_new = matches!(op, Op::Claim(_) | Op::Takeover(_)) && session.is_passing;
    Ok(Reply::Rows(table.note_if(is_new, || {
        format!(
            "pass \"actor\": \"{}\" in every later update: you are known by it alone",
            session.actor
        )
    })))
}

fn run(session: &Session<'_>, op: &Op) -> Result<Vec<Answer>, OpsError> {
    let (verb, refs) = match op {
        Op::Claim(given) => (Verb::Claim, &given.refs),
        Op::Renew(given) => (Verb::Renew, &given.refs),
        Op::Release(given) => (Verb::Release, &given.refs),
        Op::Takeover(given) => {
            let reason = given.reason.clone();
            (Verb::TakeOver { reason }, &given.refs)
        }
        Op::Land(given) => {
            let name = one("land", &given.refs)?;
            let branch = given.branch.as_deref();
            let landed = session.at_desk(|desk| claims::land(&session.ws, name, branch, desk))?;
            return Ok(vec![landed]);
        }
        _ => {
            let message = "this operation claims nothing";
            return Err(OpsError::new(ErrorKind::Internal, message));
        }
    };
    let names: Vec<Option<String>> = if refs.is_empty() {
        vec![None]
    } else {
        refs.iter().cloned().map(Some).collect()
    };
    let mut answers = Vec::new();
    for name in names {
        let request = claims::Request {
            verb: verb.clone(),
            name,
            lease: LEASE,
            waive: Vec::new(),
            reason: None,
        };
        answers.push(session.at_desk(|desk| claims::run(&session.ws, &request, desk))?);
    }
    Ok(answers)
}
