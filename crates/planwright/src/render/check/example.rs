//! Checks of small repositories, for the tests of the renderers.

use planwright_ops::check::{Answer, Fixing, Now, Request, run};
use planwright_workspace::{Options, Workspace};
use tempfile::TempDir;

/// A small repository.
pub(crate) fn answer() -> Answer {
    let dir = tempfile::tempdir().unwrap();
    let docs = dir.path().join("docs");
    std::fs::create_dir_all(docs.join("plans")).unwrap();
    std::fs::write(docs.join("ranking.md"), "# Ranking\n").unwrap();
    std::fs::write(
        docs.join("plans/search.md"),
        "---\nstatus: active\nowner: ann\nowner: ann\n---\n\n# Search\n\n**Status:** Completed\n\n\
         See the [ranking](ranking.md).\n\n## Tasks\n\n- [x] Build the index\n- [ ] Rank the results\n",
    )
    .unwrap();
    checked(&dir)
}

/// A repository with the same fault in many places.
pub(crate) fn many() -> Answer {
    let dir = tempfile::tempdir().unwrap();
    let plans = dir.path().join("docs/plans");
    std::fs::create_dir_all(&plans).unwrap();
    for number in 1..=6 {
        let text = format!("# Plan {number}\n\nSee the [guide](../guide.md).\n\n- [ ] Task\n");
        std::fs::write(plans.join(format!("{number}.md")), text).unwrap();
    }
    checked(&dir)
}

fn checked(dir: &TempDir) -> Answer {
    let options = Options {
        dir: dir.path().to_owned(),
        cache_dir: None,
    };
    let request = Request {
        targets: Vec::new(),
        select: Vec::new(),
        ignore: Vec::new(),
        changed: None,
        baseline: None,
        fixing: Fixing::Preview,
        sources: true,
        fingerprints: true,
        now: Now::noon("2026-03-02".parse().unwrap()),
    };
    let mut answer = run(&Workspace::open(&options).unwrap(), &request, None).unwrap();
    // How many rules ask git is none of the renderers' business.
    answer.skipped = None;
    answer
}
