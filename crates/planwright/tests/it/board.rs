//! What stands in which stage.

use std::fs;

use insta::assert_snapshot;

use crate::runner::Repo;

const BOARD: &str = r#"{
  "columns": [
    {"id": "c1", "name": "Backlog"},
    {"id": "c2", "name": "Build"},
    {"id": "c3", "name": "Verify"},
    {"id": "c4", "name": "Done"}
  ],
  "items": [
    {"id": "TASK-1", "columnId": "c2", "title": "Draw the map of the whole market with all of its stalls", "status": "in_progress", "owner": "bob"},
    {"id": "TASK-2", "columnId": "c1", "title": "Walk it", "prerequisites": {"tasks": ["TASK-1"]}, "upstream": ["docs/map.md"]},
    {"id": "TASK-3", "columnId": "c4", "title": "Choose a pencil", "status": "done"},
    {"id": "TASK-4", "columnId": "c9", "title": "Lost"}
  ]
}
"#;

const PLAN: &str = "\
---
status: active
owner: ann
---

# Search

## Tasks

- [x] T001 Choose the words
- [~] T002 Build the index
- [ ] T003 Rank by stock (depends on T002)
- [ ] T004 Tell the shop
- [-] T005 Print it
";

fn put(repo: &Repo, path: &str, text: &str) {
    let path = repo.path().join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn both() -> Repo {
    let repo = Repo::empty();
    put(&repo, ".dev_ops/board.json", BOARD);
    put(&repo, "docs/plans/search.md", PLAN);
    repo
}

#[test]
fn a_board_shows_its_columns() {
    let repo = both();
    let claim = ["claim", "board#TASK-1", "--as", "ann/1"];
    repo.run(&mut repo.command(&claim));
    assert_snapshot!(repo.plan("board"));
    assert_snapshot!(repo.plan("board --json"));
    let mut narrow = repo.command(&["board"]);
    narrow.env("COLUMNS", "40");
    assert!(
        repo.run(&mut narrow)
            .lines()
            .all(|line| line.chars().count() <= 40)
    );
}

#[test]
fn a_plan_shows_how_far_its_tasks_are() {
    assert_snapshot!(both().plan("board search"));
    assert!(both().plan("board search#T001").starts_with("exit code: 2"));
}

#[test]
fn without_a_board_the_plans_are_its_cards() {
    let repo = Repo::empty();
    put(&repo, "docs/plans/search.md", PLAN);
    put(
        &repo,
        "docs/plans/cards.md",
        &PLAN.replace("active", "draft"),
    );
    put(
        &repo,
        "docs/plans/old.md",
        &PLAN.replace("active", "abandoned"),
    );
    assert_snapshot!(repo.plan("board"));
}

#[test]
fn a_board_without_cards_is_nothing() {
    let repo = Repo::empty();
    put(
        &repo,
        "board.json",
        "{\"columns\": [{\"id\": \"a\", \"name\": \"Backlog\"}], \"items\": []}\n",
    );
    assert_snapshot!(repo.plan("board"));
}

#[test]
fn a_card_moves_and_nothing_else_changes() {
    let repo = both();
    let path = repo.path().join(".dev_ops/board.json");
    let read = || fs::read_to_string(&path).unwrap();
    assert_snapshot!(repo.plan("board move board#TASK-1 verify"));
    assert_eq!(
        read(),
        BOARD.replace(
            r#""TASK-1", "columnId": "c2""#,
            r#""TASK-1", "columnId": "c3""#
        )
    );
    assert_snapshot!(repo.plan("board move board#TASK-2 Build"));
    assert_snapshot!(repo.plan("board move board#TASK-1 Shelf"));
    let done = BOARD
        .replace(
            r#""TASK-1", "columnId": "c2""#,
            r#""TASK-1", "columnId": "c4""#,
        )
        .replace("in_progress", "done");
    repo.plan("board move board#TASK-1 c4");
    assert_eq!(read(), done);
    repo.plan("undo");
    repo.plan("undo");
    assert_eq!(read(), BOARD);
    let dry = repo.plan("board move board#TASK-3 Backlog --dry-run");
    assert!(
        dry.contains("+    {\"id\": \"TASK-3\", \"columnId\": \"c1\""),
        "{dry}"
    );
    assert_eq!(read(), BOARD);
}

#[test]
fn what_somebody_else_holds_is_not_moved() {
    let repo = both();
    repo.run(&mut repo.command(&["claim", "board#TASK-1", "--as", "ann/1"]));
    let said = repo.run(
        repo.command(&["board", "move", "board#TASK-1", "Done"])
            .env("PLANWRIGHT_ACTOR", "bob/1"),
    );
    assert!(said.contains("is held by ann/1"), "{said}");
    let own = repo.run(
        repo.command(&["board", "move", "board#TASK-1", "Done"])
            .env("PLANWRIGHT_ACTOR", "ann/1"),
    );
    assert!(own.starts_with("exit code: 0"), "{own}");
    assert!(repo.plan("claims").contains("nobody holds anything"));
}

#[test]
fn a_task_of_a_plan_moves_by_its_mark() {
    let repo = both();
    let said = repo.plan("board move search#T004 done");
    assert!(said.contains("todo \u{2192} done"), "{said}");
    let plan = fs::read_to_string(repo.path().join("docs/plans/search.md")).unwrap();
    assert_eq!(plan, PLAN.replace("[ ] T004", "[x] T004"));
    assert!(
        repo.plan("board move search#T003 Done")
            .starts_with("exit code: 1")
    );
}
