//! `plan approve`, `activate`, `pause`, `complete`, `supersede`, `abandon`, `reject`: what a document
//! says about its own state.

use std::collections::BTreeMap;

use planwright_dialect::writer::{Change, LogLine, Note};
use planwright_model::{Document, DocumentState, ItemState, LogRole, RelationType};
use planwright_workspace::Workspace;

use super::relocate::Relocation;
use super::{
    Answer, Call, Done, Draft, Operation, Wanted, complete, home, items, log, registry, verify,
};
use crate::{ErrorKind, Hint, OpsError, claims, reference};

/// What becomes of documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// They are agreed.
    Approve,
    /// They are worked on.
    Activate,
    /// They are put aside.
    Pause,
    /// Everything they promised exists.
    Complete,
    /// Another takes their place.
    Supersede,
    /// They are given up.
    Abandon,
    /// They are decided against.
    Reject,
}

impl Move {
    /// The verb.
    pub const fn verb(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Activate => "activate",
            Self::Pause => "pause",
            Self::Complete => "complete",
            Self::Supersede => "supersede",
            Self::Abandon => "abandon",
            Self::Reject => "reject",
        }
    }

    /// The state afterwards.
    pub const fn state(self) -> DocumentState {
        match self {
            Self::Approve => DocumentState::Approved,
            Self::Activate => DocumentState::Active,
            Self::Pause => DocumentState::Paused,
            Self::Complete => DocumentState::Done,
            Self::Supersede => DocumentState::Superseded,
            Self::Abandon => DocumentState::Abandoned,
            Self::Reject => DocumentState::Rejected,
        }
    }

    /// True where nobody is to work on the document afterwards.
    const fn closes(self) -> bool {
        matches!(
            self,
            Self::Complete | Self::Supersede | Self::Abandon | Self::Reject
        )
    }

    /// How a log tells of it.
    const fn said(self) -> &'static str {
        match self {
            Self::Approve => "Approved",
            Self::Activate => "Taken up again",
            Self::Pause => "Paused",
            Self::Complete => "Completed",
            Self::Supersede => "Superseded",
            Self::Abandon => "Abandoned",
            Self::Reject => "Rejected",
        }
    }

    /// True where a document in this state may take the step.
    const fn may_follow(self, state: DocumentState) -> bool {
        use DocumentState as S;
        match self {
            Self::Approve => matches!(state, S::Draft | S::InReview | S::Unknown),
            // From done with a reason.
            Self::Activate => !matches!(state, S::Rejected | S::Abandoned | S::Superseded),
            Self::Pause | Self::Complete => !state.is_closed(),
            Self::Supersede | Self::Abandon => true,
            Self::Reject => matches!(state, S::Draft | S::InReview | S::Unknown),
        }
    }
}

/// The documents, and what becomes of them.
#[derive(Clone, Debug)]
pub struct Request {
    /// What becomes of them.
    pub step: Move,
    /// References of the documents.
    pub documents: Vec<String>,
    /// Why.
    pub reason: Option<String>,
    /// The document that takes their place.
    pub by: Option<String>,
    /// Items that need not be done.
    pub waive: Vec<String>,
    /// The word to write.
    pub word: Option<String>,
    /// Who says so.
    pub author: Option<String>,
    /// Leave the files where they are, whatever their folders say.
    pub stay: bool,
}

