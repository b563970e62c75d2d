use std::collections::BTreeSet;

use planwright_syntax::splice::Edit;
use planwright_workspace::path::{name, relative};

use crate::document::DocumentView;
use crate::finding::{Findings, Fix};
use crate::project::{Doc, Project, is_markdown};
use crate::form::listed as listed_names;
use crate::registry::{self, Listed, is_selection};
use crate::rule::{Category, Check, Rule, page};

/// Fewer plans of a folder are an example, not a list.
const ENOUGH: usize = 2;

pub(super) static RULE: Rule = Rule {
    code: "PW310",
    name: "index-incomplete",
    category: Category::References,
    reason: "what the list leaves out is not found by those who look there",
    page: page!("index-incomplete"),
    fixable: true,
    check: Check::Project(check),
    ..Rule::DEFAULT
};

/// A list of so many plans is one of all, where it leaves out no more than a quarter as many.
const MANY: usize = 4;

/// So many plans that are left out are named.
const SHOWN: usize = 3;

fn check(project: &Project<'_>, findings: &mut Findings) {
    let is_index = |doc: &Doc<'_>| {
        doc.facts().kind == "index" || registry::is_index_name(doc.stem())
    };
    let docs: Vec<Doc<'_>> = registry::lists(project).into_iter().filter(is_index).collect();
    findings.in_each(&docs, |doc, findings| in_list(project, doc, findings));
}

fn in_list(project: &Project<'_>, index: &DocumentView, findings: &mut Findings) {
    let listed = registry::listed(project, index);
    if listed.len() < ENOUGH {
        return;
    }
    let text = index.parsed().source.text();
    let folders: BTreeSet<&str> = listed.iter().map(|entry| entry.doc.folder()).collect();
    for folder in folders {
        let entries: Vec<&Listed<'_>> = listed.iter().filter(|entry| entry.doc.folder() == folder).collect();
        let docs = project.in_folder(folder).filter(|doc| {
            let facts = doc.facts();
            facts.holds_work && !facts.archived && doc.is_listed() && facts.initiative == doc.path()
        });
        let missing: Vec<Doc<'_>> = docs
            .filter(|doc| !text.contains(name(doc.path())) && doc.path() != index.path())
            .collect();
        // A list that leaves out as much as it holds is none of all.
        let is_list = entries.len() >= ENOUGH && missing.len() < entries.len() && !entries.iter().any(|entry| is_selection(entry.heading));
        let Some(last) = entries.last().filter(|_| is_list) else {
            continue;
        };
        let Some(first) = missing.first() else {
            continue;
        };
        let place = if folder.is_empty() { "the root" } else { folder };
        let names = match missing.len() {
            1..=SHOWN => listed_names(missing.iter().map(|doc| name(doc.path()))),
            more => format!("`{}` and {} others", name(first.path()), more - 1),
        };
        let finding = findings.at(index, last.span, format!("lists the plans of `{place}` and leaves out {names}"));
        // A list of the parts of something else may lie among the plans.
        let is_of_plans = index.document().title.text.to_lowercase().contains("plan");
        // The parts of one undertaking begin alike, and what lies beside them is none of it.
        let word = |doc: &Doc<'_>| doc.stem().split(['-', '_']).next().unwrap_or_default().to_lowercase();
        let theirs: BTreeSet<String> = entries.iter().map(|entry| word(&entry.doc)).collect();
        let is_alike = theirs.len() == 1 && missing.iter().any(|doc| !theirs.contains(&word(doc)));
        let are_of_kind = missing.iter().all(|doc| entries.iter().any(|entry| entry.doc.facts().kind == doc.facts().kind && entry.doc.dialect() == doc.dialect()));
        // A plan may be listed by a name that it does not have any more, which is told as a link.
        let misses = project.find(index.path()).is_some_and(|doc| {
            let mut links = doc.facts().claims.links.iter();
            links.any(|(path, _)| is_markdown(path) && !project.exists(path))
        });
        // What lies elsewhere is listed as far as it matters here.
        let is_below = folder == index.folder() || folder.starts_with(&format!("{}/", index.folder()));
        finding.sure_if(!misses && (is_below || index.folder().is_empty()) && entries.len() >= MANY && missing.len() * 4 <= entries.len() && are_of_kind && !is_alike && is_of_plans);
        finding.help(if missing.len() == 1 { "list it, or say in the heading what is chosen" } else { "list them, or say in the heading what is chosen" });
        for doc in missing.iter().take(SHOWN) {
            finding.label_spot(doc.path(), doc.facts().title, "not listed");
        }
        let lines: Option<Vec<(u32, String)>> = missing.iter().map(|doc| added(index, doc.whole()?, &entries)).collect();
        if let Some(lines) = lines
            && let Some((end, _)) = lines.first()
        {
            let words: String = lines.iter().map(|(_, words)| words.as_str()).collect();
            let title = if lines.len() == 1 { "add a line" } else { "add a line for each" };
            finding.fix = Some(Fix::new(index.path(), title, vec![Edit::insert(*end, words)]));
        }
    }
}

/// A line like the others behind them, where they are all `- [Title](path)` in one list.
fn added(index: &DocumentView, doc: &DocumentView, entries: &[&Listed<'_>]) -> Option<(u32, String)> {
    let first = entries.first()?;
    let last = entries.last()?;
    let title = &doc.document().title;
    let is_plain = |entry: &&Listed<'_>| {
        let line = index.text(index.line_span(entry.line));
        let link = index.text(entry.span);
        entry.heading_line == first.heading_line && link.starts_with('[') && line.len() == link.len() + 2 && line.starts_with(['-', '*', '+'])
    };
    let is_titled = title.line.is_some() && !title.text.contains(['[', ']', '\\']);
    let next = index.text(index.parsed().source.line_span(last.line + 1));
    if !entries.iter().all(is_plain) || !is_titled || next.starts_with([' ', '\t']) {
        return None;
    }
    // Beneath a heading about states only what is in that state belongs.
    let state = doc.document().state.value;
    let fits = match first.claim {
        None => true,
        Some(planwright_model::DocumentState::Done) => state.is_closed(),
        Some(_) => !state.is_closed() && state != planwright_model::DocumentState::Unknown,
    };
    let line = index.line_span(last.line);
    let indented = line.start != index.parsed().source.line_span(last.line).start;
    if !fits || indented {
        return None;
    }
    let marker = &index.text(line)[..1];
    let path = relative(index.folder(), doc.path());
    let dotted = index.text(last.span).contains("](./") && !path.starts_with("..");
    let dot = if dotted { "./" } else { "" };
    let ending = index.parsed().source.line_ending().as_str();
    Some((line.end, format!("{ending}{marker} [{}]({dot}{path})", title.text)))
}
