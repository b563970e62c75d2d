//! A document in another dialect.

use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use crate::complete::references;

#[derive(Args, Debug)]
pub(crate) struct ConvertArgs {
    /// The document
    #[arg(value_name = "REF", add = ArgValueCompleter::new(references))]
    pub(crate) reference: String,
    /// The dialect to write it in; `plan dialects` lists them
    #[arg(long, value_name = "DIALECT")]
    pub(crate) to: String,
    /// The form to use [default: the document's own kind, else a plan]
    #[arg(long, value_name = "KIND")]
    pub(crate) kind: Option<String>,
    /// The file to write [default: where the form says]
    #[arg(long, value_name = "PATH")]
    pub(crate) out: Option<String>,
    /// Remove the document itself
    #[arg(long)]
    pub(crate) replace: bool,
    /// Write it also where something is lost
    #[arg(long)]
    pub(crate) yes: bool,
    /// Show what would be lost and written, and write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}
