//! Documents as resources: `plan://document/<path>` is the file, `plan://ref/<ref>` what `get` tells
//! of a reference, `plan://next` the ready tasks.

use std::fmt::Write as _;

use planwright_ops::{ErrorKind, OpsError};
use rmcp::model::{Resource, ResourceContents, ResourceTemplate};
use serde_json::{Map, Value, json};

use crate::session::Session;
use crate::table::Page;
use crate::tools::{self, Reply};

const DOCUMENT: &str = "plan://document/";
const REF: &str = "plan://ref/";
const NEXT: &str = "plan://next";

/// Documents on one page of the list.
const PAGE: usize = 50;

/// The resource that is a document.
pub(crate) fn uri(path: &str) -> String {
    format!("{DOCUMENT}{}", escaped(path))
}

/// A page of the documents that are no templates, and where the next begins.
pub(crate) fn list(session: &Session<'_>, cursor: Option<&str>) -> (Vec<Resource>, Option<String>) {
    let page = Page::new(cursor, Some(PAGE));
    let entries: Vec<_> = session
        .ws
        .entries()
        .filter(|entry| !entry.template)
        .collect();
    let mut resources = Vec::new();
    if page.from == 0 {
        let next = Resource::new(NEXT, "next")
            .with_title("Ready tasks")
            .with_mime_type("text/plain");
        resources.push(next);
    }
    let shown = entries.iter().skip(page.from).take(page.limit);
    resources.extend(shown.map(|entry| {
        Resource::new(uri(entry.path), entry.reference)
            .with_title(entry.title)
            .with_description(format!("{} ({})", entry.kind, entry.state.as_str()))
            .with_mime_type("text/markdown")
    }));
    let end = page.from + page.limit;
    (resources, (end < entries.len()).then(|| end.to_string()))
}

pub(crate) fn templates() -> Vec<ResourceTemplate> {
    vec![
        ResourceTemplate::new(format!("{DOCUMENT}{{+path}}"), "document")
            .with_title("A document as it stands in the repository")
            .with_mime_type("text/markdown"),
        ResourceTemplate::new(format!("{REF}{{+ref}}"), "ref")
            .with_title("A document, task, phase or section by its ref")
            .with_mime_type("text/plain"),
    ]
}

/// What a resource holds.
pub(crate) fn read(session: &Session<'_>, uri: &str) -> Result<ResourceContents, OpsError> {
    if let Some(path) = uri.strip_prefix(DOCUMENT) {
        let path = unescaped(path);
        // Only documents are resources: not every file of the repository.
        if session.ws.find(&path).is_none() {
            return Err(unknown(uri));
        }
        let bytes = session.ws.read_bytes(&path)?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        return Ok(ResourceContents::text(text, uri).with_mime_type("text/markdown"));
    }
    let call = |name: &str, arguments: Value| {
        let tool = tools::find(name).ok_or_else(|| unknown(uri))?;
        let arguments: Map<String, Value> = arguments.as_object().cloned().unwrap_or_default();
        (tool.call)(session, arguments)
    };
    let reply = match uri.strip_prefix(REF) {
        Some(name) => call("get", json!({"ref": unescaped(name)})),
        None if uri == NEXT => call("next", json!({})),
        None => Err(unknown(uri)),
    }?;
    let text = match reply {
        Reply::Text(text) => text,
        Reply::Rows(table) => table.text(),
    };
    Ok(ResourceContents::text(text, uri))
}

fn unknown(uri: &str) -> OpsError {
    OpsError::new(ErrorKind::NotFound, format!("there is no resource {uri}"))
}

/// A path with the bytes escaped that have a meaning in a URI.
fn escaped(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/@!$&'()*+,;=:".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

fn unescaped(uri: &str) -> String {
    let bytes = uri.as_bytes();
    let mut path = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let digits = bytes
            .get(at + 1..at + 3)
            .and_then(|digits| std::str::from_utf8(digits).ok());
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(value) if *byte == b'%' => {
                path.push(value);
                at += 3;
            }
            _ => {
                path.push(*byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&path).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_survives_its_uri() {
        for path in ["docs/plans/a.md", "a b/100%/ü#1?.md", "back-1 - x.md"] {
            let uri = uri(path);
            assert!(uri.bytes().all(|byte| byte.is_ascii_graphic()), "{uri}");
            assert!(!uri.contains('#') && !uri.contains('?'), "{uri}");
            assert_eq!(unescaped(uri.strip_prefix(DOCUMENT).unwrap()), path);
        }
    }

    #[test]
    fn half_an_escape_is_taken_as_it_stands() {
        assert_eq!(unescaped("100%"), "100%");
        assert_eq!(unescaped("%zz%4"), "%zz%4");
    }
}
