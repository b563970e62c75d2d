//! Gemini CLI: <https://geminicli.com/docs/hooks/reference>. The agent hears nothing before an edit but a
//! refusal, and before a stop nothing but what sends it on, which is said once.

use super::Host;

pub(super) const HOST: Host = Host {
    name: "gemini-cli",
    session: &["session_id"],
    folder: &["cwd"],
    agent: &["agent_id"],
    variable: None,
    inside: &[],
    model: &["model"],
    again: &["stop_hook_active"],
    tool: &["tool_name"],
    edits: &["edit", "replace", "write_file"],
    arguments: &["tool_input"],
    files: &["file_path", "absolute_path"],
    patches: &[],
    characters: 10_000,
    tokens: 2_500,
    says: [
        Some(
            r#"{"hookSpecificOutput":{"hookEventName":"SessionStart","additionalContext":"$TEXT"}}"#,
        ),
        None,
        Some(r#"{"hookSpecificOutput":{"hookEventName":"AfterTool","additionalContext":"$TEXT"}}"#),
        Some(r#"{"decision":"deny","reason":"$TEXT"}"#),
    ],
    refuses: r#"{"decision":"deny","reason":"$TEXT"}"#,
};
