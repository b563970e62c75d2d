//! Whether a brief holds what it should, beside simpler ways to find it.
//!
//! Two trials over repositories of others. *Hidden relations*: a relation that a document declares is
//! taken out of the files, and the brief of that document should still hold the other one. *Commits*:
//! of a commit that changes code and a plan, the message is asked at its parent, and the brief should
//! hold the sections that the commit went on to edit.

mod baseline;
mod history;
mod relations;
mod shown;
mod table;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::Result;
use planwright_ops::brief::{self, Answer, Request, Target};
use planwright_workspace::Workspace;

use self::shown::Shown;
use self::table::Table;
use crate::run::{cargo, line, note, program, root, run, target_dir};

/// The budgets that are tried.
const BUDGETS: [u32; 4] = [1_000, 2_000, 4_000, 8_000];

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Folders `<group>/<repository>`; `../shared/corpus` beside the repository where none is named.
    #[arg(long)]
    corpus: Option<PathBuf>,
    /// Clones with their history, or their git directories.
    #[arg(long, num_args = 1..)]
    history: Vec<PathBuf>,
    /// More of them, on which nothing was tuned; they get a table of their own.
    #[arg(long, num_args = 1..)]
    held_out: Vec<PathBuf>,
    /// Ask with the whole message of a commit instead of its subject.
    #[arg(long)]
    whole_message: bool,
    /// Commits that are tried at most in one repository.
    #[arg(long, default_value_t = 8)]
    commits: usize,
    /// Relations that are tried at most in one repository.
    #[arg(long, default_value_t = 60)]
    most: usize,
    /// Show every miss.
    #[arg(long)]
    misses: bool,
}

/// Builds with optimisation, then measures.
pub(crate) fn main(args: &Args) -> Result<ExitCode> {
    let target = target_dir()?;
    note("building with --profile corpus");
    run(cargo()
        .args(["build", "--quiet", "--profile=corpus", "--package=xtask"])
        .env("CARGO_TARGET_DIR", &target))?;
    let mut command = Command::new(target.join("corpus").join(program("xtask")));
    command.args(["brief-eval-report", "--most", &args.most.to_string()]);
    if args.misses {
        command.arg("--misses");
    }
    let corpus = args
        .corpus
        .clone()
        .unwrap_or_else(|| root().join("../shared/corpus"));
    command.arg("--corpus").arg(corpus);
    if args.whole_message {
        command.arg("--whole-message");
    }
    command.args(["--commits", &args.commits.to_string()]);
    for (name, clones) in [("--history", &args.history), ("--held-out", &args.held_out)] {
        if !clones.is_empty() {
            command.arg(name).args(clones);
        }
    }
    let status = command.status()?;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Runs both trials and prints their tables; fails where a goal is missed.
pub(crate) fn report(args: &Args) -> Result<ExitCode> {
    let mut is_met = true;
    if let Some(corpus) = args.corpus.as_deref().filter(|corpus| corpus.is_dir()) {
        let trial = relations::trial(corpus, args.most, args.misses)?;
        is_met &= print("Hidden relations", &trial);
    } else {
        line("no corpus; no relation was hidden");
    }
    for (title, clones) in [
        ("Commits", &args.history),
        ("Commits, held out", &args.held_out),
    ] {
        if !clones.is_empty() {
            is_met &= print(title, &history::trial(clones, args)?);
        }
    }
    Ok(if is_met {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn print(title: &str, table: &Table) -> bool {
    line(&format!("\n## {title}\n\n{table}"));
    table.is_met()
}

/// A brief as a user gets it.
fn asked(ws: &Workspace, target: Option<&str>, text: Option<&str>, budget: u32) -> Result<Answer> {
    let request = Request {
        targets: target
            .map(|path| Target {
                word: path.to_owned(),
                path: Some(path.to_owned()),
            })
            .into_iter()
            .collect(),
        text: text.map(str::to_owned),
        budget,
        today: "2026-03-01".to_owned(),
        ..Request::default()
    };
    Ok(brief::run(ws, &request)?)
}

/// What a brief shows.
fn shown(answer: &Answer) -> Shown {
    let mut shown = Shown::default();
    for piece in &answer.pieces {
        if let (Some(path), Some(first), Some(last)) = (&piece.path, piece.line, piece.end_line) {
            if piece.part == "outline" || piece.part == "touches" {
                shown.name(path);
            } else {
                shown.lines(path, first, last);
            }
        }
    }
    shown
}

/// The folders two levels below one.
fn folders(dir: &Path) -> Result<Vec<PathBuf>> {
    let mut all = Vec::new();
    for group in std::fs::read_dir(dir)?
        .flatten()
        .filter(|entry| entry.path().is_dir())
    {
        let inside = std::fs::read_dir(group.path())?
            .flatten()
            .map(|entry| entry.path());
        all.extend(inside.filter(|path| path.is_dir()));
    }
    all.sort();
    Ok(all)
}
