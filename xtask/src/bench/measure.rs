//! Runs programs in turns and keeps what each run cost.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use wait4::Wait4 as _;

/// What one run cost.
#[derive(Clone, Copy, Debug)]
struct Sample {
    wall: Duration,
    cpu: Duration,
    /// Largest resident set in bytes.
    peak: u64,
}

/// A program to be measured.
pub(crate) struct Side<'a> {
    name: &'a str,
    prepare: Box<dyn FnMut() -> Result<()> + 'a>,
    command: Box<dyn FnMut() -> Command + 'a>,
    /// Exit codes that count as success.
    codes: &'a [i32],
}

impl<'a> Side<'a> {
    pub(crate) fn new(name: &'a str, command: impl FnMut() -> Command + 'a) -> Self {
        Self {
            name,
            prepare: Box::new(|| Ok(())),
            command: Box::new(command),
            codes: &[0],
        }
    }

    /// What is done before every run and not measured.
    pub(crate) fn after(mut self, prepare: impl FnMut() -> Result<()> + 'a) -> Self {
        self.prepare = Box::new(prepare);
        self
    }

    /// Further exit codes that are fine.
    pub(crate) fn may_exit_with(mut self, codes: &'a [i32]) -> Self {
        self.codes = codes;
        self
    }

    fn run(&mut self) -> Result<Sample> {
        (self.prepare)().with_context(|| format!("cannot prepare `{}`", self.name))?;
        let mut command = (self.command)();
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let started = Instant::now();
        let child = command
            .spawn()
            .with_context(|| format!("cannot start `{}`", self.name))?;
        let used = child
            .wait4()
            .with_context(|| format!("cannot wait for `{}`", self.name))?;
        let wall = started.elapsed();
        if !used
            .status
            .code()
            .is_some_and(|code| self.codes.contains(&code))
        {
            bail!(
                "`{}` ended with {}",
                crate::run::show(&command),
                used.status
            );
        }
        let cpu = used.rusage.utime + used.rusage.stime;
        Ok(Sample {
            wall,
            cpu,
            peak: used.rusage.maxrss,
        })
    }
}

/// What the runs of one program cost.
#[derive(Clone, Debug)]
pub(crate) struct Series {
    samples: Vec<Sample>,
}

impl Series {
    /// Shortest wall time in seconds.
    pub(crate) fn min(&self) -> f64 {
        self.samples
            .iter()
            .map(|sample| sample.wall)
            .min()
            .unwrap_or_default()
            .as_secs_f64()
    }

    /// Median wall time in seconds.
    pub(crate) fn median(&self) -> f64 {
        median(self.samples.iter().map(|sample| sample.wall))
    }

    /// Median CPU time, user and system, in seconds.
    pub(crate) fn cpu(&self) -> f64 {
        median(self.samples.iter().map(|sample| sample.cpu))
    }

    /// Largest resident set of any run in bytes.
    pub(crate) fn peak(&self) -> u64 {
        self.samples
            .iter()
            .map(|sample| sample.peak)
            .max()
            .unwrap_or(0)
    }
}

fn median(durations: impl Iterator<Item = Duration>) -> f64 {
    let mut sorted: Vec<Duration> = durations.collect();
    sorted.sort_unstable();
    sorted
        .get(sorted.len() / 2)
        .copied()
        .unwrap_or_default()
        .as_secs_f64()
}

/// Runs the sides A B A B ..., after one round that does not count, so that both see the same
/// machine: a busy neighbour slows both down, not one.
pub(crate) fn alternate<const N: usize>(
    rounds: usize,
    mut sides: [Side<'_>; N],
) -> Result<[Series; N]> {
    let mut series = [const {
        Series {
            samples: Vec::new(),
        }
    }; N];
    for round in 0..=rounds {
        for (side, series) in sides.iter_mut().zip(&mut series) {
            let sample = side.run()?;
            if round > 0 {
                series.samples.push(sample);
            }
        }
    }
    Ok(series)
}

/// A program with its own folder for caches, and none of the user's settings.
pub(crate) fn quiet_command(program: &Path, cache: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .env("PLANWRIGHT_CACHE_DIR", cache)
        .env("NO_COLOR", "1");
    command
}
