//! Codex.
//!
//! - Servers: tables `[mcp_servers.NAME]` in `config.toml` (<https://developers.openai.com/codex/mcp>).
//! - Hooks: `hooks.json` beside it, groups as in Claude Code, timeouts in seconds; edits by
//!   `apply_patch` answer to `Edit` and `Write` too (<https://developers.openai.com/codex/hooks>).
//! - Skills: `.agents/skills` (<https://developers.openai.com/codex/skills>); instructions: `AGENTS.md`.
//! - `CODEX_HOME` takes the place of `~/.codex`. The `.codex` of a project is read once it is trusted,
//!   and hooks run once they are.

use super::{AGENTS_MD, SHARED_SKILL, SHARED_SKILL_GLOBAL};
use crate::host::{Base, Content, Event, Hook, Host, Part, Purpose, Shape};

const EDITS: Option<&str> = Some("apply_patch|Edit|Write");

const SERVER: Content = Content::Table {
    keys: &["mcp_servers", "planwright"],
    lines: "[mcp_servers.planwright]\ncommand = \"plan\"\nargs = [\"mcp\"]\n",
};

const HOOKS: Content = Content::Hooks {
    shape: Shape::Grouped { timeout: 10 },
    hooks: &[
        Hook {
            on: "SessionStart",
            matcher: None,
            event: Event::SessionStart,
        },
        Hook {
            on: "PreToolUse",
            matcher: EDITS,
            event: Event::BeforeEdit,
        },
        Hook {
            on: "PostToolUse",
            matcher: EDITS,
            event: Event::AfterEdit,
        },
        Hook {
            on: "Stop",
            matcher: None,
            event: Event::BeforeStop,
        },
    ],
};

pub(super) static HOST: Host = Host {
    name: "codex",
    title: "Codex",
    traces: &[".codex"],
    home: Some((Base::Codex, "")),
    project: &[
        Part {
            purpose: Purpose::Server,
            base: Base::Repository,
            paths: &[".codex/config.toml"],
            content: SERVER,
        },
        Part {
            purpose: Purpose::Hooks,
            base: Base::Repository,
            paths: &[".codex/hooks.json"],
            content: HOOKS,
        },
        SHARED_SKILL,
        AGENTS_MD,
    ],
    global: &[
        Part {
            purpose: Purpose::Server,
            base: Base::Codex,
            paths: &["config.toml"],
            content: SERVER,
        },
        Part {
            purpose: Purpose::Hooks,
            base: Base::Codex,
            paths: &["hooks.json"],
            content: HOOKS,
        },
        SHARED_SKILL_GLOBAL,
    ],
    after: &[
        "Codex reads `.codex` in projects that you trust, and runs hooks once you allow them in `/hooks`",
        "In its sandbox `plan` may only read: agents change plans with the tools of the server, which `codex exec` \
         allows with `default_tools_approval_mode = \"approve\"` below `[mcp_servers.planwright]`",
    ],
    after_global: &["Codex runs hooks once you allow them in `/hooks`"],
};
