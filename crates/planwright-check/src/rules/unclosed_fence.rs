use planwright_syntax::ProblemKind;

use crate::config::Context;
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::form::is_for_agents;
use crate::reader;
use crate::rule::{Category, Check, Rule, page};

pub(super) static RULE: Rule = Rule {
    code: "PW103",
    name: "unclosed-fence",
    category: Category::Structure,
    reason: "all headings and tasks below an open fence are code, and nobody counts them",
    page: page!("unclosed-fence"),
    archived: true,
    check: Check::Document(check),
    ..Rule::DEFAULT
};

fn check(doc: &DocumentView, _: &Context, findings: &mut Findings) {
    if is_for_agents(doc.path()) {
        return;
    }
    reader::problems(doc, ProblemKind::UnclosedFence, findings, |_, _| {});
}
