use std::collections::HashSet;

use jiff::civil::Date;
use planwright_model::{Level, LogRole};
use planwright_syntax::Span;
use planwright_workspace::history::{Commit, Horizon, Id};

use crate::dates::{self, Day};
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::form::is_surely_work;
use crate::project::{Doc, Project};
use crate::rule::{Category, Check, Rule, Setting, Value, page};
use crate::text::counted;

/// How many further dates a finding points at.
const SHOWN: usize = 3;

/// Days in which a repository may still be filled with what was made elsewhere.
const FIRST_DAYS: u32 = 3;

/// Days by which work may have been begun before the repository that it came to in its first days.
const BEFORE: u32 = 180;

pub(super) static RULE: Rule = Rule {
    code: "PW408",
    name: "date-before-repository",
    category: Category::Time,
    level: Some(Level::Warning),
    reason: "work that is recorded for a day before there was a repository was not done there then",
    page: page!("date-before-repository"),
    archived: true,
    needs_git: true,
    settings: &[
        Setting {
            name: "tolerance",
            default: Value::Number(1),
            help: "days by which a date may come before the first commit",
        },
        Setting {
            name: "import",
            default: Value::Number(100),
            help: "files from which on a commit of the first days counts as an import of older work",
        },
    ],
    check: Check::Project(check),
    ..Rule::DEFAULT
};

fn check(project: &Project<'_>, findings: &mut Findings) {
    let Some(history) = project.history() else {
        return;
    };
    // Where older commits were not read, the oldest that was is not the first.
    if history.horizon() != Horizon::Whole {
        return;
    }
    let Some(first) = history.first_commit() else {
        return;
    };
    let Some(began) = dates::of_commit(first.author()) else {
        return;
    };
    let tolerance = project.context().number(&RULE, "tolerance");
    let import = project.context().number(&RULE, "import") as usize;
    let is_import = |files: usize| import > 0 && files >= import;
    // Files that are uploaded come in several commits, all in the first days.
    let is_early = |commit: &Commit<'_>| dates::of_commit(commit.author()).is_some_and(|day| dates::days(began, day) <= FIRST_DAYS);
    let imports: HashSet<Id> = history
        .roots()
        .chain(history.commits().filter(is_early))
        .filter(|commit| is_import(commit.paths().count()))
        .map(|commit| commit.id())
        .collect();
    let is_early = |doc: &Doc<'_>| {
        let first = doc.facts().claims.first_day.and_then(Day::date);
        first.is_some_and(|first| dates::days(first, began) > tolerance)
    };
    let docs: Vec<Doc<'_>> = project.docs().filter(is_early).collect();
    findings.in_each(&docs, |doc, findings| {
        let came = history.first_touch(doc.path());
        if came.is_some_and(|commit| imports.contains(&commit.id())) {
            return;
        }
        let mut early: Vec<(Date, Span, String)> = past(doc)
            .into_iter()
            .filter(|(date, ..)| dates::days(*date, began) > tolerance)
            .collect();
        if early.is_empty() {
            return;
        }
        early.sort();
        let mut early = early.into_iter();
        let Some((date, span, what)) = early.next() else {
            return;
        };
        let days = counted(dates::days(date, began) as usize, "day", "days");
        // What came in the first days may have been begun elsewhere not long before.
        let arrived = came.and_then(|commit| dates::of_commit(commit.author()));
        let is_brought = arrived.is_some_and(|arrived| dates::days(began, arrived) <= FIRST_DAYS) && dates::days(date, began) <= BEFORE;
        let finding = findings.at(
            doc,
            span,
            format!("{what} {date}, {days} before the first commit of the repository"),
        );
        finding.sure_if(!is_brought && is_surely_work(doc));
        let known = match arrived {
            Some(came) if came != began => format!(" and this document of {came}"),
            _ => String::new(),
        };
        finding.help(format!(
            "the first commit is of {began}{known}: write the day on which it happened"
        ));
        for (date, span, _) in early.take(SHOWN) {
            finding.label(doc, span, format!("{date} is before it as well"));
        }
    });
}

/// The first of the days on which a document says that it was begun and worked on.
pub(super) fn first_day(doc: &DocumentView) -> Option<Day> {
    let days = past(doc).into_iter().map(|(date, ..)| date);
    days.min().map(Day::of)
}

/// The days on which a document says that it was begun and worked on. What was decided or written
/// elsewhere may well be older than the repository.
fn past(doc: &DocumentView) -> Vec<(Date, Span, String)> {
    let document = doc.document();
    let mut past = Vec::new();
    if document.holds_work() {
        let created = dates::of_field(doc, "created");
        past.extend(created.map(|(date, span)| (date, span, "created".to_owned())));
    }
    // What is still to be done names the day on which it was to be.
    let is_open = |line: u32| {
        let mut items = document.items.iter();
        items.any(|item| item.line == line && !item.state.is_closed())
    };
    let log = document.log.iter();
    for entry in log.filter(|entry| entry.role != LogRole::Decision && !is_open(entry.line)) {
        if let Some(date) = entry.time.as_deref().and_then(dates::read) {
            let native = entry.time_native.as_deref().unwrap_or_default();
            let span = doc.words_in_line(entry.line, native);
            past.push((date, span, format!("{} entry of", entry.role.as_str())));
        }
    }
    past
}
