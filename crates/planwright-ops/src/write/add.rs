//! `plan add`: a new task, phase, criterion, risk, question, blocker.

use planwright_dialect::writer::{Addition, Attribute, Change, Part};
use planwright_model::Document;
use planwright_workspace::Workspace;

use super::parts::{self, WantedPhase};
use super::{Answer, Call, Done, Draft, Operation, Wanted};
use crate::reference::{self, Target};
use crate::{ErrorKind, OpsError, claims};

/// What to add.
#[derive(Clone, Debug)]
pub struct Request {
    /// What it is.
    pub part: Part,
    /// The document, or the phase of one.
    pub reference: String,
    /// What it says; several of them are added one after the other.
    pub texts: Vec<String>,
    /// The phase that it belongs to: its number, its reference or words of its title.
    pub phase: Option<String>,
    /// The item or phase that it stands behind.
    pub after: Option<String>,
    /// The item that it is a piece of.
    pub parent: Option<String>,
    /// Who has it.
    pub owner: Option<String>,
    /// How long it should take.
    pub estimate: Option<String>,
    /// The items that it needs first.
    pub depends_on: Vec<String>,
    /// Of a risk or a blocker: `probability`, `impact`, `mitigation`, `eta`.
    pub details: Vec<(&'static str, String)>,
}

/// Where it goes, as it was when it was asked for.
struct Goal {
    path: String,
    phase: Option<WantedPhase>,
    after_phase: Option<WantedPhase>,
    after: Option<Wanted>,
    parent: Option<Wanted>,
    needs: Vec<String>,
}

/// Adds something to a document.
///
/// # Errors
/// When a reference names nothing, the document has no place for it, or it cannot be written.
pub fn run(ws: &Workspace, request: &Request, call: &Call<'_>) -> Result<Answer, OpsError> {
    let is_empty = |text: &String| !text.contains(char::is_alphanumeric);
    if request.texts.is_empty() || request.texts.iter().any(is_empty) {
        return Err(OpsError::new(ErrorKind::Usage, "the text is empty"));
    }
    sense(request)?;
    let goal = Goal::find(ws, request)?;
    let operation = Operation {
        ws,
        call,
        verb: "add",
        label: format!("add {} {}", request.part.as_str(), request.reference),
        keys: match &goal.parent {
            Some(parent) => vec![parent.key.clone()],
            None => claims::rest_key(ws, &goal.path).into_iter().collect(),
        },
    };
    operation.run(std::slice::from_ref(&goal.path), |drafts| {
        let draft = drafts
            .get_mut(&goal.path)
            .ok_or_else(|| super::gone(&goal.path))?;
        let mut done = Vec::new();
        for text in &request.texts {
            // Each stands behind the one before it.
            let before = done.last().map(|done: &Done| done.line);
            let before = before.filter(|_| request.after.is_some());
            done.push(goal.add(draft, request, text, before)?);
        }
        Ok(done)
    })
}

/// Refuses what no such part has.
fn sense(request: &Request) -> Result<(), OpsError> {
    let part = request.part;
    let is_item = matches!(part, Part::Item(_));
    let wrong = [
        ("--phase", request.phase.is_some(), is_item),
        ("--parent", request.parent.is_some(), is_item),
        (
            "--after",
            request.after.is_some(),
            is_item || part == Part::Phase,
        ),
        ("--estimate", request.estimate.is_some(), is_item),
        ("--depends-on", !request.depends_on.is_empty(), is_item),
        ("--owner", request.owner.is_some(), part != Part::Phase),
    ];
    let details = request.details.iter().map(|(name, _)| {
        let known: &[&str] = match part {
            Part::Risk => &["probability", "impact", "mitigation"],
            Part::Blocker => &["impact", "eta"],
            Part::Item(_) | Part::Phase => &[],
        };
        (*name, known.contains(name))
    });
    let flag = wrong
        .iter()
        .find(|(_, is_given, is_known)| *is_given && !is_known)
        .map(|(flag, ..)| (*flag).to_owned());
    let detail = details
        .filter(|(_, is_known)| !is_known)
        .map(|(name, _)| format!("--{name}"))
        .next();
    match flag.or(detail) {
        Some(flag) => {
            let message = format!("a {} has no `{flag}`", part.as_str());
            Err(OpsError::new(ErrorKind::Usage, message))
        }
        None => Ok(()),
    }
}

impl Goal {
    fn find(ws: &Workspace, request: &Request) -> Result<Self, OpsError> {
        let (index, place) = match reference::target(ws, &request.reference)? {
            Target::Document(index) => (with_tasks(ws, index, request.part), None),
            Target::Place(index, line) => (index, Some(line)),
        };
        let entry = ws.entry(index);
        if entry.template {
            let message = format!(
                "`{}` is a form, to be filled in by documents",
                request.reference
            );
            return Err(OpsError::new(ErrorKind::Usage, message));
        }
        let path = entry.path.to_owned();
        if place.is_some() && request.phase.is_none() {
            // `auth#2`: the phase stands in the reference.
            reference_is_phase(ws, &path, request)?;
        }
        let phase = match (&request.phase, place) {
            (Some(phase), _) => Some(WantedPhase::find(ws, &path, phase)?),
            (None, Some(_)) => Some(WantedPhase::find(ws, &path, &request.reference)?),
            (None, None) => None,
        };
        let verb = "--after";
        let is_phase = request.part == Part::Phase;
        // A phase that is named stands in front of the new one.
        let (phase, before) = if is_phase {
            (None, phase)
        } else {
            (phase, None)
        };
        let after = request.after.as_deref();
        Ok(Self {
            phase,
            after_phase: after
                .filter(|_| is_phase)
                .map(|name| WantedPhase::find(ws, &path, name))
                .transpose()?
                .or(before),
            after: after
                .filter(|_| !is_phase)
                .map(|name| parts::item(ws, &path, name, verb))
                .transpose()?,
            parent: request
                .parent
                .as_deref()
                .map(|name| parts::item(ws, &path, name, "--parent"))
                .transpose()?,
            needs: parts::ids(ws, &path, &request.depends_on, "--depends-on")?,
            path,
        })
    }

