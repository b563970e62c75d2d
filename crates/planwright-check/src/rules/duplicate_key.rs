use planwright_syntax::splice::Edit;
use planwright_syntax::yaml::{Entry, Value};
use planwright_syntax::{ProblemKind, Span};

use crate::config::Context;
use crate::document::DocumentView;
use crate::finding::{Findings, Fix};
use crate::reader;
use crate::rule::{Category, Check, Rule, page};

pub(super) static RULE: Rule = Rule {
    code: "PW102",
    name: "duplicate-key",
    category: Category::Structure,
    reason: "which of the two values counts depends on who reads them",
    page: page!("duplicate-key"),
    fixable: true,
    archived: true,
    check: Check::Document(check),
    ..Rule::DEFAULT
};

fn check(doc: &DocumentView, _: &Context, findings: &mut Findings) {
    let Some(matter) = &doc.parsed().front_matter else {
        return;
    };
    reader::problems(doc, ProblemKind::DuplicateKey, findings, |span, finding| {
        let Some((first, second)) = pair(&matter.value, span) else {
            return;
        };
        finding.label(doc, first.key_span, "first here");
        let values = [first, second].map(|entry| doc.text(entry.value.span).trim());
        if values[0] == values[1] {
            finding.help("both say the same; one of them is enough");
            finding.fix(Fix::new(
                doc.path(),
                "remove the second",
                vec![Edit::replace(lines(doc, second), "")],
            ));
        } else {
            finding.help("keep the one that holds, and remove the other");
        }
    });
}

/// The entry whose key stands at a place, and the first of the same name beside it.
fn pair(value: &Value, key: Span) -> Option<(&Entry, &Entry)> {
    let entries = value.entries();
    if let Some(second) = entries.iter().find(|entry| entry.key_span == key) {
        let first = entries.iter().find(|entry| entry.key == second.key)?;
        return Some((first, second));
    }
    entries.iter().find_map(|entry| pair(&entry.value, key))
}

/// The lines of an entry, with the ending of the last.
fn lines(doc: &DocumentView, entry: &Entry) -> Span {
    let source = &doc.parsed().source;
    let last = entry.key_span.end.max(entry.value.span.end).saturating_sub(1);
    let start = source.line_span(source.line(entry.key_span.start)).start;
    let next = source.line(last) + 1;
    let end = if next > source.line_count() {
        source.text().len() as u32
    } else {
        source.line_span(next).start
    };
    Span { start, end }
}
