//! What a host sends: read leniently, because each of its versions adds and renames fields, and never
//! trusted.

use planwright_ops::hook::Event;
use serde_json::{Map, Value};

use super::hosts::Host;

/// Files of one edit that are read.
const FILES: usize = 100;

/// Marks the beginning of a patch, and the lines that name its files.
const PATCH: &str = "*** Begin Patch";
const NAMES: [&str; 4] = [
    "*** Add File:",
    "*** Update File:",
    "*** Delete File:",
    "*** Move to:",
];

/// What a host says of a moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Input {
    /// Its own name for the session; empty where it says none.
    pub(crate) session: String,
    /// Its own name for the agent, where that is not the session itself.
    pub(crate) agent: Option<String>,
    pub(crate) folder: Option<String>,
    pub(crate) model: Option<String>,
    /// True where the agent goes on because of what it was told before a stop.
    pub(crate) again: bool,
    /// The files that are edited, as written.
    pub(crate) files: Vec<String>,
}

impl Input {
    /// Reads what came in.
    ///
    /// # Errors
    /// When it is no JSON object.
    pub(crate) fn read(host: &Host, event: Event, bytes: &[u8]) -> Result<Self, String> {
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let sent: Value = serde_json::from_slice(bytes)
            .map_err(|error| format!("what the host sent is no JSON: {error}"))?;
        let Value::Object(sent) = sent else {
            return Err("what the host sent is no JSON object".to_owned());
        };
        let again = host.again.iter().filter_map(|key| sent.get(*key));
        let mut again = again.map(|value| {
            value.as_bool().unwrap_or(false)
                || value.as_i64().is_some_and(|count| count > 0)
                || value.as_array().is_some_and(|all| !all.is_empty())
        });
        let mut input = Self {
            session: word(&sent, host.session).unwrap_or_default(),
            agent: word(&sent, host.agent),
            folder: word(&sent, host.folder),
            model: word(&sent, host.model),
            again: again.any(|again| again),
            files: Vec::new(),
        };
        if matches!(event, Event::BeforeEdit | Event::AfterEdit) && is_edit(host, &sent) {
            let arguments = host.arguments.iter().find_map(|key| sent.get(*key));
            match arguments {
                Some(Value::String(text)) => input.take_text(host, text),
                Some(arguments) => input.take(host, arguments, 0),
                // Some hosts name the file beside the tool.
                None => input.take(host, &Value::Object(sent), 0),
            }
        }
        Ok(input)
    }

    /// Arguments that are an object in a text, or a patch.
    fn take_text(&mut self, host: &Host, text: &str) {
        match serde_json::from_str::<Value>(text) {
            Ok(arguments @ Value::Object(_)) => self.take(host, &arguments, 0),
            _ => self.take_patch(text),
        }
    }

    fn take(&mut self, host: &Host, value: &Value, depth: usize) {
        const DEEPEST: usize = 3;
        match value {
            Value::Object(entries) => {
                for (key, value) in entries {
                    let named = |names: &[&str]| names.contains(&key.as_str());
                    match value {
                        Value::String(path) if named(host.files) => self.add(path),
                        Value::String(text) if named(host.patches) => self.take_patch(text),
                        Value::Array(all) if named(host.patches) => {
                            let texts = all.iter().filter_map(Value::as_str);
                            texts.for_each(|text| self.take_patch(text));
                        }
                        Value::Array(_) => self.take(host, value, depth),
                        _ => {}
                    }
                }
            }
            Value::Array(all) if depth < DEEPEST => {
                for value in all {
                    self.take(host, value, depth + 1);
                }
            }
            _ => {}
        }
    }

    fn take_patch(&mut self, text: &str) {
        let Some(at) = text.find(PATCH) else {
            return;
        };
        for line in text[at..].lines() {
            let path = NAMES.iter().find_map(|name| line.strip_prefix(name));
            if let Some(path) = path {
                self.add(path.trim());
            }
        }
    }

    fn add(&mut self, path: &str) {
        let is_news = !self.files.iter().any(|known| known == path);
        if is_news && !path.is_empty() && self.files.len() < FILES {
            self.files.push(path.to_owned());
        }
    }
}

/// False where the host names a tool that changes no files.
fn is_edit(host: &Host, sent: &Map<String, Value>) -> bool {
    word(sent, host.tool).is_none_or(|tool| host.edits.contains(&tool.as_str()))
}

