//! Links, files that cannot be read, and paths that lead out of the repository.

use std::fs;

use super::{Repository, counts, paths, plan};
use crate::Workspace;

fn reasons(workspace: &Workspace) -> Vec<(&str, &str)> {
    workspace
        .unreadable()
        .iter()
        .map(|each| (each.path.as_str(), each.reason.as_str()))
        .collect()
}

#[cfg(unix)]
#[test]
fn links_never_lead_out_or_round() {
    use std::os::unix::fs::symlink;
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("secret.md"), plan("Secret")).unwrap();
    let repository = Repository::new(&[("docs/plans/a.md", &plan("A"))]);
    symlink("..", repository.path("docs/plans/up")).unwrap();
    symlink("loop.md", repository.path("docs/plans/loop.md")).unwrap();
    symlink(outside.path(), repository.path("docs/elsewhere")).unwrap();
    symlink(
        outside.path().join("secret.md"),
        repository.path("docs/plans/secret.md"),
    )
    .unwrap();
    symlink("a.md", repository.path("docs/plans/same.md")).unwrap();
    symlink("nowhere.md", repository.path("docs/plans/dangling.md")).unwrap();
    for round in 0..3 {
        let workspace = repository.open_later();
        assert_eq!(paths(&workspace), ["docs/plans/a.md"], "round {round}");
        assert_eq!(
            reasons(&workspace),
            [
                ("docs/plans/dangling.md", "no such file or directory"),
                ("docs/plans/loop.md", "too many levels of symbolic links"),
                (
                    "docs/plans/secret.md",
                    "a symbolic link that leads out of the repository"
                ),
            ]
        );
        assert_eq!(counts(&workspace).1, u32::from(round == 0));
    }
    let workspace = repository.open();
    assert!(workspace.read("docs/plans/secret.md").is_err());
    assert!(workspace.read("docs/elsewhere/secret.md").is_err());
    assert_eq!(
        workspace.read("docs/plans/same.md").unwrap().document.path,
        "docs/plans/same.md"
    );
}

#[cfg(unix)]
#[test]
fn a_link_to_a_file_that_is_no_candidate_is_read_under_its_own_name() {
    let repository = Repository::new(&[("store/plan", &plan("A"))]);
    fs::create_dir_all(repository.path("docs/plans")).unwrap();
    std::os::unix::fs::symlink("../../store/plan", repository.path("docs/plans/a.md")).unwrap();
    assert_eq!(paths(&repository.open_later()), ["docs/plans/a.md"]);
    repository.write("store/plan", &plan("Changed"));
    assert_eq!(counts(&repository.open_later()), (0, 1, 0));
    assert_eq!(counts(&repository.open_later()), (1, 0, 0));
}

#[cfg(target_os = "linux")]
#[test]
fn a_pipe_is_reported_and_not_waited_for() {
    let repository = Repository::new(&[("docs/plans/a.md", &plan("A"))]);
    let pipe = repository.path("docs/plans/pipe.md");
    let mode = rustix::fs::Mode::from_raw_mode(0o644);
    rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, mode, 0).unwrap();
    let workspace = repository.open();
    assert_eq!(
        reasons(&workspace),
        [("docs/plans/pipe.md", "not a regular file")]
    );
    assert_eq!(
        workspace.read("docs/plans/pipe.md").unwrap_err().reason,
        "not a regular file"
    );
}

#[test]
fn a_file_of_too_many_bytes_is_reported() {
    let repository = Repository::new(&[("docs/plans/a.md", &plan("A"))]);
    let file = fs::File::create(repository.path("docs/plans/big.md")).unwrap();
    file.set_len(crate::parse::LIMIT + 1).unwrap();
    let expected = [(
        "docs/plans/big.md",
        "17 MiB are more than the 16 MiB that are read of one file",
    )];
    assert_eq!(reasons(&repository.open_later()), expected);
    assert_eq!(reasons(&repository.open_later()), expected);
    file.set_len(0).unwrap();
    assert_eq!(reasons(&repository.open_later()), []);
}

