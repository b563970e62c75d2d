use planwright_model::Level;

use crate::finding::Findings;
use crate::project::Project;
use crate::reader;
use crate::rule::{Category, Check, Rule, page};

pub(super) static RULE: Rule = Rule {
    code: "PW110",
    name: "dialect-invalid",
    category: Category::Structure,
    level: Some(Level::Error),
    reason: "a dialect that cannot be read is left out, and its documents are read in another",
    page: page!("dialect-invalid"),
    check: Check::Project(check),
    ..Rule::DEFAULT
};

fn check(project: &Project<'_>, findings: &mut Findings) {
    let all = project.workspace().dialect_diagnostics();
    reader::of_files(project, &RULE, all, findings);
}
