//! Commands of plans: trusted by a person, run as they stand, recorded.

use std::path::Path;
use std::process::Command;

use crate::runner::Repo;

const PLAN: &str = "docs/execplans/cache.md";

const TEXT: &str = "# Cache the menu

This ExecPlan is a living document.

Status: In Progress

## Progress

- [x] (2026-03-01 10:00Z) Write `src/a.txt`.

## Validation and Acceptance

- [ ] `./check.sh src` passes for `src/a.txt`

## Artifacts and Notes

None yet.
";

fn repo(plan: &str, script: &str) -> Repo {
    let repo = Repo::empty();
    let root = repo.path();
    std::fs::remove_dir_all(root.join(".git")).unwrap();
    std::fs::create_dir_all(root.join("docs/execplans")).unwrap();
    std::fs::create_dir_all(root.join("src")).unwrap();
    std::fs::write(root.join(PLAN), plan).unwrap();
    std::fs::write(root.join("src/a.txt"), "a\n").unwrap();
    std::fs::write(root.join("check.sh"), format!("#!/bin/sh\n{script}\n")).unwrap();
    git(&root, &["init", "-q"]);
    git(&root, &["add", "."]);
    git(&root, &["update-index", "--chmod=+x", "check.sh"]);
    git(&root, &["commit", "-qm", "Begin"]);
    git(&root, &["checkout-index", "-f", "-a"]);
    let mode = Command::new("chmod")
        .args(["+x", "check.sh"])
        .current_dir(&root)
        .status();
    assert!(mode.unwrap().success());
    repo
}

fn git(root: &Path, args: &[&str]) {
    let status = Command::new("git")
        .args(["-c", "user.name=Ann", "-c", "user.email=ann@example.org"])
        .args(args)
        .current_dir(root)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_AUTHOR_DATE", "2026-03-01T10:00:00Z")
        .env("GIT_COMMITTER_DATE", "2026-03-01T10:00:00Z")
        .status()
        .unwrap();
    assert!(status.success(), "{args:?}");
}

fn plan_text(repo: &Repo) -> String {
    std::fs::read_to_string(repo.path().join(PLAN)).unwrap()
}

#[test]
fn nothing_is_run_that_nobody_trusts() {
    let repo = repo(TEXT, "touch ran");
    let said = repo.plan("verify cache --run");
    assert!(said.starts_with("exit code: 1"), "{said}");
    assert!(said.contains("no command of `cache` is trusted"), "{said}");
    let said = repo.plan("trust cache");
    assert!(
        said.contains("trusted by a person, at a terminal"),
        "{said}"
    );
    assert!(!repo.path().join("ran").exists());
    assert_eq!(plan_text(&repo), TEXT);
}

#[test]
fn an_agent_cannot_give_trust() {
    let repo = repo(TEXT, "touch ran");
    for args in [
        &["trust", "cache", "--yes"][..],
        &["verify", "cache", "--run", "--yes"],
    ] {
        let said = repo.run(repo.command(args).env("AI_AGENT", "some"));
        assert!(said.starts_with("exit code: 1"), "{said}");
        assert!(said.contains("an agent asks"), "{said}");
    }
    assert!(!repo.path().join("ran").exists());
    // What a person trusted, an agent may run.
    repo.plan("trust cache --yes");
    let said = repo.run(
        repo.command(&["verify", "cache", "--run"])
            .env("AI_AGENT", "some"),
    );
    assert!(said.starts_with("exit code: 0"), "{said}");
}

#[test]
fn what_passed_is_recorded_and_ticked_where_that_is_wanted() {
    let repo = repo(TEXT, "echo fine");
    let said = repo.plan("verify cache --run --yes");
    assert!(said.starts_with("exit code: 0"), "{said}");
    let text = plan_text(&repo);
    assert!(text.contains("- [ ] `./check.sh src`"), "{text}");
    assert!(text.contains("- 2026-03-31: Verified at "), "{text}");
    assert!(
        text.contains("(2026-03-31 12:00Z): `./check.sh src` passed (<1 s)"),
        "{text}"
    );
    repo.plan("undo");
    assert_eq!(plan_text(&repo), TEXT);
    repo.plan("verify cache --run --tick");
    assert!(plan_text(&repo).contains("- [x] `./check.sh src`"));
}

#[test]
fn a_changed_byte_is_another_command() {
    let repo = repo(TEXT, "touch ran");
    repo.plan("trust cache --yes");
    let changed = TEXT.replace("check.sh src`", "check.sh  src`");
    std::fs::write(repo.path().join(PLAN), changed.replace("  src", " SRC")).unwrap();
    let said = repo.plan("verify cache --run");
    assert!(said.contains("no command of `cache` is trusted"), "{said}");
    assert!(!repo.path().join("ran").exists());
}

