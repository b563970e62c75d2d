//! What comes of the hosts' parts, in new files and in files that hold something.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use insta::assert_snapshot;
use proptest::prelude::*;

use crate::{Content, Form, HOSTS, Host, Part, Standing, host};

/// Files by their path.
type Files = BTreeMap<String, Vec<u8>>;

fn path(part: &Part, files: &Files) -> String {
    let there = part.paths.iter().find(|path| files.contains_key(**path));
    (*there.or(part.paths.last()).unwrap()).to_owned()
}

fn wire(host: &Host, files: &mut Files) {
    for part in host.project {
        let path = path(part, files);
        let new = part
            .wire(host.name, files.get(&path).map(Vec::as_slice))
            .unwrap();
        files.insert(path, new.into_bytes());
    }
}

fn unwire(host: &Host, files: &mut Files) {
    for part in host.project.iter().rev() {
        let path = path(part, files);
        let Some(bytes) = files.get(&path) else {
            continue;
        };
        match part.unwire(host.name, bytes).unwrap() {
            Form::Text(text) => files.insert(path, text.into_bytes()),
            Form::Gone => files.remove(&path),
        };
    }
}

fn standings(host: &Host, files: &Files) -> Vec<Standing> {
    let parts = host.project.iter();
    let standing = |part: &Part| {
        let bytes = files.get(&path(part, files));
        part.standing(host.name, bytes.map(Vec::as_slice)).unwrap()
    };
    parts.map(standing).collect()
}

fn text(files: &Files, path: &str) -> String {
    String::from_utf8(files[path].clone()).unwrap()
}

#[test]
fn new_files_are_what_hosts_read() {
    for host in HOSTS {
        let mut files = Files::new();
        wire(host, &mut files);
        let mut all = String::new();
        for (path, bytes) in &files {
            let is_config = matches!(path.rsplit_once('.'), Some((_, "json" | "toml")));
            let _ = writeln!(all, "== {path}");
            if is_config {
                all.push_str(std::str::from_utf8(bytes).unwrap());
            }
        }
        assert_snapshot!(host.name, all);
        assert!(
            standings(host, &files)
                .iter()
                .all(|one| *one == Standing::Current)
        );
        unwire(host, &mut files);
        assert!(files.is_empty(), "{files:?}");
    }
}

#[test]
fn all_hosts_together_come_and_go_in_any_order() {
    let mut files = Files::new();
    for host in HOSTS {
        wire(host, &mut files);
    }
    let all = files.clone();
    for host in HOSTS {
        wire(host, &mut files);
    }
    assert_eq!(files, all);
    for host in HOSTS {
        assert!(
            standings(host, &files)
                .iter()
                .all(|one| *one == Standing::Current)
        );
    }
    unwire(host("codex").unwrap(), &mut files);
    assert!(
        text(&files, "AGENTS.md")
            .starts_with("<!-- planwright:begin setup agents-md,cursor,opencode ")
    );
    assert!(
        standings(host("cursor").unwrap(), &files)
            .iter()
            .all(|one| *one == Standing::Current)
    );
    assert!(
        standings(host("codex").unwrap(), &files)
            .iter()
            .all(|one| *one == Standing::Absent)
    );
    for host in HOSTS {
        unwire(host, &mut files);
    }
    assert!(files.is_empty(), "{:?}", files.keys());
}

/// Wires Gemini CLI into a settings file, and takes it back.
#[track_caller]
fn settings(before: &str) -> String {
    let gemini = host("gemini-cli").unwrap();
    let path = ".gemini/settings.json";
    let mut files = Files::from([(path.to_owned(), before.as_bytes().to_vec())]);
    wire(gemini, &mut files);
    let after = text(&files, path);
    unwire(gemini, &mut files);
    assert_eq!(text(&files, path), before);
    after
}

#[test]
fn entries_stand_behind_others_in_their_style() {
    assert_snapshot!(settings(
        "{\n\t// mine\n\t\"theme\": \"dark\", // and dear\n}\n"
    ));
    assert_snapshot!(settings(
        "{\n    \"mcpServers\": {\n        \"other\": { \"command\": \"x\" } /* keep */\n    },\n    \"hooks\": {\n        \"BeforeTool\": [\n            { \"hooks\": [] }\n        ]\n    }\n}"
    ));
    assert_snapshot!(settings("{}"));
    assert_snapshot!(settings(
        "{\"mcpServers\": {}, \"hooks\": {\"AfterTool\": [] } }"
    ));
}

