//! The verbs as the help lists them: by what they are for.

use std::fmt::Write as _;

use clap::Command;
use clap::builder::Styles;

/// Each group and its verbs, in the order of the help. Every verb stands in exactly one.
const GROUPS: [(&str, &[&str]); 8] = [
    (
        "Read",
        &[
            "status", "list", "show", "next", "board", "brief", "graph", "search", "links",
        ],
    ),
    ("Check", &["check", "explain", "verify", "trust"]),
    (
        "Change what a plan holds",
        &[
            "new", "add", "edit", "tick", "start", "block", "cancel", "reopen", "log", "link",
            "unlink", "undo",
        ],
    ),
    (
        "Change how far it is",
        &[
            "approve",
            "activate",
            "pause",
            "complete",
            "supersede",
            "abandon",
            "reject",
        ],
    ),
    (
        "Change where and how it is written",
        &[
            "move", "rename", "renumber", "archive", "registry", "convert", "fmt",
        ],
    ),
    (
        "Work together",
        &[
            "claim", "renew", "release", "takeover", "claims", "land", "resume",
        ],
    ),
    ("Agents", &["setup", "mcp", "hook"]),
    (
        "This program",
        &["dialects", "doctor", "completions", "schema"],
    ),
];

/// The command line with its verbs in groups. Only the help differs: verbs that are hidden from
/// clap's one list are found and suggested as before.
pub(crate) fn grouped(command: Command) -> Command {
    let template = format!(
        "{{before-help}}{{about-with-newline}}\n{{usage-heading}} {{usage}}\n\n{}{{all-args}}{{after-help}}",
        table(&command)
    );
    let names: Vec<String> = command
        .get_subcommands()
        .map(|verb| verb.get_name().to_owned())
        .collect();
    let command = names.iter().fold(command, |command, name| {
        command.mut_subcommand(name, |verb| verb.hide(true))
    });
    command
        .override_usage("plan [OPTIONS] [COMMAND]")
        .help_template(template)
}

/// The groups with what each verb does.
fn table(command: &Command) -> String {
    let styles = Styles::styled();
    let (header, literal) = (styles.get_header(), styles.get_literal());
    let width = GROUPS.iter().flat_map(|(_, verbs)| *verbs);
    let width = width.map(|verb| verb.len()).max().unwrap_or_default();
    let mut text = String::new();
    for (title, verbs) in GROUPS {
        let _ = writeln!(text, "{header}{title}:{header:#}");
        for name in verbs {
            let verb = command
                .get_subcommands()
                .find(|verb| verb.get_name() == *name);
            let about = verb.and_then(Command::get_about);
            let about = about.map(ToString::to_string).unwrap_or_default();
            let _ = writeln!(text, "  {literal}{name:width$}{literal:#}  {about}");
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;
    use crate::cli::Cli;

    #[test]
    fn every_verb_stands_in_one_group() {
        let mut grouped: Vec<&str> = GROUPS
            .iter()
            .flat_map(|(_, verbs)| *verbs)
            .copied()
            .collect();
        grouped.sort_unstable();
        let command = Cli::command();
        let mut verbs: Vec<&str> = command.get_subcommands().map(Command::get_name).collect();
        verbs.sort_unstable();
        assert_eq!(grouped, verbs);
    }

    #[test]
    fn what_a_verb_does_is_told_in_one_line() {
        let command = Cli::command();
        for verb in command.get_subcommands() {
            let about = verb.get_about().map(ToString::to_string);
            let about = about.unwrap_or_default();
            assert!(about.len() <= 65, "{}: {about}", verb.get_name());
        }
    }
}
