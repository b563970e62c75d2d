use planwright_model::Level;

use crate::config::Context;
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::rule::{Category, Check, Rule, page};

pub(super) static RULE: Rule = Rule {
    code: "PW111",
    name: "board-invalid",
    category: Category::Structure,
    level: Some(Level::Error),
    reason: "a board that cannot be read has no tasks",
    page: page!("board-invalid"),
    archived: true,
    templates: true,
    check: Check::Document(check),
    ..Rule::DEFAULT
};

fn check(doc: &DocumentView, _: &Context, findings: &mut Findings) {
    for (_, line, message, _) in doc.diagnostics(RULE.name) {
        findings
            .at(doc, doc.line_span(line), message)
            .help("restore the file from git, or let the tool that owns it write it anew");
    }
}
