//! Files that state relations between other documents: `.archcore/.sync-state.json`.

use planwright_model::{Diagnostic, Endpoint, Level, Relation, RelationType};
use planwright_syntax::yaml::{self, Value, ValueKind};
use planwright_syntax::{Parsed, Source};

use crate::StatedRelation;

/// What keeps other programs from reading the file.
fn flawed(source: &Source) -> Option<Diagnostic> {
    let (line, reason) = crate::json::flaw(source)?;
    let diagnostic = Diagnostic::new("relations-file-invalid", Level::Error, line, reason);
    Some(
        diagnostic
            .with_help("restore the file from git, or let the tool that owns it write it anew"),
    )
}

/// Reads `relations: [{source, target, type}]`; paths in it are relative to the file's folder.
pub(crate) fn read(path: &str, bytes: &[u8]) -> (Vec<StatedRelation>, Vec<Diagnostic>) {
    let parsed = Parsed::new(bytes.to_vec());
    let source = &parsed.source;
    let mut diagnostics = Vec::new();
    let root = match yaml::parse(source.text(), 0) {
        Ok(Some(root)) => root,
        Ok(None) => {
            diagnostics.extend(flawed(source));
            return (Vec::new(), diagnostics);
        }
        Err(error) => {
            let line = source.line(error.offset.min(source.text().len() as u32));
            diagnostics.push(
                Diagnostic::new(
                    "relations-file-invalid",
                    Level::Error,
                    line,
                    format!("not valid JSON: {}", error.message),
                )
                .with_help("restore the file from git, or let the tool that owns it write it anew"),
            );
            return (Vec::new(), diagnostics);
        }
    };
    diagnostics.extend(flawed(source));
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut relations = Vec::new();
    let entries = match root.get("relations").map(|value| &value.kind) {
        Some(ValueKind::Sequence(entries)) => entries.as_slice(),
        _ => &[],
    };
    for entry in entries {
        let text = |key: &str| entry.get(key).and_then(Value::as_str);
        let line = source.line(entry.span.start);
        let (Some(from), Some(to), Some(word)) = (text("source"), text("target"), text("type"))
        else {
            diagnostics.push(Diagnostic::new(
                "relations-file-invalid",
                Level::Warning,
                line,
                "a relation lacks its source, target or type",
            ));
            continue;
        };
        let Some(kind) = RelationType::from_canonical(word) else {
            diagnostics.push(Diagnostic::new(
                "relations-file-invalid",
                Level::Warning,
                line,
                format!("`{word}` is no relation type"),
            ));
            continue;
        };
        let join = |name: &str| {
            if folder.is_empty() {
                name.to_owned()
            } else {
                format!("{folder}/{name}")
            }
        };
        relations.push(StatedRelation {
            path: join(from),
            relation: Relation {
                kind,
                target: format!("/{}", join(to)),
                endpoint: Endpoint::Document,
                line,
                source: "sync-state".to_owned(),
                resolved: false,
                path: None,
            },
        });
    }
    (relations, diagnostics)
}
