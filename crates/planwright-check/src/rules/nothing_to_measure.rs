use planwright_model::{DocumentState, ItemRole};

use crate::finding::Findings;
use crate::form::{Held, is_put_away};
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
    // Boxes that are no list items are read by people all the same.
    let has_boxes = held.doc.parsed().source.text().lines().any(|line| {
        let line = line.trim_start_matches([' ', '\t', '-', '*', '+', '|']).to_lowercase();
        line.starts_with("[x]") || line.starts_with("[ ]") || line.starts_with("[completed]")
    });
    // The tasks may be kept where the issues are.
    let has_issue = held.doc.links().any(|link| link.destination.contains("/issues/") || link.destination.contains("/browse/"));
    finding.sure_if(!has_issue && state == DocumentState::Active && !has_boxes && !is_put_away(held.doc.folder()));
}
