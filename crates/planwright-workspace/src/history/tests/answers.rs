//! What is asked about times, paths and boxes.

use super::{HOUR, Repo, START};
use crate::history::{Changed, PathSet, Since, Status, done_by};

fn ids(commits: &[crate::history::Commit<'_>]) -> Vec<String> {
    commits
        .iter()
        .map(|commit| commit.id().to_string())
        .collect()
}

#[test]
fn a_commit_says_when_it_was_made_and_what_it_touched() {
    let repo = Repo::new();
    repo.write("a.md", "a\n").write("src/b.rs", "b\n");
    let first = repo.commit();
    repo.write("a.md", "a\nb\n");
    std::fs::remove_file(repo.path("src/b.rs")).unwrap();
    let second = repo.commit();

    let history = repo.history();
    let commits: Vec<_> = history.commits().collect();
    assert_eq!(ids(&commits), [second, first]);
    let author = commits[1].author();
    assert_eq!((author.seconds, author.offset), (START, 60));
    assert_eq!(commits[0].committer().seconds, START + HOUR);
    let paths = |at: usize| {
        let paths = commits[at].paths();
        paths
            .map(|touched| (touched.status, touched.path))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        paths(1),
        [(Status::Added, "a.md"), (Status::Added, "src/b.rs")]
    );
    assert_eq!(
        paths(0),
        [(Status::Modified, "a.md"), (Status::Deleted, "src/b.rs")]
    );
    assert_eq!(commits[0].parents().collect::<Vec<_>>(), [commits[1]]);
    assert_eq!(history.first_commit(), Some(commits[1]));
    assert_eq!(history.removed_by("src/b.rs"), Some(commits[0]));
    assert_eq!(history.removed_by("a.md"), None);
}

#[test]
fn a_file_is_followed_through_its_renames() {
    let repo = Repo::new();
    let text = "a long text\nthat stays mostly the same\nwherever it goes\n";
    repo.write("plans/a.md", text);
    let first = repo.commit();
    repo.git(&["mv", "plans/a.md", "plans/b.md"]);
    repo.write("plans/b.md", &format!("{text}more\n"));
    repo.commit();
    std::fs::create_dir_all(repo.path("done")).unwrap();
    repo.git(&["mv", "plans/b.md", "done/b.md"]);
    let moved = repo.commit();
    // Another file takes the old name.
    repo.write("plans/a.md", "something else altogether\n");
    let other = repo.commit();

    let history = repo.history();
    assert_eq!(history.touches("done/b.md").len(), 3);
    let began = history.first_touch("done/b.md").unwrap();
    assert_eq!(began.id().to_string(), first);
    assert_eq!(
        history.last_touch("done/b.md").unwrap().id().to_string(),
        moved
    );
    assert_eq!(
        history.first_touch("plans/a.md").unwrap().id().to_string(),
        other
    );
    assert_eq!(history.moved_to("plans/a.md"), None, "there is one");
    let to = history.moved_to("plans/b.md").unwrap();
    assert_eq!(
        (to.to.as_str(), to.commit.id().to_string()),
        ("done/b.md", moved)
    );
    assert_eq!(history.moved_to("plans/c.md"), None, "there never was one");
}

#[test]
fn a_move_is_followed_to_where_the_file_is_now() {
    let repo = Repo::new();
    repo.write("a.md", "one\ntwo\nthree\n")
        .write("x.md", "four\nfive\nsix\n");
    repo.commit();
    repo.git(&["mv", "a.md", "b.md"]);
    repo.git(&["mv", "x.md", "y.md"]);
    repo.commit();
    repo.git(&["mv", "b.md", "c.md"]);
    repo.git(&["rm", "--quiet", "y.md"]);
    let last = repo.commit();

    let history = repo.history();
    let to = history.moved_to("a.md").unwrap();
    assert_eq!((to.to.as_str(), to.commit.id().to_string()), ("c.md", last));
    assert_eq!(history.moved_to("x.md"), None, "it was removed in the end");
}

#[test]
fn a_folder_went_where_its_files_went() {
    let repo = Repo::new();
    for name in ["a", "b", "c"] {
        repo.write(
            &format!("src/db/{name}.rs"),
            &format!("{name}\n{name}{name}\nend of {name}\n"),
        );
    }
    repo.commit();
    std::fs::create_dir_all(repo.path("crates")).unwrap();
    repo.git(&["mv", "src/db", "crates/store"]);
    repo.git(&["mv", "crates/store/c.rs", "c.rs"]);
    repo.commit();

    let history = repo.history();
    assert_eq!(history.moved_to("src/db/").unwrap().to, "crates/store");
    assert_eq!(history.moved_to("crates/store"), None);
    assert_eq!(history.moved_to("src/none"), None);
}

#[test]
fn commits_are_found_by_what_they_touched_and_when() {
    let repo = Repo::new();
    repo.write("src/a.rs", "1\n").write("docs/a.md", "1\n");
    let first = repo.commit();
    repo.write("src/a.rs", "2\n");
    let second = repo.commit();
    repo.write("docs/a.md", "2\n");
    let third = repo.commit();
    repo.write("src/deep/b.rs", "1\n").write("docs/a.md", "3\n");
    let fourth = repo.commit();

    let history = repo.history();
    let find = |paths: &[&str], since| ids(&history.touching(&PathSet::new(paths), since));
    assert_eq!(find(&["src"], Since::Ever), [&*fourth, &*second, &*first]);
    assert_eq!(find(&["src/*.rs"], Since::Ever), [&*second, &*first]);
    assert_eq!(
        find(&["src/**/b.rs", "docs/"], Since::Ever),
        [&*fourth, &*third, &*first]
    );
    assert_eq!(find(&[""], Since::Ever).len(), 4);
    assert_eq!(find(&["sr"], Since::Ever), [""; 0]);
    assert_eq!(find(&["src"], Since::Time(START)), [&*fourth, &*second]);
    assert_eq!(find(&["src"], Since::Time(START + HOUR)), [&*fourth]);
    assert_eq!(
        find(&["src"], Since::Commit(second.parse().unwrap())),
        [&*fourth]
    );
    let last = history.last_touching(&PathSet::new(["src/a.rs"]));
    assert_eq!(last.unwrap().id().to_string(), second);
}

#[test]
fn the_commit_nearest_to_an_instant_is_found_within_the_window_only() {
    let repo = Repo::new();
    let first = repo.commit();
    let second = repo.commit();
    let history = repo.history();
    let near = |instant, window| history.nearest(instant, window).map(|c| c.id().to_string());
    assert_eq!(near(START + 100, HOUR), Some(first.clone()));
    assert_eq!(near(START + HOUR - 100, HOUR), Some(second.clone()));
    assert_eq!(near(START + 100, 99), None);
    assert_eq!(near(START + 100, 100), Some(first));
    assert_eq!(near(i64::MAX, i64::MAX), Some(second));
    assert_eq!(near(i64::MIN, 10), None);
}

#[test]
fn the_commit_that_ticked_a_box_is_found() {
    let page = |one: &str, two: &str| {
        let lines = [
            "# P",
            "",
            "A page of which",
            "most stays",
            "",
            one,
            two,
            "- [x] three",
            "",
        ];
        lines.join("\r\n")
    };
    let repo = Repo::new();
    repo.write("p.md", &page("- [ ] T1 one", "- [ ] two"));
    let first = repo.commit();
    repo.write("p.md", &page("- [x] T1 one", "- [ ] two"));
    repo.write("src/one.rs", "1\n");
    let second = repo.commit();
    repo.git(&["mv", "p.md", "q.md"]);
    repo.write("q.md", &page("- [x] T1 one, now longer", "- [✅] two"));
    let third = repo.commit();

    let history = repo.history();
    let events = history.item_events("q.md");
    let by = |line: &str| done_by(&events, line).map(|event| event.commit.id().to_string());
    assert_eq!(by("- [x] T1 one, now longer"), Some(second.clone()));
    assert_eq!(by("- [x] two"), Some(third));
    assert_eq!(by("- [x] three"), Some(first));
    assert_eq!(by("- [ ] two"), None, "it is open");
    assert_eq!(by("- [x] four"), None, "it is not committed");

    let ticked: Vec<_> = events.iter().filter(|event| event.is_ticked()).collect();
    let [two, one] = ticked.as_slice() else {
        panic!("{ticked:?}")
    };
    assert_eq!(
        (two.text, two.path, one.text, one.path),
        ("two", "q.md", "T1 one", "p.md")
    );
    let touched: Vec<_> = one.commit.paths().map(|touched| touched.path).collect();
    assert_eq!(
        (one.commit.id().to_string(), touched),
        (second, vec!["p.md", "src/one.rs"])
    );
    assert_eq!(
        events.iter().filter(|event| event.is_added_done()).count(),
        1
    );
}

#[test]
fn a_box_that_was_opened_again_is_not_done() {
    let repo = Repo::new();
    for text in ["- [ ] a\n", "- [x] a\n", "- [ ] a\n"] {
        repo.write("p.md", text);
        repo.commit();
    }
    let history = repo.history();
    let events = history.item_events("p.md");
    assert!(events[0].is_reopened());
    assert_eq!(done_by(&events, "- [x] a"), None);
}

#[test]
fn a_merge_touches_only_what_it_changed_itself() {
    let repo = Repo::new();
    repo.write("p.md", "- [ ] a\n\n\n\n- [ ] b\n\n\n\n- [ ] c\n")
        .write("x", "x\n");
    repo.commit();
    repo.git(&["checkout", "--quiet", "-b", "side"]);
    repo.write("p.md", "- [x] a\n\n\n\n- [ ] b\n\n\n\n- [ ] c\n")
        .write("side", "1\n");
    let side = repo.commit();
    repo.git(&["checkout", "--quiet", "main"]);
    repo.write("p.md", "- [ ] a\n\n\n\n- [x] b\n\n\n\n- [ ] c\n");
    let main = repo.commit();
    repo.merge("side");
    repo.write("p.md", "- [x] a\n\n\n\n- [x] b\n\n\n\n- [x] c\n");
    let merge = repo.commit();

    let history = repo.history();
    let head = history.head().unwrap();
    assert!(head.is_merge());
    let touched: Vec<_> = head.paths().map(|touched| touched.path).collect();
    assert_eq!(touched, ["p.md"]);
    let events = history.item_events("p.md");
    let by = |line: &str| done_by(&events, line).unwrap().commit.id().to_string();
    assert_eq!(
        [by("- [x] a"), by("- [x] b"), by("- [x] c")],
        [side, main, merge]
    );
}

#[test]
fn the_work_on_a_branch_is_what_its_base_does_not_have() {
    let repo = Repo::new();
    let base = repo.commit();
    repo.git(&["checkout", "--quiet", "-b", "feature"]);
    repo.write("a", "1\n");
    let work = repo.commit();
    repo.git(&["checkout", "--quiet", "main"]);
    repo.write("b", "1\n");
    repo.commit();
    let history = repo.history();
    assert_eq!(history.branch(), Some("main"));
    assert_eq!(
        history.branch_work(),
        None,
        "the default branch follows none"
    );
    repo.git(&["checkout", "--quiet", "feature"]);

    let history = repo.history();
    let found = history.branch_work().unwrap();
    assert_eq!(found.base, "main");
    assert_eq!(found.merge_base.unwrap().id().to_string(), base);
    assert_eq!(ids(&found.commits), [work]);
}

fn changed(path: &str, status: Status, from: Option<&str>, is_untracked: bool) -> Changed {
    Changed {
        path: path.to_owned(),
        status,
        from: from.map(str::to_owned),
        is_untracked,
    }
}

#[test]
fn what_the_work_tree_changed_is_listed() {
    let repo = Repo::new();
    repo.write("a", "1\n")
        .write("b\n c", "2\n")
        .write("d", "3\n");
    repo.write("moved", "a\nb\nc\nd\n");
    repo.commit();
    repo.write("b\n c", "22\n")
        .write("new file", "4\n")
        .write("sub/e", "5\n");
    std::fs::remove_file(repo.path("d")).unwrap();
    repo.git(&["mv", "moved", "to there"]);
    repo.git(&["add", "new file"]);

    let found = repo.history().changed().unwrap();
    let expected = [
        changed("b\n c", Status::Modified, None, false),
        changed("d", Status::Deleted, None, false),
        changed("new file", Status::Added, None, false),
        changed("sub/e", Status::Added, None, true),
        changed("to there", Status::Renamed, Some("moved"), false),
    ];
    assert_eq!(found, expected);
    assert_eq!(repo.history().changed_since("HEAD").unwrap(), expected);
}

#[test]
fn what_changed_since_a_branch_leaves_out_what_only_the_branch_changed() {
    let repo = Repo::new();
    repo.write("a", "1\n").write("b", "1\n");
    repo.commit();
    repo.git(&["checkout", "--quiet", "-b", "feature"]);
    repo.write("a", "2\n");
    repo.commit();
    repo.git(&["checkout", "--quiet", "main"]);
    repo.write("b", "2\n");
    repo.commit();
    repo.git(&["checkout", "--quiet", "feature"]);
    repo.write("c", "1\n");

    let history = repo.history();
    assert_eq!(
        history.changed_since("main").unwrap(),
        [
            changed("a", Status::Modified, None, false),
            changed("c", Status::Added, None, true)
        ]
    );
    for name in ["nothing", "--output=x", ""] {
        let error = history.changed_since(name).unwrap_err();
        assert_eq!(
            error,
            crate::history::NoHistory::NoRevision {
                name: name.to_owned()
            }
        );
    }
}
