use planwright_model::Level;
use planwright_syntax::splice::Edit;
use planwright_syntax::{LineEnding, ProblemKind, Span};

use crate::config::Context;
use crate::document::DocumentView;
use crate::finding::{Findings, Fix};
use crate::reader;
use crate::rule::{Category, Check, Rule, page};

pub(super) static RULE: Rule = Rule {
    code: "PW104",
    name: "mixed-line-endings",
    category: Category::Structure,
    level: Some(Level::Info),
    reason: "an editor that settles on one line ending changes lines that nobody touched",
    page: page!("mixed-line-endings"),
    fixable: true,
    archived: true,
    templates: true,
    check: Check::Document(check),
    ..Rule::DEFAULT
};

fn check(doc: &DocumentView, _: &Context, findings: &mut Findings) {
    let kind = ProblemKind::MixedLineEndings;
    reader::problems(doc, kind, findings, |_, finding| {
        let name = match doc.parsed().source.line_ending() {
            LineEnding::Lf => "LF",
            LineEnding::CrLf => "CRLF",
        };
        finding.help(format!("end every line in {name}, as most do"));
        let title = format!("end every line in {name}");
        finding.fix(Fix::new(doc.path(), title, edits(doc)));
    });
}

/// Gives the rare line endings the form of the others.
fn edits(doc: &DocumentView) -> Vec<Edit> {
    let bytes = doc.parsed().source.bytes();
    let most = doc.parsed().source.line_ending();
    let ends = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
    ends.filter_map(|(at, _)| {
        let is_crlf = at > 0 && bytes[at - 1] == b'\r';
        match most {
            LineEnding::Lf if is_crlf => Some(Edit::replace(Span::new(at - 1, at), "")),
            LineEnding::CrLf if !is_crlf => Some(Edit::insert(at as u32, "\r")),
            _ => None,
        }
    })
    .collect()
}
