//! `cargo xtask write-kill`: writes that are killed at random points.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Child, ExitCode, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::run::note;
use crate::scratch::{self, Scratch};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// How many writes are killed.
    #[arg(long, default_value_t = 2000)]
    writes: usize,
    /// Another seed kills at other points.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The `plan` to try; else one is built without optimisation.
    #[arg(long, value_name = "PATH")]
    plan: Option<PathBuf>,
}

/// The permissions of the first plan.
const MODE: u32 = 0o640;

/// The plans that every write changes together: one of permissions that are not the usual ones, one
/// with the other line endings, one behind a link.
const PLANS: [&str; 3] = ["modes.md", "crlf.md", "link.md"];

/// Where the link leads.
const BEHIND: &str = "kept/behind";

pub(crate) fn main(args: &Args) -> Result<ExitCode> {
    let plan = scratch::plan(args.plan.as_deref())?;
    let scratch = Scratch::new(&plan)?;
    let place = Place::new(&scratch)?;
    let usual = place.usual()?;
    note(&format!(
        "a write takes {:.1} ms, {:.1} of them once it is noted",
        usual.call.as_secs_f64() * 1e3,
        usual.writing.as_secs_f64() * 1e3
    ));
    let mut random = fastrand::Rng::with_seed(args.seed);
    let mut found = Found::default();
    let begun = Instant::now();
    for round in 0..args.writes {
        place.round(round, &usual, &mut random, &mut found)?;
        if round % 250 == 249 {
            note(&format!("{} writes", round + 1));
        }
    }
    note(&format!(
        "{} killed, {} ended before; {} in the middle of writing; {} found old, {} new, {} in part until the next call",
        found.killed, found.ended, found.pending, found.old, found.new, found.parts
    ));
    note(&format!(
        "torn files {}, parts that stayed {}, kept apart from permissions, links and line endings {}, left over {}, next call refused {}; longest next call {:.2} s; {:.1} writes/s",
        found.torn,
        found.stayed,
        found.altered,
        found.left,
        found.refused,
        found.longest.as_secs_f64(),
        f64::from(args.writes as u32) / begun.elapsed().as_secs_f64(),
    ));
    let wrong = found.torn + found.stayed + found.altered + found.left + found.refused;
    Ok(if wrong == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// What became of the writes.
#[derive(Debug, Default)]
struct Found {
    /// Died by the kill.
    killed: usize,
    /// Ended before it.
    ended: usize,
    /// Had noted what they were about to do, and had not done it all.
    pending: usize,
    /// All files as they were.
    old: usize,
    /// All files as they were to be.
    new: usize,
    /// Some files old and some new.
    parts: usize,
    /// Files that were neither.
    torn: usize,
    /// Rounds after whose next call some files were old and some new.
    stayed: usize,
    /// Files that lost their permissions or their link.
    altered: usize,
    /// Files that nobody asked for, and notes, after the next call.
    left: usize,
    /// Next calls that did not do what they were asked.
    refused: usize,
    longest: Duration,
}

/// How long a write takes: the whole call, and from the moment when it is noted.
struct Usual {
    call: Duration,
    writing: Duration,
}

struct Place<'a> {
    scratch: &'a Scratch,
    folder: PathBuf,
}

/// A plan in one of its versions.
fn text(name: &str, is_first: bool, is_second: bool) -> String {
    let mark = |is_done: bool| if is_done { 'x' } else { ' ' };
    // Long enough to be written in several pieces.
    let steps = (3..300).map(|task| format!("- [ ] T{task:03} A step of the work\n"));
    let text = format!(
        "# Plan\n\n## Tasks\n\n- [{}] T001 The first\n- [{}] T002 The second\n{}",
        mark(is_first),
        mark(is_second),
        steps.collect::<String>()
    );
    if name == "crlf.md" {
        text.replace('\n', "\r\n")
    } else {
        text
    }
}

impl<'a> Place<'a> {
    fn new(scratch: &'a Scratch) -> Result<Self> {
        let root = scratch.root();
        let folder = root.join("docs/plans");
        fs::create_dir_all(&folder)?;
        fs::create_dir(root.join("kept"))?;
        fs::write(root.join(BEHIND), text("link.md", false, false))?;
        symlink(Path::new("../..").join(BEHIND), folder.join("link.md"))?;
        for name in ["modes.md", "crlf.md"] {
            fs::write(folder.join(name), text(name, false, false))?;
        }
        fs::set_permissions(folder.join("modes.md"), fs::Permissions::from_mode(MODE))?;
        Ok(Self { scratch, folder })
    }

    fn start(&self, verb: &str, task: &str) -> Result<Child> {
        let items = PLANS.map(|name| format!("docs/plans/{name}#{task}"));
        let args = [verb].into_iter().chain(items.iter().map(String::as_str));
        let mut command = self.scratch.command(args);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        Ok(command.spawn()?)
    }

    /// How long a write takes that nobody kills.
    fn usual(&self) -> Result<Usual> {
        let (mut calls, mut writings) = (Vec::new(), Vec::new());
        for round in 0..20 {
            let begun = Instant::now();
            let verb = if round % 2 == 0 { "tick" } else { "reopen" };
            let mut child = self.start(verb, "T002")?;
            self.wait_for_note(&mut child)?;
            let noted = begun.elapsed();
            if !child.wait()?.success() {
                bail!("`plan {verb}` does not work here");
            }
            calls.push(begun.elapsed());
            writings.push(begun.elapsed().saturating_sub(noted));
        }
        let median = |mut all: Vec<Duration>| {
            all.sort_unstable();
            all.get(all.len() / 2).copied().context("no write")
        };
        Ok(Usual {
            call: median(calls)?,
            writing: median(writings)?,
        })
    }

    /// Waits until a write is noted, or has ended.
    fn wait_for_note(&self, child: &mut Child) -> Result<()> {
        while !self.scratch.is_pending() && child.try_wait()?.is_none() {
            std::thread::yield_now();
        }
        Ok(())
    }

    /// What every plan holds.
    fn read(&self) -> Result<[String; 3]> {
        let read = |name: &str| fs::read_to_string(self.folder.join(name));
        let [modes, crlf, link] = PLANS.map(read);
        Ok([modes?, crlf?, link?])
    }

    /// Begins a write to all plans, kills it, and calls again.
    fn round(
        &self,
        round: usize,
        usual: &Usual,
        random: &mut fastrand::Rng,
        found: &mut Found,
    ) -> Result<()> {
        let before = self.read()?;
        let was_ticked = round % 2 == 1;
        let is_ticked = before == PLANS.map(|name| text(name, was_ticked, true));
        let verb = if is_ticked { "reopen" } else { "tick" };
        let mut child = self.start(verb, "T002")?;
        // Half of them anywhere in a call, half of them while files are written.
        if random.bool() {
            std::thread::sleep(usual.call.mul_f64(random.f64() * 1.1));
        } else {
            self.wait_for_note(&mut child)?;
            std::thread::sleep(usual.writing.mul_f64(random.f64() * 1.1));
        }
        child.kill()?;
        if child.wait()?.success() {
            found.ended += 1;
        } else {
            found.killed += 1;
        }
        found.pending += usize::from(self.scratch.is_pending());

        let side = |after_first: bool| {
            let texts = self.read()?;
            let is = |is_second: bool| {
                let wanted = PLANS.map(|name| text(name, after_first, is_second));
                let same = texts
                    .iter()
                    .zip(&wanted)
                    .map(|(text, wanted)| text == wanted);
                same.collect::<Vec<bool>>()
            };
            anyhow::Ok((is(is_ticked), is(!is_ticked)))
        };
        let (old, new) = side(was_ticked)?;
        let torn = old.iter().zip(&new).filter(|(old, new)| !**old && !**new);
        found.torn += torn.count();
        match (old.iter().all(|is| *is), new.iter().all(|is| *is)) {
            (true, _) => found.old += 1,
            (_, true) => found.new += 1,
            _ => found.parts += 1,
        }
        found.altered += self.altered()?;

        let begun = Instant::now();
        let verb = if was_ticked { "reopen" } else { "tick" };
        let is_done = self.start(verb, "T001")?.wait()?.success();
        found.longest = found.longest.max(begun.elapsed());
        found.refused += usize::from(!is_done);
        let (old, new) = side(!was_ticked)?;
        let is_one = old.iter().all(|is| *is) || new.iter().all(|is| *is);
        found.stayed += usize::from(!is_one);
        found.altered += self.altered()?;
        found.left += self.left()?;
        if !is_one || !is_done {
            bail!("round {round}: the plans are not as they should be");
        }
        Ok(())
    }

    /// How many files are not of the sort they were.
    fn altered(&self) -> Result<usize> {
        let mode = fs::metadata(self.folder.join("modes.md"))?
            .permissions()
            .mode()
            & 0o777;
        let is_link = self.folder.join("link.md").is_symlink();
        Ok(usize::from(mode != MODE) + usize::from(!is_link))
    }

    fn left(&self) -> Result<usize> {
        let wanted = PLANS.map(str::to_owned);
        let beside = self.scratch.leftovers("docs/plans", &wanted)?;
        let behind = self.scratch.leftovers("kept", &["behind".to_owned()])?;
        Ok(beside.len() + behind.len() + usize::from(self.scratch.is_pending()))
    }
}
