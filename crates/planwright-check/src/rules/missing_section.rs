use planwright_dialect::template::SectionRule;

use crate::finding::Findings;
use crate::form::{Held, is_put_away, listed};
use crate::rule::{Category, Check, Rule, page};

pub(super) static RULE: Rule = Rule {
    code: "PW117",
    name: "missing-section",
    category: Category::Structure,
    reason: "what a section of the form asks is a question that the document leaves open",
    page: page!("missing-section"),
    folds: true,
    check: Check::Form(check),
    ..Rule::DEFAULT
};

fn check(held: &Held<'_>, findings: &mut Findings) {
    let document = held.doc.document();
    let missing: Vec<&SectionRule> = held.form.missing_sections(document).collect();
    let Some(first) = missing.first() else {
        return;
    };
    // What is over owes nothing more, unless a tool of the team's own asks.
    let is_over = document.state.value.is_closed() || is_put_away(held.doc.folder());
    // A decision without most of the sections is written in a form of its own.
    let is_own_form = matches!(document.kind.as_str(), "adr" | "rfc") && missing.len() > 1;
    let is_excused = (is_over || is_own_form) && !is_tooled(held);
    if is_excused || held.is_given_up() || !is_meant(held) || is_sample(held.doc.path()) {
        return;
    }
    let names = listed(missing.iter().map(|rule| rule.title.as_str()));
    let (noun, verb) = if missing.len() == 1 { ("section", "is") } else { ("sections", "are") };
    let message = format!("lacks the {noun} {names}, which {verb} owed by a document of its kind");
    let help = format!("add `{} {}`{}", "#".repeat(usize::from(first.level)), first.title, place(held, first));
    let span = held.doc.title_span();
    let owed = held.form.sections.iter().filter(|rule| rule.required).count();
    let is_near = missing.len() == 1 && owed >= MANY;
    findings.at(held.doc, span, message).help(help).sure_if(is_near || is_tooled(held));
}

/// A document that has all but one of so many sections is surely written in the form.
const MANY: usize = 6;

/// True for a document that is meant to have the sections of its form: it has most of them, or the
/// team's own tool wrote its front matter.
fn is_meant(held: &Held<'_>) -> bool {
    let is_made = held.doc.path().contains("dev_ops") && held.doc.front_matter("type").is_some();
    held.is_written_in_its_form() || is_made
}

fn is_tooled(held: &Held<'_>) -> bool {
    held.is_own() || held.doc.document().dialect == "archcore" || held.doc.path().contains("dev_ops")
}

/// True for what programs are tested with.
fn is_sample(path: &str) -> bool {
    let mut folders = path.split('/');
    folders.any(|folder| matches!(folder, "fixtures" | "__fixtures__" | "testdata" | "test-data" | "__snapshots__"))
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
