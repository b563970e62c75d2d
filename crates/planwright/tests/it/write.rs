//! The verbs that change documents.

use std::fs;
use std::process::{Child, Stdio};
use std::time::Duration;

use insta::assert_snapshot;

use crate::runner::Repo;

const PLAN: &str = "\
---
status: active
last_updated: 2026-01-05
---

# Search

## Tasks

- [x] T001 Build the index
- [ ] T002 Rank by stock
- [ ] T003 Switch over

## Exit gate

- [ ] Tests pass

## Update Log

- 2026-01-05: Begun.
";

fn shop() -> Repo {
    let repo = Repo::empty();
    let docs = repo.path().join("docs/plans/active");
    fs::create_dir_all(&docs).unwrap();
    fs::write(docs.join("search.md"), PLAN).unwrap();
    fs::write(
        docs.join("ranking.md"),
        PLAN.replace("Search", "Ranking").replace("T00", "T01"),
    )
    .unwrap();
    repo
}

/// A plan, wherever its state has put it.
fn text(repo: &Repo, name: &str) -> String {
    let place = |folder: &str| repo.path().join("docs/plans").join(folder).join(name);
    fs::read_to_string(place("active"))
        .or_else(|_| fs::read_to_string(place("completed")))
        .unwrap()
}

#[test]
fn items_are_ticked_together_or_not_at_all() {
    let repo = shop();
    assert_snapshot!(repo.plan("tick search#T002 ranking#T012"));
    assert_eq!(
        text(&repo, "search.md"),
        PLAN.replace("[ ] T002", "[x] T002")
    );
    assert!(text(&repo, "ranking.md").contains("- [x] T012"));
    assert_snapshot!(repo.plan("tick search#T003 ranking#T099"));
    assert!(text(&repo, "search.md").contains("- [ ] T003"));
    assert_snapshot!(repo.plan("tick search#T002"));
    assert_snapshot!(repo.plan("tick search"));
}

#[test]
fn a_dry_run_is_a_diff_and_writes_nothing() {
    let repo = shop();
    assert_snapshot!(repo.plan("cancel search#T002 --dry-run --reason later"));
    assert_snapshot!(repo.plan("pause search --dry-run --json"));
    assert_eq!(text(&repo, "search.md"), PLAN);
    assert!(repo.plan("undo").starts_with("exit code: 1\n"));
}

#[test]
fn a_plan_is_done_when_nothing_is_missing() {
    let repo = shop();
    assert_snapshot!(repo.plan("complete search"));
    assert_snapshot!(repo.plan("complete search --json"));
    repo.plan("tick search#T002 search#gate.1");
    assert_snapshot!(repo.plan("complete search --waive search#T003 --reason unused"));
    let done = text(&repo, "search.md");
    assert!(
        done.contains("status: completed\nlast_updated: 2026-03-31\n"),
        "{done}"
    );
    assert!(
        done.contains("- [-] T003 Switch over (waived: unused)\n"),
        "{done}"
    );
    assert!(
        repo.plan("check --select state")
            .starts_with("exit code: 0\n")
    );
    assert_snapshot!(repo.plan("activate search"));
    assert_snapshot!(repo.plan("activate search --reason slow"));
    assert!(
        text(&repo, "search.md")
            .ends_with("- 2026-01-05: Begun.\n- 2026-03-31: Taken up again: slow\n")
    );
}

#[test]
fn states_are_guarded() {
    let repo = shop();
    for line in [
        "approve search",
        "reject search",
        "abandon search",
        "supersede search",
        "supersede search --by search",
        "complete search --waive ranking#T012 --reason x",
        "pause search --word draft",
    ] {
        let said = repo.plan(line);
        assert!(
            said.starts_with("exit code: 1\n") || said.starts_with("exit code: 2\n"),
            "{line}: {said}"
        );
        assert_eq!(text(&repo, "search.md"), PLAN, "{line}");
    }
    assert_snapshot!(repo.plan("supersede search --by ranking"));
    assert!(text(&repo, "search.md").contains("status: superseded\n"));
    assert!(text(&repo, "search.md").contains("\nsuperseded_by:\n  - ../active/ranking.md\n---\n"));
    assert!(text(&repo, "ranking.md").contains("\nsupersedes:\n  - ../completed/search.md\n---\n"));
    assert_snapshot!(repo.plan("activate search"));
}

