use planwright_model::RelationType;

use crate::config::Context;
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::rule::{Category, Check, Rule, page};

pub(super) static RULE: Rule = Rule {
    code: "PW306",
    name: "related-code-missing",
    category: Category::References,
    reason: "whoever loads the code with the plan, person or agent, gets less than is promised",
    page: page!("related-code-missing"),
    check: Check::Document(check),
    ..Rule::DEFAULT
};

fn check(doc: &DocumentView, _: &Context, findings: &mut Findings) {
    for relation in &doc.document().relations {
        let target = relation.target.as_str();
        let is_declared = relation.kind == RelationType::Touches && relation.source == "front matter";
        let is_path = !target.contains(char::is_whitespace) && !target.starts_with(['/', '~', '#']) && !target.contains("://");
        if is_declared && is_path && !relation.resolved {
            let span = doc.words_in_line(relation.line, target);
            findings
                .at(doc, span, format!("names `{target}` as its code, which is not there"))
                .help("write the path that the code has now, or remove it");
        }
    }
}
