//! What a new document says about others, and they about it.

use std::collections::BTreeMap;

use planwright_dialect::template::{KeyRule, ValueRule, Values};
use planwright_dialect::writer::Change;
use planwright_dialect::{Dialect, Reading, Template};
use planwright_model::{RelationType, Section};
use planwright_syntax::links;
use planwright_syntax::splice::{self, Edit};
use planwright_workspace::path::{name, parent, relative, stem};
use planwright_workspace::{Entry, Workspace};

use super::Request;
use super::form::Form;
use crate::write::{Done, Draft};
use crate::{ErrorKind, Hint, OpsError, reference};

/// A relation to be stated, and the path of its other end.
pub(super) type Wanted = (RelationType, String);

/// The documents that a new one names.
#[derive(Debug, Default)]
pub(super) struct Others {
    /// What it is made from.
    pub(super) from: Option<String>,
    pub(super) implements: Option<String>,
    depends_on: Vec<String>,
    supersedes: Vec<String>,
}

impl Others {
    pub(super) fn find(ws: &Workspace, request: &Request) -> Result<Self, OpsError> {
        let path = |name: &String| {
            let index = reference::document(ws, name, "new")?;
            Ok(ws.entry(index).path.to_owned())
        };
        let one = |name: &Option<String>| name.as_ref().map(path).transpose();
        let all = |names: &[String]| names.iter().map(path).collect::<Result<_, OpsError>>();
        Ok(Self {
            from: one(&request.from)?,
            implements: one(&request.implements)?,
            depends_on: all(&request.depends_on)?,
            supersedes: all(&request.supersedes)?,
        })
    }

    /// The document that says where the new one belongs.
    pub(super) fn origin(&self) -> Option<&str> {
        self.from.as_deref().or(self.implements.as_deref())
    }

    /// The relations to state; `is_placed` where the form has stated the first already.
    pub(super) fn wanted(&self, form: &Form<'_>, is_placed: bool) -> Vec<Wanted> {
        use RelationType as R;

        let parent = self.implements.as_ref().map(|path| (R::Implements, path));
        let from = self
            .from
            .as_ref()
            .filter(|path| self.implements.as_ref() != Some(*path));
        let from = from.map(|path| (R::Related, path));
        let placed = usize::from(is_placed);
        let first = parent.into_iter().chain(from).skip(placed);
        let first = first.map(|(kind, path)| (kept_as(form, kind), path));
        let depends_on = self.depends_on.iter().map(|path| (R::DependsOn, path));
        let supersedes = self.supersedes.iter().map(|path| (R::Supersedes, path));
        let all = first.chain(depends_on).chain(supersedes);
        let mut wanted: Vec<Wanted> = Vec::new();
        for (kind, path) in all {
            let one = (kind, path.clone());
            if !wanted.contains(&one) {
                wanted.push(one);
            }
        }
        wanted
    }
}

/// The relation as which the dialect keeps one that its form has no key for: what a dev_ops document
/// comes from is `upstream` of it.
fn kept_as(form: &Form<'_>, kind: RelationType) -> RelationType {
    let rules = form
        .template
        .front_matter
        .iter()
        .flat_map(|rule| &rule.keys);
    let known: Vec<RelationType> = rules
        .filter_map(|key| form.dialect.relation_of(&key.name))
        .collect();
    if known.contains(&kind) {
        return kind;
    }
    let serves = [RelationType::Related, RelationType::DependsOn];
    serves
        .into_iter()
        .find(|other| known.contains(other))
        .unwrap_or(kind)
}

