//! Gemini CLI.
//!
//! - Servers and hooks: `mcpServers` and `hooks` in `.gemini/settings.json`, which may hold comments;
//!   groups as in Claude Code, timeouts in milliseconds, no plain text on standard output
//!   (<https://geminicli.com/docs/hooks/reference>, <https://geminicli.com/docs/tools/mcp-server>).
//! - Skills: `.agents/skills` goes before `.gemini/skills` (<https://geminicli.com/docs/cli/skills>);
//!   instructions: `GEMINI.md`.

use super::{INSTRUCTIONS, SERVER, SHARED_SKILL, SHARED_SKILL_GLOBAL};
use crate::host::{Base, Content, Event, Hook, Host, Part, Purpose, Shape};

const EDITS: Option<&str> = Some("write_file|replace");

const HOOKS: Content = Content::Hooks {
    shape: Shape::Grouped { timeout: 10_000 },
    hooks: &[
        Hook {
            on: "SessionStart",
            matcher: None,
            event: Event::SessionStart,
        },
        Hook {
            on: "BeforeTool",
            matcher: EDITS,
            event: Event::BeforeEdit,
        },
        Hook {
            on: "AfterTool",
            matcher: EDITS,
            event: Event::AfterEdit,
        },
        Hook {
            on: "AfterAgent",
            matcher: None,
            event: Event::BeforeStop,
        },
    ],
};

const SETTINGS: &[&str] = &[".gemini/settings.json"];

pub(super) static HOST: Host = Host {
    name: "gemini-cli",
    title: "Gemini CLI",
    traces: &[".gemini", "GEMINI.md"],
    home: Some((Base::Home, ".gemini")),
    project: &[
        Part {
            purpose: Purpose::Server,
            base: Base::Repository,
            paths: SETTINGS,
            content: SERVER,
        },
        Part {
            purpose: Purpose::Hooks,
            base: Base::Repository,
            paths: SETTINGS,
            content: HOOKS,
        },
        SHARED_SKILL,
        Part {
            purpose: Purpose::Instructions,
            base: Base::Repository,
            paths: &["GEMINI.md"],
            content: INSTRUCTIONS,
        },
    ],
    global: &[
        Part {
            purpose: Purpose::Server,
            base: Base::Home,
            paths: SETTINGS,
            content: SERVER,
        },
        Part {
            purpose: Purpose::Hooks,
            base: Base::Home,
            paths: SETTINGS,
            content: HOOKS,
        },
        SHARED_SKILL_GLOBAL,
    ],
    after: &[
        "Gemini CLI starts servers and hooks of a project in folders that you trust; `--skip-trust` is not enough",
    ],
    after_global: &[],
};
