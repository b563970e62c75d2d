use std::collections::BTreeSet;

use planwright_model::{Level, RelationType};
use planwright_syntax::Span;
use planwright_workspace::history::{BranchWork, Commit, PathSet};
use planwright_workspace::path::{join, name, parent};

use crate::document::DocumentView;
use crate::finding::Findings;
use crate::project::{Doc, Project};
use crate::rule::{Category, Check, Rule, Setting, Value, page};

/// How many files a finding names.
const SHOWN: usize = 3;

pub(super) static RULE: Rule = Rule {
    code: "PW506",
    name: "undeclared-change",
    category: Category::Evidence,
    level: Some(Level::Info),
    reason: "work that its plan does not name is reviewed by nobody who reads the plan",
    page: page!("undeclared-change"),
    needs_git: true,
    settings: &[Setting {
        name: "except",
        default: Value::Words(&[
            "**/*.md", "**/*.lock", "**/*-lock.*", "**/*.sum", "**/*.snap", "**/CHANGELOG*", ".github/", "**/.gitignore",
            "**/.markdownlint*", "**/typos*.toml",
        ]),
        help: "paths that need not be declared: files, folders and globs from the root",
    }],
    check: Check::Project(check),
    ..Rule::DEFAULT
};

fn check(project: &Project<'_>, findings: &mut Findings) {
    let Some(history) = project.history() else {
        return;
    };
    let Some(branch) = history.branch() else {
        return;
    };
    // What is done on the default branch belongs to no plan before others.
    let is_default = |base: &str| base == branch || base.ends_with(&format!("/{branch}"));
    if history.base().is_none_or(|(base, _)| is_default(base)) {
        return;
    }
    let own: BTreeSet<&str> = project
        .docs()
        .filter(|doc| doc.is_listed() && is_of(doc, branch))
        .map(|doc| doc.facts().initiative.as_str())
        .collect();
    let families = own.into_iter().map(|initiative| {
        let family = project.family(initiative).filter(Doc::is_listed);
        family.filter_map(|doc| doc.whole()).collect()
    });
    let mut own = families
        .filter_map(|family: Vec<&DocumentView>| Some((declaring(&family)?, family)))
        .peekable();
    if own.peek().is_none() {
        return;
    }
    let Some(work) = history.branch_work() else {
        return;
    };
    let touched = touched(project, &work);
    for ((doc, span), family) in own {
        let declared = declared(&family);
        let folder = &doc.document().initiative;
        let undeclared: Vec<&str> = touched
            .iter()
            .map(String::as_str)
            .filter(|path| !declared.contains(path) && !path.starts_with(&format!("{folder}/")))
            .collect();
        let files = match undeclared.as_slice() {
            [] => continue,
            [only] => format!("`{only}`, which"),
            few if few.len() <= SHOWN => format!("`{}`, which", few.join("`, `")),
            many => format!(
                "`{}` and {} more files, which",
                many[..SHOWN - 1].join("`, `"),
                many.len() + 1 - SHOWN
            ),
        };
        findings
            .at(doc, span, format!("the branch `{branch}` touches {files} the plan does not name"))
            .help("name them where the plan lists its files, or take the change to a branch of its own");
    }
}

/// True for a document that says which branch it is done on, or has the name of one.
fn is_of(doc: &Doc<'_>, branch: &str) -> bool {
    let facts = doc.facts();
    let said = &facts.claims.branches;
    if !said.is_empty() {
        return said.iter().any(|value| value.trim_matches(['`', '"', '\'', ' ']) == branch);
    }
    let short = name(branch);
    facts.holds_work && (doc.stem() == short || name(&facts.initiative) == short)
}

/// The first document of an undertaking that lists files, and where.
fn declaring<'a>(family: &[&'a DocumentView]) -> Option<(&'a DocumentView, Span)> {
    family.iter().find_map(|doc| {
        let document = doc.document();
        if !document.holds_work() {
            return None;
        }
        let sections = document.sections.iter();
        let mut sections = sections.filter(|section| section.role.as_deref() == Some("files"));
        let mut lists = document.relations.iter().filter(|relation| relation.kind == RelationType::Touches);
        let mut items = document.items.iter().filter(|item| !item.files.is_empty());
        let line = sections.next().map(|section| section.line);
        let line = line.or_else(|| lists.next().map(|relation| relation.line));
        let line = line.or_else(|| items.next().map(|item| item.line));
        Some((*doc, doc.line_span(line?)))
    })
}

/// The files that the branch touched and still has.
fn touched(project: &Project<'_>, work: &BranchWork<'_>) -> BTreeSet<String> {
    let except = PathSet::new(project.context().words(&RULE, "except"));
    let commits = work.commits.iter().filter(|commit| !commit.is_merge());
    commits
        .flat_map(Commit::paths)
        .map(|touched| touched.path)
        .filter(|path| !except.contains(path) && project.find(path).is_none())
        .filter(|path| project.exists(path))
        .map(str::to_owned)
        .collect()
}

/// All that the documents name, from the root and from their folder; a bare name stands for a file
/// of that name anywhere.
fn declared(family: &[&DocumentView]) -> PathSet {
    let mut paths = BTreeSet::new();
    for doc in family {
        let document = doc.document();
        let relations = document.relations.iter();
        let relations = relations.filter(|relation| relation.kind == RelationType::Touches);
        let named = relations
            .map(|relation| &relation.target)
            .chain(document.items.iter().flat_map(|item| &item.files))
            .chain(document.code_refs.iter().map(|code| &code.path));
        for path in named {
            if parent(path).is_empty() {
                paths.insert(format!("**/{path}"));
            }
            paths.extend(join("", path).filter(|path| !path.is_empty()));
            paths.extend(join(doc.folder(), path).filter(|path| !path.is_empty()));
        }
    }
    PathSet::new(paths)
}
