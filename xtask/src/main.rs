//! Developer verbs of Planwright: `cargo xtask VERB`.

mod bare;
mod bench;
mod brief_eval;
mod claim_race;
mod clients;
mod corpus;
mod docs;
mod generate;
mod mutate;
mod run;
mod scratch;
mod test;
mod write_check;
#[cfg(unix)]
mod write_kill;
mod write_race;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask",
    about = "Developer verbs of Planwright",
    disable_version_flag = true
)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Run all tests and say how many passed.
    Test(test::Args),
    /// Build the documentation and check every link in it.
    Docs,
    /// Write a repository of plan documents, the same for the same numbers.
    Gen(generate::Args),
    /// Measure `plan` against a bare reader, `git status` and a hello-world program.
    Bench(bench::Args),
    /// Read every file of a corpus of real plans and report what was made of it.
    Corpus(corpus::Args),
    /// Say how often a brief holds what it should, beside simpler ways to find it.
    BriefEval(brief_eval::Args),
    /// Make clean repositories wrong and say how much of it `plan check` finds.
    Mutate(mutate::Args),
    /// Let processes race for claims on one machine and over git's own servers, kill holders, and take
    /// the network away.
    ClaimRace(claim_race::Args),
    /// Try every verb that writes on every document of a corpus, in memory, and report what came of
    /// it.
    WriteCheck(write_check::Args),
    /// Let processes write to the same plans at once, beside somebody who saves them in an editor.
    WriteRace(write_race::Args),
    /// Kill writes at random points and see what the files and the next call make of it.
    #[cfg(unix)]
    WriteKill(write_kill::Args),
    /// Walk, read and parse the Markdown of a folder and do nothing with it.
    #[command(hide = true)]
    BareParse {
        /// The folder.
        dir: PathBuf,
        /// Read front matter and blocks as `plan` does, not Markdown alone.
        #[arg(long)]
        blocks: bool,
    },
    /// One of the processes of `claim-race`.
    #[command(hide = true)]
    ClaimRacer(claim_race::racer::Args),
    /// The part of `corpus` that is built with optimisation.
    #[command(hide = true)]
    CorpusReport(corpus::ReportArgs),
    /// The part of `brief-eval` that is built with optimisation.
    #[command(hide = true)]
    BriefEvalReport(brief_eval::Args),
}

fn main() -> ExitCode {
    let result = match Cli::parse().verb {
        Verb::Test(args) => test::main(&args),
        Verb::Docs => docs::main(),
        Verb::Gen(args) => generate::main(&args),
        Verb::Bench(args) => bench::main(&args),
        Verb::Corpus(args) => corpus::main(&args),
        Verb::BriefEval(args) => brief_eval::main(&args),
        Verb::BriefEvalReport(args) => brief_eval::report(&args),
        Verb::Mutate(args) => mutate::main(&args),
        Verb::ClaimRace(args) => claim_race::main(&args),
        Verb::ClaimRacer(args) => claim_race::racer::main(&args),
        Verb::WriteCheck(args) => write_check::main(&args),
        Verb::WriteRace(args) => write_race::main(&args),
        #[cfg(unix)]
        Verb::WriteKill(args) => write_kill::main(&args),
        Verb::BareParse { dir, blocks } => Ok(bare::main(&dir, blocks)),
        Verb::CorpusReport(args) => corpus::report(&args),
    };
    match result {
        Ok(code) => code,
        Err(error) => {
            run::note(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}
