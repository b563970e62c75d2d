//! The verbs that give documents another place, and the lists that follow.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use insta::assert_snapshot;

use crate::runner::Repo;

const FILES: [(&str, &str); 7] = [
    (
        "docs/plans/active/search.md",
        "---\ntitle: Search\nstatus: active\nrelated: [ranking.md, ../../adr/1.md]\n---\n\n# Search\n\nSee [ranking](./ranking.md#tasks), `docs/plans/active/ranking.md` and [the index](../README.md).\n\n## Tasks\n\n- [x] T001 Build the index\n",
    ),
    (
        "docs/plans/active/ranking.md",
        "---\ntitle: Ranking\nstatus: active\n---\n\n# Ranking\n\n## Tasks\n\n- [ ] T001 Rank, after search#T001\n",
    ),
    (
        "docs/plans/completed/old.md",
        "---\ntitle: Old\nstatus: completed\n---\n\n# Old\n\n## Tasks\n\n- [x] T001 Do it\n",
    ),
    (
        "docs/plans/README.md",
        "# Plans\n\n## Active\n\n- [Search](active/search.md)\n- [Ranking](active/ranking.md)\n\n## Completed\n\n- [Old](completed/old.md)\n",
    ),
    (
        "docs/adr/1.md",
        "# One\n\n[Search](../plans/active/search.md)\n",
    ),
    (
        "src/search.rs",
        "//! As docs/plans/active/search.md has it.\n//! https://example.org/x/blob/main/docs/plans/active/search.md\nfn main() {}\n",
    ),
    ("vendor/x.rs", "// docs/plans/active/search.md\n"),
];

