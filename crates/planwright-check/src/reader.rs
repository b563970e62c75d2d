//! What the reader already knows, as findings: one source, two faces.
//!
//! The reader reports damage and contradictions inside one file by line, for `show` and `status`.
//! A rule that carries the same name takes it over and adds the exact place.

use planwright_syntax::{ProblemKind, Span};

use crate::document::DocumentView;
use crate::finding::{Finding, Findings};

/// Reports what is wrong with the bytes, of one kind, with the reader's own words; calls `more` to
/// add to each.
pub(crate) fn problems(
    doc: &DocumentView,
    kind: ProblemKind,
    findings: &mut Findings,
    mut more: impl FnMut(Span, &mut Finding),
) {
    let problems = doc.parsed().problems.iter();
    for problem in problems.filter(|problem| problem.kind == kind) {
        let line = doc.line(problem.span.start);
        let help = doc
            .diagnostics(kind.code())
            .find(|(_, at, _, _)| *at == line)
            .and_then(|(_, _, _, help)| help);
        let finding = findings.at(doc, problem.span, problem.message.as_str());
        if let Some(help) = help {
            finding.help(help);
        }
        more(problem.span, finding);
    }
}
