//! The tasks of plans as cards of a board, and back.

use std::fs;

use insta::assert_snapshot;

use crate::runner::Repo;

/// A board that holds its cards, in lines and with lists.
const BOARD: &str = r#"{
  "version": 1,
  "columns": [
    {"id": "col-backlog", "name": "Backlog", "taskIds": ["TASK-007"]},
    {"id": "col-build", "name": "Build", "taskIds": []},
    {"id": "col-verify", "name": "Verify", "taskIds": []},
    {"id": "col-done", "name": "Done", "taskIds": []}
  ],
  "items": [
    {"id": "TASK-007", "columnId": "col-backlog", "title": "Sweep the yard", "updatedAt": "2026-01-02T10:00:00.000Z"}
  ]
}
"#;

/// A board whose cards are files.
const LISTS: &str = r#"{
  "version": 1,
  "columns": [
    {
      "id": "col-backlog",
      "name": "Backlog",
      "taskIds": [
        "TASK-004"
      ]
    },
    {
      "id": "col-build",
      "name": "Build",
      "taskIds": []
    },
    {
      "id": "col-done",
      "name": "Done",
      "taskIds": []
    }
  ]
}
"#;

const FILE: &str = r#"{
  "id": "TASK-004",
  "columnId": "col-backlog",
  "title": "Sweep the yard",
  "updatedAt": "2026-01-02T10:00:00.000Z",
  "status": "todo"
}
"#;

const PLAN: &str = "\
---
status: active
---

# Search

## Tasks

- [x] T001 Choose the words
- [~] T002 Build the index
  - [ ] Criteria: it fits into memory
- [ ] T003 Rank by stock
- [ ] Tell the shop
- [-] T005 Print it
";

