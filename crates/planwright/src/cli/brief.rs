//! `plan brief`.

use clap::Args;
use clap_complete::engine::ArgValueCompleter;
use planwright_ops::brief::{LEAST, USUAL};

use crate::complete::references;

#[derive(Args, Debug)]
pub(crate) struct BriefArgs {
    /// A plan or a task of it, and files that are going to be edited
    #[arg(value_name = "REF|PATH", add = ArgValueCompleter::new(references))]
    pub(crate) targets: Vec<String>,
    /// What a new session has to know (the default where nothing is named)
    #[arg(long)]
    pub(crate) session: bool,
    /// The most tokens that it may cost
    #[arg(long, value_name = "TOKENS", default_value_t = USUAL, value_parser = clap::value_parser!(u32).range(i64::from(LEAST)..))]
    pub(crate) budget: u32,
    /// What it is wanted for, in your own words
    #[arg(long = "for", value_name = "TEXT")]
    pub(crate) text: Option<String>,
    /// Say of each piece why it is in, instead of showing it
    #[arg(long)]
    pub(crate) explain: bool,
}
