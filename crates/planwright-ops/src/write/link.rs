//! `plan link`, `plan unlink`: how documents, or items of one, stand to each other.

use std::collections::BTreeMap;

use planwright_dialect::writer::{Change, Triple};
use planwright_model::{Relation, RelationType};
use planwright_workspace::Workspace;

use super::{Answer, Call, Done, Draft, Operation, Wanted, cycle, edit, parts};
use crate::reference::{self, Target};
use crate::{ErrorKind, Hint, OpsError, claims};

/// What to join, or to part.
#[derive(Clone, Debug)]
pub struct Request {
    /// The document, or the item of one.
    pub from: String,
    /// How it stands to the others.
    pub relation: RelationType,
    /// The others.
    pub to: Vec<String>,
    /// The relations are to go.
    pub unlink: bool,
}

impl Request {
    const fn verb(&self) -> &'static str {
        if self.unlink { "unlink" } else { "link" }
    }
}

/// Relates documents, or takes relations back: all of them, or none.
///
/// # Errors
/// When a reference names nothing, the relation leads back to where it began or is not there, the
/// dialect has no place for it, or it cannot be written.
pub fn run(ws: &Workspace, request: &Request, call: &Call<'_>) -> Result<Answer, OpsError> {
    let label = format!(
        "{} {} {} {}",
        request.verb(),
        request.from,
        request.relation,
        request.to.join(" ")
    );
    let mut operation = Operation {
        ws,
        call,
        verb: request.verb(),
        label,
        keys: Vec::new(),
    };
    let from = match reference::target(ws, &request.from)? {
        Target::Document(index) => index,
        Target::Place(..) => return items(ws, request, operation),
    };
    if ws.entry(from).template {
        let message = format!("`{}` is a form", request.from);
        return Err(OpsError::new(ErrorKind::Usage, message));
    }
    let others: Vec<Other> = request
        .to
        .iter()
        .map(|name| Other::find(ws, request, from, name))
        .collect::<Result<_, _>>()?;
    let linker = Linker { ws, request, from };
    for other in others.iter().filter(|_| !request.unlink) {
        linker.guard(other)?;
    }
    let mut paths = vec![linker.path()];
    for other in &others {
        let inverse = linker.inverse(other).and(other.index);
        paths.extend(inverse.map(|index| ws.entry(index).path.to_owned()));
    }
    paths.extend(linker.file());
    paths.sort();
    paths.dedup();
    let keys = paths.iter().filter_map(|path| claims::rest_key(ws, path));
    operation.keys = keys.collect();
    operation.run(&paths, |drafts| {
        let mut done = Vec::new();
        for other in &others {
            done.extend(if request.unlink {
                linker.unlink(drafts, other)?
            } else {
                linker.link(drafts, other)?
            });
        }
        Ok(done)
    })
}

/// What one item needs of others.
fn items(
    ws: &Workspace,
    request: &Request,
    mut operation: Operation<'_>,
) -> Result<Answer, OpsError> {
    let wanted = Wanted::find(ws, &request.from, request.verb())?;
    operation.keys = vec![wanted.key.clone()];
    if request.relation != RelationType::DependsOn {
        let message = format!(
            "an item depends on others, and is not said to be `{}`",
            request.relation
        );
        return Err(OpsError::new(ErrorKind::Usage, message)
            .with_hint(Hint::Note("relate its document instead".to_owned())));
    }
    let ids = parts::ids(ws, &wanted.path, &request.to, request.verb())?;
    operation.run(std::slice::from_ref(&wanted.path), |drafts| {
        let draft = drafts
            .get_mut(&wanted.path)
            .ok_or_else(|| super::gone(&wanted.path))?;
        let item = wanted.again(draft.document())?;
        let line = item.line;
        if let Some(id) = ids
            .iter()
            .find(|id| request.unlink && !item.depends_on.contains(id))
        {
            let message = format!("`{}` does not depend on `{id}`", item.reference);
            let has = if item.depends_on.is_empty() {
                "it depends on nothing".to_owned()
            } else {
                format!("it depends on {}", item.depends_on.join(", "))
            };
            return Err(OpsError::new(ErrorKind::NotFound, message).with_hint(Hint::Note(has)));
        }
        let (more, less) = if request.unlink {
            (&[][..], &ids[..])
        } else {
            (&ids[..], &[][..])
        };
        Ok(vec![edit::depend(draft, line, more, less)?])
    })
}

/// The other end of a relation.
struct Other {
    /// The document; `None` for a path of the code.
    index: Option<usize>,
    path: String,
    /// As it was given.
    name: String,
}

