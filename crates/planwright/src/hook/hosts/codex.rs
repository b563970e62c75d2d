//! Codex: <https://developers.openai.com/codex/hooks>. Files are changed by patches; a longer text than
//! 2,500 tokens is put into a file. Before a stop, the agent hears nothing but
//! what sends it on, which is said once.

use super::Host;

pub(super) const HOST: Host = Host {
    name: "codex",
    session: &["session_id"],
    folder: &["cwd"],
    agent: &["agent_id"],
    variable: Some("CODEX_THREAD_ID"),
    inside: &[],
    model: &["model"],
    again: &["stop_hook_active"],
    tool: &["tool_name"],
    edits: &["apply_patch", "Bash", "Edit", "Write"],
    arguments: &["tool_input"],
    files: &["file_path"],
    patches: &["command", "input", "patch"],
    characters: 10_000,
    tokens: 2_500,
    says: [
        Some(
            r#"{"hookSpecificOutput":{"hookEventName":"SessionStart","additionalContext":"$TEXT"}}"#,
        ),
        Some(
            r#"{"hookSpecificOutput":{"hookEventName":"PreToolUse","additionalContext":"$TEXT"}}"#,
        ),
        Some(
            r#"{"hookSpecificOutput":{"hookEventName":"PostToolUse","additionalContext":"$TEXT"}}"#,
        ),
        Some(r#"{"decision":"block","reason":"$TEXT"}"#),
    ],
    refuses: r#"{"hookSpecificOutput":{"hookEventName":"PreToolUse","permissionDecision":"deny","permissionDecisionReason":"$TEXT"}}"#,
};
