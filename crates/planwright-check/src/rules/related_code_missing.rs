use planwright_model::{DocumentState, RelationType};
use planwright_syntax::splice::Edit;
use planwright_workspace::path::{join, relative};

use crate::document::DocumentView;
use crate::finding::{Findings, Fix};
use crate::paths::moved;
use crate::project::Project;
use crate::rule::{Category, Check, Rule, page};

pub(super) static RULE: Rule = Rule {
    code: "PW306",
    name: "related-code-missing",
    category: Category::References,
    reason: "whoever loads the code with the plan, person or agent, gets less than is promised",
    page: page!("related-code-missing"),
    fixable: true,
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
            report(project, doc, relation.line, target, findings);
        }
    }
}

fn report(project: &Project<'_>, doc: &DocumentView, line: u32, target: &str, findings: &mut Findings) {
    let span = doc.words_in_line(line, target);
    let finding = findings.at(doc, span, format!("names `{target}` as its code, which is not there"));
    let folder = doc.folder();
    let from = |folder: &str| moved(project, &join(folder, target.trim_end_matches('/'))?);
    let found = from("")
        .or_else(|| from(folder).map(|(found, how)| (relative(folder, &found), how)));
    let Some((mut found, how)) = found else {
        finding.help("write the path that the code has now, or remove it");
        return;
    };
    finding.help(how);
    if target.ends_with('/') {
        found.push('/');
    }
    if doc.text(span) == target {
        let edit = Edit::replace(span, found.clone());
        finding.fix(Fix::new(doc.path(), format!("write `{found}`"), vec![edit]));
    }
}
