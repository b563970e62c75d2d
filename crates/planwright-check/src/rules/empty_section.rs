use planwright_model::{DocumentState, Section};

use crate::finding::Findings;
use crate::form::Held;
use crate::rule::{Category, Check, Rule, page};
use crate::text::short;

pub(super) static RULE: Rule = Rule {
    code: "PW118",
    name: "empty-section",
    category: Category::Structure,
    reason: "a heading with nothing below it promises an answer and gives none",
    page: page!("empty-section"),
    check: Check::Form(check),
    ..Rule::DEFAULT
};

/// What fills while the work goes on.
const LATER: [&str; 6] = ["outcomes", "discoveries", "decisions", "progress", "updates", "notes"];

fn check(held: &Held<'_>, findings: &mut Findings) {
    if held.is_given_up() {
        return;
    }
    for rule in held.form.sections.iter().filter(|rule| rule.required) {
        let sections = &held.doc.document().sections;
        // Of several that stand for it, one with words is enough.
        let met = sections.iter().filter(|section| held.form.is_met(rule, section));
        let mut met = met.peekable();
        let Some(first) = met.peek().copied() else {
            continue;
        };
        if met.all(|section| is_empty(held, section)) {
            let message = format!("`{}` is empty", short(&first.title));
            let span = held.doc.line_span(first.line);
            findings
                .at(held.doc, span, message)
                .help("write what belongs there, or say that there is nothing and why");
        }
    }
}

fn is_empty(held: &Held<'_>, section: &Section) -> bool {
    let document = held.doc.document();
    let role = section.role.as_deref().unwrap_or_default();
    let is_open = !document.state.value.is_closed();
    // Placeholders are told where they stand.
    let mut placeholders = document.placeholders.iter();
    // What was weighed is known when it is decided.
    let is_decided = role == "notes" && document.state.value == DocumentState::Approved;
    // `_Empty._` says that there is nothing.
    let mut lines = (section.line + 1..=section.end_line).map(|line| held.doc.text(held.doc.line_span(line)).to_lowercase());
    let says_so = lines.any(|line| matches!(line.trim_matches(|c: char| !c.is_alphanumeric()), "empty" | "none" | "nothing" | "n/a"));
    let holds_nothing = section.empty && !says_so;
    holds_nothing
        && !(is_open && LATER.contains(&role) && !is_decided)
        && !placeholders.any(|one| (section.line..=section.end_line).contains(&one.line))
}
