//! Cursor.
//!
//! - Servers: `mcp.json` (<https://cursor.com/docs/context/mcp>).
//! - Hooks: `hooks.json` of version 1, one object a call, timeouts in seconds
//!   (<https://cursor.com/docs/agent/hooks>). `postToolUse` can tell the agent something,
//!   `afterFileEdit` cannot.
//! - Skills: `.agents/skills` (<https://cursor.com/docs/context/skills>); instructions: `AGENTS.md`.

use super::{AGENTS_MD, SERVER, SHARED_SKILL, SHARED_SKILL_GLOBAL};
use crate::host::{Base, Content, Event, Hook, Host, Part, Purpose, Shape};

const EDITS: Option<&str> = Some("Write|Edit|StrReplace|Delete");

const HOOKS: Content = Content::Hooks {
    shape: Shape::Flat,
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
            on: "stop",
            matcher: None,
            event: Event::BeforeStop,
        },
    ],
};

pub(super) static HOST: Host = Host {
    name: "cursor",
    title: "Cursor",
    traces: &[".cursor", ".cursorrules"],
    home: Some((Base::Home, ".cursor")),
    project: &[
        Part {
            purpose: Purpose::Server,
            base: Base::Repository,
            paths: &[".cursor/mcp.json"],
            content: SERVER,
        },
        Part {
            purpose: Purpose::Hooks,
            base: Base::Repository,
            paths: &[".cursor/hooks.json"],
            content: HOOKS,
        },
        SHARED_SKILL,
        AGENTS_MD,
    ],
    global: &[
        Part {
            purpose: Purpose::Server,
            base: Base::Home,
            paths: &[".cursor/mcp.json"],
            content: SERVER,
        },
        Part {
            purpose: Purpose::Hooks,
            base: Base::Home,
            paths: &[".cursor/hooks.json"],
            content: HOOKS,
        },
        SHARED_SKILL_GLOBAL,
    ],
    after: &["Cursor asks whether it may use a new server: Settings, MCP"],
    after_global: &["Cursor asks whether it may use a new server: Settings, MCP"],
};
