//! Input schemas that every client in use takes without a warning.

use schemars::{JsonSchema, generate::SchemaSettings};
use serde_json::{Map, Value};

/// The schema of a tool's arguments: no `null` beside a type, no formats of numbers, no titles, no
/// references. Some clients warn about these, others drop the tool, and all cost tokens.
pub(crate) fn input<T: JsonSchema>() -> Map<String, Value> {
    let mut settings = SchemaSettings::draft2020_12();
    settings.meta_schema = None;
    settings.inline_subschemas = true;
    let mut schema = settings
        .into_generator()
        .into_root_schema_for::<T>()
        .to_value();
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
