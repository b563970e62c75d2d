//! Wiring into the programs that run coding agents.

use clap::Args;
use clap::builder::PossibleValuesParser;
use planwright_ops::setup::hosts;

#[derive(Args, Debug)]
pub(crate) struct SetupArgs {
    /// The programs
    #[arg(value_name = "HOST", value_parser = PossibleValuesParser::new(hosts().map(|(name, _)| name)))]
    pub(crate) hosts: Vec<String>,
    /// Take out what was put in
    #[arg(long, requires = "hosts")]
    pub(crate) remove: bool,
    /// The user's own configuration, not the repository's
    #[arg(long)]
    pub(crate) global: bool,
    /// Show what would change, and change nothing
    #[arg(long, requires = "hosts")]
    pub(crate) dry_run: bool,
}
