//! Who works on what.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use insta::assert_snapshot;

use crate::runner::Repo;

const PLAN: &str = "\
---
status: active
---

# Search

## Tasks

- [ ] T001 Build the index
- [ ] T002 Rank by stock (depends on T001)
- [ ] Tell the shop
- [x] T004 Choose the words
";

fn shop() -> Repo {
    let repo = Repo::empty();
    let docs = repo.path().join("docs/plans/active");
    fs::create_dir_all(&docs).unwrap();
    fs::write(docs.join("search.md"), PLAN).unwrap();
    repo
}

/// Runs `plan` as a session, on a day of April 2026.
fn by(repo: &Repo, actor: &str, day: u32, line: &str) -> String {
    let args: Vec<&str> = line.split_whitespace().collect();
    let mut command = repo.command(&args);
    command
        .env("PLANWRIGHT_ACTOR", actor)
        .env("PLANWRIGHT_TODAY", format!("2026-04-{day:02}"));
    repo.run(&mut command)
}

fn is_refused(said: &str) -> bool {
    said.starts_with("exit code: 1\n")
}

#[test]
fn a_task_is_held_by_one_session() {
    let repo = shop();
    assert_snapshot!(by(&repo, "ann/1", 1, "claim search#T001"));
    assert_snapshot!(by(&repo, "bob/1", 1, "claim search#T001"));
    assert_snapshot!(by(&repo, "ann/2", 1, "claim search#T001"));
    assert_snapshot!(by(&repo, "ann/1", 1, "claim search#T001"));
    assert_snapshot!(by(&repo, "ann/1", 1, "renew --ttl 4h"));
    assert_snapshot!(by(&repo, "bob/1", 1, "claims"));
    assert!(is_refused(&by(&repo, "bob/1", 1, "release search#T001")));
    assert_snapshot!(by(&repo, "ann/1", 1, "release"));
    assert_snapshot!(by(&repo, "bob/1", 1, "claim search#T001 --json"));
    assert!(is_refused(&by(&repo, "ann/1", 1, "release")));
}

#[test]
fn what_need_not_or_cannot_be_done_is_not_claimed() {
    let repo = shop();
    assert_snapshot!(by(&repo, "ann/1", 1, "claim search#T002"));
    assert_snapshot!(by(&repo, "ann/1", 1, "claim search#T004"));
    assert_snapshot!(by(&repo, "ann/1", 1, "claim search#T009"));
    assert_snapshot!(by(&repo, "ann/1", 1, "takeover search#T001 --reason ,"));
    assert_snapshot!(by(&repo, "ann/1", 1, "claims"));
}

#[test]
fn the_next_task_is_one_that_nobody_holds() {
    let repo = shop();
    assert_snapshot!(by(&repo, "ann/1", 1, "claim --next"));
    assert_snapshot!(by(&repo, "bob/1", 1, "claim --next"));
    assert_snapshot!(by(&repo, "cid/1", 1, "claim --next"));
}

#[test]
fn other_verbs_name_the_holders() {
    let repo = shop();
    by(&repo, "ann/1", 1, "claim search#T001");
    by(&repo, "bob/1", 1, "claim search#0.1");
    for line in ["next", "status", "show search#T001", "show search"] {
        assert_snapshot!(by(&repo, "bob/1", 1, line));
    }
    assert!(by(&repo, "bob/1", 1, "next --json").contains("\"holder\": \"ann\""));
}

#[test]
fn a_document_is_held_with_its_items() {
    let repo = shop();
    by(&repo, "ann/1", 1, "claim search");
    assert_snapshot!(by(&repo, "bob/1", 1, "claim search#T001"));
    by(&repo, "ann/1", 1, "release search");
    by(&repo, "bob/1", 1, "claim search#T001");
    assert!(is_refused(&by(&repo, "ann/1", 1, "claim search")));
    // The time of the item is over, and with the document it is taken away.
    assert!(!is_refused(&by(&repo, "ann/1", 3, "claim search")));
    assert!(is_refused(&by(&repo, "bob/1", 3, "tick search#T001")));
}

