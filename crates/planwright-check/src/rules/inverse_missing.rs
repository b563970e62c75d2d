use std::collections::BTreeSet;

use planwright_model::RelationType;
use planwright_syntax::{FrontMatter, Span};
use planwright_syntax::splice::Edit;
use planwright_syntax::yaml::{Entry, ValueKind};
use planwright_workspace::Resolution;
use planwright_workspace::path::relative;

use crate::document::DocumentView;
use crate::finding::{Findings, Fix};
use crate::project::{Doc, Project, is_markdown};
use crate::rule::{Category, Check, Rule, page};

pub(super) static RULE: Rule = Rule {
    code: "PW308",
    name: "inverse-missing",
    category: Category::References,
    reason: "whoever reads the other document does not learn of this one",
    page: page!("inverse-missing"),
    fixable: true,
    check: Check::Project(check),
    ..Rule::DEFAULT
};

/// A front matter key, and the one that says the same from the other end.
const PAIRS: [(&str, &str); 4] = [
    ("supersedes", "superseded_by"),
    ("superseded_by", "supersedes"),
    ("upstream", "downstream"),
    ("downstream", "upstream"),
];

fn check(project: &Project<'_>, findings: &mut Findings) {
    // A team that never writes the other end has decided not to.
    let used: BTreeSet<&str> = project.docs().flat_map(|doc| doc.facts().claims.ends.iter().map(String::as_str)).collect();
    let is_owed = |key: &str| PAIRS.iter().any(|(own, inverse)| *own == key && used.contains(inverse));
    let is_suspect = |doc: &Doc<'_>| doc.facts().claims.ends.iter().any(|key| is_owed(key));
    let docs: Vec<Doc<'_>> = project.docs().filter(is_suspect).collect();
    findings.in_each(&docs, |doc, findings| in_document(project, doc, &used, findings));
}

/// The keys of a document that name the one or the other end of a relation.
pub(super) fn ends(doc: &DocumentView) -> Vec<String> {
    let ends = keys(doc).filter(|entry| PAIRS.iter().any(|(key, _)| *key == entry.key));
    ends.map(|entry| entry.key.clone()).collect()
}

fn in_document(project: &Project<'_>, doc: &DocumentView, used: &BTreeSet<&str>, findings: &mut Findings) {
    for (key, inverse) in PAIRS {
        let Some(entry) = keys(doc).find(|entry| entry.key == key).filter(|_| used.contains(inverse)) else {
            continue;
        };
        for (target, span) in values(doc, entry) {
            let Some(other) = resolved(project, doc, target).filter(|other| other.path() != doc.path()) else {
                continue;
            };
            // Without front matter it has no place for the field.
            let Some(matter) = other.parsed().front_matter.as_ref().filter(|matter| matter.valid) else {
                continue;
            };
            if other.document().template || names(other, doc) {
                continue;
            }
            let message = format!("`{key}` names `{}`, whose `{inverse}` does not name this document", other.path());
            let finding = findings.at(doc, span, message);
            let back = matter.entries().iter().find(|entry| entry.key == inverse);
            let place = back.map_or_else(|| other.title_span(), |entry| entry.key_span);
            finding.label_in(other.path(), place, "to be named here");
            let Some(word) = name_of(project, doc, other, target) else {
                finding.help(format!("add it to `{inverse}` there"));
                continue;
            };
            finding.help(format!("write `{inverse}: {word}` there"));
            if let Some(edit) = edit(other, back, inverse, &word) {
                finding.fix(Fix::new(other.path(), format!("name it in `{inverse}`"), vec![edit]));
            }
        }
    }
}

fn keys(doc: &DocumentView) -> impl Iterator<Item = &Entry> {
    let matter = doc.parsed().front_matter.iter();
    matter.flat_map(FrontMatter::entries)
}

