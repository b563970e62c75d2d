//! Tools that ask the client for something before they answer: in the middle of the call where the
//! client has a session, and else by an answer that names what is missing.

use serde_json::{Map, Value, json};

use crate::contents::text;

fn form(message: &str, field: &str, kind: &str) -> Value {
    let schema =
        json!({"type": "object", "properties": {field: {"type": kind}}, "required": [field]});
    json!({
        "method": "elicitation/create",
        "params": {"mode": "form", "message": message, "requestedSchema": schema},
    })
}

pub(crate) fn sampling(prompt: &str) -> Value {
    let messages = json!([{"role": "user", "content": {"type": "text", "text": prompt}}]);
    json!({
        "method": "sampling/createMessage",
        "params": {"messages": messages, "maxTokens": 100},
    })
}

fn roots() -> Value {
    json!({"method": "roots/list", "params": {}})
}

/// A retried request, as far as it matters here.
pub(crate) struct Round<'a> {
    pub(crate) responses: Option<&'a std::collections::BTreeMap<String, Value>>,
    pub(crate) state: Option<&'a str>,
    /// What the client can do.
    pub(crate) capabilities: Value,
}

impl Round<'_> {
    /// What was answered to a question; something that is no answer counts as none.
    fn response(&self, name: &str) -> Option<&Map<String, Value>> {
        self.responses?.get(name)?.as_object()
    }

    /// The stage that a state says, if it is one of ours.
    fn stage(&self) -> Result<u8, Refused> {
        let Some(state) = self.state else {
            return Ok(0);
        };
        let stages = 1..=2;
        stages
            .into_iter()
            .find(|stage| sealed(*stage) == state)
            .ok_or(Refused)
    }
}

/// The state does not come from here.
#[derive(Debug)]
pub(crate) struct Refused;

/// A state that cannot be made without knowing this text. Enough for a fixture and for nothing else.
fn sealed(stage: u8) -> String {
    let seal = planwright_coord::digits(&format!("{stage} of a conformance fixture"));
    format!("{stage}.{seal}")
}

fn required(requests: Value, state: Option<u8>) -> Value {
    let mut required = json!({"resultType": "input_required"});
    if requests
        .as_object()
        .is_some_and(|requests| !requests.is_empty())
    {
        required["inputRequests"] = requests;
    }
    if let Some(stage) = state {
        required["requestState"] = sealed(stage).into();
    }
    required
}

/// The answer of a tool that may require input; `None` for any other tool.
pub(crate) fn of_tool(name: &str, round: &Round<'_>) -> Result<Option<Value>, Refused> {
    let name_form = || form("What is your name?", "name", "string");
    let greeting = || sampling("Generate a greeting");
    let answer = match name {
        "test_input_required_result_elicitation" => match round.response("user_name") {
            Some(response) => {
                let name = response
                    .get("content")
                    .map_or(&Value::Null, |content| &content["name"]);
                text(&format!("Hello, {}!", name.as_str().unwrap_or("nobody")))
            }
            None => required(json!({"user_name": name_form()}), None),
        },
        "test_input_required_result_sampling" => {
            if let Some(response) = round.response("capital_question") {
                text(&format!("Sampling response: {}", said(response)))
            } else {
                let question = sampling("What is the capital of France?");
                required(json!({"capital_question": question}), None)
            }
        }
        "test_input_required_result_list_roots" => match round.response("client_roots") {
            Some(response) => {
                let roots = response.get("roots").cloned().unwrap_or_default();
                text(&format!("Client roots: {roots}"))
            }
            None => required(json!({"client_roots": roots()}), None),
        },
        "test_input_required_result_request_state"
        | "test_input_required_result_tampered_state" => match round.stage()? {
            0 => required(
                json!({"confirm": form("Please confirm", "ok", "boolean")}),
                Some(1),
            ),
            _ => text("Confirmed: state-ok"),
        },
        "test_input_required_result_multiple_inputs" => {
            let names = ["user_name", "greeting", "client_roots"];
            let has_all = names.iter().all(|name| round.response(name).is_some());
            if round.stage()? > 0 && has_all {
                text("All inputs received")
            } else {
                let requests = json!({
                    "user_name": name_form(),
                    "greeting": greeting(),
                    "client_roots": roots(),
                });
                required(requests, Some(1))
            }
        }
        "test_input_required_result_multi_round" => match round.stage()? {
            0 => {
                let step = form("Step 1: What is your name?", "name", "string");
                required(json!({"step1": step}), Some(1))
            }
            1 => {
                let step = form("Step 2: What is your favorite color?", "color", "string");
                required(json!({"step2": step}), Some(2))
            }
            _ => text("Multi-round flow complete"),
        },
        "test_input_required_result_capabilities" => capable(round, &name_form(), &greeting()),
        "test_streaming_elicitation" => {
            let value = form("Provide a value", "value", "string");
            required(json!({"streaming_elicitation": value}), None)
        }
        _ => return Ok(None),
    };
    Ok(Some(answer))
}

