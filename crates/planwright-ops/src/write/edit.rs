//! `plan edit`: the words of an item, what it says about itself, its place.

use planwright_dialect::writer::{Attribute, Change};
use planwright_model::{Document, Item};
use planwright_workspace::Workspace;

use super::{Answer, Call, Done, Draft, Operation, Wanted, cycle, parts};
use crate::{ErrorKind, Hint, OpsError, claims};

/// What to change.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The item.
    pub item: String,
    /// Other words.
    pub text: Option<String>,
    /// Who has it; nobody where that is empty.
    pub owner: Option<String>,
    /// How long it should take; nobody knows where that is empty.
    pub estimate: Option<String>,
    /// The items that it needs, too.
    pub depends_on: Vec<String>,
    /// The items that it needs no longer.
    pub no_depends_on: Vec<String>,
    /// The item that it stands in front of.
    pub before: Option<String>,
    /// The item that it stands behind.
    pub after: Option<String>,
}

impl Request {
    fn is_empty(&self) -> bool {
        self.text.is_none()
            && self.owner.is_none()
            && self.estimate.is_none()
            && self.depends_on.is_empty()
            && self.no_depends_on.is_empty()
            && self.before.is_none()
            && self.after.is_none()
    }
}

/// Changes an item: all that is asked for, or nothing.
///
/// # Errors
/// When nothing is asked for, a reference names no item, or the document has no place for it.
pub fn run(ws: &Workspace, request: &Request, call: &Call<'_>) -> Result<Answer, OpsError> {
    let wanted = Wanted::find(ws, &request.item, "edit")?;
    if request.is_empty() {
        let message = format!("nothing is to be changed in `{}`", request.item);
        return Err(OpsError::new(ErrorKind::Usage, message).with_hint(Hint::Note(
            "an item has --text, --owner, --estimate, --depends-on, --no-depends-on, and stands --before or --after another".to_owned(),
        )));
    }
    if request
        .text
        .as_ref()
        .is_some_and(|text| !text.contains(char::is_alphanumeric))
    {
        return Err(OpsError::new(ErrorKind::Usage, "the text is empty"));
    }
    if request.text.is_some()
        && wanted.item.id.is_none()
        && let Some(desk) = call.desk
        && claims::is_held(desk, &wanted.key)?
    {
        let name = &wanted.item.reference;
        let message = format!(
            "`{name}` has no id: its claim is on its words, and would be lost with other words"
        );
        return Err(OpsError::new(ErrorKind::Refused, message)
            .with_hint(Hint::Run(format!("plan release {name}"))));
    }
    let path = wanted.path.clone();
    let needs = parts::ids(ws, &path, &request.depends_on, "--depends-on")?;
    let no_needs = parts::ids(ws, &path, &request.no_depends_on, "--no-depends-on")?;
    let beside = match (&request.before, &request.after) {
        (Some(name), _) => Some((false, parts::item(ws, &path, name, "--before")?)),
        (None, Some(name)) => Some((true, parts::item(ws, &path, name, "--after")?)),
        (None, None) => None,
    };
    let operation = Operation {
        ws,
        call,
        verb: "edit",
        label: format!("edit {}", request.item),
        keys: vec![wanted.key.clone()],
    };
    operation.run(std::slice::from_ref(&path), |drafts| {
        let draft = drafts.get_mut(&path).ok_or_else(|| super::gone(&path))?;
        let line = wanted.again(draft.document())?.line;
        let mut done = Vec::new();
        if !needs.is_empty() || !no_needs.is_empty() {
            done.push(depend(draft, line, &needs, &no_needs)?);
        }
        for (attribute, value) in [
            (Attribute::Owner, &request.owner),
            (Attribute::Estimate, &request.estimate),
        ] {
            if let Some(value) = value {
                let value = Some(value.trim().to_owned()).filter(|value| !value.is_empty());
                done.push(say(draft, line, attribute, value)?);
            }
        }
        if let Some(text) = &request.text {
            let before = item_at(draft.document(), line)?.text.clone();
            let changed = draft.change(&Change::Text {
                line,
                text: text.clone(),
            })?;
            let item = item_at(draft.document(), line)?;
            done.push(told(
                draft.document(),
                item,
                "text",
                Some(before),
                Some(item.text.clone()),
                changed,
            ));
        }
        if let Some((behind, other)) = &beside {
            done.push(put(draft, line, *behind, other)?);
        }
        Ok(done)
    })
}

