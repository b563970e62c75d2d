use std::cell::LazyCell;

use planwright_model::{Item, ItemState};
use planwright_workspace::history::{Commit, History, Horizon, PathSet, Since, done_by};
use planwright_workspace::path::{join, parent};

use crate::dates;
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::project::{Doc, Project};
use crate::rule::{Category, Check, Rule, page};

pub(super) static RULE: Rule = Rule {
    code: "PW502",
    name: "ticked-without-work",
    category: Category::Evidence,
    level: None,
    reason: "a task that names files and is ticked while nothing in them changed may not be done",
    page: page!("ticked-without-work"),
    needs_git: true,
    check: Check::Project(check),
    ..Rule::DEFAULT
};

/// Words that a task begins with that looks at files and leaves them as they are.
const LOOKS: [&str; 32] = [
    "analyse",
    "analyze",
    "assess",
    "audit",
    "check",
    "compare",
    "confirm",
    "ensure",
    "examine",
    "execute",
    "exercise",
    "final",
    "manual",
    "manually",
    "perform",
    "rerun",
    "smoke",
    "explore",
    "identify",
    "inspect",
    "investigate",
    "locate",
    "map",
    "read",
    "research",
    "review",
    "run",
    "study",
    "test",
    "understand",
    "validate",
    "verify",
];

/// Seconds of a day.
const DAY: u64 = 86_400;

fn check(project: &Project<'_>, findings: &mut Findings) {
    let Some(history) = project.history() else {
        return;
    };
    // Without the beginning or the renames, what seems untouched may have been touched.
    if history.horizon() != Horizon::Whole || history.are_renames_exact() {
        return;
    }
    let began = |doc: &Doc<'_>| {
        // An undertaking begins with the first of its documents.
        let family = project.family(&doc.facts().initiative);
        let began = family.filter_map(|other| history.first_touch(other.path()));
        began.min_by_key(|commit| commit.committer().seconds)
    };
    let is_suspect = |doc: &Doc<'_>| {
        let mut tasks = doc.facts().claims.ticked.iter();
        let began = LazyCell::new(|| began(doc));
        tasks.any(|written| {
            let files = known(project, history, doc.path(), written);
            files.is_some_and(|files| began.is_some_and(|began| !is_touched(history, &files, began)))
        })
    };
    let docs: Vec<Doc<'_>> = project.docs().filter(is_suspect).collect();
    findings.in_each(&docs, |doc, findings| {
        let began = project.find(doc.path()).and_then(|doc| began(&doc));
        if let Some(began) = began {
            in_document(project, history, doc, began, findings);
        }
    });
}

/// The files that each task names that is done and was to change some.
pub(super) fn ticked(doc: &DocumentView) -> Vec<Vec<String>> {
    let mut all: Vec<Vec<String>> = tasks(doc).map(|item| item.files.clone()).collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn tasks(doc: &DocumentView) -> impl Iterator<Item = &Item> {
    let items = doc.document().items.iter();
    items.filter(|item| item.state == ItemState::Done && item.role.is_work() && changes_files(item))
}

fn in_document(
    project: &Project<'_>,
    history: &History,
    doc: &DocumentView,
    began: Commit<'_>,
    findings: &mut Findings,
) {
    let items = tasks(doc).filter_map(|item| Some((item, known(project, history, doc.path(), &item.files)?)));
    let items: Vec<(&Item, Vec<String>)> = items.collect();
    let events = history.item_events(doc.path());
    for (item, files) in items {
        let line = doc.text(doc.parsed().source.line_span(item.line));
        let Some(ticked) = done_by(&events, line).filter(|event| event.is_ticked()) else {
            continue;
        };
        if is_touched(history, &files, began) {
            continue;
        }
        let Some(day) = dates::of_commit(ticked.commit.committer()) else {
            continue;
        };
        let files = match files.as_slice() {
            [only] => format!("`{only}`"),
            [one, other] => format!("`{one}` or `{other}`"),
            [first, rest @ ..] => format!("`{first}` or the {} others it names", rest.len()),
            [] => continue,
        };
        findings
            .at(
                doc,
                doc.item_span(item),
                format!("ticked on {day}, and no commit since the plan began touches {files}"),
            )
            .help(format!(
                "{} ticked it: take the tick back, or name the files in which it was done",
                ticked.commit.id().short()
            ));
    }
}

/// True for a task that names files and is not done by looking at them or running them.
fn changes_files(item: &Item) -> bool {
    let first = item.text.split_whitespace().next().unwrap_or_default();
    let first = first.trim_matches(|c: char| !c.is_alphanumeric());
    // What is run is left as it is: `scripts/lint.sh --changed`.
    let is_run = |path: &String| {
        let mut behind = item.text.match_indices(path.as_str()).map(|(at, _)| &item.text[at + path.len()..]);
        behind.any(|behind| {
            let option = behind.strip_prefix(" --").or_else(|| behind.strip_prefix(" -"));
            option.is_some_and(|option| option.starts_with(|c: char| c.is_ascii_alphabetic()))
        })
    };
    !item.files.is_empty()
        && !item.text.trim().is_empty()
        && !LOOKS.iter().any(|word| first.eq_ignore_ascii_case(word))
        && !item.files.iter().any(is_run)
}

/// The files that a task of a document names, where git knows each of them.
fn known(project: &Project<'_>, history: &History, own: &str, written: &[String]) -> Option<Vec<String>> {
    let known = |path: &String| {
        let set = PathSet::new([path]);
        project.exists(path) && history.last_touching(&set).is_some()
    };
    let files = written.iter().map(|written| {
        let mut places = [join("", written), join(parent(own), written)]
            .into_iter()
            .flatten();
        places.find(|path| !path.is_empty() && path != own && known(path))
    });
    // Where one of them cannot be looked up, the work may be in that one.
    files.collect()
}

/// True when the commit with which the plan began or any after it touches one of the files, under
/// whatever name, or one of about the same time.
fn is_touched(history: &History, files: &[String], began: Commit<'_>) -> bool {
    let files_of = PathSet::new(files);
    // A first commit brings everything, whoever worked on it.
    let is_first = began.parents().next().is_none();
    if !is_first && began.paths().any(|touched| files_of.contains(touched.path)) {
        return true;
    }
    let since = Since::Commit(began.id());
    let is_later = |commit: &Commit<'_>| {
        *commit != began && commit.committer().seconds >= began.committer().seconds
    };
    // On the day on which a plan begins, branches are woven together in any order.
    let is_near = |commit: &Commit<'_>| {
        commit.parents().next().is_some()
            && commit.committer().seconds.abs_diff(began.committer().seconds) < DAY
    };
    !history.touching(&files_of, since).is_empty()
        || files.iter().any(|file| {
            let mut touches = history.touches(file).into_iter();
            touches.any(|commit| is_later(&commit) || is_near(&commit))
        })
}