#[cfg(unix)]
#[test]
fn what_permissions_forbid_is_reported_until_they_allow_it() {
    use std::os::unix::fs::PermissionsExt;
    let repository = Repository::new(&[
        ("docs/plans/a.md", &plan("A")),
        ("docs/plans/b.md", &plan("B")),
        ("docs/closed/c.md", &plan("C")),
    ]);
    let (file, folder) = (
        repository.path("docs/plans/a.md"),
        repository.path("docs/closed"),
    );
    let set = |path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    repository.open_later();
    set(&file, 0o000);
    set(&folder, 0o000);
    if fs::read(&file).is_ok() {
        eprintln!("not tested: permissions do not bind the superuser");
        set(&folder, 0o755);
        return;
    }
    for _ in 0..2 {
        let workspace = repository.open_later();
        assert_eq!(paths(&workspace), ["docs/plans/b.md"]);
        assert_eq!(
            reasons(&workspace),
            [
                ("docs/closed", "permission denied"),
                ("docs/plans/a.md", "permission denied")
            ]
        );
    }
    set(&file, 0o644);
    set(&folder, 0o755);
    let workspace = repository.open_later();
    assert_eq!(paths(&workspace).len(), 3);
    assert_eq!(reasons(&workspace), []);
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_not_utf8_is_shown_as_well_as_it_can_be_and_read() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let repository = Repository::new(&[("docs/plans/a.md", &plan("A"))]);
    let name = OsStr::from_bytes(b"caf\xE9.md");
    if fs::write(repository.path("docs/plans").join(name), plan("Needle")).is_err() {
        // This file system takes UTF-8 names only.
        return;
    }
    for _ in 0..2 {
        let workspace = repository.open_later();
        assert_eq!(
            paths(&workspace),
            ["docs/plans/a.md", "docs/plans/caf\u{FFFD}.md"]
        );
        assert_eq!(reasons(&workspace), []);
        assert!(workspace.read("docs/plans/caf\u{FFFD}.md").is_ok());
        assert_eq!(workspace.search("needle", &|_| true, 5).len(), 1);
    }
}

#[test]
fn reading_stays_inside_the_root() {
    let parent = tempfile::tempdir().unwrap();
    fs::write(parent.path().join("secret.md"), plan("Secret")).unwrap();
    let repository = Repository::new(&[("docs/plans/a.md", &plan("A"))]);
    let workspace = repository.open();
    let absolute = repository.path("docs/plans/a.md").canonicalize().unwrap();
    for path in [
        "docs/plans/a.md",
        "docs/../docs/plans/./a.md",
        absolute.to_str().unwrap(),
    ] {
        assert_eq!(
            workspace.read(path).unwrap().document.path,
            "docs/plans/a.md",
            "{path}"
        );
    }
    let secret = parent.path().join("secret.md");
    for path in [
        "../secret.md",
        "docs/../../secret.md",
        secret.to_str().unwrap(),
        "/etc/passwd",
    ] {
        assert_eq!(
            workspace.read(path).unwrap_err().reason,
            "the path leads out of the repository",
            "{path}"
        );
    }
    assert_eq!(
        workspace.read("docs/plans/none.md").unwrap_err().reason,
        "no such file or directory"
    );
    assert!(workspace.read("docs/plans").is_err());
    assert!(workspace.read("").is_err());
}

#[test]
fn a_file_that_is_ignored_can_be_read_by_name() {
    let repository = Repository::new(&[("docs/plans/a.md", &plan("A")), (".gitignore", "a.md\n")]);
    let workspace = repository.open();
    assert!(workspace.is_empty());
    assert!(workspace.read("docs/plans/a.md").is_ok());
}

#[test]
fn the_root_is_the_nearest_marked_folder() {
    let repository = Repository::new(&[("team/docs/plans/a.md", &plan("A"))]);
    let top = repository.path("").canonicalize().unwrap();
    assert_eq!(repository.open_in("team/docs").root(), top);
    fs::create_dir(repository.path("team/.planwright")).unwrap();
    let workspace = repository.open_in("team/docs");
    assert_eq!(workspace.root(), top.join("team"));
    assert_eq!(paths(&workspace), ["docs/plans/a.md"]);
}

#[test]
fn rules_above_a_root_inside_a_repository_hold() {
    let repository = Repository::new(&[("team/docs/plans/a.md", &plan("A"))]);
    fs::create_dir(repository.path("team/.planwright")).unwrap();
    assert_eq!(paths(&repository.open_in("team")).len(), 1);
    repository.write(".gitignore", "/team/docs/plans\n");
    assert!(repository.open_in("team").is_empty());
}

#[test]
fn a_folder_that_is_not_there_says_so() {
    let repository = Repository::new(&[("a.md", "")]);
    for dir in ["nowhere", "a.md"] {
        let options = crate::Options {
            dir: repository.path(dir),
            cache_dir: None,
        };
        let error = Workspace::open(&options).unwrap_err().to_string();
        assert!(
            error.starts_with("cannot open ") && error.contains(dir),
            "{error}"
        );
    }
}
