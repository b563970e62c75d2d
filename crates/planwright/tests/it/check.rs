use std::fs;

use insta::assert_snapshot;

use crate::runner::Repo;

/// A repository with a plan that is at odds with itself, with a rule and with the tree.
fn shop() -> Repo {
    let repo = Repo::empty();
    let docs = repo.path().join("docs/plans");
    fs::create_dir_all(&docs).unwrap();
    fs::write(repo.path().join("docs/ranking.md"), "# Ranking\n").unwrap();
    fs::write(
        docs.join("search.md"),
        "---\nstatus: active\nowner: ann\nowner: ann\n---\n\n# Search\n\n\
         See the [ranking](ranking.md).\n\n## Tasks\n\n- [x] Build the index\n",
    )
    .unwrap();
    repo
}

fn config(repo: &Repo, text: &str) {
    fs::create_dir_all(repo.path().join(".planwright")).unwrap();
    fs::write(repo.path().join(".planwright/config.toml"), text).unwrap();
}

#[test]
fn findings_fail_at_the_level_that_is_asked_for() {
    let repo = shop();
    assert_snapshot!(repo.plan("check --format concise"), @"
    exit code: 0
    ----- stdout -----
    docs/plans/search.md:2:9: warning[all-items-done] says `active`, and its only task is done
    docs/plans/search.md:4:1: warning[duplicate-key] `owner` stands twice; the first counts
    docs/plans/search.md:9:19: warning[dangling-link] this links to `docs/plans/ranking.md`, which is not there
    ");
    assert!(
        repo.plan("check --fail-on warning")
            .starts_with("exit code: 1\n")
    );
    assert!(
        repo.plan("check")
            .contains("rules did not run: not a git repository"),
        "what could not be looked at is told"
    );
    assert_snapshot!(Repo::empty().plan("check --select structure"), @"
    exit code: 0
    ----- stdout -----
    0 documents, nothing found
    ");
}

#[test]
fn rules_are_selected_and_ignored_by_name_code_and_category() {
    let repo = shop();
    let rules = |line: &str| {
        let said = repo.plan(&format!("check --format concise {line}"));
        let names = said.lines().filter_map(|line| {
            let (_, rest) = line.split_once('[')?;
            Some(rest.split_once(']')?.0.to_owned())
        });
        names.collect::<Vec<String>>().join(" ")
    };
    assert_eq!(rules("--select state,PW3"), "all-items-done dangling-link");
    assert_eq!(rules("--ignore structure --ignore PW301"), "all-items-done");
    assert_eq!(rules("--select PW102 docs/plans"), "duplicate-key");
    assert_eq!(rules("--select PW102 docs/ranking.md"), "");
    assert_eq!(rules("search"), rules("docs/plans/search.md"));
    assert_snapshot!(repo.plan("check --select dangling-lnk"), @"
    exit code: 2
    ----- stderr -----
    error: there is no rule `dangling-lnk`
      did you mean: dangling-link
      try: plan explain
    ");
}

#[test]
fn fixes_are_shown_then_made_and_then_there_are_none() {
    let repo = shop();
    let path = repo.path().join("docs/plans/search.md");
    let before = fs::read_to_string(&path).unwrap();
    assert_snapshot!(repo.plan("check --fix --dry-run"), @"
    exit code: 0
    ----- stdout -----
    --- a/docs/plans/search.md
    +++ b/docs/plans/search.md
    @@ -1,12 +1,11 @@
     ---
     status: active
     owner: ann
    -owner: ann
     ---
     
     # Search
     
    -See the [ranking](ranking.md).
    +See the [ranking](../ranking.md).
     
     ## Tasks
    ");
    assert_eq!(fs::read_to_string(&path).unwrap(), before);
    assert_snapshot!(repo.plan("check --fix --format concise"), @"
    exit code: 0
    ----- stdout -----
    docs/plans/search.md:2:9: warning[all-items-done] says `active`, and its only task is done
    ");
    let after = fs::read_to_string(&path).unwrap();
    assert_eq!(
        after,
        before
            .replacen("owner: ann\n", "", 1)
            .replace("(ranking", "(../ranking")
    );
    repo.plan("check --fix");
    assert_eq!(fs::read_to_string(&path).unwrap(), after);
    let said = repo.plan("undo");
    assert!(said.contains("check --fix"), "{said}");
    assert_eq!(fs::read_to_string(&path).unwrap(), before);
}

#[test]
fn fixes_of_several_rounds_and_files_are_taken_back_together() {
    let repo = shop();
    let docs = repo.path().join("docs/plans");
    let path = docs.join("search.md");
    // Of two fixes that touch, the second waits for the next round.
    let thrice = "owner: ann\nowner: ann\nowner: ann\n";
    let text = fs::read_to_string(&path).unwrap();
    let text = text.replacen("owner: ann\nowner: ann\n", thrice, 1);
    fs::write(&path, &text).unwrap();
    fs::write(docs.join("till.md"), text.replace("# Search", "# Till")).unwrap();
    repo.plan("check --fix");
    let after = fs::read_to_string(&path).unwrap();
    assert_eq!(after.matches("owner").count(), 1, "{after}");
    repo.plan("undo");
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
    let other = fs::read_to_string(docs.join("till.md")).unwrap();
    assert_eq!(other, text.replace("# Search", "# Till"));
}

#[test]
fn nothing_is_fixed_in_what_somebody_else_holds() {
    let repo = shop();
    let path = repo.path().join("docs/plans/search.md");
    let before = fs::read_to_string(&path).unwrap();
    let by = |actor: &str, args: &[&str]| {
        let mut command = repo.command(args);
        repo.run(command.env("PLANWRIGHT_ACTOR", actor))
    };
    by("ann/1", &["claim", "search"]);
    let said = by("bob/1", &["check", "--fix"]);
    assert!(
        said.starts_with("exit code: 1") && said.contains("ann"),
        "{said}"
    );
    assert_eq!(fs::read_to_string(&path).unwrap(), before);
}

#[test]
fn the_configuration_decides_and_its_errors_have_a_place() {
    let repo = shop();
    config(
        &repo,
        "[check.rules]\nduplicate-key = \"off\"\nstate = \"error\"\n\n\
         [[check.paths]]\npaths = [\"docs/plans\"]\nrules = { dangling-link = \"info\" }\n",
    );
    assert_snapshot!(repo.plan("check --format concise"), @"
    exit code: 1
    ----- stdout -----
    docs/plans/search.md:2:9: error[all-items-done] says `active`, and its only task is done
    docs/plans/search.md:9:19: info[dangling-link] this links to `docs/plans/ranking.md`, which is not there
    ");
    config(&repo, "[check.rules]\nduplicate-keys = \"off\"\n");
    assert_snapshot!(repo.plan("check"), @"
    exit code: 2
    ----- stderr -----
    error: .planwright/config.toml:2:1: there is no rule or category `duplicate-keys`
      note: did you mean `duplicate-key`?
    ");
}

#[test]
fn the_baseline_leaves_only_what_is_new() {
    let repo = shop();
    assert_snapshot!(repo.plan("check --write-baseline known.json"), @"
    exit code: 0
    ----- stdout -----
    3 findings in known.json
    ");
    assert_snapshot!(repo.plan("check --baseline known.json --select structure,state,PW301"), @"
    exit code: 0
    ----- stdout -----
    1 document, nothing found
    3 findings are in the baseline
    ");
    let path = repo.path().join("docs/plans/search.md");
    let text = fs::read_to_string(&path).unwrap();
    let text = text.replace(
        "# Search\n",
        "# Search\n\nA line more, and [another](x.md).\n",
    );
    fs::write(&path, text).unwrap();
    assert_snapshot!(repo.plan("check --baseline known.json --format concise"), @"
    exit code: 0
    ----- stdout -----
    docs/plans/search.md:9:28: warning[dangling-link] this links to `docs/plans/x.md`, which is not there
    ");
    assert!(
        repo.plan("check --baseline gone.json")
            .starts_with("exit code: 2\n")
    );
}

#[test]
fn a_scope_is_what_is_there_and_nothing_else() {
    let repo = shop();
    fs::create_dir_all(repo.path().join("docs/empty")).unwrap();
    assert_snapshot!(repo.plan("check --select structure docs/empty"), @"
    exit code: 0
    ----- stdout -----
    0 documents, nothing found
    ");
    fs::write(
        repo.path().join("docs/plans/other.md"),
        "# Other\n\n- [ ] Task\n",
    )
    .unwrap();
    let said = repo.plan("check --select structure docs/plans/search.md");
    assert!(
        said.contains("1 warning in 1 file of 1 document\n"),
        "{said}"
    );
    assert_snapshot!(repo.plan("check docs/plan"), @"
    exit code: 2
    ----- stderr -----
    error: nothing answers to `docs/plan`
      try: plan list --all
    ");
}

#[test]
fn what_changed_is_told_by_git_from_the_first_commit_on() {
    let repo = shop();
    let git = |args: &[&str]| {
        let mut command = std::process::Command::new("git");
        command
            .current_dir(repo.path())
            .args(["-c", "user.name=Ann", "-c", "user.email=ann@example.org"])
            .args(args)
            .env("GIT_CONFIG_GLOBAL", "/dev/null");
        assert!(command.output().unwrap().status.success(), "git {args:?}");
    };
    fs::remove_dir(repo.path().join(".git")).unwrap();
    let said = repo.plan("check --changed");
    assert!(said.starts_with("exit code: 3\n"), "{said}");
    git(&["init", "--quiet", "--initial-branch=main"]);
    let changed = |line: &str| {
        let said = repo.plan(&format!("check --select structure {line}"));
        let mut lines = said.lines().map(str::to_owned);
        lines.find(|line| line.contains("document")).unwrap()
    };
    assert_eq!(changed("--changed"), "1 warning in 1 file of 1 document");
    git(&["add", "--all"]);
    git(&["commit", "--quiet", "--message=One"]);
    assert_eq!(changed("--changed"), "0 documents, nothing found");
    fs::write(
        repo.path().join("docs/plans/new.md"),
        "# New\n\n- [ ] Task\n",
    )
    .unwrap();
    assert_eq!(changed("--changed"), "1 document, nothing found");
    assert_eq!(changed("--changed=main"), "1 document, nothing found");
    assert_snapshot!(repo.plan("check --changed=nowhere"), @"
    exit code: 2
    ----- stderr -----
    error: `nowhere` is no revision
      note: `--changed` needs a git repository and a revision of it; a shallow clone lacks most
    ");
}

#[test]
fn a_rule_is_explained_by_its_page() {
    let repo = Repo::empty();
    let said = repo.plan("explain PW201");
    assert!(said.contains("# state-disagrees\n"), "{said}");
    assert_eq!(said, repo.plan("explain state-disagrees"));
    assert!(repo.plan("explain").contains("PW201  state-disagrees"));
}