/// Fills in the parent where the form has a place for it. True where nothing else has to be written
/// about it. `is_apart` for a dialect whose relations stand in a file of their own: its texts have no
/// links to documents.
pub(super) fn fill_parent(
    values: Values,
    form: &Form<'_>,
    path: &str,
    parent_entry: Option<&Entry<'_>>,
    is_apart: bool,
) -> (Values, bool) {
    let Some(found) = parent_entry else {
        return (values.with("parent", ""), false);
    };
    let keys = places(form.template);
    let fits = |key: &&KeyRule| {
        // The task that a plan is part of is a task. Lists are filled by whoever states relations,
        // on both sides.
        let is_task = form.dialect.relation_of(&key.name) == Some(RelationType::PartOf);
        key.value != ValueRule::List && (!is_task || found.kind == "tasks")
    };
    let has_place = form.template.text.contains("{{parent}}");
    let fitting = keys.iter().copied().find(fits);
    if !has_place || fitting.is_none() && !keys.is_empty() {
        return (values.with("parent", ""), false);
    }
    let link = relative(parent(path), found.path);
    let is_beside = parent(path) == parent(found.path) && found.initiative != found.path;
    let shown = if is_beside {
        name(found.path)
    } else {
        stem(found.path)
    };
    let word = match id_of(form.template, found.path) {
        Some(id) => id.to_owned(),
        None => link.replace("%20", " "),
    };
    let link = if is_apart {
        shown.to_owned()
    } else {
        format!("[{shown}]({link})")
    };
    (values.with_link("parent", word, link), fitting.is_some())
}

/// The keys and header lines of a form that name the parent.
fn places(template: &Template) -> Vec<&KeyRule> {
    let matter = template.front_matter.iter().flat_map(|rule| &rule.keys);
    let lines: Vec<&str> = template.text.lines().collect();
    let has_parent = |key: &&KeyRule| {
        let line = lines.get(key.line as usize - 1);
        line.is_some_and(|line| line.contains("{{parent}}"))
    };
    matter.chain(&template.labels).filter(has_parent).collect()
}

/// The id by which documents of a form name another: where they have ids themselves.
fn id_of<'a>(template: &Template, path: &'a str) -> Option<&'a str> {
    let mut keys = template.front_matter.iter().flat_map(|rule| &rule.keys);
    keys.find(|key| key.name == "id")?;
    let id = planwright_dialect::id_of(stem(path))?;
    id.starts_with(|c: char| c.is_ascii_alphabetic())
        .then_some(id)
}

/// Adds references to what the parent wants to reach and how that is seen, where both documents have
/// sections for it.
pub(super) fn refer(draft: &mut Draft<'_>, parent_path: &str) {
    const PURPOSE: &[&str] = &["goal", "summary"];
    const PROOF: &[&str] = &["criteria", "metrics"];

    let Ok(theirs) = draft.ws.read(parent_path) else {
        return;
    };
    let anchors = links::anchors(&theirs.parsed);
    let theirs = &theirs.document;
    let section = |sections: &[Section], roles: &[&str]| {
        let find = |role: &&str| {
            let mut all = sections.iter();
            let found =
                all.find(|section| section.role.as_deref() == Some(role) && section.level > 1);
            found.cloned()
        };
        roles.iter().find_map(find)
    };
    let path = draft.document().path.clone();
    let file = relative(parent(&path), parent_path);
    let source = &draft.reading.parsed.source;
    let newline = source.line_ending().as_str();
    let mut edits: Vec<Edit> = Vec::new();
    for (ours, roles) in [(PURPOSE, PURPOSE), (&PROOF[..1], PROOF)] {
        let here = section(&draft.document().sections, ours);
        let Some((here, there)) = here.zip(section(&theirs.sections, roles)) else {
            continue;
        };
        let anchor = links::anchor(&there.title);
        if anchors.contains(&anchor) {
            let plain = |text: &str| text.replace(['[', ']', '|'], "");
            let (words, of) = (plain(&there.title), plain(&theirs.title.text));
            let text = format!("{newline}{newline}See [{words}]({file}#{anchor}) of {of}.");
            edits.push(Edit::insert(source.line_span(here.line).end, text));
        }
    }
    edits.sort_by_key(|edit| edit.span.start);
    if let Ok(new) = splice::apply(source.bytes(), &edits) {
        draft.reading = draft.ws.dialects().read(&path, new);
    }
}

/// States the relations of a new document, in it or in the file that its dialect keeps them in, and
/// their inverse in the others that have a place for it.
pub(super) struct Relate<'a> {
    pub(super) ws: &'a Workspace,
    pub(super) dialect: &'a Dialect,
    /// The new document.
    pub(super) path: &'a str,
    /// The file that states relations, where the dialect has one.
    pub(super) file: Option<&'a str>,
}

