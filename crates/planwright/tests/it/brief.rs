//! What a brief says about each fixture.

use std::fs;
use std::process::Command;

use insta::assert_snapshot;

use crate::runner::Repo;

#[test]
fn ai_docs() {
    let repo = Repo::of("ai-docs");
    assert_snapshot!(repo.plan("brief search-index --budget 1200"));
    assert_snapshot!(repo.plan("brief src/index/writer.py --budget 500"));
}

#[test]
fn archcore() {
    let repo = Repo::of("archcore");
    assert_snapshot!(repo.plan("brief label-printing.plan --budget 1200"));
}

#[test]
fn dev_ops() {
    let repo = Repo::of("dev-ops");
    assert_snapshot!(repo.plan("brief PLN-001 --budget 1200"));
}

#[test]
fn execplan() {
    let repo = Repo::of("execplan");
    assert_snapshot!(repo.plan("brief streaming-export --budget 1200"));
}

#[test]
fn generic() {
    let repo = Repo::of("generic");
    assert_snapshot!(repo.plan("brief TODO.md --budget 600"));
}

#[test]
fn spec_kit() {
    let repo = Repo::of("spec-kit");
    assert_snapshot!(repo.plan("brief 001 --budget 1500"));
    assert_snapshot!(repo.plan("brief 001 --budget 300 --explain"));
}

#[test]
fn a_session_and_a_question() {
    let repo = Repo::of("ai-docs");
    assert_snapshot!(repo.plan("brief --budget 500"));
    assert_snapshot!(repo.plan("brief --for tokenizer --budget 300"));
}

#[test]
fn of_plans_that_say_the_same_the_one_committed_last_comes_first() {
    let repo = Repo::empty();
    let folder = repo.path().join("docs/plans");
    fs::create_dir_all(&folder).unwrap();
    fs::remove_dir_all(repo.path().join(".git")).unwrap();
    git(&repo, &["init", "-q"]);
    let first = |repo: &Repo| {
        let text = repo.plan("brief --for token --budget 400");
        let at = |name: &str| text.find(&format!("docs/plans/{name}.md")).unwrap();
        if at("a") < at("b") { "a" } else { "b" }
    };
    let write = |name: &str, task: &str| {
        let text = format!("# Rotate\n\n## Tasks\n\n- [ ] {task}\n");
        fs::write(folder.join(format!("{name}.md")), text).unwrap();
        git(&repo, &["add", "-A"]);
        git(&repo, &["commit", "-q", "-m", name]);
    };
    write("b", "Rotate the token");
    write("a", "Rotate the token");
    assert_eq!(first(&repo), "a");
    write("b", "Rotate every token");
    assert_eq!(first(&repo), "b");
}

fn git(repo: &Repo, args: &[&str]) {
    let status = Command::new("git")
        .args(["-c", "user.name=Ann", "-c", "user.email=ann@example.org"])
        .args(args)
        .current_dir(repo.path())
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .status()
        .unwrap();
    assert!(status.success(), "git {args:?}");
}
