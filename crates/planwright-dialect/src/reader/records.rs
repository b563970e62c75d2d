//! Tables and lists as typed data: risks, metrics, milestones, blockers, questions, requirements,
//! commands, review schedule.

mod commands;
mod requirements;
mod tables;

use std::collections::BTreeMap;

use planwright_model::{
    Blocker, FieldValue, Item, ItemRole, Metric, Milestone, Question, Review, Risk,
};

use crate::outline::{ListItem, Outline};
use crate::times;
use crate::words::{is_placeholder, one_line, strip_prefix_ignore_case};

pub(crate) use commands::commands;
pub(crate) use requirements::requirements;
pub(crate) use tables::rows;
use tables::{Table, attributes, filled, name_and_rest, role_above, top_items};

pub(crate) fn risks(outline: &Outline<'_>) -> Vec<Risk> {
    const NAMES: &[(&str, &[&str])] = &[
        ("text", &["risk", "risks", "description", "风险"]),
        (
            "probability",
            &["probability", "likelihood", "prob", "概率"],
        ),
        ("impact", &["impact", "severity", "影响"]),
        (
            "mitigation",
            &["mitigation", "mitigations", "response", "缓解措施"],
        ),
        ("owner", &["owner"]),
    ];
    let mut risks = Vec::new();
    for table in &outline.tables {
        let Some(read) = Table::read(outline, table.node, NAMES) else {
            continue;
        };
        let about = role_above(outline, table.section) == Some("risks");
        if !read.columns.contains_key("text") || !(about || read.columns.contains_key("mitigation"))
        {
            continue;
        }
        let source = &outline.parsed.source;
        // A cell that runs on in the next line is no row of its own.
        let is_row = |line: u32| source.line_text(line).trim_start().starts_with('|');
        let is_framed = read.rows.first().is_some_and(|row| is_row(row.line));
        for row in read
            .rows
            .iter()
            .filter(|row| !is_framed || is_row(row.line))
        {
            let Some(text) = read.cell(row, "text") else {
                continue;
            };
            risks.push(Risk {
                line: row.line,
                text,
                probability: read.cell(row, "probability"),
                impact: read.cell(row, "impact"),
                mitigation: read.cell(row, "mitigation"),
                owner: read.cell(row, "owner"),
            });
        }
    }
    // `Critical success factors` below the risks are none.
    let is_other = |section: usize| {
        let norm = outline.sections[section].norm.as_str();
        [
            "success",
            "mitigation",
            "contingenc",
            "opportunit",
            "strategy",
        ]
        .iter()
        .any(|word| norm.contains(word))
            && !norm.contains("risk")
    };
    for (at, item) in top_items(outline, "risks").filter(|(_, item)| !is_other(item.section)) {
        let block = outline.parsed.text(item.span);
        let text = strip_prefix_ignore_case(&item.text, "risk:")
            .unwrap_or(&item.text)
            .trim();
        let mut risk = Risk {
            line: item.line,
            text: text.to_owned(),
            ..Risk::default()
        };
        for (key, value) in attributes(outline, at) {
            match key.as_str() {
                "probability" | "likelihood" => risk.probability = filled(value),
                "impact" | "severity" => risk.impact = filled(value),
                "mitigation" | "response" => risk.mitigation = filled(value),
                "owner" => risk.owner = filled(value),
                _ => {}
            }
        }
        for (label, field) in [
            ("severity:", &mut risk.impact),
            ("likelihood:", &mut risk.probability),
            ("mitigation:", &mut risk.mitigation),
        ] {
            if field.is_none()
                && let Some(start) = crate::words::find_ignore_case(block, label)
            {
                let rest = block[start + label.len()..].trim_start_matches(['*', ' ']);
                let end = ["Likelihood:", "Mitigation:", "Severity:"]
                    .iter()
                    .filter_map(|next| rest.find(next))
                    .min()
                    .unwrap_or(rest.len());
                *field = filled(&one_line(&rest[..end].replace("**", "")));
            }
        }
        if let Some(cut) = ["Severity:", "Likelihood:", "Mitigation:"]
            .iter()
            .filter_map(|word| risk.text.find(word))
            .min()
            .filter(|cut| *cut > 0)
        {
            risk.text.truncate(cut);
            risk.text.truncate(risk.text.trim_end().len());
        }
        risks.push(risk);
    }
    risks.sort_by_key(|risk| risk.line);
    risks
}

