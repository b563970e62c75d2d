//! Cursor: <https://cursor.com/docs/agent/hooks>. The agent hears nothing before an edit but a refusal,
//! and before a stop nothing but what sends it on, which is said once.

use super::Host;

pub(super) const HOST: Host = Host {
    name: "cursor",
    session: &["session_id", "conversation_id"],
    folder: &["cwd", "workspace_roots"],
    agent: &["agent_id"],
    variable: None,
    inside: &[],
    model: &["model"],
    again: &["loop_count"],
    tool: &["tool_name"],
    edits: &[
        "Delete",
        "Edit",
        "EditNotebook",
        "MultiEdit",
        "StrReplace",
        "Write",
        "edit_file",
        "search_replace",
        "write",
    ],
    arguments: &["tool_input"],
    files: &["file_path", "path", "target_file", "target_notebook"],
    patches: &[],
    characters: 10_000,
    tokens: 2_500,
    says: [
        Some(r#"{"additional_context":"$TEXT"}"#),
        None,
        Some(r#"{"additional_context":"$TEXT"}"#),
        Some(r#"{"followup_message":"$TEXT"}"#),
    ],
    refuses: r#"{"permission":"deny","user_message":"Planwright guards the plans of this repository.","agent_message":"$TEXT"}"#,
};
