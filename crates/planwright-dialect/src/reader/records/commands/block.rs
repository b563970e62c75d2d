//! The commands of a block of code.

use super::looks_like_command;

/// A line of a block.
pub(super) struct Line<'a> {
    pub(super) number: u32,
    pub(super) text: &'a str,
}

/// A command of a block.
pub(super) struct Found {
    pub(super) line: u32,
    pub(super) text: String,
    /// Where `cd` in front of it led.
    pub(super) directory: Option<String>,
}

/// How a block is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Lines for a shell.
    Script,
    /// What was typed behind a prompt, and what came back.
    Session,
    /// Nobody knows: only what looks like a command is one.
    Unnamed,
}

impl Form {
    /// By the language of the block; `None` where that is no shell.
    pub(super) fn of(language: &str) -> Option<Self> {
        Some(match language {
            "sh" | "bash" | "shell" | "zsh" | "powershell" => Self::Script,
            "console" | "terminal" | "shell-session" | "shellsession" => Self::Session,
            "" => Self::Unnamed,
            _ => return None,
        })
    }
}

pub(super) fn commands(form: Form, lines: &[Line<'_>]) -> Vec<Found> {
    let typed = |line: &Line<'_>| line.text.trim_start().starts_with("$ ");
    let is_session = lines.iter().any(typed);
    let form = if is_session { Form::Session } else { form };
    if form == Form::Script && lines.iter().any(|line| leads_on(line.text)) {
        return script(lines).into_iter().collect();
    }
    let mut found: Vec<Found> = Vec::new();
    let mut directory: Option<String> = None;
    let mut lines = lines.iter();
    while let Some(line) = lines.next() {
        let text = line.text.trim();
        let text = match (is_session, text.strip_prefix("$ ")) {
            (true, None) => continue,
            (_, typed) => typed.unwrap_or(text).trim(),
        };
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        let mut text = text.to_owned();
        while text.ends_with('\\') && !text.ends_with("\\\\") {
            let Some(next) = lines.next() else { break };
            text.pop();
            let next = next.text.trim();
            let next = next.strip_prefix("> ").unwrap_or(next);
            text.truncate(text.trim_end().len());
            text.push(' ');
            text.push_str(next);
        }
        if let Some(to) = text.strip_prefix("cd ").map(str::trim)
            && !to.contains([' ', ';', '&', '|', '$', '`'])
        {
            let to = to.trim_matches(['"', '\'']);
            directory = Some(directory.map_or_else(|| to.to_owned(), |from| join(&from, to)));
            continue;
        }
        let is_named = form == Form::Script || is_session;
        if is_named || looks_like_command(&text) {
            found.push(Found {
                line: line.number,
                text,
                directory: directory.clone(),
            });
        }
    }
    found
}

/// A folder from another one.
pub(super) fn join(from: &str, to: &str) -> String {
    if to.starts_with(['/', '~']) {
        return to.to_owned();
    }
    format!("{}/{to}", from.trim_end_matches('/'))
}

/// All lines as one command.
fn script(lines: &[Line<'_>]) -> Option<Found> {
    let is_said = |line: &&Line<'_>| !line.text.trim_start().starts_with('#');
    let first = lines.iter().find(is_said)?;
    let text: Vec<&str> = lines
        .iter()
        .filter(|line| line.number >= first.number)
        .map(|line| line.text)
        .collect();
    Some(Found {
        line: first.number,
        text: text.join("\n"),
        directory: None,
    })
}

/// True for a line that means something only together with others: it sets what they need, or begins
/// what they end.
fn leads_on(text: &str) -> bool {
    const WORDS: [&str; 26] = [
        "export", "source", ".", "set", "unset", "alias", "pushd", "popd", "trap", "shopt", "if",
        "then", "else", "elif", "fi", "for", "while", "until", "do", "done", "case", "esac",
        "function", "{", "}", "eval",
    ];
    let text = text.trim();
    if text.starts_with('#') {
        return false;
    }
    let first = text.split_whitespace().next().unwrap_or("");
    let is_only_assignment = text.split_once('=').is_some_and(|(name, value)| {
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        !name.is_empty()
            && name.chars().all(is_name)
            && (!value.contains(' ') || value.starts_with(['"', '\'', '$']))
    });
    let quotes = |quote: char| text.matches(quote).count() % 2 == 1;
    let ends = ["|", "&&", "||", "{", "(", ";;", " do", " then"];
    WORDS.contains(&first.trim_end_matches(';'))
        || is_only_assignment
        || text.contains("<<")
        || ends.iter().any(|end| text.ends_with(end))
        || quotes('"')
        || quotes('\'')
}
