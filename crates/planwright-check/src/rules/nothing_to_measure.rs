use planwright_model::{DocumentState, ItemRole};

use crate::finding::Findings;
use crate::form::Held;
use crate::rule::{Category, Check, Rule, page};

pub(super) static RULE: Rule = Rule {
    code: "PW120",
    name: "nothing-to-measure",
    category: Category::Structure,
    reason: "without a single step nobody can say how far the work is",
    page: page!("nothing-to-measure"),
    check: Check::Form(check),
    ..Rule::DEFAULT
};

fn check(held: &Held<'_>, findings: &mut Findings) {
    let document = held.doc.document();
    let state = document.state.value;
    // What is not begun or is over need not be measured.
    if state == DocumentState::Draft || state.is_closed() || !held.is_written_in_its_form() {
        return;
    }
    let owed = held.form.holds.iter().find(|role| {
        !document.items.iter().any(|item| item.role == **role)
    });
    let Some(role) = owed else {
        return;
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
