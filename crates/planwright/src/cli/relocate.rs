//! The verbs that give documents another place or name.

use clap::{Args, ValueHint};
use clap_complete::engine::ArgValueCompleter;

use crate::complete::references;

#[derive(Args, Debug)]
pub(crate) struct RelocateArgs {
    /// The document, or the feature or folder
    #[arg(value_name = "REF", add = ArgValueCompleter::new(references))]
    pub(crate) reference: String,
    /// The folder to put it in, or its new path
    #[arg(value_name = "DIR|PATH", value_hint = ValueHint::AnyPath)]
    pub(crate) to: String,
    /// Show what would change, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Args, Debug)]
pub(crate) struct RenameArgs {
    /// The document, or the feature
    #[arg(value_name = "REF", add = ArgValueCompleter::new(references))]
    pub(crate) reference: String,
    /// A title, which the name of the file follows, or only a name
    #[arg(value_name = "TITLE|SLUG")]
    pub(crate) name: String,
    /// Show what would change, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Args, Debug)]
pub(crate) struct ArchiveArgs {
    /// The documents or features
    #[arg(value_name = "REF", required = true, add = ArgValueCompleter::new(references))]
    pub(crate) references: Vec<String>,
    /// Show what would change, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Args, Debug)]
pub(crate) struct RegistryArgs {
    /// The document that holds the lists [default: every index that has some]
    #[arg(value_name = "PATH", value_hint = ValueHint::FilePath)]
    pub(crate) path: Option<String>,
    /// Write nothing, and exit with 1 where a list is out of date
    #[arg(long)]
    pub(crate) check: bool,
    /// Remove the lines of plans that are not there
    #[arg(long)]
    pub(crate) prune: bool,
    /// Show what would change, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}
