//! Reads every Markdown file below a folder several times and prints the time, for profiling:
//! `throughput DIR [TIMES] [brief]`; `brief` reads summaries only.
#![expect(clippy::print_stdout, reason = "a program for developers")]

use std::path::Path;
use std::time::{Duration, Instant};

use planwright_dialect::Dialects;
use planwright_syntax::Parsed;

fn collect(dir: &Path, root: &Path, out: &mut Vec<(String, Vec<u8>)>) {
    let Ok(entries) = std::fs::read_dir(dir) else {
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, root, out);
        } else if path.extension().is_some_and(|ending| ending == "md") {
            let name = path.strip_prefix(root).unwrap_or(&path);
            let bytes = std::fs::read(&path).unwrap_or_default();
            out.push((name.to_string_lossy().into_owned(), bytes));
        }
    }
}

fn timed<T>(files: &[(String, Vec<u8>)], read: impl Fn(&str, Vec<u8>) -> T) -> Duration {
    let start = Instant::now();
    for (path, bytes) in files {
        std::hint::black_box(read(path, bytes.clone()));
    }
    start.elapsed()
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let dir = Path::new(args.first().map_or(".", String::as_str));
    let times: u32 = args.get(1).and_then(|text| text.parse().ok()).unwrap_or(3);
    let brief = args.iter().any(|arg| arg == "brief");
    let mut files = Vec::new();
    collect(dir, dir, &mut files);
    let bytes: usize = files.iter().map(|(_, bytes)| bytes.len()).sum();
    println!("{} files, {} KiB", files.len(), bytes / 1024);
    let (dialects, _) = Dialects::load(&[]);
    for _ in 0..times {
        if !brief {
            let blocks = timed(&files, |_, bytes| Parsed::new(bytes));
            let whole = timed(&files, |path, bytes| dialects.read(path, bytes));
            print!("blocks {blocks:.1?}, documents {whole:.1?}, ");
        }
        let summaries = timed(&files, |path, bytes| dialects.summarise(path, bytes));
        println!("summaries {summaries:.1?}");
    }
}
