//! What is found is what lies there now, and what has not changed is not read again.

use std::fs;

use super::{Repository, counts, everything, paths, plan};

fn two_plans() -> Repository {
    Repository::new(&[
        ("docs/plans/a.md", &plan("A")),
        ("docs/plans/b.md", &plan("B")),
    ])
}

#[test]
fn nothing_is_read_again_where_nothing_changed() {
    let repository = two_plans();
    assert_eq!(counts(&repository.open_later()), (0, 2, 0));
    assert_eq!(counts(&repository.open_later()), (2, 0, 0));
    assert_eq!(
        paths(&repository.open_later()),
        ["docs/plans/a.md", "docs/plans/b.md"]
    );
}

#[test]
fn a_file_that_is_added_is_found() {
    let repository = two_plans();
    repository.open_later();
    repository.write("docs/plans/aa.md", &plan("Between"));
    let workspace = repository.open_later();
    assert_eq!(counts(&workspace), (2, 1, 0));
    assert_eq!(
        paths(&workspace),
        ["docs/plans/a.md", "docs/plans/aa.md", "docs/plans/b.md"]
    );
}

#[test]
fn a_file_that_is_changed_is_read_again() {
    let repository = two_plans();
    let before = everything(&repository.open_later());
    repository.write("docs/plans/a.md", &plan("Another title"));
    let workspace = repository.open_later();
    assert_eq!(counts(&workspace), (1, 1, 0));
    assert_eq!(everything(&workspace), everything(&repository.open_anew()));
    assert_eq!(everything(&workspace).len(), before.len());
}

#[test]
fn a_file_that_is_replaced_by_another_of_the_same_size_is_read_again() {
    let repository = two_plans();
    repository.open_later();
    repository.write("docs/plans/new", &plan("C"));
    repository.rename("docs/plans/new", "docs/plans/a.md");
    assert_eq!(counts(&repository.open_later()), (1, 1, 0));
}

#[test]
fn a_file_whose_time_is_set_back_is_read_again() {
    let repository = two_plans();
    repository.open_later();
    let path = repository.path("docs/plans/a.md");
    let time = fs::metadata(&path).unwrap().modified().unwrap();
    fs::write(&path, plan("Z")).unwrap();
    fs::File::options()
        .write(true)
        .open(&path)
        .unwrap()
        .set_modified(time)
        .unwrap();
    assert_eq!(counts(&repository.open_later()), (1, 1, 0));
}

#[test]
fn files_written_a_moment_ago_are_compared_by_content() {
    let repository = two_plans();
    assert_eq!(counts(&repository.open()), (0, 2, 0));
    // Young, so compared; the same, so kept.
    assert_eq!(counts(&repository.open()), (2, 0, 0));
    // The same size within the same tick of the clock.
    repository.write("docs/plans/a.md", &plan("Z"));
    assert_eq!(counts(&repository.open()), (1, 1, 0));
    assert_eq!(counts(&repository.open_later()), (2, 0, 0));
    assert_eq!(counts(&repository.open_later()), (2, 0, 0));
}

#[test]
fn a_file_that_is_removed_is_gone() {
    let repository = two_plans();
    repository.open_later();
    repository.remove("docs/plans/a.md");
    let workspace = repository.open_later();
    assert_eq!(counts(&workspace), (1, 0, 1));
    assert_eq!(paths(&workspace), ["docs/plans/b.md"]);
}

#[test]
fn a_file_that_is_renamed_is_found_under_its_new_name_only() {
    let repository = two_plans();
    repository.open_later();
    repository.rename("docs/plans/a.md", "docs/plans/z.md");
    let workspace = repository.open_later();
    assert_eq!(paths(&workspace), ["docs/plans/b.md", "docs/plans/z.md"]);
    assert_eq!(counts(&workspace), (1, 1, 1));
}

#[test]
fn folders_may_come_go_and_move() {
    let repository = two_plans();
    repository.open_later();
    repository.write(".agent/plans/deep/er/c.md", &plan("C"));
    assert_eq!(paths(&repository.open_later()).len(), 3);
    repository.rename("docs/plans", "docs/old");
    assert_eq!(
        paths(&repository.open_later()),
        [
            ".agent/plans/deep/er/c.md",
            "docs/old/a.md",
            "docs/old/b.md"
        ]
    );
    fs::remove_dir_all(repository.path(".agent")).unwrap();
    assert_eq!(
        paths(&repository.open_later()),
        ["docs/old/a.md", "docs/old/b.md"]
    );
    repository.write("docs/old/deep/d.md", &plan("D"));
    assert_eq!(paths(&repository.open_later()).len(), 3);
}

#[test]
fn ignore_rules_hold_as_soon_as_they_are_written() {
    let repository = two_plans();
    repository.open_later();
    repository.write(".gitignore", "a.md\n");
    assert_eq!(paths(&repository.open_later()), ["docs/plans/b.md"]);
    repository.write(".gitignore", "b.md\n");
    let workspace = repository.open_later();
    assert_eq!(paths(&workspace), ["docs/plans/a.md"]);
    assert_eq!(counts(&workspace).1, 1);
    repository.write("docs/.ignore", "!b.md\n");
    assert_eq!(paths(&repository.open_later()).len(), 2);
    repository.remove(".gitignore");
    repository.write("docs/.ignore", "plans/\n");
    assert!(repository.open_later().is_empty());
    repository.remove("docs/.ignore");
    assert_eq!(paths(&repository.open_later()).len(), 2);
}

