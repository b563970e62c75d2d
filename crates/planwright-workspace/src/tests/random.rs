//! Incremental equals from scratch.

use std::fs;
use std::sync::Mutex;

use planwright_dialect::Reading;
use proptest::prelude::*;

use super::{Repository, everything, plan};
use crate::{Seen, Visitor};

/// Something that happens to a repository between two calls.
#[derive(Clone, Debug)]
pub(super) enum Change {
    Write(usize, usize, usize),
    Remove(usize, usize),
    Rename((usize, usize), (usize, usize)),
    RemoveFolder(usize),
    RenameFolder(usize, usize),
    Ignore(usize, usize),
    Link(usize, usize),
    Look,
}

const FOLDERS: [&str; 7] = [
    "",
    "docs",
    "docs/plans",
    "docs/plans/deep",
    ".agent",
    "target",
    ".archcore",
];
const FILES: [&str; 6] = [
    "x.md",
    "y.md",
    "z.plan.md",
    "notes.txt",
    "CACHEDIR.TAG",
    ".sync-state.json",
];
const RULES: [&str; 7] = [
    "",
    "x.md\n",
    "*.md\n",
    "deep/\n",
    "/docs/plans\n",
    "!x.md\n",
    "docs\n!docs\n",
];
const RELATIONS: [&str; 3] = [
    r#"{"relations": [{"source": "x.md", "target": "y.md", "type": "extends"}]}"#,
    r#"{"relations": [{"source": "x.md", "target": "no.md", "type": "extends"}]}"#,
    "{",
];
const TITLES: [&str; 3] = ["One", "Two", "A longer title"];

pub(super) fn change() -> impl Strategy<Value = Change> {
    let (folder, file) = (0..FOLDERS.len(), 0..FILES.len());
    let place = (folder.clone(), file.clone());
    prop_oneof![
        5 => (folder.clone(), file.clone(), 0..TITLES.len()).prop_map(|(a, b, c)| Change::Write(a, b, c)),
        2 => (folder.clone(), file.clone()).prop_map(|(a, b)| Change::Remove(a, b)),
        2 => (place.clone(), place).prop_map(|(a, b)| Change::Rename(a, b)),
        1 => (1..FOLDERS.len()).prop_map(Change::RemoveFolder),
        1 => (1..FOLDERS.len(), 1..FOLDERS.len()).prop_map(|(a, b)| Change::RenameFolder(a, b)),
        2 => (folder.clone(), 0..RULES.len()).prop_map(|(a, b)| Change::Ignore(a, b)),
        1 => (folder, file).prop_map(|(a, b)| Change::Link(a, b)),
        4 => Just(Change::Look),
    ]
}

/// Does what can be done of a change; much of it cannot.
pub(super) fn apply(repository: &Repository, change: &Change) {
    let place = |folder: usize, file: usize| format!("{}/{}", FOLDERS[folder], FILES[file]);
    let path =
        |folder: usize, file: usize| repository.path(place(folder, file).trim_start_matches('/'));
    let make = |folder: usize| {
        let _ = fs::create_dir_all(repository.path(FOLDERS[folder]));
    };
    match *change {
        Change::Write(folder, file, title) => {
            make(folder);
            let text = if file == 5 {
                RELATIONS[title].to_owned()
            } else {
                plan(TITLES[title])
            };
            let _ = fs::write(path(folder, file), text);
        }
        Change::Remove(folder, file) => {
            let _ = fs::remove_file(path(folder, file));
        }
        Change::Rename(from, to) => {
            make(to.0);
            let _ = fs::rename(path(from.0, from.1), path(to.0, to.1));
        }
        Change::RemoveFolder(folder) => {
            let _ = fs::remove_dir_all(repository.path(FOLDERS[folder]));
        }
        Change::RenameFolder(from, to) => {
            let _ = fs::rename(repository.path(FOLDERS[from]), repository.path(FOLDERS[to]));
        }
        Change::Ignore(folder, rules) => {
            make(folder);
            let path = repository
                .path(FOLDERS[folder])
                .join([".gitignore", ".ignore"][rules % 2]);
            if RULES[rules].is_empty() {
                let _ = fs::remove_file(path);
            } else {
                let _ = fs::write(path, RULES[rules]);
            }
        }
        Change::Link(folder, file) => {
            make(folder);
            #[cfg(unix)]
            let _ = std::os::unix::fs::symlink("../docs/x.md", path(folder, file));
        }
        Change::Look => {}
    }
}

/// What a visitor is shown.
#[derive(Default)]
struct Paths(Mutex<Vec<(String, u64)>>);

impl Visitor for Paths {
    fn visit(&self, _: &Seen<'_>, reading: Reading, content: u64) {
        let mut seen = self.0.lock().unwrap();
        seen.push((reading.document.path, content));
    }
}

fn check(changes: &[Change], later: bool) -> Result<(), TestCaseError> {
    let repository = Repository::new(&[("docs/plans/x.md", &plan("X"))]);
    let open = || {
        if later {
            repository.open_later()
        } else {
            repository.open()
        }
    };
    open();
    for change in changes.iter().chain([&Change::Look]) {
        apply(&repository, change);
        if matches!(change, Change::Look) {
            let workspace = open();
            prop_assert_eq!(everything(&workspace), everything(&repository.open_anew()));
            let seen = Paths::default();
            let visited = repository.open_with(&seen);
            prop_assert_eq!(everything(&workspace), everything(&visited));
            let mut seen = seen.0.into_inner().unwrap();
            seen.sort();
            let listed = visited
                .entries()
                .map(|entry| (entry.path.to_owned(), entry.content));
            prop_assert_eq!(seen, listed.collect::<Vec<_>>());
        }
    }
    if later {
        prop_assert_eq!(open().freshness().parsed, 0);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_kept_is_what_would_be_read_anew(changes in prop::collection::vec(change(), 1..24)) {
        check(&changes, false)?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn statuses_that_are_trusted_can_be_trusted(changes in prop::collection::vec(change(), 1..24)) {
        check(&changes, true)?;
    }
}
