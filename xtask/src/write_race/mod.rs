//! `cargo xtask write-race`: processes that write to the same plans at once, without and with
//! somebody who saves the files in between.

mod editor;
mod ledger;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use editor::Saves;
use ledger::{Kind, Outcome, Write, Wrong};

use crate::run::note;
use crate::scratch::{self, Scratch};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// How many processes write at any moment.
    #[arg(long, default_value_t = 64)]
    processes: usize,
    /// How many writes there are.
    #[arg(long, default_value_t = 5000)]
    writes: usize,
    /// How many there are while an editor saves the same files.
    #[arg(long, default_value_t = 1000)]
    edited_writes: usize,
    /// How many plans are written to.
    #[arg(long, default_value_t = 20)]
    files: usize,
    /// How often twenty processes change one task at once.
    #[arg(long, default_value_t = 10)]
    rounds: usize,
    /// The `plan` to try; else one is built without optimisation.
    #[arg(long, value_name = "PATH")]
    plan: Option<PathBuf>,
}

pub(crate) fn main(args: &Args) -> Result<ExitCode> {
    let plan = scratch::plan(args.plan.as_deref())?;
    note("race     writes  refused  lost  doubled  torn  left over  writes/s  median  longest");
    let mut is_fine = true;
    for (name, writes, is_edited) in [
        ("alone", args.writes, false),
        ("edited", args.edited_writes, true),
    ] {
        let scratch = Scratch::new(&plan)?;
        is_fine &= race(&scratch, name, args, writes, is_edited)?;
    }
    let kept = one_task(&Scratch::new(&plan)?, args.rounds)?;
    let made = args.rounds * NEIGHBOURS;
    note(&format!(
        "one task, {NEIGHBOURS} at once: {kept} of {made} changes kept"
    ));
    is_fine &= kept == made;
    Ok(if is_fine {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Runs one race and tells what came of it. True when nothing is wrong.
fn race(scratch: &Scratch, name: &str, args: &Args, count: usize, is_edited: bool) -> Result<bool> {
    let (writes, tasks) = writes(args.files, count);
    let folder = scratch.root().join("docs/plans");
    fs::create_dir_all(&folder)?;
    let files = 0..args.files;
    let plans: Vec<PathBuf> = files
        .clone()
        .map(|file| folder.join(ledger::name(file)))
        .collect();
    for (file, plan) in plans.iter().enumerate() {
        fs::write(plan, ledger::text(file, tasks[file]))?;
    }
    let stop = AtomicBool::new(false);
    let begun = Instant::now();
    let (outcomes, saves) = std::thread::scope(|scope| {
        let editor = is_edited.then(|| scope.spawn(|| editor::edit(&plans, &stop)));
        let outcomes = run_all(scratch, &writes, args.processes);
        stop.store(true, Ordering::SeqCst);
        let saves = editor.map_or(Ok(Saves::default()), |editor| {
            editor
                .join()
                .unwrap_or_else(|_| bail!("the editor broke down"))
        });
        (outcomes, saves)
    });
    let took = begun.elapsed();
    let (outcomes, saves) = (outcomes?, saves?);

    let taken = |write: &Write| {
        saves
            .taken
            .iter()
            .any(|line| line.contains(&write.marker()))
    };
    let taken: BTreeSet<String> = writes
        .iter()
        .filter(|write| taken(write))
        .map(Write::marker)
        .collect();
    let mut wrong = Wrong::default();
    let mut missing = 0;
    for (file, plan) in plans.iter().enumerate() {
        let text = fs::read_to_string(plan)?;
        let all = writes.iter().zip(&outcomes);
        let own: Vec<_> = all.filter(|(write, _)| write.file == file).collect();
        let lines = saves.lines.iter().filter(|(saved, _)| *saved == file);
        let lines: Vec<String> = lines.map(|(_, line)| line.clone()).collect();
        let is_once = |line: &&String| text.matches(line.as_str()).count() == 1;
        missing += lines.iter().filter(|line| !is_once(line)).count();
        let original = ledger::text(file, tasks[file]);
        ledger::check(&text, &original, &own, &lines, &taken, &mut wrong);
    }
    let wanted: Vec<String> = files.map(ledger::name).collect();
    let left = scratch.leftovers("docs/plans", &wanted)?;
    let refused: Vec<&Outcome> = outcomes.iter().filter(|outcome| !outcome.is_done).collect();
    let mut waits: Vec<Duration> = outcomes.iter().map(|outcome| outcome.took).collect();
    waits.sort_unstable();
    let seconds = |at: usize| waits.get(at).map_or(0.0, Duration::as_secs_f64);
    note(&format!(
        "{name:8} {:6} {:8} {:5} {:8} {:5} {:10} {:9.1} {:6.2}s {:7.2}s",
        writes.len(),
        refused.len(),
        wrong.lost,
        wrong.doubled + wrong.shared,
        wrong.torn,
        left.len() + usize::from(scratch.is_pending()),
        f64::from(writes.len() as u32) / took.as_secs_f64(),
        seconds(waits.len() / 2),
        seconds(waits.len().saturating_sub(1)),
    ));
    if is_edited {
        note(&format!(
            "{:8} {} saves by the editor: {missing} of its lines lost; {} writes it overwrote itself",
            "",
            saves.lines.len(),
            taken.len(),
        ));
    }
    for outcome in refused.iter().take(3) {
        note(&format!("{:8} refused: {}", "", outcome.error));
    }
    for name in &left {
        note(&format!("{:8} left over: {name}", ""));
    }
    for told in &wrong.told {
        note(&format!("{:8} {told}", ""));
    }
    Ok(wrong.is_nothing()
        && refused.is_empty()
        && left.is_empty()
        && missing == 0
        && !scratch.is_pending())
}

/// The writes of a race, and how many tasks each plan needs for them.
fn writes(files: usize, count: usize) -> (Vec<Write>, Vec<usize>) {
    let mut random = fastrand::Rng::with_seed(1);
    // One of each plan stays open.
    let mut tasks = vec![1; files];
    let writes = (0..count).map(|number| {
        let file = random.usize(..files);
        let kind = match random.u32(..10) {
            0..5 => {
                tasks[file] += 1;
                Kind::Tick(tasks[file] - 1)
            }
            5..8 => Kind::Log,
            8 => Kind::Add,
            _ if random.bool() => Kind::Pause,
            _ => Kind::Activate,
        };
        Write {
            file,
            kind,
            token: format!("w{number:05}"),
        }
    });
    (writes.collect(), tasks)
}

/// Makes all writes, so many at once.
fn run_all(scratch: &Scratch, writes: &[Write], processes: usize) -> Result<Vec<Outcome>> {
    let next = AtomicUsize::new(0);
    let outcomes = Mutex::new(vec![Outcome::default(); writes.len()]);
    let work = || -> Result<()> {
        loop {
            let at = next.fetch_add(1, Ordering::SeqCst);
            let Some(write) = writes.get(at) else {
                return Ok(());
            };
            let outcome = call(scratch, &write.args())?;
            let mut outcomes = outcomes.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(place) = outcomes.get_mut(at) {
                *place = outcome;
            }
        }
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..processes).map(|_| scope.spawn(work)).collect();
        let mut ended = threads.into_iter().map(|thread| {
            let ended = thread.join();
            ended.unwrap_or_else(|_| bail!("a thread broke down"))
        });
        ended.try_for_each(|ended| ended)
    })?;
    Ok(outcomes
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner))
}

