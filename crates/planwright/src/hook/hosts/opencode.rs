//! opencode: <https://opencode.ai/docs/plugins>. It runs no commands at such moments; a plugin of it
//! calls this one and does with `context` and `deny` what its hooks allow.

use super::Host;

pub(super) const HOST: Host = Host {
    name: "opencode",
    session: &["sessionID", "session_id"],
    folder: &["directory", "cwd", "worktree"],
    agent: &["agent_id"],
    variable: None,
    inside: &[],
    model: &["model"],
    again: &["stop_hook_active"],
    tool: &["tool", "tool_name"],
    edits: &["apply_patch", "edit", "multiedit", "patch", "write"],
    arguments: &["args", "tool_input"],
    files: &["filePath", "file_path", "path"],
    patches: &["patchText", "input", "patch"],
    characters: 10_000,
    tokens: 2_500,
    says: [
        Some(r#"{"context":"$TEXT"}"#),
        Some(r#"{"context":"$TEXT"}"#),
        Some(r#"{"context":"$TEXT"}"#),
        Some(r#"{"context":"$TEXT"}"#),
    ],
    refuses: r#"{"deny":"$TEXT"}"#,
};
