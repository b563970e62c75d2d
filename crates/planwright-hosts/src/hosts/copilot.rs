//! GitHub Copilot, in VS Code and as a program of its own.
//!
//! - Servers: VS Code reads `servers` in `.vscode/mcp.json`
//!   (<https://code.visualstudio.com/docs/copilot/customization/mcp-servers>), the program `mcpServers`
//!   in `.github/mcp.json` or `.mcp.json`, and the user's in `~/.copilot/mcp-config.json`
//!   (`copilot mcp --help`). The second of these is Claude Code's too, so the first is taken.
//! - Hooks: `.github/hooks/*.json` and `~/.copilot/hooks/*.json` of version 1, one object with a
//!   command for each shell, timeouts in seconds
//!   (<https://docs.github.com/en/copilot/reference/hooks-configuration>); VS Code reads the same
//!   (<https://code.visualstudio.com/docs/agent-customization/hooks>).
//! - Skills: `.agents/skills`, of the user too
//!   (<https://docs.github.com/en/copilot/concepts/agents/about-agent-skills>); instructions:
//!   `.github/copilot-instructions.md`.

use super::{INSTRUCTIONS, SHARED_SKILL, SHARED_SKILL_GLOBAL};
use crate::host::{Base, Content, Event, Hook, Host, Part, Purpose, Shape};

const EDITOR: Content = Content::Entry {
    keys: &["servers", "planwright"],
    value: "{\n  \"type\": \"stdio\",\n  \"command\": \"plan\",\n  \"args\": [\"mcp\"]\n}",
};

const PROGRAM: Content = Content::Entry {
    keys: &["mcpServers", "planwright"],
    value: "{\n  \"type\": \"local\",\n  \"command\": \"plan\",\n  \"args\": [\"mcp\"],\n  \"tools\": [\"*\"]\n}",
};

/// Its program's names and those of VS Code.
const EDITS: Option<&str> = Some(
    "edit|create|apply_patch|str_replace_editor|create_file|insert_edit_into_file|replace_string_in_file|multi_replace_string_in_file|Edit|Write",
);

const HOOKS: Content = Content::Hooks {
    shape: Shape::Shells,
    hooks: &[
        Hook {
            on: "sessionStart",
            matcher: None,
            event: Event::SessionStart,
        },
        Hook {
            on: "preToolUse",
            matcher: EDITS,
            event: Event::BeforeEdit,
        },
        Hook {
            on: "postToolUse",
            matcher: EDITS,
            event: Event::AfterEdit,
        },
        Hook {
            on: "agentStop",
            matcher: None,
            event: Event::BeforeStop,
        },
    ],
};

pub(super) static HOST: Host = Host {
    name: "copilot",
    title: "GitHub Copilot",
    traces: &[
        ".github/copilot-instructions.md",
        ".github/mcp.json",
        ".github/hooks",
        ".vscode/mcp.json",
    ],
    home: Some((Base::Home, ".copilot")),
    project: &[
        Part {
            purpose: Purpose::Server,
            base: Base::Repository,
            paths: &[".vscode/mcp.json"],
            content: EDITOR,
        },
        Part {
            purpose: Purpose::Server,
            base: Base::Repository,
            paths: &[".github/mcp.json"],
            content: PROGRAM,
        },
        Part {
            purpose: Purpose::Hooks,
            base: Base::Repository,
            paths: &[".github/hooks/planwright.json"],
            content: HOOKS,
        },
        SHARED_SKILL,
        Part {
            purpose: Purpose::Instructions,
            base: Base::Repository,
            paths: &[".github/copilot-instructions.md"],
            content: INSTRUCTIONS,
        },
    ],
    global: &[
        Part {
            purpose: Purpose::Server,
            base: Base::Home,
            paths: &[".copilot/mcp-config.json"],
            content: PROGRAM,
        },
        Part {
            purpose: Purpose::Hooks,
            base: Base::Home,
            paths: &[".copilot/hooks/planwright.json"],
            content: HOOKS,
        },
        SHARED_SKILL_GLOBAL,
    ],
    after: &["Copilot starts servers and hooks of a project in folders that you trust"],
    after_global: &[
        "VS Code keeps the user's own servers by profile: run `MCP: Open User Configuration` in it",
    ],
};
