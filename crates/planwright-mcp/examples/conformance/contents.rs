//! Tools, resources and prompts that answer at once, always the same.

use serde_json::{Value, json};

/// A red pixel.
const IMAGE: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==";

/// A sound file without a sound.
const AUDIO: &str = "UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA=";

pub(crate) fn text(text: &str) -> Value {
    json!({"content": [{"type": "text", "text": text}]})
}

/// What a tool answers, where that is known beforehand.
pub(crate) fn of_tool(name: &str, arguments: &Value) -> Option<Value> {
    let image = json!({"type": "image", "data": IMAGE, "mimeType": "image/png"});
    let resource = |uri: &str, kind: &str, text: &str| json!({"type": "resource", "resource": {"uri": uri, "mimeType": kind, "text": text}});
    let content = match name {
        "test_simple_text" => {
            return Some(text("This is a simple text response for testing."));
        }
        "test_image_content" => json!([image]),
        "test_audio_content" => {
            json!([{"type": "audio", "data": AUDIO, "mimeType": "audio/wav"}])
        }
        "test_embedded_resource" => {
            let text = "This is an embedded resource content.";
            json!([resource("test://embedded-resource", "text/plain", text)])
        }
        "test_multiple_content_types" => {
            let data = r#"{"test":"data","value":123}"#;
            json!([
                {"type": "text", "text": "Multiple content types test:"},
                image,
                resource("test://mixed-content-resource", "application/json", data),
            ])
        }
        "test_error_handling" => {
            let mut error = text("This tool intentionally returns an error for testing");
            error["isError"] = true.into();
            return Some(error);
        }
        "json_schema_2020_12_tool" => return Some(text("valid")),
        "test_custom_header" => return Some(text(arguments["value"].as_str()?)),
        _ => return None,
    };
    Some(json!({"content": content}))
}

/// All tools that are fixtures.
pub(crate) fn tools() -> Value {
    const PLAIN: [&str; 25] = [
        "test_simple_text",
        "test_image_content",
        "test_audio_content",
        "test_embedded_resource",
        "test_multiple_content_types",
        "test_error_handling",
        "test_tool_with_logging",
        "test_tool_with_progress",
        "test_elicitation_sep1034_defaults",
        "test_elicitation_sep1330_enums",
        "test_reconnection",
        "test_trigger_tool_change",
        "test_trigger_prompt_change",
        "test_missing_capability",
        "test_streaming_elicitation",
        "test_logging_tool",
        "test_input_required_result_elicitation",
        "test_input_required_result_sampling",
        "test_input_required_result_list_roots",
        "test_input_required_result_request_state",
        "test_input_required_result_multiple_inputs",
        "test_input_required_result_multi_round",
        "test_input_required_result_tampered_state",
        "test_input_required_result_capabilities",
        "test_input_required_result_validation",
    ];
    let tool = |name: &str, schema: Value| json!({"name": name, "description": "A fixture of the suite.", "inputSchema": schema});
    let with = |name: &str, more: Value| {
        let schema = json!({
            "type": "object",
            "properties": {name: more},
            "required": [name],
        });
        schema
    };
    let text = json!({"type": "string"});
    let mut tools: Vec<Value> = PLAIN
        .iter()
        .map(|name| tool(name, json!({"type": "object", "properties": {}})))
        .collect();
    tools.push(tool("test_sampling", with("prompt", text.clone())));
    tools.push(tool("test_elicitation", with("message", text)));
    tools.push(tool("test_custom_header", custom_header()));
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "$defs": {"address": {
            "$anchor": "addressDef",
            "type": "object",
            "properties": {"street": {"type": "string"}, "city": {"type": "string"}},
        }},
        "properties": {
            "name": {"type": "string"},
            "address": {"$ref": "#/$defs/address"},
            "contactMethod": {"type": "string", "enum": ["phone", "email"]},
            "phone": {"type": "string"},
            "email": {"type": "string"},
        },
        "allOf": [{"anyOf": [{"required": ["phone"]}, {"required": ["email"]}]}],
        "if": {"properties": {"contactMethod": {"const": "phone"}}, "required": ["contactMethod"]},
        "then": {"required": ["phone"]},
        "else": {"required": ["email"]},
        "additionalProperties": false,
    });
    tools.push(tool("json_schema_2020_12_tool", schema));
    tools.into()
}

/// The arguments of the tool whose argument also travels in a header.
pub(crate) fn custom_header() -> Value {
    json!({
        "type": "object",
        "properties": {"value": {"type": "string", "x-mcp-header": "Value"}},
        "required": ["value"],
    })
}

pub(crate) fn resources() -> Value {
    json!([
        {"uri": "test://static-text", "name": "static text", "mimeType": "text/plain"},
        {"uri": "test://static-binary", "name": "static binary", "mimeType": "image/png"},
    ])
}

pub(crate) fn templates() -> Value {
    json!([{
        "uriTemplate": "test://template/{id}/data",
        "name": "template",
        "mimeType": "application/json",
    }])
}

/// What a resource holds.
pub(crate) fn of_resource(uri: &str) -> Option<Value> {
    let id = uri
        .strip_prefix("test://template/")
        .and_then(|rest| rest.strip_suffix("/data"));
    let content = match (uri, id) {
        ("test://static-text", _) => {
            let text = "This is the content of the static text resource.";
            json!({"uri": uri, "mimeType": "text/plain", "text": text})
        }
        ("test://static-binary", _) => json!({"uri": uri, "mimeType": "image/png", "blob": IMAGE}),
        (_, Some(id)) => {
            let data =
                json!({"id": id, "templateTest": true, "data": format!("Data for ID: {id}")});
            json!({"uri": uri, "mimeType": "application/json", "text": data.to_string()})
        }
        _ => return None,
    };
    Some(json!({"contents": [content]}))
}

pub(crate) fn prompts() -> Value {
    let about = "A fixture of the suite.";
    let argument = |name: &str| json!({"name": name, "description": "A word.", "required": true});
    json!([
        {"name": "test_simple_prompt", "description": about},
        {
            "name": "test_prompt_with_arguments",
            "description": about,
            "arguments": [argument("arg1"), argument("arg2")],
        },
        {
            "name": "test_prompt_with_embedded_resource",
            "description": about,
            "arguments": [argument("resourceUri")],
        },
        {"name": "test_prompt_with_image", "description": about},
        {"name": "test_input_required_result_prompt", "description": about},
    ])
}

/// The messages of a prompt.
pub(crate) fn of_prompt(name: &str, arguments: &Value) -> Option<Value> {
    let said = |text: &str| json!({"role": "user", "content": {"type": "text", "text": text}});
    let word = |name: &str| arguments[name].as_str().unwrap_or_default();
    let messages = match name {
        "test_simple_prompt" => json!([said("This is a simple prompt for testing.")]),
        "test_prompt_with_arguments" => {
            let (one, two) = (word("arg1"), word("arg2"));
            json!([said(&format!(
                "Prompt with arguments: arg1='{one}', arg2='{two}'"
            ))])
        }
        "test_prompt_with_embedded_resource" => {
            let text = "Embedded resource content for testing.";
            let uri = word("resourceUri");
            let resource = json!({"uri": uri, "mimeType": "text/plain", "text": text});
            json!([
                {"role": "user", "content": {"type": "resource", "resource": resource}},
                said("Please process the embedded resource above."),
            ])
        }
        "test_prompt_with_image" => json!([
            {"role": "user", "content": {"type": "image", "data": IMAGE, "mimeType": "image/png"}},
            said("Please analyze the image above."),
        ]),
        _ => return None,
    };
    Some(json!({"messages": messages}))
}
