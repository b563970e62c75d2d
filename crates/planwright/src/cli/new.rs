//! The verb that makes documents.

use clap::{Args, ValueHint};
use clap_complete::engine::ArgValueCompleter;

use crate::complete::references;

#[derive(Args, Debug)]
pub(crate) struct NewArgs {
    /// What to make: `plan`, `spec`, `adr`, `prd` ...; `plan dialects show NAME` lists the forms
    #[arg(value_name = "KIND")]
    pub(crate) kind: String,
    /// Its title
    #[arg(value_name = "TITLE", required = true)]
    pub(crate) title: Vec<String>,
    /// The dialect to write it in [default: the one that the repository uses for the kind]
    #[arg(long, value_name = "NAME")]
    pub(crate) dialect: Option<String>,
    /// The document that it is made from; it goes beside it, or into its feature's folder
    #[arg(long, value_name = "REF", add = ArgValueCompleter::new(references))]
    pub(crate) from: Option<String>,
    /// The document that it implements
    #[arg(long, value_name = "REF", add = ArgValueCompleter::new(references))]
    pub(crate) implements: Option<String>,
    /// A document that has to be done first
    #[arg(long, value_name = "REF", add = ArgValueCompleter::new(references))]
    pub(crate) depends_on: Vec<String>,
    /// A document whose place it is to take, once it is agreed
    #[arg(long, value_name = "REF", add = ArgValueCompleter::new(references))]
    pub(crate) supersedes: Vec<String>,
    /// Who is to do it [default: the user that git knows]
    #[arg(long, value_name = "WHO")]
    pub(crate) owner: Option<String>,
    /// The folder to write it into [default: where the repository keeps such documents]
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) dir: Option<String>,
    /// Open it in the editor
    #[arg(long, conflicts_with = "dry_run")]
    pub(crate) edit: bool,
    /// Show what would be written, and write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Args, Debug)]
pub(crate) struct RenumberArgs {
    /// The document, or one of the feature
    #[arg(value_name = "REF", add = ArgValueCompleter::new(references))]
    pub(crate) reference: String,
    /// The number [default: the next one that is free]
    #[arg(long, value_name = "N")]
    pub(crate) to: Option<u64>,
    /// Show what would change, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}
