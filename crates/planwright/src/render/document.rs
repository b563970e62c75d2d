use planwright_model::{Document, FieldValue, Item, ItemRole, Phase, Progress};
use planwright_ops::show::DocumentAnswer;

use super::bar::bar;
use super::claims::held_by;
use super::item::{field, row, words};
use super::line::{Line, Page, Paint};
use super::signs::said;
use super::style::Style;
use super::text::wrap;
use super::{log, records};

/// A document's page. Of its records the latest are shown, or all.
pub(crate) fn document(answer: &DocumentAnswer, all: bool, style: &Style) -> String {
    let document = &answer.document;
    let columns = style.page(100);
    let mut page = Page::new();
    head(&mut page, answer, all, columns, style);
    page.gap();
    phases(&mut page, document, columns, style);
    loose(&mut page, document, columns, style);
    records::questions(&mut page, document, columns, style);
    records::blockers(&mut page, document, columns, style);
    records::risks(&mut page, document, columns, style);
    records::metrics(&mut page, document, columns, style);
    records::milestones(&mut page, document, columns, style);
    log::log(&mut page, document, all, columns, style);
    records::relations(&mut page, document, columns, style);
    records::code(&mut page, document, columns, style);
    records::diagnostics(&mut page, document, columns, style);
    page.finish(style)
}

/// So many lines of the goal are shown unless all was asked for.
const GOAL: usize = 4;

fn head(page: &mut Page, answer: &DocumentAnswer, all: bool, columns: usize, style: &Style) {
    let document = &answer.document;
    let dot = format!(" {} ", style.signs().dot);
    let (sign, paint) = style.signs().state(document.state.value);
    let mut title = wrap(&document.title.text, columns - 2, columns - 2).into_iter();
    let first = title.next().unwrap_or_default();
    page.push(Line::new().paint(paint, sign).plain(" ").strong(first));
    page.extend(title.map(|part| Line::indent(2).strong(part)));
    let mut place = Line::indent(2)
        .path(Paint::Dim, &document.path, style)
        .dim(&dot)
        .paint(Paint::Note, &document.reference);
    if let Some(alias) = document
        .aliases
        .iter()
        .find(|alias| records::is_id(alias) && **alias != document.reference)
    {
        place = place.dim(format!(" ({alias})"));
    }
    page.push(place.cut(columns, style));
    page.gap();

    let mut kind = Line::new()
        .plain(&document.kind)
        .dim(format!(", {}", document.dialect));
    for (flag, word) in [
        (document.template, "template"),
        (document.archived, "archived"),
    ] {
        if flag {
            kind = kind.dim(", ").paint(Paint::Warn, word);
        }
    }
    field(page, "kind", kind);
    let state = &document.state;
    let mut line = Line::new().paint(paint, said(state.value));
    let native = state.native.as_ref();
    if let Some(native) = native.filter(|native| !native.eq_ignore_ascii_case(&said(state.value))) {
        line = line.plain(format!("  \"{native}\""));
    }
    if let Some(at) = state.line {
        line = line.dim(format!("  :{at}"));
    }
    field(
        page,
        "state",
        line.cut(columns - super::item::VALUES, style),
    );
    for (at, held) in answer.claims.iter().enumerate() {
        let name = if at == 0 { "held by" } else { "" };
        let mut line = held_by(held);
        if held.reference.contains('#') {
            line = line.plain("  ").paint(Paint::Note, &held.reference);
        }
        field(page, name, line.cut(columns - super::item::VALUES, style));
    }
    for claim in document
        .state_claims
        .iter()
        .skip(1)
        .filter(|c| c.value != state.value)
    {
        let mut line = Line::new()
            .paint(Paint::Warn, style.signs().warning)
            .plain(" also says ")
            .paint(
                Paint::Warn,
                claim.native.clone().unwrap_or_else(|| said(claim.value)),
            );
        if let Some(at) = claim.line {
            line = line.dim(format!("  :{at}"));
        }
        field(page, "", line);
    }
    field(page, "progress", progress(document.progress, style));
    fields(page, document, columns);
    if let Some(goal) = &answer.goal {
        page.gap();
        let mut parts = wrap(goal, columns - 2, columns - 2);
        let most = if all { parts.len() } else { GOAL };
        if parts.len() > most {
            parts.truncate(most);
            if let Some(last) = parts.last_mut() {
                last.push_str(style.signs().ellipsis);
            }
        }
        page.extend(parts.into_iter().map(|part| Line::indent(2).plain(part)));
    }
}

fn progress(progress: Progress, style: &Style) -> Line {
    match progress.total {
        0 => Line::new().dim("nothing to measure"),
        total => bar(progress, 20, style).plain(format!(" {} of {total} tasks", progress.done)),
    }
}

