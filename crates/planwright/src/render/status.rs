use planwright_model::DocumentState;
use planwright_ops::status::{Answer, Row};

use super::bar::{bar, ratio};
use super::claims::held_by;
use super::line::{Line, Page, Paint};
use super::signs::said;
use super::style::Style;
use super::text::{short_phase, short_title};
use super::{age, counted, unreadable};

/// From this width on, the next task stands beside its plan instead of under it.
const WIDE: usize = 108;
/// Below this width, bar and age make room for the title.
const NARROW: usize = 64;

/// The overview of the repository.
pub(crate) fn status(answer: &Answer, style: &Style) -> String {
    let mut page = Page::new();
    if answer.initiatives.is_empty() && answer.closed == 0 {
        nothing(&mut page, answer);
        unreadable(&mut page, &answer.unreadable, style);
        return page.finish(style);
    }
    let columns = style.page(140);
    let rows: Vec<Vec<Line>> = answer
        .initiatives
        .iter()
        .map(|row| initiative(row, columns, style))
        .collect();
    let mut footer = Page::new();
    counts(&mut footer, answer, columns, style);
    let shown = fitting(&rows, style);
    for lines in rows.into_iter().take(shown) {
        page.extend(lines);
    }
    if answer.initiatives.is_empty() {
        page.push(Line::new().plain("No plan is open."));
    }
    let more = answer.more + u32::try_from(answer.initiatives.len() - shown).unwrap_or(u32::MAX);
    if more > 0 {
        page.push(
            Line::indent(2)
                .dim(format!(
                    "{} {}: ",
                    style.signs().ellipsis,
                    counted(more, "more plan", "more plans")
                ))
                .plain("plan status --all"),
        );
    }
    page.gap();
    let mut out = page.finish(style);
    out.push('\n');
    unreadable(&mut footer, &answer.unreadable, style);
    out.push_str(&footer.finish(style));
    out
}

/// How many initiatives fit on the screen beside the lines below them.
fn fitting(rows: &[Vec<Line>], style: &Style) -> usize {
    const BELOW: usize = 7;
    let Some(height) = style.height else {
        return rows.len();
    };
    let mut left = height.saturating_sub(BELOW);
    let fit = rows.iter().take_while(|lines| {
        let fits = lines.len() <= left;
        left = left.saturating_sub(lines.len());
        fits
    });
    fit.count().max(3).min(rows.len())
}

fn initiative(row: &Row, columns: usize, style: &Style) -> Vec<Line> {
    let mut lines = vec![headline(row, columns, style)];
    let about = about(row, columns, style);
    let todo = todo(row, style);
    if columns >= WIDE {
        let column = columns / 2 - 2;
        let line = match todo {
            Some(todo) => about.cut(column - 2, style).pad(column).append(todo),
            None => about,
        };
        lines.push(line.cut(columns, style));
    } else {
        lines.push(about.cut(columns, style));
        lines.extend(todo.map(|todo| Line::indent(2).append(todo).cut(columns, style)));
    }
    lines.extend(troubles(row, columns, style));
    lines
}

/// Sign and title; state, bar, count and age in columns at the right edge.
fn headline(row: &Row, columns: usize, style: &Style) -> Line {
    let (sign, paint) = style.signs().state(row.state.value);
    let bar_columns = match columns {
        WIDE.. => 20,
        NARROW.. => 10,
        _ => 0,
    };
    let state = match (&row.state.native, row.state.value) {
        (Some(native), DocumentState::Unknown) => Line::new().paint(Paint::Warn, native),
        (_, DocumentState::Unknown) => Line::new().dim(said(row.state.value)),
        (_, state) => Line::new().paint(paint, said(state)),
    };
    let mut right = state.cut(10, style).pad(12);
    right = match row.progress.total {
        0 => right.plain(" ".repeat(bar_columns)),
        _ => right.append(bar(row.progress, bar_columns, style)),
    };
    right = right.plain(format!(" {:>7}", ratio(row.progress)));
    if columns >= NARROW {
        right = right.dim(format!(" {:>5}", row.age_days.map(age).unwrap_or_default()));
    }
    let at = columns - right.width();
    Line::new()
        .paint(paint, sign)
        .plain(" ")
        .append(
            Line::new()
                .strong(short_title(&row.title))
                .cut(at - 4, style),
        )
        .pad(at)
        .append(right)
}

