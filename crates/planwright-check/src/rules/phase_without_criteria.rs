use planwright_model::{Document, ItemRole, Phase};
use planwright_syntax::Span;

use crate::config::Context;
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::rule::{Category, Check, Rule, page};
use crate::text::short;

pub(super) static RULE: Rule = Rule {
    code: "PW604",
    name: "phase-without-criteria",
    category: Category::Governance,
    dialects: &["ai-docs"],
    reason: "nobody can say when a phase is over that does not say it",
    page: page!("phase-without-criteria"),
    check: Check::Document(check),
    ..Rule::DEFAULT
};

/// Words that tell when work is over, at the beginning of a line.
const LABELS: [&str; 12] = [
    "acceptance", "success criteria", "exit gate", "exit criteria", "done when", "complete when", "definition of done",
    "verification", "validation", "checkpoint", "criteria", "gate",
];

fn check(doc: &DocumentView, _: &Context, findings: &mut Findings) {
    let document = doc.document();
    if document.kind != "plan" || document.state.value.is_closed() {
        return;
    }
    let phases: Vec<(&Phase, bool)> = document
        .phases
        .iter()
        .filter(|phase| is_leaf(document, phase) && !is_rollout(document, phase))
        .map(|phase| (phase, says_when(doc, phase)))
        .collect();
    // A document of the form owes it; of another, each phase what most phases say.
    let is_form = ["context_load", "token_budget"].iter().any(|key| document.fields.contains_key(*key));
    let saying = phases.iter().filter(|(_, says)| *says).count();
    if !is_form && saying * 2 <= phases.len() {
        return;
    }
    let silent = phases
        .iter()
        .filter(|(phase, says)| !says && !mentions_end(doc, phase))
        .filter(|(phase, _)| saying > 0 || holds_work(document, phase));
    for (phase, _) in silent {
        let title = short(&phase.title);
        findings
            .at(doc, doc.line_span(phase.line), format!("`{title}` does not say when it is complete"))
            .help("add its success criteria or its exit gate")
            // What most phases say they may say for other reasons than a form.
            .sure_if(is_form);
    }
}

fn is_leaf(document: &Document, phase: &Phase) -> bool {
    let mut phases = document.phases.iter();
    phases.all(|other| other.parent != Some(phase.line))
}

/// True for a step of the release, or of the way back, which answers for itself.
fn is_rollout(document: &Document, phase: &Phase) -> bool {
    let mut sections = document.sections.iter();
    sections.any(|section| {
        let role = section.role.as_deref().unwrap_or_default();
        matches!(role, "rollout" | "rollback" | "timeline" | "progress_tracking")
            && (section.line..=section.end_line).contains(&phase.line)
    })
}

fn holds_work(document: &Document, phase: &Phase) -> bool {
    let mut items = document.items.iter();
    items.any(|item| item.role == ItemRole::Task && item.phase == Some(phase.line))
}

fn says_when(doc: &DocumentView, phase: &Phase) -> bool {
    let document = doc.document();
    let is_inside = |line: u32| (phase.line..=phase.end_line).contains(&line);
    let is_criterion = |role: ItemRole| matches!(role, ItemRole::Criterion | ItemRole::Gate);
    let mut items = document.items.iter();
    if items.any(|item| is_criterion(item.role) && is_inside(item.line)) {
        return true;
    }
    let mut lines = phase.line + 1..=phase.end_line;
    lines.any(|line| {
        let text = doc.text(doc.line_span(line)).to_lowercase();
        let text = text.trim_start_matches(['#', '*', '-', '_', '>', ' ']);
        LABELS.iter().any(|label| text.starts_with(label))
            || text.starts_with(|c: char| c.is_alphabetic()) && text.contains("complete when")
    })
}

/// True where a sentence of the phase may tell of its end.
fn mentions_end(doc: &DocumentView, phase: &Phase) -> bool {
    let text = doc.text(Span {
        start: doc.line_span(phase.line).start,
        end: doc.line_span(phase.end_line).end,
    });
    let text = text.to_lowercase();
    LABELS.iter().any(|label| text.contains(label))
}
