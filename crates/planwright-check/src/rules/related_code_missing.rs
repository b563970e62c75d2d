use planwright_model::{DocumentState, RelationType};
use planwright_syntax::splice::Edit;
use planwright_workspace::path::{join, relative};
use serde::{Deserialize, Serialize};

use crate::document::DocumentView;
use crate::facts::Pointer;
use crate::finding::{Findings, Fix, Spot};
use crate::paths::moved;
use crate::project::{Doc, Project};
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
    for doc in project.docs() {
        // What is only proposed names the code that it would write.
        let is_begun = !matches!(doc.facts().state, DocumentState::Draft | DocumentState::InReview);
        let claims = &doc.facts().claims.declared_code;
        let relations = claims.iter().map(|claim| claim.pointer.relation());
        let resolved = project.workspace().resolved(doc.path(), relations);
        for (claim, relation) in claims.iter().zip(resolved) {
            let target = relation.target.as_str();
            let was_there = || project.history().is_some_and(|history| history.last_touch(target).is_some());
            if !relation.resolved && (is_begun || was_there()) && !project.is_ignored(target) {
                report(project, &doc, claim, findings);
            }
        }
    }
}

/// Code that the front matter declares.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct DeclaredCode {
    pointer: Pointer,
    spot: Spot,
    /// It stands there as it is meant.
    is_plain: bool,
}

impl DeclaredCode {
    pub(super) fn of(doc: &DocumentView) -> Vec<Self> {
        let relations = doc.document().relations.iter();
        let declared = relations.filter(|relation| {
            let target = relation.target.as_str();
            let is_declared = relation.kind == RelationType::Touches && relation.source == "front matter";
            is_declared && !target.contains(char::is_whitespace) && !target.starts_with(['/', '~', '#']) && !target.contains("://")
        });
        declared
            .map(|relation| {
                let span = doc.words_in_line(relation.line, &relation.target);
                Self {
                    pointer: Pointer::of(relation),
                    spot: doc.spot(span),
                    is_plain: doc.text(span) == relation.target,
                }
            })
            .collect()
    }
}

fn report(project: &Project<'_>, doc: &Doc<'_>, claim: &DeclaredCode, findings: &mut Findings) {
    let target = claim.pointer.target.as_str();
    let message = format!("names `{target}` as its code, which is not there");
    let finding = findings.at_spot(doc.path(), claim.spot, message);
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
    if claim.is_plain {
        let edit = Edit::replace(claim.spot.span(), found.clone());
        finding.fix(Fix::new(doc.path(), format!("write `{found}`"), vec![edit]));
    }
}