#[test]
fn what_others_changed_since_stays() {
    let claude = host("claude-code").unwrap();
    let mut files = Files::new();
    wire(claude, &mut files);
    let mcp = text(&files, ".mcp.json");
    let more = mcp.replace(
        "    }\n  }",
        "    },\n    \"db\": { \"command\": \"db\" }\n  }",
    );
    files.insert(".mcp.json".to_owned(), more.into_bytes());
    let notes = format!("# Mine\n{}\nMore.\n", text(&files, "CLAUDE.md"));
    files.insert("CLAUDE.md".to_owned(), notes.into_bytes());
    let hooks = text(&files, ".claude/settings.json").replacen(
        "        \"hooks\": [\n          {",
        "        \"hooks\": [\n          { \"type\": \"command\", \"command\": \"mine\" },\n          {",
        1,
    );
    files.insert(".claude/settings.json".to_owned(), hooks.into_bytes());
    assert_eq!(standings(claude, &files)[1], Standing::Current);
    unwire(claude, &mut files);
    assert_eq!(
        text(&files, ".mcp.json"),
        "{\n  \"mcpServers\": {\n    \"db\": { \"command\": \"db\" }\n  }\n}\n"
    );
    assert_eq!(text(&files, "CLAUDE.md"), "# Mine\n\nMore.\n");
    assert_snapshot!(text(&files, ".claude/settings.json"));
}

#[test]
fn drift_has_a_name_and_is_put_right() {
    let claude = host("claude-code").unwrap();
    let mut files = Files::new();
    wire(claude, &mut files);
    let whole = files.clone();
    let mut change = |path: &str, from: &str, to: &str| {
        let new = text(&files, path).replacen(from, to, 1);
        files.insert(path.to_owned(), new.into_bytes());
    };
    change(".mcp.json", "\"plan\"", "\"/opt/plan\"");
    change(".claude/settings.json", "10", "60");
    change(
        ".claude/skills/planwright/SKILL.md",
        "name: planwright",
        "name: other",
    );
    change("CLAUDE.md", "## Plans", "## Our plans");
    assert!(
        standings(claude, &files)
            .iter()
            .all(|one| *one == Standing::Edited)
    );
    wire(claude, &mut files);
    assert_eq!(files, whole);
    let settings = text(&files, ".claude/settings.json").replace("before-stop", "sing");
    files.insert(".claude/settings.json".to_owned(), settings.into_bytes());
    assert_eq!(standings(claude, &files)[1], Standing::Partly);
}

#[test]
fn a_call_that_could_fail_is_put_right_and_taken_out() {
    let claude = host("claude-code").unwrap();
    let mut files = Files::new();
    wire(claude, &mut files);
    let whole = files.clone();
    let settings = text(&files, ".claude/settings.json").replace("; exit 0", "");
    files.insert(".claude/settings.json".to_owned(), settings.into_bytes());
    assert_eq!(standings(claude, &files)[1], Standing::Edited);
    let old = files.clone();
    wire(claude, &mut files);
    assert_eq!(files, whole);
    files = old;
    unwire(claude, &mut files);
    assert_eq!(files, Files::new());
}

#[test]
fn lines_of_another_version_are_older_and_not_edited() {
    let part = Part {
        content: Content::Lines("As it was.\n"),
        ..*host("agents-md").unwrap().project.first().unwrap()
    };
    let old = part.wire("agents-md", Some(b"# A\r\n")).unwrap();
    let now = &host("agents-md").unwrap().project[0];
    assert_eq!(
        now.standing("agents-md", Some(old.as_bytes())),
        Ok(Standing::Older)
    );
    let new = now.wire("agents-md", Some(old.as_bytes())).unwrap();
    assert_eq!(
        now.standing("agents-md", Some(new.as_bytes())),
        Ok(Standing::Current)
    );
    assert!(!new.replace("\r\n", "").contains('\n'));
    assert_eq!(
        now.unwire("agents-md", new.as_bytes()),
        Ok(Form::Text("# A\r\n".to_owned()))
    );
}

