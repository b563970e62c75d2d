use planwright_dialect::template::SectionRule;

use crate::finding::Findings;
use crate::form::{Held, listed};
use crate::rule::{Category, Check, Rule, page};

pub(super) static RULE: Rule = Rule {
    code: "PW117",
    name: "missing-section",
    category: Category::Structure,
    reason: "what a section of the form asks is a question that the document leaves open",
    page: page!("missing-section"),
    check: Check::Form(check),
    ..Rule::DEFAULT
};

fn check(held: &Held<'_>, findings: &mut Findings) {
    let document = held.doc.document();
    let missing: Vec<&SectionRule> = held.form.missing_sections(document).collect();
    let Some(first) = missing.first() else {
        return;
    };
    if held.is_given_up() || !held.is_written_in_its_form() {
        return;
    }
    let names = listed(missing.iter().map(|rule| rule.title.as_str()));
    let (noun, verb) = if missing.len() == 1 { ("section", "is") } else { ("sections", "are") };
    let message = format!("lacks the {noun} {names}, which {verb} owed by a document of its kind");
    let help = format!("add `{} {}`{}", "#".repeat(usize::from(first.level)), first.title, place(held, first));
    let span = held.doc.title_span();
    findings.at(held.doc, span, message).help(help);
}

/// Where a section belongs: behind the one that the form has before it, else before the one that it
/// has behind it.
fn place(held: &Held<'_>, missing: &SectionRule) -> String {
    let sections = &held.doc.document().sections;
    let rules = &held.form.sections;
    let find = |rule: &SectionRule| {
        let section = rule.find(sections).filter(|_| rule.level == missing.level)?;
        Some((section.title.as_str(), section.line))
    };
    let before = rules.iter().take_while(|rule| rule.line < missing.line);
    if let Some((title, line)) = before.filter_map(find).last() {
        return format!(" behind `{title}` (line {line})");
    }
    let mut behind = rules.iter().skip_while(|rule| rule.line <= missing.line);
    match behind.find_map(find) {
        Some((title, line)) => format!(" before `{title}` (line {line})"),
        None => String::new(),
    }
}