impl Other {
    fn find(ws: &Workspace, request: &Request, from: usize, name: &str) -> Result<Self, OpsError> {
        let target = reference::target(ws, name);
        if request.relation == RelationType::Touches
            && !matches!(target, Ok(Target::Document(_)))
            && (request.unlink || ws.exists(name))
        {
            return Ok(Self {
                index: None,
                path: name.trim_start_matches("./").to_owned(),
                name: name.to_owned(),
            });
        }
        let index = match target? {
            Target::Document(index) => index,
            Target::Place(index, _) => {
                let whole = ws.entry(index).reference.to_owned();
                let message = format!(
                    "`{name}` names a place inside `{whole}`; documents stand to documents"
                );
                return Err(OpsError::new(ErrorKind::Usage, message));
            }
        };
        if index == from {
            let message = format!("`{name}` cannot stand so to itself");
            return Err(OpsError::new(ErrorKind::Usage, message));
        }
        Ok(Self {
            index: Some(index),
            path: ws.entry(index).path.to_owned(),
            name: name.to_owned(),
        })
    }
}

struct Linker<'a> {
    ws: &'a Workspace,
    request: &'a Request,
    from: usize,
}

/// What leads to no end where it leads back.
const fn is_ordered(relation: RelationType) -> bool {
    use RelationType as R;
    matches!(
        relation,
        R::Implements | R::DependsOn | R::Extends | R::Supersedes | R::SupersededBy | R::PartOf
    )
}

/// The same, seen from the other end.
const fn mirrored(relation: RelationType) -> Option<RelationType> {
    match relation {
        RelationType::Supersedes => Some(RelationType::SupersededBy),
        RelationType::SupersededBy => Some(RelationType::Supersedes),
        _ => None,
    }
}

