use planwright_model::Level;
use planwright_syntax::ProblemKind;

use crate::config::Context;
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::reader;
use crate::rule::{Category, Check, Rule, page};

pub(super) static RULE: Rule = Rule {
    code: "PW113",
    name: "front-matter-unclosed",
    category: Category::Structure,
    level: Some(Level::Error),
    reason: "the fields count as text, and no tool finds them",
    page: page!("front-matter-unclosed"),
    archived: true,
    templates: true,
    check: Check::Document(check),
    ..Rule::DEFAULT
};

fn check(doc: &DocumentView, _: &Context, findings: &mut Findings) {
    reader::problems(doc, ProblemKind::FrontMatterUnclosed, findings, |_, _| {});
}
