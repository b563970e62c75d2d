use std::cell::OnceCell;
use std::collections::HashSet;

use jiff::civil::Date;
use planwright_model::{DocumentState, Level, RelationType};
use planwright_workspace::history::{History, PathSet};
use planwright_workspace::path::join;

use crate::dates::{self, Day};
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::project::{Doc, Project};
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
    let changed: OnceCell<HashSet<String>> = OnceCell::new();
    let is_changed = |path: &str| {
        let ask = || {
            let changed = history.changed().unwrap_or_default();
            changed.into_iter().map(|changed| changed.path).collect()
        };
        changed.get_or_init(ask).contains(path)
    };
    for doc in project.docs() {
        let facts = doc.facts();
        let is_active = facts.state == DocumentState::Active && doc.is_listed();
        if !is_active || !facts.holds_work || history.last_touch(doc.path()).is_none() {
            continue;
        }
        let family: Vec<Doc<'_>> = project.family(&facts.initiative).collect();
        let word = facts.claims.last_word.and_then(Day::date);
        let Some(last) = last_commit(history, &doc, &family).max(word) else {
            continue;
        };
        let days = dates::days(last, newest);
        if days <= most || family.iter().any(|doc| is_changed(doc.path())) {
            continue;
        }
        let native = short(facts.native.as_deref().unwrap_or("active"));
        findings
            .at_spot(
                doc.path(),
                facts.stated,
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
fn last_commit(history: &History, doc: &Doc<'_>, family: &[Doc<'_>]) -> Option<Date> {
    let mut paths: Vec<String> = family.iter().map(|doc| doc.path().to_owned()).collect();
    paths.push(doc.path().to_owned());
    for target in &doc.facts().claims.touched {
        let places = [join(doc.folder(), target), join("", target)];
        paths.extend(places.into_iter().flatten().filter(|path| !path.is_empty()));
    }
    let last = history.last_touching(&PathSet::new(paths))?;
    dates::of_commit(last.committer())
}

/// The code that an active plan declares.
pub(super) fn touched(doc: &DocumentView) -> Vec<String> {
    let is_active = doc.document().state.value == DocumentState::Active && doc.document().holds_work();
    let relations = doc.document().relations.iter();
    let touched = relations.filter(|relation| is_active && relation.kind == RelationType::Touches);
    touched.map(|relation| relation.target.clone()).collect()
}

/// The last day that the document names as one of its own.
pub(super) fn last_word(doc: &DocumentView) -> Option<Day> {
    let fields = ["updated", "reviewed"].into_iter();
    let fields = fields.flat_map(|field| dates::of_field(doc, field).map(|(date, _)| date));
    let log = doc.document().log.iter();
    let log = log.filter_map(|entry| dates::read(entry.time.as_deref()?));
    fields.chain(log).max().map(Day::of)
}
