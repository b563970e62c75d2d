use std::collections::{BTreeSet, HashSet};

use planwright_model::DocumentState;
use planwright_syntax::Span;
use planwright_workspace::history::{History, Horizon, PathSet};
use planwright_workspace::path::{join, name};

use crate::document::DocumentView;
use crate::finding::Findings;
use crate::project::{Doc, Project};
use crate::rule::{Category, Check, Rule, page};

pub(super) static RULE: Rule = Rule {
    code: "PW504",
    name: "declared-file-untouched",
    category: Category::Evidence,
    level: None,
    reason: "the work that a finished plan lists was not done, or not where the plan says",
    page: page!("declared-file-untouched"),
    archived: true,
    needs_git: true,
    check: Check::Project(check),
    ..Rule::DEFAULT
};

/// So many further files are pointed at.
const SHOWN: usize = 4;

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
    let is_suspect = |doc: &Doc<'_>| {
        let mut paths = doc.facts().claims.declared.iter();
        // An escaped path is looked up in more than one way.
        paths.any(|path| path.contains('%') || !project.exists(path))
    };
    let docs: Vec<Doc<'_>> = project.docs().filter(is_suspect).collect();
    findings.in_each(&docs, |doc, findings| in_document(project, history, doc, findings));
}

/// The files that a finished plan declares.
pub(super) fn declared_files(doc: &DocumentView) -> Vec<String> {
    if !is_finished(doc) {
        return Vec::new();
    }
    let named = doc.document().code_refs.iter().map(|code| code.path.as_str());
    let files = named.chain(entries(doc)).filter(|path| is_file(path));
    let files: BTreeSet<&str> = files.filter(|path| declared(doc, path).is_some()).collect();
    files.into_iter().map(str::to_owned).collect()
}

fn is_finished(doc: &DocumentView) -> bool {
    let document = doc.document();
    document.state.value == DocumentState::Done && document.holds_work()
}

fn in_document(project: &Project<'_>, history: &History, doc: &DocumentView, findings: &mut Findings) {
    let mut seen = HashSet::new();
    let mut missing: Vec<(&str, Span)> = Vec::new();
    let named = doc.document().code_refs.iter().filter(|code| code.exists == Some(false));
    let named = named.map(|code| code.path.as_str());
    let listed = entries(doc).filter(|path| !project.exists(path));
    for path in named.chain(listed) {
        if !is_file(path) || !seen.insert(path) || project.is_ignored(path) || is_known(project, history, doc, path) {
            continue;
        }
        if let Some(span) = declared(doc, path) {
            missing.push((path, span));
        }
    }
    if !missing.first().is_some_and(|(_, span)| tells_where(doc, *span)) {
        report(doc, &missing, findings);
    }
}

/// True where the plan lists, behind what was to be made, what was made instead.
fn tells_where(doc: &DocumentView, listed: Span) -> bool {
    let document = doc.document();
    let line = doc.parsed().source.line(listed.start);
    let is_account = |title: &str| {
        let title = title.to_lowercase();
        ["implementation note", "outcome", "complet"].iter().any(|word| title.contains(word))
    };
    let mut accounts = document.sections.iter().filter(|section| section.line > line && is_account(&section.title));
    accounts.any(|section| {
        let mut named = document.code_refs.iter().filter(|code| code.exists == Some(true));
        named.any(|code| (section.line..=section.end_line).any(|line| doc.find_in_line(line, &code.path).is_some()))
    })
}

/// What one plan lists in vain is one finding.
fn report(doc: &DocumentView, missing: &[(&str, Span)], findings: &mut Findings) {
    let Some(((path, span), others)) = missing.split_first() else {
        return;
    };
    let message = match others.len() {
        0 => format!("done, and `{path}` is not there and never was in any commit"),
        more => format!("done, and `{path}` and {more} more of its files are not there and never were in any commit"),
    };
    let finding = findings.at(doc, *span, message);
    finding.help("write where the work was done, or take the file off the list");
    for (_, span) in others.iter().take(SHOWN) {
        finding.label(doc, *span, "never there");
    }
}

/// The files with which entries of a section that lists files begin, in whatever marks.
fn entries(doc: &DocumentView) -> impl Iterator<Item = &str> {
    let sections = doc.document().sections.iter();
    let sections = sections.filter(|section| section.role.as_deref() == Some("files"));
    let lines = sections.flat_map(|section| section.line + 1..=section.end_line);
    lines.filter_map(|line| {
        let text = doc.text(doc.line_span(line)).strip_prefix(['-', '*', '+'])?;
        let word = text.split_whitespace().next()?;
        Some(word.trim_matches(['*', '_', '`', ':', ',']))
    })
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
    let mut anywhere = vec![path.to_owned(), format!("**/{path}"), grown.to_owned()];
    // A name that only one file has is that file, wherever it lay: folders are left out and renamed.
    let last = name(path);
    let stem = last.split('.').next().unwrap_or(last);
    let is_common = stem.len() < 6 || matches!(stem, "__init__" | "config" | "README" | "schema" | "server" | "router" | "service" | "models" | "client" | "utils" | "helpers" | "constants" | "package");
    if is_common {
        let two = path.rsplit('/').take(2).collect::<Vec<_>>();
        anywhere.push(format!("**/{}/{}", two[1], two[0]));
    } else {
        anywhere.push(format!("**/{last}"));
    }
    let anywhere = PathSet::new(anywhere);
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
