//! Incremental equals from scratch.

use std::fs;

use proptest::prelude::*;

use super::{Repo, everything};

/// Something that happens to a repository between two calls.
#[derive(Clone, Debug)]
enum Step {
    /// Writes a file with some boxes, some of them ticked, and commits.
    Write(usize, usize),
    Rename(usize, usize),
    Remove(usize),
    Branch(usize),
    Switch(usize),
    Merge(usize),
    /// Goes back some commits.
    Reset(usize),
    Amend(usize),
    Pack,
    Look,
}

const FILES: [&str; 4] = ["a.md", "docs/b.md", "docs/c d.md", "src/e.rs"];
const BRANCHES: [&str; 3] = ["main", "one", "two"];

fn step() -> impl Strategy<Value = Step> {
    let (file, branch) = (0..FILES.len(), 0..BRANCHES.len());
    prop_oneof![
        6 => (file.clone(), 0..64_usize).prop_map(|(file, ticks)| Step::Write(file, ticks)),
        2 => (file.clone(), file.clone()).prop_map(|(from, to)| Step::Rename(from, to)),
        1 => file.prop_map(Step::Remove),
        2 => branch.clone().prop_map(Step::Branch),
        2 => branch.clone().prop_map(Step::Switch),
        2 => branch.prop_map(Step::Merge),
        1 => (1..4_usize).prop_map(Step::Reset),
        1 => (0..64_usize).prop_map(Step::Amend),
        1 => Just(Step::Pack),
        5 => Just(Step::Look),
    ]
}

fn text(file: usize, ticks: usize) -> String {
    let boxes = (0..6).map(|at| {
        let mark = if ticks >> at & 1 == 1 { 'x' } else { ' ' };
        format!("- [{mark}] T{at} item {at} of {file}\n")
    });
    format!("# Plan {file}\n\n{}", boxes.collect::<String>())
}

/// Does what can be done of a step; much of it cannot.
fn apply(repo: &Repo, step: &Step) {
    match *step {
        Step::Write(file, ticks) => {
            repo.write(FILES[file], &text(file, ticks));
            repo.commit();
        }
        Step::Rename(from, to) => {
            fs::create_dir_all(repo.path("docs")).unwrap();
            fs::create_dir_all(repo.path("src")).unwrap();
            let _ = repo.try_git(&["mv", FILES[from], FILES[to]]);
            repo.commit();
        }
        Step::Remove(file) => {
            let _ = fs::remove_file(repo.path(FILES[file]));
            repo.commit();
        }
        Step::Branch(branch) => {
            let _ = repo.try_git(&["branch", BRANCHES[branch]]);
        }
        Step::Switch(branch) => {
            let _ = repo.try_git(&["checkout", "--quiet", BRANCHES[branch]]);
        }
        Step::Merge(branch) => {
            repo.merge(BRANCHES[branch]);
            repo.commit();
        }
        Step::Reset(count) => {
            let back = format!("HEAD~{count}");
            let _ = repo.try_git(&["reset", "--quiet", "--hard", &back]);
        }
        Step::Amend(ticks) => {
            repo.write(FILES[0], &text(0, ticks));
            repo.git(&["add", "--all"]);
            let _ = repo.try_git(&["commit", "--quiet", "--amend", "--message=again"]);
            repo.pass();
        }
        Step::Pack => {
            repo.git(&["pack-refs", "--all"]);
        }
        Step::Look => {
            repo.history();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, max_shrink_iters: 60, ..ProptestConfig::default() })]

    #[test]
    fn what_is_known_and_what_is_read_anew_are_the_same(
        steps in prop::collection::vec(step(), 1..25)
    ) {
        let repo = Repo::new();
        for step in &steps {
            apply(&repo, step);
        }
        // The last look may have to read much or nothing.
        prop_assert_eq!(everything(&repo.history()), everything(&repo.anew()));
        prop_assert_eq!(everything(&repo.history()), everything(&repo.anew()));
    }
}
