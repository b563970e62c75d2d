use crate::config::Context;
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::rule::{Category, Check, Rule, page};
use crate::tables::{self, is_unsaid};
use crate::text::short;

pub(super) static RULE: Rule = Rule {
    code: "PW607",
    name: "metric-without-target",
    category: Category::Governance,
    reason: "a measure without a target can neither be met nor missed",
    page: page!("metric-without-target"),
    check: Check::Document(check),
    ..Rule::DEFAULT
};

/// So many targets show that a column is there to be filled in.
const ENOUGH: usize = 2;

fn check(doc: &DocumentView, _: &Context, findings: &mut Findings) {
    let document = doc.document();
    if document.state.value.is_closed() {
        return;
    }
    for table in tables::of(doc) {
        let metric = table.column(&["metric", "metrics", "measure", "kpi", "指标"]);
        let target = table.column(&["target", "goal", "目标"]);
        let (Some(metric), Some(target)) = (metric, target) else {
            continue;
        };
        let is_said = |row: &[planwright_syntax::Span]| row.get(target).is_some_and(|span| !is_unsaid(doc.text(*span)));
        let said = table.rows.iter().filter(|row| is_said(row)).count();
        let is_kept = said >= ENOUGH && said * 3 >= table.rows.len() * 2;
        for row in &table.rows {
            let Some(name) = row.get(metric).filter(|span| !is_unsaid(doc.text(**span))) else {
                continue;
            };
            if row.get(target).is_none_or(|span| is_unsaid(doc.text(*span))) {
                report(doc, *name, doc.text(*name), is_kept, findings);
            }
        }
    }
    // What stands below `Current` is measured, not aimed at.
    let is_measured = |line: u32| {
        let home = document.sections.iter().rev().find(|section| section.line < line);
        home.is_some_and(|section| {
            let title = section.title.to_lowercase();
            ["current", "baseline", "before", "today", "achieved", "results"].iter().any(|word| title.starts_with(word))
        })
    };
    let is_listed = |line: u32| !is_measured(line) && !doc.text(doc.line_span(line)).starts_with('|');
    let metrics: Vec<_> = document.metrics.iter().filter(|metric| is_listed(metric.line)).collect();
    // A list of measures states targets where most of them have one.
    let is_said = |metric: &planwright_model::Metric| metric.target.as_deref().is_some_and(|target| !is_unsaid(target));
    let aimed = metrics.iter().filter(|metric| is_said(metric)).count();
    if aimed * 2 <= metrics.len() || metrics.len() < 2 {
        return;
    }
    for metric in metrics.iter().filter(|metric| !is_said(metric)) {
        let text = doc.text(doc.line_span(metric.line));
        // `p95 below 50 ms` and `no regressions` are targets without the word.
        let is_aim = text.contains(['→', '=', '≥', '≤', '<', '>']) || text.chars().any(|c| c.is_ascii_digit())
            || metric.text.split_whitespace().count() > 4
            || metric.target.is_none() && aims(text)
            // A tick says that it was met, whatever it was.
            || text.contains(['✅', '✓', '✔', '☑']);
        if !is_aim {
            report(doc, doc.line_span(metric.line), &metric.text, false, findings);
        }
    }
}

/// True behind the word `target` with something after it.
fn aims(text: &str) -> bool {
    let lower = text.to_lowercase();
    let behind = lower.split_once("target").map(|(_, behind)| behind.trim_start_matches([':', '*', '_', ' ', '=']));
    behind.is_some_and(|behind| !is_unsaid(behind))
}

fn report(doc: &DocumentView, span: planwright_syntax::Span, metric: &str, is_kept: bool, findings: &mut Findings) {
    let metric = short(metric.trim_matches(['*', '_', ' ', ':']));
    findings
        .at(doc, span, format!("the metric `{metric}` has no target"))
        .help("write the value that counts as success, and from which one it starts")
        .sure_if(is_kept);
}
