//! Documents that list others under headings: `Active Plans`, `Completed`.

use planwright_model::{Document, DocumentState};
use planwright_syntax::{Kind, Parsed, Span, links};
use planwright_workspace::path;

use crate::document::DocumentView;
use crate::project::{Doc, Project, is_markdown};

/// A line of a document that lists another one.
#[derive(Clone, Debug)]
pub(crate) struct Listed<'a> {
    /// What is listed.
    pub(crate) doc: Doc<'a>,
    /// The link or path that names it.
    pub(crate) span: Span,
    pub(crate) line: u32,
    /// The title of the heading above.
    pub(crate) heading: &'a str,
    /// Line of that heading.
    pub(crate) heading_line: u32,
    /// What the heading says of all that is listed beneath: active, done or draft.
    pub(crate) claim: Option<DocumentState>,
}

/// A line that names a Markdown file as one entry of a list or table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// The path as it is written.
    pub written: &'a str,
    /// The link or code span that names it.
    pub span: Span,
    /// Its line.
    pub line: u32,
    /// The title of the heading above.
    pub heading: &'a str,
    /// Line of that heading; 0 where there is none.
    pub heading_line: u32,
    /// What the heading says of all that is listed beneath: active or done.
    pub claim: Option<DocumentState>,
}

/// The entries of a document, one a line; what stands further behind in a line is a remark about the
/// first that `is_meant` takes.
pub fn entries<'a>(
    parsed: &'a Parsed,
    document: &'a Document,
    is_meant: &dyn Fn(&str) -> bool,
) -> Vec<Entry<'a>> {
    let mut found: Vec<Entry<'a>> = Vec::new();
    for (written, span) in named(parsed) {
        let line = parsed.source.line(span.start);
        if found.last().is_some_and(|last| last.line == line) || !is_meant(written) {
            continue;
        }
        let heading = document
            .sections
            .iter()
            .rev()
            .find(|section| section.line < line);
        let above = heading.filter(|section| section.level > 1);
        found.push(Entry {
            written,
            span,
            line,
            heading: heading.map_or("", |section| section.title.as_str()),
            heading_line: heading.map_or(0, |section| section.line),
            claim: above.and_then(|section| claim(&section.title)),
        });
    }
    found
}

/// What is named in lines that may be entries of a list, and where.
fn named(parsed: &Parsed) -> Vec<(&str, Span)> {
    let links = links::of(parsed)
        .filter(|link| !link.image)
        .map(|link| (link.destination, link.span));
    let nodes = parsed.tree.nodes().iter();
    let spans = nodes.filter(|node| node.kind == Kind::Code).map(|node| {
        let text = parsed.text(node.span);
        (text.trim_matches('`'), node.span)
    });
    let mut named: Vec<(&str, Span)> = links
        .chain(spans.filter(|(path, _)| path.contains('/')))
        .collect();
    named.sort_by_key(|(_, span)| *span);
    named.retain(|(_, span)| {
        let line = parsed.source.line(span.start);
        let text = parsed.source.line_text(line).trim_start();
        text.starts_with(['-', '*', '+', '|', '#'])
            || text.starts_with(|c: char| c.is_ascii_digit())
    });
    named
}

/// The documents that list others.
pub(crate) fn lists<'a>(project: &'a Project<'_>) -> Vec<Doc<'a>> {
    let is_list = |doc: &Doc<'a>| {
        let leads = doc.facts().claims.leads.iter();
        let mut docs = leads.filter_map(|path| project.find(path));
        docs.any(|listed| listed.facts().holds_work && listed.path() != doc.path())
    };
    project.docs().filter(is_list).collect()
}

/// Where the entries of a document lead that may be documents; none for a plan.
pub(crate) fn leads(index: &DocumentView) -> Vec<String> {
    if !may_list(index) {
        return Vec::new();
    }
    let written = named(index.parsed()).into_iter();
    let mut places: Vec<String> = written
        .filter_map(|(written, _)| places(index.path(), written))
        .flatten()
        .collect();
    places.sort_unstable();
    places.dedup();
    places
}

