//! GitHub Copilot, its CLI and its cloud agent:
//! <https://docs.github.com/en/copilot/reference/hooks-reference>. Fields are named in one of two ways,
//! as the events are in the configuration. Before a stop, the agent hears nothing but what sends it on,
//! which is said once.

use super::Host;

pub(super) const HOST: Host = Host {
    name: "copilot",
    session: &["sessionId", "session_id"],
    folder: &["cwd"],
    agent: &["agent_id"],
    variable: Some("COPILOT_AGENT_SESSION_ID"),
    inside: &[],
    model: &["model"],
    again: &["stop_hook_active", "stopHookActive"],
    tool: &["toolName", "tool_name"],
    edits: &[
        "Edit",
        "Write",
        "apply_patch",
        "create",
        "create_file",
        "edit",
        "insert_edit_into_file",
        "multi_replace_string_in_file",
        "replace_string_in_file",
        "str_replace_editor",
    ],
    arguments: &["toolArgs", "tool_input"],
    files: &["path", "file_path", "filePath"],
    patches: &["input", "patch", "command"],
    characters: 10_000,
    tokens: 2_500,
    says: [
        Some(r#"{"additionalContext":"$TEXT"}"#),
        Some(r#"{"additionalContext":"$TEXT"}"#),
        Some(r#"{"additionalContext":"$TEXT"}"#),
        Some(r#"{"decision":"block","reason":"$TEXT"}"#),
    ],
    refuses: r#"{"permissionDecision":"deny","permissionDecisionReason":"$TEXT"}"#,
};