/// Changes what an item needs, and says what it needed and needs.
pub(super) fn depend(
    draft: &mut Draft<'_>,
    line: u32,
    more: &[String],
    less: &[String],
) -> Result<Done, OpsError> {
    let document = draft.document();
    let item = item_at(document, line)?;
    for need in more {
        if item.id.as_ref() == Some(need) {
            let message = format!("`{}` cannot need itself", item.reference);
            return Err(OpsError::new(ErrorKind::Refused, message));
        }
        let own = item.id.as_deref().unwrap_or_default();
        if let Some(mut way) = parts::way(document, need, own).filter(|_| !own.is_empty()) {
            way.insert(0, own.to_owned());
            return Err(cycle::refusal("depends on", &way));
        }
    }
    let mut needs: Vec<String> = item
        .depends_on
        .iter()
        .filter(|id| !id.starts_with("phase:") && !less.contains(id))
        .cloned()
        .collect();
    let new = more.iter().filter(|id| !item.depends_on.contains(id));
    needs.extend(new.cloned());
    let value = (!needs.is_empty()).then(|| needs.join(", "));
    say(draft, line, Attribute::Needs, value)
}

fn say(
    draft: &mut Draft<'_>,
    line: u32,
    attribute: Attribute,
    value: Option<String>,
) -> Result<Done, OpsError> {
    let said = |item: &Item| match attribute {
        Attribute::Owner => item.owner.clone(),
        Attribute::Estimate => item.estimate.as_ref().map(|found| found.native.clone()),
        Attribute::Needs => {
            let ids = item
                .depends_on
                .iter()
                .filter(|id| !id.starts_with("phase:"));
            let ids: Vec<&str> = ids.map(String::as_str).collect();
            (!ids.is_empty()).then(|| ids.join(", "))
        }
    };
    let before = said(item_at(draft.document(), line)?);
    let changed = draft.change(&Change::Attribute {
        line,
        attribute,
        value,
    })?;
    let item = item_at(draft.document(), line)?;
    let after = said(item);
    Ok(told(
        draft.document(),
        item,
        attribute.as_str(),
        before,
        after,
        changed,
    ))
}

/// Puts an item beside another.
fn put(draft: &mut Draft<'_>, line: u32, behind: bool, other: &Wanted) -> Result<Done, OpsError> {
    let beside = other.again(draft.document())?.clone();
    let item = item_at(draft.document(), line)?.clone();
    let changed = draft.change(&Change::Move {
        line,
        behind,
        other: beside.line,
    })?;
    let document = draft.document();
    let same = document
        .items
        .iter()
        .filter(|found| found.id == item.id && found.fingerprint == item.fingerprint);
    let place = same.min_by_key(|found| found.line.abs_diff(beside.line));
    let place = place.unwrap_or(&item);
    let words = if behind { "after" } else { "before" };
    let words = Some(format!("{words} {}", beside.reference));
    Ok(told(document, place, "order", None, words, changed))
}

fn item_at(document: &Document, line: u32) -> Result<&Item, OpsError> {
    let found = document.items.iter().find(|item| item.line == line);
    found.ok_or_else(|| super::gone(&document.path))
}

fn told(
    document: &Document,
    item: &Item,
    what: &'static str,
    before: Option<String>,
    after: Option<String>,
    changed: bool,
) -> Done {
    Done {
        reference: item.reference.clone(),
        path: document.path.clone(),
        line: item.line,
        what,
        before,
        after,
        native: None,
        text: item.text.clone(),
        changed,
    }
}
