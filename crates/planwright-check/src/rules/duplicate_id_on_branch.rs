use std::collections::{BTreeMap, HashMap};

use planwright_workspace::history::{Branch, Branches, History, Id as CommitId, PathSet, Side};
use planwright_workspace::path::{parent, stem};

use super::duplicate_id::{Id, are_companions, ids, in_order};
use crate::document::DocumentView;
use crate::finding::{Findings, Spot};
use crate::project::{Doc, Project};
use crate::rule::{Category, Check, Rule, Setting, Value, page};

/// Seconds of a day.
const DAY: i64 = 24 * 60 * 60;

pub(super) static RULE: Rule = Rule {
    code: "PW312",
    name: "duplicate-id-on-branch",
    category: Category::References,
    reason: "two people took the same number, and nobody sees it before both are merged",
    page: page!("duplicate-id-on-branch"),
    needs_git: true,
    settings: &[
        Setting {
            name: "branches",
            default: Value::Number(50),
            help: "how many branches are looked at, the youngest first",
        },
        Setting {
            name: "days",
            default: Value::Number(60),
            help: "days without a commit, counted from the last one of this branch, after which a branch is left alone",
        },
    ],
    check: Check::Project(check),
    ..Rule::DEFAULT
};

/// A document of this branch that has an id.
type Ours<'a> = BTreeMap<&'a Id, (Doc<'a>, Spot)>;

/// A document of other branches that this one does not have.
struct Theirs {
    path: String,
    /// Numbers of the branches.
    branches: Vec<u32>,
}

fn check(project: &Project<'_>, findings: &mut Findings) {
    let Some(history) = project.history() else {
        return;
    };
    let mut ours = Ours::new();
    let mut holders: BTreeMap<&Id, Vec<(Doc<'_>, Spot)>> = BTreeMap::new();
    for doc in project.docs() {
        let facts = doc.facts();
        if !facts.template && !facts.archived && doc.is_listed() {
            for (id, spot) in &facts.claims.ids {
                holders.entry(id).or_default().push((doc, *spot));
                let known = ours.entry(id).or_insert((doc, *spot));
                // Of the documents of a feature, its spec or its plan speaks for it.
                if rank(&doc) < rank(&known.0) {
                    *known = (doc, *spot);
                }
            }
        }
    }
    if ours.is_empty() {
        return;
    }
    let shared_here = in_order(&holders);
    let limit = project.context().number(&RULE, "branches") as usize;
    let dialects = project.workspace().dialects();
    let is_document = |path: &str| dialects.is_candidate(path);
    let Ok(branches) = history.branches(limit, &is_document) else {
        return;
    };
    let mut merges = Merges::new(history, &is_document);
    for (id, found) in shared(project, history, &branches, &ours) {
        let (doc, spot) = ours[&id];
        // Where folders share their numbers here already, those are no ids.
        let are_shared = matches!(&id, Id::File(folder, _) | Id::Folder(folder, _) if shared_here.contains(folder));
        let mut where_else = found.iter().flat_map(|theirs| {
            let branches = theirs.branches.iter();
            branches.map(move |at| (*at, theirs.path.as_str()))
        });
        let Some((at, path)) = where_else
            .by_ref()
            // One document under the name that it has there.
            .filter(|(_, path)| !are_companions(stem(path), doc.stem()))
            .find(|(at, path)| merges.keeps(&branches.branches[*at as usize], doc.path(), path))
        else {
            continue;
        };
        report(history, &branches.branches[at as usize], &id, (doc, spot), path, !are_shared, findings);
    }
}

fn rank(doc: &Doc<'_>) -> u8 {
    match doc.facts().kind.as_str() {
        "spec" => 0,
        "plan" => 1,
        _ => 2,
    }
}

fn report(
    history: &History,
    branch: &Branch,
    id: &Id,
    (doc, spot): (Doc<'_>, Spot),
    path: &str,
    is_sure: bool,
    findings: &mut Findings,
) {
    let (mine, theirs) = match id {
        Id::Folder(..) => (doc.folder(), parent(path)),
        _ => (doc.path(), path),
    };
    let name = &branch.name;
    let place = if is_target(history, branch) {
        format!("`{name}`, and a merge with it leaves both")
    } else if let Some(tree) = &branch.work_tree {
        format!("branch `{name}` in the work tree {}", tree.display())
    } else {
        format!("branch `{name}`")
    };
    findings
        .at_spot(
            doc.path(),
            spot,
            format!("`{mine}` has the id `{}`, and so has `{theirs}` on {place}", id.word()),
        )
        // The first numbers of a repository are given on each branch until they are agreed on.
        .sure_if(is_sure && id.is_given() && (matches!(id, Id::Stated(..)) || is_target(history, branch) || is_later(id)))
        .help("give one of them the next free number before the branches are merged");
}

/// True for a number behind the first.
fn is_later(id: &Id) -> bool {
    let digits: String = id.word().chars().filter(char::is_ascii_digit).collect();
    digits.parse::<u64>().is_ok_and(|number| number > 1)
}

/// True for the branch that this one follows or is to be merged into.
fn is_target(history: &History, branch: &Branch) -> bool {
    let targets = [history.upstream(), history.base()];
    targets.iter().flatten().any(|(name, _)| *name == branch.name)
}

/// The documents of other branches, new to this one, that have one of its ids.
fn shared(
    project: &Project<'_>,
    history: &History,
    branches: &Branches,
    ours: &Ours<'_>,
) -> BTreeMap<Id, Vec<Theirs>> {
    let days = i64::from(project.context().number(&RULE, "days"));
    let newest = history.head().map_or(0, |head| head.committer().seconds);
    let is_alive = |at: &u32| {
        let branch = &branches.branches[*at as usize];
        is_target(history, branch) || branch.time.is_none_or(|time| time + days * DAY >= newest)
    };
    let by_field = ours.keys().any(|id| matches!(id, Id::Stated(..)));
    let may_share = |path: &str| by_field || Id::of_path(path).iter().any(|id| ours.contains_key(id));
    // What this branch knows or knew by its path is no other document, whatever became of it here.
    let is_new = |path: &str| {
        let known = || history.last_touching(&PathSet::new([path])).is_some();
        !project.exists(path) && !known()
    };
    let mut new: Vec<(Theirs, CommitId)> = Vec::new();
    for document in &branches.documents {
        let path = document.path.as_str();
        if may_share(path) && is_new(path) {
            let branches: Vec<u32> = document.branches.iter().copied().filter(is_alive).collect();
            if !branches.is_empty() {
                let theirs = Theirs {
                    path: path.to_owned(),
                    branches,
                };
                new.push((theirs, document.blob));
            }
        }
    }
    let mut shared: BTreeMap<Id, Vec<Theirs>> = BTreeMap::new();
    if new.is_empty() {
        return shared;
    }
    let (theirs, blobs): (Vec<Theirs>, Vec<CommitId>) = new.into_iter().unzip();
    let dialects = project.workspace().dialects();
    let mut found: Vec<(usize, Id)> = Vec::new();
    let read = history.blobs().is_ok_and(|mut all| {
        let read = all.read_all(&blobs, |at, bytes| {
            let Some(bytes) = bytes else {
                return;
            };
            let reading = dialects.read(&theirs[at].path, bytes.to_vec());
            let document = &reading.document;
            if reading.recognition.listed && !document.template && !document.archived {
                let doc = DocumentView::new(reading, true);
                let ids = ids(&doc).into_iter().map(|(id, _)| id);
                // A document that is new in the folder of a feature is one of its own.
                let folder = parent(&theirs[at].path);
                let is_other = |id: &Id| !matches!(id, Id::Folder(..)) || is_new(folder);
                let ids = ids.filter(|id| ours.contains_key(id) && is_other(id));
                found.extend(ids.map(|id| (at, id)));
            }
        });
        read.is_ok()
    });
    if read {
        for (at, id) in found {
            let theirs = &theirs[at];
            shared.entry(id).or_default().push(Theirs {
                path: theirs.path.clone(),
                branches: theirs.branches.clone(),
            });
        }
    }
    shared
}

/// What merges with other branches would leave.
struct Merges<'a> {
    history: &'a History,
    is_document: &'a dyn Fn(&str) -> bool,
    known: HashMap<CommitId, BTreeMap<String, Side>>,
}

impl<'a> Merges<'a> {
    fn new(history: &'a History, is_document: &'a dyn Fn(&str) -> bool) -> Self {
        Self {
            history,
            is_document,
            known: HashMap::new(),
        }
    }

    /// True when a merge with a branch leaves both documents: neither of them is the other one, moved.
    fn keeps(&mut self, branch: &Branch, ours: &str, theirs: &str) -> bool {
        let merged = self.known.entry(branch.tip).or_insert_with(|| {
            let merged = self.history.merged_with(&branch.tip, self.is_document);
            let merged = merged.unwrap_or_default().into_iter();
            merged.map(|found| (found.path, found.side)).collect()
        });
        let is_uncommitted = || self.history.last_touch(ours).is_none();
        merged.get(theirs) == Some(&Side::Theirs) && (merged.contains_key(ours) || is_uncommitted())
    }
}
