//! Where a new document goes, and how its file is named.

use std::collections::BTreeSet;

use planwright_dialect::Template;
use planwright_dialect::template::Place;
use planwright_workspace::path::{name, parent};
use planwright_workspace::{Entry, Workspace};

use super::Request;
use super::form::{Form, is_below, is_of};
use super::habit::{self, Style, most};
use crate::{ErrorKind, Hint, OpsError};

/// Folders that say how far the documents in them are: their numbers are of one series.
const STATES: [&str; 32] = [
    "active",
    "current",
    "in-progress",
    "in_progress",
    "open",
    "todo",
    "draft",
    "drafts",
    "proposed",
    "future",
    "planned",
    "upcoming",
    "backlog",
    "paused",
    "deferred",
    "blocked",
    "completed",
    "complete",
    "done",
    "finished",
    "implemented",
    "shipped",
    "closed",
    "rejected",
    "abandoned",
    "superseded",
    "archive",
    "archived",
    "_archive",
    ".archive",
    "archives",
    "old",
];

/// Of these, those in which work stands that is not over, the first that is there is taken.
const OPEN: [&str; 9] = [
    "active",
    "current",
    "in-progress",
    "in_progress",
    "open",
    "drafts",
    "draft",
    "proposed",
    "todo",
];

/// Where a new document goes.
pub(super) struct Spot {
    /// Its path, with gaps for what is not known yet.
    pub(super) place: Place,
    /// How the words of its title stand in its name.
    pub(super) style: Style,
    /// The folder of the feature that it joins.
    pub(super) feature: Option<String>,
    /// What stands between id and title where the titles of its neighbours begin with their ids.
    pub(super) gap: Option<String>,
}

impl Spot {
    fn new(pattern: &str, style: Style) -> Result<Self, OpsError> {
        let place = Place::parse(pattern).map_err(|why| {
            OpsError::new(ErrorKind::Usage, format!("no file can go there: {why}"))
        })?;
        Ok(Self {
            place,
            style,
            feature: None,
            gap: None,
        })
    }
}

/// Finds the place: where the repository keeps documents of the kind, named as these are; else where
/// the form says. `origin` is the document that the new one is made from, `branch` the branch that
/// is checked out.
pub(super) fn find(
    ws: &Workspace,
    form: &Form<'_>,
    request: &Request,
    origin: Option<&Entry<'_>>,
    branch: Option<&str>,
    slug: &str,
) -> Result<Spot, OpsError> {
    let pattern = form.template.file.as_ref().map(Place::as_str);
    let gap = pattern.and_then(|pattern| pattern.split('/').position(|part| part.contains("{{")));
    let depth = pattern.map_or(0, |pattern| pattern.split('/').count());
    let is_feature = gap.is_some_and(|gap| gap + 1 < depth);
    if let Some((pattern, gap)) = pattern.zip(gap).filter(|_| is_feature)
        && !is_flat(ws, form)
    {
        let feature = Feature {
            ws,
            form,
            pattern,
            gap,
        };
        return feature.find(request, origin, branch, slug);
    }
    file(ws, form, request, origin, pattern)
}

/// True where the repository keeps documents of the kind beside each other, and not in features.
fn is_flat(ws: &Workspace, form: &Form<'_>) -> bool {
    let template = form.template;
    let entries = ws.entries().filter(|entry| {
        entry.dialect == form.dialect.name
            && !entry.template
            && is_of(template, entry.kind, entry.path)
    });
    let (mut files, mut features) = (0, 0);
    for entry in entries {
        *(if entry.initiative == entry.path {
            &mut files
        } else {
            &mut features
        }) += 1;
    }
    files > features
}

/// A form whose documents lie in the folder of a feature.
struct Feature<'a> {
    ws: &'a Workspace,
    form: &'a Form<'a>,
    pattern: &'a str,
    /// Which part of the pattern is the folder's name.
    gap: usize,
}

