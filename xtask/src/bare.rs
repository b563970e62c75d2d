//! The yardsticks of `bench`: walks a folder, reads its Markdown and parses it with the parser, the
//! options and the threads that `plan` uses, and does nothing else; or takes it apart into front
//! matter and blocks as `plan` does, and reads nothing from them.

use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};

use ignore::{WalkBuilder, WalkState};
use planwright_syntax::Parsed;
use pulldown_cmark::{Options, Parser};

/// Looking at every range keeps the optimiser from leaving the work out.
fn events(text: &str) -> u64 {
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_FOOTNOTES;
    let parsed = Parser::new_ext(text, options).into_offset_iter();
    parsed
        .map(|(_, range)| u64::from(range.start <= range.end))
        .sum()
}

fn blocks(text: String) -> u64 {
    Parsed::new(text.into_bytes()).tree.nodes().len() as u64
}

/// Prints how many files, bytes and events, or nodes, there were.
pub(crate) fn main(dir: &Path, as_blocks: bool) -> ExitCode {
    let (files, bytes, count) = (AtomicU64::new(0), AtomicU64::new(0), AtomicU64::new(0));
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let walk = WalkBuilder::new(dir)
        .hidden(false)
        .filter_entry(|entry| entry.file_name() != ".git")
        .threads(threads)
        .build_parallel();
    walk.run(|| {
        Box::new(|entry| {
            let Ok(entry) = entry else {
                return WalkState::Continue;
            };
            let path = entry.path();
            if !entry.file_type().is_some_and(|kind| kind.is_file())
                || path.extension().is_none_or(|extension| extension != "md")
            {
                return WalkState::Continue;
            }
            if let Ok(text) = std::fs::read_to_string(path) {
                files.fetch_add(1, Ordering::Relaxed);
                bytes.fetch_add(text.len() as u64, Ordering::Relaxed);
                let seen = if as_blocks {
                    blocks(text)
                } else {
                    events(&text)
                };
                count.fetch_add(seen, Ordering::Relaxed);
            }
            WalkState::Continue
        })
    });
    crate::run::line(&format!(
        "{} files, {} bytes, {} {}",
        files.into_inner(),
        bytes.into_inner(),
        count.into_inner(),
        if as_blocks { "nodes" } else { "events" }
    ));
    ExitCode::SUCCESS
}
