use planwright_model::Level;

use crate::config::Context;
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::precision::{self, Line, modals};
use crate::rule::{Category, Check, Rule, page};

pub(super) static RULE: Rule = Rule {
    code: "PW905",
    name: "compound-requirement",
    category: Category::Prose,
    level: Some(Level::Info),
    dialects: &["archcore"],
    reason: "of two obligations under one number one can hold while the other is broken",
    page: page!("compound-requirement"),
    check: Check::Document(check),
    ..Rule::DEFAULT
};

fn check(doc: &DocumentView, _: &Context, findings: &mut Findings) {
    for (line, block) in precision::lines(doc) {
        if line != Line::Clause {
            continue;
        }
        if let [(first, first_end), (second, second_end), ..] = modals(block.words)[..] {
            let second = block.part(second, second_end);
            let first = block.part(first, first_end);
            let message = format!("a second obligation: `{}` after `{}`", doc.text(second), doc.text(first));
            findings
                .at(doc, second, message)
                .help("give each obligation a number of its own")
                .label(doc, first, "the first");
        }
    }
}