/// Owners, dates and tags; the other fields are the file's own business.
fn fields(page: &mut Page, document: &Document, columns: usize) {
    const SHOWN: [(&str, &[&str]); 5] = [
        (
            "owner",
            &["owner", "owners", "author", "authors", "assignee"],
        ),
        ("reviewers", &["reviewer", "reviewers", "stakeholders"]),
        (
            "dates",
            &[
                "created",
                "started",
                "updated",
                "due",
                "target",
                "completed",
                "expires",
            ],
        ),
        ("priority", &["priority"]),
        ("tags", &["tags", "labels"]),
    ];
    for (name, keys) in SHOWN {
        let values: Vec<String> = keys
            .iter()
            .filter_map(|key| Some((key, document.fields.get(*key)?)))
            // What a form asks for is no date.
            .filter(|(_, value)| {
                name != "dates" || joined(value).contains(|c: char| c.is_ascii_digit())
            })
            .map(|(key, value)| match name {
                "dates" => format!("{key} {}", day(&joined(value))),
                _ => joined(value),
            })
            .filter(|value| !value.trim().is_empty())
            .collect();
        if !values.is_empty() {
            words(page, name, &values.join(", "), columns);
        }
    }
}

/// The day of a point in time that machines wrote to the microsecond.
fn day(time: &str) -> &str {
    match time.split_once('T') {
        Some((day, _)) if day.len() == 10 && day.starts_with(|c: char| c.is_ascii_digit()) => day,
        _ => time,
    }
}

fn joined(value: &FieldValue) -> String {
    value.iter().collect::<Vec<&str>>().join(", ")
}

fn phases(page: &mut Page, document: &Document, columns: usize, style: &Style) {
    for phase in &document.phases {
        let items: Vec<&Item> = document
            .items
            .iter()
            .filter(|item| item.phase == Some(phase.line))
            .collect();
        let depth = depth(document, phase);
        if depth == 0 {
            page.gap();
        }
        page.push(phase_head(document, phase, 2 * depth, columns, style));
        for item in items {
            page.extend(row(
                item,
                log::recorded(&document.log, item.line),
                2 * depth + 2 + nesting(document, item),
                columns,
                style,
            ));
        }
    }
}

/// Columns by which an item stands in under the item it hangs from.
fn nesting(document: &Document, item: &Item) -> usize {
    let mut columns = 0;
    let mut parent = item.parent;
    while let Some(line) = parent.filter(|_| columns < 8) {
        columns += 2;
        let at = document.items.binary_search_by_key(&line, |item| item.line);
        parent = at
            .ok()
            .and_then(|at| document.items[at].parent)
            .filter(|next| *next < line);
    }
    columns
}

fn depth(document: &Document, phase: &Phase) -> usize {
    let mut depth = 0;
    let mut parent = phase.parent;
    while let Some(line) = parent.filter(|_| depth < 4) {
        depth += 1;
        parent = document
            .phases
            .iter()
            .find(|other| other.line == line)
            .and_then(|other| other.parent)
            .filter(|next| *next < line);
    }
    depth
}

fn phase_head(
    document: &Document,
    phase: &Phase,
    indent: usize,
    columns: usize,
    style: &Style,
) -> Line {
    let tasks = || {
        document.items.iter().filter(|item| {
            item.role == ItemRole::Task && (phase.line..=phase.end_line).contains(&item.line)
        })
    };
    let total = tasks().count();
    let done = tasks().filter(|item| item.state.is_closed()).count();
    let mut right = Line::new();
    if total > 0 {
        let paint = if done == total {
            Paint::Good
        } else {
            Paint::Dim
        };
        right = right.paint(paint, format!("{done}/{total}"));
    }
    let right = right.dim(format!(" {:>5}", phase.line));
    let at = columns - right.width();
    let mut line = Line::indent(indent).strong(&phase.title);
    let native = phase.native.as_ref();
    if let Some(native) = native.filter(|native| !phase.title.contains(&***native)) {
        line = line.plain("  ").paint(Paint::Note, native);
    }
    let duration = phase.duration.as_ref();
    if let Some(duration) = duration.filter(|duration| !phase.title.contains(&duration.native)) {
        line = line.dim(format!("  {}", duration.native));
    }
    line.cut(at - 2, style).pad(at).append(right)
}

/// Items outside phases, by their role.
fn loose(page: &mut Page, document: &Document, columns: usize, style: &Style) {
    for (title, roles) in [
        ("Tasks", &[ItemRole::Task, ItemRole::Subtask][..]),
        ("Acceptance criteria", &[ItemRole::Criterion]),
        ("Deliverables", &[ItemRole::Deliverable]),
        ("Gates", &[ItemRole::Gate]),
        ("Checks", &[ItemRole::Check]),
    ] {
        let items: Vec<&Item> = document
            .items
            .iter()
            .filter(|item| item.phase.is_none() && roles.contains(&item.role))
            .collect();
        if items.is_empty() {
            continue;
        }
        page.gap();
        let closed = items.iter().filter(|item| item.state.is_closed()).count();
        let right = Line::new()
            .dim(format!("{closed}/{}", items.len()))
            .dim(" ".repeat(6));
        let at = columns - right.width();
        page.push(Line::new().strong(title).pad(at).append(right));
        for item in items {
            page.extend(row(
                item,
                log::recorded(&document.log, item.line),
                2 + nesting(document, item),
                columns,
                style,
            ));
        }
    }
}

#[cfg(test)]
pub(super) mod tests;
