//! What `plan show` finds.

use insta::assert_snapshot;

use crate::runner::Repo;

#[test]
fn a_feature_leads_to_the_items_of_all_its_documents() {
    let repo = Repo::of("spec-kit");
    let by_document = repo.plan("show 001-book-a-crossing/tasks#T004");
    assert!(by_document.contains("T004"), "{by_document}");
    for reference in [
        "001-book-a-crossing#T004",
        "001#T004",
        "specs/001-book-a-crossing#T004",
    ] {
        assert_eq!(repo.plan(&format!("show {reference}")), by_document);
    }
    assert_snapshot!(repo.plan("show 001#T444"), @r"
    exit code: 2
    ----- stderr -----
    error: `001` has no item, phase or section `T444`
      did you mean: 001-book-a-crossing/tasks#T004
      try: plan show 001
    ");
}

#[test]
fn a_section_is_shown_as_it_stands() {
    assert_snapshot!(Repo::of("archcore").plan("show label-printing.plan#goal"), @r"
    exit code: 0
    ----- stdout -----
    Goal
      .archcore/parcels/label-printing.plan.md:9

      in         Label printing

      Print labels of one size from one service, and switch the old drivers off.
    ");
}

#[test]
fn a_line_is_the_task_that_it_belongs_to() {
    assert_snapshot!(
        Repo::of("archcore").plan("show .archcore/parcels/label-printing.plan.md:22"),
        @r"
    exit code: 0
    ----- stdout -----
    ○ Queue labels per depot
      .archcore/parcels/label-printing.plan.md:22 · label-printing.plan#2.1

      in         Label printing
      task       todo and ready
      phase      Phase 2: Deliver  :20
    "
    );
}

#[test]
fn paths_are_shown_from_where_the_user_stands() {
    let repo = Repo::of("archcore");
    let from = |folder: &str, args: &[&str]| {
        repo.run(repo.command(args).current_dir(repo.path().join(folder)))
    };
    let inside = from(".archcore/decisions", &["show", "label-printing.plan#2.1"]);
    assert!(
        inside.contains("  ../parcels/label-printing.plan.md:22 ·"),
        "{inside}"
    );
    let shown = "../parcels/label-printing.plan.md:22";
    assert_eq!(from(".archcore/decisions", &["show", shown]), inside);
    let above = from("..", &["-C", "repo", "show", "label-printing.plan#2.1"]);
    assert!(
        above.contains("  repo/.archcore/parcels/label-printing.plan.md:22 ·"),
        "{above}"
    );
    let shown = "repo/.archcore/parcels/label-printing.plan.md:22";
    assert_eq!(from("..", &["-C", "repo", "show", shown]), above);
    // For programs, paths start at the root.
    let json = from("src", &["show", "label-printing.plan#2.1", "--json"]);
    assert!(
        json.contains("\"path\": \".archcore/parcels/label-printing.plan.md\""),
        "{json}"
    );
}

#[test]
fn findings_are_shown_from_where_the_user_stands() {
    let repo = Repo::of("ai-docs");
    for format in ["concise", "human"] {
        let mut command = repo.command(&["check", "--format", format]);
        let found = repo.run(command.current_dir(repo.path().join("docs/plans")));
        assert!(found.contains("active/comments.md:4"), "{found}");
        assert!(!found.contains("docs/plans/"), "{found}");
    }
}

#[test]
fn what_next_names_can_be_shown_where_documents_share_a_name() {
    let repo = Repo::empty();
    for folder in ["api", "web"] {
        let path = repo.path().join(folder).join("docs/plans");
        std::fs::create_dir_all(&path).unwrap();
        let text =
            "---\nid: PLAN-001\nstatus: active\n---\n\n# Rollout\n\n## Tasks\n\n- [ ] Ship\n";
        std::fs::write(path.join("PLAN-001.md"), text).unwrap();
    }
    let next = repo.plan("next --json");
    for folder in ["api", "web"] {
        let reference = format!("{folder}/docs/plans/PLAN-001.md#0.1");
        assert!(
            next.contains(&format!("\"ref\": \"{reference}\"")),
            "{next}"
        );
        let shown = repo.plan(&format!("show {reference}"));
        assert!(shown.contains("Ship"), "{shown}");
    }
}
