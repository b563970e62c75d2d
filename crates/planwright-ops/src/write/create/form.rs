//! Which form a new document is made from.

use planwright_dialect::{Dialect, Template};
use planwright_workspace::Workspace;
use planwright_workspace::path::parent;

use super::Request;
use crate::{ErrorKind, Hint, OpsError};

/// Kinds that say what a document is not, rather than what it is: their name finds no form of
/// another name.
const LOOSE: [&str; 2] = ["doc", "guide"];

/// The form, and why it was taken where that is not plain.
pub(super) struct Form<'a> {
    pub(super) dialect: &'a Dialect,
    pub(super) template: &'a Template,
    pub(super) note: Option<String>,
}

/// A dialect that has a form, and how much the repository uses it.
struct Candidate<'a> {
    dialect: &'a Dialect,
    template: &'a Template,
    /// Documents of the kind in the folder that is asked for, or that the user stands in.
    near: usize,
    /// Documents of the kind.
    same: usize,
    /// Documents of the dialect.
    all: usize,
}

/// Finds the form: in the dialect that was named, else in the one that the repository uses for the
/// kind, else in that of the parent, else in the one that the repository uses most.
pub(super) fn choose<'a>(
    ws: &'a Workspace,
    request: &Request,
    parent_path: Option<&str>,
) -> Result<Form<'a>, OpsError> {
    let kind = request.kind.trim().to_lowercase();
    if let Some(name) = &request.dialect {
        return named(ws, &kind, name);
    }
    let folder = request.dir.as_deref().unwrap_or(ws.folder());
    let dialects = ws.dialects().iter();
    let found = dialects.filter_map(|dialect| {
        let template = template(dialect, &kind)?;
        Some(counted(ws, dialect, template, folder))
    });
    let candidates: Vec<Candidate<'_>> = found.collect();
    let taken = |candidate: &Candidate<'a>, note: Option<String>| Form {
        dialect: candidate.dialect,
        template: candidate.template,
        note,
    };
    let home = parent_path.and_then(|path| ws.find(path));
    let home = home.map(|index| ws.entry(index));
    let of_parent = home.as_ref().and_then(|home| {
        let mut all = candidates.iter();
        all.find(|candidate| candidate.dialect.name == home.dialect)
    });
    // What is made from a document of a feature belongs into its folder.
    let is_feature = home.is_some_and(|home| home.initiative != home.path);
    if let Some(candidate) = of_parent.filter(|_| request.from.is_some() && is_feature) {
        return Ok(taken(candidate, None));
    }
    let most = |by: &dyn Fn(&Candidate<'_>) -> (usize, usize)| {
        let used = candidates.iter().filter(|candidate| by(candidate) > (0, 0));
        used.rev().max_by_key(|candidate| by(candidate))
    };
    if let Some(candidate) = most(&|candidate| (candidate.near, candidate.same)).or(of_parent) {
        return Ok(taken(candidate, None));
    }
    let is_named = |candidate: &Candidate<'_>| candidate.dialect.name != "generic";
    if let Some(candidate) = most(&|candidate| (candidate.all, 0)).filter(|found| is_named(found)) {
        return Ok(taken(candidate, None));
    }
    let used = ws.entries().any(|entry| !entry.template);
    let plain = candidates.iter().find(|candidate| !is_named(candidate));
    let Some(first) = plain.or_else(|| candidates.first().filter(|_| !used)) else {
        return Err(nothing(ws, &kind, &candidates));
    };
    let others = candidates
        .iter()
        .filter(|other| other.dialect.name != first.dialect.name);
    let others: Vec<&str> = others.map(|other| other.dialect.name.as_str()).collect();
    let name = &first.dialect.name;
    if used && first.all > 0 {
        return Ok(taken(first, None));
    }
    let why = if used {
        format!("no dialect of this repository has a form for `{kind}`: written as `{name}`")
    } else {
        format!("there are no plans here yet: written as `{name}`")
    };
    let note = match others.as_slice() {
        [] => why,
        others => format!("{why}; `--dialect` takes {} as well", listed(others)),
    };
    Ok(taken(first, Some(note)))
}

