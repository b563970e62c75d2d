//! Commands that verify a plan.

use planwright_model::Command;

use crate::outline::Outline;
use crate::words::one_line;

/// Commands of the verification sections: shell blocks, and code spans in list items there.
pub(crate) fn commands(outline: &Outline<'_>) -> Vec<Command> {
    let tree = &outline.parsed.tree;
    let mut commands = Vec::new();
    let verifies = |section: usize| {
        outline
            .upwards(section)
            .find_map(|up| outline.sections[up].role)
            .is_some_and(|role| {
                matches!(
                    role,
                    "verification" | "criteria" | "concrete_steps" | "gates" | "rollback"
                )
            })
    };
    for block in &outline.code {
        if !verifies(block.section) {
            continue;
        }
        let node = tree.node(block.node);
        let info = tree.string_of(node.kind).trim().to_lowercase();
        let shell = matches!(
            info.split_whitespace().next().unwrap_or(""),
            "sh" | "bash" | "shell" | "zsh" | "console" | "terminal" | "powershell" | ""
        );
        if !shell {
            continue;
        }
        for (id, text) in tree.children(block.node) {
            let _ = id;
            let mut offset = text.span.start;
            for line in outline.parsed.text(text.span).split('\n') {
                let number = outline.parsed.source.line(offset);
                offset += line.len() as u32 + 1;
                let command = line.trim().trim_start_matches("$ ").trim();
                if command.is_empty()
                    || command.starts_with('#')
                    || (info.is_empty() && !looks_like_command(command))
                {
                    continue;
                }
                commands.push(Command {
                    line: number,
                    text: command.to_owned(),
                    source: "fence".to_owned(),
                });
            }
        }
    }
    for item in outline.items.iter().filter(|item| verifies(item.section)) {
        let mut rest = item.raw;
        while let Some(open) = rest.find('`') {
            let inner = &rest[open + 1..];
            let Some(close) = inner.find('`') else { break };
            if looks_like_command(&inner[..close]) {
                commands.push(Command {
                    line: item.line,
                    text: one_line(&inner[..close]),
                    source: "inline".to_owned(),
                });
            }
            rest = &inner[close + 1..];
        }
    }
    commands.sort_by_key(|command| command.line);
    commands
}

/// A program that plans call, with something behind it.
fn looks_like_command(text: &str) -> bool {
    const PROGRAMS: [&str; 38] = [
        "cargo",
        "npm",
        "npx",
        "pnpm",
        "yarn",
        "bun",
        "node",
        "deno",
        "python",
        "python3",
        "pytest",
        "uv",
        "pip",
        "make",
        "just",
        "go",
        "git",
        "docker",
        "kubectl",
        "helm",
        "bash",
        "sh",
        "curl",
        "dotnet",
        "mvn",
        "gradle",
        "./gradlew",
        "ruby",
        "bundle",
        "rake",
        "mypy",
        "ruff",
        "tsc",
        "vitest",
        "jest",
        "swift",
        "terraform",
        "plan",
    ];
    let first = text.split_whitespace().next().unwrap_or("");
    let further = text.split_whitespace().nth(1).is_some();
    (PROGRAMS.contains(&first)
        && (further || matches!(first, "pytest" | "make" | "vitest" | "jest")))
        || first.starts_with("./") && !first.ends_with(".md") && (further || first.ends_with(".sh"))
}