fn repo(files: &[(&str, &str)]) -> Repo {
    let repo = Repo::empty();
    for (path, text) in files {
        let path = repo.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    fs::remove_dir_all(repo.path().join(".git")).unwrap();
    git(&repo, &["init", "-q"]);
    git(&repo, &["add", "-A"]);
    repo
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

/// Every file outside of `.git`, and what it holds.
fn files(repo: &Repo) -> BTreeMap<String, String> {
    fn walk(folder: &Path, root: &Path, found: &mut BTreeMap<String, String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(root).unwrap().display().to_string();
            if path.is_dir() && name != ".git" {
                found.insert(format!("{name}/"), String::new());
                walk(&path, root, found);
            } else if path.is_file() {
                found.insert(name, fs::read_to_string(path).unwrap());
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(&repo.path(), &repo.path(), &mut found);
    found
}

#[test]
fn a_document_moves_with_all_that_refers_to_it() {
    let repo = repo(&FILES);
    let before = files(&repo);
    let diff = repo.plan("move search docs/plans/2026/ --dry-run");
    assert_snapshot!(diff);
    assert_eq!(files(&repo), before);
    assert_snapshot!(repo.plan("move search docs/plans/2026/"));
    let after = files(&repo);
    // The diff says what was done.
    assert!(repo.plan("undo").starts_with("exit code: 0\n"));
    assert_eq!(files(&repo), before);
    apply(&repo, &diff);
    assert_eq!(files(&repo), after);
    assert_snapshot!(repo.plan("check --select dangling-link --select dangling-relation"));
    // And back.
    assert!(
        repo.plan("move search docs/plans/active")
            .starts_with("exit code: 0\n")
    );
    assert_eq!(files(&repo), before);
}

fn apply(repo: &Repo, said: &str) {
    let diff = said.split("----- stdout -----\n").nth(1).unwrap();
    let diff = diff.split("----- stderr -----\n").next().unwrap();
    let mut apply = Command::new("git")
        .args(["apply", "-"])
        .current_dir(repo.path())
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut apply.stdin.take().unwrap(), diff.as_bytes()).unwrap();
    assert!(apply.wait().unwrap().success());
}

#[test]
fn a_move_that_cannot_be_is_refused() {
    let repo = repo(&FILES);
    fs::write(repo.path().join(".gitignore"), "tmp/\n").unwrap();
    let before = files(&repo);
    for line in [
        "move search docs/plans/completed/old.md",
        "move search docs/plans/active/",
        "move search ../elsewhere/",
        "move search .git/",
        "move search tmp/",
        "move search docs/search.txt",
        "move docs/plans docs/plans/active/",
        "move nothing docs/",
        "rename search /",
        "archive docs/adr/1.md",
    ] {
        let said = repo.plan(line);
        assert!(!said.starts_with("exit code: 0"), "{line}: {said}");
        assert_snapshot!(line.replace([' ', '/', '.'], "_"), said);
        assert_eq!(files(&repo), before, "{line}");
    }
}

#[test]
fn a_renamed_document_keeps_what_numbers_it() {
    let repo = repo(&FILES);
    let before = files(&repo);
    assert_snapshot!(repo.run(&mut repo.command(&["rename", "search", "Find it: fast"])));
    let after = files(&repo);
    assert!(after["docs/plans/active/find-it-fast.md"].contains("title: \"Find it: fast\""));
    assert!(after["docs/plans/active/find-it-fast.md"].contains("# Find it: fast\n"));
    assert!(after["docs/plans/active/ranking.md"].contains("after find-it-fast#T001"));
    assert!(after["docs/plans/README.md"].contains("- [Find it: fast](active/find-it-fast.md)\n"));
    repo.plan("undo");
    assert_eq!(files(&repo), before);
    assert_snapshot!(repo.plan("rename search finding --dry-run"));
}

#[test]
fn a_feature_moves_and_is_renamed_as_a_whole() {
    let repo = repo(&[
        (
            "specs/001-cards/spec.md",
            "# Feature Specification: Cards\n\n**Status**: Draft\n\n## Requirements\n\n- **FR-001**: System MUST x\n",
        ),
        (
            "specs/001-cards/plan.md",
            "# Implementation Plan: Cards\n\n**Spec**: [spec.md](./spec.md)\n",
        ),
        (
            "specs/001-cards/tasks.md",
            "# Tasks: Cards\n\n**Input**: `/specs/001-cards/`\n\n- [ ] T001 Do it\n",
        ),
        ("specs/001-cards/img/a.png", "not really\n"),
    ]);
    let before = files(&repo);
    assert_snapshot!(repo.plan("rename 001 Vouchers"));
    let after = files(&repo);
    assert!(after["specs/001-vouchers/spec.md"].starts_with("# Feature Specification: Vouchers\n"));
    assert!(after["specs/001-vouchers/tasks.md"].contains("`/specs/001-vouchers/`"));
    assert!(!after.contains_key("specs/001-cards/"));
    repo.plan("undo");
    assert_eq!(files(&repo), before);
    assert_snapshot!(repo.plan("archive 001-cards"));
    assert!(files(&repo).contains_key("specs/_archive/001-cards/img/a.png"));
    assert_snapshot!(repo.plan("archive specs/_archive/001-cards"));
}

#[test]
fn a_state_takes_its_document_to_its_folder() {
    let repo = repo(&FILES);
    let before = files(&repo);
    assert_snapshot!(repo.plan("complete search"));
    assert_eq!(
        files(&repo)["docs/plans/README.md"],
        "# Plans\n\n## Active\n\n- [Ranking](active/ranking.md)\n\n## Completed\n\n- [Old](completed/old.md)\n- [Search](completed/search.md)\n"
    );
    let check = "check --select folder-disagrees --select index-disagrees --select dangling-link";
    assert!(repo.plan(check).starts_with("exit code: 0\n"));
    repo.plan("undo");
    assert_eq!(files(&repo), before);
    assert_snapshot!(repo.plan("complete search --stay"));
    assert!(files(&repo).contains_key("docs/plans/active/search.md"));
}

#[test]
fn lists_are_made_true_again() {
    let repo = repo(&FILES);
    let index = repo.path().join("docs/plans/README.md");
    fs::write(
        repo.path().join("docs/plans/active/ranking.md"),
        FILES[1]
            .1
            .replace("status: active", "status: completed")
            .replace("[ ]", "[x]"),
    )
    .unwrap();
    fs::write(
        repo.path().join("docs/plans/active/new.md"),
        FILES[1].1.replace("Ranking", "New"),
    )
    .unwrap();
    fs::write(
        &index,
        FILES[3]
            .1
            .replace("## Completed", "- [Gone](active/gone.md)\n\n## Completed"),
    )
    .unwrap();
    let before = fs::read_to_string(&index).unwrap();
    assert_snapshot!(repo.plan("registry --check"));
    assert_eq!(fs::read_to_string(&index).unwrap(), before);
    assert_snapshot!(repo.plan("registry"));
    assert_snapshot!(fs::read_to_string(&index).unwrap());
    assert!(
        repo.plan("check --select index-disagrees --select index-incomplete")
            .starts_with("exit code: 0\n")
    );
    assert_snapshot!(repo.plan("registry"));
    assert_snapshot!(repo.plan("registry docs/plans/README.md --prune"));
    assert!(!fs::read_to_string(&index).unwrap().contains("gone"));
}

#[test]
fn what_stands_between_markers_is_made() {
    let repo = repo(&FILES);
    let index = repo.path().join("PLANS.md");
    fs::write(
        &index,
        "# All plans\n\nWords.\n\n<!-- planwright:begin plans state=open folder=docs/plans -->\n- [Gone](docs/plans/gone.md)\n<!-- planwright:end -->\n\n<!-- planwright:begin plans state=closed -->\n<!-- planwright:end -->\n\nMore.\n",
    )
    .unwrap();
    assert_snapshot!(repo.plan("registry PLANS.md"));
    assert_snapshot!(fs::read_to_string(&index).unwrap());
    assert!(
        repo.plan("registry PLANS.md --check")
            .starts_with("exit code: 0\n")
    );
}

/// The index after `plan complete search`.
fn listed(index: &str) -> String {
    let repo = repo(&[
        FILES[0],
        FILES[1],
        FILES[2],
        ("docs/plans/README.md", index),
    ]);
    let said = repo.plan("complete search");
    assert!(said.starts_with("exit code: 0\n"), "{said}");
    files(&repo)["docs/plans/README.md"].clone()
}

#[test]
fn a_line_goes_to_the_other_list_in_its_form() {
    assert_eq!(
        listed(
            "# Plans\n\n## Active\n\n- [Search](active/search.md)\n  and more of it\n\n## Completed\n\n_None yet._\n"
        ),
        "# Plans\n\n## Active\n\n## Completed\n\n- [Search](completed/search.md)\n  and more of it\n"
    );
}

#[test]
fn a_heading_goes_with_all_that_stands_under_it() {
    let repo = repo(&[
        FILES[0],
        (
            "PLANS.md",
            "# Plans\n\n## Active Plans\n\n### [Search](docs/plans/active/search.md)\n\n**Purpose:** find\n\n- a\n\n---\n\n## Completed Plans\n\n(None yet)\n\n## How\n\nSo.\n",
        ),
    ]);
    repo.plan("complete search");
    assert_eq!(
        files(&repo)["PLANS.md"],
        "# Plans\n\n## Active Plans\n\n---\n\n## Completed Plans\n\n### [Search](docs/plans/completed/search.md)\n\n**Purpose:** find\n\n- a\n\n## How\n\nSo.\n"
    );
}

#[test]
fn rows_of_tables_go_and_the_newest_stay_on_top() {
    let plan = |state: &str| format!("# P\n\nStatus: {state}\n\n## Tasks\n\n- [x] T001 Do it\n");
    let (open, done) = (plan("Active"), plan("Completed"));
    let repo = repo(&[
        ("plans/1-a.md", &done),
        ("plans/2-b.md", &done),
        ("plans/3-c.md", &open),
        (
            "plans/README.md",
            "# Plans\n\n## Active\n\n| Plan | Note |\n|---|---|\n| [C](3-c.md) | c |\n\n## Completed\n\n| Plan | Note |\n|---|---|\n| [B](2-b.md) | b |\n| [A](1-a.md) | a |\n",
        ),
    ]);
    repo.plan("complete plans/3-c.md");
    assert_eq!(
        files(&repo)["plans/README.md"],
        "# Plans\n\n## Active\n\n| Plan | Note |\n|---|---|\n\n## Completed\n\n| Plan | Note |\n|---|---|\n| [C](3-c.md) | c |\n| [B](2-b.md) | b |\n| [A](1-a.md) | a |\n"
    );
}

/// How many findings there are about references.
fn dangling(repo: &Repo) -> usize {
    let said = repo.plan(
        "check --format concise --select dangling-link --select dangling-relation --select related-code-missing --select relations-file-stale",
    );
    said.lines().filter(|line| line.contains('[')).count()
}

#[test]
fn no_move_leaves_a_link_dangling() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    for fixture in fs::read_dir(fixtures).unwrap() {
        let name = fixture.unwrap().file_name().into_string().unwrap();
        let repo = Repo::of(&name);
        let known = dangling(&repo);
        let documents: Vec<String> = files(&repo)
            .into_keys()
            .filter(|path| path.contains(".md"))
            .collect();
        let before = files(&repo);
        for path in documents {
            let parent = path.rsplit_once('/').map_or("", |(parent, _)| parent);
            let to = format!("{parent}/elsewhere/deep/");
            let to = to.trim_start_matches('/');
            if !repo
                .plan(&format!("move {path} {to}"))
                .starts_with("exit code: 0\n")
            {
                continue;
            }
            assert!(dangling(&repo) <= known, "{name}: {path}");
            repo.plan("undo");
            assert_eq!(files(&repo), before, "{name}: {path}");
        }
    }
}
