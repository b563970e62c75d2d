//! Repositories that are none, empty ones, and names that nobody should use.

use std::fmt::Write as _;
use std::process::Command;

use super::{Repo, everything};
use crate::history::{History, HistoryOptions, NoHistory, PathSet, Since, Status};

#[test]
fn without_git_or_a_repository_the_answer_says_so() {
    let repo = Repo::bare_folder();
    assert_eq!(repo.try_history().unwrap_err(), NoHistory::NotARepository);
    let options = HistoryOptions {
        git: "planwright-has-no-such-program".into(),
        ..HistoryOptions::default()
    };
    let error = History::open(&repo.path(""), &options).unwrap_err();
    assert_eq!(error, NoHistory::NoGit);
    assert!(matches!(
        History::open(&repo.path("nothing"), &HistoryOptions::default()),
        Err(NoHistory::Failed { .. })
    ));
    repo.git(&["init", "--quiet", "--bare"]);
    assert_eq!(repo.try_history().unwrap_err(), NoHistory::Bare);
}

#[test]
fn the_folder_of_git_itself_is_no_work_tree() {
    let repo = Repo::new();
    repo.commit();
    let error = History::open(&repo.path(".git"), &HistoryOptions::default()).unwrap_err();
    assert_eq!(error, NoHistory::NotARepository);
}

#[test]
fn a_damaged_repository_is_a_failure_and_no_panic() {
    let repo = Repo::new();
    repo.commit();
    repo.write(".git/config", "[core\n");
    assert!(matches!(repo.try_history(), Err(NoHistory::Failed { .. })));
    let repo = Repo::new();
    repo.commit();
    repo.history();
    repo.write(".git/refs/heads/main", &format!("{}\n", "1".repeat(40)));
    assert!(matches!(repo.try_history(), Err(NoHistory::Failed { .. })));
}

