use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet, HashSet};

use planwright_model::{Endpoint, Relation, RelationType};
use planwright_syntax::splice::Edit;
use planwright_workspace::Resolution;
use planwright_workspace::path::{join, parent, relative};
use serde::{Deserialize, Serialize};

use crate::document::DocumentView;
use crate::facts::Pointer;
use crate::finding::{Finding, Findings, Fix, Spot};
use crate::form::is_aside;
use crate::paths::moved;
use crate::project::{Doc, Project, is_markdown};
use crate::rule::{Category, Check, Rule, page};

pub(super) static RULE: Rule = Rule {
    code: "PW304",
    name: "dangling-relation",
    category: Category::References,
    reason: "what the document builds on, waits for or replaces cannot be looked up",
    page: page!("dangling-relation"),
    fixable: true,
    check: Check::Project(check),
    ..Rule::DEFAULT
};

/// Bytes of a header line behind which a bare file name is a remark.
const REMARK: usize = 80;

/// So many documents of a series show that it is kept here.
const SERIES: usize = 3;

/// Bytes of a line of prose behind which a path is spoken of in passing: marker and label fit in.
const LABEL: usize = 25;

fn check(project: &Project<'_>, findings: &mut Findings) {
    let known = LazyCell::new(|| Known::of(project));
    for doc in project.docs() {
        let owed = &doc.facts().claims.relations;
        let relations = owed.iter().map(|owed| owed.pointer.relation());
        let resolved = project.workspace().resolved(doc.path(), relations);
        for (owed, relation) in owed.iter().zip(resolved) {
            if !is_reached(project, &doc, &relation) && is_dangling(project, &doc, owed, &relation, &known) {
                report(project, &doc, owed, &relation, &known, findings);
            }
        }
    }
}

/// A relation that must lead somewhere.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Owed {
    pointer: Pointer,
    /// Its target, or its line.
    spot: Spot,
    /// The target stands there as it is meant.
    is_plain: bool,
    /// The line is about its target, where that is a path.
    is_subject: bool,
}

impl Owed {
    pub(super) fn of(doc: &DocumentView) -> Vec<Self> {
        let relations = doc.document().relations.iter();
        let owed = relations.filter(|relation| is_owed(doc, relation));
        owed.map(|relation| {
            let span = doc.words_in_line(relation.line, &relation.target);
            Self {
                pointer: Pointer::of(relation),
                spot: doc.spot(span),
                is_plain: doc.text(span) == relation.target,
                is_subject: is_subject(doc, relation),
            }
        })
        .collect()
    }
}

/// The ids by which a document may be named.
pub(super) fn names(doc: &DocumentView) -> Vec<String> {
    let stated = doc.document().field("id");
    let ids = stated.chain(planwright_dialect::id_of(doc.stem()));
    ids.filter(|id| split(id).is_some()).map(str::to_owned).collect()
}

/// The names that the repository's own documents and items have.
struct Known<'a> {
    /// `PLAN` of `PLAN-001`, in lower case, over the repository.
    prefixes: BTreeSet<String>,
    /// How many documents have an id of each, and the highest number among them.
    counts: BTreeMap<String, (usize, u64)>,
    /// `WP` of `WP01`, by folder: short ids are counted in each anew.
    local: BTreeMap<&'a str, BTreeSet<String>>,
    items: HashSet<&'a str>,
}

impl<'a> Known<'a> {
    fn of(project: &'a Project<'_>) -> Self {
        let mut known = Self {
            prefixes: BTreeSet::new(),
            counts: BTreeMap::new(),
            local: BTreeMap::new(),
            items: HashSet::new(),
        };
        for doc in project.docs() {
            let is_own = usize::from(!is_aside(doc.path()));
            for id in &doc.facts().claims.names {
                if let Some((letters, dash)) = split(id) {
                    let letters = letters.to_lowercase();
                    if dash {
                        let (count, last) = known.counts.entry(letters.clone()).or_default();
                        *count += is_own;
                        *last = number(id).max(*last);
                        known.prefixes.insert(letters);
                    } else {
                        known.local.entry(doc.folder()).or_default().insert(letters);
                    }
                }
            }
            known.items.extend(doc.facts().items.iter().map(String::as_str));
        }
        known
    }
}

/// The letters of an id, and whether a dash follows: `PLAN-001`, `WP01`.
fn split(id: &str) -> Option<(&str, bool)> {
    let letters = id.bytes().take_while(u8::is_ascii_alphabetic).count();
    let rest = &id[letters..];
    let digits = rest.strip_prefix('-').unwrap_or(rest);
    let is_id = (1..=8).contains(&letters) && digits.starts_with(|c: char| c.is_ascii_digit()) && digits.chars().all(|c| c.is_ascii_digit() || c == '.');
    is_id.then(|| (&id[..letters], rest.starts_with('-')))
}

/// The first number of an id.
fn number(id: &str) -> u64 {
    let digits = id.trim_start_matches(|c: char| !c.is_ascii_digit());
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    digits[..end].parse().unwrap_or(u64::MAX)
}

