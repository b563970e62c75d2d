use clap::Args;

#[derive(Args, Debug)]
pub(crate) struct McpArgs {
    /// Listen for HTTP instead: a port of this machine, or an address with a port
    #[arg(long, value_name = "ADDRESS", num_args = 0..=1, default_missing_value = "0")]
    pub(crate) http: Option<String>,
    /// Ask no token of programs on this machine
    #[arg(long, requires = "http")]
    pub(crate) no_token: bool,
}
