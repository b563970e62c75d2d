//! `plan new`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use insta::assert_snapshot;

use crate::runner::Repo;

fn git(folder: &Path, args: &[&str]) {
    let done = Command::new("git")
        .args([
            "-c",
            "user.name=Ada Byron",
            "-c",
            "user.email=ada@example.org",
        ])
        .args(args)
        .current_dir(folder)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("HOME", folder)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(done.status.success(), "{args:?}: {said}");
}

/// A repository with one commit.
fn versioned() -> Repo {
    let repo = Repo::empty();
    fs::remove_dir(repo.path().join(".git")).unwrap();
    git(&repo.path(), &["init", "--quiet", "--initial-branch=main"]);
    fs::write(repo.path().join("docs.md"), "# Docs\n").unwrap();
    commit(&repo.path());
    repo
}

fn commit(folder: &Path) {
    git(folder, &["add", "--all"]);
    git(folder, &["commit", "--quiet", "--message=x"]);
}

/// The paths below a folder, with `/`.
fn files(folder: &Path) -> Vec<String> {
    fn walk(root: &Path, folder: &Path, found: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(root, &path, found);
            } else {
                found.push(path.strip_prefix(root).unwrap().display().to_string());
            }
        }
    }
    let mut found = Vec::new();
    walk(folder, folder, &mut found);
    found.sort();
    found
}

fn start(repo: &Repo, folder: &Path, line: &[&str]) -> Child {
    let mut command = repo.command(line);
    command
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::inherit());
    command.spawn().unwrap()
}

#[test]
fn a_document_is_made_and_taken_back() {
    let repo = versioned();
    git(&repo.path(), &["config", "user.name", "Grace Hopper"]);
    assert_snapshot!(repo.plan("new plan Find it faster --dry-run"));
    assert_snapshot!(repo.plan("new plan Find it faster"));
    let path = repo.path().join("plans/find-it-faster.md");
    assert!(
        fs::read_to_string(&path)
            .unwrap()
            .contains("**Owner:** Grace Hopper\n")
    );
    assert_snapshot!(repo.plan("new plan Find it faster"));
    assert_snapshot!(
        repo.plan("new tasks Find it faster --from find-it-faster --owner ann --json")
    );
    assert_snapshot!(repo.plan("undo"));
    repo.plan("undo");
    assert!(!repo.path().join("plans").exists());
    assert_snapshot!(repo.plan("new poem x"));
    assert_snapshot!(repo.plan("new plan x --dir ../.."));
}

#[test]
fn numbers_of_other_branches_and_work_trees_are_taken() {
    let repo = versioned();
    let root = repo.path();
    let spec = |folder: &Path, name: &str| {
        let folder = folder.join("specs").join(name);
        fs::create_dir_all(&folder).unwrap();
        fs::write(
            folder.join("spec.md"),
            format!("# Feature Specification: {name}\n"),
        )
        .unwrap();
    };
    let new = |title: &str| {
        let said = repo.plan(&format!("new spec {title} --json"));
        let at = said
            .find("\"number\": ")
            .unwrap_or_else(|| panic!("{said}"))
            + 10;
        said[at..].split(',').next().unwrap().to_owned()
    };
    spec(&root, "003-a");
    commit(&root);
    git(&root, &["checkout", "--quiet", "-b", "004-b"]);
    spec(&root, "004-b");
    commit(&root);
    git(&root, &["checkout", "--quiet", "main"]);
    assert_eq!(new("one"), "5");
    // A branch that is named after a number, with nothing in it.
    git(&root, &["branch", "007-later"]);
    assert_eq!(new("two"), "8");
    // What another work tree has and did not commit.
    let tree = root.parent().unwrap().join("tree");
    git(
        &root,
        &[
            "worktree",
            "add",
            "--quiet",
            &tree.display().to_string(),
            "-b",
            "side",
        ],
    );
    spec(&tree, "011-c");
    assert_eq!(new("three"), "12");
    // What was fetched.
    let clone = root.parent().unwrap().join("clone");
    git(
        &root,
        &["clone", "--quiet", ".", &clone.display().to_string()],
    );
    git(&clone, &["checkout", "--quiet", "-b", "far"]);
    spec(&clone, "020-d");
    commit(&clone);
    git(
        &root,
        &["remote", "add", "origin", &clone.display().to_string()],
    );
    git(&root, &["fetch", "--quiet", "origin"]);
    assert_eq!(new("four"), "21");
    // What was taken back is free again.
    repo.plan("undo");
    assert_eq!(new("five"), "21");
}

