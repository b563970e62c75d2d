//! From a document as it was read to what the snapshot keeps of it.

use planwright_dialect::ORIGIN;
use planwright_model::{Document, Item, ItemRole, ItemState, Phase, RelationType};

use crate::record::{Entry, NextItem};
use crate::stored::{StoredPhase, StoredSummary, StoredTask};

/// The line of a document in lists. `mtime` in seconds since the Unix epoch.
pub(crate) fn entry(document: &Document, mtime: i64) -> Entry<'_> {
    let tasks = || {
        document
            .items
            .iter()
            .filter(|item| item.role == ItemRole::Task)
    };
    let count = |wanted: &dyn Fn(&Item) -> bool| tasks().filter(|item| wanted(item)).count() as u32;
    let phases: Vec<(&Phase, u32, u32)> = phases(document)
        .filter(|(_, _, total)| *total > 0)
        .collect();
    let current = phases.iter().position(|(_, done, total)| done < total);
    let open_blockers = || document.blockers.iter().filter(|blocker| !blocker.resolved);
    Entry {
        path: &document.path,
        dialect: &document.dialect,
        kind: &document.kind,
        reference: &document.reference,
        aliases: document.aliases.iter().map(String::as_str).collect(),
        title: &document.title.text,
        title_line: document.title.line,
        state: document.state.value,
        native: document.state.native.as_deref(),
        state_line: document.state.line,
        archived: document.archived,
        template: document.template,
        holds_work: document.holds_work(),
        initiative: &document.initiative,
        source: document
            .field(ORIGIN)
            .next()
            .filter(|_| document.kind == "task"),
        done: document.progress.done,
        total: document.progress.total,
        ready: count(&|item| item.ready),
        in_progress: count(&|item| item.state == ItemState::InProgress),
        blocked: count(&|item| item.state == ItemState::Blocked),
        phase: current.map(|at| phases[at].0.title.as_str()),
        phase_number: current.map_or(0, |at| at as u32 + 1),
        phases: phases.len() as u32,
        next: next(document),
        blockers: open_blockers().count() as u32,
        blocker: open_blockers().next().map(|blocker| blocker.text.as_str()),
        needs: document
            .relations
            .iter()
            .any(|relation| relation.kind == RelationType::DependsOn),
        owners: first_field(document, &["owner", "assignee", "author"]),
        tags: document.field("tags").collect(),
        priority: document.field("priority").next(),
        created: ["created", "started", "date"]
            .iter()
            .find_map(|name| document.field(name).find_map(civil_date)),
        touched: touched(document),
        mtime,
        content: 0,
        codes: codes(document),
    }
}

/// What questions about work need of a document.
pub(crate) fn summary(document: &Document) -> StoredSummary<'_> {
    StoredSummary {
        phases: phases(document)
            .map(|(phase, done, total)| StoredPhase {
                reference: &phase.reference,
                line: phase.line,
                title: &phase.title,
                done,
                total,
            })
            .collect(),
        open: document
            .items
            .iter()
            .filter(|item| item.role.is_work() && !item.state.is_closed())
            .map(|item| StoredTask {
                reference: &item.reference,
                id: item.id.as_deref(),
                line: item.line,
                state: item.state,
                text: &item.text,
                phase: item.phase,
                parent: item.parent,
                owner: item.owner.as_deref(),
                priority: item.priority.as_deref(),
                estimate: item
                    .estimate
                    .as_ref()
                    .map(|estimate| estimate.native.as_str()),
                depends_on: item.depends_on.iter().map(String::as_str).collect(),
                parallel: item.parallel,
                ready: item.ready,
                source: item.source.as_ref().map(|origin| origin.path.as_str()),
            })
            .collect(),
    }
}

