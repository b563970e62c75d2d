//! Documents in the form of their dialect.

use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use crate::complete::references;

#[derive(Args, Debug)]
pub(crate) struct FmtArgs {
    /// The documents
    #[arg(value_name = "REF", required = true, add = ArgValueCompleter::new(references))]
    pub(crate) references: Vec<String>,
    /// Write it; without this, only show what would change
    #[arg(long)]
    pub(crate) normalize: bool,
    /// Show what would change, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}
