//! `plan` measured against programs that do the least that could be done.
//!
//! Every figure is a comparison of medians from one run, the two sides taking turns.

mod check;
mod measure;
mod table;
mod write;

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;

use anyhow::{Context as _, Result};

use self::measure::{Series, Side, alternate, quiet_command};
use self::table::{Row, Table, more_time, time, wall};
use crate::run::{cargo, git, megabytes, note, program, root, run, target_dir};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Documents of the smaller repository; the larger holds ten times as many.
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    documents: usize,
    /// The smaller repository only, and fewer rounds.
    #[arg(long)]
    quick: bool,
}

pub(crate) fn main(args: &Args) -> Result<ExitCode> {
    let bench = Bench::build(if args.quick { 7 } else { 15 })?;
    let mut table = Table::new();
    bench.start_up(&mut table)?;
    let small = bench.repository(args.documents)?;
    let cold = bench.all(&small, &mut table, bench.rounds)?;
    bench.check_with_history(&mut table)?;
    bench.brief(&mut table)?;
    if !args.quick {
        let large = bench.repository(args.documents * 10)?;
        let ten_times = bench.all(&large, &mut table, (bench.rounds / 3).max(3))?;
        growth(
            &mut table,
            args.documents * 10,
            "cold, 10 times the documents",
            &cold.cold,
            &ten_times.cold,
        );
        growth(
            &mut table,
            args.documents * 10,
            "warm, 10 times the documents",
            &cold.warm,
            &ten_times.warm,
        );
    }
    Ok(if table.met() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// A generated repository.
struct Repository {
    dir: PathBuf,
    documents: usize,
    /// A document that is changed and put back.
    victim: PathBuf,
}

/// The two series that growth is read from.
struct Overview {
    cold: Series,
    warm: Series,
}

struct Bench {
    plan: PathBuf,
    xtask: PathBuf,
    hello: PathBuf,
    /// Where repositories and caches are kept.
    dir: PathBuf,
    rounds: usize,
}

impl Bench {
    /// Builds everything that is measured.
    fn build(rounds: usize) -> Result<Self> {
        let target = target_dir()?;
        note("building with --release");
        run(cargo()
            .args([
                "build",
                "--release",
                "--quiet",
                "--package=planwright",
                "--package=xtask",
            ])
            .env("CARGO_TARGET_DIR", &target))?;
        let dir = target.join("bench");
        fs::create_dir_all(&dir)?;
        let source = dir.join("hello.rs");
        fs::write(&source, "fn main() {\n    println!(\"hello, world\");\n}\n")?;
        let hello = dir.join(program("hello"));
        run(
            Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
                .current_dir(root())
                .args([
                    "-C",
                    "opt-level=3",
                    "-C",
                    "panic=abort",
                    "-C",
                    "strip=debuginfo",
                    "-o",
                ])
                .arg(&hello)
                .arg(&source),
        )?;
        let release = target.join("release");
        Ok(Self {
            plan: release.join(program("plan")),
            xtask: release.join(program("xtask")),
            hello,
            dir,
            rounds,
        })
    }

    /// A repository of so many documents, kept from an earlier run where there is one.
    fn repository(&self, documents: usize) -> Result<Repository> {
        let name = format!("repository-{documents}-v{}", crate::generate::VERSION);
        self.generated(&name, documents, &["--git"])
    }

    fn generated(&self, name: &str, documents: usize, more: &[&str]) -> Result<Repository> {
        let dir = self.dir.join(name);
        let stamp = self.dir.join(format!("{name}.done"));
        if !stamp.exists() {
            if dir.exists() {
                fs::remove_dir_all(&dir)?;
            }
            note(&format!(
                "writing {documents} documents to {}",
                dir.display()
            ));
            run(Command::new(&self.xtask)
                .args(["gen", "--documents", &documents.to_string()])
                .args(more)
                .arg("--out")
                .arg(&dir))?;
            fs::write(&stamp, "")?;
        }
        let victim = ignore::WalkBuilder::new(dir.join("docs"))
            .sort_by_file_name(Ord::cmp)
            .build()
            .filter_map(Result::ok)
            .map(ignore::DirEntry::into_path)
            .find(|path| path.extension().is_some_and(|extension| extension == "md"))
            .context("the repository holds no Markdown file below docs/")?;
        // An interrupted run may have left a change behind.
        run(git(&dir).args(["checkout", "--quiet", "."]))?;
        Ok(Repository {
            dir,
            documents,
            victim,
        })
    }

    fn plan<'a>(
        &'a self,
        repository: &'a Repository,
        cache: &'a Path,
        verb: &'a str,
    ) -> impl FnMut() -> Command + 'a {
        move || {
            let mut command = quiet_command(&self.plan, cache);
            command.arg("-C").arg(&repository.dir).arg(verb);
            command
        }
    }

    fn start_up(&self, table: &mut Table) -> Result<()> {
        let cache = self.dir.join("cache-none");
        let [plan, hello] = alternate(
            self.rounds * 10,
            [
                Side::new("plan --version", || {
                    let mut command = quiet_command(&self.plan, &cache);
                    command.arg("--version");
                    command
                }),
                Side::new("hello", || Command::new(&self.hello)),
            ],
        )?;
        let more = plan.median() - hello.median();
        table.push(&Row {
            documents: 0,
            what: "`plan --version` beside hello-world",
            subject: wall(&plan),
            yardstick: wall(&hello),
            figure: more_time(more),
            target: Some(("+3 ms", more <= 0.003)),
        });
        Ok(())
    }

    /// Everything that is measured on one repository.
    fn all(&self, repository: &Repository, table: &mut Table, rounds: usize) -> Result<Overview> {
        note(&format!("measuring at {} documents", repository.documents));
        let cold = self.cold(repository, table, rounds)?;
        let cache = self.dir.join(format!("cache-{}", repository.documents));
        fresh(&cache)?;
        let warm = self.warm(repository, &cache, table, rounds * 2)?;
        self.changed(repository, &cache, table, rounds)?;
        fs::remove_dir_all(&cache)?;
        self.tick(repository, table, rounds)?;
        self.check(repository, table, rounds)?;
        Ok(Overview { cold, warm })
    }

    fn cold(&self, repository: &Repository, table: &mut Table, rounds: usize) -> Result<Series> {
        let cache = self.dir.join("cache-cold");
        let bare = |name, blocks: bool| {
            Side::new(name, move || {
                let mut command = Command::new(&self.xtask);
                command.arg("bare-parse").arg(&repository.dir);
                command.args(blocks.then_some("--blocks"));
                command
            })
        };
        let [cold, bare, blocks] = alternate(
            rounds,
            [
                Side::new("plan status, cold", self.plan(repository, &cache, "status"))
                    .after(|| fresh(&cache)),
                bare("bare reader", false),
                bare("bare reader of blocks", true),
            ],
        )?;
        let ratio = cold.median() / bare.median();
        table.push(&Row {
            documents: repository.documents,
            what: "cold `plan status` beside a bare reader",
            subject: wall(&cold),
            yardstick: wall(&bare),
            figure: format!("{ratio:.2} x"),
            target: Some(("2 x", ratio <= 2.0)),
        });
        table.push(&Row {
            documents: repository.documents,
            what: "beside one that takes out front matter and blocks",
            subject: wall(&cold),
            yardstick: wall(&blocks),
            figure: format!("{:.2} x", cold.median() / blocks.median()),
            target: None,
        });
        for (what, yardstick) in [
            ("the first in CPU time", &bare),
            ("the second in CPU time", &blocks),
        ] {
            table.push(&Row {
                documents: repository.documents,
                what,
                subject: time(cold.cpu()),
                yardstick: time(yardstick.cpu()),
                figure: format!("{:.2} x", cold.cpu() / yardstick.cpu()),
                target: None,
            });
        }
        // The bound was set for 10,000 documents; ten times as many may take more.
        let bounded = repository.documents <= 10_000;
        table.push(&Row {
            documents: repository.documents,
            what: "peak memory of cold `plan status`",
            subject: megabytes(cold.peak()),
            yardstick: megabytes(bare.peak()),
            figure: megabytes(cold.peak()),
            target: bounded.then(|| ("200 MB", cold.peak() < 200_000_000)),
        });
        let size = folder_bytes(&cache);
        table.push(&Row {
            documents: repository.documents,
            what: "snapshot on disk",
            subject: megabytes(size),
            yardstick: String::new(),
            figure: format!(
                "{} bytes a document",
                size / repository.documents.max(1) as u64
            ),
            target: None,
        });
        fs::remove_dir_all(&cache)?;
        Ok(cold)
    }

    fn warm(
        &self,
        repository: &Repository,
        cache: &Path,
        table: &mut Table,
        rounds: usize,
    ) -> Result<Series> {
        let [warm, status, next] = alternate(
            rounds,
            [
                Side::new("plan status, warm", self.plan(repository, cache, "status")),
                Side::new("git status", || {
                    let mut command = git(&repository.dir);
                    command.arg("status");
                    command
                }),
                Side::new("plan next, warm", self.plan(repository, cache, "next"))
                    .may_exit_with(&[0, 1]),
            ],
        )?;
        let ratio = warm.median() / status.median();
        table.push(&Row {
            documents: repository.documents,
            what: "warm `plan status` beside `git status`",
            subject: wall(&warm),
            yardstick: wall(&status),
            figure: format!("{ratio:.2} x"),
            target: Some(("1 x", ratio <= 1.0)),
        });
        let bounded = repository.documents <= 10_000;
        table.push(&Row {
            documents: repository.documents,
            what: "warm `plan next`",
            subject: wall(&next),
            yardstick: String::new(),
            figure: time(next.median()),
            target: bounded.then(|| ("50 ms", next.median() <= 0.050)),
        });
        Ok(warm)
    }

    fn changed(
        &self,
        repository: &Repository,
        cache: &Path,
        table: &mut Table,
        rounds: usize,
    ) -> Result<()> {
        let original = fs::read(&repository.victim)?;
        let settle = || -> Result<()> {
            // Longer than the clock of a file system ticks, so that no entry is racy.
            std::thread::sleep(Duration::from_millis(20));
            Ok(())
        };
        let change = || -> Result<()> {
            settle()?;
            let mut file = fs::OpenOptions::new()
                .append(true)
                .open(&repository.victim)?;
            file.write_all(b"\n- [ ] One more task\n")?;
            settle()
        };
        let rest = || -> Result<()> {
            settle()?;
            // The run before this one wrote a snapshot; this brings it to rest.
            let mut plan = self.plan(repository, cache, "status");
            plan().stdout(std::process::Stdio::null()).status()?;
            settle()
        };
        let measured = alternate(
            rounds,
            [
                Side::new(
                    "plan status, one file changed",
                    self.plan(repository, cache, "status"),
                )
                .after(change),
                Side::new("plan status, warm", self.plan(repository, cache, "status")).after(rest),
            ],
        );
        fs::write(&repository.victim, original)?;
        let [changed, warm] = measured?;
        let more = changed.median() - warm.median();
        table.push(&Row {
            documents: repository.documents,
            what: "`plan status` after one file changed beside warm",
            subject: wall(&changed),
            yardstick: wall(&warm),
            figure: more_time(more),
            target: Some(("+5 ms", more <= 0.005)),
        });
        Ok(())
    }
}

/// Cost of a document in the larger repository over its cost in the smaller.
fn growth(table: &mut Table, documents: usize, what: &'static str, small: &Series, large: &Series) {
    let ratio = large.median() / small.median();
    table.push(&Row {
        documents,
        what,
        subject: time(large.median()),
        yardstick: time(small.median()),
        figure: format!("{ratio:.1} x"),
        target: Some(("12 x", ratio <= 12.0)),
    });
}

/// An empty folder.
fn fresh(dir: &Path) -> Result<()> {
    if dir.exists() {
        fs::remove_dir_all(dir)?;
    }
    Ok(fs::create_dir_all(dir)?)
}

fn folder_bytes(dir: &Path) -> u64 {
    ignore::WalkBuilder::new(dir)
        .standard_filters(false)
        .build()
        .filter_map(Result::ok)
        .filter_map(|entry| entry.metadata().ok())
        .filter(fs::Metadata::is_file)
        .map(|metadata| metadata.len())
        .sum()
}
