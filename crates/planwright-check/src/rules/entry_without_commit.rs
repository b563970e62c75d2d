use std::collections::HashSet;

use jiff::civil::Date;
use planwright_model::{Level, LogEntry, LogRole};
use planwright_syntax::Span;
use planwright_workspace::history::{History, Horizon, Id};

use crate::config::Now;
use crate::dates;
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::project::{Doc, Project};
use crate::rule::{Category, Check, Rule, Setting, Value, page};

/// How many further entries a finding points at.
const SHOWN: usize = 3;

pub(super) static RULE: Rule = Rule {
    code: "PW505",
    name: "entry-without-commit",
    category: Category::Evidence,
    level: Some(Level::Info),
    reason: "work that left no commit in the days around it was done on another day, or not at all",
    page: page!("entry-without-commit"),
    archived: true,
    needs_git: true,
    settings: &[
        Setting {
            name: "days",
            default: Value::Number(14),
            help: "days before and after an entry in which a commit has to lie",
        },
        Setting {
            name: "import",
            default: Value::Number(100),
            help: "files from which on a first commit counts as an import of older work",
        },
    ],
    check: Check::Project(check),
    ..Rule::DEFAULT
};

/// An entry, and the nearest day of a commit.
struct Alone {
    date: Date,
    span: Span,
    nearest: Date,
}

fn check(project: &Project<'_>, findings: &mut Findings) {
    let Some(history) = project.history() else {
        return;
    };
    if history.horizon() != Horizon::Whole {
        return;
    }
    let days = project.context().number(&RULE, "days");
    let import = project.context().number(&RULE, "import") as usize;
    let imports: HashSet<Id> = history
        .roots()
        .filter(|root| import > 0 && root.paths().count() >= import)
        .map(|root| root.id())
        .collect();
    let window = i64::from(days) * 24 * 60 * 60;
    let (Some(first), Some(last)) = (history.first_commit(), history.head()) else {
        return;
    };
    let known = first.author().seconds..=last.committer().seconds;
    let is_suspect = |doc: &Doc<'_>| {
        let mut entries = doc.facts().claims.entries.iter();
        entries.any(|instant| known.contains(instant) && history.nearest(*instant, window).is_none())
    };
    let docs: Vec<Doc<'_>> = project.docs().filter(is_suspect).collect();
    findings.in_each(&docs, |doc, findings| {
        let alone = alone(history, doc, window);
        let Some((first, others)) = alone.split_first() else {
            return;
        };
        // What came with an import was done elsewhere.
        let came = history.first_touch(doc.path());
        if came.is_none_or(|commit| imports.contains(&commit.id())) {
            return;
        }
        let away = dates::days(first.date.min(first.nearest), first.date.max(first.nearest));
        let finding = findings.at(
            doc,
            first.span,
            format!(
                "progress of {}, and the nearest commit of the repository is of {}, {away} days away",
                first.date, first.nearest
            ),
        );
        finding.help("write the day on which it happened");
        for other in others.iter().take(SHOWN) {
            finding.label(doc, other.span, "no commit around this one either");
        }
    });
}

/// The moments of the entries of progress.
pub(super) fn entries(doc: &DocumentView) -> Vec<i64> {
    let log = doc.document().log.iter();
    let mut entries: Vec<i64> = log.filter_map(|entry| moment(entry).map(|(_, instant)| instant)).collect();
    entries.sort_unstable();
    entries.dedup();
    entries
}

/// The day and the moment of an entry of progress.
fn moment(entry: &LogEntry) -> Option<(Date, i64)> {
    let date = dates::read(entry.time.as_deref().filter(|_| entry.role == LogRole::Progress)?)?;
    Some((date, entry.instant.unwrap_or_else(|| Now::noon(date).instant)))
}

/// The entries of progress between the first commit and the last that have no commit around them.
fn alone(history: &History, doc: &DocumentView, window: i64) -> Vec<Alone> {
    let document = doc.document();
    let (Some(first), Some(last)) = (history.first_commit(), history.head()) else {
        return Vec::new();
    };
    let (first, last) = (first.author().seconds, last.committer().seconds);
    // What is still to be done names the day on which it was to be.
    let is_open = |line: u32| {
        let mut items = document.items.iter();
        items.any(|item| item.line == line && !item.state.is_closed())
    };
    let log = document.log.iter();
    let alone = log.filter_map(|entry| {
        let (date, instant) = moment(entry)?;
        if instant < first || instant > last || history.nearest(instant, window).is_some() {
            return None;
        }
        let nearest = history.nearest(instant, i64::MAX)?;
        let times = [nearest.author(), nearest.committer()];
        let nearest = times.into_iter().min_by_key(|time| time.seconds.abs_diff(instant))?;
        let native = entry.time_native.as_deref().unwrap_or_default();
        (!is_open(entry.line)).then_some(Alone {
            date,
            span: doc.words_in_line(entry.line, native),
            nearest: dates::of_commit(nearest)?,
        })
    });
    alone.collect()
}