/// Sets the state of documents: of all of them or of none.
///
/// # Errors
/// When a reference names no document, a guard stands against it, or a file cannot be written.
pub fn run(ws: &Workspace, request: &Request, call: &Call<'_>) -> Result<Answer, OpsError> {
    let verb = request.step.verb();
    let reason = request.reason.as_deref().map(str::trim);
    let reason = reason.filter(|reason| !reason.is_empty());
    if reason.is_none() {
        let why = match request.step {
            Move::Abandon => Some("a document is abandoned for a reason"),
            _ if !request.waive.is_empty() => Some("items are waived for a reason"),
            _ => None,
        };
        if let Some(why) = why {
            return Err(OpsError::new(ErrorKind::Usage, why)
                .with_hint(Hint::Note("give it with `--reason TEXT`".to_owned())));
        }
    }
    let mut paths = Vec::new();
    for name in &request.documents {
        let index = reference::document(ws, name, verb)?;
        let entry = ws.entry(index);
        if entry.template {
            let message = format!("`{name}` is a form and has no state");
            return Err(OpsError::new(ErrorKind::Usage, message));
        }
        paths.push(entry.path.to_owned());
    }
    let successor = successor(ws, request, &paths)?;
    let found = request
        .waive
        .iter()
        .map(|name| Wanted::find(ws, name, "--waive"));
    let waived: Vec<Wanted> = found.collect::<Result<_, _>>()?;
    if let Some(other) = waived.iter().find(|item| !paths.contains(&item.path)) {
        let message = format!("`{}` is no item of these documents", other.item.reference);
        return Err(OpsError::new(ErrorKind::Usage, message));
    }
    let mut label = format!("{verb} {}", request.documents.join(" "));
    if let Some(by) = &request.by {
        label.push_str(" --by ");
        label.push_str(by);
    }
    let operation = Operation {
        ws,
        call,
        verb,
        label,
        keys: if request.step.closes() {
            let keys = paths
                .iter()
                .filter_map(|path| claims::document_key(ws, path));
            keys.collect()
        } else {
            Vec::new()
        },
    };
    let mut all = paths.clone();
    all.extend(successor.clone());
    let state = request.step.state();
    let homes = if request.stay {
        Vec::new()
    } else {
        home::pairs(ws, &paths, state)
    };
    let relocation = Relocation::plan(ws, &homes).map_err(|error| {
        error.with_hint(Hint::Note(
            "`--stay` leaves the file in its folder".to_owned(),
        ))
    })?;
    let indexes: Vec<String> = home::indexes(ws, &paths)
        .into_iter()
        .filter(|index| !all.contains(index))
        .collect();
    all.extend(indexes.iter().cloned());
    let plan = Plan {
        ws,
        call,
        request,
        reason,
        successor: successor.as_deref(),
        waived: &waived,
    };
    operation.run_with(&all, &relocation, |drafts| {
        let mut done = Vec::new();
        for path in &paths {
            done.extend(plan.document(drafts, path)?);
        }
        done.extend(homes.iter().map(|(from, to)| home::moved(ws, from, to)));
        let changed = paths.iter().map(|path| (path.clone(), state)).collect();
        for index in &indexes {
            let draft = drafts.get_mut(index).ok_or_else(|| super::gone(index))?;
            done.extend(registry::follow(ws, draft, &changed)?);
        }
        if request.step == Move::Complete {
            done.extend(home::behind(ws, &paths));
        }
        Ok(done)
    })
}

/// The path of the document that takes the others' place.
fn successor(
    ws: &Workspace,
    request: &Request,
    paths: &[String],
) -> Result<Option<String>, OpsError> {
    match (request.step, &request.by) {
        (Move::Supersede, Some(by)) => {
            let index = reference::document(ws, by, "supersede --by")?;
            let path = ws.entry(index).path.to_owned();
            if paths.contains(&path) {
                let message = format!("`{by}` cannot take its own place");
                return Err(OpsError::new(ErrorKind::Usage, message));
            }
            Ok(Some(path))
        }
        (Move::Supersede, None) => {
            let message = "a superseded document names the one that takes its place";
            Err(OpsError::new(ErrorKind::Usage, message)
                .with_hint(Hint::Note("give it with `--by REF`".to_owned())))
        }
        _ => Ok(None),
    }
}

/// The steps for one document after another.
struct Plan<'a> {
    ws: &'a Workspace,
    call: &'a Call<'a>,
    request: &'a Request,
    reason: Option<&'a str>,
    successor: Option<&'a str>,
    waived: &'a [Wanted],
}

