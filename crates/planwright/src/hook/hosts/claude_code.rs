//! Claude Code: <https://code.claude.com/docs/en/hooks>. Before a stop, the agent hears nothing but what
//! sends it on, which is said once.

use super::Host;

pub(super) const HOST: Host = Host {
    name: "claude-code",
    session: &["session_id"],
    folder: &["cwd"],
    model: &["model"],
    again: &["stop_hook_active"],
    tool: &["tool_name"],
    edits: &["Edit", "MultiEdit", "NotebookEdit", "Write"],
    arguments: &["tool_input"],
    files: &["file_path", "notebook_path"],
    patches: &[],
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
