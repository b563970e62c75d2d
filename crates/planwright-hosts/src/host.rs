//! What there is to say of a host.

/// A program that runs a coding agent.
#[derive(Debug)]
pub struct Host {
    /// What it is called on the command line.
    pub name: &'static str,
    /// What it is called by people.
    pub title: &'static str,
    /// Paths in a repository that only its users have.
    pub traces: &'static [&'static str],
    /// The folder in which it keeps what belongs to the user; empty where there is none.
    pub home: Option<(Base, &'static str)>,
    /// What it reads in a repository.
    pub project: &'static [Part],
    /// What it reads of the user's own.
    pub global: &'static [Part],
    /// What a person has to do besides, once it is wired into a repository.
    pub after: &'static [&'static str],
    /// The same, once it is wired into the user's own configuration.
    pub after_global: &'static [&'static str],
}

/// Something that a host reads.
#[derive(Debug)]
pub struct Part {
    /// What it is for.
    pub purpose: Purpose,
    /// The folder that its path starts from.
    pub base: Base,
    /// Its path; where there are several, the first of them that is there, else the last.
    pub paths: &'static [&'static str],
    /// What it has to hold.
    pub content: Content,
}

/// What a part is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The MCP server.
    Server,
    /// Calls of `plan hook`.
    Hooks,
    /// The Agent Skill.
    Skill,
    /// Words that every session begins with.
    Instructions,
}

/// A folder that paths start from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base {
    /// The repository's root.
    Repository,
    /// The user's folder.
    Home,
    /// `CLAUDE_CONFIG_DIR`, else `.claude` in the user's folder.
    Claude,
    /// `CLAUDE_CONFIG_DIR`, else the user's folder: where `.claude.json` lies.
    ClaudeState,
    /// `CODEX_HOME`, else `.codex` in the user's folder.
    Codex,
    /// `XDG_CONFIG_HOME`, else `.config` in the user's folder.
    Config,
}

/// What a file has to hold.
#[derive(Debug)]
pub enum Content {
    /// An entry of a JSON object: the way to it, and its value with an indentation of two spaces.
    Entry {
        /// The keys that lead to it.
        keys: &'static [&'static str],
        /// What stands there.
        value: &'static str,
    },
    /// Calls of `plan hook` in the lists of the JSON object `hooks`.
    Hooks {
        /// How the host writes a call.
        shape: Shape,
        /// The calls.
        hooks: &'static [Hook],
    },
    /// A table of a TOML file, as lines at its end.
    Table {
        /// The keys that lead to it.
        keys: &'static [&'static str],
        /// Its lines.
        lines: &'static str,
    },
    /// Lines at the end of a Markdown file that belongs to others.
    Lines(&'static str),
    /// A file of our own. The lines between markers follow on its head.
    File {
        /// What has to stand at the very beginning, above the markers.
        head: &'static str,
        /// The lines between the markers.
        lines: &'static str,
        /// How comments are written in it.
        comment: Comment,
    },
}

/// How comments are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comment {
    /// `<!-- comment -->`
    Markup,
    /// `# comment`
    Hash,
    /// `// comment`
    Slashes,
}

/// How a host writes a call of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A group of a matcher and handlers, with the time that they may take in the host's own unit.
    Grouped {
        /// In seconds or milliseconds.
        timeout: u32,
    },
    /// One object with `command`, `matcher` and seconds, in a file of version 1.
    Flat,
    /// One object with a command for each shell, in a file of version 1.
    Shells,
}

/// A call of `plan hook`.
#[derive(Debug)]
pub struct Hook {
    /// The host's name of the event.
    pub on: &'static str,
    /// The tools for which it is called; all of them where there is none.
    pub matcher: Option<&'static str>,
    /// Our name of it.
    pub event: Event,
}

/// What `plan hook` is called for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A session begins.
    SessionStart,
    /// A file is about to be changed.
    BeforeEdit,
    /// A file was changed.
    AfterEdit,
    /// The agent is about to stop.
    BeforeStop,
}

impl Event {
    /// The word on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SessionStart => "session-start",
            Self::BeforeEdit => "before-edit",
            Self::AfterEdit => "after-edit",
            Self::BeforeStop => "before-stop",
        }
    }
}