impl Linker<'_> {
    fn path(&self) -> String {
        self.ws.entry(self.from).path.to_owned()
    }

    /// The file that holds the relations of the document, where its dialect keeps them in one.
    fn file(&self) -> Option<String> {
        let entry = self.ws.entry(self.from);
        let dialects = self.ws.dialects();
        dialects.relations_file(entry.dialect, entry.path)
    }

    /// The relation that the other document states, where its dialect has both sides.
    fn inverse(&self, other: &Other) -> Option<RelationType> {
        if self.file().is_some() {
            return None;
        }
        let entry = self.ws.entry(other.index?);
        let dialects = self.ws.dialects();
        mirrored(self.request.relation)
            .or_else(|| dialects.inverse(entry.dialect, self.request.relation))
    }

    /// Refuses a relation that leads back to where it began.
    fn guard(&self, other: &Other) -> Result<(), OpsError> {
        let relation = self.request.relation;
        let Some(to) = other.index.filter(|_| is_ordered(relation)) else {
            return Ok(());
        };
        let graph = self.ws.graph();
        let next = |at: &usize| -> Vec<usize> {
            let said = graph
                .outgoing(*at)
                .filter(|link| link.relation.kind == relation);
            let mut all: Vec<usize> = said.filter_map(|link| link.to).collect();
            if let Some(mirrored) = mirrored(relation) {
                let back = graph
                    .incoming(*at)
                    .filter(|link| link.relation.kind == mirrored);
                all.extend(back.map(|link| link.from));
            }
            all
        };
        let Some(mut way) = cycle::way(to, &self.from, next) else {
            return Ok(());
        };
        way.insert(0, self.from);
        let names = way
            .iter()
            .map(|index| self.ws.entry(*index).reference.to_owned());
        let names: Vec<String> = names.collect();
        Err(cycle::refusal(&relation.as_str().replace('_', " "), &names))
    }

    fn link(
        &self,
        drafts: &mut BTreeMap<String, Draft<'_>>,
        other: &Other,
    ) -> Result<Vec<Done>, OpsError> {
        let relation = self.request.relation;
        let path = self.path();
        if let Some(found) = self.stated(&path, other)?.first() {
            return Ok(vec![self.done(&path, other, found.line, false)]);
        }
        let ends_in_document = other.index.is_some();
        if let Some(file) = self.file().filter(|_| ends_in_document) {
            let draft = drafts.get_mut(&file).ok_or_else(|| super::gone(&file))?;
            let line = draft.relate(&self.triple(other), true)?;
            return Ok(vec![self.done(&file, other, line, true)]);
        }
        let draft = drafts.get_mut(&path).ok_or_else(|| super::gone(&path))?;
        let (changed, line) = draft.made(&self.change(relation, other.index, &other.path))?;
        let mut done = vec![self.done(&path, other, line, changed)];
        if let Some((inverse, index)) = self.inverse(other).zip(other.index) {
            let draft = drafts
                .get_mut(&other.path)
                .ok_or_else(|| super::gone(&other.path))?;
            let change = self.change(inverse, Some(self.from), &path);
            let (changed, line) = draft.made(&change)?;
            done.extend(changed.then(|| self.back(index, inverse, &path, line)));
        }
        Ok(done)
    }

    fn change(&self, relation: RelationType, index: Option<usize>, path: &str) -> Change {
        let entry = index.map(|index| self.ws.entry(index));
        let names = entry.as_ref().map_or_else(Vec::new, |entry| {
            let names = std::iter::once(entry.reference).chain(entry.aliases.iter().copied());
            let alone = names.filter(|name| {
                matches!(reference::target(self.ws, name), Ok(Target::Document(found)) if Some(found) == index)
            });
            alone.map(str::to_owned).collect()
        });
        Change::Link {
            relation,
            target: path.to_owned(),
            names,
            kind: entry.map_or_else(String::new, |entry| entry.kind.to_owned()),
        }
    }

    fn triple(&self, other: &Other) -> Triple {
        Triple {
            source: self.path(),
            relation: self.request.relation,
            target: other.path.clone(),
        }
    }

    /// The relation as the document at `path` states it now, mere links left out.
    fn stated(&self, path: &str, other: &Other) -> Result<Vec<Relation>, OpsError> {
        let mut relations = self.ws.read(path)?.document.relations;
        relations.retain(|found| {
            let is_it = match other.index {
                Some(_) => found.path.as_deref() == Some(&other.path),
                None => found.target == other.path,
            };
            is_it && found.kind == self.request.relation && found.source != "link"
        });
        Ok(relations)
    }

    fn unlink(
        &self,
        drafts: &mut BTreeMap<String, Draft<'_>>,
        other: &Other,
    ) -> Result<Vec<Done>, OpsError> {
        let path = self.path();
        let mut done = Vec::new();
        for found in self.stated(&path, other)? {
            if let Some(file) = self.file().filter(|_| found.source == "sync-state") {
                let draft = drafts.get_mut(&file).ok_or_else(|| super::gone(&file))?;
                let line = draft.relate(&self.triple(other), false)?;
                done.push(self.done(&file, other, line, true));
                continue;
            }
            let draft = drafts.get_mut(&path).ok_or_else(|| super::gone(&path))?;
            let (changed, line) = draft.made(&Change::Unlink {
                relation: found.kind,
                target: found.target,
            })?;
            done.push(self.done(&path, other, line, changed));
        }
        if let Some((inverse, index)) = self.inverse(other).zip(other.index) {
            let back = self.ws.read(&other.path)?.document.relations;
            let back = back.into_iter().filter(|found| {
                found.kind == inverse
                    && found.path.as_deref() == Some(&path)
                    && found.source != "link"
            });
            for found in back {
                let draft = drafts
                    .get_mut(&other.path)
                    .ok_or_else(|| super::gone(&other.path))?;
                let (_, line) = draft.made(&Change::Unlink {
                    relation: found.kind,
                    target: found.target,
                })?;
                done.push(self.back(index, inverse, &path, line));
            }
        }
        if done.is_empty() {
            Err(self.not_there(other)?)
        } else {
            Ok(done)
        }
    }

    /// What there is instead of the relation that is to go.
    fn not_there(&self, other: &Other) -> Result<OpsError, OpsError> {
        let entry = self.ws.entry(self.from);
        let relation = self.request.relation.as_str().replace('_', " ");
        let document = self.ws.read(entry.path)?.document;
        let is_link = document.relations.iter().find(|found| {
            found.path.as_deref() == Some(&other.path)
                && found.source == "link"
                && found.kind == self.request.relation
        });
        if let Some(link) = is_link {
            let message = format!(
                "`{}` and `{}` are related by a link in the text only",
                entry.reference, other.name
            );
            let hint = Hint::Note(format!("change it by hand: {}:{}", entry.path, link.line));
            return Ok(OpsError::new(ErrorKind::Refused, message).with_hint(hint));
        }
        let message = format!(
            "there is no relation `{} {relation} {}`",
            entry.reference, other.name
        );
        let all = document
            .relations
            .iter()
            .filter(|found| found.source != "link");
        let told = all.map(|found| {
            let target = found.path.as_deref().unwrap_or(&found.target);
            format!("{} {target}", found.kind.as_str().replace('_', " "))
        });
        let told: Vec<String> = told.take(8).collect();
        let hint = if told.is_empty() {
            "it has no relations".to_owned()
        } else {
            format!("it has: {}", told.join(", "))
        };
        Ok(OpsError::new(ErrorKind::NotFound, message).with_hint(Hint::Note(hint)))
    }

    fn done(&self, path: &str, other: &Other, line: u32, changed: bool) -> Done {
        Done {
            reference: self.ws.entry(self.from).reference.to_owned(),
            path: path.to_owned(),
            line,
            what: self.request.verb(),
            before: None,
            after: Some(self.request.relation.as_str().to_owned()),
            native: None,
            text: other.path.clone(),
            changed,
        }
    }

    fn back(&self, index: usize, inverse: RelationType, target: &str, line: u32) -> Done {
        let entry = self.ws.entry(index);
        Done {
            reference: entry.reference.to_owned(),
            path: entry.path.to_owned(),
            line,
            what: self.request.verb(),
            before: None,
            after: Some(inverse.as_str().to_owned()),
            native: None,
            text: target.to_owned(),
            changed: true,
        }
    }
}
