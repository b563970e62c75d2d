//! Names of items and phases that are given beside a document.

use planwright_model::{Document, Item, Phase};
use planwright_workspace::Workspace;

use super::Wanted;
use crate::reference::{self, Target};
use crate::{ErrorKind, Hint, OpsError};

/// An item of a document, named with the document or without: `auth#T003`, `T003`.
pub(super) fn item(ws: &Workspace, path: &str, name: &str, verb: &str) -> Result<Wanted, OpsError> {
    let wanted = Wanted::find(ws, &whole(ws, path, name)?, verb)?;
    if wanted.path != path {
        let message = format!("`{name}` is an item of {}, not of {path}", wanted.path);
        return Err(OpsError::new(ErrorKind::Usage, message));
    }
    Ok(wanted)
}

/// A name that may lack its document.
fn whole(ws: &Workspace, path: &str, name: &str) -> Result<String, OpsError> {
    let is_line = name.rsplit_once(':').is_some_and(|(_, line)| {
        !line.is_empty() && line.bytes().all(|byte| byte.is_ascii_digit())
    });
    if name.contains('#') || is_line {
        return Ok(name.to_owned());
    }
    if name.trim().is_empty() {
        return Err(OpsError::new(ErrorKind::Usage, "the reference is empty"));
    }
    let index = ws.find(path).ok_or_else(|| super::gone(path))?;
    let whole = ws.entry(index).reference.to_owned();
    Ok(format!("{whole}#{name}"))
}

/// A phase of a document, as it was when it was asked for.
#[derive(Clone, Debug)]
pub(super) struct WantedPhase {
    phase: Phase,
}

impl WantedPhase {
    /// Finds the phase by its number (`2`), its reference (`auth#2`) or words of its title.
    pub(super) fn find(ws: &Workspace, path: &str, name: &str) -> Result<Self, OpsError> {
        let document = ws.parse(path)?.document;
        let by_name = |line: u32| {
            document
                .phases
                .iter()
                .find(|phase| phase.line == line)
                .cloned()
        };
        let number = name
            .trim()
            .rsplit([' ', '#'])
            .next()
            .unwrap_or_default()
            .to_owned();
        let ids = |phase: &&Phase| {
            phase
                .id
                .as_deref()
                .is_some_and(|id| id.eq_ignore_ascii_case(&number))
        };
        let mut found: Vec<Phase> = document.phases.iter().filter(ids).cloned().collect();
        if found.is_empty() {
            let whole = whole(ws, path, name)?;
            if let Ok(Target::Place(index, _)) = reference::target(ws, &whole)
                && ws.entry(index).path == path
            {
                // In the document as it was read here, which may be a later one.
                found.extend(ws.line_in(&document, &whole).and_then(by_name));
            }
        }
        if found.is_empty() {
            let words = name.to_lowercase();
            let titled = |phase: &&Phase| phase.title.to_lowercase().contains(&words);
            found.extend(document.phases.iter().filter(titled).cloned());
        }
        let titles =
            |phases: &[Phase]| phases.iter().map(|phase| phase.reference.clone()).collect();
        match found.as_slice() {
            [one] => Ok(Self { phase: one.clone() }),
            [] => Err(
                OpsError::new(ErrorKind::NotFound, format!("{path} has no phase `{name}`"))
                    .with_hint(Hint::Candidates(titles(&document.phases))),
            ),
            many => Err(OpsError::new(
                ErrorKind::Ambiguous,
                format!("`{name}` can mean {} phases", many.len()),
            )
            .with_hint(Hint::Candidates(titles(many)))),
        }
    }

    /// The line of the same phase in the document as it is now.
    pub(super) fn line(&self, document: &Document) -> Result<u32, OpsError> {
        let same = document
            .phases
            .iter()
            .filter(|phase| phase.title == self.phase.title && phase.id == self.phase.id);
        let nearest = same.min_by_key(|phase| phase.line.abs_diff(self.phase.line));
        nearest.map(|phase| phase.line).ok_or_else(|| {
            let title = &self.phase.title;
            let message = format!("`{title}` is no longer in {}", document.path);
            OpsError::new(ErrorKind::NotFound, message)
        })
    }
}

/// The ids of items that another of their document is to need.
pub(super) fn ids(
    ws: &Workspace,
    path: &str,
    names: &[String],
    verb: &str,
) -> Result<Vec<String>, OpsError> {
    let all = names.iter().map(|name| {
        let item = item(ws, path, name, verb)?.item;
        item.id.clone().ok_or_else(|| nameless(&item))
    });
    all.collect()
}

pub(super) fn nameless(item: &Item) -> OpsError {
    let message = format!(
        "`{}` has no id by which the document could name it: {}",
        item.reference, item.text
    );
    OpsError::new(ErrorKind::Refused, message).with_hint(Hint::Note(
        "give it one in the document, as in `T012 Its words`".to_owned(),
    ))
}

/// The items from one to itself or another over what each needs, by their ids; `None` where there is
/// no way.
pub(super) fn way(document: &Document, from: &str, to: &str) -> Option<Vec<String>> {
    super::cycle::way(from.to_owned(), &to.to_owned(), |id| {
        let items = document.items.iter();
        let of = items.filter(|item| item.id.as_ref() == Some(id));
        of.flat_map(|item| item.depends_on.clone()).collect()
    })
}