/// Reference, dialect and phase.
fn about(row: &Row, columns: usize, style: &Style) -> Line {
    let dot = format!(" {} ", style.signs().dot);
    let mut line = Line::indent(2)
        .link(Paint::Note, &row.reference, &row.path, style)
        .dim(&dot)
        .dim(&row.dialect);
    if row.archived {
        line = line.dim(&dot).dim("archived");
    }
    if let Some(native) = telling(row) {
        line = line.dim(&dot).plain(format!("\"{native}\""));
    }
    match row.kind.as_str() {
        "tasks" if row.single => line = line.dim(&dot).dim("task"),
        "plan" | "tasks" => {}
        kind => line = line.dim(&dot).dim(kind),
    }
    if row.progress.total == 0 && !row.single {
        line = line.dim(&dot).dim("nothing to measure");
    }
    if let Some(phase) = &row.phase {
        line = line.dim(&dot);
        line = match phase.number {
            0 => line,
            number => line.dim(format!("{number}/{} ", phase.of)),
        };
        line = line.plain(short_phase(&phase.title));
    }
    if let [claim, rest @ ..] = row.claims.as_slice() {
        line = line.dim(&dot).dim("held by ").append(held_by(claim));
        if !rest.is_empty() {
            line = line.dim(format!(", {} more", rest.len()));
        }
    }
    if columns < WIDE {
        return line;
    }
    if row.in_progress > 0 {
        line = line.dim(&dot).dim(format!("{} begun", row.in_progress));
    }
    line
}

/// The author's words for the state, where they say more than the canonical word.
fn telling(row: &Row) -> Option<&str> {
    let native = row.state.native.as_deref()?;
    let words = native.split_whitespace().count();
    (words > 2 && row.state.value != DocumentState::Unknown).then_some(native)
}

/// What to do next, or what it waits for.
fn todo(row: &Row, style: &Style) -> Option<Line> {
    let signs = style.signs();
    if let [hold, rest @ ..] = row.waits_for.as_slice() {
        let line = Line::new()
            .paint(Paint::Warn, signs.wait)
            .plain(" waits for ")
            .paint(Paint::Note, &hold.reference)
            .dim(format!(": {}", hold.reason));
        return Some(match rest.len() {
            0 => line,
            more => line.dim(format!(", and {more} more")),
        });
    }
    if row.state.value.is_closed() {
        return None;
    }
    let next = row.next.as_ref()?;
    let name = next.reference.rsplit_once('#').map_or("", |(_, name)| name);
    // A name that is only a position is needed for commands, not for reading.
    let position = name
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.');
    let name_paint = if position { Paint::Dim } else { Paint::Note };
    Some(
        Line::new()
            .paint(Paint::Good, signs.arrow)
            .plain(" ")
            .link(name_paint, name, &next.place.path, style)
            .plain(if name.is_empty() { "" } else { " " })
            .plain(&next.text),
    )
}

/// What stands in the way and what contradicts itself, a line each.
fn troubles(row: &Row, columns: usize, style: &Style) -> Vec<Line> {
    let signs = style.signs();
    let mut lines = Vec::new();
    if row.blockers > 0 || row.blocked > 0 {
        let mut line = Line::indent(2).paint(Paint::Bad, signs.block).plain(" ");
        line = match (&row.blocker, row.blockers) {
            (Some(text), blockers) if blockers > 0 => {
                let more = if blockers > 1 {
                    format!(" (and {} more)", blockers - 1)
                } else {
                    String::new()
                };
                line.plain(format!("blocked: {text}")).dim(more)
            }
            (_, blockers) if blockers > 0 => line.plain(counted(blockers, "blocker", "blockers")),
            _ => line.plain(format!(
                "{} blocked",
                counted(row.blocked, "task is", "tasks are")
            )),
        };
        lines.push(line.cut(columns, style));
    }
    for mark in &row.disagrees {
        let line = Line::indent(2)
            .paint(Paint::Warn, signs.warning)
            .plain(" ")
            .plain(&mark.message);
        let line = if mark.path == row.path {
            line
        } else {
            let name = mark.path.rsplit('/').next().unwrap_or(&mark.path);
            line.dim(format!(" ({name})"))
        };
        lines.push(line.cut(columns, style));
    }
    lines
}

