//! `update`: one change to items, documents or claims.

mod args;
mod claim;
mod verify;
mod write;

use planwright_ops::write::items::Step;
use planwright_ops::{ErrorKind, OpsError};
use serde_json::{Map, Value};

use super::{Effect, Reply, Tool, arguments};
use crate::schema;
use crate::session::Session;
use args::{Common, Op};

pub(super) const TOOL: Tool = Tool {
    name: "update",
    about: "One change: of items (tick to edit; owner \"\": nobody), documents (approve to unlink), add to a document \
            or phase, log, undo the last change, verify (lists; run: what a person trusted), of claims (claim to \
            land; no ref: the best that is free, all you hold). All refs change or none.",
    effect: Effect::Changes,
    is_table: true,
    input: schema::merged::<Op, Common>,
    call,
};

/// True for a verb that needs nothing but names.
pub(super) fn is_plain(verb: &str) -> bool {
    let steps = [
        Step::Tick,
        Step::Start,
        Step::Block,
        Step::Cancel,
        Step::Reopen,
    ];
    steps.iter().any(|step| step.verb() == verb)
        || ["claim", "renew", "release", "verify", "land"].contains(&verb)
}

fn call(session: &Session<'_>, mut given: Map<String, Value>) -> Result<Reply, OpsError> {
    let of_all = Common::NAMES
        .into_iter()
        .filter_map(|name| given.remove_entry(name));
    let common: Common = arguments(of_all.collect())?;
    let op: Op = arguments(given)?;
    let acting;
    let session = match &common.actor {
        Some(actor) => {
            acting = session.acting_as(actor)?;
            &acting
        }
        None => session,
    };
    match &op {
        Op::Claim(_) | Op::Renew(_) | Op::Release(_) | Op::Takeover(_) | Op::Land(_) => {
            claim::call(session, &op, &common)
        }
        Op::Verify(verify) => verify::call(session, verify, &common),
        _ => write::call(session, &op, &common),
    }
}

/// The only ref.
fn one<'r>(op: &str, refs: &'r [String]) -> Result<&'r str, OpsError> {
    match refs {
        [one] => Ok(one),
        _ => Err(OpsError::new(
            ErrorKind::Usage,
            format!("`{op}` takes one ref, and not {}", refs.len()),
        )),
    }
}

/// The refs, of which there must be one.
fn named(refs: &[String]) -> Result<Vec<String>, OpsError> {
    if refs.is_empty() {
        return Err(OpsError::new(
            ErrorKind::Usage,
            "refs is empty: what is to be changed?",
        ));
    }
    Ok(refs.to_vec())
}
