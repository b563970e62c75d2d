//! Input schemas that every client in use takes without a warning.

use schemars::{JsonSchema, generate::SchemaSettings};
use serde_json::{Map, Value, json};

/// The schema of a tool's arguments: no `null` beside a type, no formats of numbers, no titles, no
/// references. Some clients warn about these, others drop the tool, and all cost tokens.
pub(crate) fn input<T: JsonSchema>() -> Map<String, Value> {
    let mut schema = Value::Object(root::<T>());
    plain(&mut schema);
    match schema {
        Value::Object(mut schema) => {
            // The tool says what it does.
            schema.remove("description");
            schema
        }
        _ => Map::new(),
    }
}

/// The schema of arguments that are one of several operations, told apart by a tag, and what all of
/// them take. Clients refuse a choice at the top, and pay for what each choice repeats: what any
/// operation takes is an argument, and those are required that all of them do. That an operation gets
/// what it takes and nothing else is seen to when it is read.
pub(crate) fn merged<Op: JsonSchema, Common: JsonSchema>() -> Map<String, Value> {
    let mut operations = root::<Op>();
    let choices = match operations.remove("oneOf") {
        Some(Value::Array(choices)) => choices,
        _ => Vec::new(),
    };
    let mut properties = Map::new();
    let mut required: Option<Vec<Value>> = None;
    for choice in &choices {
        for (name, schema) in choice["properties"].as_object().into_iter().flatten() {
            let known = properties.entry(name.clone());
            let known = known.or_insert_with(|| schema.clone());
            if let (Value::Object(known), Value::Object(schema)) = (known, schema) {
                tag(known, schema);
            }
        }
        let own = choice["required"].as_array().cloned().unwrap_or_default();
        required = Some(match required {
            Some(required) => required
                .into_iter()
                .filter(|name| own.contains(name))
                .collect(),
            None => own,
        });
    }
    if let Some(Value::Object(common)) = root::<Common>().remove("properties") {
        properties.extend(common);
    }
    let mut schema = json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    });
    plain(&mut schema);
    match schema {
        Value::Object(schema) => schema,
        _ => Map::new(),
    }
}

/// Joins the tags of two operations: one value each becomes a list of values.
fn tag(known: &mut Map<String, Value>, other: &Map<String, Value>) {
    let Some(value) = other.get("const") else {
        return;
    };
    if let Some(first) = known.remove("const") {
        known.insert("enum".to_owned(), Value::Array(vec![first]));
    }
    if let Some(Value::Array(values)) = known.get_mut("enum")
        && !values.contains(value)
    {
        values.push(value.clone());
    }
}

fn root<T: JsonSchema>() -> Map<String, Value> {
    let mut settings = SchemaSettings::draft2020_12();
    settings.meta_schema = None;
    settings.inline_subschemas = true;
    let mut schema = settings
        .into_generator()
        .into_root_schema_for::<T>()
        .to_value();
    match schema.take() {
        Value::Object(schema) => schema,
        _ => Map::new(),
    }
}

fn plain(schema: &mut Value) {
    let Value::Object(map) = schema else {
        return;
    };
    for key in ["title", "default", "format", "minimum"] {
        map.remove(key);
    }
    without_null(map);
    for (key, value) in map.iter_mut() {
        match value {
            // Names here are the author's.
            Value::Object(named) if key == "properties" => named.values_mut().for_each(plain),
            Value::Array(list) => list.iter_mut().for_each(plain),
            other => plain(other),
        }
    }
}

/// An argument that may be left out has the type that it has when it is given.
fn without_null(map: &mut Map<String, Value>) {
    if let Some(Value::Array(types)) = map.get_mut("type") {
        types.retain(|name| name != "null");
        if let [one] = types.as_mut_slice() {
            let one = one.take();
            map.insert("type".to_owned(), one);
        }
    }
    if let Some(Value::Array(values)) = map.get_mut("enum") {
        values.retain(|value| !value.is_null());
    }
    let null = |schema: &Value| schema.get("type").is_some_and(|name| name == "null");
    if let Some(Value::Array(choices)) = map.get_mut("anyOf") {
        choices.retain(|choice| !null(choice));
        if let [Value::Object(one)] = choices.as_mut_slice() {
            let one = std::mem::take(one);
            map.remove("anyOf");
            map.extend(one.into_iter().filter(|(key, _)| key != "description"));
        }
    }
}
