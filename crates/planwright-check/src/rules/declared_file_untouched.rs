use std::collections::HashSet;

use planwright_model::DocumentState;
use planwright_syntax::Span;
use planwright_workspace::history::{History, Horizon, PathSet};
use planwright_workspace::path::{join, name};

use crate::document::DocumentView;
use crate::finding::Findings;
use crate::project::Project;
use crate::rule::{Category, Check, Rule, page};

pub(super) static RULE: Rule = Rule {
    code: "PW504",
    name: "declared-file-untouched",
    category: Category::Evidence,
    reason: "the work that a finished plan lists was not done, or not where the plan says",
    page: page!("declared-file-untouched"),
    archived: true,
    needs_git: true,
    check: Check::Project(check),
    ..Rule::DEFAULT
};

/// Words of a line after which the file need not be there.
const WITHOUT: [&str; 10] = [
    "~~",
    "not needed",
    "not created",
    "no longer",
    "skipped",
    "instead",
    "optional",
    "n/a",
    "e.g.",
    "generated",
];

fn check(project: &Project<'_>, findings: &mut Findings) {
    let Some(history) = project.history() else {
        return;
    };
    // Where older commits were not read, one of them may have touched it.
    if history.horizon() != Horizon::Whole {
        return;
    }
    for doc in project.documents() {
        let document = doc.document();
        if document.state.value != DocumentState::Done || !document.holds_work() {
            continue;
        }
        let mut seen = HashSet::new();
        for code in document.code_refs.iter().filter(|code| code.exists == Some(false)) {
            let path = code.path.as_str();
            if !is_file(path) || !seen.insert(path) || is_known(project, history, doc, path) {
                continue;
            }
            if let Some(span) = declared(doc, path) {
                findings
                    .at(
                        doc,
                        span,
                        format!("done, and `{path}` is not there and never was in any commit"),
                    )
                    .help("write where the work was done, or take the file off the list");
            }
        }
    }
}

/// True for the path of one file in a folder of this repository.
fn is_file(path: &str) -> bool {
    path.contains('/')
        && name(path).contains('.')
        && !path.starts_with(['/', '.', '~'])
        && !path.contains(['*', '?', '{', '}', '<', '>', '$', '[', ']', '\\', ':'])
        && !path.contains("...")
        && !path.starts_with("path/to/")
}

/// True where a commit touched the path, or one that ends with it, and where nobody can know: in a
/// folder that is not said.
fn is_known(project: &Project<'_>, history: &History, doc: &DocumentView, path: &str) -> bool {
    let top = path.split('/').next().unwrap_or_default();
    let below = |folder: &str| join(folder, top).is_some_and(|top| project.exists(&top));
    if !below("") && !below(doc.folder()) {
        return true;
    }
    // `src/x.rs` that became `src/x/` is still there.
    let grown = path.rsplit_once('.').map_or(path, |(folder, _)| folder);
    let anywhere = PathSet::new([path.to_owned(), format!("**/{path}"), grown.to_owned()]);
    project.exists(grown) || history.last_touching(&anywhere).is_some()
}

/// Where a section that lists files names a path.
fn declared(doc: &DocumentView, path: &str) -> Option<Span> {
    let sections = doc.document().sections.iter();
    let sections = sections.filter(|section| section.role.as_deref() == Some("files"));
    sections
        .flat_map(|section| section.line..=section.end_line)
        .find_map(|line| {
            let span = doc.find_in_line(line, path)?;
            let text = doc.text(doc.line_span(line)).to_lowercase();
            let before = doc.text(doc.parsed().source.line_span(line));
            let at = (span.start - doc.parsed().source.line_span(line).start) as usize;
            // `b/c.rs` is not named by `a/b/c.rs`.
            let is_whole = !before[..at].ends_with(|c: char| c.is_alphanumeric() || "/._-".contains(c));
            (is_whole && !WITHOUT.iter().any(|word| text.contains(word))).then_some(span)
        })
}
