use super::*;
use crate::write::create::tests::{Repo, findings};
use crate::write::undo;

fn renumber(repo: &Repo, reference: &str, to: Option<u64>) -> Result<Answer, OpsError> {
    let request = Request {
        reference: reference.to_owned(),
        to,
    };
    repo.call(|call| run(&repo.open(), &request, call))
}

/// A document of the `dev_ops` dialect.
fn plan(id: &str, title: &str, more: &str) -> String {
    format!(
        "---\nid: {id}\ntype: plan\nstatus: Draft\nupstream: []\n---\n\n# {id} - {title}\n\n{more}\n"
    )
}

#[test]
fn one_of_two_with_a_number_gets_the_next_and_what_is_proved_follows() {
    const A: &str = ".dev_ops/docs/plans/PLN-002-a.md";
    const B: &str = ".dev_ops/docs/plans/PLN-002-b.md";
    let others = "See [B](.dev_ops/docs/plans/PLN-002-b.md) and PLN-002-b, `PLN-002-b.md`, not PLN-0021.\n\nPLN-002 is meant, and PLN-003 as well.\n";
    let repo = Repo::new(&[
        (A, &plan("PLN-002", "A", "x")),
        (
            B,
            &plan(
                "PLN-002",
                "B",
                "PLN-002 is this one. See [A](PLN-002-a.md).",
            ),
        ),
        (
            ".dev_ops/docs/plans/PLN-003-c.md",
            &plan("PLN-003", "C", "x").replace("[]", "[PLN-002]"),
        ),
        ("notes.md", others),
    ]);
    assert_eq!(
        renumber(&repo, "PLN-002", None).unwrap_err().kind,
        ErrorKind::Ambiguous
    );
    assert!(
        renumber(&repo, B, Some(3))
            .unwrap_err()
            .message
            .contains("is taken")
    );
    let answer = renumber(&repo, B, None).unwrap();
    assert_eq!(
        (answer.before.as_str(), answer.after.as_str()),
        ("PLN-002", "PLN-004")
    );
    assert!(!repo.root().join(B).exists());
    assert_eq!(
        repo.text(".dev_ops/docs/plans/PLN-004-b.md"),
        plan(
            "PLN-004",
            "B",
            "PLN-004 is this one. See [A](PLN-002-a.md)."
        )
    );
    assert_eq!(
        repo.text("notes.md"),
        "See [B](.dev_ops/docs/plans/PLN-004-b.md) and PLN-004-b, `PLN-004-b.md`, not PLN-0021.\n\nPLN-002 is meant, and PLN-003 as well.\n"
    );
    let left: Vec<String> = answer
        .left
        .iter()
        .map(|left| format!("{}:{} {}", left.path, left.line, left.text))
        .collect();
    assert_eq!(
        left,
        [
            ".dev_ops/docs/plans/PLN-003-c.md:5 PLN-002",
            "notes.md:3 PLN-002"
        ]
    );
    let ws = repo.open();
    let duplicates: Vec<String> = [A, ".dev_ops/docs/plans/PLN-004-b.md"]
        .iter()
        .flat_map(|path| findings(&ws, path))
        .filter(|found| found.starts_with("duplicate-id"))
        .collect();
    assert_eq!(duplicates, Vec::<String>::new());

    // Now that the id is one document's alone, all that names it follows.
    let answer = renumber(&repo, A, Some(9)).unwrap();
    assert_eq!(answer.left, []);
    assert!(
        repo.text(".dev_ops/docs/plans/PLN-003-c.md")
            .contains("upstream: [PLN-009]\n")
    );
    assert!(repo.text("notes.md").contains("\nPLN-009 is meant"));
    assert!(
        repo.text(".dev_ops/docs/plans/PLN-004-b.md")
            .contains("See [A](PLN-009-a.md)")
    );
    repo.call(|call| undo::run(&repo.open(), call)).unwrap();
    repo.call(|call| undo::run(&repo.open(), call)).unwrap();
    assert_eq!(repo.text("notes.md"), others);
    assert_eq!(
        repo.text(B),
        plan(
            "PLN-002",
            "B",
            "PLN-002 is this one. See [A](PLN-002-a.md)."
        )
    );
}

#[test]
fn a_feature_gets_another_number_with_all_its_files() {
    let repo = Repo::new(&[
        (
            "specs/012-cards/spec.md",
            "# Feature Specification: Cards\n\n**Feature Branch**: `012-cards`\n",
        ),
        (
            "specs/012-cards/plan.md",
            "# Implementation Plan: Cards\n\n**Branch**: `012-cards` | **Spec**: [spec.md](spec.md)\n",
        ),
        (
            "specs/012-cards/contracts/api.yaml",
            "x: specs/012-cards/spec.md\n",
        ),
        (
            "specs/012-gifts/spec.md",
            "# Feature Specification: Gifts\n",
        ),
        (
            "README.md",
            "[Cards](specs/012-cards/) and [its plan](./specs/012-cards/plan.md), `specs/012-gifts`.\n",
        ),
    ]);
    let answer = renumber(&repo, "specs/012-cards", None).unwrap();
    assert_eq!(answer.moved.len(), 3);
    assert_eq!(answer.left, []);
    assert!(repo.text("specs/013-cards/spec.md").contains("`013-cards`"));
    assert!(
        repo.text("specs/013-cards/plan.md")
            .contains("`013-cards` | **Spec**: [spec.md](spec.md)")
    );
    assert_eq!(
        repo.text("specs/013-cards/contracts/api.yaml"),
        "x: specs/013-cards/spec.md\n"
    );
    assert_eq!(
        repo.text("README.md"),
        "[Cards](specs/013-cards/) and [its plan](./specs/013-cards/plan.md), `specs/012-gifts`.\n"
    );
    assert!(!repo.root().join("specs/012-cards").exists());
    assert!(renumber(&repo, "README.md", None).is_err());
}

#[test]
fn a_bare_number_is_rewritten_where_the_document_speaks_of_itself() {
    let repo = Repo::new(&[
        (
            "docs/decisions/0003-keys.md",
            "---\nid: 0003\nstatus: accepted\n---\n\n# 0003: Keys\n\n0003 rows were read in 2003.\n",
        ),
        (
            "docs/decisions/0004-locks.md",
            "# 0004: Locks\n\nSee [0003](0003-keys.md).\n",
        ),
    ]);
    let answer = renumber(&repo, "docs/decisions/0003-keys.md", Some(12)).unwrap();
    assert_eq!(
        (answer.before.as_str(), answer.after.as_str()),
        ("0003", "0012")
    );
    assert_eq!(
        repo.text("docs/decisions/0012-keys.md"),
        "---\nid: 0012\nstatus: accepted\n---\n\n# 0012: Keys\n\n0003 rows were read in 2003.\n"
    );
    assert!(
        repo.text("docs/decisions/0004-locks.md")
            .contains("](0012-keys.md)")
    );
}
