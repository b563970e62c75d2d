use insta::assert_snapshot;

use crate::runner::Repo;

#[test]
fn the_overview_says_what_to_do() {
    assert_snapshot!(Repo::empty().plan(""), @r#"
    exit code: 0
    ----- stdout -----
    No plan was found here.

    Planwright reads the Markdown plans that a repository already keeps:
    Archcore documents, AI-docs plans, ExecPlans, dev_ops plans and boards,
    spec-kit features, and other files that hold phases and tasks. Files that
    git ignores are left out.

    what is read    plan dialects
    why not a file  plan dialects show --file PATH
    look elsewhere  plan -C DIR
    write one       plan new plan "What it is about"
    "#);
    assert_eq!(
        Repo::empty().plan(""),
        Repo::empty().plan("status --color never")
    );
}

#[test]
fn nothing_to_list_next_or_find_is_exit_code_one() {
    let repo = Repo::empty();
    assert_snapshot!(repo.plan("list"), @r"
    exit code: 1
    ----- stderr -----
    no plan document was found
      see what is read: plan dialects
    ");
    assert_snapshot!(repo.plan("next"), @r"
    exit code: 1
    ----- stderr -----
    no plan lists a task
      a plan counts as soon as it lists tasks; see what was read: plan status
    ");
    assert_snapshot!(repo.plan("search refresh token"), @r#"
    exit code: 1
    ----- stderr -----
    no document holds "refresh token"
    "#);
    assert_snapshot!(repo.plan("list -q"), @"exit code: 1");
}

#[test]
fn json_is_whole_even_where_nothing_is_found() {
    let repo = Repo::empty();
    assert_snapshot!(repo.plan("--json list -q"), @r#"
    exit code: 1
    ----- stdout -----
    {
      "schema": "planwright/list@1",
      "total": 0,
      "of": 0,
      "documents": [],
      "hidden": {
        "templates": 0,
        "archived": 0
      },
      "unreadable": []
    }
    "#);
    assert_snapshot!(repo.plan("next --json -q"), @r#"
    exit code: 1
    ----- stdout -----
    {
      "schema": "planwright/next@1",
      "tasks": [],
      "more": false,
      "waiting": [],
      "kept": {
        "blocked": 0,
        "behind": 0,
        "waiting": 0,
        "resting": 0,
        "others": 0,
        "plans": 0,
        "done": 0
      },
      "unreadable": []
    }
    "#);
    assert_snapshot!(repo.plan("search x --json -q"), @r#"
    exit code: 1
    ----- stdout -----
    {
      "schema": "planwright/search@1",
      "hits": [],
      "more": false,
      "unreadable": []
    }
    "#);
    assert_snapshot!(repo.plan("status --json"), @r#"
    exit code: 0
    ----- stdout -----
    {
      "schema": "planwright/status@1",
      "repository": "repo",
      "documents": 0,
      "initiatives": [],
      "more": 0,
      "closed": 0,
      "closed_disagreeing": [],
      "states": {},
      "tasks": {
        "open": 0,
        "ready": 0,
        "in_progress": 0,
        "blocked": 0
      },
      "unreadable": []
    }
    "#);
}

#[test]
fn colour_is_asked_for_by_flag_and_by_environment() {
    let repo = Repo::empty();
    let colourful = |args: &[&str], var: Option<(&str, &str)>| {
        let mut command = repo.command(args);
        if let Some((name, value)) = var {
            command.env(name, value);
        }
        repo.run(&mut command).contains('\u{1b}')
    };
    assert!(!colourful(&[], None));
    assert!(colourful(&["--color", "always"], None));
    assert!(colourful(&["--color=always"], Some(("NO_COLOR", "1"))));
    assert!(colourful(&[], Some(("CLICOLOR_FORCE", "1"))));
    assert!(!colourful(
        &["--color", "never"],
        Some(("CLICOLOR_FORCE", "1"))
    ));
}

#[cfg(unix)]
#[test]
fn a_reader_that_goes_away_is_no_failure() {
    use std::process::{Command, Stdio};

    let repo = Repo::empty();
    let mut child = repo
        .command(&["schema", "document"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    // A full device is one.
    if std::path::Path::new("/dev/full").exists() {
        let full = std::fs::File::options()
            .write(true)
            .open("/dev/full")
            .unwrap();
        let mut command: Command = repo.command(&["schema", "document"]);
        assert_eq!(
            command
                .stdout(full)
                .stderr(Stdio::null())
                .status()
                .unwrap()
                .code(),
            Some(3)
        );
    }
}