    fn add(
        &self,
        draft: &mut Draft<'_>,
        request: &Request,
        text: &str,
        before: Option<u32>,
    ) -> Result<Done, OpsError> {
        let document = draft.document();
        let line = |wanted: &Option<Wanted>| -> Result<Option<u32>, OpsError> {
            let found = wanted.as_ref().map(|wanted| wanted.again(document));
            Ok(found.transpose()?.map(|item| item.line))
        };
        let phase = |wanted: &Option<WantedPhase>| {
            let found = wanted.as_ref().map(|wanted| wanted.line(document));
            found.transpose()
        };
        let mut details = request.details.clone();
        if let Some(owner) = request
            .owner
            .as_ref()
            .filter(|_| !matches!(request.part, Part::Item(_)))
        {
            details.push(("owner", owner.clone()));
        }
        let after = match (before, &self.after_phase) {
            (Some(before), _) => Some(before),
            (None, Some(_)) => phase(&self.after_phase)?,
            (None, None) => line(&self.after)?,
        };
        if let Some(line) = self.form_line(document, request)? {
            draft.change(&Change::Text {
                line,
                text: text.to_owned(),
            })?;
            self.say(draft, request, line)?;
            return Ok(told(draft.document(), request, text, line));
        }
        let addition = Addition {
            part: request.part,
            text: text.to_owned(),
            phase: phase(&self.phase)?,
            after,
            parent: line(&self.parent)?,
            details,
        };
        let (_, made) = draft.made(&Change::Add(addition))?;
        let line = place(draft.document(), request, made);
        self.say(draft, request, line)?;
        Ok(told(draft.document(), request, text, line))
    }

