//! Hooks, called as each host calls them.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};

use insta::assert_snapshot;

use crate::runner::Repo;

const PLAN: &str = "\
---
status: active
---

# Search

## Tasks

- [ ] T001 Build the index in `src/index.rs`
- [ ] T002 Rank by stock in `src/rank.rs` and `src/stock.rs`

## Decision Log

- 2026-03-01: Keep the old index for a month.
";

fn shop() -> Repo {
    let repo = Repo::empty();
    fs::remove_dir(repo.path().join(".git")).unwrap();
    write(&repo, "docs/plans/search.md", PLAN);
    write(&repo, "src/index.rs", "");
    write(&repo, "Cargo.toml", "[dependencies]\n");
    for line in [
        "init -q -b main",
        "add -A",
        "-c user.name=Ann -c user.email=ann@example.org commit -qm One",
    ] {
        git(&repo, line);
    }
    repo
}

fn git(repo: &Repo, line: &str) {
    let status = Command::new("git")
        .args(line.split(' '))
        .current_dir(repo.path())
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .status();
    assert!(status.unwrap().success(), "git {line}");
}

fn write(repo: &Repo, path: &str, text: &str) {
    let path = repo.path().join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// What the doctor says, in one line.
fn doctor(repo: &Repo) -> String {
    let said = repo.plan("doctor");
    said.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Calls a hook; `[REPO]` in what is sent is the root.
fn hook(repo: &Repo, line: &str, sent: &str) -> String {
    let sent = sent.replace(
        "[REPO]",
        &repo.path().canonicalize().unwrap().to_string_lossy(),
    );
    called(repo, &format!("hook {line}"), sent.as_bytes(), |_| {})
}

fn called(repo: &Repo, line: &str, sent: &[u8], change: impl FnOnce(&mut Command)) -> String {
    let args: Vec<&str> = line.split_whitespace().collect();
    let mut command = repo.command(&args);
    command
        .env("PLANWRIGHT_ACTOR", "ann/1")
        // Never the cause of a failure here, however slow the machine is.
        .env("PLANWRIGHT_HOOK_LIMIT", "60000")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    change(&mut command);
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // Whoever gives up early does not read all of it.
    let _ = stdin.write_all(sent);
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let code = output.status.code().unwrap();
    assert_eq!(
        code,
        0,
        "{line}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let root = repo.path().canonicalize().unwrap();
    text.replace(&*root.to_string_lossy(), "[REPO]")
}

/// What a host hears in a session that edits the index and then the plan, and stops twice.
fn session(host: &str, sent: [&str; 6]) -> String {
    let repo = shop();
    let mut text = String::new();
    let mut say = |event: &str, sent: &str| {
        let said = hook(&repo, &format!("{host} {event}"), sent);
        let _ = write!(text, "--- {event}\n{said}");
    };
    let [start, before, after, plan, stop, again] = sent;
    say("session-start", start);
    say("before-edit", before);
    write(&repo, "src/index.rs", "fn build() {}\n");
    say("after-edit", after);
    write(
        &repo,
        "docs/plans/search.md",
        &format!("{PLAN}\nSee [it](gone.md).\n"),
    );
    say("after-edit", plan);
    say("before-stop", stop);
    say("before-stop", again);
    text
}

#[test]
fn claude_code() {
    let edit = r#"{"session_id": "s1", "transcript_path": "/t.jsonl", "cwd": "[REPO]", "permission_mode": "default", "hook_event_name": "PreToolUse", "tool_name": "Edit", "tool_input": {"file_path": "[REPO]/src/index.rs", "old_string": "", "new_string": "x"}}"#;
    assert_snapshot!(session(
        "claude-code",
        [
            r#"{"session_id": "s1", "transcript_path": "/t.jsonl", "cwd": "[REPO]", "hook_event_name": "SessionStart", "source": "startup", "model": "m1"}"#,
            edit,
            edit,
            r#"{"session_id": "s1", "cwd": "[REPO]/docs", "hook_event_name": "PostToolUse", "tool_name": "Write", "tool_input": {"file_path": "[REPO]/docs/plans/search.md", "content": "x"}, "tool_response": {"success": true}}"#,
            r#"{"session_id": "s1", "cwd": "[REPO]", "hook_event_name": "Stop", "stop_hook_active": false}"#,
            r#"{"session_id": "s1", "cwd": "[REPO]", "hook_event_name": "Stop", "stop_hook_active": true}"#,
        ]
    ));
}

#[test]
fn codex() {
    let edit = r#"{"session_id": "s1", "turn_id": "t1", "transcript_path": null, "cwd": "[REPO]", "hook_event_name": "PreToolUse", "model": "m1", "permission_mode": "default", "tool_name": "apply_patch", "tool_input": {"command": "*** Begin Patch\n*** Update File: src/index.rs\n@@\n+fn build() {}\n*** End Patch"}, "tool_use_id": "c1"}"#;
    assert_snapshot!(session(
        "codex",
        [
            r#"{"session_id": "s1", "transcript_path": null, "cwd": "[REPO]", "hook_event_name": "SessionStart", "model": "m1", "permission_mode": "default", "source": "startup"}"#,
            edit,
            edit,
            r#"{"session_id": "s1", "cwd": "[REPO]", "hook_event_name": "PostToolUse", "model": "m1", "tool_name": "apply_patch", "tool_input": {"command": "*** Begin Patch\n*** Update File: docs/plans/search.md\n@@\n+See [it](gone.md).\n*** End Patch"}, "tool_response": "Done"}"#,
            r#"{"session_id": "s1", "cwd": "[REPO]", "hook_event_name": "Stop", "model": "m1", "stop_hook_active": false, "last_assistant_message": null}"#,
            r#"{"session_id": "s1", "cwd": "[REPO]", "hook_event_name": "Stop", "model": "m1", "stop_hook_active": false, "last_assistant_message": null}"#,
        ]
    ));
}

#[test]
fn cursor() {
    let common = r#""conversation_id": "s1", "generation_id": "g1", "model": "m1", "cursor_version": "2.4", "workspace_roots": ["[REPO]"]"#;
    let sent = |rest: &str| format!("{{{common}, {rest}}}");
    assert_snapshot!(session(
        "cursor",
        [
            &sent(
                r#""hook_event_name": "sessionStart", "session_id": "s1", "is_background_agent": false"#
            ),
            &sent(
                r#""hook_event_name": "preToolUse", "tool_name": "Write", "tool_input": {"file_path": "[REPO]/src/index.rs"}"#
            ),
            &sent(
                r#""hook_event_name": "postToolUse", "tool_name": "Write", "tool_input": {"file_path": "[REPO]/src/index.rs"}, "tool_output": "{}""#
            ),
            &sent(
                r#""hook_event_name": "afterFileEdit", "file_path": "[REPO]/docs/plans/search.md", "edits": [{"old_string": "a", "new_string": "b"}]"#
            ),
            &sent(r#""hook_event_name": "stop", "status": "completed", "loop_count": 0"#),
            &sent(r#""hook_event_name": "stop", "status": "completed", "loop_count": 1"#),
        ]
    ));
}

#[test]
fn gemini_cli() {
    let common = r#""session_id": "s1", "transcript_path": "/t.json", "cwd": "[REPO]", "timestamp": "2026-03-31T12:00:00Z""#;
    let sent = |rest: &str| format!("{{{common}, {rest}}}");
    assert_snapshot!(session(
        "gemini-cli",
        [
            &sent(r#""hook_event_name": "SessionStart", "source": "startup""#),
            &sent(
                r#""hook_event_name": "BeforeTool", "tool_name": "replace", "tool_input": {"file_path": "src/index.rs", "old_string": "", "new_string": "x"}"#
            ),
            &sent(
                r#""hook_event_name": "AfterTool", "tool_name": "replace", "tool_input": {"file_path": "src/index.rs", "old_string": "", "new_string": "x"}, "tool_response": {"llmContent": "ok"}"#
            ),
            &sent(
                r#""hook_event_name": "AfterTool", "tool_name": "write_file", "tool_input": {"file_path": "docs/plans/search.md", "content": "x"}"#
            ),
            &sent(
                r#""hook_event_name": "AfterAgent", "prompt": "go", "prompt_response": "done", "stop_hook_active": false"#
            ),
            &sent(
                r#""hook_event_name": "AfterAgent", "prompt": "go", "prompt_response": "done", "stop_hook_active": false"#
            ),
        ]
    ));
}

#[test]
fn copilot() {
    let common = r#""sessionId": "s1", "timestamp": 1774958400000, "cwd": "[REPO]""#;
    let sent = |rest: &str| format!("{{{common}, {rest}}}");
    assert_snapshot!(session(
        "copilot",
        [
            &sent(r#""source": "new", "initialPrompt": "go""#),
            &sent(
                r#""toolName": "edit", "toolArgs": {"path": "[REPO]/src/index.rs", "old_str": "", "new_str": "x"}"#
            ),
            &sent(
                r#""toolName": "edit", "toolArgs": "{\"path\": \"src/index.rs\"}", "toolResult": {"resultType": "success", "textResultForLlm": "ok"}"#
            ),
            r#"{"hook_event_name": "PostToolUse", "session_id": "s1", "cwd": "[REPO]", "tool_name": "Edit", "tool_input": {"path": "docs/plans/search.md"}}"#,
            &sent(r#""transcriptPath": "/t", "stopReason": "end_turn", "stop_hook_active": false"#),
            &sent(r#""transcriptPath": "/t", "stopReason": "end_turn", "stop_hook_active": true"#),
        ]
    ));
}

#[test]
fn opencode() {
    let common = r#""sessionID": "s1", "directory": "[REPO]""#;
    let sent = |rest: &str| format!("{{{common}, {rest}}}");
    assert_snapshot!(session(
        "opencode",
        [
            &sent(r#""model": "m1""#),
            &sent(r#""tool": "edit", "args": {"filePath": "[REPO]/src/index.rs"}"#),
            &sent(r#""tool": "edit", "args": {"filePath": "[REPO]/src/index.rs"}"#),
            &sent(r#""tool": "write", "args": {"filePath": "[REPO]/docs/plans/search.md"}"#),
            &sent(r#""model": "m1""#),
            &sent(r#""model": "m1""#),
        ]
    ));
}

#[test]
fn a_guarded_plan_is_not_edited_by_hand() {
    let repo = shop();
    write(&repo, ".planwright/config.toml", "[hooks]\nguard = true\n");
    let mut text = String::new();
    for (host, tool) in [
        ("claude-code", "Edit"),
        ("codex", "Write"),
        ("cursor", "Write"),
        ("gemini-cli", "replace"),
        ("copilot", "edit"),
        ("opencode", "edit"),
    ] {
        let sent = format!(
            r#"{{"cwd": "[REPO]", "tool_name": "{tool}", "tool_input": {{"file_path": "src/../docs/plans/search.md"}}}}"#
        );
        let _ = write!(
            text,
            "--- {host}\n{}",
            hook(&repo, &format!("{host} before-edit"), &sent)
        );
    }
    assert_snapshot!(text);
}

#[test]
fn only_what_is_known_to_be_open_is_told_before_a_stop() {
    let repo = shop();
    let edit = |path: &str| {
        write(&repo, path, "[dependencies]\nserde = \"1\"\n");
        let sent = format!(
            r#"{{"session_id": "s1", "cwd": "[REPO]", "tool_name": "Write", "tool_input": {{"file_path": "{path}"}}}}"#
        );
        hook(&repo, "claude-code after-edit", &sent);
    };
    let stop = || {
        hook(
            &repo,
            "claude-code before-stop",
            r#"{"session_id": "s1", "cwd": "[REPO]"}"#,
        )
    };
    // What others left in the work tree is not of this session.
    write(&repo, "src/index.rs", "fn build() {}\n");
    assert_eq!(stop(), "");
    // One of two files is not all of the task.
    edit("src/rank.rs");
    edit("Cargo.toml");
    assert_eq!(stop(), "");
    called(&repo, "claim search#T001", b"", |_| {});
    assert_snapshot!(stop());
    edit("src/stock.rs");
    assert_snapshot!(stop());
    called(&repo, "log search Serde --as decision", b"", |_| {});
    called(&repo, "tick search#T002", b"", |_| {});
    called(&repo, "release", b"", |_| {});
    assert_eq!(stop(), "");
}

#[test]
fn whatever_comes_in_the_host_is_not_disturbed() {
    let repo = shop();
    let edit = |path: &str| {
        format!(
            r#"{{"cwd": "[REPO]", "tool_name": "Edit", "tool_input": {{"file_path": "{path}"}}}}"#
        )
    };
    for path in [
        "/etc/passwd",
        "../../../etc/passwd",
        "",
        "nul\\u0000byte",
        ".",
        "src/nothing.rs",
    ] {
        assert_eq!(
            hook(&repo, "claude-code before-edit", &edit(path)),
            "",
            "{path}"
        );
    }
    let sound = doctor(&repo);
    assert!(!sound.contains("hooks of agents"), "{sound}");
    let deep = "[".repeat(1_000_000);
    let huge = format!(r#"{{"tool_input": "{}"}}"#, "x".repeat(33 * 1024 * 1024));
    for sent in ["", "garbage", "[]", "\u{0}", &deep, &huge] {
        let start = &sent[..sent.len().min(20)];
        assert_eq!(hook(&repo, "claude-code after-edit", sent), "", "{start}");
    }
    for line in [
        "claude-code",
        "claude-code later",
        "emacs session-start",
        "",
        "--what x y",
    ] {
        assert_eq!(hook(&repo, line, "{}"), "", "{line}");
    }
    write(&repo, ".planwright/config.toml", "[hooks]\nguard = 1\n");
    assert_eq!(
        hook(&repo, "claude-code session-start", r#"{"cwd": "[REPO]"}"#),
        ""
    );
    let doctor = doctor(&repo);
    assert!(
        doctor.contains("hooks of agents failed 12 times, last `plan hook claude-code session-start`: .planwright/config.toml:2:9"),
        "{doctor}"
    );
}

#[test]
fn without_a_repository_nothing_is_looked_through() {
    let repo = Repo::empty();
    fs::remove_dir(repo.path().join(".git")).unwrap();
    write(&repo, "docs/plans/search.md", PLAN);
    assert_eq!(
        hook(&repo, "claude-code session-start", r#"{"cwd": "[REPO]"}"#),
        ""
    );
}

#[test]
fn a_host_that_runs_the_hooks_of_another_is_told_by_its_own() {
    let repo = shop();
    let sent = br#"{"session_id": "s1"}"#;
    let start = |line: &str| {
        called(&repo, line, sent, |command| {
            command.env("COPILOT_CLI", "1");
        })
    };
    assert_eq!(start("hook claude-code session-start"), "");
    // Without a shell, what stands behind the call is handed to it.
    let said = start("hook copilot session-start; exit 0");
    assert!(said.contains("search"), "{said}");
}

#[test]
fn after_a_while_the_host_does_not_wait_any_more() {
    let repo = shop();
    let sent = br#"{"session_id": "s1"}"#;
    let said = called(&repo, "hook claude-code session-start", sent, |command| {
        command.env("PLANWRIGHT_HOOK_LIMIT", "0");
    });
    assert_eq!(said, "");
    let doctor = doctor(&repo);
    assert!(
        doctor.contains("session-start`: gave up after 0 ms"),
        "{doctor}"
    );
}

#[test]
fn the_next_session_hears_of_the_one_before() {
    let repo = shop();
    let none = repo.plan("resume");
    assert!(
        none.starts_with("exit code: 1\n") && none.contains("no session is known"),
        "{none}"
    );
    hook(
        &repo,
        "codex session-start",
        r#"{"session_id": "s1", "cwd": "[REPO]", "model": "m1"}"#,
    );
    write(&repo, "src/index.rs", "fn build() {}\n");
    hook(
        &repo,
        "codex after-edit",
        r#"{"session_id": "s1", "cwd": "[REPO]", "tool_name": "Write", "tool_input": {"file_path": "src/index.rs"}}"#,
    );
    // Noted although the session holds no claim.
    called(&repo, "tick search#T001", b"", |_| {});
    hook(
        &repo,
        "codex before-stop",
        r#"{"session_id": "s1", "cwd": "[REPO]"}"#,
    );
    assert_snapshot!(repo.plan("resume"));
    let json = repo.plan("resume search#T002 --json");
    assert!(
        json.contains("\"planwright/resume@1\"") && json.contains("\"model\": \"m1\""),
        "{json}"
    );
    let start = r#"{"session_id": "s2", "cwd": "[REPO]"}"#;
    let said = called(
        &repo,
        "hook codex session-start",
        start
            .replace("[REPO]", &repo.path().to_string_lossy())
            .as_bytes(),
        |command| {
            command.env("PLANWRIGHT_ACTOR", "bob/1");
        },
    );
    assert!(
        said.contains("ann/1 worked here before you; `plan resume`"),
        "{said}"
    );
}
