use std::collections::BTreeMap;

use insta::assert_snapshot;
use planwright_model::{
    Blocker, CodeRef, Diagnostic, DocumentState, Endpoint, ItemState, Level, LogEntry, LogRole,
    Metric, Milestone, Question, Relation, RelationType, Risk, StateClaim, Title,
};

use super::*;

/// A task with nothing but an id and a text.
pub(in crate::render) fn task(line: u32, id: &str, state: ItemState, text: &str) -> Item {
    Item {
        reference: format!("auth#{id}"),
        id: Some(id.to_owned()),
        state,
        text: text.to_owned(),
        ..Item::new(line, ItemRole::Task)
    }
}

fn phase(line: u32, end_line: u32, title: &str) -> Phase {
    Phase {
        reference: format!("auth#{line}"),
        line,
        end_line,
        title: title.to_owned(),
        ..Phase::default()
    }
}

fn relation(kind: RelationType, target: &str, resolved: bool) -> Relation {
    Relation {
        kind,
        target: target.to_owned(),
        endpoint: Endpoint::Document,
        line: 7,
        source: "front matter".to_owned(),
        resolved,
        path: None,
    }
}

fn answer() -> DocumentAnswer {
    let mut items = vec![
        task(41, "T001", ItemState::Done, "Choose the token format"),
        task(
            51,
            "T011",
            ItemState::Done,
            "Store the hash of every refresh token, never the token itself, so that a leaked table is worth nothing",
        ),
        task(
            52,
            "T012",
            ItemState::InProgress,
            "Write the refresh endpoint",
        ),
        task(53, "", ItemState::Todo, "Refuse a token that was used"),
        task(54, "T013", ItemState::Blocked, "Tell\u{1b}[2J the clients"),
        task(
            70,
            "",
            ItemState::Todo,
            "A stolen refresh token is worth nothing after its first use",
        ),
    ];
    for (at, phase) in [(0, 40), (1, 50), (2, 50), (3, 50), (4, 50)] {
        items[at].phase = Some(phase);
    }
    items[2].owner = Some("@ann".to_owned());
    items[3].id = None;
    items[3].parent = Some(52);
    items[3].role = ItemRole::Subtask;
    items[4].depends_on = vec!["T012".to_owned()];
    items[5].id = None;
    items[5].role = ItemRole::Criterion;
    let one = |text: &str| FieldValue::One(text.to_owned());
    DocumentAnswer {
        schema: "planwright/document@1",
        claims: Vec::new(),
        goal: Some(
            "People log in once and stay logged in for a month, and nobody can use a token twice."
                .to_owned(),
        ),
        document: Document {
            path: "docs/plans/auth.md".to_owned(),
            dialect: "ai-docs".to_owned(),
            kind: "plan".to_owned(),
            reference: "auth".to_owned(),
            aliases: vec!["auth-redesign".to_owned(), "PLAN-001".to_owned()],
            title: Title {
                text: "Authentication redesign".to_owned(),
                line: Some(9),
            },
            state: StateClaim {
                value: DocumentState::Active,
                native: Some("In Progress".to_owned()),
                line: Some(5),
                source: None,
            },
            state_claims: vec![
                StateClaim::SILENT,
                StateClaim {
                    value: DocumentState::Draft,
                    native: Some("Draft".to_owned()),
                    line: Some(12),
                    source: None,
                },
            ],
            fields: BTreeMap::from([
                (
                    "owner".to_owned(),
                    FieldValue::Many(vec!["Ann".to_owned(), "Bo".to_owned()]),
                ),
                ("created".to_owned(), one("2026-01-02")),
                ("updated".to_owned(), one("2026-03-01")),
                ("colour".to_owned(), one("blue")),
            ]),
            phases: vec![
                phase(40, 49, "Phase 1: Foundations"),
                phase(50, 60, "Phase 2: Token service"),
            ],
            items,
            progress: Progress { done: 2, total: 4 },
            questions: vec![
                Question {
                    line: 80,
                    text: "How long is a month?".to_owned(),
                    deadline: Some("2026-04-01".to_owned()),
                    answered: false,
                },
                Question {
                    line: 81,
                    text: "Who?".to_owned(),
                    deadline: None,
                    answered: true,
                },
            ],
            blockers: vec![Blocker {
                line: 84,
                text: "No staging database".to_owned(),
                owner: Some("Bo".to_owned()),
                ..Blocker::default()
            }],
            risks: vec![Risk {
                line: 90,
                text: "Clocks drift".to_owned(),
                probability: Some("low".to_owned()),
                mitigation: Some("Allow a minute".to_owned()),
                ..Risk::default()
            }],
            metrics: vec![Metric {
                line: 95,
                text: "Logins a day".to_owned(),
                baseline: Some("40,000".to_owned()),
                target: Some("9,000".to_owned()),
                measurement: None,
            }],
            milestones: vec![Milestone {
                line: 99,
                text: "Old sessions end".to_owned(),
                date: Some("2026-05-01".to_owned()),
                ..Milestone::default()
            }],
            log: (1..=6)
                .map(|day| LogEntry {
                    line: 110 - day,
                    role: LogRole::Decision,
                    time: Some(format!("2026-02-0{day}")),
                    time_native: None,
                    instant: None,
                    text: format!("Decision of day {day}"),
                    rationale: (day == 6).then(|| "It was the simplest thing".to_owned()),
                    author: None,
                })
                .collect(),
            relations: vec![
                relation(RelationType::Implements, "docs/prd/login.md", true),
                relation(RelationType::DependsOn, "gone.md", false),
                Relation {
                    endpoint: Endpoint::Path,
                    ..relation(RelationType::Touches, "src/auth/", true)
                },
                relation(RelationType::Touches, "src/old/token.rs", false),
                Relation {
                    endpoint: Endpoint::Url,
                    source: "section".to_owned(),
                    ..relation(RelationType::Related, "https://example.org", true)
                },
            ],
            code_refs: vec![
                CodeRef {
                    path: "src/auth/".to_owned(),
                    line: 30,
                    exists: Some(true),
                },
                CodeRef {
                    path: "src/old/session.rs".to_owned(),
                    line: 31,
                    exists: Some(false),
                },
                CodeRef {
                    path: "src/old/token.rs".to_owned(),
                    line: 7,
                    exists: Some(false),
                },
            ],
            diagnostics: vec![Diagnostic::new(
                "state-disagrees",
                Level::Warning,
                12,
                "the header says Draft, the front matter In Progress",
            )],
            ..Document::default()
        },
    }
}

