//! `cargo xtask claim-race`: processes that race for claims, are killed, and lose the network.

pub(crate) mod racer;
mod servers;

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitCode, Stdio};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use clap::Args as Flags;
use servers::{Daemon, Http};

use crate::run;

#[derive(Debug, Flags)]
pub(crate) struct Args {
    /// How many processes race.
    #[arg(long, default_value_t = 32)]
    processes: usize,
    /// How many races there are on one machine.
    #[arg(long, default_value_t = 1000)]
    rounds: usize,
    /// How many races there are over each kind of remote.
    #[arg(long, default_value_t = 1000)]
    remote_rounds: usize,
    /// How many holders are killed, and how often the network goes, in each place.
    #[arg(long, default_value_t = 10)]
    kills: usize,
    /// Only these: `local`, `path`, `git`, `http`.
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
}

/// A process that does as it is told.
struct Racer {
    child: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
}

impl Racer {
    fn start(root: &Path, name: &str, is_shared: bool) -> Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("claim-racer").arg(root).arg(name);
        if is_shared {
            command.args(["--remote", "origin"]);
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn()?;
        let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
        Ok(Self {
            child,
            stdin: stdin.context("no input")?,
            stdout: BufReader::new(stdout.context("no output")?),
        })
    }

    fn tell(&mut self, line: &str) -> Result<()> {
        Ok(writeln!(self.stdin, "{line}")?)
    }

    fn answer(&mut self) -> Result<String> {
        let mut line = String::new();
        self.stdout.read_line(&mut line)?;
        Ok(line.trim().to_owned())
    }

    fn ask(&mut self, line: &str) -> Result<String> {
        self.tell(line)?;
        self.answer()
    }
}

impl Drop for Racer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Where claims are made: one folder, or one for each process and a remote.
struct Place {
    name: &'static str,
    dir: tempfile::TempDir,
    url: Option<String>,
    http: Option<Http>,
    _daemon: Option<Daemon>,
}

impl Place {
    fn new(name: &'static str) -> Result<Self> {
        let dir = tempfile::tempdir()?;
        run::run(run::git(dir.path()).args(["init", "--quiet", "--bare", "hub"]))?;
        let (mut http, mut daemon) = (None, None);
        let url = match name {
            "path" => Some(dir.path().join("hub").display().to_string()),
            "git" => {
                let served = Daemon::start(dir.path())?;
                let url = format!("git://127.0.0.1:{}/hub", served.port);
                daemon = Some(served);
                Some(url)
            }
            "http" => {
                let served = Http::start(dir.path())?;
                let url = format!("http://127.0.0.1:{}/hub", served.port);
                http = Some(served);
                Some(url)
            }
            _ => None,
        };
        Ok(Self {
            name,
            dir,
            url,
            http,
            _daemon: daemon,
        })
    }

    /// The repository of a process, with one commit of its own.
    fn repository(&self, number: usize) -> Result<PathBuf> {
        let number = if self.url.is_some() { number } else { 0 };
        let root = self.dir.path().join(format!("clone{number}"));
        if root.exists() {
            return Ok(root);
        }
        std::fs::create_dir(&root)?;
        run::run(run::git(&root).args(["init", "--quiet"]))?;
        if let Some(url) = &self.url {
            run::run(run::git(&root).args(["remote", "add", "origin", url]))?;
        }
        Ok(root)
    }

    fn racer(&self, number: usize, name: &str) -> Result<Racer> {
        Racer::start(&self.repository(number)?, name, self.url.is_some())
    }

    /// Takes the network away, or gives it back.
    fn cut(&self, is_cut: bool) -> Result<()> {
        if let Some(http) = &self.http {
            http.is_cut.store(is_cut, Ordering::SeqCst);
            return Ok(());
        }
        let (hub, away) = (self.dir.path().join("hub"), self.dir.path().join("away"));
        if is_cut {
            std::fs::rename(hub, away)?;
        } else {
            std::fs::rename(away, hub)?;
        }
        Ok(())
    }
}

