//! What the reader already knows, as findings: one source, two faces.
//!
//! The reader reports damage and contradictions inside one file by line, for `show` and `status`.
//! A rule that carries the same name takes it over and adds the exact place.

use planwright_model::Diagnostic;
use planwright_syntax::{ProblemKind, Span};

use crate::document::{DocumentView, trim};
use crate::finding::{Finding, Findings};
use crate::project::Project;
use crate::rule::Rule;

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

/// Reports what is wrong with files that are no documents, of the kind that a rule is named after.
pub(crate) fn of_files(
    project: &Project<'_>,
    rule: &Rule,
    diagnostics: &[(String, Diagnostic)],
    findings: &mut Findings,
) {
    for (path, found) in diagnostics
        .iter()
        .filter(|(_, found)| found.code == rule.name)
    {
        let span = project.file(path).map_or_else(Span::default, |file| {
            trim(&file.source, file.source.line_span(found.line))
        });
        let finding = findings.in_file(path, span, found.message.as_str());
        if let Some(help) = &found.help {
            finding.help(help.as_str());
        }
    }
}
