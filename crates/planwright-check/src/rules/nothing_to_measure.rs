use planwright_model::{DocumentState, ItemRole};

use crate::finding::Findings;
use crate::form::held;
use crate::rule::{Category, Check, Rule, page};

pub(super) static RULE: Rule = Rule {
    code: "PW120",
    name: "nothing-to-measure",
    category: Category::Structure,
    reason: "without a single step nobody can say how far the work is",
    page: page!("nothing-to-measure"),
    check: Check::Project(check),
    ..Rule::DEFAULT
};

fn check(project: &crate::Project<'_>, findings: &mut Findings) {
    for held in held(project) {
        let document = held.doc.document();
        let state = document.state.value;
        // What is not begun or is over need not be measured.
        if state == DocumentState::Draft || state.is_closed() || !held.is_written_in_its_form() {
            continue;
        }
        let owed = held.form.holds.iter().find(|role| {
            !document.items.iter().any(|item| item.role == **role)
        });
        let Some(role) = owed else {
            continue;
        };
        let noun = match role {
            ItemRole::Task => "task",
            ItemRole::Check => "check",
            _ => "item",
        };
        let section = held.form.sections.iter().find(|section| section.items && section.holds.contains(role));
        let section = section.and_then(|rule| rule.find(&document.sections));
        let finding = findings.at(
            held.doc,
            section.map_or_else(|| held.doc.title_span(), |section| held.doc.line_span(section.line)),
            format!("holds no {noun}, so nothing can be measured"),
        );
        finding.help(format!("write each {noun} as `- [ ] what is to be done`"));
    }
}
