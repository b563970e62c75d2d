//! Reads a corpus of real plans and reports what was made of it.
//!
//! The corpus is laid out as `<dialect>/<repository>/...`; a folder `@<commit>` in a repository is
//! another state of it. It belongs to others and is not part of this repository.

mod report;
mod survey;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use anyhow::{Context as _, Result};

use self::survey::Survey;
use crate::run::{cargo, line, note, program, root, run, target_dir};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The corpus; `../shared/corpus` beside the repository where none is named.
    dir: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ReportArgs {
    dir: PathBuf,
    plan: PathBuf,
}

/// Builds with optimisation and with panics that can be caught, then reports.
pub(crate) fn main(args: &Args) -> Result<ExitCode> {
    let dir = args
        .dir
        .clone()
        .unwrap_or_else(|| root().join("../shared/corpus"));
    if !dir.is_dir() {
        line(&format!("no corpus at {}; nothing was read", dir.display()));
        return Ok(ExitCode::SUCCESS);
    }
    let dir = dir
        .canonicalize()
        .with_context(|| format!("cannot open {}", dir.display()))?;
    let target = target_dir()?;
    note("building with --profile corpus");
    run(cargo()
        .args([
            "build",
            "--quiet",
            "--profile=corpus",
            "--package=planwright",
            "--package=xtask",
        ])
        .env("CARGO_TARGET_DIR", &target))?;
    let built = target.join("corpus");
    let status = Command::new(built.join(program("xtask")))
        .arg("corpus-report")
        .arg(&dir)
        .arg(built.join(program("plan")))
        .status()?;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Reads everything and prints the report; fails where something panicked.
pub(crate) fn report(args: &ReportArgs) -> Result<ExitCode> {
    let survey = Survey::of(&args.dir)?;
    let mut calls = Vec::new();
    for repository in &survey.repositories {
        calls.push(Call::list(&args.plan, &args.dir, repository)?);
    }
    report::print(&survey, &calls);
    let panicked = survey.files.iter().any(|file| file.panic.is_some())
        || calls.iter().any(|call| !matches!(call.code, Some(0 | 1)));
    Ok(if panicked {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// One call of the binary on the folder of a repository.
struct Call {
    repository: String,
    /// `None` where a signal ended it.
    code: Option<i32>,
    seconds: f64,
    documents: Option<u64>,
    unreadable: usize,
}

impl Call {
    fn list(plan: &Path, corpus: &Path, repository: &str) -> Result<Self> {
        let cache = std::env::temp_dir().join(format!("planwright-corpus-{}", std::process::id()));
        let started = Instant::now();
        let output = Command::new(plan)
            .env("PLANWRIGHT_CACHE_DIR", &cache)
            .arg("-C")
            .arg(corpus.join(repository))
            .args(["list", "--all", "--json"])
            .stdin(Stdio::null())
            .output()
            .with_context(|| format!("cannot start {}", plan.display()))?;
        let seconds = started.elapsed().as_secs_f64();
        if cache.exists() {
            std::fs::remove_dir_all(&cache)?;
        }
        let answer: Option<serde_json::Value> = serde_json::from_slice(&output.stdout).ok();
        let field = |name: &str| answer.as_ref().and_then(|answer| answer.get(name));
        Ok(Self {
            repository: repository.to_owned(),
            code: output.status.code(),
            seconds,
            documents: field("total").and_then(serde_json::Value::as_u64),
            unreadable: field("unreadable")
                .and_then(|list| list.as_array())
                .map_or(0, Vec::len),
        })
    }
}
