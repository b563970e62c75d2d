use planwright_model::{DocumentState, RelationType};

use crate::document::DocumentView;
use crate::finding::Findings;
use crate::project::Project;
use crate::rule::{Category, Check, Rule, page};

pub(super) static RULE: Rule = Rule {
    code: "PW306",
    name: "related-code-missing",
    category: Category::References,
    reason: "whoever loads the code with the plan, person or agent, gets less than is promised",
    page: page!("related-code-missing"),
    check: Check::Project(check),
    ..Rule::DEFAULT
};

fn check(project: &Project<'_>, findings: &mut Findings) {
    for doc in project.documents() {
        in_document(project, doc, findings);
    }
}

fn in_document(project: &Project<'_>, doc: &DocumentView, findings: &mut Findings) {
    // What is only proposed names the code that it would write.
    let is_begun = !matches!(doc.document().state.value, DocumentState::Draft | DocumentState::InReview);
    for relation in &doc.document().relations {
        let target = relation.target.as_str();
        let is_declared = relation.kind == RelationType::Touches && relation.source == "front matter";
        let is_path = !target.contains(char::is_whitespace) && !target.starts_with(['/', '~', '#']) && !target.contains("://");
        let was_there = || project.history().is_some_and(|history| history.last_touch(target).is_some());
        if is_declared && is_path && !relation.resolved && (is_begun || was_there()) && !project.is_ignored(target) {
            let span = doc.words_in_line(relation.line, target);
            findings
                .at(doc, span, format!("names `{target}` as its code, which is not there"))
                .help("write the path that the code has now, or remove it");
        }
    }
}