impl Feature<'_> {
    fn find(
        &self,
        request: &Request,
        origin: Option<&Entry<'_>>,
        branch: Option<&str>,
        slug: &str,
    ) -> Result<Spot, OpsError> {
        let features = self.features();
        let is_feature = |folder: &str| features.iter().any(|(known, _)| known == folder);
        let parts: Vec<&str> = self.pattern.split('/').collect();
        let rest = parts[self.gap + 1..].join("/");
        let begins = self.form.dialect.template_names().next() == Some(&self.form.template.name);
        let asked = match &request.dir {
            Some(dir) => Some(dir.as_str()).filter(|dir| is_feature(dir)),
            None => origin
                .map(|origin| origin.initiative)
                .filter(|folder| is_feature(folder)),
        };
        let named = || {
            let mut folders = features.iter().map(|(folder, _)| folder.as_str());
            let current =
                branch.and_then(|branch| folders.clone().find(|folder| name(folder) == branch));
            let same = |folder: &&str| words_of(name(folder)) == slug;
            current
                .or_else(|| folders.find(same))
                .filter(|_| request.dir.is_none())
        };
        // A spec begins a feature, whatever is checked out.
        let joined = asked.or_else(|| if begins { None } else { named() });
        if let Some(folder) = joined {
            let mut spot = Spot::new(&format!("{folder}/{rest}"), Style::PLAIN)?;
            spot.feature = Some(folder.to_owned());
            return Ok(spot);
        }
        if !begins && !features.is_empty() && request.dir.is_none() {
            return Err(self.which(&features, request));
        }
        let home = request.dir.clone().or_else(|| {
            let homes = features.iter().filter(|(_, archived)| !archived);
            most(homes.map(|(folder, _)| parent(folder).to_owned()))
        });
        let home = home.unwrap_or_else(|| based(self.ws, self.form, &parts[..self.gap].join("/")));
        let known = features.iter().filter(|(folder, _)| parent(folder) == home);
        let habit = habit::of(known.map(|(folder, _)| name(folder)));
        let (folder, style) = habit.unwrap_or_else(|| (parts[self.gap].to_owned(), Style::PLAIN));
        Spot::new(&joined_path(&home, &format!("{folder}/{rest}")), style)
    }

    /// The folders of the dialect's features, and which are archived.
    fn features(&self) -> BTreeSet<(String, bool)> {
        let entries = self.ws.entries().filter(|entry| {
            entry.dialect == self.form.dialect.name
                && entry.initiative != entry.path
                && !entry.template
        });
        entries
            .map(|entry| (entry.initiative.to_owned(), entry.archived))
            .collect()
    }

    /// Asks for the feature, and names those that have no such document.
    fn which(&self, features: &BTreeSet<(String, bool)>, request: &Request) -> OpsError {
        let template = self.form.template;
        let has = |folder: &str| {
            let mut entries = self.ws.entries();
            entries
                .any(|entry| entry.initiative == folder && is_of(template, entry.kind, entry.path))
        };
        let open = features
            .iter()
            .filter(|(folder, archived)| !archived && !has(folder));
        let mut open: Vec<String> = open.map(|(folder, _)| folder.clone()).collect();
        open.reverse();
        open.truncate(10);
        let message = format!(
            "`{}` belongs to a feature, and none was named",
            request.kind
        );
        OpsError::new(ErrorKind::Usage, message)
            .with_hint(Hint::Note(
                "name its folder, or a document in it, with `--from`".to_owned(),
            ))
            .with_hint(Hint::Candidates(open))
            .with_hint(Hint::Run(format!(
                "plan new spec \"{}\"",
                request.title.replace('"', "")
            )))
    }
}

/// The words behind the number that a folder's name begins with.
fn words_of(folder: &str) -> &str {
    folder
        .trim_start_matches(|c: char| c.is_ascii_digit())
        .trim_start_matches(['-', '_'])
}

/// A form whose documents are files beside each other.
fn file(
    ws: &Workspace,
    form: &Form<'_>,
    request: &Request,
    origin: Option<&Entry<'_>>,
    pattern: Option<&str>,
) -> Result<Spot, OpsError> {
    let same = |entry: &Entry<'_>| {
        entry.dialect == form.dialect.name
            && !entry.template
            && is_of(form.template, entry.kind, entry.path)
            && !is_signpost(entry.path)
    };
    let siblings: Vec<Entry<'_>> = ws.entries().filter(same).collect();
    let folder = match &request.dir {
        Some(dir) => Some(dir.clone()),
        None => beside(form, origin).or_else(|| folder(ws, &siblings)),
    };
    // A form for one file of the repository has a name and no gap.
    let is_one = pattern.is_some_and(|pattern| !pattern.contains("{{"));
    let in_home: Vec<&Entry<'_>> = match &folder {
        Some(folder) => {
            let found = siblings
                .iter()
                .filter(|entry| home(parent(entry.path)) == home(folder));
            found.collect()
        }
        None => Vec::new(),
    };
    let neighbours = if in_home.is_empty() {
        siblings.iter().collect()
    } else {
        in_home
    };
    let habit = habit::of(neighbours.iter().map(|entry| name(entry.path))).filter(|_| !is_one);
    let own = pattern.map(name);
    let known = habit.filter(|(found, _)| keeps(form.template, found, folder.as_deref()));
    let (file, style) = match (known, own) {
        (Some(habit), _) => habit,
        (None, Some(own)) => (own.to_owned(), Style::PLAIN),
        (None, None) => ("{{slug}}.md".to_owned(), Style::PLAIN),
    };
    let folder = match (folder, pattern) {
        (Some(folder), _) => folder,
        (None, Some(pattern)) => based(ws, form, parent(pattern)),
        (None, None) => {
            let message = format!(
                "the form `{}` does not say where its documents go",
                form.template.origin
            );
            return Err(OpsError::new(ErrorKind::Usage, message)
                .with_hint(Hint::Note("name the folder with `--dir`".to_owned())));
        }
    };
    let mut spot = Spot::new(&joined_path(&folder, &file), style)?;
    spot.gap = title_gap(&neighbours);
    Ok(spot)
}