#[test]
fn what_was_changed_is_taken_back() {
    let repo = shop();
    repo.plan("tick search#T002 ranking#T012");
    repo.plan("log search Ranked");
    assert_snapshot!(repo.plan("undo"));
    assert_snapshot!(repo.plan("undo"));
    assert_eq!(text(&repo, "search.md"), PLAN);
    assert_snapshot!(repo.plan("undo"));
    repo.plan("tick search#T002");
    fs::write(repo.path().join("docs/plans/active/search.md"), "# Other\n").unwrap();
    assert_snapshot!(repo.plan("undo"));
    assert_eq!(text(&repo, "search.md"), "# Other\n");
}

/// A plan with this many open tasks.
fn long(tasks: u32) -> String {
    let lines = (1..=tasks).map(|task| format!("- [ ] T{task:03} Work\n"));
    format!("# Long\n\n## Tasks\n\n{}", lines.collect::<String>())
}

fn start(repo: &Repo, line: &str) -> Child {
    let args: Vec<&str> = line.split(' ').collect();
    let mut command = repo.command(&args);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().unwrap()
}

#[test]
fn processes_that_write_at_once_lose_nothing() {
    const TASKS: u32 = 24;
    let repo = Repo::empty();
    let path = repo.path().join("plan.md");
    fs::write(&path, long(TASKS)).unwrap();
    let children = (1..=TASKS).map(|task| start(&repo, &format!("tick plan#T{task:03}")));
    for mut child in children.collect::<Vec<Child>>() {
        assert!(child.wait().unwrap().success());
    }
    let text = fs::read_to_string(path).unwrap();
    assert_eq!(text, long(TASKS).replace("[ ]", "[x]"));
}

#[test]
fn a_kill_leaves_the_old_file_or_the_new() {
    let repo = Repo::empty();
    let paths = ["one.md", "two.md"].map(|name| repo.path().join(name));
    let old = long(3);
    let new = old.replace("[ ] T002", "[x] T002");
    for path in &paths {
        fs::write(path, &old).unwrap();
    }
    let read = || {
        paths
            .each_ref()
            .map(|path| fs::read_to_string(path).unwrap())
    };
    let mut is_done = false;
    let mut killed = 0;
    for round in 0_u64..60 {
        let verb = if is_done { "reopen" } else { "tick" };
        let mut child = start(&repo, &format!("{verb} one#T002 two#T002"));
        // Spread over the time that a call takes.
        std::thread::sleep(Duration::from_micros(400 * (round % 30)));
        child.kill().unwrap();
        killed += u32::from(!child.wait().unwrap().success());
        for text in read() {
            assert!(text == old || text == new, "{text}");
        }
        // The next call brings to an end what was begun.
        let mut settles = start(&repo, "tick one#T001 --dry-run");
        settles.wait().unwrap();
        let mut settles = start(&repo, "tick one#T001");
        assert!(settles.wait().unwrap().success());
        let mut settles = start(&repo, "reopen one#T001");
        assert!(settles.wait().unwrap().success());
        let [one, two] = read();
        assert_eq!(one, two);
        is_done = one == new;
    }
    assert!(killed > 10, "{killed}");
    let left = fs::read_dir(repo.path()).unwrap().count();
    assert_eq!(left, 3, "two plans and the folder of git");
}

#[test]
fn a_document_is_brought_into_form_only_when_asked() {
    let repo = Repo::empty();
    let path = repo.path().join("docs/execplans/replay.md");
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let messy = "# Replay webhooks  \n\nThis ExecPlan is a living document.\n\n\n## Purpose / Big Picture\n\nNobody calls twice.\n\n## Progress\n\n* [X] (2026-02-01 10:00Z) One.\n* [ ] Two.\n\n## Decision Log\n\n- Decision: x\n  Rationale: y\n  Date/Author: 2026-02-01 / Ann\n";
    fs::write(&path, messy).unwrap();
    assert_snapshot!(repo.plan("fmt replay"));
    assert_eq!(fs::read_to_string(&path).unwrap(), messy);
    assert_snapshot!(repo.plan("fmt replay --normalize"));
    assert_snapshot!(repo.plan("fmt replay"));
    assert_snapshot!(repo.plan("undo"));
    assert_eq!(fs::read_to_string(&path).unwrap(), messy);
    assert!(
        repo.plan("fmt replay --normalize --json")
            .contains("\"what\": \"form\"")
    );
}

#[test]
fn an_entry_takes_the_place_of_the_one_that_the_form_shows() {
    let repo = Repo::empty();
    repo.plan("new plan Returns --dialect execplan");
    repo.plan("log returns Slow --as discovery --evidence Test");
    repo.plan("log returns Later --as decision --rationale Now");
    let text = fs::read_to_string(repo.path().join("docs/execplans/returns.md")).unwrap();
    let from = text.find("## Surprises").unwrap();
    let to = text.find("## Outcomes").unwrap();
    assert_snapshot!(&text[from..to]);
}
