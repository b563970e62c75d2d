use planwright_workspace::PhaseLine;

use super::*;

fn plan(path: &'static str, state: DocumentState) -> Entry<'static> {
    Entry {
        path,
        reference: path,
        title: path,
        initiative: path,
        kind: "plan",
        holds_work: true,
        state,
        total: 4,
        ready: 4,
        ..Entry::default()
    }
}

fn task(line: u32, id: &str) -> OpenTask {
    OpenTask {
        reference: format!("x#{id}"),
        id: Some(id.to_owned()),
        line,
        text: id.to_owned(),
        ready: true,
        ..OpenTask::default()
    }
}

fn tasks(list: Vec<OpenTask>) -> Summary {
    Summary {
        open: list,
        ..Summary::default()
    }
}

fn answer(entries: &[Entry<'_>], summaries: &[Summary], request: &Request) -> Answer {
    let groups = group(entries);
    let board = Board::new(entries, &groups);
    pick(&board, None, request, &|_| Vec::new(), &|entry| {
        summaries[entry].clone()
    })
}

fn order(answer: &Answer) -> Vec<&str> {
    answer.tasks.iter().map(|task| task.text.as_str()).collect()
}

#[test]
fn begun_then_state_then_priority_then_phase_then_age_then_place() {
    let mut entries = [
        plan("a", DocumentState::Draft),
        plan("b", DocumentState::Active),
        plan("c", DocumentState::Approved),
        plan("d", DocumentState::Active),
    ];
    entries[1].created = Some("2026-02-01");
    entries[3].created = Some("2026-01-01");
    entries[0].in_progress = 1;
    let begun = OpenTask {
        state: ItemState::InProgress,
        ready: false,
        ..task(9, "begun")
    };
    let urgent = OpenTask {
        priority: Some("P1".to_owned()),
        ..task(8, "urgent")
    };
    let late = OpenTask {
        phase: Some(30),
        ..task(31, "late")
    };
    let phases = [20, 30]
        .map(|line| PhaseLine {
            line,
            total: 1,
            ..PhaseLine::default()
        })
        .to_vec();
    let summaries = [
        tasks(vec![begun]),
        Summary {
            phases,
            open: vec![task(5, "younger"), late, urgent],
        },
        tasks(vec![task(1, "approved")]),
        tasks(vec![task(3, "older"), task(4, "older-second")]),
    ];
    let answer = answer(&entries, &summaries, &Request::default());
    assert_eq!(
        order(&answer),
        [
            "begun",
            "urgent",
            "older",
            "older-second",
            "younger",
            "late",
            "approved"
        ]
    );
    assert_eq!(answer.tasks[0].why[0], "already begun");
    assert_eq!(
        answer.tasks[1].why[..2],
        ["the plan is active", "priority P1"]
    );
}

#[test]
fn what_may_not_be_worked_on_is_counted() {
    let mut entries = [
        plan("paused", DocumentState::Paused),
        plan("done", DocumentState::Done),
        plan("archived", DocumentState::Active),
        plan("stuck", DocumentState::Active),
    ];
    entries[2].archived = true;
    entries[3].ready = 0;
    entries[3].blocked = 1;
    let answer = answer(&entries, &vec![Summary::default(); 4], &Request::default());
    assert!(answer.tasks.is_empty());
    assert_eq!(
        answer.kept,
        Kept {
            blocked: 1,
            behind: 3,
            resting: 4,
            plans: 4,
            ..Kept::default()
        }
    );
}

#[test]
fn a_part_is_shown_with_its_task() {
    let part = OpenTask {
        parent: Some(1),
        ..task(2, "part")
    };
    let orphan = OpenTask {
        parent: Some(90),
        ..task(91, "orphan")
    };
    let answer = answer(
        &[plan("a", DocumentState::Active)],
        &[tasks(vec![task(1, "whole"), part, orphan])],
        &Request::default(),
    );
    assert_eq!(order(&answer), ["whole", "orphan"]);
    assert_eq!(
        answer.tasks[0].first.as_ref().map(|step| step.line),
        Some(2)
    );
}

#[test]
fn a_task_list_stands_in_for_its_plan() {
    let mut entries = [
        plan("s/plan.md", DocumentState::Active),
        plan("s/tasks.md", DocumentState::Unknown),
    ];
    for entry in &mut entries {
        entry.initiative = "s";
    }
    entries[1].kind = "tasks";
    let answer = answer(
        &entries,
        &[
            tasks(vec![task(1, "from the plan")]),
            tasks(vec![task(1, "from the list")]),
        ],
        &Request::default(),
    );
    assert_eq!(order(&answer), ["from the list"]);
    assert_eq!(answer.tasks[0].initiative, "s/plan.md");
}

#[test]
fn documents_whose_tasks_cannot_come_first_are_not_looked_at() {
    let mut entries = [
        plan("begun", DocumentState::Draft),
        plan("active", DocumentState::Active),
    ];
    entries[0].in_progress = 1;
    let begun = OpenTask {
        state: ItemState::InProgress,
        ..task(1, "begun")
    };
    let summaries = [
        tasks(vec![begun, task(2, "draft")]),
        tasks(vec![task(1, "active")]),
    ];
    let groups = group(&entries);
    let board = Board::new(&entries, &groups);
    let looked_at = std::cell::RefCell::new(Vec::new());
    let run = |limit: usize| {
        looked_at.borrow_mut().clear();
        let request = Request {
            limit: Some(limit),
            ..Request::default()
        };
        pick(&board, None, &request, &|_| Vec::new(), &|entry| {
            looked_at.borrow_mut().push(entry);
            summaries[entry].clone()
        })
    };
    assert_eq!(order(&run(3)), ["begun", "active", "draft"]);
    let first = run(1);
    assert_eq!((order(&first), first.more), (vec!["begun"], true));
    assert_eq!(order(&run(0)), [""; 0]);
    assert_eq!(*looked_at.borrow(), [0]);
}

#[test]
fn a_task_with_a_document_to_itself_is_a_task() {
    let single = |path, state| Entry {
        kind: "task",
        total: 0,
        ready: 0,
        title_line: Some(5),
        ..plan(path, state)
    };
    let entries = [
        single("todo", DocumentState::Draft),
        single("doing", DocumentState::Active),
        single("done", DocumentState::Done),
        single("blocked", DocumentState::Blocked),
    ];
    let answer = answer(&entries, &vec![Summary::default(); 4], &Request::default());
    assert_eq!(order(&answer), ["doing", "todo"]);
    assert_eq!(answer.tasks[0].state, ItemState::InProgress);
    assert_eq!(answer.tasks[1].place.line, 5);
    assert_eq!(
        answer.kept,
        Kept {
            plans: 4,
            done: 1,
            resting: 1,
            ..Kept::default()
        }
    );
}

#[test]
fn a_plan_that_waits_is_explained() {
    let entries = [plan("a", DocumentState::Active)];
    let groups = group(&entries);
    let hold = Hold {
        reference: "b".to_owned(),
        title: "B".to_owned(),
        reason: "draft".to_owned(),
    };
    let answer = pick(
        &Board::new(&entries, &groups),
        None,
        &Request::default(),
        &|_| vec![hold.clone()],
        &|_| tasks(vec![task(1, "t")]),
    );
    assert_eq!((answer.tasks.len(), answer.kept.waiting), (0, 1));
    assert_eq!(answer.waiting[0].waits_for, [hold]);
}

#[test]
fn an_owner_finds_own_tasks_and_those_of_own_plans() {
    let mut entries = [plan("a", DocumentState::Active)];
    entries[0].owners = vec!["@ann"];
    let other = OpenTask {
        owner: Some("Bo".to_owned()),
        ..task(2, "bo's")
    };
    let answer = answer(
        &entries,
        &[tasks(vec![task(1, "ann's"), other])],
        &Request {
            owner: Some("ann".to_owned()),
            ..Request::default()
        },
    );
    assert_eq!(order(&answer), ["ann's"]);
    assert_eq!(answer.kept.others, 1);
}

#[test]
fn words_for_a_priority_are_understood() {
    for (words, rank) in [
        ("P0", 0),
        ("High (P1)", 1),
        ("critical", 0),
        ("Low", 3),
        ("whenever", 2),
        ("", 2),
    ] {
        assert_eq!(urgency(words), rank, "{words}");
    }
}