#[test]
fn what_cannot_be_read_is_said_with_its_line() {
    let said = |host_name: &str, part: usize, bytes: &[u8]| {
        let part = &host(host_name).unwrap().project[part];
        let problem = part.wire(host_name, Some(bytes)).unwrap_err();
        assert!(
            part.standing(host_name, Some(bytes)).is_err()
                || host_name == "codex"
                || bytes.starts_with(b"{")
        );
        format!("{}: {}\n", problem.line, problem.message)
    };
    let mut all = String::new();
    for bytes in [
        &b"{\n  \"a\": 1\n  \"b\": 2\n}"[..],
        b"",
        b"[]",
        b"{\n  \"mcpServers\": []\n}",
        b"{\n  \"mcpServers\": null\n}",
        b"{ \"a\": \"\n\xff\" }",
    ] {
        all.push_str(&said("claude-code", 0, bytes));
    }
    all.push_str(&said("claude-code", 1, b"{\n\"hooks\": {\n\"Stop\": {}}}"));
    all.push_str(&said("claude-code", 2, b"# Mine\n"));
    all.push_str(&said(
        "claude-code",
        3,
        b"# Mine\n<!-- planwright:begin setup claude-code 00000000 -->\n",
    ));
    all.push_str(&said("codex", 0, b"a = 1\nb = \n"));
    all.push_str(&said(
        "codex",
        0,
        b"a = 1\nmcp_servers = { x = { command = \"x\" } }\n",
    ));
    assert_snapshot!(all);
}

#[test]
fn a_table_of_somebody_else_is_left_to_him() {
    let part = &host("codex").unwrap().project[0];
    let text = "[mcp_servers.planwright]\ncommand = \"/opt/plan\"\n";
    assert_eq!(
        part.standing("codex", Some(text.as_bytes())),
        Ok(Standing::Own)
    );
    assert_eq!(
        part.wire("codex", Some(text.as_bytes())),
        Ok(text.to_owned())
    );
    assert_eq!(
        part.unwire("codex", text.as_bytes()),
        Ok(Form::Text(text.to_owned()))
    );
}

/// Whitespace and comments, as they stand between the parts of a document.
fn gap() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => Just(String::new()),
        4 => Just(" ".to_owned()),
        4 => Just("\n".to_owned()),
        2 => Just("\n    ".to_owned()),
        1 => Just("\r\n\t".to_owned()),
        1 => Just("/* x, } */".to_owned()),
        1 => Just("/* a\n   b */".to_owned()),
        1 => Just(" // c, ]  \n".to_owned()),
        1 => Just("//\r\n".to_owned()),
    ];
    prop::collection::vec(piece, 0..3).prop_map(|pieces| pieces.concat())
}

/// A JSON value in which anything may stand where it may.
fn json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        Just("-1.5e3".to_owned()),
        Just("\"x\\\"}, // no\"".to_owned()),
        Just("\"ä\"".to_owned()),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            list(inner.clone(), '[', ']'),
            object(
                inner,
                prop_oneof![Just("a"), Just("b c"), Just("version"), Just("command"),].boxed()
            )
        ]
    })
}

fn list(
    inner: impl Strategy<Value = String>,
    open: char,
    close: char,
) -> impl Strategy<Value = String> {
    let member = (gap(), inner, gap());
    let members = prop::collection::vec(member, 0..4);
    (members, any::<bool>(), gap()).prop_map(move |(members, comma, rest)| {
        let count = members.len();
        let mut text = open.to_string();
        for (at, (before, value, behind)) in members.into_iter().enumerate() {
            let is_last = at + 1 == count;
            let comma = if is_last && !comma { "" } else { "," };
            let _ = write!(text, "{before}{value}{behind}{comma}");
        }
        text.push_str(&rest);
        text.push(close);
        text
    })
}

fn object(
    value: impl Strategy<Value = String>,
    key: BoxedStrategy<&'static str>,
) -> impl Strategy<Value = String> {
    let member = (key, gap(), gap(), value);
    let member = member
        .prop_map(|(key, before, behind, value)| format!("\"{key}\"{before}:{behind}{value}"));
    list(member, '{', '}')
}

