//! Claude Code: <https://code.claude.com/docs/en/hooks>. Before a stop, only a decision to go on would
//! reach the agent; what is said is shown to the user instead.

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
        Some(r#"{"systemMessage":"$TEXT"}"#),
    ],
    refuses: r#"{"hookSpecificOutput":{"hookEventName":"PreToolUse","permissionDecision":"deny","permissionDecisionReason":"$TEXT"}}"#,
};
