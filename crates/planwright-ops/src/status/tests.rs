use planwright_workspace::NextItem;

use super::*;

fn plan(path: &'static str, state: DocumentState, done: u32, total: u32) -> Entry<'static> {
    Entry {
        path,
        reference: path,
        title: path,
        initiative: path,
        kind: "plan",
        holds_work: true,
        state,
        done,
        total,
        ready: total - done,
        ..Entry::default()
    }
}

fn answer(entries: &[Entry<'_>], request: &Request) -> Answer {
    let groups = group(entries);
    let board = Board::new(entries, &groups);
    overview(&board, request, "2026-03-31", &|_| Vec::new(), &|_| false)
}

fn names(answer: &Answer) -> Vec<&str> {
    answer
        .initiatives
        .iter()
        .map(|row| row.reference.as_str())
        .collect()
}

#[test]
fn live_initiatives_come_in_the_order_of_their_urgency() {
    let mut entries = vec![
        plan("silent-empty", DocumentState::Unknown, 0, 0),
        plan("silent-open", DocumentState::Unknown, 0, 2),
        plan("silent-ticked", DocumentState::Unknown, 2, 2),
        plan("draft", DocumentState::Draft, 0, 2),
        plan("done", DocumentState::Done, 2, 2),
        plan("approved", DocumentState::Approved, 0, 2),
        plan("active-old", DocumentState::Active, 0, 2),
        plan("active-new", DocumentState::Active, 0, 2),
        plan("blocked", DocumentState::Blocked, 0, 2),
        plan("template", DocumentState::Active, 0, 2),
        Entry {
            path: "guide",
            kind: "guide",
            ..Entry::default()
        },
    ];
    entries[6].touched = Some("2026-01-01");
    entries[7].touched = Some("2026-03-01");
    entries[9].template = true;
    let answer = answer(&entries, &Request::default());
    assert_eq!(
        names(&answer),
        [
            "active-new",
            "active-old",
            "blocked",
            "approved",
            "draft",
            "silent-open",
            "silent-empty"
        ]
    );
    assert_eq!((answer.closed, answer.documents), (2, 11));
    assert_eq!(
        answer.tasks,
        Tasks {
            open: 12,
            ready: 10,
            in_progress: 0,
            blocked: 0
        }
    );
}

#[test]
fn the_rest_is_counted() {
    let entries: Vec<Entry<'_>> = ["a", "b", "c"]
        .map(|path| plan(path, DocumentState::Active, 0, 1))
        .to_vec();
    let answer = answer(
        &entries,
        &Request {
            limit: Some(2),
            all: false,
        },
    );
    assert_eq!((answer.initiatives.len(), answer.more), (2, 1));
}

#[test]
fn closed_initiatives_are_shown_last_when_asked_for() {
    let entries = [
        plan("a", DocumentState::Done, 1, 1),
        plan("b", DocumentState::Active, 0, 1),
    ];
    let answer = answer(
        &entries,
        &Request {
            all: true,
            limit: None,
        },
    );
    assert_eq!((names(&answer), answer.closed), (vec!["b", "a"], 0));
}

#[track_caller]
fn disagrees(entry: Entry<'_>, expected: &[&str]) {
    let entries = [entry];
    let found: Vec<String> = disagreements(&group(&entries)[0], &entries)
        .into_iter()
        .map(|mark| mark.message)
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn boxes_that_contradict_the_state_are_marked() {
    disagrees(
        Entry {
            native: Some("Complete"),
            ..plan("a", DocumentState::Done, 28, 31)
        },
        &["says Complete, 3 of 31 tasks are open"],
    );
    disagrees(
        plan("a", DocumentState::Done, 2, 3),
        &["says done, 1 of 3 tasks is open"],
    );
    disagrees(
        plan("a", DocumentState::Active, 5, 5),
        &["says active, all 5 tasks are done"],
    );
    disagrees(
        plan("a", DocumentState::InReview, 1, 1),
        &["says in review, its only task is done"],
    );
    disagrees(plan("a", DocumentState::Done, 0, 0), &[]);
    disagrees(plan("a", DocumentState::Unknown, 5, 5), &[]);
    disagrees(plan("a", DocumentState::Abandoned, 1, 5), &[]);
}

#[test]
fn damage_that_touches_the_state_is_marked_and_other_damage_is_not() {
    disagrees(
        Entry {
            codes: vec![
                "state-disagrees",
                "mixed-line-endings",
                "front-matter-invalid",
            ],
            ..plan("a", DocumentState::Active, 0, 5)
        },
        &[
            "states its state more than once, and differently",
            "front matter is no valid YAML",
        ],
    );
    disagrees(
        Entry {
            native: Some("Sleeping"),
            dialect: "ai-docs",
            ..plan("a", DocumentState::Unknown, 0, 5)
        },
        &["\"Sleeping\" is no state that ai-docs knows"],
    );
}

#[test]
fn a_contradiction_among_closed_plans_is_named() {
    let entries = [
        plan("a", DocumentState::Done, 1, 3),
        plan("b", DocumentState::Done, 3, 3),
    ];
    let answer = answer(&entries, &Request::default());
    let names: Vec<&str> = answer
        .closed_disagreeing
        .iter()
        .map(|named| named.reference.as_str())
        .collect();
    assert_eq!(names, ["a"]);
}

#[test]
fn a_row_is_joined_from_its_documents() {
    let mut entries = [
        plan("s/1/plan.md", DocumentState::Unknown, 0, 21),
        plan("s/1/spec.md", DocumentState::Draft, 0, 0),
        plan("s/1/tasks.md", DocumentState::Unknown, 20, 22),
    ];
    for entry in &mut entries {
        entry.initiative = "s/1";
    }
    entries[1].kind = "spec";
    entries[1].created = Some("2026-03-01");
    entries[2].kind = "tasks";
    entries[2].phase = Some("Polish");
    entries[2].phase_number = 4;
    entries[2].phases = 5;
    entries[2].next = Some(NextItem {
        reference: "s/1#T021",
        line: 80,
        text: "Write the guide",
    });
    let answer = answer(&entries, &Request::default());
    let row = &answer.initiatives[0];
    assert_eq!(row.path, "s/1/plan.md");
    assert_eq!(row.state.value, DocumentState::Draft);
    assert_eq!(
        row.progress,
        Progress {
            done: 20,
            total: 22
        }
    );
    assert_eq!(
        row.phase.as_ref().map(|phase| (phase.number, phase.of)),
        Some((4, 5))
    );
    assert_eq!(
        row.next.as_ref().map(|next| &next.place),
        Some(&Place {
            path: "s/1/tasks.md".to_owned(),
            line: 80
        })
    );
    assert_eq!(row.age_days, Some(30));
}

#[test]
fn an_age_needs_a_date_that_lies_behind() {
    let today = "2026-03-31".parse().ok();
    assert_eq!(age(Some("2026-03-31"), today), Some(0));
    assert_eq!(age(Some("2025-03-31"), today), Some(365));
    assert_eq!(age(Some("2026-04-01"), today), None);
    assert_eq!(age(Some("soon"), today), None);
    assert_eq!(age(None, today), None);
}
