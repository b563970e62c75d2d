//! `plan resume`: what the sessions before did on a plan, decided, tried and left.

mod answer;
mod text;

use std::collections::BTreeSet;

use jiff::Timestamp;
use planwright_coord::{Session, State};
use planwright_model::{Document, LogRole};
use planwright_workspace::Workspace;
use planwright_workspace::history::Status;
use planwright_workspace::path::{join, parent};
use planwright_workspace::verify::Ledger;

pub use answer::{Act, Answer, Asked, Entry, Evidence, Left, Past, Plan};

use crate::claims::{Claim, Desk, explained};
use crate::reference::{self, Target};
use crate::write::verify;
use crate::{OpsError, next};

/// Sessions of a plan, and entries of each of its logs, that are told: the latest.
const LATEST: usize = 5;

/// Acts of a session that are told.
const ACTS: usize = 20;

/// Plans of the last session that are told.
const PLANS: usize = 3;

/// What to resume.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// A plan or a task; where there is none, what the last session worked on.
    pub name: Option<String>,
}

/// Tells how work on a plan stands. `ledger` knows which commands were run.
///
/// # Errors
/// When the reference names nothing, or what is kept cannot be read.
pub fn run(
    ws: &Workspace,
    request: &Request,
    desk: Desk<'_>,
    ledger: Option<&Ledger>,
) -> Result<Answer, OpsError> {
    let failed = |error| explained(error, desk);
    let mut sessions = if desk.claims.is_untouched() {
        Vec::new()
    } else {
        desk.claims.sessions().map_err(failed)?
    };
    sessions.sort_by_key(|session| std::cmp::Reverse(session.last));
    let targets = match &request.name {
        Some(name) => vec![match reference::target(ws, name)? {
            Target::Document(index) => (index, None),
            Target::Place(index, line) => (index, Some(line)),
        }],
        None => last_worked_on(ws, &sessions),
    };
    let scene = Scene {
        ws,
        desk,
        ledger,
        sessions: &sessions,
    };
    let plans = targets
        .into_iter()
        .map(|(index, line)| scene.plan(index, line));
    let mut answer = Answer {
        schema: "planwright/resume@1",
        plans: plans.collect::<Result<_, _>>()?,
        markdown: String::new(),
    };
    answer.markdown = text::markdown(&answer);
    Ok(answer)
}

/// The plans that the last session to work on any worked on, the latest first.
fn last_worked_on(ws: &Workspace, sessions: &[Session]) -> Vec<(usize, Option<u32>)> {
    let worked_on = sessions.iter().map(|session| {
        let acts = session.acts.iter().rev().map(|act| &act.path);
        let edited = session.files.iter();
        let edited = edited.filter(|path| {
            let entry = ws.find(path).map(|index| ws.entry(index));
            entry.is_some_and(|entry| entry.holds_work && !entry.template)
        });
        let mut found: Vec<usize> = Vec::new();
        for index in acts.chain(edited).filter_map(|path| ws.find(path)) {
            if !found.contains(&index) && found.len() < PLANS {
                found.push(index);
            }
        }
        found
    });
    let found = worked_on.into_iter().find(|found| !found.is_empty());
    let found = found.unwrap_or_default().into_iter();
    found.map(|index| (index, None)).collect()
}

struct Scene<'a> {
    ws: &'a Workspace,
    desk: Desk<'a>,
    ledger: Option<&'a Ledger>,
    /// The latest first.
    sessions: &'a [Session],
}

