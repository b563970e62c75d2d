//! Documents that were made from a form, before all of it is filled in, and how they end.

use std::fs;

use crate::runner::Repo;

/// A repository with a new document of a dialect.
fn new(kind: &str, dialect: &str) -> Repo {
    let repo = Repo::empty();
    said(&repo, &["new", kind, "Returns", "--dialect", dialect]);
    repo
}

/// What is said where all is well.
fn said(repo: &Repo, args: &[&str]) -> String {
    let said = repo.run(&mut repo.command(args));
    assert!(said.starts_with("exit code: 0"), "{args:?}: {said}");
    said
}

fn text(repo: &Repo, path: &str) -> String {
    fs::read_to_string(repo.path().join(path)).unwrap()
}

const PLANS: [(&str, &str); 5] = [
    ("archcore", "plan"),
    ("ai-docs", "plan"),
    ("execplan", "plan"),
    ("dev-ops", "plan"),
    ("spec-kit", "tasks"),
];

#[test]
fn what_nobody_filled_in_is_no_task_yet() {
    for (dialect, kind) in PLANS {
        let repo = new(kind, dialect);
        let next = repo.plan("next");
        assert!(!next.contains('['), "{dialect}: {next}");
        let status = repo.plan("status");
        assert!(!status.contains('→'), "{dialect}: {status}");
        assert!(!status.contains("ready"), "{dialect}: {status}");
    }
}

#[test]
fn a_task_fills_in_the_form_and_can_be_named_as_it_is_shown() {
    for (dialect, kind) in PLANS {
        let repo = new(kind, dialect);
        let list = repo.plan("list");
        let path = list.split_whitespace().find(|word| word.contains(".md"));
        let name = match dialect {
            "spec-kit" => "001-returns/tasks",
            _ => path.unwrap_or("returns"),
        };
        said(&repo, &["add", "task", name, "Print a label"]);
        let shown = said(&repo, &["show", name]);
        let row = shown.lines().find(|line| line.contains("Print a label"));
        let place = row.unwrap().split_whitespace().nth(1).unwrap();
        let item = format!("{name}#{place}");
        let ticked = said(&repo, &["tick", &item]);
        assert!(ticked.contains("Print a label"), "{dialect}: {ticked}");
        let open = shown.matches("[test]").count();
        assert_eq!(open, 0, "{dialect}: {shown}");
    }
}

#[test]
fn where_there_are_no_phases_a_number_names_a_task() {
    let repo = new("plan", "dev-ops");
    said(&repo, &["add", "task", "PLN-001", "Print", "Refund"]);
    let ticked = said(&repo, &["tick", "PLN-001#2"]);
    assert!(ticked.contains("PLN-001#0.2"), "{ticked}");
    assert!(repo.plan("tick PLN-001#7").starts_with("exit code: 2"));
}

#[test]
fn a_criterion_stands_in_front_of_what_a_label_heads() {
    let repo = new("plan", "ai-docs");
    let added = said(&repo, &["add", "criterion", "returns", "Money is back"]);
    assert!(added.contains("returns#criterion.1"), "{added}");
    let plan = text(&repo, "docs/plans/active/returns.md");
    let at = |words: &str| plan.find(words).unwrap();
    assert!(
        at("Success Criteria\n\n- [What") < at("Money is back"),
        "{plan}"
    );
    assert!(at("Money is back") < at("**Exit gate:**"), "{plan}");
}

#[test]
fn a_placeholder_is_no_date() {
    let repo = new("plan", "ai-docs");
    assert!(text(&repo, "docs/plans/active/returns.md").contains("expires: [YYYY-MM-DD]"));
    let shown = said(&repo, &["show", "returns"]);
    assert!(!shown.contains("YYYY"), "{shown}");
}

#[test]
fn a_task_of_a_feature_goes_where_its_tasks_are() {
    let repo = new("spec", "spec-kit");
    let refused = repo.plan("add task 001 Print");
    assert!(refused.starts_with("exit code: 1"), "{refused}");
    for kind in ["plan", "tasks"] {
        said(&repo, &["new", kind, "Returns", "--from", "001"]);
    }
    for name in ["001", "001-returns/plan"] {
        let added = said(&repo, &["add", "task", name, "Print"]);
        assert!(added.contains("001-returns/tasks#T00"), "{name}: {added}");
    }
}

#[test]
fn a_dialect_without_a_word_for_done_says_how_a_plan_ends() {
    let repo = Repo::empty();
    let folder = repo.path().join(".archcore");
    fs::create_dir_all(&folder).unwrap();
    let plan = "---\ntitle: Returns\nstatus: draft\n---\n\n## Tasks\n\n- [x] Print\n";
    fs::write(folder.join("returns.plan.md"), plan).unwrap();
    let refused = repo.plan("complete returns");
    assert!(refused.starts_with("exit code: 1"), "{refused}");
    assert!(refused.contains("the last is `accepted`"), "{refused}");
    assert!(refused.contains("plan approve returns"), "{refused}");
    assert!(!refused.contains("--word"), "{refused}");
    said(&repo, &["approve", "returns"]);
    let refused = repo.plan("complete returns");
    assert!(refused.contains("plan archive returns"), "{refused}");
}

#[test]
fn an_outcome_that_was_asked_for_is_no_answer() {
    let repo = new("plan", "archcore");
    let found = repo.plan("check --select placeholder-left --format concise");
    assert!(found.contains("`[The outcome that"), "{found}");
    let path = ".archcore/returns.plan.md";
    let plan = text(&repo, path).replace(
        "- Depends on: [the decision, the rule",
        "- Retires: [the decision or the rule",
    );
    fs::write(repo.path().join(path), plan).unwrap();
    let found = repo.plan("check --select placeholder-left --format concise");
    assert!(!found.contains("[the decision"), "{found}");
}
