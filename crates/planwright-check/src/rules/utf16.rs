use planwright_model::Level;
use planwright_syntax::ProblemKind;

use crate::config::Context;
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::reader;
use crate::rule::{Category, Check, Rule, page};

pub(super) static RULE: Rule = Rule {
    code: "PW107",
    name: "utf16",
    category: Category::Structure,
    level: Some(Level::Error),
    reason: "nothing of the document can be read",
    page: page!("utf16"),
    archived: true,
    templates: true,
    check: Check::Document(check),
    ..Rule::DEFAULT
};

fn check(doc: &DocumentView, _: &Context, findings: &mut Findings) {
    reader::problems(doc, ProblemKind::Utf16, findings, |_, finding| {
        finding.help.get_or_insert_with(|| "save the file as UTF-8".to_owned());
    });
}
