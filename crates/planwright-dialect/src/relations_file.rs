//! Files that state relations between other documents: `.archcore/.sync-state.json`.

use planwright_model::{Diagnostic, Endpoint, Level, Relation, RelationType};
use planwright_syntax::splice::{self, Edit};
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

/// The kinds of relation that such files know.
const KINDS: [RelationType; 4] = [
    RelationType::Related,
    RelationType::Implements,
    RelationType::Extends,
    RelationType::DependsOn,
];

/// A file that states no relation yet.
const EMPTY: &str = "{\n  \"version\": 1,\n  \"files\": {},\n  \"relations\": []\n}\n";

/// Adds a relation in the manner of those that are there.
pub(crate) fn add(
    path: &str,
    bytes: Option<&[u8]>,
    from: &str,
    kind: RelationType,
    to: &str,
) -> Result<Vec<u8>, String> {
    if !KINDS.contains(&kind) {
        let known: Vec<&str> = KINDS.iter().map(|kind| kind.as_str()).collect();
        return Err(format!(
            "{path} knows no relation `{}`; it has {}",
            kind.as_str(),
            known.join(", ")
        ));
    }
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let inside = |document: &str| {
        let rest = document.strip_prefix(folder).unwrap_or(document);
        let is_below = folder.is_empty() || document.len() > rest.len() && rest.starts_with('/');
        is_below
            .then(|| rest.trim_start_matches('/').to_owned())
            .ok_or_else(|| format!("{path} states relations between documents of `{folder}/` only, and {document} lies elsewhere"))
    };
    let (source_name, target_name) = (inside(from)?, inside(to)?);
    let bytes = bytes.filter(|bytes| !bytes.trim_ascii().is_empty());
    let old = bytes.unwrap_or(EMPTY.as_bytes());
    let (before, problems) = read(path, old);
    if let Some(problem) = problems.first() {
        return Err(format!("{path} is damaged: {}", problem.message));
    }
    let is_it = |stated: &StatedRelation| {
        let relation = &stated.relation;
        stated.path == from && relation.kind == kind && relation.target == format!("/{to}")
    };
    if before.iter().any(is_it) {
        return Ok(old.to_vec());
    }
    let words = [
        ("source", source_name.as_str()),
        ("target", &target_name),
        ("type", kind.as_str()),
    ];
    let parsed = Parsed::new(old.to_vec());
    let edit = edit(&parsed.source, &words)
        .ok_or_else(|| format!("{path} has no list `relations` to add to"))?;
    let new = splice::apply(old, &[edit]).map_err(|error| error.to_string())?;
    let (after, problems) = read(path, &new);
    if problems.is_empty() && after.len() == before.len() + 1 && after.iter().any(is_it) {
        Ok(new)
    } else {
        Err(format!("{path} is written in a way of its own"))
    }
}

/// The edit that adds an object to the list `relations`.
fn edit(source: &Source, words: &[(&str, &str)]) -> Option<Edit> {
    let root = yaml::parse(source.text(), 0).ok()??;
    let list = root.get("relations")?;
    let ValueKind::Sequence(entries) = &list.kind else {
        return None;
    };
    let newline = source.line_ending().as_str();
    let indent = |line: u32| {
        let text = source.line_text(line);
        text[..text.len() - text.trim_start().len()].to_owned()
    };
    let pairs: Vec<String> = words
        .iter()
        .filter_map(|(key, value)| {
            Some(format!("\"{key}\": {}", serde_json::to_string(value).ok()?))
        })
        .collect();
    let Some(last) = entries.last() else {
        let outer = indent(source.line(list.span.start));
        let step = if outer.is_empty() { "  " } else { &outer };
        let object = object(&pairs, &format!("{outer}{step}"), step, newline);
        let text = format!("[{newline}{outer}{step}{object}{newline}{outer}]");
        return Some(Edit::replace(list.span, text));
    };
    let first = source.line(last.span.start);
    let end = source.line(last.span.end.max(1) - 1);
    let outer = indent(first);
    if first == end {
        let is_list = source.line(list.span.start) != first;
        let gap = if is_list {
            format!(",{newline}{outer}")
        } else {
            ", ".to_owned()
        };
        let text = format!("{gap}{{{}}}", pairs.join(", "));
        return Some(Edit::insert(last.span.end, text));
    }
    let inner = indent(first + 1);
    let step = inner.strip_prefix(outer.as_str()).unwrap_or("  ");
    let object = object(&pairs, &outer, step, newline);
    let text = format!(",{newline}{outer}{object}");
    Some(Edit::insert(last.span.end, text))
}

fn object(pairs: &[String], outer: &str, step: &str, newline: &str) -> String {
    let gap = format!(",{newline}{outer}{step}");
    let pairs = pairs.join(&gap);
    format!("{{{newline}{outer}{step}{pairs}{newline}{outer}}}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = ".archcore/.sync-state.json";

    fn added(text: Option<&str>, kind: RelationType, to: &str) -> Result<String, String> {
        let bytes = text.map(str::as_bytes);
        let new = add(FILE, bytes, ".archcore/a.plan.md", kind, to)?;
        Ok(String::from_utf8(new).unwrap())
    }

    #[test]
    fn a_relation_is_added_in_the_manner_of_the_file() {
        let kind = RelationType::Implements;
        let first = added(None, kind, ".archcore/b.prd.md").unwrap();
        insta::assert_snapshot!(first);
        let second = added(Some(&first), kind, ".archcore/sub/c.prd.md").unwrap();
        insta::assert_snapshot!(second);
        assert_eq!(
            added(Some(&second), kind, ".archcore/b.prd.md").unwrap(),
            second
        );
        let lines = "{\"relations\": [\r\n\t{\"source\": \"x\", \"target\": \"y\", \"type\": \"related\"}\r\n]}";
        let new = added(Some(lines), kind, ".archcore/b.prd.md").unwrap();
        assert!(
            new.contains("\"related\"},\r\n\t{\"source\": \"a.plan.md\", \"target\": \"b.prd.md\", \"type\": \"implements\"}\r\n]}"),
            "{new}"
        );
    }

    #[test]
    fn what_the_file_cannot_say_is_refused() {
        let kind = RelationType::Implements;
        for (text, kind, to) in [
            (None, RelationType::Supersedes, ".archcore/b.adr.md"),
            (None, kind, "docs/b.md"),
            (None, kind, ".archcore2/b.md"),
            (Some("{\"relations\": ["), kind, ".archcore/b.adr.md"),
            (Some("{}"), kind, ".archcore/b.adr.md"),
        ] {
            assert!(added(text, kind, to).is_err(), "{text:?} {to}");
        }
    }
}
