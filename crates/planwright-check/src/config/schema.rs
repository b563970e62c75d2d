//! The JSON Schema of the configuration, made from the rules, for editors.

use serde_json::{Map, Value as Json, json};

use crate::rule::{Category, Rule, Value};
use crate::rules::RULES;

/// The JSON Schema (draft 2020-12) of [`PATH`](super::PATH).
pub fn schema() -> Json {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "planwright/config@1",
        "description": "The configuration of Planwright in a repository, .planwright/config.toml.",
        "type": "object",
        "additionalProperties": false,
        "properties": {"check": {
            "description": "What `plan check` reports.",
            "type": "object",
            "additionalProperties": false,
            "properties": {
                "exclude": {
                    "description": "Globs over files that are not checked; a folder stands for all that it holds.",
                    "$ref": "#/$defs/words",
                },
                "rules": {
                    "description": "Levels and settings of rules, and levels of categories.",
                    "type": "object",
                    "additionalProperties": false,
                    "properties": names(&settings),
                },
                "dialects": {
                    "description": "Levels for the documents of a dialect.",
                    "type": "object",
                    "additionalProperties": {"$ref": "#/$defs/levels"},
                },
                "paths": {
                    "description": "Levels for some files; of several entries that match, the last decides.",
                    "type": "array",
                    "items": {
                        "type": "object",
                        "additionalProperties": false,
                        "required": ["paths", "rules"],
                        "properties": {
                            "paths": {"$ref": "#/$defs/words"},
                            "rules": {"$ref": "#/$defs/levels"},
                        },
                    },
                },
            },
        },
        "complete": {
            "description": "What `plan complete` asks for.",
            "type": "object",
            "additionalProperties": false,
            "properties": {
                "evidence": {
                    "description": "Every command of the verification has to have passed, by `plan verify --run`, since its files last changed.",
                    "type": "boolean",
                    "default": false,
                },
            },
        }, "claims": {
            "description": "Who works on what.",
            "type": "object",
            "additionalProperties": false,
            "properties": {
                "remote": {
                    "description": "The git remote, by name, that claims are shared over; none where there is no name.",
                    "type": "string",
                },
            },
        }, "hooks": {
            "description": "What `plan hook` does for coding agents.",
            "type": "object",
            "additionalProperties": false,
            "properties": {
                "guard": {
                    "description": "Refuses what an agent wants to write into a plan by hand: it is to use the verbs.",
                    "type": "boolean",
                    "default": false,
                },
            },
        }},
        "$defs": {
            "level": {"enum": ["off", "info", "warning", "error"]},
            "words": {"type": "array", "items": {"type": "string"}},
            "levels": {
                "type": "object",
                "additionalProperties": false,
                "properties": names(&|_| json!({"$ref": "#/$defs/level"})),
            },
        },
    })
}

/// Every category, name and code.
fn names(of_rule: &dyn Fn(&Rule) -> Json) -> Map<String, Json> {
    let mut all = Map::new();
    for category in Category::ALL {
        let level = json!({"$ref": "#/$defs/level"});
        all.insert(category.as_str().to_owned(), level);
    }
    for rule in RULES {
        let mut schema = of_rule(rule);
        if let Some(schema) = schema.as_object_mut() {
            schema.insert("description".to_owned(), rule.reason.into());
        }
        all.insert(rule.name.to_owned(), schema.clone());
        all.insert(rule.code.to_owned(), schema);
    }
    all
}

fn settings(rule: &Rule) -> Json {
    let mut keys = Map::new();
    keys.insert("level".to_owned(), json!({"$ref": "#/$defs/level"}));
    for setting in rule.settings {
        let (kind, default) = match setting.default {
            Value::Number(number) => (json!({"type": "integer", "minimum": 0}), json!(number)),
            Value::Flag(flag) => (json!({"type": "boolean"}), json!(flag)),
            Value::Words(words) => (json!({"$ref": "#/$defs/words"}), json!(words)),
        };
        let mut schema = kind;
        schema["description"] = setting.help.into();
        schema["default"] = default;
        keys.insert(setting.name.to_owned(), schema);
    }
    json!({"anyOf": [
        {"$ref": "#/$defs/level"},
        {"type": "object", "additionalProperties": false, "properties": keys},
    ]})
}