pub(crate) fn main(args: &Args) -> Result<ExitCode> {
    run::note(
        "place  races  won by one  none  several   races/s  claims/s  taken over  late writes",
    );
    let mut is_fine = true;
    for name in ["local", "path", "git", "http"] {
        if !args.only.is_empty() && !args.only.iter().any(|only| only == name) {
            continue;
        }
        let place = Place::new(name)?;
        let rounds = if place.url.is_some() {
            args.remote_rounds
        } else {
            args.rounds
        };
        let race = race(&place, args.processes, rounds)?;
        let rate = rate(&place, args.processes.min(8))?;
        let kills = kills(&place, args.kills)?;
        run::note(&format!(
            "{:5} {:6} {:11} {:5} {:8} {:9.1} {:9.1} {:8}/{} {:12}",
            place.name,
            rounds,
            race.one,
            race.none,
            race.several,
            f64::from(rounds as u32) / race.took.as_secs_f64(),
            rate,
            kills.taken,
            args.kills,
            kills.late,
        ));
        is_fine &= race.one == rounds && kills.taken == args.kills && kills.late == 0;
        if place.url.is_some() && name != "git" {
            let both = cuts(&place, args.kills)?;
            run::note(&format!(
                "{:5} {} cuts of the network: {both} with two who acted",
                "", args.kills
            ));
            is_fine &= both == 0;
        }
    }
    Ok(if is_fine {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

#[derive(Default)]
struct Race {
    one: usize,
    none: usize,
    several: usize,
    took: Duration,
}

/// All processes claim the same thing at once, round after round.
fn race(place: &Place, processes: usize, rounds: usize) -> Result<Race> {
    let racers = (0..processes).map(|number| place.racer(number, &format!("r{number}")));
    let mut racers: Vec<Racer> = racers.collect::<Result<_>>()?;
    let mut race = Race::default();
    let begun = Instant::now();
    for round in 0..rounds {
        for racer in &mut racers {
            racer.tell(&format!("claim k{round} 3600"))?;
        }
        let mut won = 0;
        for racer in &mut racers {
            let answer = racer.answer()?;
            if answer.starts_with("error") {
                bail!("{}: {answer}", place.name);
            }
            // Alone, without the remote, is no claim that counts here.
            won += usize::from(answer.starts_with("yes") && !answer.ends_with("alone"));
        }
        match won {
            0 => race.none += 1,
            1 => race.one += 1,
            _ => race.several += 1,
        }
    }
    race.took = begun.elapsed();
    Ok(race)
}

/// How many claims a second are made by processes that want different things.
fn rate(place: &Place, processes: usize) -> Result<f64> {
    const EACH: usize = 4;
    let racers = (0..processes).map(|number| place.racer(number, &format!("d{number}")));
    let mut racers: Vec<Racer> = racers.collect::<Result<_>>()?;
    let begun = Instant::now();
    for round in 0..EACH {
        for (number, racer) in racers.iter_mut().enumerate() {
            racer.tell(&format!("claim d{number}-{round} 3600"))?;
        }
        for racer in &mut racers {
            let answer = racer.answer()?;
            if !answer.starts_with("yes") {
                bail!("{}: {answer}", place.name);
            }
        }
    }
    Ok(f64::from((processes * EACH) as u32) / begun.elapsed().as_secs_f64())
}

#[derive(Default)]
struct Kills {
    taken: usize,
    late: usize,
}

/// Holders are killed. Another takes over when the time is over, and a process that goes on where the
/// dead one stopped is refused.
fn kills(place: &Place, count: usize) -> Result<Kills> {
    let mut kills = Kills::default();
    for round in 0..count {
        let key = format!("kill{round}");
        let mut holder = place.racer(0, "dead")?;
        if !holder.ask(&format!("claim {key} 1"))?.starts_with("yes") {
            bail!("{}: nobody held it, and it was refused", place.name);
        }
        // In the middle of something.
        holder.tell(&format!("renew {key} 1"))?;
        holder.child.kill()?;
        drop(holder);
        let mut other = place.racer(1, "heir")?;
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_mins(1) {
            let answer = other.ask(&format!("claim {key} 3600"))?;
            if answer.starts_with("yes") {
                kills.taken += 1;
                break;
            }
            std::thread::sleep(Duration::from_millis(300));
        }
        let mut woken = place.racer(0, "dead")?;
        for verb in ["guard", "renew", "release"] {
            let answer = woken.ask(&format!("{verb} {key} 1"))?;
            kills.late += usize::from(!answer.starts_with("no"));
        }
    }
    Ok(kills)
}

/// The network goes while somebody holds a claim; somebody else has taken it when it is back. Both
/// then try to land. Gives how often both could.
fn cuts(place: &Place, count: usize) -> Result<usize> {
    let commit = |number: usize, round: usize| -> Result<String> {
        let root = place.repository(number)?;
        let git = |args: &[&str]| -> Result<String> {
            let output = run::git(&root)
                .args(["-c", "user.name=r", "-c", "user.email=r@localhost"])
                .args(args)
                .output()?;
            Ok(String::from_utf8(output.stdout)?.trim().to_owned())
        };
        git(&["fetch", "--quiet", "origin", "main"])?;
        if !git(&["rev-parse", "--verify", "--quiet", "FETCH_HEAD"])?.is_empty() {
            git(&["reset", "--quiet", "--hard", "FETCH_HEAD"])?;
        }
        git(&[
            "commit",
            "--quiet",
            "--allow-empty",
            "-m",
            &format!("{number} {round}"),
        ])?;
        git(&["rev-parse", "HEAD"])
    };
    let mut both = 0;
    for round in 0..count {
        let key = format!("cut{round}");
        let (mut one, mut two) = (place.racer(0, "one")?, place.racer(1, "two")?);
        one.ask(&format!("claim {key} 1"))?;
        place.cut(true)?;
        let alone = one.ask(&format!("renew {key} 3600"))?;
        let other = two.ask(&format!("claim {key} 3600"))?;
        if !alone.ends_with("alone") || !other.ends_with("alone") {
            bail!("{}: without the network: {alone}, {other}", place.name);
        }
        place.cut(false)?;
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_mins(1) {
            if two.ask(&format!("renew {key} 3600"))?.starts_with("yes") {
                break;
            }
            std::thread::sleep(Duration::from_millis(300));
        }
        let (of_one, of_two) = (commit(0, round)?, commit(1, round)?);
        one.tell(&format!("land {key} {of_one}"))?;
        two.tell(&format!("land {key} {of_two}"))?;
        let (one, two) = (one.answer()?, two.answer()?);
        let landed = [&one, &two].map(|said| said.starts_with("yes"));
        if landed == [false, false] {
            bail!("{}: nobody landed: {one}, {two}", place.name);
        }
        both += usize::from(landed == [true, true]);
    }
    Ok(both)
}