#[test]
fn only_the_holder_ticks() {
    let repo = shop();
    by(&repo, "ann/1", 1, "claim search#T001");
    let path = repo.path().join("docs/plans/active/search.md");
    assert_snapshot!(by(&repo, "bob/1", 1, "tick search#T001"));
    for line in [
        "start search#T001",
        "complete search",
        "tick search#0.1 search#T001",
    ] {
        assert!(
            by(&repo, "bob/1", 1, line).starts_with("exit code: "),
            "{line}"
        );
        assert_eq!(fs::read_to_string(&path).unwrap(), PLAN, "{line}");
    }
    assert!(!is_refused(&by(&repo, "bob/1", 1, "block search#0.1")));
    // Its time is over, but nobody took it.
    assert!(!is_refused(&by(&repo, "ann/1", 2, "start search#T001")));
    assert_snapshot!(by(&repo, "bob/1", 2, "tick search#T001"));
    assert_snapshot!(by(&repo, "bob/1", 2, "claim search#T001"));
    assert_snapshot!(by(&repo, "ann/1", 2, "tick search#T001"));
    by(&repo, "bob/1", 2, "release");
    assert_snapshot!(by(&repo, "ann/1", 2, "tick search#T001"));
    by(&repo, "bob/1", 2, "claim search#T001");
    assert!(!is_refused(&by(&repo, "bob/1", 2, "tick search#T001")));
    assert_snapshot!(by(&repo, "bob/1", 2, "claims --all"));
}

#[test]
fn work_that_is_done_elsewhere_is_not_begun_again() {
    let repo = shop();
    by(&repo, "ann/1", 1, "claim search#T001");
    by(&repo, "ann/1", 1, "tick search#T001");
    fs::write(repo.path().join("docs/plans/active/search.md"), PLAN).unwrap();
    assert_snapshot!(by(&repo, "bob/1", 1, "claim search#T001"));
    assert_snapshot!(by(&repo, "bob/1", 1, "takeover search#T001 --reason lost"));
    by(&repo, "bob/1", 1, "tick search#T001");
    by(&repo, "ann/1", 1, "reopen search#T001");
    assert!(!is_refused(&by(&repo, "ann/1", 1, "claim search#T001")));
}

