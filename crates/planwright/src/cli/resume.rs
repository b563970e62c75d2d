//! `plan resume`.

use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use crate::complete::references;

#[derive(Args, Debug)]
pub(crate) struct ResumeArgs {
    /// A plan or a task [default: what the last session worked on]
    #[arg(value_name = "REF", add = ArgValueCompleter::new(references))]
    pub(crate) reference: Option<String>,
}
