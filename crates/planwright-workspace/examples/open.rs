//! Opens a folder and says what was found and how long each step took.
//!
//! `cargo run --release -p planwright-workspace --example open -- DIR [CACHE_DIR] [WORDS]`
//!
//! Without CACHE_DIR everything is read anew. With WORDS they are searched for.
#![expect(clippy::print_stdout, reason = "an example talks to its user")]

use std::path::PathBuf;
use std::time::Instant;

use planwright_workspace::{OpenError, Options, Workspace};

fn main() -> Result<(), OpenError> {
    let mut args = std::env::args_os().skip(1);
    let dir = args
        .next()
        .map_or_else(|| PathBuf::from("."), PathBuf::from);
    let cache_dir = args.next().filter(|dir| !dir.is_empty()).map(PathBuf::from);
    let words = args
        .next()
        .map(|words| words.to_string_lossy().into_owned());

    let step = |name: &str, start: Instant| {
        println!(
            "{name:<10} {:>9.2} ms",
            start.elapsed().as_secs_f64() * 1000.0
        );
    };
    let start = Instant::now();
    let workspace = Workspace::open(&Options { dir, cache_dir })?;
    step("open", start);
    println!(
        "{:?}, {} unreadable",
        workspace.freshness(),
        workspace.unreadable().len()
    );
    for unreadable in workspace.unreadable() {
        println!("  {}: {}", unreadable.path, unreadable.reason);
    }

    let start = Instant::now();
    let (mut done, mut total) = (0, 0);
    for entry in workspace.entries() {
        done += entry.done;
        total += entry.total;
    }
    step("entries", start);
    println!("{} documents, {done} of {total} tasks", workspace.len());

    let Some(words) = words else { return Ok(()) };
    let start = Instant::now();
    let open: usize = (0..workspace.len())
        .map(|index| workspace.summary(index).open.len())
        .sum();
    step("summaries", start);
    println!("{open} open tasks");
    let start = Instant::now();
    let links = workspace.graph().links();
    step("graph", start);
    println!(
        "{} links, {} to documents",
        links.len(),
        links.iter().filter(|l| l.to.is_some()).count()
    );
    let start = Instant::now();
    let meaning = workspace.resolve(&words);
    step("resolve", start);
    println!("{meaning:?}");
    let start = Instant::now();
    let hits = workspace.search(&words, &|_| true, 5);
    step("search", start);
    for hit in hits {
        let path = workspace.entry(hit.entry).path;
        println!("{:.2} {path}:{}: {}", hit.score, hit.line, hit.text);
    }
    Ok(())
}
