//! The typed lists of a document: questions, blockers, risks, metrics, milestones, relations.

use planwright_model::{Document, Endpoint, Level, Relation, RelationType};

use super::line::{Line, Page, Paint};
use super::style::Style;
use super::table::Table;
use super::text::{width, wrap};

/// True for an alias that is an author's id: `PLAN-001`.
pub(super) fn is_id(alias: &str) -> bool {
    alias.split_once('-').is_some_and(|(letters, digits)| {
        !letters.is_empty()
            && letters.bytes().all(|byte| byte.is_ascii_uppercase())
            && !digits.is_empty()
            && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// A text under a heading, its line at the right edge.
pub(super) fn paragraph(page: &mut Page, start: &str, text: &str, line: u32, columns: usize) {
    let indent = 2 + width(start);
    let number = format!(" {line:>5}");
    let room = columns.saturating_sub(indent + number.len());
    let mut parts = wrap(text, room, room).into_iter();
    let first = Line::indent(2)
        .dim(start)
        .plain(parts.next().unwrap_or_default());
    page.push(first.pad(indent + room).dim(number));
    page.extend(parts.map(|part| Line::indent(indent).plain(part)));
}

fn title(page: &mut Page, text: &str) {
    page.gap();
    page.push(Line::new().strong(text));
}

/// Details of a record, those that it states.
fn details(page: &mut Page, parts: &[(&str, Option<&String>)], columns: usize) {
    let stated: Vec<String> = parts
        .iter()
        .filter_map(|(name, value)| Some((name, value.filter(|value| !value.is_empty())?)))
        .map(|(name, value)| {
            if name.is_empty() {
                value.clone()
            } else {
                format!("{name} {value}")
            }
        })
        .collect();
    if !stated.is_empty() {
        for part in wrap(&stated.join(", "), columns - 10, columns - 10) {
            page.push(Line::indent(4).dim(part));
        }
    }
}

pub(super) fn questions(page: &mut Page, document: &Document, columns: usize, style: &Style) {
    let open = document
        .questions
        .iter()
        .filter(|question| !question.answered)
        .count();
    if document.questions.is_empty() {
        return;
    }
    title(page, "Open questions");
    for question in document
        .questions
        .iter()
        .filter(|question| !question.answered)
    {
        paragraph(page, "? ", &question.text, question.line, columns);
        details(page, &[("by", question.deadline.as_ref())], columns);
    }
    let answered = document.questions.len() - open;
    if answered > 0 {
        page.push(Line::indent(2).dim(format!("{} {answered} answered", style.signs().dot)));
    }
}

pub(super) fn blockers(page: &mut Page, document: &Document, columns: usize, style: &Style) {
    let (resolved, standing): (Vec<_>, Vec<_>) = document
        .blockers
        .iter()
        .partition(|blocker| blocker.resolved);
    if document.blockers.is_empty() {
        return;
    }
    title(page, "Blockers");
    for blocker in standing {
        paragraph(
            page,
            &format!("{} ", style.signs().block),
            &blocker.text,
            blocker.line,
            columns,
        );
        let parts = [
            ("holds up", blocker.impact.as_ref()),
            ("", blocker.owner.as_ref()),
            ("by", blocker.eta.as_ref()),
        ];
        details(page, &parts, columns);
    }
    if !resolved.is_empty() {
        page.push(Line::indent(2).dim(format!(
            "{} {} resolved",
            style.signs().dot,
            resolved.len()
        )));
    }
}

pub(super) fn risks(page: &mut Page, document: &Document, columns: usize, style: &Style) {
    if document.risks.is_empty() {
        return;
    }
    title(page, "Risks");
    for risk in &document.risks {
        paragraph(
            page,
            &format!("{} ", style.signs().warning),
            &risk.text,
            risk.line,
            columns,
        );
        let parts = [
            ("probability", risk.probability.as_ref()),
            ("impact", risk.impact.as_ref()),
            ("owner", risk.owner.as_ref()),
        ];
        details(page, &parts, columns);
        details(page, &[("mitigation:", risk.mitigation.as_ref())], columns);
    }
}

pub(super) fn metrics(page: &mut Page, document: &Document, columns: usize, style: &Style) {
    if document.metrics.is_empty() {
        return;
    }
    title(page, "Metrics");
    for metric in &document.metrics {
        paragraph(page, "", &metric.text, metric.line, columns);
        let way = match (&metric.baseline, &metric.target) {
            (Some(from), Some(to)) => Some(format!("{from} {} {to}", style.signs().arrow)),
            (Some(from), None) => Some(format!("now {from}")),
            (None, Some(to)) => Some(format!("target {to}")),
            (None, None) => None,
        };
        details(
            page,
            &[("", way.as_ref()), ("by", metric.measurement.as_ref())],
            columns,
        );
    }
}

pub(super) fn milestones(page: &mut Page, document: &Document, columns: usize, style: &Style) {
    if document.milestones.is_empty() {
        return;
    }
    title(page, "Milestones");
    let mut table = Table::new(&[16, columns / 2, 0]);
    for milestone in &document.milestones {
        let date = milestone.date.as_deref().unwrap_or(style.signs().dash);
        table.row([
            Line::indent(2).dim(date),
            Line::new().plain(&milestone.text),
            Line::new().plain(milestone.status.as_deref().unwrap_or_default()),
        ]);
    }
    page.extend(table.lines(style));
}

pub(super) fn relations(page: &mut Page, document: &Document, columns: usize, style: &Style) {
    let shown: Vec<&Relation> = document
        .relations
        .iter()
        .filter(|relation| is_shown(relation))
        .collect();
    if shown.is_empty() {
        return;
    }
    title(page, "Relations");
    for relation in shown {
        let start = Line::indent(2)
            .dim(relation.kind.as_str().replace('_', " "))
            .pad(17);
        let target = relation.path.as_deref().unwrap_or(&relation.target);
        let line = if relation.resolved {
            start.path(Paint::Note, target, style)
        } else {
            start
                .paint(Paint::Bad, format!("{} {target}", style.signs().cross))
                .dim("  not found")
        };
        let number = match relation.line {
            0 => String::new(),
            line => format!(" {line:>5}"),
        };
        let at = columns - 6;
        page.push(line.cut(at, style).pad(at).dim(number));
    }
}

/// Whatever the author declared as a relation, and what the text says between documents: a page
/// outside, or a path that the text mentions, is no relation of plans.
fn is_shown(relation: &Relation) -> bool {
    let is_declared = matches!(relation.source.as_str(), "front matter" | "header");
    let is_between = relation.kind != RelationType::Touches
        && matches!(relation.endpoint, Endpoint::Document | Endpoint::Item);
    is_declared || is_between
}

pub(super) fn code(page: &mut Page, document: &Document, columns: usize, style: &Style) {
    // What is missing among the relations is told there.
    let is_told = |path: &str| {
        document
            .relations
            .iter()
            .any(|relation| is_shown(relation) && !relation.resolved && relation.target == path)
    };
    let missing: Vec<_> = document
        .code_refs
        .iter()
        .filter(|place| place.exists == Some(false) && !is_told(&place.path))
        .collect();
    if missing.is_empty() {
        return;
    }
    page.gap();
    let all = document.code_refs.len();
    page.push(
        Line::new()
            .strong("Missing code")
            .dim(format!("  {} of {all} paths named", missing.len())),
    );
    for place in missing {
        let line = Line::indent(2)
            .paint(Paint::Warn, style.signs().cross)
            .plain(" ")
            .plain(&place.path);
        let at = columns - 6;
        page.push(
            line.cut(at, style)
                .pad(at)
                .dim(format!(" {:>5}", place.line)),
        );
    }
}

pub(super) fn diagnostics(page: &mut Page, document: &Document, columns: usize, style: &Style) {
    if document.diagnostics.is_empty() {
        return;
    }
    title(page, "Notes of the reader");
    for diagnostic in &document.diagnostics {
        let (sign, paint) = match diagnostic.level {
            Level::Error => (style.signs().cross, Paint::Bad),
            Level::Warning => (style.signs().warning, Paint::Warn),
            Level::Info => (style.signs().dot, Paint::Dim),
        };
        let room = columns - 10;
        let mut parts = wrap(&diagnostic.message, room, room).into_iter();
        let first = Line::indent(2)
            .paint(paint, sign)
            .plain(" ")
            .plain(parts.next().unwrap_or_default())
            .pad(columns - 6)
            .dim(format!(" {:>5}", diagnostic.line));
        page.push(first);
        page.extend(parts.map(|part| Line::indent(4).plain(part)));
        if let Some(help) = &diagnostic.help {
            page.extend(
                wrap(help, room, room)
                    .into_iter()
                    .map(|part| Line::indent(4).dim(part)),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_told_from_slugs() {
        for (alias, expected) in [
            ("PLAN-001", true),
            ("T-9", true),
            ("auth-001", false),
            ("PLAN-x", false),
            ("012", false),
        ] {
            assert_eq!(is_id(alias), expected, "{alias}");
        }
    }
}
