//! Documents that list others under headings: `Active Plans`, `Completed`.

use planwright_model::DocumentState;
use planwright_syntax::{Kind, Span};
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

/// The plans that a document lists, one a line; none for a plan, which may name others in its tasks.
pub(crate) fn listed<'a>(project: &'a Project<'_>, index: &'a DocumentView) -> Vec<Listed<'a>> {
    let document = index.document();
    let mut found: Vec<Listed<'a>> = Vec::new();
    for (written, span) in entries(index) {
        let line = index.line(span.start);
        // What stands further behind is a remark about the first.
        if found.last().is_some_and(|last| last.line == line) {
            continue;
        }
        let Some(doc) = target(project, index, written) else {
            continue;
        };
        let heading = document
            .sections
            .iter()
            .rev()
            .find(|section| section.line < line);
        let above = heading.filter(|section| section.level > 1);
        found.push(Listed {
            doc,
            span,
            line,
            heading: heading.map_or("", |section| section.title.as_str()),
            heading_line: heading.map_or(0, |section| section.line),
            claim: above.and_then(|section| claim(&section.title)),
        });
    }
    found
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
    let written = entries(index).into_iter();
    let mut places: Vec<String> = written
        .flat_map(|(written, _)| places(index, written))
        .collect();
    places.sort_unstable();
    places.dedup();
    places
}

/// What is named in lines that may be entries of a list, and where.
fn entries(index: &DocumentView) -> Vec<(&str, Span)> {
    let document = index.document();
    if document.holds_work() || document.template {
        return Vec::new();
    }
    let links = index
        .links()
        .filter(|link| !link.image)
        .map(|link| (link.destination, link.span));
    let nodes = index.parsed().tree.nodes().iter();
    let spans = nodes.filter(|node| node.kind == Kind::Code).map(|node| {
        let text = index.text(node.span);
        (text.trim_matches('`'), node.span)
    });
    let mut named: Vec<(&str, Span)> = links
        .chain(spans.filter(|(path, _)| path.contains('/')))
        .collect();
    named.sort_by_key(|(_, span)| *span);
    named.retain(|(_, span)| {
        let text = index.text(index.line_span(index.line(span.start)));
        text.starts_with(['-', '*', '+', '|', '#'])
            || text.starts_with(|c: char| c.is_ascii_digit())
    });
    named
}

/// The document that an entry names, where it holds work.
fn target<'a>(project: &'a Project<'_>, index: &DocumentView, written: &str) -> Option<Doc<'a>> {
    let doc = places(index, written).find_map(|place| project.find(&place))?;
    (doc.facts().holds_work && doc.path() != index.path()).then_some(doc)
}

/// Where a document may lie that is named: from the folder, and from the root.
fn places(index: &DocumentView, written: &str) -> impl Iterator<Item = String> {
    let path = written
        .split(['#', '?'])
        .next()
        .filter(|path| is_markdown(path))
        .map(|path| path::decode(path).into_owned());
    let from = |folder: &str| path::join(folder, path.as_ref()?);
    let places = [from(index.folder()), from("")];
    places.into_iter().flatten()
}

/// What a heading says of the plans beneath it, where it says nothing else.
pub(crate) fn claim(heading: &str) -> Option<DocumentState> {
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
