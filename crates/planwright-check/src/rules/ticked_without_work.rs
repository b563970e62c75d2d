use planwright_model::{Item, ItemState, Level};
use planwright_workspace::history::{Commit, History, Horizon, PathSet, Since, done_by};
use planwright_workspace::path::join;

use crate::dates;
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::project::Project;
use crate::rule::{Category, Check, Rule, page};

pub(super) static RULE: Rule = Rule {
    code: "PW502",
    name: "ticked-without-work",
    category: Category::Evidence,
    level: Some(Level::Info),
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
    for doc in project.documents() {
        let items = doc.document().items.iter();
        let items = items.filter(|item| item.state == ItemState::Done && item.role.is_work());
        let mut items = items
            .filter_map(|item| Some((item, files(project, history, doc, item)?)))
            .peekable();
        if items.peek().is_none() {
            continue;
        }
        // An undertaking begins with the first of its documents.
        let family = project.documents().iter().filter(|other| other.document().initiative == doc.document().initiative);
        let began = family.filter_map(|other| history.first_touch(other.path()));
        let Some(began) = began.min_by_key(|commit| commit.committer().seconds) else {
            continue;
        };
        let events = history.item_events(doc.path());
        for (item, files) in items {
            let line = doc.text(doc.parsed().source.line_span(item.line));
            let Some(ticked) = done_by(&events, line).filter(|event| event.is_ticked()) else {
                continue;
            };
            // On the day on which a plan begins, branches are woven together in any order.
            let is_near = |file: &String| {
                let touches = history.touches(file);
                touches.iter().any(|commit| commit.parents().next().is_some() && commit.committer().seconds.abs_diff(began.committer().seconds) < DAY)
            };
            if is_touched(history, &files, began) || files.iter().any(is_near) {
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
}

/// The files that a task names, where git knows each of them and they are to be changed.
fn files(
    project: &Project<'_>,
    history: &History,
    doc: &DocumentView,
    item: &Item,
) -> Option<Vec<String>> {
    let first = item.text.split_whitespace().next()?;
    let first = first.trim_matches(|c: char| !c.is_alphanumeric());
    if LOOKS.iter().any(|word| first.eq_ignore_ascii_case(word)) {
        return None;
    }
    // What is run is left as it is: `scripts/lint.sh --changed`.
    let is_run = |path: &String| {
        let mut behind = item.text.match_indices(path.as_str()).map(|(at, _)| &item.text[at + path.len()..]);
        behind.any(|behind| {
            let option = behind.strip_prefix(" --").or_else(|| behind.strip_prefix(" -"));
            option.is_some_and(|option| option.starts_with(|c: char| c.is_ascii_alphabetic()))
        })
    };
    if item.files.iter().any(is_run) {
        return None;
    }
    let known = |path: &String| {
        let set = PathSet::new([path]);
        project.exists(path) && history.last_touching(&set).is_some()
    };
    let files = item.files.iter().map(|written| {
        let mut places = [join("", written), join(doc.folder(), written)]
            .into_iter()
            .flatten();
        places.find(|path| !path.is_empty() && path != doc.path() && known(path))
    });
    // Where one of them cannot be looked up, the work may be in that one.
    let files: Vec<String> = files.collect::<Option<_>>()?;
    (!files.is_empty()).then_some(files)
}

/// True when the commit with which the plan began or any after it touches one of the files, under
/// whatever name.
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
    !history.touching(&files_of, since).is_empty()
        || files
            .iter()
            .any(|file| history.touches(file).iter().any(is_later))
}
