//! The operations that change documents.

use planwright_model::RelationType;
use planwright_ops::write::{Answer, Call, add, edit, items, link, log, revision, states, undo};
use planwright_ops::{ErrorKind, Hint, OpsError};

use super::args::{self, Common, Op};
use super::{named, one};
use crate::session::Session;
use crate::table::{Page, Table, row, short};
use crate::tools::{Detail, Reply, full};

pub(super) fn call(session: &Session<'_>, op: &Op, common: &Common) -> Result<Reply, OpsError> {
    let answer = session.write(common.dry_run, &common.expect, |call| {
        run(session, op, call)
    })?;
    let rows = answer.done.iter().map(|done| {
        let place = format!("{}:{}", done.path, done.line);
        let became = match (&done.before, &done.after) {
            (Some(before), Some(after)) if before == after => format!("{after} already"),
            (Some(before), Some(after)) => format!("{before} -> {after}"),
            (None, Some(after)) => after.clone(),
            _ => String::new(),
        };
        row([
            &done.reference,
            done.what,
            &became,
            &short(&done.text, 120),
            &place,
        ])
    });
    let mut table = Table::new(
        "ref | what | change | text | place",
        rows,
        Page::new(None, Some(100)),
    );
    table.notes.extend(answer.notes.iter().cloned());
    for file in &answer.files {
        if answer.dry_run {
            table.notes.push(short(&file.diff, 2000));
        } else if let Ok(revision) = revision(&session.ws, &file.path) {
            table
                .notes
                .push(format!("{} is at revision {revision}", file.path));
        }
    }
    table.full = (common.detail == Detail::Full)
        .then(|| full(&answer))
        .transpose()?;
    let (dry, idle) = (answer.dry_run, answer.files.is_empty());
    Ok(Reply::Rows(
        table
            .note_if(dry, || "nothing was written: dry_run".to_owned())
            .note_if(!dry && idle, || "nothing had to be changed".to_owned()),
    ))
}

fn run(session: &Session<'_>, op: &Op, call: &Call<'_>) -> Result<Answer, OpsError> {
    let ws = &session.ws;
    if let Some((step, given)) = op.step() {
        let request = items::Request {
            step,
            items: named(&given.refs)?,
            reason: given.reason.clone(),
            waive: Vec::new(),
        };
        return items::run(ws, &request, call);
    }
    let state = |step, refs: &[String], reason: &Option<String>| {
        Ok::<_, OpsError>(states::Request {
            step,
            documents: named(refs)?,
            reason: reason.clone(),
            by: None,
            waive: Vec::new(),
            word: None,
            stay: false,
            author: reason.as_ref().and(session.host.author.clone()),
        })
    };
    if let Some((step, given)) = op.state() {
        return states::run(ws, &state(step, &given.refs, &given.reason)?, call);
    }
    match op {
        Op::Complete(given) => {
            let mut request = state(states::Move::Complete, &given.refs, &given.reason)?;
            request.waive.clone_from(&given.waive);
            states::run(ws, &request, call)
        }
        Op::Supersede(given) => {
            let mut request = state(states::Move::Supersede, &given.refs, &given.reason)?;
            request.by.clone_from(&given.by);
            states::run(ws, &request, call)
        }
        Op::Log(given) => {
            let request = log::Request {
                reference: one("log", &given.refs)?.to_owned(),
                text: given.text.clone(),
                role: given.r#as.map(Into::into),
                rationale: given.reason.clone(),
                alternatives: None,
                evidence: given.evidence.clone(),
                author: session.host.author.clone(),
            };
            log::run(ws, &request, call)
        }
        Op::Add(given) => add::run(ws, &added(given)?, call),
        Op::Edit(given) => {
            let request = edit::Request {
                item: one("edit", &given.refs)?.to_owned(),
                text: given.text.clone(),
                owner: given.owner.clone(),
                estimate: given.estimate.clone(),
                depends_on: given.depends_on.clone(),
                no_depends_on: given.no_depends_on.clone(),
                before: given.before.clone(),
                after: given.after.clone(),
            };
            edit::run(ws, &request, call)
        }
        Op::Link(given) => link::run(ws, &linked(given, false)?, call),
        Op::Unlink(given) => link::run(ws, &linked(given, true)?, call),
        Op::Undo(_) => undo::run(ws, call),
        _ => Err(OpsError::new(
            ErrorKind::Internal,
            "this operation changes no document",
        )),
    }
}

fn added(given: &args::Add) -> Result<add::Request, OpsError> {
    /// What risks and blockers say besides.
    const DETAILS: [&str; 4] = ["probability", "impact", "mitigation", "eta"];
    let detail = |(name, value): (&String, &String)| {
        let known = DETAILS.into_iter().find(|known| known == name);
        known.map(|known| (known, value.clone())).ok_or_else(|| {
            let message = format!("there is no detail `{name}`");
            OpsError::new(ErrorKind::Usage, message).with_hint(Hint::Candidates(
                DETAILS.iter().map(ToString::to_string).collect(),
            ))
        })
    };
    Ok(add::Request {
        part: given.what.into(),
        reference: one("add", &given.refs)?.to_owned(),
        texts: vec![given.text.clone()],
        phase: given.phase.clone(),
        after: given.after.clone(),
        parent: given.parent.clone(),
        owner: given.owner.clone(),
        estimate: given.estimate.clone(),
        depends_on: given.depends_on.clone(),
        details: given.details.iter().map(detail).collect::<Result<_, _>>()?,
    })
}

fn linked(given: &args::Link, unlink: bool) -> Result<link::Request, OpsError> {
    let plain = given
        .relation
        .trim()
        .to_lowercase()
        .replace(['-', ' '], "_");
    let relation = RelationType::from_canonical(&plain).ok_or_else(|| {
        let known = RelationType::ALL.map(|relation| relation.as_str().to_owned());
        let message = format!("there is no relation `{}`", given.relation);
        OpsError::new(ErrorKind::Usage, message).with_hint(Hint::Candidates(known.to_vec()))
    })?;
    Ok(link::Request {
        from: one(if unlink { "unlink" } else { "link" }, &given.refs)?.to_owned(),
        relation,
        to: named(&given.to)?,
        unlink,
    })
}
