//! opencode.
//!
//! - Servers: `mcp` in `opencode.json` or `opencode.jsonc`, the command as one list
//!   (<https://opencode.ai/docs/mcp-servers>).
//! - No hooks that start programs; a plugin in `plugins` does it (<https://opencode.ai/docs/plugins>).
//! - Skills: `.agents/skills` (<https://opencode.ai/docs/skills>); instructions: `AGENTS.md`.

use super::{AGENTS_MD, SHARED_SKILL, SHARED_SKILL_GLOBAL};
use crate::host::{Base, Comment, Content, Host, Part, Purpose};

const SERVER: Content = Content::Entry {
    keys: &["mcp", "planwright"],
    value: "{\n  \"type\": \"local\",\n  \"command\": [\"plan\", \"mcp\"],\n  \"enabled\": true\n}",
};

const PLUGIN: Content = Content::File {
    head: "",
    lines: include_str!("../texts/opencode.js"),
    comment: Comment::Slashes,
};

pub(super) static HOST: Host = Host {
    name: "opencode",
    title: "opencode",
    traces: &["opencode.json", "opencode.jsonc", ".opencode"],
    home: Some((Base::Config, "opencode")),
    project: &[
        Part {
            purpose: Purpose::Server,
            base: Base::Repository,
            paths: &["opencode.jsonc", "opencode.json"],
            content: SERVER,
        },
        Part {
            purpose: Purpose::Hooks,
            base: Base::Repository,
            paths: &[".opencode/plugins/planwright.js"],
            content: PLUGIN,
        },
        SHARED_SKILL,
        AGENTS_MD,
    ],
    global: &[
        Part {
            purpose: Purpose::Server,
            base: Base::Config,
            paths: &["opencode/opencode.jsonc", "opencode/opencode.json"],
            content: SERVER,
        },
        Part {
            purpose: Purpose::Hooks,
            base: Base::Config,
            paths: &["opencode/plugins/planwright.js"],
            content: PLUGIN,
        },
        SHARED_SKILL_GLOBAL,
    ],
    after: &[],
    after_global: &[],
};