/// The words of a value, and where each stands.
fn values<'a>(doc: &'a DocumentView, entry: &'a Entry) -> Vec<(&'a str, Span)> {
    let scalar = |value: &'a planwright_syntax::yaml::Value| {
        let text = value.as_str().filter(|text| !text.is_empty())?;
        Some((text, crate::document::trim(&doc.parsed().source, value.span)))
    };
    match &entry.value.kind {
        ValueKind::Scalar(..) => scalar(&entry.value).into_iter().collect(),
        ValueKind::Sequence(all) => all.iter().filter_map(scalar).collect(),
        ValueKind::Mapping(_) => Vec::new(),
    }
}

/// The document that a document means by a name, as its relations were resolved.
fn resolved<'a>(project: &'a Project<'_>, doc: &DocumentView, target: &str) -> Option<&'a DocumentView> {
    let relation = doc.document().relations.iter().find(|relation| relation.target == target && relation.resolved)?;
    project.document(relation.path.as_deref()?)
}

/// True where a document names another in any relation but a mere link: the header counts as well
/// as the front matter.
fn names(from: &DocumentView, to: &DocumentView) -> bool {
    from.document().relations.iter().any(|relation| {
        relation.path.as_deref() == Some(to.path()) && (relation.kind != RelationType::Related || relation.source != "link")
    })
}

/// What to write in a document to name another, in the manner in which that one names it.
fn name_of(project: &Project<'_>, doc: &DocumentView, other: &DocumentView, target: &str) -> Option<String> {
    let ws = project.workspace();
    let document = doc.document();
    let word = if is_markdown(target) {
        if target.contains('/') && project.exists(target) {
            doc.path().to_owned()
        } else {
            relative(other.folder(), doc.path())
        }
    } else {
        let id = document.field("id").next().or_else(|| planwright_dialect::id_of(doc.stem()));
        let name = id.filter(|_| target.contains(|c: char| c.is_ascii_digit())).unwrap_or(&document.reference);
        let means = |name: &str| matches!(ws.resolve(name), Resolution::Document(index) if ws.entry(index).path == doc.path());
        means(name).then(|| name.to_owned())?
    };
    // Without a letter it could be a number or a date.
    let is_plain = word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '/'))
        && word.contains(|c: char| c.is_ascii_alphabetic())
        && !word.starts_with('-');
    is_plain.then_some(word)
}

/// Adds a word to a field of the front matter, or the field with the word in it.
fn edit(other: &DocumentView, back: Option<&Entry>, key: &str, word: &str) -> Option<Edit> {
    let source = &other.parsed().source;
    let matter = other.parsed().front_matter.as_ref()?;
    let ending = source.line_ending().as_str();
    let Some(entry) = back else {
        // Below the last line of the mapping.
        return Some(Edit::insert(matter.inner.end, format!("{key}: {word}{ending}")))
            .filter(|_| other.text(matter.inner).ends_with('\n'));
    };
    let text = other.text(entry.value.span);
    match &entry.value.kind {
        ValueKind::Scalar(..) if entry.value.is_null() || entry.value.as_str() == Some("") => {
            let line = source.line_span(source.line(entry.key_span.start));
            let rest = &other.text(line)[(entry.key_span.end - line.start) as usize..];
            // A remark behind the colon stays where it is.
            if rest.contains('#') {
                return None;
            }
            let place = Span::new(entry.key_span.end as usize, entry.key_span.end as usize + rest.trim_end().len());
            Some(Edit::replace(place, format!(": {word}")))
        }
        ValueKind::Sequence(all) if text.starts_with('[') => {
            let close = entry.value.span.start + text.rfind(']')? as u32;
            let comma = if all.is_empty() { "" } else { ", " };
            Some(Edit::insert(close, format!("{comma}{word}")))
        }
        ValueKind::Sequence(all) => {
            let last = crate::document::trim(source, all.last()?.span);
            let line = source.line_span(source.line(last.start));
            let before = other.text(Span::new(line.start as usize, last.start as usize));
            let is_plain = before.trim() == "-" && source.line(last.end) == source.line(last.start);
            let rest = other.text(Span::new(last.end as usize, line.end as usize));
            (is_plain && rest.trim().is_empty()).then(|| Edit::insert(last.end, format!("{ending}{before}{word}")))
        }
        _ => None,
    }
}
