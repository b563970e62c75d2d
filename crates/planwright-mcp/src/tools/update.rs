//! `update`: one change to items or documents.

use planwright_model::LogRole;
use planwright_ops::claims::{self, Verb};
use planwright_ops::write::items::{self, Step};
use planwright_ops::write::states::{self, Move};
use planwright_ops::write::{Answer, Call, log, revision, undo};
use planwright_ops::{ErrorKind, OpsError};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Detail, Effect, Reply, Tool, arguments, full, input};
use crate::session::Session;
use crate::table::{Page, Table, row, short};

pub(super) const TOOL: Tool = Tool {
    name: "update",
    about: "Change items (tick, start, block, cancel, reopen), documents (approve, activate, pause, complete, \
            supersede, abandon, reject), add to a log, undo the last change, or claim, renew, release, takeover \
            a task (no ref: the best that is free; all you hold). All refs change or none.",
    effect: Effect::Changes,
    is_table: true,
    input: input::<Input>,
    call,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Op {
    Tick,
    Start,
    Block,
    Cancel,
    Reopen,
    Approve,
    Activate,
    Pause,
    Complete,
    Supersede,
    Abandon,
    Reject,
    Log,
    Undo,
    Claim,
    Renew,
    Release,
    Takeover,
}

#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum As {
    Progress,
    Decision,
    Discovery,
    Outcome,
    Update,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    op: Op,
    #[serde(default)]
    refs: Vec<String>,
    /// Why; for log: the rationale.
    #[serde(default)]
    reason: Option<String>,
    /// Of a log entry.
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    r#as: Option<As>,
    /// What shows it.
    #[serde(default)]
    evidence: Option<String>,
    /// The successor, for supersede.
    #[serde(default)]
    by: Option<String>,
    /// Items complete need not wait for; needs a reason.
    #[serde(default)]
    waive: Vec<String>,
    /// Revisions that were read.
    #[serde(default)]
    expect: Vec<String>,
    #[serde(default)]
    dry_run: bool,
    #[serde(default)]
    detail: Detail,
}

/// True for a verb that changes items and needs nothing but their names.
pub(super) fn is_step(verb: &str) -> bool {
    [
        Step::Tick,
        Step::Start,
        Step::Block,
        Step::Cancel,
        Step::Reopen,
    ]
    .iter()
    .any(|step| step.verb() == verb)
}

fn call(session: &Session<'_>, given: Map<String, Value>) -> Result<Reply, OpsError> {
    let input: Input = arguments(given)?;
    if let Some(verb) = claiming(&input) {
        return claim(session, &input, &verb);
    }
    let answer = session.write(input.dry_run, &input.expect, |call| {
        run(session, &input, call)
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
    let page = Page::new(None, Some(100));
    let mut table = Table::new("ref | what | change | text | place", rows, page);
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
    table.full = (input.detail == Detail::Full)
        .then(|| full(&answer))
        .transpose()?;
    let (dry, idle) = (answer.dry_run, answer.files.is_empty());
    Ok(Reply::Rows(
        table
            .note_if(dry, || "nothing was written: dry_run".to_owned())
            .note_if(!dry && idle, || "nothing had to be changed".to_owned()),
    ))
}

fn run(session: &Session<'_>, input: &Input, call: &Call<'_>) -> Result<Answer, OpsError> {
    let ws = &session.ws;
    let step = |step| {
        let request = items::Request {
            step,
            items: named(input)?,
            reason: input.reason.clone(),
        };
        items::run(ws, &request, call)
    };
    let state = |step| {
        let request = states::Request {
            step,
            documents: named(input)?,
            reason: input.reason.clone(),
            by: input.by.clone(),
            waive: input.waive.clone(),
            word: None,
            stay: false,
            author: input.reason.as_ref().and(session.host.author.clone()),
        };
        states::run(ws, &request, call)
    };
    match input.op {
        Op::Tick => step(Step::Tick),
        Op::Start => step(Step::Start),
        Op::Block => step(Step::Block),
        Op::Cancel => step(Step::Cancel),
        Op::Reopen => step(Step::Reopen),
        Op::Approve => state(Move::Approve),
        Op::Activate => state(Move::Activate),
        Op::Pause => state(Move::Pause),
        Op::Complete => state(Move::Complete),
        Op::Supersede => state(Move::Supersede),
        Op::Abandon => state(Move::Abandon),
        Op::Reject => state(Move::Reject),
        Op::Log => entry(session, input, call),
        Op::Undo => undo::run(ws, call),
        Op::Claim | Op::Renew | Op::Release | Op::Takeover => Err(OpsError::new(
            ErrorKind::Internal,
            "a claim changes no document",
        )),
    }
}

/// For how long a claim holds, in seconds: a session renews it.
const LEASE: u32 = 2 * 60 * 60;

fn claiming(input: &Input) -> Option<Verb> {
    match input.op {
        Op::Claim => Some(Verb::Claim),
        Op::Renew => Some(Verb::Renew),
        Op::Release => Some(Verb::Release),
        Op::Takeover => Some(Verb::TakeOver {
            reason: input.reason.clone().unwrap_or_default(),
        }),
        _ => None,
    }
}

fn claim(session: &Session<'_>, input: &Input, verb: &Verb) -> Result<Reply, OpsError> {
    let names: Vec<Option<String>> = if input.refs.is_empty() {
        vec![None]
    } else {
        input.refs.iter().cloned().map(Some).collect()
    };
    let mut rows = Vec::new();
    let mut notes = Vec::new();
    for name in names {
        let request = claims::Request {
            verb: verb.clone(),
            name,
            lease: LEASE,
        };
        let answer = session.at_desk(|desk| claims::run(&session.ws, &request, desk))?;
        rows.extend(answer.claims.iter().map(|claim| {
            row([
                &claim.reference,
                claim.state,
                &claim.holder,
                &claim.until,
                &short(&claim.text, 120),
            ])
        }));
        notes.extend(answer.notes);
    }
    let mut table = Table::new(
        "ref | state | holder | until | text",
        rows,
        Page::new(None, Some(100)),
    );
    table.notes = notes;
    Ok(Reply::Rows(table))
}

fn entry(session: &Session<'_>, input: &Input, call: &Call<'_>) -> Result<Answer, OpsError> {
    let usage = |message: &str| OpsError::new(ErrorKind::Usage, message);
    let [reference] = input.refs.as_slice() else {
        return Err(usage("log takes one ref: the document"));
    };
    let text = input
        .text
        .clone()
        .ok_or_else(|| usage("log takes a text"))?;
    let role = input.r#as.map(|role| match role {
        As::Progress => LogRole::Progress,
        As::Decision => LogRole::Decision,
        As::Discovery => LogRole::Discovery,
        As::Outcome => LogRole::Outcome,
        As::Update => LogRole::Update,
    });
    let request = log::Request {
        reference: reference.clone(),
        text,
        role,
        rationale: input.reason.clone(),
        alternatives: None,
        evidence: input.evidence.clone(),
        author: session.host.author.clone(),
    };
    log::run(&session.ws, &request, call)
}

/// The refs, of which there must be one.
fn named(input: &Input) -> Result<Vec<String>, OpsError> {
    if input.refs.is_empty() {
        return Err(OpsError::new(
            ErrorKind::Usage,
            "refs is empty: what is to be changed?",
        ));
    }
    Ok(input.refs.clone())
}
