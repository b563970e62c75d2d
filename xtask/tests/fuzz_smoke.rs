//! Runs the checks of the fuzz targets over their seeds and over mutations of them, the same ones
//! each time. Real fuzzing (`cargo fuzz run parse`) looks further; this says on every machine that
//! the checks build and that nothing broke plainly.

#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test says so and stops"
)]

use std::fs;
use std::path::Path;

#[expect(unreachable_pub, reason = "a library where it is fuzzed")]
#[path = "../../fuzz/src/lib.rs"]
mod checks;

/// Mutations of each seed.
const MUTATIONS: u64 = 150;

/// The same where each takes a whole repository.
const FEW: u64 = 50;

/// What plans and YAML are made of.
const TOKENS: [&[u8]; 25] = [
    b"---\n",
    b"- [ ] ",
    b"- [x] ",
    b"# ",
    b"## Tasks\n",
    b"```\n",
    b"~~~",
    b"|",
    b"\r\n",
    b"\r",
    b"\0",
    b"\xef\xbb\xbf",
    b"\xff",
    b"<!--",
    b"-->",
    b"status: ",
    b": ",
    b"[",
    b"](",
    b"**",
    b"> ",
    b"    ",
    "—".as_bytes(),
    b"T001",
    b"\n%%% ",
];

#[test]
fn check() {
    smoke("check", FEW, checks::check::check);
}

#[test]
fn ops() {
    smoke("ops", MUTATIONS, checks::ops::check);
}

#[test]
fn parse() {
    smoke("parse", MUTATIONS, checks::parse::check);
}

#[test]
fn splice() {
    smoke("splice", MUTATIONS, checks::splice::check);
}

fn smoke(target: &str, mutations: u64, check: fn(&[u8])) {
    let seeds = seeds(target);
    for (name, seed) in &seeds {
        run(name, 0, seed, check);
        for round in 1..=mutations {
            let mut rng = fastrand::Rng::with_seed(round);
            let mut data = seed.clone();
            for _ in 0..rng.usize(1..6) {
                mutate(&mut data, &seeds, &mut rng);
            }
            run(name, round, &data, check);
        }
    }
}

/// Says which input it was before the panic goes on.
fn run(name: &str, round: u64, data: &[u8], check: fn(&[u8])) {
    if let Err(panic) = std::panic::catch_unwind(|| check(data)) {
        eprintln!(
            "{name}, mutation {round}: {:?}",
            String::from_utf8_lossy(data)
        );
        std::panic::resume_unwind(panic);
    }
}

fn seeds(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../fuzz/corpus")
        .join(target);
    let mut seeds: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.file_name()
                .unwrap()
                .to_string_lossy()
                .starts_with("seed-")
        })
        .map(|path| (path.display().to_string(), fs::read(&path).unwrap()))
        .collect();
    seeds.sort();
    assert!(!seeds.is_empty(), "{target} has no seeds");
    seeds
}

fn mutate(data: &mut Vec<u8>, seeds: &[(String, Vec<u8>)], rng: &mut fastrand::Rng) {
    let range = |rng: &mut fastrand::Rng, len: usize| {
        let start = rng.usize(0..=len);
        start..start + rng.usize(0..=(len - start).min(40))
    };
    let at = rng.usize(0..=data.len());
    match rng.u8(0..7) {
        0 if at < data.len() => data[at] ^= 1 << rng.u8(0..8),
        1 => drop(data.drain(range(rng, data.len()))),
        2 => {
            let copy = data[range(rng, data.len())].to_vec();
            data.splice(at..at, copy);
        }
        3 => data.truncate(at),
        4 => {
            let other = &seeds[rng.usize(0..seeds.len())].1;
            let piece = other[range(rng, other.len())].to_vec();
            data.splice(at..at, piece);
        }
        5 => {
            let token = TOKENS[rng.usize(0..TOKENS.len())];
            let times = if rng.u8(0..8) == 0 { 50 } else { 1 };
            data.splice(at..at, token.repeat(times));
        }
        _ => data.insert(at, rng.u8(..)),
    }
}
