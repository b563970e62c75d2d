//! `plan check --watch`, with real changes to real files.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::Child;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use insta::assert_snapshot;

use crate::runner::Repo;

/// Long enough for a machine that has much else to do; what goes well never waits so long.
const PATIENCE: Duration = Duration::from_mins(1);

/// How long nothing must happen to count as nothing.
const QUIET: Duration = Duration::from_millis(1500);

/// A running watch; it ends with the test.
struct Watched {
    child: Child,
    lines: Receiver<String>,
}

impl Watched {
    fn start(repo: &Repo, args: &[&str]) -> Self {
        // One pipe for both, so that what is said keeps its order.
        let (reader, writer) = std::io::pipe().unwrap();
        let mut command = repo.command(&["check", "--watch", "--format", "concise"]);
        command
            .args(args)
            // In the repository on purpose: what is kept there is no change.
            .env("PLANWRIGHT_CACHE_DIR", repo.path().join(".cache"))
            .stdout(writer.try_clone().unwrap())
            .stderr(writer);
        let child = command.spawn().unwrap();
        // The command holds the writing ends, too.
        drop(command);
        let (sender, lines) = channel();
        let reader = BufReader::new(reader);
        std::thread::spawn(move || {
            reader
                .lines()
                .all(|line| sender.send(line.unwrap()).is_ok())
        });
        Self { child, lines }
    }

    /// What one run says.
    fn run(&self) -> String {
        let next = || self.lines.recv_timeout(PATIENCE).unwrap();
        let said = std::iter::from_fn(|| Some(next()).filter(|line| !line.starts_with("watching")));
        said.collect::<Vec<String>>().join("\n")
    }

    #[track_caller]
    fn rests(&self) {
        assert_eq!(
            self.lines.recv_timeout(QUIET),
            Err(RecvTimeoutError::Timeout)
        );
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn repo() -> Repo {
    let repo = Repo::empty();
    fs::create_dir_all(repo.path().join("docs/plans")).unwrap();
    plan(&repo, "[x]");
    repo
}

fn plan(repo: &Repo, mark: &str) {
    let text = format!("---\nstatus: active\n---\n\n# Search\n\n## Tasks\n\n- {mark} Index\n");
    put(repo, "docs/plans/search.md", &text);
}

/// Writes a file in one step.
fn put(repo: &Repo, path: impl AsRef<Path>, text: &str) {
    let beside = repo.path().with_extension("new");
    fs::write(&beside, text).unwrap();
    fs::rename(beside, repo.path().join(path)).unwrap();
}

#[test]
fn every_change_is_checked_and_nothing_else_is() {
    let repo = repo();
    let watch = Watched::start(&repo, &["--select", "state,dangling-link"]);
    assert_snapshot!(watch.run(), @"
    docs/plans/search.md:2:9: warning[all-items-done] says `active`, and its only task is done
    1 warning in 1 file of 1 document
    ");
    watch.rests();

    plan(&repo, "[ ]");
    assert_snapshot!(watch.run(), @"1 document, nothing found");

    // A folder that was not there when the watch began.
    fs::create_dir_all(repo.path().join("docs/plans/done")).unwrap();
    watch.run();
    put(
        &repo,
        "docs/plans/done/old.md",
        "# Old\n\nSee [it](it.md).\n",
    );
    assert_snapshot!(watch.run(), @"
    docs/plans/done/old.md:3:10: warning[dangling-link] this links to `docs/plans/done/it.md`, which is not there
    1 warning in 1 file of 2 documents
    ");
    put(&repo, "docs/plans/done/it.md", "# It\n");
    assert_snapshot!(watch.run(), @"3 documents, nothing found");
    watch.rests();

    // What no answer depends on, and what is read only.
    fs::read(repo.path().join("docs/plans/done/it.md")).unwrap();
    fs::write(repo.path().join(".git/index"), "x").unwrap();
    watch.rests();
}

#[test]
fn a_mistake_while_watching_is_told_and_the_watch_goes_on() {
    let repo = repo();
    let watch = Watched::start(&repo, &["--select", "state"]);
    watch.run();
    fs::create_dir_all(repo.path().join(".planwright")).unwrap();
    watch.run();
    let config = ".planwright/config.toml";
    put(&repo, config, "[check.rules]\nstate = \"loud\"\n");
    assert_snapshot!(watch.run(), @"error: .planwright/config.toml:2:9: a level is `off`, `info`, `warning` or `error`");
    put(&repo, config, "[check.rules]\nstate = \"info\"\n");
    assert_snapshot!(watch.run(), @"
    docs/plans/search.md:2:9: info[all-items-done] says `active`, and its only task is done
    1 note in 1 file of 1 document
    ");
}

#[test]
fn what_cannot_be_watched_is_refused() {
    let repo = repo();
    assert_snapshot!(repo.plan("check --watch --format sarif"), @"
    exit code: 2
    ----- stderr -----
    error: --watch shows findings to people and has no other form
      note: use `--format human` or `--format concise`
    ");
    assert!(
        repo.plan("check --watch --fix")
            .starts_with("exit code: 2\n")
    );
    assert!(
        repo.plan("check --watch --select no-such-rule")
            .starts_with("exit code: 2\n")
    );
}
