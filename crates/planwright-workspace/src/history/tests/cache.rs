//! What an earlier call knew.

use std::fs;
use std::path::PathBuf;

use super::{Repo, everything};
use crate::history::{Horizon, Known};

fn files(repo: &Repo) -> Vec<PathBuf> {
    let folders = fs::read_dir(repo.cache()).unwrap();
    let files = folders.flat_map(|folder| fs::read_dir(folder.unwrap().path()).unwrap());
    files.map(|file| file.unwrap().path()).collect()
}

fn known(kept: usize, read: usize, is_asked: bool) -> Known {
    Known {
        kept,
        read,
        is_asked,
    }
}

#[test]
fn only_new_commits_are_read() {
    let repo = Repo::new();
    repo.write("a.md", "- [ ] a\n");
    repo.commit();
    assert_eq!(repo.history().known(), known(0, 1, true));
    assert_eq!(repo.history().known(), known(1, 0, false));
    repo.write("a.md", "- [x] a\n");
    repo.commit();
    repo.commit();
    let history = repo.history();
    assert_eq!(history.known(), known(1, 2, false));
    assert_eq!(everything(&history), everything(&repo.anew()));
    assert_eq!(repo.history().known(), known(3, 0, false));
}

#[test]
fn where_nothing_happened_no_program_is_started() {
    let repo = Repo::new();
    repo.write("a.md", "- [ ] a\n");
    repo.commit();
    let expected = everything(&repo.history());
    let options = crate::history::HistoryOptions {
        cache_dir: Some(repo.cache().to_owned()),
        git: "planwright-has-no-such-program".into(),
        ..Default::default()
    };
    let open = || crate::history::History::open(&repo.path(""), &options);
    assert_eq!(everything(&open().unwrap()), expected);
    repo.commit();
    assert_eq!(open().unwrap_err(), crate::history::NoHistory::NoGit);
}

#[test]
fn few_new_commits_are_stored_apart_and_many_together() {
    let repo = Repo::new();
    for _ in 0..40 {
        repo.commit();
    }
    repo.history();
    for number in 0..5 {
        repo.write("new.md", &format!("- [ ] {number}\n"));
        repo.commit();
        assert_eq!(repo.history().known().read, 1);
        assert_eq!(repo.history().known().kept, 41 + number);
    }
    assert_eq!(everything(&repo.history()), everything(&repo.anew()));
}

#[test]
fn a_rewritten_branch_leaves_nothing_of_the_old_one() {
    let repo = Repo::new();
    repo.write("a.md", "1\n");
    let base = repo.commit();
    repo.write("b.md", "1\n");
    repo.commit();
    repo.history();
    repo.git(&["reset", "--quiet", "--hard", &base]);
    assert_eq!(repo.history().len(), 1);
    assert_eq!(repo.history().first_touch("b.md"), None);
    repo.write("c.md", "1\n");
    repo.commit();
    let history = repo.history();
    assert_eq!(history.known(), known(2, 1, false));
    assert_eq!(everything(&history), everything(&repo.anew()));
}

#[test]
fn commits_that_were_pruned_do_no_harm() {
    let repo = Repo::new();
    let base = repo.commit();
    repo.write("b.md", "1\n");
    repo.commit();
    repo.history();
    repo.git(&["reset", "--quiet", "--hard", &base]);
    repo.git(&["reflog", "expire", "--expire=now", "--all"]);
    repo.git(&["gc", "--quiet", "--prune=now"]);
    repo.write("c.md", "1\n");
    repo.commit();
    let history = repo.history();
    assert_eq!(history.known().read, 1);
    assert_eq!(everything(&history), everything(&repo.anew()));
}

#[test]
fn branches_are_read_from_packed_refs_too() {
    let repo = Repo::new();
    repo.commit();
    repo.history();
    repo.git(&["pack-refs", "--all"]);
    assert_eq!(repo.history().known(), known(1, 0, false));
    repo.git(&["checkout", "--quiet", "-b", "other"]);
    let history = repo.history();
    assert_eq!(
        (history.branch(), history.known().is_asked),
        (Some("other"), true)
    );
}

#[test]
fn a_new_upstream_is_noticed() {
    let repo = Repo::new();
    let first = repo.commit();
    assert_eq!(repo.history().upstream(), None);
    repo.git(&["update-ref", "refs/remotes/origin/main", &first]);
    repo.git(&["config", "remote.origin.url", "nowhere"]);
    repo.git(&[
        "config",
        "remote.origin.fetch",
        "+refs/heads/*:refs/remotes/origin/*",
    ]);
    repo.git(&["branch", "--quiet", "--set-upstream-to=origin/main"]);
    let history = repo.history();
    assert_eq!(
        history.upstream(),
        Some(("origin/main", first.parse().unwrap()))
    );
    repo.write("a", "1\n");
    let second = repo.commit();
    let history = repo.history();
    let work = history.branch_work().unwrap();
    assert_eq!((work.base, work.commits.len()), ("origin/main", 1));
    assert_eq!(work.commits[0].id().to_string(), second);
}

