//! Claude Code.
//!
//! - Servers of a project: `.mcp.json`, those of the user: `mcpServers` in `.claude.json`
//!   (<https://code.claude.com/docs/en/mcp>).
//! - Hooks: `hooks` in `settings.json`, groups of a matcher and handlers, timeouts in seconds
//!   (<https://code.claude.com/docs/en/hooks>).
//! - Skills: `skills/NAME/SKILL.md` (<https://code.claude.com/docs/en/skills>); instructions:
//!   `CLAUDE.md` (<https://code.claude.com/docs/en/memory>).
//! - `CLAUDE_CONFIG_DIR` takes the place of `~/.claude`, and `.claude.json` lies in it then.

use super::{INSTRUCTIONS, SERVER, SKILL};
use crate::host::{Base, Content, Event, Hook, Host, Part, Purpose, Shape};

const EDITS: Option<&str> = Some("Edit|MultiEdit|Write|NotebookEdit");

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
    name: "claude-code",
    title: "Claude Code",
    traces: &[".claude", "CLAUDE.md", ".mcp.json"],
    home: Some((Base::Claude, "")),
    project: &[
        Part {
            purpose: Purpose::Server,
            base: Base::Repository,
            paths: &[".mcp.json"],
            content: SERVER,
        },
        Part {
            purpose: Purpose::Hooks,
            base: Base::Repository,
            paths: &[".claude/settings.json"],
            content: HOOKS,
        },
        Part {
            purpose: Purpose::Skill,
            base: Base::Repository,
            paths: &[".claude/skills/planwright/SKILL.md"],
            content: SKILL,
        },
        Part {
            purpose: Purpose::Instructions,
            base: Base::Repository,
            paths: &["CLAUDE.md"],
            content: INSTRUCTIONS,
        },
    ],
    global: &[
        Part {
            purpose: Purpose::Server,
            base: Base::ClaudeState,
            paths: &[".claude.json"],
            content: SERVER,
        },
        Part {
            purpose: Purpose::Hooks,
            base: Base::Claude,
            paths: &["settings.json"],
            content: HOOKS,
        },
        Part {
            purpose: Purpose::Skill,
            base: Base::Claude,
            paths: &["skills/planwright/SKILL.md"],
            content: SKILL,
        },
    ],
    after: &["Claude Code asks once whether it may use the server of `.mcp.json`"],
    after_global: &[],
};
