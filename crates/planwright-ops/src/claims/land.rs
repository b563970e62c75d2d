//! `plan land`, and what keeps work out of a protected branch that was not landed.

use std::collections::BTreeMap;

use planwright_coord::{ClaimError, Refusal, RemoteError, Shared, State, Terms};
use planwright_model::Document;
use planwright_workspace::{Resolution, Workspace};

use super::answer::{Answer, Claim, ListAnswer};
use super::thing::{self, Thing};
use super::{Desk, refuse};
use crate::{ErrorKind, Hint, OpsError};

/// Lands the work on a claimed thing: the remote's branch goes on to HEAD and the claim becomes done,
/// both or neither. `branch` is the one that is checked out where none is named.
///
/// # Errors
/// When claims are not shared, the thing is not done in HEAD, the session does not hold it, or the
/// branch has gone on.
pub fn land(
    ws: &Workspace,
    name: &str,
    branch: Option<&str>,
    desk: Desk<'_>,
) -> Result<Answer, OpsError> {
    let shared = shared(desk)?;
    let thing = Thing::find(ws, name)?;
    let told = |error: RemoteError| refuse::explained(error.into(), desk);
    let own = match branch {
        Some(_) => None,
        None => shared.branch().map_err(told)?,
    };
    let branch = branch.or(own.as_deref()).ok_or_else(|| {
        OpsError::new(ErrorKind::Usage, "no branch is checked out")
            .with_hint(Hint::Note("name one with `--to BRANCH`".to_owned()))
    })?;
    if !is_branch(branch) {
        let message = format!("`{branch}` is no name of a branch");
        return Err(OpsError::new(ErrorKind::Usage, message));
    }
    let commit = shared.commit("HEAD").map_err(told)?;
    let commit =
        commit.ok_or_else(|| OpsError::new(ErrorKind::Refused, "there is no commit yet"))?;
    let path = &thing.subject.path;
    let document = document(ws, &shared, &commit, path).map_err(told)?;
    if !document.is_some_and(|document| is_closed(&document, thing.key.item.as_deref())) {
        let name = &thing.subject.reference;
        let message = format!("`{name}` is not done in the commit that is checked out");
        let verb = if thing.key.item.is_some() {
            "tick"
        } else {
            "complete"
        };
        return Err(OpsError::new(ErrorKind::Refused, message)
            .with_hint(Hint::Run(format!("plan {verb} {name}")))
            .with_hint(Hint::Run(format!("git commit {path}"))));
    }
    let terms = Terms {
        actor: desk.actor.clone(),
        model: desk.model.map(str::to_owned),
        now: desk.now,
        subject: thing.subject.clone(),
        ..Terms::default()
    };
    let landed = shared.land(&thing.key, &commit, branch, &terms);
    let record = landed.map_err(|error| match error {
        ClaimError::Refused(Refusal::NotHeld(None)) => {
            let name = &thing.subject.reference;
            OpsError::new(ErrorKind::Refused, format!("you do not hold `{name}`"))
                .with_hint(Hint::Run(format!("plan claim {name}")))
        }
        error => refuse::explained(error, desk),
    })?;
    Ok(Answer {
        schema: "planwright/claim@1",
        verb: "land",
        claims: vec![Claim::new(&record, desk)],
        notes: Vec::new(),
    })
}

/// The claims that stand against a branch: those on what was closed since `base`, and that are not
/// done in a commit of the branch. As a required check this keeps out of a protected branch what
/// somebody did who no longer held it.
///
/// # Errors
/// When claims are not shared, or the remote or git cannot be used.
pub fn not_landed(ws: &Workspace, base: &str, desk: Desk<'_>) -> Result<ListAnswer, OpsError> {
    let shared = shared(desk)?;
    let told = |error: RemoteError| refuse::explained(error.into(), desk);
    let named = |revision: &str| {
        shared.commit(revision).map_err(told)?.ok_or_else(|| {
            OpsError::new(ErrorKind::Usage, format!("there is no commit `{revision}`"))
        })
    };
    let (from, head) = (named(base)?, named("HEAD")?);
    let (base, changed) = shared.changed(&from, &head).map_err(told)?;
    let mut read: BTreeMap<&str, (Option<Document>, Option<Document>)> = BTreeMap::new();
    for path in &changed {
        if ws.find(path).is_some() {
            let before = document(ws, &shared, &base, path).map_err(told)?;
            let after = document(ws, &shared, &head, path).map_err(told)?;
            read.insert(path, (before, after));
        }
    }
    let mut claims = Vec::new();
    for record in shared.records().map_err(told)? {
        let Resolution::Document(index) = ws.resolve(&record.key.document) else {
            continue;
        };
        let Some((before, Some(after))) = read.get(ws.entry(index).path) else {
            continue;
        };
        if !closes(before.as_ref(), after, record.key.item.as_deref()) {
            continue;
        }
        let stands_against = match (record.state, &record.commit) {
            (State::Held, _) => true,
            (State::Done, Some(commit)) => !shared.leads(commit, &head).map_err(told)?,
            _ => false,
        };
        if stands_against {
            claims.push(Claim::new(&record, desk));
        }
    }
    Ok(ListAnswer {
        schema: "planwright/claims@1",
        claims,
        notes: Vec::new(),
    })
}

fn shared(desk: Desk<'_>) -> Result<Shared<'_>, OpsError> {
    let shared = desk.claims.shared();
    let shared = shared.map_err(|error| refuse::explained(error, desk))?;
    shared.ok_or_else(|| {
        OpsError::new(ErrorKind::Usage, "claims are of this machine only").with_hint(Hint::Note(
            "name the remote to share them over: `remote = \"origin\"` below `[claims]` in \
             .planwright/config.toml"
                .to_owned(),
        ))
    })
}

fn document(
    ws: &Workspace,
    shared: &Shared<'_>,
    commit: &str,
    path: &str,
) -> Result<Option<Document>, RemoteError> {
    let text = shared.file(commit, path)?;
    Ok(text.map(|text| ws.dialects().read(path, text.into_bytes()).document))
}

fn is_closed(document: &Document, item: Option<&str>) -> bool {
    match item {
        None => document.state.value.is_closed(),
        Some(name) => document
            .items
            .iter()
            .any(|item| item.state.is_closed() && thing::item_name(document, item) == name),
    }
}

/// True where a thing, or for a document anything in it, is closed and was not before.
fn closes(before: Option<&Document>, after: &Document, item: Option<&str>) -> bool {
    let is_new = |item: Option<&str>| {
        is_closed(after, item) && !before.is_some_and(|before| is_closed(before, item))
    };
    if item.is_some() || is_new(None) {
        return is_new(item);
    }
    let names = after.items.iter().map(|item| thing::item_name(after, item));
    names.into_iter().any(|name| is_new(Some(&name)))
}

/// True for what git takes as the name of a branch, as far as it matters here.
fn is_branch(name: &str) -> bool {
    let is_fit = |c: char| !c.is_whitespace() && !c.is_control() && !"~^:?*[\\".contains(c);
    !name.is_empty()
        && name.chars().all(is_fit)
        && !name.starts_with(['-', '/', '+'])
        && !name.ends_with(['/', '.'])
        && !name.contains("..")
        && !name.contains("@{")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_branch_is_a_name_and_nothing_else() {
        assert!(is_branch("main") && is_branch("ann/search-2"));
        for wrong in ["", "-f", "+main", "a:b", "a b", "a..b", "x@{1}", "refs/*"] {
            assert!(!is_branch(wrong), "{wrong}");
        }
    }
}