#[test]
fn what_went_while_the_rules_changed_is_gone() {
    let repository = two_plans();
    repository.open_later();
    fs::remove_dir_all(repository.path("docs/plans")).unwrap();
    repository.write("docs/plans/c.md", &plan("C"));
    repository.write(".ignore", "nothing.md\n");
    assert_eq!(paths(&repository.open_later()), ["docs/plans/c.md"]);
}

#[cfg(unix)]
#[test]
fn a_file_that_became_a_link_while_the_rules_changed_is_gone() {
    let repository = two_plans();
    repository.open_later();
    repository.remove("docs/plans/a.md");
    std::os::unix::fs::symlink("b.md", repository.path("docs/plans/a.md")).unwrap();
    repository.write(".ignore", "nothing.md\n");
    assert_eq!(paths(&repository.open_later()), ["docs/plans/b.md"]);
}

#[test]
fn ignore_rules_written_twice_in_a_moment_are_not_missed() {
    let repository = two_plans();
    repository.write(".gitignore", "a.md\n");
    assert_eq!(paths(&repository.open()), ["docs/plans/b.md"]);
    repository.write(".gitignore", "b.md\n");
    assert_eq!(paths(&repository.open()), ["docs/plans/a.md"]);
}

#[test]
fn the_repositorys_own_exclude_file_is_watched() {
    let repository = two_plans();
    assert_eq!(paths(&repository.open_later()).len(), 2);
    repository.write(".git/info/exclude", "a.md\n");
    assert_eq!(paths(&repository.open_later()), ["docs/plans/b.md"]);
    repository.remove(".git/info/exclude");
    assert_eq!(paths(&repository.open_later()).len(), 2);
}

#[test]
fn a_nested_repository_has_rules_of_its_own() {
    let repository = two_plans();
    repository.write(".gitignore", "c.md\n");
    repository.write("vendor/docs/plans/c.md", &plan("C"));
    assert_eq!(paths(&repository.open_later()).len(), 2);
    fs::create_dir(repository.path("vendor/.git")).unwrap();
    assert_eq!(paths(&repository.open_later()).len(), 3);
    repository.write("vendor/.git/info/exclude", "plans\n");
    assert_eq!(paths(&repository.open_later()).len(), 2);
}

#[test]
fn build_output_is_left_out_as_soon_as_it_says_so() {
    let repository = two_plans();
    repository.write("target/doc/plans/c.md", &plan("C"));
    assert_eq!(paths(&repository.open_later()).len(), 3);
    repository.write(
        "target/CACHEDIR.TAG",
        "Signature: 8a477f597d28d172789f06886806bc55\n",
    );
    assert_eq!(paths(&repository.open_later()).len(), 2);
    repository.remove("target/CACHEDIR.TAG");
    assert_eq!(paths(&repository.open_later()).len(), 3);
}

#[test]
fn dependencies_and_other_work_trees_are_left_out() {
    let repository = two_plans();
    repository.write("node_modules/x/docs/plans/c.md", &plan("C"));
    repository.write("trees/copy/docs/plans/a.md", &plan("A"));
    repository.write("trees/copy/.git", "gitdir: ../../.git/worktrees/copy\n");
    assert_eq!(paths(&repository.open_later()).len(), 2);
    assert_eq!(paths(&repository.open_later()).len(), 2);
}

#[test]
fn a_change_of_the_teams_dialects_reads_everything_again() {
    let repository = two_plans();
    repository.open_later();
    repository.write(
        ".planwright/dialects/ours/dialect.toml",
        "title = \"Ours\"\n",
    );
    assert_eq!(counts(&repository.open_later()).1, 2);
    assert_eq!(counts(&repository.open_later()).1, 0);
    repository.write(
        ".planwright/dialects/ours/dialect.toml",
        "title = \"Mine\"\n",
    );
    assert_eq!(counts(&repository.open_later()).1, 2);
}

#[test]
fn a_change_is_written_once_for_all_later_calls() {
    let repository = two_plans();
    repository.open_later();
    for round in 0..5 {
        repository.write("docs/plans/b.md", &plan(&format!("Round {round}")));
        assert_eq!(counts(&repository.open_later()), (1, 1, 0));
        let workspace = repository.open_later();
        assert_eq!(counts(&workspace), (2, 0, 0));
        assert_eq!(everything(&workspace), everything(&repository.open_anew()));
    }
}

#[test]
fn a_team_may_bring_templates_alone_and_they_are_no_documents() {
    let repository = Repository::new(&[
        ("docs/plans/a.md", &plan("A")),
        (
            ".planwright/dialects/archcore/templates/plan.md",
            "---\ntitle: \"{{title}}\"\n---\n\n## Our Goal\n",
        ),
    ]);
    let workspace = repository.open();
    assert_eq!(paths(&workspace), ["docs/plans/a.md"]);
    let form = workspace.dialects().template("archcore", "plan").unwrap();
    assert_eq!(form.sections[0].title, "Our Goal");
    assert_eq!(
        form.origin,
        ".planwright/dialects/archcore/templates/plan.md"
    );
}
