use planwright_model::Level;
use planwright_syntax::ProblemKind;

use crate::config::Context;
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::reader;
use crate::rule::{Category, Check, Rule, page};

pub(super) static RULE: Rule = Rule {
    code: "PW109",
    name: "mojibake",
    category: Category::Structure,
    level: Some(Level::Info),
    reason: "whoever reads the document guesses what the characters were",
    page: page!("mojibake"),
    archived: true,
    templates: true,
    check: Check::Document(check),
    ..Rule::DEFAULT
};

fn check(doc: &DocumentView, _: &Context, findings: &mut Findings) {
    reader::problems(doc, ProblemKind::Mojibake, findings, |_, finding| {
        finding.help("write the character that was meant");
    });
}
