//! `plan doctor`, in repositories that are sound and in such that are not.

use std::fs;
use std::process::Command;

use insta::{assert_snapshot, with_settings};

use crate::runner::Repo;

fn git(repo: &Repo, args: &[&str]) {
    let mut command = Command::new("git");
    command
        .current_dir(repo.path())
        .args(["-c", "user.name=Ann", "-c", "user.email=ann@example.org"])
        .args(args)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1");
    let output = command.output().unwrap();
    assert!(output.status.success(), "{output:?}");
}

/// A repository with two plans and two commits.
fn shop() -> Repo {
    let repo = Repo::of("archcore");
    fs::remove_dir(repo.path().join(".git")).unwrap();
    git(&repo, &["init", "--quiet", "--initial-branch=main"]);
    git(&repo, &["add", "--all"]);
    git(&repo, &["commit", "--quiet", "--message=One"]);
    git(
        &repo,
        &["commit", "--quiet", "--allow-empty", "--message=Two"],
    );
    repo
}

#[track_caller]
fn check(repo: &Repo, assert: impl FnOnce(String)) {
    let mut command = repo.command(&["doctor"]);
    command.env_remove("COLUMNS");
    let said = repo.run(&mut command);
    with_settings!({filters => vec![
        (r"git \d[^\n]*", "git [VERSION]"),
        (r"(in|sound:) /[^ ]*/[0-9a-f]{16}", "$1 [CACHE]"),
        (r"\d+ kB", "[N] kB"),
    ]}, { assert(said) });
}

#[test]
fn a_sound_repository() {
    check(&shop(), |said| {
        assert_snapshot!(said, @r"
    exit code: 0
    ----- stdout -----
    Repository
      ✓ [REPO] is a repository
      ✓ 4 plan documents

    Configuration
      ✓ no .planwright/config.toml; the defaults hold

    Dialects
      ✓ the built-in dialects

    Cache
      ✓ the snapshot is sound: [CACHE], [N] kB
      ✓ the history is kept: 2 commits

    Git
      ✓ git [VERSION]
      ✓ the whole history: 2 commits
      ✓ no remote; ids are compared with those of local branches

    Wiring
      · nothing checks plans before a commit
        add plan-check to .pre-commit-config.yaml, or `plan check --changed` to the hook

    nothing to repair
    ");
    });
}

#[test]
fn what_is_to_be_repaired_has_a_remedy() {
    let repo = shop();
    let put = |path: &str, text: &str| {
        let path = repo.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    put(
        ".planwright/config.toml",
        "[check.rules]\nduplicate-keys = \"off\"\n",
    );
    put(".planwright/dialects/rollout/notes.txt", "later\n");
    put(".planwright/dialects/survey/dialect.toml", "name = \n");
    put(".archcore/.sync-state.json", "{");
    put(
        ".pre-commit-config.yaml",
        "repos:\n- repo: local\n  hooks:\n  - id: plan-check\n",
    );
    check(&repo, |said| {
        assert_snapshot!(said, @r"
    exit code: 1
    ----- stdout -----
    Repository
      ✓ [REPO] is a repository
      ✓ 4 plan documents

    Configuration
      ▲ .planwright/config.toml:2:1: there is no rule or category `duplicate-keys`
        did you mean `duplicate-key`?

    Dialects
      ✓ the built-in dialects and survey
      ▲ .planwright/dialects/rollout holds neither `dialect.toml` nor a template
        describe the dialect in `dialect.toml`, or remove the folder
      ▲ .planwright/dialects/survey/dialect.toml:1: string values must be quoted, expected literal string
        the dialect is left out until this is put right; `plan dialects show archcore` shows a working one
      ▲ .archcore/.sync-state.json:1: not valid JSON: unclosed bracket '{'
        restore the file from git, or let the tool that owns it write it anew

    Cache
      ✓ the snapshot is sound: [CACHE], [N] kB
      ✓ the history is kept: 2 commits

    Git
      ✓ git [VERSION]
      ✓ the whole history: 2 commits
      ✓ no remote; ids are compared with those of local branches

    Wiring
      ▲ .pre-commit-config.yaml names plan-check, but git has no pre-commit hook
        `pre-commit install`

    5 things to repair
    ");
    });

    put(".git/hooks/pre-commit", "#!/bin/sh\nexec pre-commit\n");
    let said = repo.plan("doctor --json --no-cache");
    assert!(said.starts_with("exit code: 1\n"), "{said}");
    assert!(said.contains("chmod +x"), "{said}");
    assert!(said.contains("do without `--no-cache`"), "{said}");
}

#[test]
fn a_shallow_clone_is_told() {
    let origin = shop();
    let clone = Repo::empty();
    fs::remove_dir_all(clone.path()).unwrap();
    let url = format!("file://{}", origin.path().display());
    let into = clone.path();
    let into = into.to_str().unwrap();
    git(&origin, &["clone", "--quiet", "--depth=1", &url, into]);
    check(&clone, |said| {
        assert_snapshot!(said, @r"
    exit code: 1
    ----- stdout -----
    Repository
      ✓ [REPO] is a repository
      ✓ 4 plan documents

    Configuration
      ✓ no .planwright/config.toml; the defaults hold

    Dialects
      ✓ the built-in dialects

    Cache
      ✓ the snapshot is sound: [CACHE], [N] kB
      ✓ the history is kept: 1 commit

    Git
      ✓ git [VERSION]
      ▲ the clone is shallow; rules that compare plans with the history say nothing
        `git fetch --unshallow`; in a pipeline, clone with the whole history (`fetch-depth: 0`)
      ✓ work is compared with origin/main

    Wiring
      · nothing checks plans before a commit
        add plan-check to .pre-commit-config.yaml, or `plan check --changed` to the hook

    1 thing to repair
    ");
    });
}

#[test]
fn without_a_repository_there_is_less_to_be_said() {
    let repo = Repo::empty();
    let said = repo.plan("doctor");
    assert!(said.contains("git finds no repository here"), "{said}");
    fs::remove_dir(repo.path().join(".git")).unwrap();
    check(&repo, |said| {
        assert_snapshot!(said, @r"
    exit code: 0
    ----- stdout -----
    Repository
      · [REPO] lies in no repository; what is outside of it is not read
        run `plan` in the repository, or make one: `git init`
      · no plan documents were found
        `plan dialects` tells what is read; `plan dialects show --file PATH` why a file is not

    Configuration
      ✓ no .planwright/config.toml; the defaults hold

    Dialects
      ✓ the built-in dialects

    Cache
      ✓ the snapshot is sound: [CACHE], [N] kB

    Git
      ✓ git [VERSION]
      · no git repository; rules that compare plans with the history say nothing
        `git init`

    Wiring
      · nothing checks plans before a commit
        add plan-check to .pre-commit-config.yaml, or `plan check --changed` to the hook

    nothing to repair
    ");
    });
    let mut command = repo.command(&["doctor"]);
    let said = repo.run(command.env("PATH", "/nowhere"));
    assert!(said.contains("git was not found"), "{said}");
}
