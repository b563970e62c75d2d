use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use planwright_model::{DocumentState, Level, RelationType};
use planwright_syntax::Span;
use planwright_workspace::history::{Commit, History, PathSet, Since};
use planwright_workspace::path::join;
use serde::{Deserialize, Serialize};

use crate::dates::{self, Day};
use crate::document::DocumentView;
use crate::finding::{Findings, Spot};
use crate::project::Project;
use crate::rule::{Category, Check, Rule, Setting, Value, page};
use crate::text::counted;

/// How many changed files a finding names.
const SHOWN: usize = 2;

/// Keys that most authors give such a day.
const KEYS: [&str; 8] = [
    "last_updated",
    "updated",
    "updated_at",
    "last_modified",
    "last_verified",
    "reviewed",
    "last_reviewed",
    "last_review",
];

pub(super) static RULE: Rule = Rule {
    code: "PW501",
    name: "related-code-changed",
    category: Category::Evidence,
    level: Some(Level::Info),
    reason: "what a document says of code that has changed since may no longer be so",
    page: page!("related-code-changed"),
    needs_git: true,
    settings: &[Setting {
        name: "commits",
        default: Value::Number(3),
        help: "commits from which on the code counts as changed",
    }],
    check: Check::Project(check),
    ..Rule::DEFAULT
};

fn check(project: &Project<'_>, findings: &mut Findings) {
    let Some(history) = project.history() else {
        return;
    };
    let least = project.context().number(&RULE, "commits").max(1) as usize;
    for doc in project.docs() {
        let Some(claim) = &doc.facts().claims.code_as_of else {
            continue;
        };
        let code = code(project, doc.folder(), &claim.code);
        let Some(date) = claim.day.date().filter(|_| !code.is_empty()) else {
            continue;
        };
        let code = PathSet::new(code);
        let commits = since(history, doc.path(), &code, date);
        if commits.len() < least {
            continue;
        }
        let files = files(&commits, &code);
        let commits = counted(commits.len(), "commit has", "commits have");
        findings
            .at_spot(
                doc.path(),
                claim.spot,
                format!("{} {date}, and {commits} changed {files} since", claim.what),
            )
            .help("compare the document with the code, then set the date");
    }
}

/// The code that a document declares, and the last day on which it says that it was right.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct CodeAsOf {
    day: Day,
    spot: Spot,
    what: String,
    code: Vec<String>,
}

impl CodeAsOf {
    pub(super) fn of(doc: &DocumentView) -> Option<Self> {
        // What is over tells of the code as it was then.
        if is_over(doc.document().state.value) {
            return None;
        }
        let relations = doc.document().relations.iter().filter(|relation| {
            relation.kind == RelationType::Touches && relation.source == "front matter"
        });
        let code: Vec<String> = relations.map(|relation| relation.target.clone()).collect();
        if code.is_empty() {
            return None;
        }
        let (date, span, what) = stated(doc)?;
        Some(Self {
            day: Day::of(date),
            spot: doc.spot(span),
            what: what.to_owned(),
            code,
        })
    }
}

fn is_over(state: DocumentState) -> bool {
    matches!(
        state,
        DocumentState::Done
            | DocumentState::Rejected
            | DocumentState::Abandoned
            | DocumentState::Superseded
    )
}

/// The last day on which the document says that it was right.
fn stated(doc: &DocumentView) -> Option<(Date, Span, &'static str)> {
    let fields = [("updated", "last updated"), ("reviewed", "reviewed")];
    let dates = fields.into_iter().flat_map(|(field, what)| {
        dates::of_field(doc, field).map(move |(date, span)| (date, span, what))
    });
    let (date, span, what) = dates.max_by_key(|(date, ..)| *date)?;
    // Another field may hold the same day further up.
    let own = KEYS.iter().filter_map(|key| doc.front_matter(key));
    let mut own = own.filter(|span| dates::read(unquoted(doc.text(*span))) == Some(date));
    Some((date, own.next().unwrap_or(span), what))
}

fn unquoted(text: &str) -> &str {
    text.trim_matches(['"', '\''])
}

/// The code that is there, of what is declared in a folder.
fn code(project: &Project<'_>, folder: &str, declared: &[String]) -> Vec<String> {
    declared
        .iter()
        .filter_map(|target| {
            let mut places = [join(folder, target), join("", target)]
                .into_iter()
                .flatten();
            // The root itself would be everything.
            places.find(|path| {
                !path.is_empty() && (path.contains(['*', '{']) || project.exists(path))
            })
        })
        .collect()
}

/// The commits after a day that changed the code and left the document as it was.
fn since<'a>(
    history: &'a History,
    path: &str,
    code: &PathSet,
    date: Date,
) -> Vec<Commit<'a>> {
    let Ok(midnight) = date.to_zoned(TimeZone::UTC) else {
        return Vec::new();
    };
    let since = Since::Time(midnight.timestamp().as_second());
    let is_later = |commit: &Commit<'_>| {
        let day = dates::of_commit(commit.committer());
        day.is_some_and(|day| day > date)
            && !commit.is_merge()
            && !commit.paths().any(|touched| touched.path == path)
    };
    let mut commits = history.touching(code, since);
    commits.retain(is_later);
    commits
}

/// The files that changed most often.
fn files(commits: &[Commit<'_>], code: &PathSet) -> String {
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    for touched in commits.iter().flat_map(Commit::paths) {
        if code.contains(touched.path) {
            *times.entry(touched.path).or_default() += 1;
        }
    }
    let mut files: Vec<(&str, usize)> = times.into_iter().collect();
    files.sort_by_key(|(_, times)| std::cmp::Reverse(*times));
    let shown: Vec<String> = files
        .iter()
        .take(SHOWN)
        .map(|(path, _)| format!("`{path}`"))
        .collect();
    match files.len().saturating_sub(SHOWN) {
        0 => shown.join(" and "),
        more => format!(
            "{} and {}",
            shown.join(", "),
            counted(more, "more file", "more files")
        ),
    }
}