#[test]
fn of_many_who_come_at_once_one_gets_it() {
    let repo = shop();
    let mut children = Vec::new();
    for number in 0..8 {
        let mut command = repo.command(&["claim", "search#T001", "--quiet"]);
        command
            .env("PLANWRIGHT_ACTOR", format!("robin/{number}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        children.push(command.spawn().unwrap());
    }
    let winners = children
        .iter_mut()
        .map(|child| child.wait().unwrap().success());
    assert_eq!(winners.filter(|won| *won).count(), 1);
}

fn git(dir: &Path, line: &str) {
    let output = Command::new("git")
        .args(["-c", "user.name=Ann", "-c", "user.email=ann@example.org"])
        .args([
            "-c",
            "init.defaultBranch=main",
            "-c",
            "commit.gpgSign=false",
        ])
        .args(line.split(' '))
        .current_dir(dir)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "git {line}: {said}");
}

/// Two clones of one repository that share claims, and where it lies.
fn two_clones() -> (Repo, Repo, tempfile::TempDir) {
    let hub = tempfile::tempdir().unwrap();
    let url = hub.path().join("hub");
    git(hub.path(), "init --quiet --bare hub");
    let one = shop();
    fs::remove_dir(one.path().join(".git")).unwrap();
    fs::create_dir(one.path().join(".planwright")).unwrap();
    let config = one.path().join(".planwright/config.toml");
    fs::write(config, "[claims]\nremote = \"origin\"\n").unwrap();
    git(&one.path(), "init --quiet");
    git(&one.path(), "add .");
    git(&one.path(), "commit --quiet -m begin");
    git(&one.path(), &format!("remote add origin {}", url.display()));
    git(&one.path(), "push --quiet -u origin main");
    let two = Repo::empty();
    fs::remove_dir(two.path().join(".git")).unwrap();
    git(&two.path(), &format!("clone --quiet {} .", url.display()));
    (one, two, hub)
}

#[test]
fn machines_share_claims_over_the_remote() {
    let (one, two, hub) = two_clones();
    assert!(!is_refused(&by(&one, "ann/1", 1, "claim search#T001")));
    assert_snapshot!(by(&two, "bob/1", 1, "claim search#T001"));
    assert_snapshot!(by(&two, "bob/1", 1, "claims"));
    assert_snapshot!(by(&two, "bob/1", 1, "tick search#T001"));
    // Ann ticks; Bob takes over; what Ann did does not land.
    assert!(!is_refused(&by(&one, "ann/1", 1, "tick search#T001")));
    assert_snapshot!(by(&one, "ann/1", 1, "land search#T001"));
    git(&one.path(), "commit --quiet -am work");
    by(&two, "bob/1", 1, "takeover search#T001 --reason asleep");
    assert_snapshot!(by(&one, "ann/1", 1, "land search#T001"));
    assert!(is_refused(&by(
        &one,
        "ann/1",
        1,
        "claims --unlanded origin/main"
    )));
    by(&two, "bob/1", 1, "tick search#T001");
    git(&two.path(), "commit --quiet -am work-of-bob");
    let landed = by(&two, "bob/1", 1, "land search#T001");
    assert!(landed.contains("search#T001 has landed in"), "{landed}");
    git(&two.path(), "fetch --quiet");
    git(&two.path(), "diff --quiet origin/main HEAD");
    assert!(!is_refused(&by(
        &two,
        "bob/1",
        1,
        "claims --unlanded HEAD~1"
    )));
    assert!(is_refused(&by(
        &one,
        "ann/1",
        1,
        "claims --unlanded HEAD~1"
    )));
    fs::rename(hub.path().join("hub"), hub.path().join("away")).unwrap();
    let away = by(&one, "ann/1", 1, "claim search#0.1");
    let away = away.replace(&hub.path().display().to_string(), "[HUB]");
    assert_snapshot!(away);
}

#[test]
fn a_remote_that_is_not_there_is_told() {
    let repo = shop();
    fs::create_dir(repo.path().join(".planwright")).unwrap();
    let config = repo.path().join(".planwright/config.toml");
    fs::write(&config, "[claims]\nremote = \"--exec=x\"\n").unwrap();
    assert_snapshot!(by(&repo, "ann/1", 1, "claim search#T001"));
    fs::write(&config, "[claims]\nbranch = \"x\"\n").unwrap();
    assert_snapshot!(by(&repo, "ann/1", 1, "claim search#T001"));
    fs::remove_file(&config).unwrap();
    assert_snapshot!(by(&repo, "ann/1", 1, "land search#T001"));
}

#[test]
fn what_somebody_holds_is_changed_by_nobody_else() {
    let repo = shop();
    let docs = repo.path().join("docs/plans/active");
    fs::write(docs.join("till.md"), PLAN.replace("Search", "Till")).unwrap();
    by(&repo, "ann/1", 1, "claim search");
    for line in [
        "add task search Weigh",
        "add task search Weigh --parent T001",
        "edit search#T001 --text Weigh",
        "edit search#0.1 --owner Bob",
        "link search depends-on till",
        "move search docs/plans/active/find.md",
        "archive search",
    ] {
        let said = by(&repo, "bob/1", 1, line);
        assert!(is_refused(&said) && said.contains("ann"), "{line}: {said}");
        let now = fs::read_to_string(docs.join("search.md")).unwrap();
        assert_eq!(now, PLAN, "{line}");
    }
    assert!(!is_refused(&by(&repo, "bob/1", 1, "add task till Weigh")));
    assert!(!is_refused(&by(&repo, "ann/1", 1, "add task search Weigh")));
}

#[test]
fn a_tick_that_is_taken_back_frees_its_claim() {
    let repo = shop();
    by(&repo, "ann/1", 1, "claim search#T001");
    by(&repo, "ann/1", 1, "tick search#T001");
    assert!(is_refused(&by(&repo, "bob/1", 1, "claim search#T001")));
    let said = by(&repo, "ann/1", 1, "undo");
    assert!(!is_refused(&said), "{said}");
    let said = by(&repo, "bob/1", 1, "claim search#T001");
    assert!(!is_refused(&said), "{said}");
}

#[test]
fn other_words_do_not_lose_the_claim_on_the_old_ones() {
    let repo = shop();
    by(&repo, "ann/1", 1, "claim search#0.1");
    assert_snapshot!(by(&repo, "ann/1", 1, "edit search#0.1 --text Call"));
    assert!(!is_refused(&by(
        &repo,
        "ann/1",
        1,
        "edit search#0.1 --owner Ann"
    )));
    by(&repo, "ann/1", 1, "release search#0.1");
    assert!(!is_refused(&by(
        &repo,
        "ann/1",
        1,
        "edit search#0.1 --text Call"
    )));
    // An id stays what it is, whatever the words become.
    by(&repo, "ann/1", 1, "claim search#T001");
    assert!(!is_refused(&by(
        &repo,
        "ann/1",
        1,
        "edit search#T001 --text Sort"
    )));
    assert!(is_refused(&by(&repo, "bob/1", 1, "tick search#T001")));
}
