use std::collections::BTreeMap;

use insta::assert_snapshot;
use planwright_model::{Progress, StateClaim};
use planwright_ops::status::{Disagreement, Named, NextTask, PhaseAt, Tasks};
use planwright_ops::{Place, Unreadable};

use super::*;

fn row(title: &str, name: &str, state: DocumentState, done: u32, total: u32) -> Row {
    Row {
        reference: name.to_owned(),
        title: title.to_owned(),
        path: format!("docs/plans/{name}.md"),
        dialect: "ai-docs".to_owned(),
        kind: "plan".to_owned(),
        state: StateClaim {
            value: state,
            ..StateClaim::SILENT
        },
        progress: Progress { done, total },
        ..Row::default()
    }
}

fn next(row: &Row, id: &str, text: &str) -> NextTask {
    NextTask {
        reference: format!("{}#{id}", row.reference),
        text: text.to_owned(),
        place: Place {
            path: row.path.clone(),
            line: 44,
        },
    }
}

fn phase(title: &str, number: u32, of: u32) -> PhaseAt {
    PhaseAt {
        title: title.to_owned(),
        number,
        of,
    }
}

fn busy() -> Answer {
    let mut auth = row(
        "Authentication redesign",
        "auth-redesign",
        DocumentState::Active,
        12,
        31,
    );
    auth.next = Some(next(
        &auth,
        "T013",
        "Write the refresh endpoint and revoke used tokens",
    ));
    auth.phase = Some(phase("Token service", 2, 5));
    auth.age_days = Some(3);
    auth.in_progress = 2;
    let mut import = row(
        "Import of legacy invoices, with the rounding differences explained line by line",
        "PLAN-007",
        DocumentState::Blocked,
        4,
        9,
    );
    import.dialect = "dev-ops".to_owned();
    import.state.native = Some("Blocked on finance sign-off".to_owned());
    import.blockers = 2;
    import.blocker = Some("no test data before the audit ends".to_owned());
    import.age_days = Some(40);
    let mut search = row("Search", "012-search", DocumentState::Draft, 22, 22);
    search.dialect = "spec-kit".to_owned();
    search.disagrees = vec![Disagreement {
        code: "all-done-but-open".to_owned(),
        message: "says Draft, all 22 tasks are done".to_owned(),
        path: "specs/012-search/spec.md".to_owned(),
    }];
    let mut queue = row(
        "Rewrite the queue",
        "rewrite-the-queue",
        DocumentState::Approved,
        0,
        6,
    );
    queue.waits_for = vec![planwright_ops::Hold {
        reference: "auth-redesign".to_owned(),
        title: "Authentication redesign".to_owned(),
        reason: "active, 12 of 31 tasks done".to_owned(),
    }];
    let silent = row(
        "Notes on the cache",
        "cache-notes",
        DocumentState::Unknown,
        0,
        0,
    );
    Answer {
        schema: "planwright/status@1",
        repository: "shop".to_owned(),
        documents: 64,
        initiatives: vec![auth, import, queue, search, silent],
        more: 4,
        closed: 23,
        closed_disagreeing: vec![
            Named {
                reference: "old-plan".to_owned(),
                title: String::new(),
                path: String::new(),
            },
            Named {
                reference: "PLAN-003".to_owned(),
                title: String::new(),
                path: String::new(),
            },
            Named {
                reference: "PLAN-004".to_owned(),
                title: String::new(),
                path: String::new(),
            },
        ],
        states: BTreeMap::from([
            ("active".to_owned(), 1),
            ("blocked".to_owned(), 1),
            ("approved".to_owned(), 1),
            ("draft".to_owned(), 4),
            ("done".to_owned(), 22),
            ("unknown".to_owned(), 2),
        ]),
        tasks: Tasks {
            open: 57,
            ready: 23,
            in_progress: 4,
            blocked: 2,
        },
        unreadable: vec![Unreadable {
            path: "docs/plans/secret.md".to_owned(),
            reason: "permission denied".to_owned(),
        }],
    }
}

#[test]
fn eighty_columns() {
    assert_snapshot!(status(&busy(), &Style::plain(80)));
}

#[test]
fn a_hundred_and_twenty_columns() {
    assert_snapshot!(status(&busy(), &Style::plain(120)));
}

#[test]
fn forty_columns_without_unicode() {
    assert_snapshot!(status(
        &busy(),
        &Style {
            unicode: false,
            ..Style::plain(40)
        }
    ));
}

#[test]
fn in_colour() {
    let mut answer = busy();
    answer.initiatives.truncate(1);
    let style = Style {
        color: true,
        ..Style::plain(80)
    };
    assert_snapshot!(status(&answer, &style).replace('\x1b', "^"));
}

#[test]
fn a_low_terminal_shows_what_fits() {
    let style = Style {
        height: Some(18),
        ..Style::plain(80)
    };
    let text = status(&busy(), &style);
    assert!(text.lines().count() <= 18, "{text}");
    assert!(text.contains("6 more plans"), "{text}");
}

#[test]
fn an_empty_repository_is_told_what_to_do() {
    assert_snapshot!(status(
        &Answer {
            documents: 0,
            ..empty()
        },
        &Style::plain(80)
    ));
}

#[test]
fn documents_without_work_are_no_plans() {
    assert_snapshot!(status(
        &Answer {
            documents: 14,
            ..empty()
        },
        &Style::plain(80)
    ));
}

#[test]
fn a_task_file_is_measured_by_its_state() {
    let mut task = row("Sort by date", "BACK-12", DocumentState::Draft, 0, 0);
    "tasks".clone_into(&mut task.kind);
    task.single = true;
    let answer = Answer {
        initiatives: vec![task],
        ..empty()
    };
    let text = status(&answer, &Style::plain(80));
    assert!(text.contains("ai-docs · task"), "{text}");
    assert!(!text.contains("nothing to measure"), "{text}");
}

fn empty() -> Answer {
    Answer {
        initiatives: Vec::new(),
        more: 0,
        closed: 0,
        closed_disagreeing: Vec::new(),
        states: BTreeMap::new(),
        tasks: Tasks::default(),
        unreadable: Vec::new(),
        ..busy()
    }
}
