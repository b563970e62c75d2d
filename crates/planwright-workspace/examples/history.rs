//! Reads the history of a folder and says how long each step took.
//!
//! `cargo run --release -p planwright-workspace --example history -- DIR [CACHE_DIR]`
//!
//! Without CACHE_DIR everything is read anew.
#![expect(clippy::print_stdout, reason = "an example talks to its user")]

use std::path::{Path, PathBuf};
use std::time::Instant;

use planwright_workspace::history::{History, HistoryOptions, NoHistory, PathSet, Since};

fn main() -> Result<(), NoHistory> {
    let mut args = std::env::args_os().skip(1);
    let dir = args
        .next()
        .map_or_else(|| PathBuf::from("."), PathBuf::from);
    let options = HistoryOptions {
        cache_dir: args.next().map(PathBuf::from),
        ..HistoryOptions::default()
    };
    let step = |name: &str, start: Instant| {
        println!(
            "{name:<10} {:>9.2} ms",
            start.elapsed().as_secs_f64() * 1000.0
        );
    };

    let is_markdown = |path: &str| Path::new(path).extension().is_some_and(|end| end == "md");
    let start = Instant::now();
    let history = History::open(&dir, &options)?;
    step("open", start);
    println!(
        "{:?}, {} commits lead to HEAD",
        history.known(),
        history.len()
    );

    let start = Instant::now();
    let head = history.head();
    let paths: Vec<&str> = history
        .commits()
        .flat_map(|commit| commit.paths().collect::<Vec<_>>())
        .map(|touched| touched.path)
        .collect();
    step("paths", start);
    println!("{} paths touched up to {head:?}", paths.len());

    let mut plans: Vec<&str> = paths.into_iter().filter(|path| is_markdown(path)).collect();
    plans.sort_unstable();
    plans.dedup();
    let start = Instant::now();
    let events: usize = plans
        .iter()
        .map(|path| history.item_events(path).len())
        .sum();
    step("events", start);
    println!("{events} events in {} documents", plans.len());

    let start = Instant::now();
    let mut since = 0;
    for path in &plans {
        if let Some(first) = history.first_touch(path) {
            let code = PathSet::new(["src/", "crates/**/*.rs"]);
            since += history
                .touching(&code, Since::Time(first.committer().seconds))
                .len();
        }
    }
    step("touching", start);
    println!("{since} commits since");

    let start = Instant::now();
    let moved = plans.iter().filter(|path| history.moved_to(path).is_some());
    let moved = moved.count();
    step("moves", start);
    println!("{moved} moved");

    let start = Instant::now();
    let work = history.branch_work();
    step("branch", start);
    println!(
        "{:?}",
        work.map(|work| (work.base.to_owned(), work.commits.len()))
    );

    for _ in 0..2 {
        let start = Instant::now();
        let branches = history.branches(200, &is_markdown)?;
        step("branches", start);
        println!(
            "{} documents in {} branches, {} left out",
            branches.documents.len(),
            branches.branches.len(),
            branches.left_out
        );
    }
    let start = Instant::now();
    let changed = history.changed()?;
    step("changed", start);
    println!("{} changed", changed.len());
    Ok(())
}
