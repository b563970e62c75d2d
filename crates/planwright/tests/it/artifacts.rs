//! What has to be there before a task is begun, and before it is done.

use std::fs;

use insta::assert_snapshot;

use crate::runner::Repo;

const PLAN: &str = "\
---
status: active
---

# Search

## Tasks

- [ ] T001 Choose the words
  - Outputs: `docs/words.md`, a feeling for the shop
- [ ] T002 Build the index
  - Depends on: T001
  - Inputs: `docs/words.md`, ADR-007
  - Output: whatever is fast
  - Acceptance criteria:
    - [ ] T002.1 Answers within 50 ms
";

const BOARD: &str = r#"{
  "columns": [
    {"id": "c1", "name": "Backlog", "taskIds": ["TASK-1", "TASK-2"]},
    {"id": "c2", "name": "Done", "taskIds": []}
  ],
  "items": [
    {"id": "TASK-1", "columnId": "c1", "title": "Draw", "downstream": ["docs/map.md"]},
    {"id": "TASK-2", "columnId": "c1", "title": "Walk", "upstream": ["docs/map.md"],
     "prerequisites": {"tasks": ["TASK-1"], "approvals": []},
     "completionCriteria": {"artifacts": ["docs/trace.md"], "tests": false}}
  ]
}
"#;

fn repo() -> Repo {
    let repo = Repo::empty();
    let put = |path: &str, text: &str| {
        let path = repo.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    put("docs/plans/search.md", PLAN);
    put(".dev_ops/board.json", BOARD);
    put(
        "docs/adr/ADR-007-postgres.md",
        "---\nstatus: accepted\n---\n\n# ADR-007: Postgres\n",
    );
    repo
}

fn by(repo: &Repo, args: &[&str]) -> String {
    let mut command = repo.command(args);
    command.env("PLANWRIGHT_ACTOR", "ann/1");
    repo.run(&mut command)
}

fn is_refused(said: &str) -> bool {
    said.starts_with("exit code: 1\n")
}

#[test]
fn what_a_task_promises_has_to_be_there() {
    let repo = repo();
    let path = repo.path().join("docs/plans/search.md");
    assert_snapshot!(by(&repo, &["tick", "search#T001"]));
    assert_eq!(fs::read_to_string(&path).unwrap(), PLAN);
    assert!(is_refused(&by(
        &repo,
        &["tick", "search#T001", "search#T002"]
    )));
    fs::write(repo.path().join("docs/words.md"), "shelf\n").unwrap();
    assert!(!is_refused(&by(&repo, &["tick", "search#T001"])));
    assert_snapshot!(by(&repo, &["tick", "search#T002"]));
    // Criteria that are ticked with it are met.
    let both = by(
        &repo,
        &["tick", "search#T002.1", "search#T002", "--dry-run"],
    );
    assert!(!is_refused(&both), "{both}");
}

#[test]
fn what_is_waived_is_recorded() {
    let repo = repo();
    let path = repo.path().join("docs/plans/search.md");
    let waive = |what: &[&str]| {
        let mut args = vec!["tick"];
        args.extend(what);
        args.extend(["--reason", "seen on paper"]);
        by(&repo, &args)
    };
    assert!(!is_refused(&waive(&[
        "search#T001",
        "--waive",
        "docs/words.md"
    ])));
    assert_snapshot!(waive(&["search#T002", "--waive", "search#T002.1"]));
    assert_snapshot!(fs::read_to_string(&path).unwrap());
    let other = by(
        &repo,
        &[
            "tick",
            "search#T002",
            "--waive",
            "search#T001",
            "--reason",
            "x",
        ],
    );
    assert!(
        other.contains("neither a criterion nor an artifact"),
        "{other}"
    );
    assert!(by(&repo, &["tick", "search#T001", "--waive", "x"]).contains("--reason"));
}

#[test]
fn what_a_task_needs_has_to_be_there() {
    let repo = repo();
    assert_snapshot!(by(&repo, &["claim", "search#T002"]));
    fs::write(repo.path().join("docs/words.md"), "shelf\n").unwrap();
    let open = by(&repo, &["claim", "search#T002"]);
    assert!(
        open.contains("waits for what is open") && !open.contains("words.md"),
        "{open}"
    );
    let waived = [
        "claim",
        "search#T002",
        "--waive",
        "search#T001",
        "--reason",
        "known by heart",
    ];
    assert!(!is_refused(&by(&repo, &waived)));
    assert_snapshot!(by(&repo, &["resume", "search"]));
}

#[test]
fn cards_say_the_same_in_their_own_words() {
    let repo = repo();
    assert_snapshot!(by(&repo, &["claim", "board#TASK-2"]));
    assert!(is_refused(&by(&repo, &["tick", "board#TASK-1"])));
    fs::write(repo.path().join("docs/map.md"), "Here.\n").unwrap();
    assert!(!is_refused(&by(&repo, &["tick", "board#TASK-1"])));
    assert!(!is_refused(&by(&repo, &["claim", "board#TASK-2"])));
    assert_snapshot!(by(&repo, &["tick", "board#TASK-2"]));
}

#[test]
fn the_next_task_is_one_whose_inputs_are_there() {
    let repo = repo();
    fs::write(
        repo.path().join("docs/plans/search.md"),
        PLAN.replace("[ ] T001", "[x] T001"),
    )
    .unwrap();
    fs::remove_file(repo.path().join(".dev_ops/board.json")).unwrap();
    assert_snapshot!(by(&repo, &["claim", "--next"]));
    fs::write(repo.path().join("docs/words.md"), "shelf\n").unwrap();
    assert!(by(&repo, &["claim", "--next"]).contains("search#T002 held"));
}