#[test]
fn ids_of_other_branches_are_taken_where_only_the_document_says_them() {
    let repo = versioned();
    let root = repo.path();
    let plan = |name: &str, id: &str| {
        let folder = root.join(".dev_ops/docs/plans");
        fs::create_dir_all(&folder).unwrap();
        let text =
            format!("---\nid: {id}\ntype: plan\nstatus: Draft\nupstream: []\n---\n\n# {name}\n");
        fs::write(folder.join(name), text).unwrap();
    };
    plan("PLN-001-a.md", "PLN-001");
    commit(&root);
    git(&root, &["checkout", "--quiet", "-b", "side"]);
    plan("other.md", "PLAN-006");
    commit(&root);
    git(&root, &["checkout", "--quiet", "main"]);
    repo.plan("new plan b");
    let found = files(&root.join(".dev_ops"));
    assert_eq!(
        found,
        ["docs/plans/PLN-001-a.md", "docs/plans/PLN-007-b.md"]
    );
}

#[test]
fn the_number_that_a_merge_brings_twice_is_given_anew() {
    let repo = versioned();
    let root = repo.path();
    git(&root, &["checkout", "--quiet", "-b", "side"]);
    git(&root, &["checkout", "--quiet", "main"]);
    repo.plan("new spec Cards --dialect spec-kit");
    commit(&root);
    git(&root, &["checkout", "--quiet", "side"]);
    // As on another machine, which knows nothing of the first.
    let gifts = root.join("specs/001-gifts");
    fs::create_dir_all(&gifts).unwrap();
    let spec = "# Feature Specification: Gifts\n\n**Feature Branch**: `001-gifts`\n";
    fs::write(gifts.join("spec.md"), spec).unwrap();
    fs::write(
        root.join("docs.md"),
        "# Docs\n\n[Gifts](specs/001-gifts/spec.md)\n",
    )
    .unwrap();
    commit(&root);
    git(&root, &["merge", "--quiet", "main"]);
    assert!(
        repo.plan("check --select duplicate-id")
            .starts_with("exit code: 1\n")
    );
    assert_snapshot!(repo.plan("renumber specs/001-gifts --dry-run"));
    assert_snapshot!(repo.plan("renumber specs/001-gifts --to 1"));
    assert_snapshot!(repo.plan("renumber specs/001-gifts"));
    assert!(
        repo.plan("check --select duplicate-id,dangling-link")
            .starts_with("exit code: 0\n")
    );
    assert_snapshot!(repo.plan("renumber docs.md --json"));
}

/// Starts `plan new` in some folders at once, and gives the names of what was made.
fn at_once(repo: &Repo, folders: &[PathBuf], count: usize) -> Vec<String> {
    let children = (0..count).map(|at| {
        let title = format!("Title {at}");
        start(repo, &folders[at % folders.len()], &["new", "spec", &title])
    });
    for mut child in children.collect::<Vec<Child>>() {
        assert!(child.wait().unwrap().success());
    }
    let found = folders
        .iter()
        .flat_map(|folder| files(&folder.join("specs")));
    found.collect()
}

fn distinct(paths: &[String]) -> BTreeSet<&str> {
    paths.iter().map(|path| &path[..3]).collect()
}

#[test]
fn fifty_at_once_get_fifty_numbers() {
    let repo = versioned();
    let root = repo.path();
    fs::create_dir_all(root.join("specs/007-a")).unwrap();
    fs::write(
        root.join("specs/007-a/spec.md"),
        "# Feature Specification: A\n",
    )
    .unwrap();
    let found = at_once(&repo, std::slice::from_ref(&root), 50);
    assert_eq!(found.len(), 51);
    assert_eq!(distinct(&found).len(), 51);
    assert_eq!(distinct(&found).last().copied(), Some("057"));
    // Nothing is left beside them, and nothing is found twice.
    let said = repo.plan("check --select duplicate-id");
    assert!(said.starts_with("exit code: 0\n"), "{said}");
    // Notes of numbers do not pile up.
    repo.plan("new spec last");
    let state = root.parent().unwrap().join("state");
    let notes = files(&state)
        .into_iter()
        .filter(|path| path.contains("numbers/"));
    assert!(notes.count() < 60);
}

#[test]
fn work_trees_of_one_repository_share_their_numbers() {
    let repo = versioned();
    let root = repo.path();
    fs::create_dir_all(root.join("specs/001-a")).unwrap();
    fs::write(
        root.join("specs/001-a/spec.md"),
        "# Feature Specification: A\n",
    )
    .unwrap();
    commit(&root);
    let tree = root.parent().unwrap().join("tree");
    git(
        &root,
        &[
            "worktree",
            "add",
            "--quiet",
            &tree.display().to_string(),
            "-b",
            "side",
        ],
    );
    let found = at_once(&repo, &[root, tree], 30);
    // The one that both have from the start is counted twice.
    assert_eq!(found.len(), 32);
    assert_eq!(distinct(&found).len(), 31);
}

#[test]
fn an_editor_is_opened_where_there_is_one() {
    let repo = Repo::empty();
    let mut command = repo.command(&["new", "plan", "x", "--edit"]);
    assert_snapshot!(repo.run(&mut command));
    let mut command = repo.command(&["new", "plan", "y", "--edit"]);
    // What it does with the file is its own affair.
    assert_snapshot!(repo.run(command.env("EDITOR", "rm -f")));
    assert!(!repo.path().join("plans/y.md").exists());
}