impl Scene<'_> {
    fn plan(&self, index: usize, line: Option<u32>) -> Result<Plan, OpsError> {
        let entry = self.ws.entry(index);
        let path = entry.path;
        let document = self.ws.read(path)?.document;
        let item = line.and_then(|line| document.items.iter().find(|item| item.line == line));
        let files = self.files(&document);
        let past = self.past(path, &files);
        let entries = |role: LogRole| {
            let of_role = document.log.iter().filter(|entry| entry.role == role);
            let mut found: Vec<Entry> = of_role.map(Entry::new).collect();
            // Some logs grow at the top; where all entries are dated, the dates decide.
            if found.iter().all(|entry| entry.time.is_some()) {
                found.sort_by(|a, b| a.time.cmp(&b.time));
            }
            let older = found.len().saturating_sub(LATEST);
            found.drain(..older);
            found
        };
        let next = next::Request {
            limit: Some(1),
            owner: None,
            plan: Some(path.to_owned()),
        };
        let next = next::run(self.ws, &next)?.tasks.into_iter().next();
        Ok(Plan {
            reference: document.reference.clone(),
            path: path.to_owned(),
            title: document.title.text.clone(),
            state: document.state.clone(),
            progress: document.progress,
            item: item.map(|item| Asked {
                reference: item.reference.clone(),
                text: item.text.clone(),
                state: item.state,
            }),
            decided: entries(LogRole::Decision),
            found: entries(LogRole::Discovery),
            noted: entries(LogRole::Progress),
            outcomes: entries(LogRole::Outcome),
            evidence: self.evidence(path)?,
            uncommitted: self.uncommitted(path, &files, &past),
            claims: self.claims(path)?,
            next: next.map(|task| Left {
                reference: task.reference,
                text: task.text,
                state: task.state,
            }),
            sessions: past,
        })
    }

    /// The files that a plan names for its work, from the root.
    fn files(&self, document: &Document) -> BTreeSet<String> {
        let written = document.items.iter().flat_map(|item| &item.files);
        let relations = document
            .relations
            .iter()
            .filter(|relation| relation.path.is_none());
        let written = written.chain(relations.map(|relation| &relation.target));
        let places = written.filter_map(|written| {
            let places = [join("", written), join(parent(&document.path), written)];
            places
                .into_iter()
                .flatten()
                .find(|place| self.ws.exists(place))
        });
        places.filter(|place| *place != document.path).collect()
    }

    /// The sessions that worked on the plan.
    fn past(&self, path: &str, files: &BTreeSet<String>) -> Vec<Past> {
        let here = self.sessions.iter().filter_map(|session| {
            let acts = session.acts.iter().filter(|act| act.path == path);
            let mut acts: Vec<Act> = acts.map(Act::new).collect();
            let older = acts.len().saturating_sub(ACTS);
            acts.drain(..older);
            let is_of_it = |file: &&String| *file == path || files.contains(*file);
            let is_near = session.files.iter().any(|file| is_of_it(&file));
            if acts.is_empty() && !is_near {
                return None;
            }
            Some(Past {
                actor: session.actor.to_string(),
                own: session.actor == *self.desk.actor,
                host: session.host.as_ref().map(|host| host.name.clone()),
                model: session.model.clone(),
                started: moment(session.started),
                last: moment(session.last),
                ended: session
                    .ended
                    .filter(|ended| *ended >= session.last)
                    .map(moment),
                acts,
                edited: session.files.clone(),
            })
        });
        here.take(LATEST).collect()
    }

    fn evidence(&self, path: &str) -> Result<Vec<Evidence>, OpsError> {
        let Some(ledger) = self.ledger else {
            return Ok(Vec::new());
        };
        let commands = verify::list(self.ws, path, ledger)?.commands;
        Ok(commands
            .into_iter()
            .map(|command| Evidence {
                line: command.line,
                text: command.text,
                last: command.last,
            })
            .collect())
    }

    /// Files of the plan that differ from HEAD.
    fn uncommitted(&self, path: &str, files: &BTreeSet<String>, past: &[Past]) -> Vec<String> {
        let Ok(history) = self.ws.history() else {
            return Vec::new();
        };
        let edited: BTreeSet<&String> = past.iter().flat_map(|past| &past.edited).collect();
        let changed = history.changed().unwrap_or_default().into_iter();
        let of_it = changed.filter(|change| {
            change.path == path || files.contains(&change.path) || edited.contains(&change.path)
        });
        let named = of_it.map(|change| match change.status {
            Status::Deleted => format!("{} (gone)", change.path),
            _ => change.path,
        });
        named.collect()
    }

    fn claims(&self, path: &str) -> Result<Vec<Claim>, OpsError> {
        if self.desk.claims.is_unused() {
            return Ok(Vec::new());
        }
        let records = self.desk.claims.records();
        let records = records.map_err(|error| explained(error, self.desk))?;
        let held = records
            .iter()
            .filter(|record| record.state == State::Held && record.subject.path == path);
        Ok(held.map(|record| Claim::new(record, self.desk)).collect())
    }
}

/// A moment in UTC.
fn moment(seconds: i64) -> String {
    Timestamp::from_second(seconds).map_or_else(|_| "?".to_owned(), |moment| moment.to_string())
}

#[cfg(test)]
mod tests;