/// A file of settings with, now and then, the keys that we look for.
fn document() -> impl Strategy<Value = String> {
    let events = prop_oneof![
        Just("SessionStart"),
        Just("PreToolUse"),
        Just("Stop"),
        Just("sessionStart"),
        Just("stop"),
    ];
    let lists = object(list(json(), '[', ']'), events.boxed());
    let servers = object(json(), Just("other").boxed());
    let member = prop_oneof![
        (Just("\"hooks\""), lists.boxed()),
        (Just("\"mcpServers\""), servers.boxed()),
        (Just("\"version\""), Just("1".to_owned()).boxed()),
        (Just("\"$schema\""), json().boxed()),
    ];
    let member = (member, gap()).prop_map(|((key, value), gap)| format!("{key}:{gap}{value}"));
    let bom = prop_oneof![9 => Just(""), 1 => Just("\u{feff}")];
    (bom, gap(), list(member, '{', '}'), gap())
        .prop_map(|(bom, before, text, behind)| format!("{bom}{before}{text}{behind}"))
}

/// Every part of a host that is made of such files: wired once is wired twice, and taken back is as
/// before.
fn round(parts: &[(&str, usize)], before: &str) -> Result<(), TestCaseError> {
    let parts: Vec<(&str, &Part)> = parts
        .iter()
        .map(|(name, at)| (*name, &host(name).unwrap().project[*at]))
        .collect();
    let mut text = before.to_owned();
    for (name, part) in &parts {
        let Ok(wired) = part.wire(name, Some(text.as_bytes())) else {
            prop_assert_eq!(&text, before);
            return Ok(());
        };
        prop_assert_eq!(
            part.standing(name, Some(wired.as_bytes())),
            Ok(Standing::Current),
            "{}",
            &wired
        );
        prop_assert_eq!(part.wire(name, Some(wired.as_bytes())), Ok(wired.clone()));
        text = wired;
    }
    for (name, part) in parts.iter().rev() {
        match part.unwire(name, text.as_bytes()) {
            Ok(Form::Text(new)) => text = new,
            other => prop_assert!(false, "{other:?} of {text}"),
        }
    }
    prop_assert_eq!(text, before);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn settings_come_back_to_the_byte(before in document()) {
        prop_assert!(crate::json::parse(before.trim_start_matches('\u{feff}')).is_ok(), "{before}");
        round(&[("claude-code", 0)], &before)?;
        round(&[("claude-code", 1)], &before)?;
        round(&[("cursor", 1)], &before)?;
        round(&[("gemini-cli", 0), ("gemini-cli", 1)], &before)?;
        round(&[("copilot", 0)], &before)?;
        round(&[("copilot", 2)], &before)?;
    }

    #[test]
    fn text_comes_back_to_the_byte(before in "(\u{feff})?([#a-z<`\\- é]{0,6}(\r\n|\n|\r|\n\n)?){0,6}") {
        round(&[("agents-md", 0), ("codex", 3), ("cursor", 3)], &before)?;
        round(&[("claude-code", 3)], &before)?;
    }

    #[test]
    fn tables_come_back_to_the_byte(
        lines in prop::collection::vec(prop_oneof![
            Just("a = 1"), Just("# note, [x]"), Just(""), Just("[mcp_servers]"), Just("[mcp_servers.other]"),
            Just("command = \"\"\"\n[x]\n\"\"\""), Just("[[list]]"), Just("b.c = { d = [1,\n2,] }"),
            Just("mcp_servers.x.y = 1"), Just("[features]"),
        ], 0..6),
        end in prop_oneof![Just("\n"), Just("\r\n")],
        is_ended in any::<bool>(),
    ) {
        let mut before = lines.join(end);
        if is_ended {
            before.push_str(end);
        }
        round(&[("codex", 0)], &before)?;
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..40), text in "[\\[\\]{}:,\"/*a\n ]{0,30}") {
        for host in HOSTS {
            for part in host.project {
                for bytes in [&bytes[..], text.as_bytes()] {
                    let _ = part.standing(host.name, Some(bytes));
                    let _ = part.unwire(host.name, bytes);
                    let _ = part.wire(host.name, Some(bytes));
                }
            }
        }
    }
}
