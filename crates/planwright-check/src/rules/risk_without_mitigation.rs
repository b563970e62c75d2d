use planwright_syntax::Span;

use crate::config::Context;
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::rule::{Category, Check, Rule, page};
use crate::tables::{self, is_unsaid};
use crate::text::short;

pub(super) static RULE: Rule = Rule {
    code: "PW603",
    name: "risk-without-mitigation",
    category: Category::Governance,
    reason: "a risk that nobody answers and nobody watches was only written down",
    page: page!("risk-without-mitigation"),
    check: Check::Document(check),
    ..Rule::DEFAULT
};

/// The columns a table of risks can owe: what they are called, and what is missing without them.
const OWED: [(&[&str], &str); 2] = [
    (&["mitigation", "mitigations", "response", "缓解措施"], "mitigation"),
    (&["owner", "负责人"], "owner"),
];

/// So many answers show that a list or a column is there to be filled in.
const ENOUGH: usize = 2;

/// How many words a listed risk may have and still be no more than a name.
const LONGEST: usize = 14;

fn check(doc: &DocumentView, _: &Context, findings: &mut Findings) {
    if doc.document().state.value.is_closed() {
        return;
    }
    in_tables(doc, findings);
    in_lists(doc, findings);
}

fn in_tables(doc: &DocumentView, findings: &mut Findings) {
    for table in tables::of(doc) {
        let Some(risk) = table.column(&["risk", "risks", "风险"]) else {
            continue;
        };
        let owed: Vec<(usize, &str)> = OWED
            .iter()
            .filter_map(|(words, what)| Some((table.column(words)?, *what)))
            .filter(|(at, _)| *at != risk)
            .collect();
        // A column that most rows leave open is not in use.
        let is_said = |row: &[Span], at: usize| row.get(at).is_some_and(|span| !is_unsaid(doc.text(*span)));
        let is_used = |at: usize| {
            let said = table.rows.iter().filter(|row| is_said(row, at)).count();
            said >= ENOUGH && said * 3 >= table.rows.len() * 2
        };
        let is_kept = owed.iter().all(|(at, _)| is_used(*at));
        for row in &table.rows {
            let Some(name) = row.get(risk).copied().filter(|span| !is_unsaid(doc.text(*span))) else {
                continue;
            };
            let is_missing = |at: usize| row.get(at).is_none_or(|span| is_unsaid(doc.text(*span)));
            let missing: Vec<&str> = owed
                .iter()
                .filter(|(at, _)| is_missing(*at))
                .map(|(_, what)| *what)
                .collect();
            report(doc, name, doc.text(name), &missing, is_kept, findings);
        }
    }
}

/// In a list nobody has to answer a risk, unless most of its neighbours do.
fn in_lists(doc: &DocumentView, findings: &mut Findings) {
    let document = doc.document();
    let is_listed = |line: u32| !doc.text(doc.line_span(line)).starts_with('|');
    let risks: Vec<_> = document.risks.iter().filter(|risk| is_listed(risk.line)).collect();
    let is_answered = |risk: &planwright_model::Risk| risk.mitigation.as_deref().is_some_and(|text| !is_unsaid(text));
    let answered = risks.iter().filter(|risk| is_answered(risk)).count();
    let is_kept = answered > ENOUGH && answered * 4 >= risks.len() * 3;
    if answered * 2 <= risks.len() || risks.len() < 2 {
        return;
    }
    for risk in risks.iter().filter(|risk| !is_answered(risk)) {
        // A longer entry answers its risk in its own words.
        let block = crate::prose::item_text(doc, risk.line).to_lowercase();
        let is_said = |line: &&str| !line.split_once(':').is_some_and(|(_, value)| is_unsaid(value));
        let block: Vec<&str> = block.lines().filter(is_said).collect();
        let block = block.join("\n");
        let others = ["severity", "likelihood", "probability", "impact", "owner"];
        let own = block.lines().filter(|line| {
            let line = line.trim_start_matches([' ', '-', '*', '_']);
            !others.iter().any(|label| line.starts_with(label))
        });
        let words: usize = own.map(|line| line.split_whitespace().count()).sum();
        let is_answered = ["mitigat", "response:", "contingency", "fallback", "needs to", "must ", "→", "->", ";", ". "]
            .iter()
            .any(|word| block.contains(word));
        if words <= LONGEST && !is_answered {
            report(doc, doc.line_span(risk.line), &risk.text, &["mitigation"], is_kept, findings);
        }
    }
}

fn report(doc: &DocumentView, span: Span, risk: &str, missing: &[&str], is_kept: bool, findings: &mut Findings) {
    if missing.is_empty() {
        return;
    }
    let risk = short(risk.trim_matches(['*', '_', ' ']));
    findings
        .at(doc, span, format!("the risk `{risk}` has no {}", missing.join(" and no ")))
        .help("write what is done about it and by whom, or that it is accepted")
        .sure_if(is_kept);
}