pub(crate) fn metrics(outline: &Outline<'_>) -> Vec<Metric> {
    const NAMES: &[(&str, &[&str])] = &[
        ("text", &["metric", "measure", "kpi", "指标"]),
        ("baseline", &["baseline", "current", "before", "from"]),
        ("target", &["target", "goal", "after"]),
        (
            "measurement",
            &["measurement", "how measured", "method", "how to measure"],
        ),
    ];
    let mut metrics = Vec::new();
    for table in &outline.tables {
        let Some(read) = Table::read(outline, table.node, NAMES) else {
            continue;
        };
        if !read.columns.contains_key("text") || !read.columns.contains_key("target") {
            continue;
        }
        for row in &read.rows {
            let Some(text) = read.cell(row, "text") else {
                continue;
            };
            metrics.push(Metric {
                line: row.line,
                text,
                baseline: read.cell(row, "baseline"),
                target: read.cell(row, "target"),
                measurement: read.cell(row, "measurement"),
            });
        }
    }
    for (at, item) in top_items(outline, "metrics") {
        let (name, rest) = name_and_rest(&item.text);
        let mut metric = Metric {
            line: item.line,
            text: name,
            ..Metric::default()
        };
        if let Some(rest) = rest {
            let target = strip_prefix_ignore_case(&rest, "target")
                .unwrap_or(&rest)
                .trim_start_matches([':', ' ']);
            match target.split_once("(from ") {
                Some((target, from)) => {
                    metric.target = filled(target);
                    metric.baseline = filled(from.trim_end_matches(')'));
                }
                None => metric.target = filled(target),
            }
        }
        for (key, value) in attributes(outline, at) {
            match key.as_str() {
                "baseline" | "current" => metric.baseline = filled(value),
                "target" => metric.target = filled(value),
                "measurement" => metric.measurement = filled(value),
                _ => {}
            }
        }
        metrics.push(metric);
    }
    metrics.sort_by_key(|metric| metric.line);
    metrics
}

pub(crate) fn milestones(outline: &Outline<'_>) -> Vec<Milestone> {
    const NAMES: &[(&str, &[&str])] = &[
        ("text", &["phase", "milestone", "stage", "week", "阶段"]),
        (
            "date",
            &[
                "duration", "date", "estimate", "when", "eta", "end", "timeline",
            ],
        ),
        ("depends_on", &["dependencies", "depends on", "dependency"]),
        ("status", &["status", "state", "状态"]),
        ("progress", &["progress"]),
    ];
    let mut milestones = Vec::new();
    for table in &outline.tables {
        let Some(read) = Table::read(outline, table.node, NAMES) else {
            continue;
        };
        let about = matches!(
            role_above(outline, table.section),
            Some("timeline" | "progress_tracking")
        );
        let shaped = read.columns.contains_key("text")
            && (read.columns.contains_key("date") || read.columns.contains_key("status"));
        let tells_states = read.columns.contains_key("status");
        if !shaped || !(about || tells_states || read.columns.len() > 2) {
            continue;
        }
        for row in &read.rows {
            let Some(text) = read.cell(row, "text") else {
                continue;
            };
            milestones.push(Milestone {
                line: row.line,
                text,
                date: read.cell(row, "date"),
                depends_on: read.cell(row, "depends_on"),
                status: read
                    .cell(row, "status")
                    .or_else(|| read.cell(row, "progress")),
            });
        }
    }
    // What stands below a milestone with a heading of its own is its work.
    let is_work = |item: &ListItem<'_>| {
        let mut above = outline.upwards(item.section);
        above.any(|up| outline.sections[up].phase.is_some())
    };
    for (_, item) in top_items(outline, "timeline").filter(|(_, item)| !is_work(item)) {
        let (name, rest) = name_and_rest(&item.text);
        let (date, text) = match (times::leading(&name), rest) {
            (Some(_), Some(rest)) => (Some(name), rest),
            (_, rest) => (rest, name),
        };
        milestones.push(Milestone {
            line: item.line,
            text,
            date,
            ..Milestone::default()
        });
    }
    milestones.sort_by_key(|milestone| milestone.line);
    milestones
}