/// The phases with the tasks done and all tasks directly in them. A task with subtasks counts once.
fn phases(document: &Document) -> impl Iterator<Item = (&Phase, u32, u32)> {
    document.phases.iter().map(|phase| {
        let tasks = document
            .items
            .iter()
            .filter(|item| item.role == ItemRole::Task && item.phase == Some(phase.line));
        let (mut done, mut total) = (0, 0);
        for task in tasks {
            total += 1;
            done += u32::from(task.state.is_closed());
        }
        (phase, done, total)
    })
}

/// The first ready task, else the first ready subtask.
fn next(document: &Document) -> Option<NextItem<'_>> {
    let ready = |role| {
        document
            .items
            .iter()
            .find(move |item| item.role == role && item.ready)
    };
    let item = ready(ItemRole::Task).or_else(|| ready(ItemRole::Subtask))?;
    Some(NextItem {
        reference: &item.reference,
        line: item.line,
        text: &item.text,
    })
}

/// The values of the first of the fields that has any.
fn first_field<'a>(document: &'a Document, names: &[&str]) -> Vec<&'a str> {
    names
        .iter()
        .map(|name| {
            document
                .field(name)
                .filter(|value| !value.is_empty())
                .collect::<Vec<_>>()
        })
        .find(|values| !values.is_empty())
        .unwrap_or_default()
}

/// The latest date that a document states about itself.
fn touched(document: &Document) -> Option<&str> {
    let fields = ["updated", "last_updated", "reviewed", "date"];
    let stated = fields.iter().flat_map(|name| document.field(name));
    let logged = document
        .log
        .iter()
        .filter_map(|entry| entry.time.as_deref());
    stated.chain(logged).filter_map(civil_date).max()
}