/// True for a relation that has to lead somewhere, wherever that is.
fn is_owed(doc: &DocumentView, relation: &Relation) -> bool {
    // Links, and files that state relations, have rules of their own; so has code.
    let is_own = matches!(relation.source.as_str(), "front matter" | "header" | "footer" | "section");
    // What is over waits for nothing.
    let is_over = relation.kind == RelationType::DependsOn && doc.document().state.value.is_closed();
    is_own && relation.kind != RelationType::Touches && !is_over && !is_said_otherwise(doc, relation)
}

/// True where the line shows that the target lies elsewhere or lies nowhere any more, and where it is
/// a link.
fn is_said_otherwise(doc: &DocumentView, relation: &Relation) -> bool {
    let target = relation.target.as_str();
    let line = doc.text(doc.line_span(relation.line));
    let behind = line.split_once(target).map_or("", |(_, behind)| behind);
    let bare = behind.trim_start_matches(['`', '*', ' ']);
    // `x.md` @ `84ec2ea`, branch `y`: it lies there, and the line says so.
    let is_elsewhere = [" branch ", ", branch", "` @ `"].iter().any(|words| behind.contains(words));
    let is_gone = bare.starts_with("(deleted") || bare.starts_with("(removed");
    is_elsewhere || is_gone || line.contains(&format!("]({target}"))
}

/// True for a relation that leads somewhere; out of the repository as well.
fn is_reached(project: &Project<'_>, doc: &Doc<'_>, relation: &Relation) -> bool {
    relation.endpoint == Endpoint::Url
        || relation.resolved && !is_reached_by_name_alone(project, doc, relation)
}

fn is_dangling(
    project: &Project<'_>,
    doc: &Doc<'_>,
    owed: &Owed,
    relation: &Relation,
    known: &Known<'_>,
) -> bool {
    let target = relation.target.as_str();
    if let Some((letters, dash)) = split(target) {
        // In prose an id may be spoken of that another repository, or a title, gives.
        if relation.source == "section" {
            return false;
        }
        let letters = letters.to_lowercase();
        let is_known = if dash {
            known.prefixes.contains(&letters)
        } else {
            known.local.get(doc.folder()).is_some_and(|local| local.contains(&letters))
        };
        return is_known && !known.items.contains(target) && is_nothing(project, target);
    }
    owed.is_subject
        && is_path(project, doc, relation)
        && (relation.resolved || is_nothing(project, target))
        && !project.is_ignored(target)
        && !join(doc.folder(), target).is_some_and(|path| project.is_ignored(&path))
}

/// True for a path from the document's folder that leads nowhere, though its last part is the name
/// of a document elsewhere.
fn is_reached_by_name_alone(project: &Project<'_>, doc: &Doc<'_>, relation: &Relation) -> bool {
    let path = relation.target.split('#').next().unwrap_or_default();
    let is_relative = path.starts_with("./") || path.starts_with("../");
    is_relative && is_markdown(path) && join(doc.folder(), path).is_some_and(|place| !project.exists(&place))
}

/// True where the line of a relation is about its target.
fn is_subject(doc: &DocumentView, relation: &Relation) -> bool {
    let path = relation.target.split('#').next().unwrap_or_default();
    let line = doc.text(doc.line_span(relation.line));
    if matches!(relation.source.as_str(), "header" | "footer") && !path.contains('/') {
        // `Spec: see x, which holds what PLANS.md binds` names one document and speaks of another.
        // In `Related: planner memory x.md` it is the name of something else.
        let is_named = |before: &str| {
            let before = before.trim_end_matches([' ', '`', '*', '[', '(', '"', '<', '@', '.', '/']);
            before.is_empty() || before.ends_with([':', ',', '|', '·', '+', '&', '-', ';']) || before.ends_with(" and")
        };
        return line.split(path).next().is_some_and(|before| before.len() <= REMARK && is_named(before));
    }
    if relation.source != "section" {
        return true;
    }
    // In prose a path may lead into another repository: it has to be what its line is about.
    let is_plan = doc.document().holds_work() || matches!(doc.document().kind.as_str(), "spec" | "adr" | "rfc" | "prd");
    is_plan && line.split(path).next().is_some_and(|before| before.len() <= LABEL)
}

/// True for a path that must lead to a document of this repository.
fn is_path(project: &Project<'_>, doc: &Doc<'_>, relation: &Relation) -> bool {
    let path = relation.target.split('#').next().unwrap_or_default();
    let stands_for_another = path.contains(['<', '>', '{', '}', '*', '$', '[', ']', '|', ' ', ':', '~', '\\'])
        || path.contains("...")
        || path.contains("XX")
        || path.starts_with('/');
    if !is_markdown(path) || stands_for_another || join(doc.folder(), path).is_none() || !path.starts_with('.') && is_from_above(project, doc, path) {
        return false;
    }
    if relation.source != "section" {
        return true;
    }
    // In prose its first folder has to be one of ours.
    let written = path.trim_start_matches("./");
    let first = written.split_once('/').map(|(first, _)| first);
    first.is_some_and(|first| {
        let is_ours = || {
            !first.starts_with('.')
                && (project.exists(first) || join(doc.folder(), first).is_some_and(|path| project.exists(&path)))
        };
        first == ".." || is_ours()
    })
}

