use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use jiff::civil::Date;
use planwright_model::{DocumentState, Level, RelationType};
use planwright_workspace::history::{History, PathSet};
use planwright_workspace::path::join;

use crate::dates;
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::project::Project;
use crate::rule::{Category, Check, Rule, Setting, Value, page};
use crate::text::short;

pub(super) static RULE: Rule = Rule {
    code: "PW503",
    name: "idle-plan",
    category: Category::Evidence,
    level: Some(Level::Info),
    reason: "a plan that the work has left behind still counts as work in progress",
    page: page!("idle-plan"),
    needs_git: true,
    yields_to: &["all-items-done", "folder-disagrees"],
    settings: &[Setting {
        name: "days",
        default: Value::Number(60),
        help: "days without a commit or a log entry after which an active plan is idle",
    }],
    check: Check::Project(check),
    ..Rule::DEFAULT
};

fn check(project: &Project<'_>, findings: &mut Findings) {
    let Some(history) = project.history() else {
        return;
    };
    // A repository that rests as a whole says nothing about one of its plans.
    let newest = history.head().map(|commit| commit.committer());
    let Some(newest) = newest.and_then(dates::of_commit) else {
        return;
    };
    let most = project.context().number(&RULE, "days");
    let mut families: HashMap<&str, Vec<&DocumentView>> = HashMap::new();
    for doc in project.documents() {
        let initiative = doc.document().initiative.as_str();
        families.entry(initiative).or_default().push(doc);
    }
    let changed: OnceCell<HashSet<String>> = OnceCell::new();
    let is_changed = |path: &str| {
        let ask = || {
            let changed = history.changed().unwrap_or_default();
            changed.into_iter().map(|changed| changed.path).collect()
        };
        changed.get_or_init(ask).contains(path)
    };
    for doc in project.documents() {
        let document = doc.document();
        let is_active = document.state.value == DocumentState::Active && doc.is_listed();
        if !is_active || !document.holds_work() || history.last_touch(doc.path()).is_none() {
            continue;
        }
        let family = families.get(document.initiative.as_str());
        let family = family.map_or(&[][..], Vec::as_slice);
        let last = last_commit(history, doc, family).max(last_word(doc));
        let Some(last) = last else {
            continue;
        };
        let days = dates::days(last, newest);
        if days <= most || family.iter().any(|doc| is_changed(doc.path())) {
            continue;
        }
        let native = short(document.state.native.as_deref().unwrap_or("active"));
        findings
            .at(
                doc,
                doc.state_span(),
                format!(
                    "says `{native}`, and nothing was committed to it or noted in it since {last}, \
                     while the repository went on for {days} days"
                ),
            )
            .help("go on with it, or pause or close it");
    }
}

/// The day of the last commit that touched the plan, another document of its undertaking, or the
/// code that it declares.
fn last_commit(history: &History, doc: &DocumentView, family: &[&DocumentView]) -> Option<Date> {
    let mut paths: Vec<String> = family.iter().map(|doc| doc.path().to_owned()).collect();
    paths.push(doc.path().to_owned());
    let touched = doc.document().relations.iter();
    for relation in touched.filter(|relation| relation.kind == RelationType::Touches) {
        let target = relation.target.as_str();
        let places = [join(doc.folder(), target), join("", target)];
        paths.extend(places.into_iter().flatten().filter(|path| !path.is_empty()));
    }
    let last = history.last_touching(&PathSet::new(paths))?;
    dates::of_commit(last.committer())
}

/// The last day that the document names as one of its own.
fn last_word(doc: &DocumentView) -> Option<Date> {
    let fields = ["updated", "reviewed"].into_iter();
    let fields = fields.flat_map(|field| dates::of_field(doc, field).map(|(date, _)| date));
    let log = doc.document().log.iter();
    let log = log.filter_map(|entry| dates::read(entry.time.as_deref()?));
    fields.chain(log).max()
}
