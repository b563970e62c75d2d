//! Tables and lists as typed data: risks, metrics, milestones, blockers, questions, requirements,
//! commands, review schedule.

use std::collections::BTreeMap;

use planwright_model::{
    Blocker, Command, FieldValue, Item, ItemRole, Metric, Milestone, Question, Requirement, Review,
    Risk,
};
use planwright_syntax::{Kind, NodeId};

use crate::outline::{ListItem, Outline};
use crate::times;
use crate::words::{is_nothing, is_placeholder, normalise, one_line, strip_prefix_ignore_case};

/// A row of a table.
pub(crate) struct Row {
    pub(crate) line: u32,
    pub(crate) cells: Vec<String>,
}

/// The rows of a table, its head first.
pub(crate) fn rows(outline: &Outline<'_>, table: NodeId) -> Vec<Row> {
    let tree = &outline.parsed.tree;
    tree.children(table)
        .map(|(id, node)| Row {
            line: outline.parsed.source.line(node.span.start),
            cells: tree
                .children(id)
                .filter(|(_, cell)| cell.kind == Kind::TableCell)
                .map(|(cell, node)| outline.plain(cell + 1, node.next, 0).into_owned())
                .collect(),
        })
        .collect()
}

/// A table whose columns were recognised by their heads.
struct Table {
    columns: BTreeMap<&'static str, usize>,
    rows: Vec<Row>,
}

