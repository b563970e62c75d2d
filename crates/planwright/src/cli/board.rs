//! `plan board`.

use clap::{Args, Subcommand};
use clap_complete::engine::ArgValueCompleter;

use crate::complete::references;

#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct BoardArgs {
    /// A board or a plan [default: the boards of the repository, else its plans]
    #[arg(value_name = "REF", add = ArgValueCompleter::new(references))]
    pub(crate) reference: Option<String>,
    #[command(subcommand)]
    pub(crate) verb: Option<BoardVerb>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum BoardVerb {
    /// Put a card into another stage
    #[command(
        after_help = "Refused where somebody else holds the card; on the way on, where what it needs is \
        open or not there; and into a stage for what is done, where what it promises is missing.\n\n\
        Examples:\n  \
        plan board move board#TASK-012 Verify\n  \
        plan board move auth#T012 \"in progress\""
    )]
    Move {
        /// The card: `board#TASK-012`, `auth#T012`
        #[arg(value_name = "CARD", add = ArgValueCompleter::new(references))]
        card: String,
        /// The stage, as `plan board` names it
        #[arg(value_name = "STAGE")]
        stage: String,
        /// Show what would change, and change nothing
        #[arg(long)]
        dry_run: bool,
    },
}
