use insta::assert_snapshot;

use crate::runner::Repo;

#[test]
fn usage_errors_are_exit_code_two() {
    let repo = Repo::empty();
    assert_snapshot!(repo.plan("bogus"), @r"
    exit code: 2
    ----- stderr -----
    error: unrecognized subcommand 'bogus'

    Usage: plan [OPTIONS] [COMMAND]

    For more information, try '--help'.
    ");
    assert_snapshot!(repo.plan("stauts"), @r"
    exit code: 2
    ----- stderr -----
    error: unrecognized subcommand 'stauts'

      tip: some similar subcommands exist: 'setup', 'pause', 'trust', 'start', 'status'

    Usage: plan [OPTIONS] [COMMAND]

    For more information, try '--help'.
    ");
    assert_snapshot!(repo.plan("show"), @r"
    exit code: 2
    ----- stderr -----
    error: the following required arguments were not provided:
      <REF>

    Usage: plan show <REF>

    For more information, try '--help'.
    ");
    assert_snapshot!(repo.plan("graph --format svg"), @r"
    exit code: 2
    ----- stderr -----
    error: invalid value 'svg' for '--format <FORMAT>'
      [possible values: tree, dot, mermaid]

    For more information, try '--help'.
    ");
    assert_snapshot!(repo.plan("schema lists"), @r"
    exit code: 2
    ----- stderr -----
    error: there is no schema `lists`
      note: there are: status, list, document, item, phase, section, next, brief, board, graph, search, links, check, rules, rule, dialects, dialect, doctor, new, renumber, change, verify, trust, convert, claim, claims, resume, setup, error, config
    ");
    assert_snapshot!(repo.plan("list --path a["), @r"
    exit code: 2
    ----- stderr -----
    error: `a[` is no valid glob: unclosed character class; missing ']'
    ");
    assert_snapshot!(repo.plan("dialects show"), @r"
    exit code: 2
    ----- stderr -----
    error: the following required arguments were not provided:
      <NAME>

    Usage: plan dialects show <NAME>

    For more information, try '--help'.
    ");
}

#[test]
fn errors_are_json_where_answers_are() {
    let repo = Repo::of("archcore");
    assert_snapshot!(repo.plan("show label-printing --json"), @r#"
    exit code: 2
    ----- stderr -----
    {
      "schema": "planwright/error@1",
      "kind": "ambiguous",
      "message": "`label-printing` can mean 2 documents",
      "hints": [
        {
          "candidates": [
            "label-printing.plan",
            "label-printing.prd"
          ]
        }
      ],
      "exit_code": 2
    }
    "#);
    assert_snapshot!(repo.plan("show label-printng.plan --json"), @r#"
    exit code: 2
    ----- stderr -----
    {
      "schema": "planwright/error@1",
      "kind": "not_found",
      "message": "nothing answers to `label-printng.plan`",
      "hints": [
        {
          "nearest": [
            "label-printing.plan",
            "label-printing.prd"
          ]
        },
        {
          "run": "plan list --all"
        }
      ],
      "exit_code": 2
    }
    "#);
    assert_snapshot!(repo.plan("--json stauts"), @r#"
    exit code: 2
    ----- stderr -----
    {
      "schema": "planwright/error@1",
      "kind": "usage",
      "message": "unrecognized subcommand 'stauts'",
      "hints": [
        {
          "note": "tip: some similar subcommands exist: 'setup', 'pause', 'trust', 'start', 'status'"
        },
        {
          "note": "Usage: plan [OPTIONS] [COMMAND]"
        },
        {
          "note": "For more information, try '--help'."
        }
      ],
      "exit_code": 2
    }
    "#);
    assert_snapshot!(repo.plan("-C nowhere list --json"), @r#"
    exit code: 2
    ----- stderr -----
    {
      "schema": "planwright/error@1",
      "kind": "usage",
      "message": "there is no folder [REPO]/nowhere",
      "hints": [],
      "exit_code": 2
    }
    "#);
    // An empty answer is one; nothing stands beside it.
    let said = repo.plan("list --tag none --json");
    assert!(
        said.starts_with("exit code: 1\n----- stdout -----\n{"),
        "{said}"
    );
    assert!(!said.contains("stderr"), "{said}");
}

#[test]
fn colour_reaches_help_and_usage_errors() {
    let repo = Repo::empty();
    for line in ["--help", "bogus", "list --help", "show"] {
        let colourful = |color: &str| {
            repo.plan(&format!("{line} --color {color}"))
                .contains('\u{1b}')
        };
        assert!(colourful("always"), "{line}");
        assert!(!colourful("never"), "{line}");
        assert!(!repo.plan(line).contains('\u{1b}'), "{line}");
    }
}