impl Plan<'_> {
    fn document(
        &self,
        drafts: &mut BTreeMap<String, Draft<'_>>,
        path: &str,
    ) -> Result<Vec<Done>, OpsError> {
        let step = self.request.step;
        let mut done = Vec::new();
        for wanted in self.waived.iter().filter(|wanted| wanted.path == path) {
            let note = self.reason.map(|reason| Note {
                word: "waived".to_owned(),
                text: reason.to_owned(),
            });
            let mut set = items::set(drafts, wanted, ItemState::Cancelled, note.as_ref())?;
            set.what = "waiver";
            done.push(set);
        }
        let draft = drafts.get_mut(path).ok_or_else(|| super::gone(path))?;
        let before = draft.document().state.value;
        if before != step.state() {
            self.guard(draft.document())?;
        }
        let change = Change::State {
            state: step.state(),
            native: self.request.word.clone(),
            habit: self.habit(draft.document()),
        };
        let changed = draft.change(&change)?;
        done.push(stated(draft.document(), before, changed));
        if let Some(successor) = self.successor {
            done.extend(Self::link(drafts, path, successor)?);
        }
        let is_told = changed && !matches!(step, Move::Complete);
        let draft = drafts.get_mut(path).ok_or_else(|| super::gone(path))?;
        if let Some(reason) = self.reason.filter(|_| is_told) {
            done.push(self.tell(draft, reason)?);
        }
        Ok(done)
    }

    /// Refuses what the state of a document, or what is open in it, stands against.
    fn guard(&self, document: &Document) -> Result<(), OpsError> {
        let step = self.request.step;
        let state = document.state.value;
        if !step.may_follow(state) {
            let message = format!(
                "`{}` is {state}, and cannot be {} from there",
                document.reference,
                step.state()
            );
            return Err(OpsError::new(ErrorKind::Refused, message));
        }
        if step == Move::Activate && state == DocumentState::Done && self.reason.is_none() {
            let message = format!(
                "`{}` is done; it is taken up again for a reason",
                document.reference
            );
            return Err(OpsError::new(ErrorKind::Refused, message)
                .with_hint(Hint::Note("give it with `--reason TEXT`".to_owned())));
        }
        if step == Move::Complete {
            let mut missing = complete::missing(document);
            let always = crate::check::config(self.ws)?.needs_evidence();
            match self.call.writer.ledger() {
                Ok(ledger) => {
                    missing.extend(verify::unproven(self.ws, &ledger, document, always)?);
                }
                // Nothing can have been run then.
                Err(error) if always => return Err(error.into()),
                Err(_) => {}
            }
            if !missing.is_empty() {
                return Err(complete::refusal(document, &missing));
            }
        }
        Ok(())
    }

    /// The word that other documents of the same dialect and kind use for the state.
    fn habit(&self, document: &Document) -> Option<String> {
        let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
        let entries: Vec<_> = self.ws.entries().collect();
        let same = entries.iter().filter(|entry| {
            entry.dialect == document.dialect
                && entry.kind == document.kind
                && entry.state == self.request.step.state()
                && !entry.template
        });
        for native in same.filter_map(|entry| entry.native) {
            let is_word = native
                .chars()
                .all(|c| c.is_alphabetic() || matches!(c, ' ' | '_' | '-'));
            if is_word && native.split(' ').count() <= 2 {
                *counts.entry(native).or_default() += 1;
            }
        }
        let most = counts.into_iter().rev().max_by_key(|(_, count)| *count);
        most.map(|(native, _)| native.to_owned())
    }

    /// Writes both sides of a supersession.
    fn link(
        drafts: &mut BTreeMap<String, Draft<'_>>,
        old: &str,
        new: &str,
    ) -> Result<Vec<Done>, OpsError> {
        let mut done = Vec::new();
        for (from, relation, to) in [
            (old, RelationType::SupersededBy, new),
            (new, RelationType::Supersedes, old),
        ] {
            let draft = drafts.get_mut(from).ok_or_else(|| super::gone(from))?;
            let changed = draft.change(&Change::Link {
                relation,
                target: to.to_owned(),
                names: Vec::new(),
                kind: String::new(),
            })?;
            let document = draft.document();
            let mut stated = document.relations.iter().rev();
            let stated = stated.find(|found| found.kind == relation);
            done.push(Done {
                reference: document.reference.clone(),
                path: document.path.clone(),
                line: stated.map_or(1, |found| found.line),
                what: "link",
                before: None,
                after: Some(relation.as_str().to_owned()),
                native: None,
                text: to.to_owned(),
                changed,
            });
        }
        Ok(done)
    }

    /// Records the reason in the log that the document keeps.
    fn tell(&self, draft: &mut Draft<'_>, reason: &str) -> Result<Done, OpsError> {
        let has = |role: &str| {
            let mut sections = draft.document().sections.iter();
            sections.any(|section| section.role.as_deref() == Some(role))
        };
        let role = if has("decisions") {
            LogRole::Decision
        } else {
            LogRole::Update
        };
        let said = self.request.step.said();
        let (text, rationale) = match role {
            LogRole::Decision => (format!("{said}."), Some(reason.to_owned())),
            _ => (format!("{said}: {reason}"), None),
        };
        let entry = LogLine {
            role,
            text: text.clone(),
            rationale,
            alternatives: None,
            evidence: None,
            author: self.request.author.clone(),
        };
        let before = draft.document().log.clone();
        draft.change(&Change::Log(entry))?;
        Ok(log::added(draft.document(), &before, role, &text))
    }
}

/// A document and what it says now.
fn stated(document: &Document, before: DocumentState, changed: bool) -> Done {
    Done {
        reference: document.reference.clone(),
        path: document.path.clone(),
        line: document.state.line.unwrap_or(1),
        what: "state",
        before: Some(before.as_str().to_owned()),
        after: Some(document.state.value.as_str().to_owned()),
        native: document.state.native.clone(),
        text: document.title.text.clone(),
        changed,
    }
}
