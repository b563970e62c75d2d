//! What a change to one plan costs among many, and a brief.

use std::fs;

use anyhow::{Context as _, Result};

use super::measure::{Side, alternate};
use super::table::{Row, Table, time, wall};
use super::{Bench, Repository, fresh};
use crate::run::note;

/// Plans of the repository in which a brief is asked for.
const PLANS: usize = 1_000;

impl Bench {
    /// Ticks a task where nothing else has changed.
    pub(super) fn tick(
        &self,
        repository: &Repository,
        table: &mut Table,
        rounds: usize,
    ) -> Result<()> {
        let (cache, state) = (self.dir.join("cache-tick"), self.dir.join("state-tick"));
        fresh(&cache)?;
        fresh(&state)?;
        let (path, line) = open_task(repository)?;
        let item = format!("{path}:{line}");
        let file = repository.dir.join(&path);
        let original = fs::read(&file)?;
        let reopened = || -> Result<()> {
            fs::write(&file, &original)?;
            self.rest(repository, &cache, "status")
        };
        let tick = || {
            let mut command = self.plan(repository, &cache, "tick")();
            command.arg(&item).env("PLANWRIGHT_STATE_DIR", &state);
            command
        };
        let open_again = || -> Result<()> {
            let mut reopen = self.plan(repository, &cache, "reopen")();
            reopen.arg(&item).env("PLANWRIGHT_STATE_DIR", &state);
            reopen.stdout(std::process::Stdio::null()).status()?;
            Ok(())
        };
        let log = || {
            let mut command = self.plan(repository, &cache, "log")();
            command.args([path.as_str(), "One more note", "--author", "ann"]);
            command.env("PLANWRIGHT_STATE_DIR", &state);
            command
        };
        let measured = alternate(
            rounds,
            [
                Side::new("plan tick, warm", tick).after(reopened),
                Side::new("plan tick after another write", tick).after(open_again),
                Side::new("plan log, warm", log).after(reopened),
                Side::new("plan status, warm", self.plan(repository, &cache, "status"))
                    .after(|| self.rest(repository, &cache, "status")),
            ],
        );
        fs::write(&file, &original)?;
        let [tick, again, log, status] = measured?;
        let bounded = repository.documents <= 10_000;
        table.push(&Row {
            documents: repository.documents,
            what: "warm `plan tick` beside warm `plan status`",
            subject: wall(&tick),
            yardstick: wall(&status),
            figure: time(tick.median()),
            target: bounded.then(|| ("15 ms", tick.median() <= 0.015)),
        });
        table.push(&Row {
            documents: repository.documents,
            what: "the same in CPU time",
            subject: time(tick.cpu()),
            yardstick: time(status.cpu()),
            figure: format!("{:.2} x", tick.cpu() / status.cpu()),
            target: None,
        });
        for (what, write) in [
            ("`plan tick` after another write to the plan", again),
            ("warm `plan log`", log),
        ] {
            table.push(&Row {
                documents: repository.documents,
                what,
                subject: wall(&write),
                yardstick: wall(&status),
                figure: time(write.median()),
                target: None,
            });
        }
        fs::remove_dir_all(cache)?;
        Ok(fs::remove_dir_all(state)?)
    }

    /// Asks what has to be known of a plan.
    pub(super) fn brief(&self, table: &mut Table) -> Result<()> {
        let repository = self.repository(PLANS)?;
        note(&format!("measuring at {PLANS} documents"));
        let cache = self.dir.join("cache-brief");
        fresh(&cache)?;
        let (path, _) = open_task(&repository)?;
        let of_plan = || {
            let mut command = self.plan(&repository, &cache, "brief")();
            command.arg(&path);
            command
        };
        let [plan, session] = alternate(
            self.rounds * 2,
            [
                Side::new("plan brief PLAN, warm", of_plan),
                Side::new("plan brief, warm", self.plan(&repository, &cache, "brief")),
            ],
        )?;
        for (what, brief) in [
            ("warm `plan brief` of a plan", plan),
            ("warm `plan brief` of a session", session),
        ] {
            table.push(&Row {
                documents: PLANS,
                what,
                subject: wall(&brief),
                yardstick: String::new(),
                figure: time(brief.median()),
                target: Some(("30 ms", brief.median() <= 0.030)),
            });
        }
        Ok(fs::remove_dir_all(cache)?)
    }
}

/// The path from the root and the line of a task that is open.
fn open_task(repository: &Repository) -> Result<(String, usize)> {
    let files = ignore::WalkBuilder::new(&repository.dir)
        .sort_by_file_name(Ord::cmp)
        .build()
        .filter_map(Result::ok)
        .map(ignore::DirEntry::into_path)
        .filter(|path| path.components().any(|part| part.as_os_str() == "active"));
    for path in files {
        let text = fs::read_to_string(&path).unwrap_or_default();
        if let Some(line) = text.lines().position(|line| line.starts_with("- [ ] ")) {
            let inside = path.strip_prefix(&repository.dir)?;
            return Ok((inside.to_string_lossy().replace('\\', "/"), line + 1));
        }
    }
    None.context("the repository holds no open task")
}