#[test]
fn a_whole_page() {
    assert_snapshot!(document(&answer(), false, &Style::plain(80)));
}

#[test]
fn records_are_shown_by_kind_and_boxes_carry_their_time() {
    let entry = |line: u32, role: LogRole, time: Option<&str>, text: &str| LogEntry {
        line,
        role,
        time: time.map(str::to_owned),
        time_native: None,
        instant: None,
        text: text.to_owned(),
        rationale: None,
        author: None,
    };
    let mut log = vec![
        entry(
            20,
            LogRole::Progress,
            Some("2026-02-03T13:00Z"),
            "Plan approved",
        ),
        entry(22, LogRole::Progress, Some("2026-02-04"), "Slept over it"),
        entry(31, LogRole::Discovery, None, "The store was down"),
        entry(40, LogRole::Outcome, Some("2026-03-01"), "Logins halved"),
    ];
    log.extend((1..=6).map(|day| {
        let time = format!("2026-02-0{day}");
        entry(
            60 - day,
            LogRole::Decision,
            Some(&time),
            &format!("Decision of day {day}"),
        )
    }));
    let answer = DocumentAnswer {
        schema: "planwright/document@1",
        claims: Vec::new(),
        goal: None,
        document: Document {
            path: "notes.md".to_owned(),
            title: Title {
                text: "Notes".to_owned(),
                line: None,
            },
            items: vec![task(20, "", ItemState::Done, "Plan approved")],
            log,
            ..Document::default()
        },
    };
    assert_snapshot!(document(&answer, false, &Style::plain(60)), @r"
    ○ Notes
      notes.md ·

      kind       ,
      state      no state
      progress   nothing to measure

    Tasks                                              1/1
      ✓ Plan approved  2026-02-03 13:00Z                      20

    Progress
      2026-02-04  Slept over it                               22

    Discoveries
      The store was down                                      31

    Decisions  the latest 5 of 6 (--all shows all)
      2026-02-02  Decision of day 2                           58
      2026-02-03  Decision of day 3                           57
      2026-02-04  Decision of day 4                           56
      2026-02-05  Decision of day 5                           55
      2026-02-06  Decision of day 6                           54

    Outcomes
      2026-03-01  Logins halved                               40
    ");
    let all = document(&answer, true, &Style::plain(60));
    assert!(all.contains("Decision of day 1"), "{all}");
}

#[test]
fn a_document_that_says_nothing() {
    let answer = DocumentAnswer {
        schema: "planwright/document@1",
        claims: Vec::new(),
        goal: None,
        document: Document {
            path: "notes.md".to_owned(),
            reference: "notes".to_owned(),
            kind: "doc".to_owned(),
            dialect: "generic".to_owned(),
            title: Title {
                text: "Notes".to_owned(),
                line: None,
            },
            ..Document::default()
        },
    };
    assert_snapshot!(document(&answer, false, &Style::plain(80)));
}