#[cfg(unix)]
#[test]
fn a_repository_that_git_refuses_is_named() {
    let repo = Repo::new();
    repo.commit();
    // Git believes that somebody else owns everything.
    let wrapper = repo.path("git.sh");
    let script = "#!/bin/sh\nGIT_TEST_ASSUME_DIFFERENT_OWNER=1 exec git \"$@\"\n";
    std::fs::write(&wrapper, script).unwrap();
    let made = Command::new("chmod")
        .arg("+x")
        .arg(&wrapper)
        .status()
        .unwrap();
    assert!(made.success());
    let options = HistoryOptions {
        git: wrapper.into(),
        ..HistoryOptions::default()
    };
    match History::open(&repo.path(""), &options) {
        Err(NoHistory::NotTrusted { reason }) => {
            assert!(reason.contains("safe.directory"), "{reason}");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn before_the_first_commit_there_is_an_empty_history() {
    let repo = Repo::new();
    repo.write("a.md", "- [ ] a\n");
    for _ in 0..2 {
        let history = repo.history();
        assert!(history.is_empty());
        assert_eq!((history.head(), history.branch()), (None, Some("main")));
        assert_eq!(history.first_commit(), None);
        assert_eq!(history.nearest(0, i64::MAX), None);
        assert_eq!(history.touching(&PathSet::new([""]), Since::Ever), []);
        assert_eq!(history.branch_work(), None);
        assert_eq!(history.changed().unwrap().len(), 1);
        assert_eq!(history.branches(9, &|_| true).unwrap().branches, []);
    }
    repo.commit();
    assert_eq!(repo.history().len(), 1);
}

#[test]
fn a_detached_head_has_a_history_and_no_branch() {
    let repo = Repo::new();
    let first = repo.commit();
    repo.commit();
    repo.git(&["checkout", "--quiet", "--detach", &first]);
    for _ in 0..2 {
        let history = repo.history();
        assert_eq!((history.len(), history.branch()), (1, None));
        assert_eq!(history.base().unwrap().0, "main");
    }
}

#[test]
fn several_beginnings_are_all_found() {
    let repo = Repo::new();
    repo.write("a", "1\n");
    repo.commit();
    repo.git(&["checkout", "--quiet", "--orphan", "other"]);
    repo.git(&["rm", "--quiet", "-rf", "."]);
    repo.write("b", "1\n");
    repo.commit();
    repo.git(&["checkout", "--quiet", "main"]);
    let _ = repo.try_git(&[
        "merge",
        "--quiet",
        "--no-ff",
        "--allow-unrelated-histories",
        "-mm",
        "other",
    ]);
    let history = repo.history();
    assert_eq!((history.len(), history.roots().count()), (3, 2));
    assert_eq!(
        history.first_commit().unwrap().paths().next().unwrap().path,
        "a"
    );
}

#[test]
fn names_are_read_whatever_is_in_them() {
    let repo = Repo::new();
    let names = [
        "a b.md",
        "q\"uo'te.md",
        "line\nbreak.md",
        "tab\t.md",
        "ünïcode ✅.md",
        "-dash.md",
        ":colon.md",
        ">x.md",
    ];
    for name in names {
        repo.write(name, &format!("- [ ] {}\n", name.len()));
    }
    let first = repo.commit();
    repo.git(&["mv", "line\nbreak.md", "other\n\nbreak.md"]);
    repo.commit();
    let history = repo.history();
    for name in names {
        assert_eq!(
            history.first_touch(name).unwrap().id().to_string(),
            first,
            "{name}"
        );
        assert_eq!(history.item_events(name).len(), 1, "{name}");
    }
    assert_eq!(
        history.moved_to("line\nbreak.md").unwrap().to,
        "other\n\nbreak.md"
    );
    let branches = history.branches(9, &|path| path.contains("break"));
    assert_eq!(branches.unwrap().documents[0].path, "other\n\nbreak.md");
}

#[cfg(target_os = "linux")]
#[test]
fn bytes_that_are_no_text_are_replaced() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    let repo = Repo::new();
    let name = OsStr::from_bytes(b"a\xffb.md");
    std::fs::write(repo.path("").join(name), b"- [ ] a \xff\n").unwrap();
    repo.commit();
    let history = repo.history();
    assert!(history.first_touch("a\u{fffd}b.md").is_some());
    assert_eq!(history.item_events("a\u{fffd}b.md")[0].text, "a \u{fffd}");
}

#[cfg(unix)]
#[test]
fn a_submodule_and_a_link_are_paths_without_boxes() {
    let inner = Repo::new();
    inner.write("a.md", "- [ ] a\n");
    inner.commit();
    let repo = Repo::new();
    let url = inner.path("").display().to_string();
    repo.git(&[
        "-c",
        "protocol.file.allow=always",
        "submodule",
        "--quiet",
        "add",
        &url,
        "sub.md",
    ]);
    std::os::unix::fs::symlink("sub.md/a.md", repo.path("link.md")).unwrap();
    repo.commit();
    let history = repo.history();
    assert!(history.first_touch("sub.md").is_some());
    assert_eq!(history.item_events("sub.md"), []);
    assert_eq!(history.item_events("link.md"), []);
    assert_eq!(
        history
            .branches(9, &|path| path.ends_with("a.md"))
            .unwrap()
            .documents,
        []
    );
}

#[test]
fn the_users_configuration_changes_nothing() {
    let repo = Repo::new();
    repo.write("a.md", "- [ ] a\nb\nc\nd\n")
        .write("x/y.md", "1\n");
    repo.commit();
    repo.git(&["mv", "a.md", "ä.md"]);
    repo.commit();
    let expected = everything(&repo.anew());
    for (key, value) in [
        ("diff.renames", "false"),
        ("diff.renameLimit", "1"),
        ("diff.relative", "true"),
        ("diff.noPrefix", "true"),
        ("diff.external", "false"),
        ("diff.orderFile", "nothing"),
        ("diff.ignoreSubmodules", "all"),
        ("core.quotePath", "true"),
        ("core.pager", "false"),
        ("core.fsmonitor", "false && exit 1"),
        ("color.ui", "always"),
        ("log.date", "relative"),
        ("log.showRoot", "false"),
        ("log.showSignature", "true"),
        ("log.follow", "true"),
        ("log.decorate", "full"),
        ("log.diffMerges", "off"),
        ("format.pretty", "oneline"),
        ("status.showUntrackedFiles", "no"),
        ("status.relativePaths", "true"),
        ("status.branch", "true"),
        ("status.renames", "false"),
        ("i18n.logOutputEncoding", "utf-16"),
    ] {
        repo.git(&["config", key, value]);
    }
    assert_eq!(everything(&repo.anew()), expected);
    repo.write("n.md", "1\n");
    assert_eq!(repo.anew().changed().unwrap().len(), 1);
}

#[test]
fn paths_are_from_the_root_where_it_is_a_folder_of_the_repository() {
    let repo = Repo::new();
    repo.write("app/docs/a.md", "- [ ] a\n1\n2\n3\n")
        .write("b.md", "- [ ] b\nx\ny\nz\n");
    repo.commit();
    repo.git(&["mv", "b.md", "app/b.md"]);
    repo.git(&["mv", "app/docs/a.md", "a.md"]);
    repo.commit();
    repo.write("app/new.md", "1\n").write("outside.md", "1\n");
    let options = HistoryOptions::default();
    let history = History::open(&repo.path("app"), &options).unwrap();
    let head = history.head().unwrap();
    let touched: Vec<_> = head
        .paths()
        .map(|touched| (touched.status, touched.path))
        .collect();
    assert_eq!(
        touched,
        [(Status::Deleted, "docs/a.md"), (Status::Added, "b.md")]
    );
    assert_eq!(history.moved_to("docs/a.md"), None, "it left the root");
    assert_eq!(
        history
            .touching(&PathSet::new(["docs/"]), Since::Ever)
            .len(),
        2
    );
    assert_eq!(
        history.touching(&PathSet::new(["*.md"]), Since::Ever).len(),
        1
    );
    let changed = history.changed().unwrap();
    assert_eq!((changed.len(), changed[0].path.as_str()), (1, "new.md"));
    let branches = history.branches(9, &|_| true).unwrap();
    let paths: Vec<_> = branches
        .documents
        .iter()
        .map(|document| &document.path)
        .collect();
    assert_eq!(paths, ["b.md"]);
}

#[test]
fn a_huge_commit_is_read() {
    let repo = Repo::new();
    let mut stream = String::from(
        "commit refs/heads/main\ncommitter A <a@planwright.invalid> 1767225600 +0000\ndata 0\n",
    );
    for number in 0..3000 {
        let text = format!("- [ ] item {number}\n");
        let size = text.len();
        let _ = write!(
            stream,
            "M 100644 inline docs/{number}.md\ndata {size}\n{text}\n"
        );
    }
    stream.push_str("commit refs/heads/main\ncommitter A <a@planwright.invalid> 1767225601 +0000\ndata 0\nR docs plans\n\n");
    let mut import = Command::new("git")
        .current_dir(repo.path(""))
        .args(["fast-import", "--quiet"])
        .stdin(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut import.stdin.take().unwrap(), stream.as_bytes()).unwrap();
    assert!(import.wait().unwrap().success());
    let history = repo.history();
    assert_eq!(history.head().unwrap().paths().count(), 3000);
    assert_eq!(history.moved_to("docs/77.md").unwrap().to, "plans/77.md");
    assert_eq!(history.moved_to("docs").unwrap().to, "plans");
    assert_eq!(history.item_events("plans/77.md").len(), 1);
}

#[test]
fn a_repository_with_sha256_is_read() {
    let repo = Repo::bare_folder();
    let made = repo.try_git(&[
        "init",
        "--quiet",
        "--object-format=sha256",
        "--initial-branch=main",
    ]);
    assert!(made.status.success());
    repo.write("docs/a.md", "- [ ] a\n");
    repo.commit();
    repo.write("docs/a.md", "- [x] a\n");
    let second = repo.commit();
    for _ in 0..2 {
        let history = repo.history();
        assert_eq!(second.len(), 64);
        assert_eq!(history.head().unwrap().id().to_string(), second);
        assert!(history.item_events("docs/a.md")[0].is_ticked());
        assert_eq!(history.branches(9, &|_| true).unwrap().documents.len(), 1);
    }
}

#[test]
fn branches_that_are_no_files_are_asked_for() {
    let repo = Repo::bare_folder();
    let made = repo.try_git(&[
        "init",
        "--quiet",
        "--ref-format=reftable",
        "--initial-branch=main",
    ]);
    if !made.status.success() {
        return; // This git is older than the format.
    }
    for expected in 1..4 {
        repo.write("a.md", &format!("{expected}\n"));
        repo.commit();
        let history = repo.history();
        assert_eq!((history.len(), history.branch()), (expected, Some("main")));
    }
}

#[test]
fn content_that_a_partial_clone_lacks_is_not_fetched() {
    let origin = Repo::new();
    let text = "a\nb\nc\nd\ne\nf\n";
    origin.write("a.md", &format!("- [ ] a\n{text}"));
    origin.commit();
    origin.git(&["mv", "a.md", "b.md"]);
    origin.write("b.md", &format!("- [x] a\n{text}"));
    origin.commit();
    origin.git(&["mv", "b.md", "c.md"]);
    origin.commit();
    origin.git(&["config", "uploadpack.allowFilter", "true"]);
    let repo = Repo::bare_folder();
    let url = format!("file://{}", origin.path("").display());
    repo.git(&["clone", "--quiet", "--filter=blob:none", &url, "."]);
    let history = repo.history();
    assert_eq!(history.len(), 3);
    assert!(history.are_renames_exact());
    assert_eq!(history.moved_to("b.md").unwrap().to, "c.md");
    assert_eq!(
        history.item_events("c.md"),
        [],
        "nothing tells what was ticked"
    );
    assert!(!origin.history().are_renames_exact());
}
