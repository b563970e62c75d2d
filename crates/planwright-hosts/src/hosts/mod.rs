//! The hosts, one file each.

mod agents_md;
mod claude_code;
mod codex;
mod copilot;
mod cursor;
mod gemini_cli;
mod opencode;

use crate::host::{Base, Comment, Content, Host, Part, Purpose};

/// Every host, in the order in which they are listed.
pub static HOSTS: [&Host; 7] = [
    &claude_code::HOST,
    &codex::HOST,
    &cursor::HOST,
    &gemini_cli::HOST,
    &copilot::HOST,
    &opencode::HOST,
    &agents_md::HOST,
];

/// What every session is told, as lines of a file with instructions.
const INSTRUCTIONS: Content = Content::Lines(include_str!("../texts/block.md"));

/// The Agent Skill, in the form of <https://agentskills.io/specification>: the folder bears its name.
const SKILL: Content = Content::File {
    head: include_str!("../texts/skill_head.md"),
    lines: include_str!("../texts/skill.md"),
    comment: Comment::Markup,
};

/// The server, in the form that most hosts share.
const SERVER: Content = Content::Entry {
    keys: &["mcpServers", "planwright"],
    value: "{\n  \"command\": \"plan\",\n  \"args\": [\"mcp\"]\n}",
};

/// The file that hosts read which have agreed on <https://agents.md>.
const AGENTS_MD: Part = Part {
    purpose: Purpose::Instructions,
    base: Base::Repository,
    paths: &["AGENTS.md"],
    content: INSTRUCTIONS,
};

/// The folder of skills that hosts share.
const SHARED_SKILL: Part = Part {
    purpose: Purpose::Skill,
    base: Base::Repository,
    paths: &[".agents/skills/planwright/SKILL.md"],
    content: SKILL,
};

/// The same in the user's folder.
const SHARED_SKILL_GLOBAL: Part = Part {
    purpose: Purpose::Skill,
    base: Base::Home,
    paths: &[".agents/skills/planwright/SKILL.md"],
    content: SKILL,
};