pub(crate) fn blockers(outline: &Outline<'_>) -> Vec<Blocker> {
    let mut blockers = Vec::new();
    for (at, item) in top_items(outline, "blockers") {
        let mut blocker = Blocker {
            line: item.line,
            text: item.text.clone().into_owned(),
            resolved: item.struck
                || item
                    .mark
                    .as_ref()
                    .is_some_and(|mark| matches!(mark.symbol(), "x" | "X"))
                || item.text.to_lowercase().contains("resolved"),
            ..Blocker::default()
        };
        for (key, value) in attributes(outline, at) {
            match key.as_str() {
                "impact" => blocker.impact = filled(value),
                "owner" => blocker.owner = filled(value),
                "eta" => blocker.eta = filled(value),
                _ => {}
            }
        }
        blockers.push(blocker);
    }
    blockers
}

pub(crate) fn questions(
    outline: &Outline<'_>,
    items: &[Item],
    placeholders: bool,
) -> Vec<Question> {
    let deadline = outline.paras.iter().find_map(|para| {
        let lead = para.lead.as_ref()?.to_lowercase();
        lead.contains("deadline").then(|| {
            outline
                .text(para)
                .split_once(':')
                .map(|(_, date)| date.trim().to_owned())
        })?
    });
    let deadline = deadline.filter(|date| placeholders || !is_placeholder(date));
    // `- Who pays? Deadline: 2026-02-10`, or a line of its own below the question.
    let own = |item: &Item| {
        (item.line..=item.end_line).find_map(|line| {
            let text = outline.parsed.source.line_text(line);
            let at = text.to_ascii_lowercase().find("deadline:")?;
            let date = times::anywhere(&text[at..])?;
            Some(date.native)
        })
    };
    items
        .iter()
        .filter(|item| item.role == ItemRole::Question)
        .map(|item| Question {
            line: item.line,
            text: item.text.clone(),
            deadline: own(item).or_else(|| deadline.clone()),
            answered: item.state.is_closed(),
        })
        .collect()
}

/// The review schedule of fields and of the review section.
pub(crate) fn review(
    outline: &Outline<'_>,
    fields: &BTreeMap<String, FieldValue>,
    placeholders: bool,
) -> Option<Review> {
    let written = |value: &str| {
        let found = times::anywhere(value)?;
        (placeholders || !is_placeholder(&found.native)).then_some(found)
    };
    let date = |name: &str| {
        fields
            .get(name)
            .and_then(FieldValue::first)
            .and_then(written)
    };
    let mut review = Review {
        last: date("reviewed"),
        next: date("next_review"),
        cadence: fields
            .get("review_cadence")
            .and_then(FieldValue::first)
            .map(str::to_owned),
        expires: date("expires"),
    };
    for para in &outline.paras {
        if role_above(outline, para.section) != Some("review") {
            continue;
        }
        for (key, value, _) in outline.pairs(para) {
            match &*crate::vocabulary::key_word(key) {
                "next_review" => review.next = review.next.or_else(|| written(value)),
                "review_cadence" | "cadence" => {
                    review.cadence = review.cadence.or_else(|| filled(value));
                }
                "last_review" | "last_reviewed" => {
                    review.last = review.last.or_else(|| times::anywhere(value));
                }
                _ => {}
            }
        }
    }
    (review != Review::default()).then_some(review)
}
