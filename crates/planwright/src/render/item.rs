use planwright_model::{Head, Item};
use planwright_ops::Place;
use planwright_ops::show::{Brief, ItemAnswer, Need, PhaseAnswer, SectionAnswer};

use super::bar::bar;
use super::claims::held_by;
use super::line::{Line, Page, Paint};
use super::log;
use super::style::Style;
use super::text::wrap;

/// Column in which the values of a page's fields begin.
pub(super) const VALUES: usize = 13;

/// One item and what surrounds it.
pub(crate) fn item(answer: &ItemAnswer, style: &Style) -> String {
    let mut page = Page::new();
    let columns = style.page(100);
    let item = &answer.item;
    let (sign, paint) = style.signs().item(item.state);
    let id = item
        .id
        .as_ref()
        .map(|id| format!("{id} "))
        .unwrap_or_default();
    let start = Line::new().paint(paint, sign).plain(" ");
    let mut text = wrap(&format!("{id}{}", item.text), columns - 2, columns - 2).into_iter();
    page.push(start.strong(text.next().unwrap_or_default()));
    page.extend(text.map(|part| Line::indent(2).strong(part)));
    place(
        &mut page,
        &answer.place,
        &item.reference,
        &answer.document,
        columns,
        style,
    );
    let state = item.state.as_str().replace('_', " ");
    let ready = if item.ready { " and ready" } else { "" };
    let said = format!("{state}{ready}");
    field(
        &mut page,
        item.role.as_str(),
        Line::new().paint(paint, said),
    );
    if let Some(claim) = &answer.claim {
        field(&mut page, "held by", held_by(claim));
    }
    if let Some(phase) = &answer.phase {
        field(&mut page, "phase", brief(phase, columns, style));
    }
    if let Some(parent) = &answer.parent {
        field(&mut page, "part of", brief(parent, columns, style));
    }
    let estimate = item
        .estimate
        .as_ref()
        .map(|estimate| estimate.native.clone());
    for (name, value) in [
        ("recorded", log::recorded(&answer.log, item.line)),
        ("owner", item.owner.clone()),
        ("estimate", estimate),
        ("priority", item.priority.clone()),
        ("stage", item.stage.clone()),
        ("covers", joined(&item.covers)),
        ("files", joined(&item.files)),
    ] {
        if let Some(value) = value {
            words(&mut page, name, &value, columns);
        }
    }
    needs(&mut page, &answer.needs, columns, style);
    for (at, other) in answer.needed_by.iter().enumerate() {
        field(
            &mut page,
            if at == 0 { "needed by" } else { "" },
            brief(other, columns, style),
        );
    }
    if !answer.children.is_empty() {
        page.gap();
        for child in &answer.children {
            let recorded = log::recorded(&answer.log, child.line);
            page.extend(row(child, recorded, 2, columns, style));
        }
    }
    page.finish(style)
}

/// One phase and what it holds.
pub(crate) fn phase(answer: &PhaseAnswer, style: &Style) -> String {
    let mut page = Page::new();
    let columns = style.page(100);
    let phase = &answer.phase;
    page.push(Line::new().strong(&phase.title).cut(columns, style));
    place(
        &mut page,
        &answer.place,
        &phase.reference,
        &answer.document,
        columns,
        style,
    );
    if answer.progress.total > 0 {
        let count = format!(
            " {} of {} tasks",
            answer.progress.done, answer.progress.total
        );
        field(
            &mut page,
            "progress",
            bar(answer.progress, 20, style).plain(count),
        );
    } else {
        field(&mut page, "progress", Line::new().dim("nothing to measure"));
    }
    let state = phase
        .native
        .clone()
        .or_else(|| phase.state.map(|state| state.to_string()));
    for (name, value) in [
        ("state", state),
        ("goal", phase.goal.clone()),
        (
            "duration",
            phase
                .duration
                .as_ref()
                .map(|duration| duration.native.clone()),
        ),
        ("priority", phase.priority.clone()),
    ] {
        if let Some(value) = value {
            words(&mut page, name, &value, columns);
        }
    }
    needs(&mut page, &answer.needs, columns, style);
    for (at, part) in answer.parts.iter().enumerate() {
        field(
            &mut page,
            if at == 0 { "parts" } else { "" },
            brief(part, columns, style),
        );
    }
    if !answer.items.is_empty() {
        page.gap();
        for item in &answer.items {
            let depth = usize::from(item.parent.is_some());
            let recorded = log::recorded(&answer.log, item.line);
            page.extend(row(item, recorded, 2 + 2 * depth, columns, style));
        }
    }
    page.finish(style)
}

