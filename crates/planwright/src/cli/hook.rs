//! `plan hook`.

use clap::Args;

/// Neither is checked by the parser: a host that names something else is not to be stopped by it.
#[derive(Args, Debug)]
pub(crate) struct HookArgs {
    /// The program: claude-code, codex, cursor, gemini-cli, copilot or opencode
    #[arg(value_name = "HOST")]
    pub(crate) host: String,
    /// The moment: session-start, before-edit, after-edit or before-stop
    #[arg(value_name = "EVENT")]
    pub(crate) event: String,
    /// What a host leaves behind that starts programs without a shell: `; exit 0`
    #[arg(hide = true, trailing_var_arg = true, allow_hyphen_values = true)]
    pub(crate) rest: Vec<String>,
}
