//! Commands that plans name for their verification: running and trusting them.

use std::time::Duration;

use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use crate::complete::references;

#[derive(Args, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag")]
pub(crate) struct VerifyArgs {
    /// The document, or a phase, item or section of it
    #[arg(value_name = "REF", add = ArgValueCompleter::new(references))]
    pub(crate) reference: String,
    /// Run the commands that are trusted, and write down what came of it
    #[arg(long)]
    pub(crate) run: bool,
    /// Trust the others, too, after showing them
    #[arg(long, requires = "run")]
    pub(crate) yes: bool,
    /// Tick items that name exactly one command, where it passes
    #[arg(long, requires = "run")]
    pub(crate) tick: bool,
    /// How long a command may take: `90s`, `10m`, `1h`
    #[arg(long, value_name = "TIME", default_value = "10m", value_parser = time)]
    pub(crate) timeout: Duration,
    /// Show what would be run, and run nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Args, Debug)]
pub(crate) struct TrustArgs {
    /// The document, or a phase, item or section of it
    #[arg(value_name = "REF", required_unless_present_any = ["list", "revoke"], add = ArgValueCompleter::new(references))]
    pub(crate) reference: Option<String>,
    /// Show the commands of this repository that are trusted
    #[arg(long, conflicts_with_all = ["reference", "revoke", "yes"])]
    pub(crate) list: bool,
    /// Trust the commands of REF no longer; without REF none of this repository
    #[arg(long, conflicts_with = "yes")]
    pub(crate) revoke: bool,
    /// Trust all of them without asking, after showing them
    #[arg(long)]
    pub(crate) yes: bool,
}

fn time(text: &str) -> Result<Duration, String> {
    let wrong = || "a time is written as `90s`, `10m` or `1h`".to_owned();
    let time: jiff::SignedDuration = text.parse().map_err(|_| wrong())?;
    let time = Duration::try_from(time).map_err(|_| wrong())?;
    if time.is_zero() {
        Err(wrong())
    } else {
        Ok(time)
    }
}
