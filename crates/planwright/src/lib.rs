//! The command line of Planwright: verbs, rendering, exit codes. What the verbs do is decided in
//! `planwright-ops`.

mod actor;
mod app;
mod brief;
mod check;
mod cli;
mod complete;
mod failure;
mod mcp;
mod output;
mod paths;
mod render;
mod terminal;
mod watch;

use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _};

pub use output::Status;

/// Runs the program with the process's arguments and environment.
pub fn main() -> ExitCode {
    std::panic::set_hook(Box::new(output::panicked));
    complete::answer_shell();
    match cli::Cli::try_parse() {
        Ok(cli) => app::run(&cli),
        Err(said) => failure::parsed(&said, cli::Early::find(std::env::args_os().skip(1))),
    }
    .into()
}

/// The command line as data, from which manual pages and references are made.
pub fn command() -> clap::Command {
    cli::Cli::command()
}