/// True where a name has the form that the dialect asks for, as far as it is known.
fn keeps(template: &Template, pattern: &str, folder: Option<&str>) -> bool {
    let Some(place) = &template.path else {
        return true;
    };
    let mut text = pattern
        .replace("{{slug}}", "x")
        .replace("{{date}}", "2026-01-01");
    for digits in (1..10).rev() {
        text = text.replace(
            &format!("{{{{{}}}}}", "n".repeat(digits)),
            &"1".repeat(digits),
        );
    }
    place.matches(&joined_path(folder.unwrap_or("x"), &text))
}

/// What tells of a folder rather than lies in it.
fn is_signpost(path: &str) -> bool {
    let name = name(path).to_lowercase();
    ["readme.md", "index.md", "agents.md", "claude.md"].contains(&name.as_str())
}

/// The folder of the document that the new one is made from, where the dialect keeps all kinds
/// beside each other.
fn beside(form: &Form<'_>, origin: Option<&Entry<'_>>) -> Option<String> {
    let origin = origin.filter(|origin| origin.dialect == form.dialect.name)?;
    let pattern = form.template.file.as_ref()?.as_str();
    pattern
        .contains("**/")
        .then(|| parent(origin.path).to_owned())
}

/// The folder in which most documents of a kind lie, of those that are not over if it can be.
fn folder(ws: &Workspace, siblings: &[Entry<'_>]) -> Option<String> {
    let near: Vec<&Entry<'_>> = siblings
        .iter()
        .filter(|entry| !ws.folder().is_empty() && is_below(parent(entry.path), ws.folder()))
        .collect();
    let all: Vec<&Entry<'_>> = if near.is_empty() {
        siblings.iter().collect()
    } else {
        near
    };
    let is_live = |entry: &&&Entry<'_>| !entry.archived && !entry.state.is_closed();
    let live: Vec<&&Entry<'_>> = all.iter().filter(is_live).collect();
    let homes = if live.is_empty() {
        all.iter().collect()
    } else {
        live
    };
    let home_ = most(homes.iter().map(|entry| home(parent(entry.path))))?;
    let folders: BTreeSet<&str> = homes
        .iter()
        .map(|entry| parent(entry.path))
        .filter(|folder| home(folder) == home_)
        .collect();
    let mut open = OPEN.iter().map(|state| joined_path(home_, state));
    if let Some(open) = open.find(|open| folders.contains(open.as_str())) {
        return Some(open);
    }
    if folders.contains(home_) {
        return Some(home_.to_owned());
    }
    // All that were written are over, or put aside.
    Some(joined_path(home_, OPEN[0]))
}

/// A folder without the part that says how far the documents in it are.
pub(in crate::write) fn home(folder: &str) -> &str {
    if is_state(name(folder)) {
        parent(folder)
    } else {
        folder
    }
}

/// True for the name of a folder that says how far the documents in it are.
pub(super) fn is_state(folder: &str) -> bool {
    STATES.contains(&folder.to_lowercase().as_str())
}

/// The folder that a form names, below the one that the documents of its dialect lie in: of
/// `.archcore` the one that is there, be it in a folder of the repository.
fn based(ws: &Workspace, form: &Form<'_>, folder: &str) -> String {
    let folder = folder.trim_end_matches("**").trim_end_matches('/');
    let first = folder.split('/').next().unwrap_or(folder);
    let bases = ws
        .entries()
        .filter(|entry| entry.dialect == form.dialect.name && !entry.template);
    let bases = bases.filter_map(|entry| {
        let rest = parent(entry.path);
        let at = rest.split('/').position(|part| part == first)?;
        Some(rest.split('/').take(at).collect::<Vec<_>>().join("/"))
    });
    let base = most(bases).unwrap_or_default();
    // Some say `doc`.
    let rest = folder.strip_prefix("docs");
    let rest = rest.filter(|_| !ws.is_folder(&joined_path(&base, "docs")));
    match rest.filter(|_| ws.is_folder(&joined_path(&base, "doc"))) {
        Some(rest) => joined_path(&base, &format!("doc{rest}")),
        None => joined_path(&base, folder),
    }
}

/// What stands between id and title in the titles of most neighbours.
fn title_gap(neighbours: &[&Entry<'_>]) -> Option<String> {
    let gaps = neighbours.iter().map(|entry| {
        let stem = name(entry.path);
        let stem = stem.split('.').next().unwrap_or(stem);
        let rest = planwright_dialect::id_of(stem).and_then(|id| {
            let head = entry.title.get(..id.len())?;
            head.eq_ignore_ascii_case(id)
                .then(|| &entry.title[id.len()..])
        });
        rest.map(|rest| {
            let words = rest.trim_start_matches([' ', ':', '-', '–', '—', '.']);
            rest[..rest.len() - words.len()].to_owned()
        })
    });
    most(gaps)?.filter(|gap| !gap.is_empty())
}

fn joined_path(folder: &str, rest: &str) -> String {
    if folder.is_empty() {
        rest.to_owned()
    } else if rest.is_empty() {
        folder.to_owned()
    } else {
        format!("{folder}/{rest}")
    }
}
