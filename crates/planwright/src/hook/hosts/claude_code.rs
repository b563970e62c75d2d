//! Claude Code: <https://code.claude.com/docs/en/hooks>. What is said before a stop
//! sends the agent on, and is said once; while others work for it in the background, it does not stop.

use super::Host;

pub(super) const HOST: Host = Host {
    name: "claude-code",
    session: &["session_id"],
    folder: &["cwd"],
    agent: &["agent_id"],
    variable: Some("CLAUDE_CODE_SESSION_ID"),
    inside: &["COPILOT_CLI"],
    model: &["model"],
    again: &["stop_hook_active", "background_tasks"],
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
        Some(r#"{"hookSpecificOutput":{"hookEventName":"Stop","additionalContext":"$TEXT"}}"#),
    ],
    refuses: r#"{"hookSpecificOutput":{"hookEventName":"PreToolUse","permissionDecision":"deny","permissionDecisionReason":"$TEXT"}}"#,
};
