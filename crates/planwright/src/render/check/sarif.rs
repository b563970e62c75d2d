use std::collections::BTreeMap;

use planwright_model::Level;
use planwright_ops::check::{Answer, Finding};
use planwright_ops::explain;
use serde_json::{Value, json};

/// SARIF 2.1.0, for code scanning of forges and for editors.
///
/// Columns count UTF-16 code units there unless said otherwise; here they count characters.
pub(crate) fn sarif(answer: &Answer) -> Value {
    let rules = explain::list().rules;
    let descriptors: Vec<Value> = rules
        .iter()
        .map(|rule| {
            json!({
                "id": rule.code,
                "name": rule.name,
                "shortDescription": {"text": rule.reason},
                "helpUri": format!(
                    "{}/blob/main/docs/guide/src/rules/{}.md",
                    env!("CARGO_PKG_REPOSITORY"),
                    rule.name
                ),
                "defaultConfiguration": {"level": level(match rule.level {
                    "error" => Some(Level::Error),
                    "warning" => Some(Level::Warning),
                    "info" => Some(Level::Info),
                    _ => None,
                })},
                "properties": {"category": rule.category, "tags": [rule.category]},
            })
        })
        .collect();
    let results: Vec<Value> = answer
        .findings
        .iter()
        .map(|found| {
            let index = rules.iter().position(|rule| rule.code == found.code);
            result(found, index)
        })
        .collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "planwright",
                "version": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": descriptors,
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

const fn level(level: Option<Level>) -> &'static str {
    match level {
        None => "none",
        Some(Level::Info) => "note",
        Some(Level::Warning) => "warning",
        Some(Level::Error) => "error",
    }
}

fn result(found: &Finding, index: Option<usize>) -> Value {
    let message = match &found.help {
        Some(help) => format!("{}\n\n{help}", found.message),
        None => found.message.clone(),
    };
    let mut result = json!({
        "ruleId": found.code,
        "level": level(Some(found.level)),
        "message": {"text": message},
        "locations": [location(&found.path, [found.line, found.column, found.end_line, found.end_column])],
        "partialFingerprints": {"planwright/v1": found.fingerprint},
    });
    if let Some(index) = index {
        result["ruleIndex"] = json!(index);
    }
    if !found.related.is_empty() {
        let related = found.related.iter().enumerate().map(|(id, place)| {
            let region = [place.line, place.column, place.end_line, place.end_column];
            let mut location = location(&place.path, region);
            location["id"] = json!(id + 1);
            location["message"] = json!({"text": place.message});
            location
        });
        result["relatedLocations"] = related.collect();
    }
    if let Some(fix) = &found.fix {
        let mut files: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
        for edit in &fix.edits {
            let place = [edit.line, edit.column, edit.end_line, edit.end_column];
            files.entry(&edit.path).or_default().push(json!({
                "deletedRegion": region(place),
                "insertedContent": {"text": edit.text},
            }));
        }
        let changes = files.into_iter().map(|(path, replacements)| {
            json!({
                "artifactLocation": {"uri": uri(path)},
                "replacements": replacements,
            })
        });
        result["fixes"] = json!([{
            "description": {"text": fix.title},
            "artifactChanges": changes.collect::<Vec<Value>>(),
        }]);
    }
    result
}

fn location(path: &str, place: [u32; 4]) -> Value {
    json!({"physicalLocation": {
        "artifactLocation": {"uri": uri(path)},
        "region": region(place),
    }})
}

fn region([line, column, end_line, end_column]: [u32; 4]) -> Value {
    json!({
        "startLine": line,
        "startColumn": column,
        "endLine": end_line,
        "endColumn": end_column,
    })
}

/// A relative path as a URI reference.
fn uri(path: &str) -> String {
    super::super::line::escape(path).replace(':', "%3A")
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::render::check::example;

    #[test]
    fn results_refer_to_their_rules() {
        let mut log = sarif(&example::answer());
        let run = &mut log["runs"][0];
        let rules = run["tool"]["driver"]["rules"].take();
        for result in run["results"].as_array_mut().unwrap() {
            // Another rule moves the number, and not what it stands for.
            let index = result["ruleIndex"].take().as_u64().unwrap();
            let rule = &rules[usize::try_from(index).unwrap()];
            assert_eq!(rule["id"], result["ruleId"]);
        }
        assert_snapshot!(serde_json::to_string_pretty(&run["results"]).unwrap());
    }
}