/// Calls `plan` once.
fn call(scratch: &Scratch, args: &[String]) -> Result<Outcome> {
    let begun = Instant::now();
    let output = scratch.command(args.iter().map(String::as_str)).output()?;
    let took = begun.elapsed();
    let is_done = output.status.success();
    let answer: Option<serde_json::Value> = serde_json::from_slice(&output.stdout).ok();
    let is_changed = answer.is_some_and(|answer| answer["done"][0]["changed"] == true);
    let said = String::from_utf8_lossy(&output.stderr);
    Ok(Outcome {
        is_done,
        is_changed,
        error: said.lines().next().unwrap_or_default().to_owned(),
        took,
    })
}

/// How many processes change one task at once.
const NEIGHBOURS: usize = 20;

/// Gives one task that many dependencies at once, again and again; how many are there afterwards.
fn one_task(scratch: &Scratch, rounds: usize) -> Result<usize> {
    let path = scratch.root().join(ledger::path(0));
    fs::create_dir_all(path.parent().context("no folder")?)?;
    let mut kept = 0;
    for _ in 0..rounds {
        fs::write(&path, ledger::text(0, NEIGHBOURS + 1))?;
        let item = format!("{}#T0001", ledger::path(0));
        let ids: Vec<String> = (2..NEIGHBOURS + 2)
            .map(|task| format!("T{task:04}"))
            .collect();
        std::thread::scope(|scope| {
            for id in &ids {
                let args = ["edit", &item, "--depends-on", id].map(str::to_owned);
                scope.spawn(move || call(scratch, &args));
            }
        });
        let text = fs::read_to_string(&path)?;
        let line = text.lines().find(|line| line.starts_with("- [ ] T0001 "));
        let line = line.context("the task is gone")?;
        kept += ids.iter().filter(|id| line.contains(id.as_str())).count();
    }
    Ok(kept)
}
