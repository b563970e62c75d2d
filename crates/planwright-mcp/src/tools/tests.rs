use serde_json::Value;

use super::*;
use crate::handler;

/// All tools as a client reads them.
fn listed() -> Vec<Value> {
    let tools = TOOLS.iter().map(handler::described);
    tools
        .map(|tool| serde_json::to_value(tool).unwrap())
        .collect()
}

#[test]
fn the_list_of_tools_is_short() {
    let list = listed();
    assert!(list.len() <= 8);
    let text = serde_json::to_string(&list).unwrap();
    let tokens = tiktoken::get_encoding("o200k_base").unwrap().count(&text);
    assert!(tokens <= 1500, "{tokens} tokens: {text}");
}

#[test]
fn the_instructions_are_short() {
    assert!(
        crate::INSTRUCTIONS.len() < 1500,
        "{}",
        crate::INSTRUCTIONS.len()
    );
}

#[test]
fn no_client_warns_of_a_schema() {
    fn look(path: &str, value: &Value) {
        match value {
            Value::Object(map) => {
                let types = map.get("type");
                assert!(!types.is_some_and(Value::is_array), "{path}: {value}");
                let is_schema = types.is_some_and(Value::is_string);
                for key in ["format", "$ref", "$schema", "anyOf", "oneOf"] {
                    assert!(!(is_schema && map.contains_key(key)), "{path}: {key}");
                }
                map.iter()
                    .for_each(|(key, value)| look(&format!("{path}/{key}"), value));
            }
            Value::Array(list) => list.iter().for_each(|value| look(path, value)),
            _ => {}
        }
    }
    for tool in listed() {
        let name = tool["name"].as_str().unwrap();
        assert_eq!(tool["inputSchema"]["type"], "object", "{name}");
        assert_eq!(tool["inputSchema"]["additionalProperties"], false, "{name}");
        look(name, &tool["inputSchema"]);
        look(name, &tool["outputSchema"]);
    }
}

#[test]
fn a_hint_names_the_call_that_does_it() {
    assert_eq!(call("plan show x#T1"), r#"get {"ref":"x#T1"}"#);
    assert_eq!(
        call("plan tick x#T1 x#T2"),
        r#"update {"op":"tick","refs":["x#T1","x#T2"]}"#
    );
    assert_eq!(
        call("plan complete x --waive x#T1"),
        "plan complete x --waive x#T1"
    );
    assert_eq!(
        call("plan claim x#T1"),
        r#"update {"op":"claim","refs":["x#T1"]}"#
    );
    assert_eq!(
        call("plan takeover x#T1 --reason TEXT"),
        r#"update {"op":"takeover","reason":"TEXT","refs":["x#T1"]}"#
    );
    assert_eq!(
        call("plan trust x"),
        "ask a person to run `plan trust x` in a terminal"
    );
    assert_eq!(call("git diff"), "git diff");
}

#[test]
fn the_operations_of_update_are_one_argument_each_kind() {
    let schema = (find("update").unwrap().input)();
    assert_eq!(schema["required"], serde_json::json!(["op"]));
    let operations = schema["properties"]["op"]["enum"].as_array().unwrap();
    for op in [
        "tick", "complete", "log", "add", "edit", "link", "unlink", "verify", "claim", "land",
    ] {
        assert!(operations.contains(&op.into()), "{op}");
    }
    for name in [
        "refs", "text", "what", "relation", "run", "actor", "expect", "dry_run", "detail",
    ] {
        assert!(
            schema["properties"][name]["type"].is_string(),
            "{name}: {schema:?}"
        );
    }
}