/// The first of some fields that holds a text, or a list that begins with one.
fn word(sent: &Map<String, Value>, keys: &[&str]) -> Option<String> {
    let found = keys.iter().filter_map(|key| sent.get(*key));
    let mut words = found.filter_map(|value| match value {
        Value::Array(all) => all.first()?.as_str(),
        value => value.as_str(),
    });
    words.find(|word| !word.is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn read(host: &str, sent: &str) -> Input {
        let host = Host::find(host).unwrap();
        Input::read(host, Event::AfterEdit, sent.as_bytes()).unwrap()
    }

    #[track_caller]
    fn files(host: &str, sent: &str, expected: &[&str]) {
        assert_eq!(read(host, sent).files, expected, "{host}: {sent}");
    }

    #[test]
    fn each_host_names_the_file_in_its_way() {
        files(
            "claude-code",
            r#"{"tool_name": "Edit", "tool_input": {"file_path": "/r/a.rs", "old_string": "x"}}"#,
            &["/r/a.rs"],
        );
        files(
            "claude-code",
            r#"{"tool_name": "Read", "tool_input": {"file_path": "/r/a.rs"}}"#,
            &[],
        );
        files(
            "cursor",
            r#"{"hook_event_name": "afterFileEdit", "file_path": "/r/a.rs", "edits": [{"old_string": "a", "new_string": "b"}]}"#,
            &["/r/a.rs"],
        );
        files(
            "gemini-cli",
            r#"{"tool_name": "write_file", "tool_input": {"file_path": "a.rs", "content": ""}}"#,
            &["a.rs"],
        );
        files(
            "copilot",
            r#"{"toolName": "edit", "toolArgs": "{\"path\": \"a.rs\", \"old_str\": \"x\"}"}"#,
            &["a.rs"],
        );
        files(
            "copilot",
            r#"{"tool_name": "Write", "tool_input": {"path": "a.rs"}}"#,
            &["a.rs"],
        );
        files(
            "opencode",
            r#"{"tool": "edit", "args": {"filePath": "/r/a.rs"}}"#,
            &["/r/a.rs"],
        );
    }

    #[test]
    fn a_patch_names_each_of_its_files() {
        let patch = "*** Begin Patch\\n*** Update File: src/a.rs\\n*** Move to: src/b.rs\\n@@\\n-x\\n+*** y\\n\
                     *** Add File: c.rs\\n+1\\n*** Delete File: d.rs\\n*** End Patch";
        let expected = ["src/a.rs", "src/b.rs", "c.rs", "d.rs"];
        let sent =
            format!(r#"{{"tool_name": "apply_patch", "tool_input": {{"command": "{patch}"}}}}"#);
        files("codex", &sent, &expected);
        let sent = format!(
            r#"{{"tool_name": "Bash", "tool_input": {{"command": ["apply_patch", "{patch}"]}}}}"#
        );
        files("codex", &sent, &expected);
        let sent = format!(r#"{{"toolName": "apply_patch", "toolArgs": "{patch}"}}"#);
        files("copilot", &sent, &expected);
        files(
            "codex",
            r#"{"tool_name": "Bash", "tool_input": {"command": "cat a.rs"}}"#,
            &[],
        );
    }

    #[test]
    fn a_session_has_a_name_and_a_folder() {
        let read = read(
            "cursor",
            r#"{"conversation_id": "c1", "workspace_roots": ["/r"], "model": "m", "loop_count": 1}"#,
        );
        let expected = Input {
            session: "c1".to_owned(),
            agent: None,
            folder: Some("/r".to_owned()),
            model: Some("m".to_owned()),
            again: true,
            files: Vec::new(),
        };
        assert_eq!(read, expected);
    }

    #[test]
    fn who_waits_for_others_does_not_stop() {
        let agent = |tasks: &str| {
            read(
                "claude-code",
                &format!(r#"{{"session_id": "s", "agent_id": "a", "background_tasks": {tasks}}}"#),
            )
        };
        assert_eq!(agent("[]").agent.as_deref(), Some("a"));
        assert!(!agent("[]").again && agent(r#"[{"id": "b"}]"#).again);
    }

    #[test]
    fn what_makes_no_sense_is_refused_and_never_believed() {
        let host = Host::find("claude-code").unwrap();
        for sent in ["", "[]", "null", "{", "{\"a\": \u{1}}", "\"x\""] {
            assert!(
                Input::read(host, Event::AfterEdit, sent.as_bytes()).is_err(),
                "{sent}"
            );
        }
        let deep = "[".repeat(100_000);
        assert!(Input::read(host, Event::AfterEdit, deep.as_bytes()).is_err());
        files(
            "claude-code",
            r#"{"tool_name": 7, "session_id": {}, "tool_input": {"file_path": ["a"], "x": [[[[{"file_path": "b"}]]]]}}"#,
            &[],
        );
    }
}