/// True for a path from one of the folders above: the documents of a feature write theirs from its
/// folder.
fn is_from_above(project: &Project<'_>, doc: &Doc<'_>, path: &str) -> bool {
    let mut above = doc.folder();
    while !above.is_empty() {
        if join(above, path).is_some_and(|path| project.exists(&path)) {
            return true;
        }
        above = parent(above);
    }
    false
}

fn is_nothing(project: &Project<'_>, target: &str) -> bool {
    !project.workspace().knows(target)
}

fn report(
    project: &Project<'_>,
    doc: &Doc<'_>,
    owed: &Owed,
    relation: &Relation,
    known: &Known<'_>,
    findings: &mut Findings,
) {
    let target = relation.target.as_str();
    let message = format!("{} `{target}`, which is not there", words(relation.kind));
    let finding = findings.at_spot(doc.path(), owed.spot, message);
    let path = target.split('#').next().unwrap_or_default();
    let place = is_markdown(path).then(|| join(doc.folder(), path)).flatten();
    // A path without a folder may be written from anywhere.
    let is_relative = parent(path).is_empty() || path.starts_with('.');
    let written = |found: &str| if is_relative { relative(doc.folder(), found) } else { found.to_owned() };
    let fix = |finding: &mut Finding, bare: &str| {
        if owed.is_plain {
            let rest = &target[path.len()..];
            let edit = Edit::replace(owed.spot.span(), format!("{bare}{rest}"));
            finding.fix(Fix::new(doc.path(), format!("write `{bare}`"), vec![edit]));
        }
    };
    let from_root = join("", path).filter(|_| !is_relative);
    let mut places = from_root.iter().chain(&place);
    if let Some((found, how)) = places.find_map(|place| moved(project, place)) {
        let bare = written(&found);
        finding.help(how);
        fix(finding, &bare);
        return;
    }
    let beside = place.clone();
    if let Some(candidate) = place.and_then(|place| project.files().like(&place)) {
        let bare = written(&candidate.path);
        if candidate.moved {
            finding.help(format!("`{}` has the same name: did it move?", candidate.path));
            fix(finding, &bare);
        } else {
            finding.help(format!("did you mean `{bare}`?"));
        }
        return;
    }
    // What lies beside a path was looked at; a name of a document is no path.
    let is_path = is_markdown(path) || path.contains('/');
    let near = match (!is_path).then(|| project.workspace().resolve(target)) {
        Some(Resolution::Nothing(near)) => near.into_iter().find(|near| !is_other_number(near, target)),
        _ => None,
    };
    match near {
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        None => finding.help("name a document that is there, or remove the relation"),
    };
    // What was never there may lie elsewhere, or be still to come; a key of the front matter says
    // which document it means.
    let was_there = |path: &String| project.history().is_some_and(|history| !history.touches(path).is_empty());
    let is_known = from_root.iter().chain(&beside).any(was_there);
    // Of a series that lies elsewhere a repository may hold a number or two.
    let is_sure = match split(target) {
        Some((letters, true)) => known.counts.get(&letters.to_lowercase()).is_some_and(|(count, last)| *count >= SERIES && number(target) <= *last),
        Some(_) => true,
        None => relation.source == "front matter" || relation.source == "header" && doc.dialect() != "generic" || is_known,
    };
    // `Downloads/x.md` lies on somebody's own machine.
    let first = path.trim_start_matches("./").split_once('/').map(|(first, _)| first);
    let is_ours = first.is_none_or(|first| {
        first == ".." || project.exists(first) || join(doc.folder(), first).is_some_and(|path| project.exists(&path))
    });
    finding.sure_if(is_sure && (is_ours || is_known));
}

/// True for ids that differ in nothing but their number: `BACK-304` is no slip for `BACK-394`.
fn is_other_number(a: &str, b: &str) -> bool {
    let words = |id: &str| -> String { id.chars().filter(|c| !c.is_ascii_digit()).flat_map(char::to_lowercase).collect() };
    words(a) == words(b)
}

/// How a relation reads in front of its target.
fn words(kind: RelationType) -> &'static str {
    match kind {
        RelationType::Implements => "implements",
        RelationType::DependsOn => "depends on",
        RelationType::Extends => "extends",
        RelationType::Supersedes => "supersedes",
        RelationType::SupersededBy => "is superseded by",
        RelationType::PartOf => "is part of",
        RelationType::Fixes => "fixes",
        _ => "refers to",
    }
}

#[cfg(test)]
mod tests {
    use super::is_other_number;

    #[test]
    fn another_number_is_another_document() {
        assert!(is_other_number("BACK-304", "back-394"));
        assert!(!is_other_number("BAKC-394", "BACK-394"));
    }
}
