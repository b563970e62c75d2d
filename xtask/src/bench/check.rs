//! What a check costs beside what it has to know anyway.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::Result;

use super::measure::{Series, Side, alternate};
use super::table::{Row, Table, time, wall};
use super::{Bench, Repository, fresh};
use crate::run::note;

/// Plans and commits of the repository in which rules ask the history.
const PLANS: usize = 1_000;
const COMMITS: usize = 10_000;

impl Bench {
    /// Checks without git beside an overview that knows nothing yet.
    pub(super) fn check(
        &self,
        repository: &Repository,
        table: &mut Table,
        rounds: usize,
    ) -> Result<()> {
        let folder = |name: &str| self.dir.join(format!("cache-check-{name}"));
        let (status, cold, warm) = (folder("status"), folder("cold"), folder("warm"));
        fresh(&warm)?;
        let without_git = |verb: &'static str, cache: &'static str| {
            let cache = folder(cache);
            move || {
                let mut command = self.plan(repository, &cache, verb)();
                command.env("PATH", "");
                command
            }
        };
        let [status, cold, warm, changed] = with_changes(repository, || {
            alternate(
                rounds,
                [
                    Side::new("plan status, cold", without_git("status", "status"))
                        .after(|| fresh(&status)),
                    Side::new("plan check, cold", without_git("check", "cold"))
                        .may_exit_with(&[0, 1])
                        .after(|| fresh(&cold)),
                    Side::new("plan check, warm", without_git("check", "warm"))
                        .may_exit_with(&[0, 1])
                        .after(|| self.rest(repository, &warm, "check")),
                    Side::new("plan check, one file changed", without_git("check", "warm"))
                        .may_exit_with(&[0, 1])
                        .after(|| change(repository)),
                ],
            )
        })?;
        let ratio = cold.median() / status.median();
        let beside = |what, subject: &Series, target| Row {
            documents: repository.documents,
            what,
            subject: wall(subject),
            yardstick: wall(&status),
            figure: format!("{:.2} x", subject.median() / status.median()),
            target,
        };
        table.push(&beside(
            "cold `plan check` without git beside cold `plan status`",
            &cold,
            Some(("1.5 x", ratio <= 1.5)),
        ));
        table.push(&Row {
            documents: repository.documents,
            what: "the same in CPU time",
            subject: time(cold.cpu()),
            yardstick: time(status.cpu()),
            figure: format!("{:.2} x", cold.cpu() / status.cpu()),
            target: None,
        });
        table.push(&beside("warm `plan check` beside it", &warm, None));
        table.push(&beside("after one file changed", &changed, None));
        for name in ["status", "cold", "warm"] {
            fs::remove_dir_all(folder(name))?;
        }
        Ok(())
    }

    /// Checks with git in a repository with a history.
    pub(super) fn check_with_history(&self, table: &mut Table) -> Result<()> {
        let name = format!("history-{PLANS}-{COMMITS}-v{}", crate::generate::VERSION);
        let commits = COMMITS.to_string();
        let repository = self.generated(&name, PLANS, &["--commits", &commits])?;
        note(&format!(
            "measuring at {PLANS} documents and {COMMITS} commits"
        ));
        let (cold_cache, cache) = (self.dir.join("cache-git-cold"), self.dir.join("cache-git"));
        fresh(&cache)?;
        let [cold, warm, changed] = with_changes(&repository, || {
            alternate(
                self.rounds,
                [
                    Side::new(
                        "plan check, cold",
                        self.plan(&repository, &cold_cache, "check"),
                    )
                    .may_exit_with(&[0, 1])
                    .after(|| fresh(&cold_cache)),
                    Side::new("plan check, warm", self.plan(&repository, &cache, "check"))
                        .may_exit_with(&[0, 1])
                        .after(|| self.rest(&repository, &cache, "check")),
                    Side::new(
                        "plan check, one file changed",
                        self.plan(&repository, &cache, "check"),
                    )
                    .may_exit_with(&[0, 1])
                    .after(|| change(&repository)),
                ],
            )
        })?;
        let row = |what, series: &Series, target| Row {
            documents: PLANS,
            what,
            subject: wall(series),
            yardstick: String::new(),
            figure: time(series.median()),
            target,
        };
        let is_met = cold.median() <= 2.0;
        table.push(&row(
            "cold `plan check`, 10,000 commits",
            &cold,
            Some(("2 s", is_met)),
        ));
        table.push(&row("warm", &warm, None));
        let is_met = changed.median() <= 0.050;
        table.push(&row(
            "after one file changed",
            &changed,
            Some(("50 ms", is_met)),
        ));
        fs::remove_dir_all(&cold_cache)?;
        fs::remove_dir_all(&cache)?;
        Ok(())
    }

    /// Lets a verb see what the call before it changed.
    pub(super) fn rest(&self, repository: &Repository, cache: &Path, verb: &str) -> Result<()> {
        settle();
        let mut command: Command = self.plan(repository, cache, verb)();
        command.stdout(std::process::Stdio::null()).status()?;
        settle();
        Ok(())
    }
}

/// Measures something that changes the victim, and puts it back.
fn with_changes<T>(repository: &Repository, measure: impl FnOnce() -> Result<T>) -> Result<T> {
    let original = fs::read(&repository.victim)?;
    let measured = measure();
    fs::write(&repository.victim, original)?;
    measured
}

/// Longer than the clock of a file system ticks, so that no entry is racy.
fn settle() {
    std::thread::sleep(Duration::from_millis(20));
}

fn change(repository: &Repository) -> Result<()> {
    settle();
    let mut file = fs::OpenOptions::new()
        .append(true)
        .open(&repository.victim)?;
    file.write_all(b"\n- [ ] One more task\n")?;
    settle();
    Ok(())
}