/// Asks only for what the client can give.
fn capable(round: &Round<'_>, name: &Value, greeting: &Value) -> Value {
    if round.responses.is_some() {
        return text("Capability-aware flow complete");
    }
    let all = [
        ("elicitation", "user_name", name.clone()),
        ("sampling", "greeting", greeting.clone()),
        ("roots", "client_roots", roots()),
    ];
    let can = all
        .into_iter()
        .filter(|(needed, ..)| round.capabilities[*needed].is_object());
    let requests: Map<String, Value> = can
        .map(|(_, key, request)| (key.to_owned(), request))
        .collect();
    if requests.is_empty() {
        text("The client can answer nothing")
    } else {
        required(requests.into(), None)
    }
}

/// The answer of the prompt that requires input.
pub(crate) fn of_prompt(round: &Round<'_>) -> Value {
    let Some(response) = round.response("user_context") else {
        let question = form("What context should the prompt use?", "context", "string");
        return required(json!({"user_context": question}), None);
    };
    let context = response
        .get("content")
        .map_or(&Value::Null, |content| &content["context"]);
    let text = format!("In this context: {}", context.as_str().unwrap_or_default());
    json!({"messages": [{"role": "user", "content": {"type": "text", "text": text}}]})
}

/// What a model said.
pub(crate) fn said(response: &Map<String, Value>) -> String {
    let content = response.get("content").unwrap_or(&Value::Null);
    let first = content.get(0).unwrap_or(content);
    first["text"].as_str().unwrap_or_default().to_owned()
}

/// The form that a tool asks to be filled in, in the middle of a call.
pub(crate) fn form_of_tool(name: &str, arguments: &Value) -> Option<Value> {
    let titled = |values: [(&str, &str); 3]| {
        let value = |(value, title): (&str, &str)| json!({"const": value, "title": title});
        values.map(value)
    };
    let options = json!(["option1", "option2", "option3"]);
    let (message, properties, required) = match name {
        "test_elicitation" => (
            arguments["message"].as_str().unwrap_or_default(),
            json!({"username": {"type": "string"}, "email": {"type": "string"}}),
            json!(["username", "email"]),
        ),
        "test_elicitation_sep1034_defaults" => (
            "Please review and update the form fields with defaults",
            json!({
                "name": {"type": "string", "default": "John Doe"},
                "age": {"type": "integer", "default": 30},
                "score": {"type": "number", "default": 95.5},
                "status": {
                    "type": "string",
                    "enum": ["active", "inactive", "pending"],
                    "default": "active",
                },
                "verified": {"type": "boolean", "default": true},
            }),
            json!([]),
        ),
        "test_elicitation_sep1330_enums" => (
            "Please select options from the enum fields",
            json!({
                "untitledSingle": {"type": "string", "enum": options},
                "titledSingle": {
                    "type": "string",
                    "oneOf": titled([("value1", "First"), ("value2", "Second"), ("value3", "Third")]),
                },
                "legacyEnum": {
                    "type": "string",
                    "enum": ["opt1", "opt2", "opt3"],
                    "enumNames": ["Option One", "Option Two", "Option Three"],
                },
                "untitledMulti": {"type": "array", "items": {"type": "string", "enum": options}},
                "titledMulti": {
                    "type": "array",
                    "items": {
                        "anyOf": titled([("value1", "First"), ("value2", "Second"), ("value3", "Third")]),
                    },
                },
            }),
            json!([]),
        ),
        _ => return None,
    };
    let schema = json!({"type": "object", "properties": properties, "required": required});
    Some(json!({
        "method": "elicitation/create",
        "params": {"mode": "form", "message": message, "requestedSchema": schema},
    }))
}