/// The `YYYY-MM-DD` that a value begins with.
fn civil_date(value: &str) -> Option<&str> {
    let date = value.get(..10)?;
    let valid = date.bytes().enumerate().all(|(at, byte)| match at {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    let ends = value
        .as_bytes()
        .get(10)
        .is_none_or(|byte| !byte.is_ascii_alphanumeric() || *byte == b'T');
    (valid && ends).then_some(date)
}

/// The codes of the diagnostics, each once, most frequent first, then by name.
fn codes(document: &Document) -> Vec<&str> {
    let mut counts: Vec<(&str, u32)> = Vec::new();
    for diagnostic in &document.diagnostics {
        match counts.iter_mut().find(|(code, _)| *code == diagnostic.code) {
            Some((_, count)) => *count += 1,
            None => counts.push((&diagnostic.code, 1)),
        }
    }
    counts.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    counts.into_iter().map(|(code, _)| code).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use planwright_model::{Blocker, Diagnostic, FieldValue, Level, LogEntry, LogRole, Progress};

    use super::*;

    fn item(line: u32, role: ItemRole, state: ItemState, phase: Option<u32>, ready: bool) -> Item {
        Item {
            reference: format!("x#{line}"),
            state,
            text: format!("item {line}"),
            phase,
            ready,
            ..Item::new(line, role)
        }
    }

    fn phase(line: u32, title: &str) -> Phase {
        Phase {
            line,
            title: title.to_owned(),
            ..Phase::default()
        }
    }

    fn plan() -> Document {
        use ItemRole::{Criterion, Subtask, Task};
        use ItemState::{Blocked, Cancelled, Done, InProgress, Todo};
        Document {
            path: "docs/x.md".to_owned(),
            kind: "plan".to_owned(),
            phases: vec![
                phase(5, "Prepare"),
                phase(9, "Background"),
                phase(10, "Build"),
                phase(20, "Ship"),
            ],
            items: vec![
                item(6, Task, Done, Some(5), false),
                item(7, Task, Cancelled, Some(5), false),
                item(11, Task, InProgress, Some(10), true),
                item(12, Subtask, Todo, Some(10), true),
                item(13, Task, Blocked, Some(10), false),
                item(14, Criterion, Todo, Some(10), false),
                item(21, Task, Todo, Some(20), false),
            ],
            progress: Progress { done: 2, total: 5 },
            ..Document::default()
        }
    }

    #[test]
    fn an_entry_tells_where_the_work_stands() {
        let document = plan();
        let entry = entry(&document, 7);
        assert_eq!((entry.done, entry.total), (2, 5));
        assert_eq!((entry.ready, entry.in_progress, entry.blocked), (1, 1, 1));
        assert_eq!(
            (entry.phase, entry.phase_number, entry.phases),
            (Some("Build"), 2, 3)
        );
        assert_eq!(entry.next.map(|next| next.line), Some(11));
        assert!(entry.holds_work);
        assert_eq!(entry.mtime, 7);
    }

    #[test]
    fn a_finished_plan_has_no_phase_and_no_next_task() {
        let mut document = plan();
        for item in &mut document.items {
            item.state = ItemState::Done;
            item.ready = false;
        }
        let entry = entry(&document, 0);
        assert_eq!(
            (entry.phase, entry.phase_number, entry.next),
            (None, 0, None)
        );
    }

    #[test]
    fn owners_come_from_the_first_field_that_names_any() {
        let many =
            |values: &[&str]| FieldValue::Many(values.iter().map(|v| (*v).to_owned()).collect());
        let document = Document {
            fields: BTreeMap::from([
                ("owner".to_owned(), FieldValue::One(String::new())),
                ("assignee".to_owned(), many(&["ann", "bo"])),
                ("author".to_owned(), many(&["cy"])),
            ]),
            ..Document::default()
        };
        assert_eq!(entry(&document, 0).owners, ["ann", "bo"]);
    }

    #[test]
    fn touched_is_the_latest_stated_date() {
        let one = |value: &str| FieldValue::One(value.to_owned());
        let log = |time: &str| LogEntry {
            line: 1,
            role: LogRole::Progress,
            time: Some(time.to_owned()),
            time_native: None,
            instant: None,
            text: String::new(),
            rationale: None,
            author: None,
        };
        let document = Document {
            fields: BTreeMap::from([
                ("created".to_owned(), one("2026-01-02T10:00Z")),
                ("updated".to_owned(), one("2026-02-01")),
                ("reviewed".to_owned(), one("soon")),
            ]),
            log: vec![log("2026-03-04T09:00Z"), log("2026-01-01")],
            ..Document::default()
        };
        let entry = entry(&document, 0);
        assert_eq!(
            (entry.created, entry.touched),
            (Some("2026-01-02"), Some("2026-03-04"))
        );
    }

    #[test]
    fn codes_stand_once_and_the_most_frequent_first() {
        let problem = |code| Diagnostic::new(code, Level::Warning, 1, "");
        let document = Document {
            diagnostics: vec![problem("b"), problem("a"), problem("c"), problem("c")],
            ..Document::default()
        };
        assert_eq!(entry(&document, 0).codes, ["c", "a", "b"]);
    }

    #[test]
    fn resolved_blockers_do_not_count() {
        let blocker = |text: &str, resolved| Blocker {
            text: text.to_owned(),
            resolved,
            ..Blocker::default()
        };
        let document = Document {
            blockers: vec![
                blocker("over", true),
                blocker("licence", false),
                blocker("key", false),
            ],
            ..Document::default()
        };
        let entry = entry(&document, 0);
        assert_eq!((entry.blockers, entry.blocker), (2, Some("licence")));
    }

    #[test]
    fn dates_end_where_a_date_ends() {
        for (value, expected) in [
            ("2026-01-02", Some("2026-01-02")),
            ("2026-01-02T10:00Z", Some("2026-01-02")),
            ("2026-01-02 (planned)", Some("2026-01-02")),
            ("2026-01-021", None),
            ("2026-1-2", None),
            ("März 2026 oder so", None),
        ] {
            assert_eq!(civil_date(value), expected, "{value}");
        }
    }
}