/// One section, its text as its author laid it out.
pub(crate) fn section(answer: &SectionAnswer, style: &Style) -> String {
    let mut page = Page::new();
    let columns = style.page(100);
    page.push(
        Line::new()
            .strong(&answer.section.title)
            .cut(columns, style),
    );
    place(
        &mut page,
        &answer.place,
        "",
        &answer.document,
        columns,
        style,
    );
    page.gap();
    if answer.text.is_empty() {
        page.push(Line::indent(2).dim("nothing stands here"));
    }
    page.extend(answer.text.lines().map(|line| Line::indent(2).plain(line)));
    page.finish(style)
}

/// Where it stands, the name to call it by, and the document that holds it.
fn place(page: &mut Page, at: &Place, name: &str, document: &Head, columns: usize, style: &Style) {
    let mut line = Line::indent(2).place(&at.path, at.line, style);
    if !name.is_empty() {
        line = line
            .dim(format!(" {} ", style.signs().dot))
            .paint(Paint::Note, name);
    }
    page.push(line.cut(columns, style));
    page.gap();
    words(page, "in", &document.title.text, columns);
}

fn needs(page: &mut Page, needs: &[Need], columns: usize, style: &Style) {
    for (at, need) in needs.iter().enumerate() {
        let line = match &need.found {
            Some(found) => brief(found, columns, style),
            None => Line::new()
                .paint(Paint::Bad, format!("{} {}", style.signs().cross, need.name))
                .dim(" (not found)"),
        };
        field(page, if at == 0 { "needs" } else { "" }, line);
    }
}

fn brief(found: &Brief, columns: usize, style: &Style) -> Line {
    let name = found
        .reference
        .rsplit_once('#')
        .map_or("", |(_, name)| name);
    let line = match found.state.map(|state| style.signs().item(state)) {
        Some((sign, paint)) => Line::new().paint(paint, sign).plain(" "),
        None => Line::new(),
    };
    // The number of a phase stands in its title as a rule.
    let told = found
        .text
        .chars()
        .take(12)
        .collect::<String>()
        .contains(name);
    let line = if told {
        line
    } else {
        line.paint(Paint::Note, name).plain(" ")
    };
    let number = format!("  :{}", found.line);
    let room = columns - VALUES - number.len();
    line.plain(&found.text).cut(room, style).dim(number)
}

fn joined(words: &[String]) -> Option<String> {
    (!words.is_empty()).then(|| words.join(", "))
}

/// A field of a page: its name and its value.
pub(super) fn field(page: &mut Page, name: &str, value: Line) {
    page.push(Line::indent(2).dim(name).pad(VALUES).append(value));
}

/// A field of a page that may run over several lines.
pub(super) fn words(page: &mut Page, name: &str, value: &str, columns: usize) {
    for (at, part) in wrap(value, columns - VALUES, columns - VALUES)
        .into_iter()
        .enumerate()
    {
        field(
            page,
            if at == 0 { name } else { "" },
            Line::new().plain(part),
        );
    }
}

/// An item as a row of a list: mark, id, text, what else it says, when it was recorded, and its line
/// at the right edge.
/// Among the tasks of a phase, what is no task says what it is.
pub(super) fn row(
    item: &Item,
    recorded: Option<String>,
    indent: usize,
    columns: usize,
    style: &Style,
) -> Vec<Line> {
    let (sign, paint) = style.signs().item(item.state);
    let number = format!(" {:>5}", item.line);
    let left = indent + 2;
    let room = columns.saturating_sub(left + number.len());
    let text_paint = if item.state.is_closed() {
        Paint::Dim
    } else {
        Paint::Plain
    };
    // What it is named by behind the document: its id, else its place.
    let id = item.reference.rsplit_once('#');
    let id = id.filter(|(_, place)| !place.is_empty());
    let id = id.map_or_else(String::new, |(_, place)| format!("{place} "));
    let mut parts = wrap(&item.text, room.saturating_sub(id.len()), room).into_iter();
    let first = Line::indent(indent)
        .paint(paint, sign)
        .plain(" ")
        .paint(Paint::Note, &id)
        .paint(text_paint, parts.next().unwrap_or_default());
    let mut lines = vec![first];
    lines.extend(parts.map(|part| Line::indent(left).paint(text_paint, part)));
    if let Some(extra) = extra(item, recorded) {
        // Beside the text where there is room for it, else below.
        let last = lines.pop().unwrap_or_default();
        if last.width() + 2 + extra.width() <= left + room {
            lines.push(last.plain("  ").append(extra));
        } else {
            lines.push(last);
            lines.push(Line::indent(left).append(extra).cut(left + room, style));
        }
    }
    if let Some(first) = lines.first_mut() {
        *first = std::mem::take(first).pad(left + room).dim(number);
    }
    lines
}

