use planwright_model::{DocumentState, ItemState, Section};

use crate::config::Context;
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::rule::{Category, Check, Rule, page};
use crate::text::short;

pub(super) static RULE: Rule = Rule {
    code: "PW507",
    name: "outcome-missing",
    category: Category::Evidence,
    level: None,
    reason: "how the work was to be proved is written down, and not whether it was",
    page: page!("outcome-missing"),
    check: Check::Document(check),
    ..Rule::DEFAULT
};

/// Parts of headings under which stands how the work is to be proved.
const STEPS: [&str; 5] = ["valid", "verif", "test plan", "testing plan", "验证"];

/// Beginnings of words that tell what a validation gave.
const RESULTS: [&str; 26] = [
    "pass", "green", "succe", "verified", "validated", "confirmed", "fail", "clean", "works", "worked", "tested", "result",
    "✅", "✓", "✔", "☑", "complete", "done", "shipped", "merged", "approved", "landed", "implemented", "пройден",
    "проверен", "通过",
];

/// Sections that tell how to prove the work, or what came of it.
const SECTIONS: [&str; 7] = [
    "verification", "outcomes", "artifacts", "progress", "discoveries", "update_log", "progress_tracking",
];

/// Parts of headings under which stands how the work went.
const ACCOUNTS: [&str; 10] = [
    "complet", "outcome", "result", "implementation note", "evidence", "handoff", "hand-off", "closeout", "close-out",
    "retrospective",
];

fn check(doc: &DocumentView, _: &Context, findings: &mut Findings) {
    let document = doc.document();
    if document.state.value != DocumentState::Done || !document.holds_work() {
        return;
    }
    // `Integration Tests` may as well list what tests there are.
    let is_steps = |section: &&Section| {
        let title = section.title.to_lowercase();
        section.role.as_deref() == Some("verification")
            && !section.empty
            && STEPS.iter().any(|word| title.contains(word))
    };
    let Some(section) = document.sections.iter().find(is_steps) else {
        return;
    };
    if tells_result(doc) {
        return;
    }
    findings
        .at(
            doc,
            doc.line_span(section.line),
            format!("done, and nothing tells what `{}` gave", short(&section.title)),
        )
        .help("write what was run and what came out, or tick its boxes");
}

fn tells_result(doc: &DocumentView) -> bool {
    let document = doc.document();
    // A box that is ticked is an outcome.
    let is_ticked = document.items.iter().any(|item| !item.role.is_work() && item.state == ItemState::Done);
    let is_logged = !document.log.is_empty();
    let mut sections = document.sections.iter().filter(|section| {
        let role = section.role.as_deref().unwrap_or_default();
        let title = section.title.to_lowercase();
        // `Phase 2 (completed)` says that it is done, not what came of it.
        let is_phase = document.phases.iter().any(|phase| phase.line == section.line);
        SECTIONS.contains(&role) || !is_phase && ACCOUNTS.iter().any(|word| title.contains(word))
    });
    let tells = |section: &Section| {
        (section.line + 1..=section.end_line).any(|line| {
            let text = doc.text(doc.line_span(line)).to_lowercase();
            if text.contains("success criteria") {
                return false;
            }
            let mut words = text.split(|c: char| !c.is_alphanumeric() && !"✅✓✔☑".contains(c));
            words.any(|word| RESULTS.iter().any(|result| word.starts_with(result)))
        })
    };
    is_ticked || is_logged || sections.any(tells)
}
