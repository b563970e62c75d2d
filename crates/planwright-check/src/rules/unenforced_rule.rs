use planwright_model::Level;
use planwright_syntax::Span;

use crate::config::Context;
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::precision::{self, Line};
use crate::rule::{Category, Check, Rule, page};

pub(super) static RULE: Rule = Rule {
    code: "PW910",
    name: "unenforced-rule",
    category: Category::Prose,
    level: Some(Level::Info),
    dialects: &["archcore"],
    reason: "a rule that nothing checks, or that no file is under, is kept by chance",
    page: page!("unenforced-rule"),
    check: Check::Document(check),
    ..Rule::DEFAULT
};

fn check(doc: &DocumentView, _: &Context, findings: &mut Findings) {
    let document = doc.document();
    if document.kind != "rule" || !precision::is_asked(doc) {
        return;
    }
    let lines = precision::lines(doc);
    let clauses: Vec<_> = lines.iter().filter(|(line, _)| *line == Line::Clause).collect();
    let names_place = clauses.iter().any(|(_, block)| {
        // What stands around the clauses in their section holds for all of them.
        let line = doc.line(block.span.start);
        let mut sections = document.sections.iter().rev();
        let home = sections.find(|section| (section.line..=section.end_line).contains(&line));
        let text = home.map_or(block.span, |section| Span {
            start: doc.line_span(section.line).start,
            end: doc.line_span(section.end_line).end,
        });
        names_path(doc.text(text))
    });
    if let Some((_, first)) = clauses.first()
        && !names_place
    {
        findings
            .at(
                doc,
                doc.line_span(doc.line(first.span.start)),
                "no clause of this rule names a file, a folder or a pattern that it holds for",
            )
            .help("name the place: `src/http/**`, `@src/store.rs`, `applies to ...`");
    }
    let sections = document.sections.iter();
    let mut enforcement = sections.filter(|section| section.title.starts_with("Enforcement"));
    if let Some(section) = enforcement.next() {
        let text = doc.text(Span {
            start: doc.line_span(section.line).end,
            end: doc.line_span(section.end_line).end,
        });
        let lower = text.to_lowercase();
        let names_check = text.contains('`')
            || has_reference(text)
            || ["review", "lint", "test", " ci ", "hook", "compiler"].iter().any(|word| lower.contains(word));
        if !text.trim().is_empty() && !names_check {
            findings
                .at(doc, doc.line_span(section.line), "names nothing that checks the rule")
                .help("name the hook, lint, test or CI step, or write `manual review`");
        }
    }
}

/// A path or pattern in code, an `@path`, or words that tell a scope.
fn names_path(text: &str) -> bool {
    let mut code = text.split('`').skip(1).step_by(2);
    let lower = text.to_lowercase();
    code.any(|code| code.contains(['/', '.', '*']))
        || has_reference(text)
        || ["applies to", "применяется к"].iter().any(|words| lower.contains(words))
}

fn has_reference(text: &str) -> bool {
    let mut words = text.split_whitespace();
    words.any(|word| word.trim_start_matches(['(', '[']).starts_with('@') && word.len() > 2)
}