fn put(repo: &Repo, path: &str, text: &str) {
    let path = repo.path().join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn read(repo: &Repo, path: &str) -> String {
    fs::read_to_string(repo.path().join(path)).unwrap()
}

fn of(board: &str) -> Repo {
    let repo = Repo::empty();
    put(&repo, ".dev_ops/board.json", board);
    put(&repo, "docs/plans/search.md", PLAN);
    if board == LISTS {
        put(&repo, ".dev_ops/tasks/TASK-004/task.json", FILE);
    }
    repo
}

/// What a run gives without the moment, which the clock gives.
fn timeless(text: &str) -> String {
    let lines = text
        .lines()
        .map(|line| match line.split_once("\"updatedAt\": \"") {
            Some((before, rest)) if !rest.starts_with("2026-01-02") => {
                let end = rest.find('"').unwrap();
                format!("{before}\"updatedAt\": \"[NOW]{}", &rest[end..])
            }
            _ => line.to_owned(),
        });
    lines.map(|line| line + "\n").collect()
}

#[test]
fn tasks_become_cards_once() {
    let repo = of(BOARD);
    assert_snapshot!(timeless(&repo.plan("board import search --dry-run")));
    assert_eq!(read(&repo, ".dev_ops/board.json"), BOARD);
    assert_snapshot!(repo.plan("board import search"));
    assert_snapshot!(timeless(&read(&repo, ".dev_ops/board.json")));
    assert_snapshot!(repo.plan("board"));
    assert_snapshot!(repo.plan("board import search"), @r"
    exit code: 0
    ----- stdout -----
    board and plans agree
    ");
    assert_eq!(read(&repo, "docs/plans/search.md"), PLAN);
    repo.plan("undo");
    assert_eq!(read(&repo, ".dev_ops/board.json"), BOARD);
}

#[test]
fn cards_are_files_where_the_others_are() {
    let repo = of(LISTS);
    assert_snapshot!(repo.plan("board"));
    assert_snapshot!(repo.plan("board import search"));
    assert_snapshot!(timeless(&read(&repo, ".dev_ops/tasks/TASK-006/task.json")));
    assert_snapshot!(timeless(&read(&repo, ".dev_ops/board.json")));
    assert_snapshot!(repo.plan("board import search"), @r"
    exit code: 0
    ----- stdout -----
    board and plans agree
    ");
    assert_snapshot!(repo.plan("board move TASK-007 done"));
    assert_snapshot!(repo.plan("board sync"));
    assert!(read(&repo, "docs/plans/search.md").contains("- [x] T003"));
    assert_snapshot!(repo.plan("board"));
    for _ in 0..3 {
        repo.plan("undo");
    }
    assert_eq!(read(&repo, ".dev_ops/board.json"), LISTS);
    assert_eq!(read(&repo, "docs/plans/search.md"), PLAN);
    assert!(
        !repo
            .path()
            .join(".dev_ops/tasks/TASK-005/task.json")
            .exists()
    );
}

#[test]
fn each_side_follows_what_changed_on_the_other() {
    let repo = of(BOARD);
    repo.plan("board import search");
    repo.plan("board move TASK-010 verify");
    repo.plan("tick search#0.1");
    assert_snapshot!(repo.plan("board import search"));
    assert_snapshot!(repo.plan("board sync"));
    assert!(read(&repo, "docs/plans/search.md").contains("- [~] T003"));
    assert_snapshot!(repo.plan("board sync"), @r"
    exit code: 0
    ----- stdout -----
    board and plans agree
    ");
}

#[test]
fn a_tick_from_the_board_is_guarded_as_any_other() {
    let repo = of(BOARD);
    put(
        &repo,
        "docs/plans/search.md",
        "---\nstatus: active\n---\n\n# Search\n\n## Tasks\n\n### Task 1: Build the index\n\n**Acceptance Criteria**\n\n- [ ] It fits into memory\n\n### Task 2: Rank by stock\n\n- [ ] Ask the shop\n",
    );
    repo.plan("board import search");
    assert_snapshot!(repo.plan("board"));
    repo.plan("board move TASK-008 done");
    let before = read(&repo, "docs/plans/search.md");
    assert_snapshot!(repo.plan("board sync"));
    assert_eq!(read(&repo, "docs/plans/search.md"), before);
    assert!(repo.plan("board").contains("Done     1"));
}

#[test]
fn where_both_changed_somebody_says_which_is_right() {
    let repo = of(BOARD);
    repo.plan("board import search");
    repo.plan("board move TASK-010 done");
    repo.plan("start search#T003");
    let (board, plan) = (
        read(&repo, ".dev_ops/board.json"),
        read(&repo, "docs/plans/search.md"),
    );
    assert_snapshot!(repo.plan("board sync"));
    assert_eq!(read(&repo, ".dev_ops/board.json"), board);
    assert_eq!(read(&repo, "docs/plans/search.md"), plan);
    assert_snapshot!(repo.plan("board sync search --prefer board"));
    repo.plan("undo");
    assert_snapshot!(repo.plan("board sync search --prefer plan"));
    assert!(repo.plan("board sync").contains("agree"));
}

#[test]
fn cards_follow_a_plan_that_gets_another_name() {
    let repo = of(BOARD);
    repo.plan("board import search");
    let moved = repo.plan("move search docs/plans/done/find.md");
    assert!(moved.contains(".dev_ops/board.json"), "{moved}");
    assert!(
        read(&repo, ".dev_ops/board.json").contains("\"planFile\": \"docs/plans/done/find.md\"")
    );
    assert!(repo.plan("board sync").contains("agree"));
    // By hand: nobody told the board.
    let path = |name: &str| repo.path().join("docs/plans/done").join(name);
    fs::rename(path("find.md"), path("seek.md")).unwrap();
    assert_snapshot!(repo.plan("board sync"));
    assert!(repo.plan("board sync").contains("agree"));
    fs::remove_file(path("seek.md")).unwrap();
    assert_snapshot!(repo.plan("board sync"));
}

#[test]
fn words_of_a_task_go_to_its_card_unless_it_has_a_name_of_its_own() {
    let repo = of(BOARD);
    repo.plan("board import search");
    let board = read(&repo, ".dev_ops/board.json");
    put(
        &repo,
        ".dev_ops/board.json",
        &board.replacen("\"title\": \"Rank by stock\"", "\"title\": \"Stock\"", 1),
    );
    let plan = PLAN
        .replace("Rank by stock", "Rank by what is in stock")
        .replace("Tell the shop", "Tell the shop and the press");
    put(&repo, "docs/plans/search.md", &plan);
    assert_snapshot!(repo.plan("board sync"));
    let after = read(&repo, ".dev_ops/board.json");
    assert!(after.contains("\"title\": \"Stock\""), "{after}");
    assert!(repo.plan("board sync").contains("agree"));
    assert_eq!(read(&repo, "docs/plans/search.md"), plan);
}

#[test]
fn work_that_stands_twice_is_counted_once() {
    for board in [BOARD, LISTS] {
        let repo = of(board);
        let before = repo.plan("next");
        repo.plan("board import search");
        assert_eq!(repo.plan("next"), before);
        let brief = repo.plan("next --json");
        assert!(!brief.contains("TASK-01"), "{brief}");
    }
}

#[test]
fn an_id_on_a_board_is_a_reference() {
    let repo = of(BOARD);
    assert_snapshot!(repo.plan("show task-007"));
    assert_snapshot!(repo.plan("show TASK-008"));
}

#[test]
fn what_cannot_be_is_refused_with_a_way_out() {
    let repo = of(BOARD);
    assert_snapshot!(repo.plan("board import .dev_ops/board.json"));
    assert_snapshot!(repo.plan("board import search --board search"));
    put(
        &repo,
        "docs/plans/empty.md",
        "---\nstatus: draft\n---\n\n# Empty\n\n## Tasks\n",
    );
    assert_snapshot!(repo.plan("board import empty"));
    put(&repo, "app/.dev_ops/board.json", BOARD);
    assert_snapshot!(repo.plan("board import search"));
    fs::remove_file(repo.path().join("app/.dev_ops/board.json")).unwrap();
    fs::remove_file(repo.path().join(".dev_ops/board.json")).unwrap();
    assert_snapshot!(repo.plan("board import search"));
}

#[test]
fn what_somebody_else_holds_is_left_and_told() {
    let repo = of(BOARD);
    repo.plan("board import search");
    repo.plan("board move TASK-010 done");
    repo.run(&mut repo.command(&["claim", "search#T003", "--as", "ann/1"]));
    let mut other = repo.command(&["board", "sync"]);
    let said = repo.run(other.env("PLANWRIGHT_ACTOR", "bob/1"));
    assert!(said.contains("it is held by ann/1"), "{said}");
    let mut own = repo.command(&["board", "sync"]);
    let said = repo.run(own.env("PLANWRIGHT_ACTOR", "ann/1"));
    assert!(said.contains("todo \u{2192} done"), "{said}");
    assert!(repo.plan("claims").contains("nobody holds anything"));
}

#[test]
fn a_card_and_its_task_have_one_holder() {
    for board in [BOARD, LISTS] {
        let repo = of(board);
        repo.plan("board import search");
        let card = if board == BOARD {
            "TASK-010"
        } else {
            "TASK-007"
        };
        let held = repo.run(&mut repo.command(&["claim", card, "--as", "ann/1"]));
        assert!(held.contains("search#T003"), "{held}");
        let other = repo.run(&mut repo.command(&["claim", "search#T003", "--as", "bob/1"]));
        assert!(other.starts_with("exit code: 1"), "{other}");
        let mut other = repo.command(&["board", "move", card, "Build"]);
        let other = repo.run(other.env("PLANWRIGHT_ACTOR", "bob/1"));
        assert!(other.contains("is held by ann/1"), "{other}");
        let shown = repo.plan("board");
        assert!(shown.contains(&format!("{card} ann")), "{shown}");
    }
}

#[test]
fn what_was_done_is_told_to_programs() {
    let repo = of(BOARD);
    let said = repo.plan("board import search --json");
    assert!(
        said.contains("\"schema\": \"planwright/change@1\""),
        "{said}"
    );
    assert!(said.contains("\"verb\": \"import\""), "{said}");
    let show = repo.plan("show TASK-010 --json");
    assert!(
        show.contains("\"path\": \"docs/plans/search.md\""),
        "{show}"
    );
}