#[test]
fn a_damaged_cache_is_thrown_away() {
    let repo = Repo::new();
    for _ in 0..30 {
        repo.commit();
    }
    repo.history();
    repo.write("a.md", "- [ ] a\n");
    repo.commit();
    repo.history();
    let expected = everything(&repo.anew());
    let all: Vec<(PathBuf, Vec<u8>)> = files(&repo)
        .into_iter()
        .map(|file| (file.clone(), fs::read(file).unwrap()))
        .collect();
    assert_eq!(all.len(), 3, "{all:?}");
    for (file, whole) in &all {
        for damaged in [
            Vec::new(),
            b"nonsense".to_vec(),
            whole[..whole.len() / 2].to_vec(),
            whole.iter().rev().copied().collect(),
        ] {
            fs::write(file, damaged).unwrap();
            assert_eq!(everything(&repo.history()), expected, "{}", file.display());
            assert_eq!(everything(&repo.history()), expected, "{}", file.display());
        }
        fs::remove_file(file).unwrap();
        assert_eq!(everything(&repo.history()), expected);
    }
    // A part of an older state beside a newer one.
    for (file, whole) in &all {
        fs::write(file, whole).unwrap();
        assert_eq!(everything(&repo.history()), expected, "{}", file.display());
    }
}

#[test]
fn a_cache_that_cannot_be_written_is_no_error() {
    let repo = Repo::new();
    repo.commit();
    let file = repo.path("file");
    fs::write(&file, "").unwrap();
    let options = crate::history::HistoryOptions {
        cache_dir: Some(file),
        ..Default::default()
    };
    let history = crate::history::History::open(&repo.path(""), &options).unwrap();
    assert_eq!(history.len(), 1);
}

#[test]
fn a_shallow_clone_says_so_and_is_read_anew_when_it_is_deepened() {
    let origin = Repo::new();
    for text in ["1\n", "2\n", "3\n"] {
        origin.write("a.md", text);
        origin.commit();
    }
    let repo = Repo::bare_folder();
    let url = format!("file://{}", origin.path("").display());
    repo.git(&["clone", "--quiet", "--depth=1", &url, "."]);
    let history = repo.history();
    assert_eq!((history.len(), history.horizon()), (1, Horizon::Shallow));
    assert_eq!(history.upstream().unwrap().0, "origin/main");
    repo.git(&["fetch", "--quiet", "--unshallow"]);
    let history = repo.history();
    assert_eq!((history.len(), history.horizon()), (3, Horizon::Whole));
    assert_eq!(history.touches("a.md").len(), 3);
}

#[test]
fn a_cap_keeps_the_youngest_and_says_so() {
    let repo = Repo::new();
    for _ in 0..5 {
        repo.commit();
    }
    let open = |max_commits, is_cached: bool| {
        let options = crate::history::HistoryOptions {
            cache_dir: is_cached.then(|| repo.cache().to_owned()),
            max_commits,
            ..Default::default()
        };
        crate::history::History::open(&repo.path(""), &options).unwrap()
    };
    let history = open(3, true);
    assert_eq!((history.len(), history.horizon()), (3, Horizon::Capped));
    assert_eq!(history.head().unwrap().id().to_string(), repo.head());
    repo.commit();
    let history = open(3, true);
    assert_eq!((history.len(), history.horizon()), (4, Horizon::Capped));
    assert_eq!(open(9, false).horizon(), Horizon::Whole);
}

#[test]
fn work_trees_share_what_is_known() {
    let repo = Repo::new();
    repo.write("a.md", "- [ ] a\n");
    repo.commit();
    repo.history();
    let other = tempfile::tempdir().unwrap();
    let path = other.path().join("tree");
    repo.git(&[
        "worktree",
        "add",
        "--quiet",
        "-b",
        "other",
        path.to_str().unwrap(),
    ]);
    let options = crate::history::HistoryOptions {
        cache_dir: Some(repo.cache().to_owned()),
        ..Default::default()
    };
    let open = || crate::history::History::open(&path, &options).unwrap();
    let history = open();
    assert_eq!(
        (history.known(), history.branch()),
        (known(1, 0, true), Some("other"))
    );
    assert_eq!(history.base().unwrap().0, "main");
    assert_eq!(open().known(), known(1, 0, false));
}
