//! What other branches have.

use super::Repo;
use crate::history::boxes::is_document;
use crate::history::{History, Side};

/// Each document with its branches.
fn documents(history: &History, limit: usize) -> Vec<(String, Vec<String>)> {
    let found = history.branches(limit, &is_document).unwrap();
    let documents = found.documents.iter();
    documents
        .map(|document| {
            let names = document.branches.iter();
            let names = names.map(|at| found.branches[*at as usize].name.clone());
            (document.path.clone(), names.collect())
        })
        .collect()
}

fn expected(all: &[(&str, &[&str])]) -> Vec<(String, Vec<String>)> {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    all.iter()
        .map(|(path, branches)| ((*path).to_owned(), names(branches)))
        .collect()
}

#[test]
fn every_document_is_listed_with_the_branches_that_have_it() {
    let repo = Repo::new();
    repo.write("docs/a.md", "a\n").write("src/x.rs", "x\n");
    repo.commit();
    repo.git(&["checkout", "--quiet", "-b", "one"]);
    repo.write("docs/plans/012-login.md", "login\n");
    let one = repo.commit();
    repo.git(&["checkout", "--quiet", "-b", "two", "main"]);
    repo.write("docs/plans/012-logout.md", "logout\n")
        .write("docs/a.md", "changed\n");
    repo.commit();
    repo.git(&["update-ref", "refs/remotes/origin/one", &one]);
    repo.git(&[
        "symbolic-ref",
        "refs/remotes/origin/HEAD",
        "refs/remotes/origin/one",
    ]);

    let all = expected(&[
        ("docs/a.md", &["main", "one", "origin/one"]),
        ("docs/a.md", &["two"]),
        ("docs/plans/012-login.md", &["one", "origin/one"]),
        ("docs/plans/012-logout.md", &["two"]),
    ]);
    let sorted = |history: &History| {
        let mut found = documents(history, 9);
        for (_, names) in &mut found {
            names.sort();
        }
        found.sort();
        found
    };
    assert_eq!(sorted(&repo.history()), all);
    assert_eq!(sorted(&repo.history()), all, "from the cache");

    let history = repo.history();
    let found = history.branches(9, &is_document).unwrap();
    assert_eq!(
        (found.branches[0].name.as_str(), found.left_out),
        ("two", 0)
    );
    let login = found
        .documents
        .iter()
        .find(|found| found.path.contains("login"));
    let mut blobs = history.blobs().unwrap();
    let login = login.unwrap().blob;
    assert_eq!(blobs.read(&login).unwrap().unwrap(), b"login\n");
    let nothing = "1".repeat(40).parse().unwrap();
    assert_eq!(blobs.read(&nothing).unwrap(), None);
    let many: Vec<_> = (0..200)
        .map(|at| if at % 2 == 0 { login } else { nothing })
        .collect();
    let mut count = 0;
    let read = blobs.read_all(&many, |at, content| {
        assert_eq!(content.is_some(), at % 2 == 0);
        count += 1;
    });
    assert_eq!((read.is_ok(), count), (true, 200));
}

#[test]
fn beyond_the_limit_the_oldest_are_left_out_but_not_the_current_one() {
    let repo = Repo::new();
    repo.write("a.md", "main\n");
    repo.commit();
    for name in ["b1", "b2", "b3"] {
        repo.git(&["checkout", "--quiet", "-b", name, "main"]);
        repo.write("a.md", name);
        repo.commit();
    }
    repo.git(&["checkout", "--quiet", "main"]);
    let history = repo.history();
    let found = history.branches(2, &is_document).unwrap();
    let names: Vec<_> = found
        .branches
        .iter()
        .map(|branch| branch.name.as_str())
        .collect();
    assert_eq!((names, found.left_out), (vec!["main", "b3"], 2));
    assert_eq!(found.documents.len(), 2);
}

#[test]
fn other_work_trees_are_looked_at() {
    let repo = Repo::new();
    repo.write("a.md", "main\n");
    let first = repo.commit();
    let other = tempfile::tempdir().unwrap();
    let path = other.path().join("detached tree");
    repo.git(&[
        "worktree",
        "add",
        "--quiet",
        "--detach",
        path.to_str().unwrap(),
        &first,
    ]);
    let history = repo.history();
    let found = history.branches(9, &is_document).unwrap();
    let [main, detached] = found.branches.as_slice() else {
        panic!("{found:?}")
    };
    assert_eq!((main.name.as_str(), main.is_remote), ("main", false));
    assert_eq!(detached.name, first);
    assert!(
        detached
            .work_tree
            .as_ref()
            .unwrap()
            .ends_with("detached tree")
    );
    assert_eq!(found.documents[0].branches, [0, 1]);
}

#[test]
fn what_a_merge_would_leave_is_told_beforehand() {
    let repo = Repo::new();
    for name in ["same", "ours", "theirs", "both", "gone", "moved"] {
        repo.write(&format!("{name}.md"), &format!("{name} 1\n"));
    }
    repo.commit();
    repo.git(&["checkout", "--quiet", "-b", "other"]);
    repo.write("theirs.md", "2\n")
        .write("both.md", "theirs\n")
        .write("new.md", "theirs\n");
    repo.write("013-theirs.md", "1\n")
        .write("moved.md", "moved 2\n");
    let other = repo.commit();
    repo.git(&["checkout", "--quiet", "main"]);
    repo.write("ours.md", "2\n")
        .write("both.md", "ours\n")
        .write("013-ours.md", "1\n");
    repo.git(&["rm", "--quiet", "gone.md"]);
    repo.git(&["mv", "moved.md", "done.md"]);
    repo.commit();

    let history = repo.history();
    let merged = history
        .merged_with(&other.parse().unwrap(), &is_document)
        .unwrap();
    let found: Vec<_> = merged
        .iter()
        .map(|found| (found.path.as_str(), found.side))
        .collect();
    assert_eq!(
        found,
        [
            ("013-ours.md", Side::Ours),
            ("013-theirs.md", Side::Theirs),
            ("both.md", Side::Conflict),
            ("done.md", Side::Ours),
            ("new.md", Side::Theirs),
            ("ours.md", Side::Ours),
            ("same.md", Side::Both),
            ("theirs.md", Side::Theirs),
        ]
    );
}
