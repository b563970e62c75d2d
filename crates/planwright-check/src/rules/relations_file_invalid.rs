use planwright_model::Level;

use crate::finding::Findings;
use crate::project::Project;
use crate::reader;
use crate::rule::{Category, Check, Rule, page};

pub(super) static RULE: Rule = Rule {
    code: "PW112",
    name: "relations-file-invalid",
    category: Category::Structure,
    level: Some(Level::Error),
    reason: "relations that cannot be read are in no graph, and nobody misses them",
    page: page!("relations-file-invalid"),
    check: Check::Project(check),
    ..Rule::DEFAULT
};

fn check(project: &Project<'_>, findings: &mut Findings) {
    let all = project.workspace().relation_diagnostics();
    reader::of_files(project, &RULE, all, findings);
}