fn counts(page: &mut Page, answer: &Answer, columns: usize, style: &Style) {
    let dot = format!(" {} ", style.signs().dot);
    let mut plans = Line::new().dim("plans  ");
    let mut first = true;
    for state in DocumentState::ALL {
        let Some(n) = answer.states.get(state.as_str()).filter(|n| **n > 0) else {
            continue;
        };
        if !first {
            plans = plans.dim(&dot);
        }
        first = false;
        plans = plans
            .plain(format!("{n} "))
            .paint(style.signs().state(state).1, said(state));
    }
    page.push(plans.cut(columns, style));
    let tasks = answer.tasks;
    let mut line = Line::new()
        .dim("tasks  ")
        .plain(format!("{} open", tasks.open));
    for (n, word, paint) in [
        (tasks.ready, "ready", Paint::Good),
        (tasks.in_progress, "begun", Paint::Warn),
        (tasks.blocked, "blocked", Paint::Bad),
    ] {
        if n > 0 {
            line = line.dim(&dot).plain(format!("{n} ")).paint(paint, word);
        }
    }
    page.push(line.cut(columns, style));
    if let [first, rest @ ..] = answer.closed_disagreeing.as_slice() {
        let count = u32::try_from(rest.len() + 1).unwrap_or(u32::MAX);
        let line = Line::new()
            .paint(Paint::Warn, style.signs().warning)
            .plain(format!(
                " {} {}: ",
                counted(count, "closed plan", "closed plans"),
                if count == 1 {
                    "contradicts itself"
                } else {
                    "contradict themselves"
                }
            ))
            .paint(Paint::Note, &first.reference);
        let line = match rest {
            [] => line,
            [second] => line.plain(", ").paint(Paint::Note, &second.reference),
            [second, ..] => line
                .plain(", ")
                .paint(Paint::Note, &second.reference)
                .plain(style.signs().ellipsis),
        };
        page.push(line.dim("  plan status --all").cut(columns, style));
    }
}

/// What is said where there is no plan.
fn nothing(page: &mut Page, answer: &Answer) {
    if answer.documents == 0 {
        page.push(Line::new().strong("No plan was found here."));
        page.gap();
        page.push(
            Line::new()
                .plain("Planwright reads the Markdown plans that a repository already keeps:"),
        );
        page.push(
            Line::new()
                .plain("Archcore documents, AI-docs plans, ExecPlans, dev_ops plans and boards,"),
        );
        page.push(
            Line::new()
                .plain("spec-kit features, and other files that hold phases and tasks. Files that"),
        );
        page.push(Line::new().plain("git ignores are left out."));
        page.gap();
        page.push(Line::new().dim("what is read    ").plain("plan dialects"));
        page.push(
            Line::new()
                .dim("why not a file  ")
                .plain("plan dialects show --file PATH"),
        );
        page.push(Line::new().dim("look elsewhere  ").plain("plan -C DIR"));
        page.push(
            Line::new()
                .dim("write one       ")
                .plain("plan new plan \"What it is about\""),
        );
    } else {
        let found = counted(answer.documents, "document was", "documents were");
        page.push(
            Line::new()
                .strong("No plan was found here.")
                .plain(format!(" {found} found, and none holds work to be done.")),
        );
        page.gap();
        page.push(Line::new().dim("what was found  ").plain("plan list --all"));
        page.push(
            Line::new()
                .dim("why not a file  ")
                .plain("plan dialects show --file PATH"),
        );
    }
}

#[cfg(test)]
mod tests;
