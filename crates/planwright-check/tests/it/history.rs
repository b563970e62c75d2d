//! Where there is no history, or not all of it, the rules that ask it say nothing.

use std::fs;
use std::path::Path;

use planwright_check::{Config, Now, Project, Request, check};
use planwright_workspace::{Options, Workspace};

use crate::pages::git;

const PLAN: &str = "# Search\n\n## Progress\n\n- [x] (2025-01-10) Build the index\n- [ ] Rank\n";

/// What the rule that needs the beginning of the history finds, and whether it ran.
fn look(dir: &Path) -> (usize, bool) {
    let options = Options {
        dir: dir.to_owned(),
        cache_dir: None,
    };
    let ws = Workspace::open(&options).unwrap();
    let now = Now::noon("2026-03-02".parse().unwrap());
    let project = Project::read(&ws, Config::default(), now, &[]);
    let request = Request {
        select: vec!["date-before-repository".to_owned()],
        ..Request::default()
    };
    let report = check(&project, &request);
    (report.findings.len(), !report.rules.is_empty())
}

fn repository() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("origin");
    fs::create_dir_all(folder.join("docs/execplans")).unwrap();
    fs::write(folder.join("docs/execplans/search.md"), PLAN).unwrap();
    git(&folder, &["init", "-q", "-b", "main"], None);
    dir
}

#[test]
fn rules_that_need_the_history_run_only_where_all_of_it_is_there() {
    let dir = repository();
    let origin = dir.path().join("origin");
    assert_eq!(look(&origin), (0, false), "before the first commit");

    git(&origin, &["add", "-A"], None);
    git(&origin, &["commit", "-q", "-m", "Plan"], Some("2026-01-10"));
    git(
        &origin,
        &["commit", "-q", "--allow-empty", "-m", "Work"],
        Some("2026-01-11"),
    );
    assert_eq!(look(&origin), (1, true));

    let url = format!("file://{}", origin.display());
    git(
        dir.path(),
        &["clone", "-q", "--depth", "1", &url, "shallow"],
        None,
    );
    let shallow = dir.path().join("shallow");
    assert_eq!(look(&shallow), (0, false), "without the older commits");

    fs::remove_dir_all(shallow.join(".git")).unwrap();
    fs::create_dir(shallow.join(".git")).unwrap();
    assert_eq!(look(&shallow), (0, false), "without a repository");
}

#[test]
fn a_plan_that_git_shows_to_be_idle_is_not_called_stale_as_well() {
    let dir = tempfile::tempdir().unwrap();
    let plan = "# Search\n\nStatus: In Progress\n\n## Progress\n\n\
                - [x] (2025-11-01) Build the index\n- [ ] Rank\n";
    fs::create_dir_all(dir.path().join("docs/execplans")).unwrap();
    fs::write(dir.path().join("docs/execplans/search.md"), plan).unwrap();
    git(dir.path(), &["init", "-q", "-b", "main"], None);
    git(dir.path(), &["add", "-A"], None);
    git(
        dir.path(),
        &["commit", "-q", "-m", "Plan"],
        Some("2025-11-02"),
    );
    let found = || {
        let options = Options {
            dir: dir.path().to_owned(),
            cache_dir: None,
        };
        let ws = Workspace::open(&options).unwrap();
        let now = Now::noon("2026-03-02".parse().unwrap());
        let project = Project::read(&ws, Config::default(), now, &[]);
        let report = check(&project, &Request::default());
        let names = report.findings.iter().map(|found| found.rule.name);
        names.collect::<Vec<_>>()
    };
    assert_eq!(found(), ["stale"], "in a repository that rests");
    git(
        dir.path(),
        &["commit", "-q", "--allow-empty", "-m", "Other work"],
        Some("2026-02-20"),
    );
    assert_eq!(found(), ["idle-plan"]);
}