#[test]
fn what_is_revoked_is_not_run() {
    let repo = repo(TEXT, "touch ran");
    repo.plan("trust cache --yes");
    assert!(repo.plan("trust --list").contains("./check.sh src"));
    repo.plan("trust cache --revoke");
    assert!(repo.plan("trust --list").starts_with("exit code: 1"));
    assert!(repo.plan("verify cache --run").starts_with("exit code: 1"));
    assert!(!repo.path().join("ran").exists());
}

#[test]
fn no_folder_outside_of_the_repository_is_run_in() {
    let text = TEXT.replace(
        "- [ ] `./check.sh src` passes for `src/a.txt`",
        "```sh\ncd ../..\n./check.sh\n```\n\n```sh\ncd /tmp\n./check.sh\n```",
    );
    let repo = repo(&text, "touch ran");
    let said = repo.plan("verify cache --run --yes");
    assert!(said.starts_with("exit code: 1"), "{said}");
    assert!(said.contains("no command of `cache` is trusted"), "{said}");
    let said = repo.plan("verify cache");
    assert_eq!(
        said.matches("leads out of the repository").count(),
        2,
        "{said}"
    );
}

#[test]
fn what_fails_is_told_without_secrets() {
    let repo = repo(TEXT, "printf 'password=hunter22\\n\\377\\n'; exit 7");
    let said = repo.plan("verify cache --run --yes");
    assert!(said.starts_with("exit code: 1"), "{said}");
    assert!(said.contains("failed with exit 7"), "{said}");
    assert!(
        said.contains("password=***") && !said.contains("hunter22"),
        "{said}"
    );
    assert!(plan_text(&repo).contains("Not verified at"));
}

#[test]
fn a_command_has_its_time() {
    let repo = repo(TEXT, "sleep 60");
    let said = repo.plan("verify cache --run --yes --timeout 1s");
    assert!(said.contains("took too long (1 s)"), "{said}");
    let said = repo.plan("verify cache --run --timeout soon");
    assert!(said.starts_with("exit code: 2"), "{said}");
}

#[test]
fn a_plan_that_verifies_itself_comes_to_an_end() {
    let text = TEXT.replace("./check.sh src", "plan verify cache --run");
    let repo = repo(&text, "true");
    let program = Path::new(env!("CARGO_BIN_EXE_plan")).parent().unwrap();
    let path = format!("{}:/usr/bin:/bin", program.display());
    let mut command = repo.command(&["verify", "cache", "--run", "--yes"]);
    let said = repo.run(command.env("PATH", path));
    assert!(said.contains("cannot run it again"), "{said}");
}

#[test]
fn done_needs_proof_that_is_newer_than_the_files() {
    let repo = repo(TEXT, "exit 0");
    repo.plan("verify cache --run --yes --tick");
    std::fs::write(repo.path().join("src/a.txt"), "b\n").unwrap();
    let said = repo.plan("complete cache");
    assert!(said.starts_with("exit code: 1"), "{said}");
    assert!(
        said.contains("`./check.sh src` was last run before"),
        "{said}"
    );
    assert!(said.contains("try: plan verify cache --run"), "{said}");
    repo.plan("verify cache --run");
    // A commit of what was proven changes nothing.
    git(&repo.path(), &["commit", "-qam", "More"]);
    let said = repo.plan("complete cache");
    assert!(said.starts_with("exit code: 0"), "{said}");
}

#[test]
fn the_configuration_asks_for_proof_of_everything() {
    let text = TEXT.replace("- [ ]", "- [x]");
    let repo = repo(&text, "exit 0");
    assert!(
        repo.plan("complete cache --dry-run")
            .starts_with("exit code: 0")
    );
    std::fs::create_dir_all(repo.path().join(".planwright")).unwrap();
    let config = repo.path().join(".planwright/config.toml");
    std::fs::write(config, "[complete]\nevidence = true\n").unwrap();
    let said = repo.plan("complete cache --dry-run");
    assert!(said.contains("`./check.sh src` was never run"), "{said}");
    repo.plan("verify cache --run --yes");
    assert!(repo.plan("complete cache").starts_with("exit code: 0"));
}

/// Ctrl-C ends the command with all that it started.
#[cfg(target_os = "linux")]
#[test]
fn the_user_ends_it() {
    use std::time::{Duration, Instant};

    let repo = repo(TEXT, "echo $$ > pid; sleep 61.5");
    let mut command = repo.command(&["verify", "cache", "--run", "--yes"]);
    command.stdout(std::process::Stdio::piped());
    command.stderr(std::process::Stdio::piped());
    let child = command.spawn().unwrap();
    let pid = repo.path().join("pid");
    let until = Instant::now() + Duration::from_secs(20);
    while std::fs::read_to_string(&pid).map_or(true, |pid| pid.trim().is_empty()) {
        assert!(Instant::now() < until);
        std::thread::sleep(Duration::from_millis(10));
    }
    let kill = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(kill.unwrap().success());
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("was interrupted"), "{said}");
    let pid = std::fs::read_to_string(&pid).unwrap();
    assert!(!Path::new("/proc").join(pid.trim()).exists());
    // What was interrupted says nothing.
    assert_eq!(plan_text(&repo), TEXT);
}
