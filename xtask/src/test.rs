//! All tests in one command, and one line that says how it went.

use std::io::{BufRead as _, BufReader, Read};
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context as _, Result};

use crate::clients;
use crate::run::{cargo, line, note, show};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// What to test.
    #[arg(value_enum, default_value_t = Area::All)]
    area: Area,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Area {
    /// Everything below.
    All,
    /// Every test of every crate; the two next are among them.
    Workspace,
    /// The examples of the guide. PLANWRIGHT_UPDATE_GUIDE=1 writes what they print into it.
    Guide,
    /// The checks of the fuzz targets, over their seeds and some thousand mutations.
    Fuzz,
    /// The examples in the documentation of the code.
    Doc,
    /// The MCP server, with clients that others wrote. Needs npm, and Python; skipped without.
    Clients,
}

pub(crate) fn main(args: &Args) -> Result<ExitCode> {
    let mut total = Counts::default();
    for mut command in commands(args.area) {
        note(&format!("$ {}", show(&command)));
        total += run(&mut command)?;
    }
    if matches!(args.area, Area::All | Area::Clients) {
        total += clients::run()?;
    }
    line(&format!("{} passed, {} failed", total.passed, total.failed));
    Ok(if total.failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn commands(area: Area) -> Vec<Command> {
    let with = |args: &[&str]| {
        let mut command = cargo();
        command.args(args);
        command
    };
    let workspace = || {
        if has_nextest() {
            with(&[
                "nextest",
                "run",
                "--workspace",
                "--no-fail-fast",
                "--no-tests=pass",
            ])
        } else {
            with(&["test", "--workspace", "--all-targets", "--no-fail-fast"])
        }
    };
    let doc = || with(&["test", "--workspace", "--doc", "--no-fail-fast"]);
    let one = |name: &str| with(&["test", "--package=xtask", "--test", name]);
    match area {
        Area::All => vec![workspace(), doc()],
        Area::Workspace => vec![workspace()],
        Area::Guide => vec![one("guide")],
        Area::Fuzz => vec![one("fuzz_smoke")],
        Area::Doc => vec![doc()],
        Area::Clients => Vec::new(),
    }
}

fn has_nextest() -> bool {
    let mut command = cargo();
    command
        .args(["nextest", "--version"])
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// Who prints the summary. Nextest also repeats what a failing test program printed, and with it
/// that program's own summary, which must not count again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Runner {
    Cargo,
    Nextest,
}

/// Runs a test program, passes on what it prints, and counts.
fn run(command: &mut Command) -> Result<Counts> {
    let nextest = command
        .get_args()
        .next()
        .is_some_and(|verb| verb == "nextest");
    let runner = if nextest {
        Runner::Nextest
    } else {
        Runner::Cargo
    };
    let mut child = command
        .env("CARGO_TERM_COLOR", "never")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start `{}`", show(command)))?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let mut counts = std::thread::scope(|scope| {
        let out =
            scope.spawn(|| stdout.map_or_else(Counts::default, |pipe| pass_on(runner, pipe, line)));
        let mut counts = stderr.map_or_else(Counts::default, |pipe| pass_on(runner, pipe, note));
        counts += out.join().unwrap_or_default();
        counts
    });
    let status = child.wait()?;
    if !status.success() && counts.failed == 0 {
        // Nothing ran: it did not build, or it was ended from outside.
        note(&format!("`{}` ended with {status}", show(command)));
        counts.failed = 1;
    }
    Ok(counts)
}

fn pass_on(runner: Runner, pipe: impl Read, write: impl Fn(&str)) -> Counts {
    let mut counts = Counts::default();
    for text in BufReader::new(pipe).split(b'\n').map_while(Result::ok) {
        let text = String::from_utf8_lossy(&text);
        write(text.trim_end_matches('\r'));
        counts += summary(runner, &text);
    }
    counts
}

/// What a summary says: `test result: ok. 3 passed; 0 failed; 1 ignored; ...` of cargo, or
/// `Summary [   0.1s] 4 tests run: 3 passed (1 slow), 1 failed, 2 skipped` of nextest.
fn summary(runner: Runner, text: &str) -> Counts {
    let text = text.trim();
    let (start, before) = match runner {
        Runner::Cargo => ("test result: ", ". "),
        Runner::Nextest => ("Summary [", " run: "),
    };
    let parts = text
        .strip_prefix(start)
        .and_then(|rest| rest.split_once(before));
    let mut counts = Counts::default();
    for part in parts.unwrap_or_default().1.split([',', ';']) {
        let mut words = part.split_whitespace();
        let Some(number) = words.next().and_then(|word| word.parse::<u64>().ok()) else {
            continue;
        };
        match words.next() {
            Some("passed") => counts.passed += number,
            Some("failed" | "timed" | "exec") => counts.failed += number,
            _ => {}
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::{Counts, Runner, summary};

    #[track_caller]
    fn check(runner: Runner, text: &str, passed: u64, failed: u64) {
        assert_eq!(summary(runner, text), Counts { passed, failed }, "{text}");
    }

    #[test]
    fn both_runners_are_understood() {
        let ok = "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out";
        check(Runner::Cargo, ok, 3, 0);
        check(
            Runner::Cargo,
            "test result: FAILED. 3 passed; 2 failed; 1 ignored",
            3,
            2,
        );
        let ok = "     Summary [   0.005s] 10 tests run: 10 passed, 0 skipped";
        check(Runner::Nextest, ok, 10, 0);
        let bad = "  Summary [   1.2s] 9/10 tests run: 6 passed (1 slow), 2 failed, 1 timed out";
        check(Runner::Nextest, bad, 6, 3);
    }

    #[test]
    fn a_failing_program_repeated_by_nextest_counts_once() {
        check(
            Runner::Nextest,
            "    test result: FAILED. 0 passed; 1 failed; 0 ignored",
            0,
            0,
        );
    }

    #[test]
    fn other_lines_count_nothing() {
        for runner in [Runner::Cargo, Runner::Nextest] {
            check(runner, "running 3 tests", 0, 0);
            check(runner, "test tests::three_passed ... ok", 0, 0);
            check(runner, "3 passed", 0, 0);
        }
    }
}