/// False for a plan, which may name others in its tasks, and for a form.
fn may_list(index: &DocumentView) -> bool {
    let document = index.document();
    !document.holds_work() && !document.template
}

/// The plans that a document lists, one a line; none for a plan.
pub(crate) fn listed<'a>(project: &'a Project<'_>, index: &'a DocumentView) -> Vec<Listed<'a>> {
    if !may_list(index) {
        return Vec::new();
    }
    let is_meant = |written: &str| target(project, index, written).is_some();
    let found = entries(index.parsed(), index.document(), &is_meant).into_iter();
    let listed = found.filter_map(|entry| {
        Some(Listed {
            doc: target(project, index, entry.written)?,
            span: entry.span,
            line: entry.line,
            heading: entry.heading,
            heading_line: entry.heading_line,
            claim: entry.claim,
        })
    });
    listed.collect()
}

/// The document that an entry names, where it holds work.
fn target<'a>(project: &'a Project<'_>, index: &DocumentView, written: &str) -> Option<Doc<'a>> {
    let mut places = places(index.path(), written)?.into_iter();
    let doc = places.find_map(|place| project.find(&place))?;
    (doc.facts().holds_work && doc.path() != index.path()).then_some(doc)
}

/// The paths that an entry of a document may mean: from its folder, then from the root. `None` for
/// what is no path of a Markdown file.
pub fn places(index: &str, written: &str) -> Option<Vec<String>> {
    let path = written
        .split(['#', '?'])
        .next()
        .filter(|path| is_markdown(path) && !path.contains("://"))?;
    let path = path::decode(path);
    let mut places = vec![path::join(path::parent(index), &path)?];
    places.extend(path::join("", &path));
    places.dedup();
    Some(places)
}

/// True for the name of a file that lists what lies beside or below it.
pub fn is_index_name(stem: &str) -> bool {
    const NAMES: [&str; 6] = ["index", "readme", "plans", "contents", "toc", "overview"];
    NAMES.contains(&stem.to_lowercase().as_str())
}

/// True for a heading that does not promise all.
pub fn is_selection(heading: &str) -> bool {
    let lower = heading.to_lowercase();
    [
        "recent",
        "selected",
        "example",
        "highlight",
        "important",
        "key ",
        "see also",
        "related",
        "reference",
        "next",
    ]
    .iter()
    .any(|word| lower.contains(word))
}

/// What a heading says of the plans beneath it, where it says nothing else.
pub fn claim(heading: &str) -> Option<DocumentState> {
    let lower = heading.to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    if words.len() > 4 {
        return None;
    }
    let has = |any: &[&str]| words.iter().any(|word| any.contains(word));
    let is_active = has(&["active", "ongoing"])
        || lower.contains("in progress")
        || lower.contains("in-progress");
    let is_done = has(&[
        "completed",
        "complete",
        "done",
        "finished",
        "archived",
        "shipped",
        "closed",
    ]);
    match (is_active, is_done) {
        // `Active and completed plans`, `Not done`
        (true, true) => None,
        _ if has(&[
            "not",
            "non",
            "when",
            "how",
            "by",
            "of",
            "criteria",
            "definition",
        ]) =>
        {
            None
        }
        (true, false) => Some(DocumentState::Active),
        (false, true) => Some(DocumentState::Done),
        (false, false) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_say_how_far_plans_are() {
        for (heading, expected) in [
            ("Active Plans", Some(DocumentState::Active)),
            ("In Progress", Some(DocumentState::Active)),
            ("✅ Completed", Some(DocumentState::Done)),
            ("Recently Completed Plans", Some(DocumentState::Done)),
            ("Active and completed plans", None),
            ("Definition of Done", None),
            ("Plans", None),
        ] {
            assert_eq!(claim(heading), expected, "{heading}");
        }
    }
}
