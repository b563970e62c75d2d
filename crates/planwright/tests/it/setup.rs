//! `plan setup`, in repositories and in the user's folder.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use insta::assert_snapshot;

use crate::runner::Repo;

/// All files below a folder and what they hold, and folders that hold nothing.
fn files(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        let mut is_empty = true;
        for entry in fs::read_dir(&next).into_iter().flatten().flatten() {
            is_empty = false;
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().display().to_string();
                found.insert(name, String::from_utf8(fs::read(&path).unwrap()).unwrap());
            }
        }
        if is_empty && next != folder {
            let name = next.strip_prefix(folder).unwrap().display().to_string();
            found.insert(name, "an empty folder".to_owned());
        }
    }
    found
}

fn write(repo: &Repo, path: &str, text: &str) {
    let path = repo.path().join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// A repository of which nothing but `plan` itself is missing on the PATH.
fn run(repo: &Repo, line: &str) -> String {
    let args: Vec<&str> = line.split_whitespace().collect();
    let bin = Path::new(env!("CARGO_BIN_EXE_plan")).parent().unwrap();
    let path = format!("{}:/usr/bin:/bin", bin.display());
    repo.run(repo.command(&args).env("PATH", path))
}

const ALL: &str = "claude-code codex cursor gemini-cli copilot opencode agents-md";

#[test]
fn the_hosts_and_how_they_stand() {
    let repo = Repo::empty();
    write(&repo, "CLAUDE.md", "# Notes\n");
    fs::create_dir_all(repo.path().join("../home/.gemini")).unwrap();
    run(&repo, "setup codex");
    fs::remove_file(repo.path().join(".codex/hooks.json")).unwrap();
    assert_snapshot!(run(&repo, "setup"));
}

#[test]
fn wired_and_taken_back() {
    let repo = Repo::of("archcore");
    write(&repo, "CLAUDE.md", "# Notes");
    write(
        &repo,
        ".mcp.json",
        "{\n  // ours\n  \"mcpServers\": { \"db\": { \"command\": \"db\" }, },\n}\n",
    );
    write(&repo, ".codex/config.toml", "model = \"x\" # dear\r\n");
    let before = files(&repo.path());
    assert_snapshot!(run(&repo, "setup claude-code codex"));
    let wired = files(&repo.path());
    assert_snapshot!(wired[".mcp.json"]);
    assert!(
        wired[".codex/config.toml"].ends_with("args = [\"mcp\"]\r\n# planwright:end setup\r\n")
    );
    assert_snapshot!(run(&repo, "setup claude-code codex"));
    assert_eq!(files(&repo.path()), wired);
    assert_snapshot!(run(&repo, "setup claude-code codex --remove"));
    assert_eq!(files(&repo.path()), before);
    assert_snapshot!(run(&repo, "setup claude-code --remove"));
}

#[test]
fn everything_goes_in_any_order_and_by_undo() {
    let repo = Repo::empty();
    let before = files(&repo.path());
    run(&repo, &format!("setup {ALL}"));
    assert!(!run(&repo, "setup").contains("not wired"));
    for host in ALL.split(' ') {
        run(&repo, &format!("setup {host} --remove"));
    }
    assert_eq!(files(&repo.path()), before);
    run(&repo, &format!("setup {ALL}"));
    assert_snapshot!(run(&repo, "undo"));
    assert_eq!(files(&repo.path()), before);
}

#[test]
fn a_dry_run_shows_the_diff_and_writes_nothing() {
    let repo = Repo::empty();
    write(&repo, ".vscode/mcp.json", "{\n\t\"servers\": {}\n}\n");
    let before = files(&repo.path());
    let said = run(&repo, "setup copilot --dry-run");
    let first = said.split("\n--- ").next().unwrap();
    assert_snapshot!(said.split("--- a/.vscode").nth(1).unwrap_or(first));
    assert_eq!(files(&repo.path()), before);
}

#[test]
fn what_cannot_be_understood_is_left_and_named() {
    let repo = Repo::empty();
    write(
        &repo,
        ".mcp.json",
        "{\n  \"mcpServers\": {}\n  \"x\": 1\n}\n",
    );
    write(&repo, ".claude/skills/planwright/SKILL.md", "# My own\n");
    assert_snapshot!(run(&repo, "setup claude-code"));
    let files = files(&repo.path());
    assert_eq!(
        files[".mcp.json"],
        "{\n  \"mcpServers\": {}\n  \"x\": 1\n}\n"
    );
    assert_eq!(files[".claude/skills/planwright/SKILL.md"], "# My own\n");
    assert!(files.contains_key(".claude/settings.json"));
}

#[cfg(unix)]
#[test]
fn links_are_followed_inside_and_nowhere_else() {
    use std::os::unix::fs::symlink;

    let repo = Repo::empty();
    write(&repo, "AGENTS.md", "# Notes\n");
    symlink("AGENTS.md", repo.path().join("CLAUDE.md")).unwrap();
    let out = repo.path().join("../elsewhere");
    fs::create_dir_all(&out).unwrap();
    symlink(&out, repo.path().join(".codex")).unwrap();
    let said = run(&repo, "setup claude-code codex");
    assert!(said.contains(".codex/hooks.json:1: "), "{said}");
    assert!(files(&out).is_empty());
    assert!(repo.path().join("CLAUDE.md").is_symlink());
    let text = fs::read_to_string(repo.path().join("AGENTS.md")).unwrap();
    assert_eq!(
        text.matches("planwright:begin setup claude-code,codex ")
            .count(),
        1,
        "{text}"
    );
    run(&repo, "setup claude-code codex --remove");
    let text = fs::read_to_string(repo.path().join("AGENTS.md")).unwrap();
    assert_eq!(text, "# Notes\n");
}

#[test]
fn the_users_own_configuration() {
    let repo = Repo::empty();
    let home = repo.path().join("../home");
    fs::create_dir_all(home.join(".codex")).unwrap();
    fs::write(home.join(".codex/config.toml"), "model = \"x\"\n").unwrap();
    let before = files(&home);
    assert_snapshot!(run(&repo, &format!("setup {ALL} --global")));
    assert_eq!(files(&repo.path()).len(), 1);
    assert_snapshot!(files(&home).keys().cloned().collect::<Vec<_>>().join("\n"));
    run(&repo, &format!("setup {ALL} --global --remove"));
    assert_eq!(files(&home), before);

    let elsewhere = repo.path().join("../claude/config");
    let mut command = repo.command(&["setup", "claude-code", "--global", "--quiet"]);
    let said = repo.run(command.env("CLAUDE_CONFIG_DIR", &elsewhere));
    assert!(said.starts_with("exit code: 0"), "{said}");
    assert_eq!(files(&home), before);
    let keys: Vec<String> = files(&elsewhere).into_keys().collect();
    assert_eq!(
        keys,
        [
            ".claude.json",
            "settings.json",
            "skills/planwright/SKILL.md"
        ]
    );
}

#[test]
fn the_doctor_reports_drift() {
    let repo = Repo::empty();
    run(&repo, "setup claude-code cursor codex");
    let edit = |path: &str, from: &str, to: &str| {
        let path = repo.path().join(path);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from));
        fs::write(path, text.replace(from, to)).unwrap();
    };
    edit(".mcp.json", "\"plan\"", "\"/opt/plan\"");
    edit(".claude/settings.json", "\"Stop\"", "\"Halt\"");
    fs::remove_file(repo.path().join(".claude/skills/planwright/SKILL.md")).unwrap();
    edit("CLAUDE.md", "## Plans", "## Our plans");
    edit(".cursor/mcp.json", ":", "");
    let mut command = repo.command(&["doctor"]);
    let said = repo.run(command.env_remove("COLUMNS"));
    assert_snapshot!(said.split_once("Wiring").unwrap().1);
    run(&repo, "setup claude-code");
    let said = run(&repo, "doctor");
    assert!(said.contains("Claude Code is wired"), "{said}");
    assert!(!said.contains("on the PATH"), "{said}");
}

#[test]
fn answers_for_programs() {
    let repo = Repo::empty();
    let said = run(&repo, "setup agents-md --json");
    let said = said.split_once("\"files\"").unwrap().0;
    assert_snapshot!(said);
}

#[test]
fn hosts_have_to_be_known() {
    let repo = Repo::empty();
    assert_snapshot!(run(&repo, "setup claude"));
    assert!(run(&repo, "setup --remove").starts_with("exit code: 2"));
}