fn named<'a>(ws: &'a Workspace, kind: &str, name: &str) -> Result<Form<'a>, OpsError> {
    let dialects = ws.dialects();
    let Some(dialect) = dialects.get(name) else {
        let names = dialects.iter().map(|dialect| dialect.name.clone());
        return Err(
            OpsError::new(ErrorKind::Usage, format!("there is no dialect `{name}`"))
                .with_hint(Hint::Candidates(names.collect())),
        );
    };
    if let Some(template) = template(dialect, kind) {
        return Ok(Form {
            dialect,
            template,
            note: None,
        });
    }
    let names = dialect.template_names().map(str::to_owned).collect();
    let message = format!("the {name} dialect has no form for `{kind}`");
    Err(OpsError::new(ErrorKind::Usage, message).with_hint(Hint::Candidates(names)))
}

/// The form of a dialect by its name or kind, also in the other number: `task`, `tasks`.
fn template<'a>(dialect: &'a Dialect, kind: &str) -> Option<&'a Template> {
    let one = kind.strip_suffix('s').unwrap_or(kind);
    let several = format!("{one}s");
    [kind, one, &several].into_iter().find_map(|name| {
        let found = dialect.template(name)?;
        (found.name == name || !LOOSE.contains(&name)).then_some(found)
    })
}

fn counted<'a>(
    ws: &Workspace,
    dialect: &'a Dialect,
    template: &'a Template,
    folder: &str,
) -> Candidate<'a> {
    let mut candidate = Candidate {
        dialect,
        template,
        near: 0,
        same: 0,
        all: 0,
    };
    let place = template.file.as_ref().map(|place| parent(place.as_str()));
    let of_features = place.is_some_and(|folder| folder.contains("{{"));
    for entry in ws.entries().filter(|entry| !entry.template) {
        if entry.dialect != dialect.name {
            continue;
        }
        // A dialect of features is not used where nothing lies in one.
        candidate.all += usize::from(!of_features || entry.initiative != entry.path);
        if is_of(template, entry.kind, entry.path) {
            candidate.same += 1;
            let is_near = !folder.is_empty() && is_below(parent(entry.path), folder);
            candidate.near += usize::from(is_near);
        }
    }
    candidate
}

/// True for a document that may have been made from a form.
pub(super) fn is_of(template: &Template, kind: &str, path: &str) -> bool {
    let is_named = template.name == template.kind;
    let place = template.path.as_ref().filter(|_| !is_named);
    kind == template.kind && place.is_none_or(|place| place.matches(path))
}

/// True for a folder that is another one or lies in it.
pub(super) fn is_below(folder: &str, outer: &str) -> bool {
    let rest = folder.strip_prefix(outer);
    outer.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn nothing(ws: &Workspace, kind: &str, candidates: &[Candidate<'_>]) -> OpsError {
    let message = format!("no dialect of this repository has a form for `{kind}`");
    let error = OpsError::new(ErrorKind::Usage, message);
    if candidates.is_empty() {
        let dialects = ws.dialects().iter();
        let names = dialects.flat_map(|dialect| dialect.template_names().map(str::to_owned));
        let mut names: Vec<String> = names.collect();
        names.sort();
        names.dedup();
        return OpsError::new(ErrorKind::Usage, format!("there is no form for `{kind}`"))
            .with_hint(Hint::Note(format!(
                "there are forms for {}",
                names.join(", ")
            )))
            .with_hint(Hint::Run("plan dialects".to_owned()));
    }
    let names: Vec<&str> = candidates
        .iter()
        .map(|found| found.dialect.name.as_str())
        .collect();
    error.with_hint(Hint::Note(format!("`--dialect` takes {}", listed(&names))))
}

/// `a`, `a or b`, `a, b or c`.
fn listed(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}