fn extra(item: &Item, recorded: Option<String>) -> Option<Line> {
    let mut parts: Vec<String> = Vec::new();
    if item.phase.is_some() && !item.role.is_work() {
        parts.push(item.role.as_str().to_owned());
    }
    parts.extend(item.owner.clone());
    parts.extend(
        item.estimate
            .as_ref()
            .map(|estimate| estimate.native.clone()),
    );
    if !item.depends_on.is_empty() && !item.state.is_closed() {
        let names: Vec<&str> = item
            .depends_on
            .iter()
            .map(String::as_str)
            .filter(|name| !name.starts_with("phase:"))
            .collect();
        if !names.is_empty() {
            parts.push(format!("needs {}", names.join(", ")));
        }
    }
    parts.extend(recorded);
    (!parts.is_empty()).then(|| Line::new().dim(parts.join(", ")))
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;
    use planwright_model::{
        Estimate, ItemRole, ItemState, LogEntry, LogRole, Phase, Progress, Section, Title,
    };

    use super::super::document::tests::task;
    use super::*;

    fn head() -> Head {
        Head {
            path: "docs/plans/auth.md".to_owned(),
            reference: "auth".to_owned(),
            title: Title {
                text: "Authentication redesign".to_owned(),
                line: Some(1),
            },
            ..Head::default()
        }
    }

    fn brief(name: &str, line: u32, state: Option<ItemState>, text: &str) -> Brief {
        Brief {
            reference: format!("auth#{name}"),
            line,
            state,
            text: text.to_owned(),
        }
    }

    #[test]
    fn an_item_with_everything() {
        let mut own = task(
            44,
            "T012",
            ItemState::InProgress,
            "Write the refresh endpoint",
        );
        own.owner = Some("@ann".to_owned());
        own.estimate = Some(Estimate {
            native: "1-2 days".to_owned(),
            hours_min: None,
            hours_max: None,
        });
        own.covers = vec!["US1".to_owned(), "FR-003".to_owned()];
        let mut criterion = task(46, "", ItemState::Todo, "A used token is refused");
        criterion.id = None;
        criterion.role = ItemRole::Criterion;
        let answer = ItemAnswer {
            schema: "planwright/item@1",
            document: head(),
            place: Place {
                path: "docs/plans/auth.md".to_owned(),
                line: 44,
            },
            item: own,
            claim: None,
            phase: Some(brief("2", 40, None, "Token service")),
            parent: None,
            needs: vec![
                Need {
                    name: "T011".to_owned(),
                    found: Some(brief("T011", 43, Some(ItemState::Done), "Store the hash")),
                },
                Need {
                    name: "T999".to_owned(),
                    found: None,
                },
            ],
            needed_by: vec![brief("T020", 60, Some(ItemState::Todo), "Tell the clients")],
            children: vec![criterion],
            log: vec![LogEntry {
                line: 44,
                role: LogRole::Progress,
                time: Some("2026-02-03T13:00Z".to_owned()),
                time_native: None,
                instant: None,
                text: String::new(),
                rationale: None,
                author: None,
            }],
        };
        assert_snapshot!(item(&answer, &Style::plain(80)));
    }

    #[test]
    fn a_section_keeps_its_layout() {
        let answer = SectionAnswer {
            schema: "planwright/section@1",
            document: head(),
            place: Place {
                path: "docs/plans/auth.md".to_owned(),
                line: 70,
            },
            section: Section {
                title: "Rollback".to_owned(),
                line: 70,
                ..Section::default()
            },
            text: "Switch the flag off:\n\n    flag off auth\n\n| a | b |".to_owned(),
        };
        assert_snapshot!(section(&answer, &Style::plain(80)));
    }

    #[test]
    fn a_phase_with_its_items() {
        let answer = PhaseAnswer {
            schema: "planwright/phase@1",
            document: head(),
            place: Place {
                path: "docs/plans/auth.md".to_owned(),
                line: 40,
            },
            phase: Phase {
                title: "Phase 2: Token service".to_owned(),
                goal: Some("Clients stay logged in without keeping a password".to_owned()),
                ..Phase::default()
            },
            progress: Progress { done: 1, total: 2 },
            needs: Vec::new(),
            parts: Vec::new(),
            items: vec![
                task(43, "T011", ItemState::Done, "Store the hash"),
                task(44, "T012", ItemState::Todo, "Write the refresh endpoint"),
            ],
            log: Vec::new(),
        };
        assert_snapshot!(phase(&answer, &Style::plain(80)));
    }
}