impl Relate<'_> {
    /// The files to be read before.
    pub(super) fn paths(&self, wanted: &[Wanted]) -> Vec<String> {
        let mut paths = vec![self.path.to_owned()];
        if let Some(file) = self.file {
            paths.extend((!wanted.is_empty()).then(|| file.to_owned()));
        } else {
            let others = wanted.iter().filter(|(kind, _)| inverse(*kind).is_some());
            let others = others.map(|(_, path)| path.clone());
            paths.extend(others.filter(|path| is_markdown(path)));
        }
        paths.sort();
        paths.dedup();
        paths
    }

    /// States one relation. Says what was done, and what could not be.
    pub(super) fn state(
        &self,
        drafts: &mut BTreeMap<String, Draft<'_>>,
        stated: &mut Option<Vec<u8>>,
        (kind, to): &Wanted,
    ) -> Result<Vec<Done>, OpsError> {
        if let Some(file) = self.file {
            let dialects = self.ws.dialects();
            let new = dialects.state_relation(file, stated.as_deref(), self.path, *kind, to);
            *stated = Some(new.map_err(|why| OpsError::new(ErrorKind::Refused, why))?);
            let reference = drafts
                .get(self.path)
                .map(|draft| draft.document().reference.clone());
            return Ok(vec![done(
                reference.unwrap_or_default(),
                file,
                0,
                *kind,
                to,
            )]);
        }
        let draft = drafts
            .get_mut(self.path)
            .ok_or_else(|| crate::write::gone(self.path))?;
        let mut all = vec![link(draft, *kind, to)?];
        if let Some(back) = inverse(*kind)
            && let Some(other) = drafts.get_mut(to)
            && self.has_key(&other.reading, back)
        {
            all.push(link(other, back, self.path)?);
        }
        Ok(all)
    }

    /// True for a document whose front matter has a place for a relation.
    fn has_key(&self, reading: &Reading, kind: RelationType) -> bool {
        let dialect = self
            .ws
            .dialects()
            .get(&reading.document.dialect)
            .unwrap_or(self.dialect);
        let matter = reading
            .parsed
            .front_matter
            .as_ref()
            .filter(|matter| matter.valid);
        let mut keys = matter.iter().flat_map(|matter| matter.entries());
        keys.any(|entry| dialect.relation_of(&entry.key) == Some(kind))
    }
}

/// The relation that the other end states.
fn inverse(kind: RelationType) -> Option<RelationType> {
    match kind {
        RelationType::Supersedes => Some(RelationType::SupersededBy),
        RelationType::DependsOn => Some(RelationType::Output),
        _ => None,
    }
}

fn is_markdown(path: &str) -> bool {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    ["md", "mdx", "markdown"].contains(&ending)
}

fn link(draft: &mut Draft<'_>, kind: RelationType, to: &str) -> Result<Done, OpsError> {
    let id = planwright_dialect::id_of(stem(to));
    let id = id.filter(|id| id.starts_with(|c: char| c.is_ascii_alphabetic()));
    draft.change(&Change::Link {
        relation: kind,
        target: to.to_owned(),
        names: id.map(str::to_owned).into_iter().collect(),
        kind: String::new(),
    })?;
    let document = draft.document();
    let line = document
        .relations
        .iter()
        .rev()
        .find(|found| found.kind == kind);
    let line = line.map_or(1, |found| found.line);
    Ok(done(
        document.reference.clone(),
        &document.path,
        line,
        kind,
        to,
    ))
}

fn done(reference: String, path: &str, line: u32, kind: RelationType, to: &str) -> Done {
    Done {
        reference,
        path: path.to_owned(),
        line,
        what: "link",
        before: None,
        after: Some(kind.as_str().to_owned()),
        native: None,
        text: to.to_owned(),
        changed: true,
    }
}

/// A note for a relation that a document made from a form cannot state.
pub(super) fn hint(error: OpsError, form: &Form<'_>) -> OpsError {
    error.with_hint(Hint::Note(format!(
        "leave the relation out, or choose another dialect than {}",
        form.dialect.name
    )))
}
