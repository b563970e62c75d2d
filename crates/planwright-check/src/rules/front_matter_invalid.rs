use planwright_model::Level;
use planwright_syntax::ProblemKind;

use crate::config::Context;
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::reader;
use crate::rule::{Category, Check, Rule, page};

pub(super) static RULE: Rule = Rule {
    code: "PW101",
    name: "front-matter-invalid",
    category: Category::Structure,
    level: Some(Level::Error),
    reason: "tools that read front matter see nothing of this document",
    page: page!("front-matter-invalid"),
    archived: true,
    check: Check::Document(check),
    ..Rule::DEFAULT
};

fn check(doc: &DocumentView, _: &Context, findings: &mut Findings) {
    reader::problems(doc, ProblemKind::FrontMatterInvalid, findings, |_, _| {});
}
