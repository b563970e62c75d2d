//! The command line of Planwright: verbs, rendering, exit codes. What the verbs do is decided in
//! `planwright-ops`.

mod actor;
mod app;
mod brief;
mod check;
mod cli;
mod complete;
mod failure;
mod hook;
mod mcp;
mod output;
mod paths;
mod render;
mod terminal;
mod watch;

use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _};

pub use output::Status;

/// Runs the program with the process's arguments and environment.
pub fn main() -> ExitCode {
    let is_hook = hook::is_called(std::env::args_os().skip(1));
    let panicked = if is_hook {
        hook::panicked
    } else {
        output::panicked
    };
    std::panic::set_hook(Box::new(panicked));
    complete::answer_shell();
    match parsed() {
        Ok(cli) => app::run(&cli),
        Err(said) if is_hook && said.use_stderr() => hook::misused(&said),
        Err(said) => failure::parsed(&said, cli::Early::find(std::env::args_os().skip(1))),
    }
    .into()
}

/// What the arguments ask for.
fn parsed() -> Result<cli::Cli, clap::Error> {
    let mut command = cli::grouped(cli::Cli::command());
    let mut matches = command.try_get_matches_from_mut(std::env::args_os())?;
    let cli = cli::Cli::from_arg_matches_mut(&mut matches);
    cli.map_err(|error| error.format(&mut command))
}

/// The command line as data, from which manual pages and references are made.
pub fn command() -> clap::Command {
    cli::Cli::command()
}
