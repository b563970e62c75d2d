use planwright_model::Level;

use crate::config::Context;
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::precision;
use crate::rule::{Category, Check, Rule, page};

pub(super) static RULE: Rule = Rule {
    code: "PW914",
    name: "foreign-section",
    category: Category::Prose,
    level: Some(Level::Info),
    dialects: &["archcore"],
    reason: "what two kinds of documents state is soon stated in two ways",
    page: page!("foreign-section"),
    check: Check::Document(check),
    ..Rule::DEFAULT
};

/// Headings of level 2 that a kind leaves to another, and to which.
const FOREIGN: [(&[&str], &str, &str); 20] = [
    (&["prd"], "surface", "spec"),
    (&["prd"], "normative behavior", "spec"),
    (&["prd"], "failure behavior", "spec"),
    (&["prd"], "conformance", "spec"),
    (&["prd"], "technical considerations", "spec"),
    (&["prd"], "tasks", "plan"),
    (&["prd"], "timeline", "plan"),
    (&["prd"], "milestones", "plan"),
    (&["prd"], "phases", "plan"),
    (&["prd"], "acceptance criteria", "plan"),
    (&["prd"], "alternatives considered", "adr"),
    (&["adr", "rule", "spec", "guide"], "tasks", "plan"),
    (&["adr", "rule", "spec", "guide"], "milestones", "plan"),
    (&["rule", "spec", "guide", "plan"], "alternatives considered", "adr"),
    (&["adr", "rule", "guide", "plan"], "normative behavior", "spec"),
    (&["adr", "guide", "plan"], "conformance", "spec"),
    (&["mrd", "brd", "urd"], "stakeholder requirements", "strs"),
    (&["mrd", "brd", "urd"], "system requirements", "syrs"),
    (&["mrd", "brd", "urd"], "software requirements", "srs"),
    (&["mrd", "brd", "urd"], "verification matrix", "srs"),
];

fn check(doc: &DocumentView, _: &Context, findings: &mut Findings) {
    if !precision::is_asked(doc) {
        return;
    }
    let document = doc.document();
    let kind = document.kind.as_str();
    for section in document.sections.iter().filter(|section| section.level == 2) {
        let title = section.title.trim().to_lowercase();
        let owner = FOREIGN
            .iter()
            .find(|(kinds, name, _)| kinds.contains(&kind) && *name == title);
        if let Some((_, _, owner)) = owner {
            findings
                .at(
                    doc,
                    doc.line_span(section.line),
                    format!("`{}` is stated by documents of the kind `{owner}`, not `{kind}`", section.title),
                )
                .help(format!("move it into a `{owner}` and relate the two"));
        }
    }
}
