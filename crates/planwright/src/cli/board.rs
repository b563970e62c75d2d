//! `plan board`.

use clap::{Args, Subcommand, ValueEnum};
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
    /// Make cards of the tasks of plans
    #[command(
        after_help = "A task that has a card gets no other one: it is known again by its id, else by its \
        words, also after the plan, the task or the card got another name. Cards follow what changed \
        in the plan. Plans are not written to; `plan board sync` does that.\n\n\
        Examples:\n  \
        plan board import search\n  \
        plan board import search returns --board app/.dev_ops/board.json\n  \
        plan board import search --dry-run"
    )]
    Import {
        /// Plans
        #[arg(value_name = "REF", required = true, add = ArgValueCompleter::new(references))]
        plans: Vec<String>,
        /// The board [default: the only one]
        #[arg(long, value_name = "REF", add = ArgValueCompleter::new(references))]
        board: Option<String>,
        /// Show what would change, and change nothing
        #[arg(long)]
        dry_run: bool,
    },
    /// Bring a board and the plans of its cards to the same state
    #[command(
        after_help = "What changed since the last time is carried over: a card that was moved ticks its \
        task, as `plan tick` would, and a task that was ticked moves its card. Where both changed, each \
        into something else, both stay, and --prefer says which is right. Nothing is removed.\n\n\
        Examples:\n  \
        plan board sync\n  \
        plan board sync search --dry-run\n  \
        plan board sync search --prefer plan"
    )]
    Sync {
        /// Plans [default: all that the board has cards of]
        #[arg(value_name = "REF", add = ArgValueCompleter::new(references))]
        plans: Vec<String>,
        /// The board [default: the only one]
        #[arg(long, value_name = "REF", add = ArgValueCompleter::new(references))]
        board: Option<String>,
        /// Which side is right where both changed
        #[arg(long, value_name = "SIDE")]
        prefer: Option<PreferredSide>,
        /// Show what would change, and change nothing
        #[arg(long)]
        dry_run: bool,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum PreferredSide {
    /// Cards follow their tasks
    Plan,
    /// Tasks follow their cards
    Board,
}
