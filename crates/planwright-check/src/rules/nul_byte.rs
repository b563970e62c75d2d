use planwright_model::Level;
use planwright_syntax::ProblemKind;

use crate::config::Context;
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::reader;
use crate::rule::{Category, Check, Rule, page};

pub(super) static RULE: Rule = Rule {
    code: "PW108",
    name: "nul-byte",
    category: Category::Structure,
    level: Some(Level::Warning),
    reason: "git and most editors take the file for a binary one",
    page: page!("nul-byte"),
    archived: true,
    templates: true,
    check: Check::Document(check),
    ..Rule::DEFAULT
};

fn check(doc: &DocumentView, _: &Context, findings: &mut Findings) {
    reader::problems(doc, ProblemKind::Nul, findings, |_, finding| {
        finding.help("remove the bytes; they show nothing");
    });
}