    /// The first line of the form that waits to be filled in, where the place is not told otherwise.
    fn form_line(&self, document: &Document, request: &Request) -> Result<Option<u32>, OpsError> {
        let Part::Item(role) = request.part else {
            return Ok(None);
        };
        if self.after.is_some() || self.parent.is_some() {
            return Ok(None);
        }
        let phase = self.phase.as_ref().map(|wanted| wanted.line(document));
        let phase = phase.transpose()?;
        let mut items = document.items.iter();
        let found = items.find(|item| {
            let is_there = phase.is_none_or(|phase| item.phase == Some(phase));
            item.role == role && !item.state.is_closed() && is_there && item.is_unwritten()
        });
        Ok(found.map(|item| item.line))
    }

    /// Writes what else is said about a new item.
    fn say(&self, draft: &mut Draft<'_>, request: &Request, line: u32) -> Result<(), OpsError> {
        if matches!(request.part, Part::Item(_)) {
            let needs = (!self.needs.is_empty()).then(|| self.needs.join(", "));
            let said = [
                (Attribute::Owner, request.owner.clone()),
                (Attribute::Estimate, request.estimate.clone()),
                (Attribute::Needs, needs),
            ];
            for (attribute, value) in said.into_iter().filter(|(_, value)| value.is_some()) {
                draft.change(&Change::Attribute {
                    line,
                    attribute,
                    value,
                })?;
            }
        }
        Ok(())
    }
}

/// The document of the same feature that is there for tasks, where a task or phase is to be added to
/// one that holds none: a feature is named as one, and its `tasks.md` is meant.
fn with_tasks(ws: &Workspace, index: usize, part: Part) -> usize {
    let is_work = match part {
        Part::Item(role) => role.is_work(),
        Part::Phase => true,
        Part::Risk | Part::Blocker => false,
    };
    let entry = ws.entry(index);
    if !is_work || entry.initiative.is_empty() || entry.kind == "tasks" || entry.total > 0 {
        return index;
    }
    let is_it = |other: &planwright_workspace::Entry<'_>| {
        other.initiative == entry.initiative && other.kind == "tasks" && !other.template
    };
    let mut found = ws.entries().filter(is_it);
    match (found.next(), found.next()) {
        (Some(tasks), None) => ws.find(tasks.path).unwrap_or(index),
        _ => index,
    }
}

fn reference_is_phase(ws: &Workspace, path: &str, request: &Request) -> Result<(), OpsError> {
    WantedPhase::find(ws, path, &request.reference)
        .map(|_| ())
        .map_err(|_| {
            let name = &request.reference;
            let message = format!("`{name}` is no phase; `add` takes a document or a phase of one");
            let parent = crate::Hint::Note("`--parent ITEM` makes a piece of an item".to_owned());
            OpsError::new(ErrorKind::Usage, message).with_hint(parent)
        })
}

/// The line of what was added: the first of its kind from the first line that is new on.
fn place(document: &Document, request: &Request, made: u32) -> u32 {
    let lines: Vec<u32> = match request.part {
        Part::Item(_) => document.items.iter().map(|item| item.line).collect(),
        Part::Phase => document.phases.iter().map(|phase| phase.line).collect(),
        Part::Risk => document.risks.iter().map(|risk| risk.line).collect(),
        Part::Blocker => document
            .blockers
            .iter()
            .map(|blocker| blocker.line)
            .collect(),
    };
    lines.into_iter().find(|line| *line >= made).unwrap_or(made)
}

fn told(document: &Document, request: &Request, said: &str, line: u32) -> Done {
    let item = document.items.iter().find(|item| item.line == line);
    let phase = document.phases.iter().find(|phase| phase.line == line);
    let (reference, what, text) = match (request.part, item, phase) {
        (Part::Item(_), Some(item), _) => (&item.reference, item.role.as_str(), item.text.as_str()),
        (Part::Phase, _, Some(phase)) => (&phase.reference, "phase", phase.title.as_str()),
        (part, ..) => (&document.reference, part.as_str(), said),
    };
    Done {
        reference: reference.clone(),
        path: document.path.clone(),
        line,
        what: "add",
        before: None,
        after: Some(what.to_owned()),
        native: None,
        text: text.to_owned(),
        changed: true,
    }
}