impl Table {
    fn read(
        outline: &Outline<'_>,
        node: NodeId,
        names: &[(&'static str, &[&str])],
    ) -> Option<Self> {
        let mut rows = rows(outline, node);
        if rows.is_empty() {
            return None;
        }
        let head = rows.remove(0);
        let mut columns = BTreeMap::new();
        for (at, cell) in head.cells.iter().enumerate() {
            let cell = normalise(cell);
            if let Some((name, _)) = names.iter().find(|(name, words)| {
                !columns.contains_key(name)
                    && words
                        .iter()
                        .any(|word| cell == *word || cell.starts_with(&format!("{word} ")))
            }) {
                columns.insert(*name, at);
            }
        }
        Some(Self { columns, rows })
    }

    fn cell(&self, row: &Row, name: &str) -> Option<String> {
        let text = row.cells.get(*self.columns.get(name)?)?;
        filled(text)
    }
}

fn filled(text: &str) -> Option<String> {
    let text = text.trim();
    (!is_nothing(text)).then(|| text.to_owned())
}

fn role_above<'a>(outline: &'a Outline<'_>, section: usize) -> Option<&'a str> {
    outline.sections[section].role_above
}

/// `Key: value` lines in the sub-bullets of a list item.
fn attributes<'a>(
    outline: &'a Outline<'_>,
    parent: usize,
) -> impl Iterator<Item = (String, &'a str)> {
    outline.items[parent + 1..]
        .iter()
        .take_while(move |item| item.line <= outline.items[parent].end_line)
        .filter(move |item| item.parent == Some(parent))
        .filter_map(|item| {
            let (key, value) = item.text.split_once([':', '：'])?;
            Some((normalise(key), value.trim()))
        })
}

/// The name and the rest of `**Name:** rest`, `Name - rest`, `Name (rest)`.
fn name_and_rest(text: &str) -> (String, Option<String>) {
    for separator in [": ", " — ", " – ", " - ", "："] {
        if let Some((name, rest)) = text.split_once(separator)
            && !name.trim().is_empty()
        {
            return (name.trim().to_owned(), filled(rest));
        }
    }
    (text.trim().to_owned(), None)
}

fn top_items<'a>(
    outline: &'a Outline<'_>,
    role: &'a str,
) -> impl Iterator<Item = (usize, &'a ListItem<'a>)> {
    outline.items.iter().enumerate().filter(move |(_, item)| {
        item.parent.is_none()
            && role_above(outline, item.section) == Some(role)
            && !is_nothing(&item.text)
    })
}

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
        for row in &read.rows {
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
    for (at, item) in top_items(outline, "risks") {
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
        if !shaped || !(about || read.columns.len() > 2) {
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
    for (_, item) in top_items(outline, "timeline") {
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
    items
        .iter()
        .filter(|item| item.role == ItemRole::Question)
        .map(|item| Question {
            line: item.line,
            text: item.text.clone(),
            deadline: deadline.clone(),
            answered: item.state.is_closed(),
        })
        .collect()
}

/// `FR-001`, `SC-002`, `NFR-3`, `US-1` at the head of a list item or of a heading.
pub(crate) fn requirements(outline: &Outline<'_>, kind: &str) -> Vec<Requirement> {
    let mut found: Vec<Requirement> = Vec::new();
    if !matches!(kind, "spec" | "prd" | "plan") {
        return found;
    }
    for item in &outline.items {
        if let Some((id, rest)) = requirement_id(&item.text)
            && !found.iter().any(|other| other.id == id)
        {
            found.push(Requirement {
                line: item.line,
                id: id.to_owned(),
                text: rest
                    .trim_start_matches([':', '*', ' ', '—', '-'])
                    .to_owned(),
            });
        }
    }
    for section in &outline.sections {
        let title = section.title.trim();
        if let Some(rest) = strip_prefix_ignore_case(title, "user story ") {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let id = format!("US{}", &rest[..digits]);
            if digits > 0 && kind == "spec" && !found.iter().any(|other| other.id == id) {
                let text = rest[digits..]
                    .trim_start_matches([' ', '-', ':', '—', '–'])
                    .to_owned();
                found.push(Requirement {
                    line: section.line,
                    id,
                    text,
                });
            }
        } else if let Some((id, rest)) = requirement_id(title)
            && !found.iter().any(|other| other.id == id)
        {
            found.push(Requirement {
                line: section.line,
                id: id.to_owned(),
                text: rest.trim_start_matches([':', ' ', '—', '-']).to_owned(),
            });
        }
    }
    found.sort_by_key(|requirement| requirement.line);
    found
}

/// A requirement id at the start of text, and the rest.
pub(crate) fn requirement_id(text: &str) -> Option<(&str, &str)> {
    let letters = text.bytes().take_while(u8::is_ascii_uppercase).count();
    if !matches!(
        &text[..letters],
        "FR" | "SC" | "NFR" | "US" | "REQ" | "AC" | "IR" | "TR" | "PR" | "UR"
    ) {
        return None;
    }
    let rest = text[letters..]
        .strip_prefix('-')
        .or_else(|| (&text[..letters] == "US").then_some(&text[letters..]))?;
    let skipped = text.len() - letters - rest.len();
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 {
        return None;
    }
    let mut end = letters + skipped + digits;
    if text[end..].starts_with(|c: char| c.is_ascii_lowercase())
        && !text[end + 1..].starts_with(char::is_alphanumeric)
    {
        end += 1;
    }
    Some((&text[..end], &text[end..]))
}

/// Commands of the verification sections: shell blocks, and code spans in list items there.
pub(crate) fn commands(outline: &Outline<'_>) -> Vec<Command> {
    let tree = &outline.parsed.tree;
    let mut commands = Vec::new();
    let verifies = |section: usize| {
        outline
            .upwards(section)
            .find_map(|up| outline.sections[up].role)
            .is_some_and(|role| {
                matches!(
                    role,
                    "verification" | "criteria" | "concrete_steps" | "gates" | "rollback"
                )
            })
    };
    for block in &outline.code {
        if !verifies(block.section) {
            continue;
        }
        let node = tree.node(block.node);
        let info = tree.string_of(node.kind).trim().to_lowercase();
        let shell = matches!(
            info.split_whitespace().next().unwrap_or(""),
            "sh" | "bash" | "shell" | "zsh" | "console" | "terminal" | "powershell" | ""
        );
        if !shell {
            continue;
        }
        for (id, text) in tree.children(block.node) {
            let _ = id;
            let mut offset = text.span.start;
            for line in outline.parsed.text(text.span).split('\n') {
                let number = outline.parsed.source.line(offset);
                offset += line.len() as u32 + 1;
                let command = line.trim().trim_start_matches("$ ").trim();
                if command.is_empty()
                    || command.starts_with('#')
                    || (info.is_empty() && !looks_like_command(command))
                {
                    continue;
                }
                commands.push(Command {
                    line: number,
                    text: command.to_owned(),
                    source: "fence".to_owned(),
                });
            }
        }
    }
    for item in outline.items.iter().filter(|item| verifies(item.section)) {
        let mut rest = item.raw;
        while let Some(open) = rest.find('`') {
            let inner = &rest[open + 1..];
            let Some(close) = inner.find('`') else { break };
            if looks_like_command(&inner[..close]) {
                commands.push(Command {
                    line: item.line,
                    text: one_line(&inner[..close]),
                    source: "inline".to_owned(),
                });
            }
            rest = &inner[close + 1..];
        }
    }
    commands.sort_by_key(|command| command.line);
    commands
}

/// A program that plans call, with something behind it.
fn looks_like_command(text: &str) -> bool {
    const PROGRAMS: [&str; 38] = [
        "cargo",
        "npm",
        "npx",
        "pnpm",
        "yarn",
        "bun",
        "node",
        "deno",
        "python",
        "python3",
        "pytest",
        "uv",
        "pip",
        "make",
        "just",
        "go",
        "git",
        "docker",
        "kubectl",
        "helm",
        "bash",
        "sh",
        "curl",
        "dotnet",
        "mvn",
        "gradle",
        "./gradlew",
        "ruby",
        "bundle",
        "rake",
        "mypy",
        "ruff",
        "tsc",
        "vitest",
        "jest",
        "swift",
        "terraform",
        "plan",
    ];
    let first = text.split_whitespace().next().unwrap_or("");
    let further = text.split_whitespace().nth(1).is_some();
    (PROGRAMS.contains(&first)
        && (further || matches!(first, "pytest" | "make" | "vitest" | "jest")))
        || first.starts_with("./") && !first.ends_with(".md") && (further || first.ends_with(".sh"))
}

/// The review schedule of fields and of the review section.
pub(crate) fn review(
    outline: &Outline<'_>,
    fields: &BTreeMap<String, FieldValue>,
) -> Option<Review> {
    let date = |name: &str| {
        fields
            .get(name)
            .and_then(FieldValue::first)
            .and_then(times::anywhere)
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
        for (key, value, _) in super::header::pairs(outline.parsed, para.span) {
            match crate::vocabulary::key_word(&key).as_str() {
                "next_review" => review.next = review.next.or_else(|| times::anywhere(&value)),
                "review_cadence" | "cadence" => {
                    review.cadence = review.cadence.or_else(|| filled(&value));
                }
                "last_review" | "last_reviewed" => {
                    review.last = review.last.or_else(|| times::anywhere(&value));
                }
                _ => {}
            }
        }
    }
    (review != Review::default()).then_some(review)
}
