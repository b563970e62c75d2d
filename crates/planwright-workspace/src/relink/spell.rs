//! Writes a path as its author wrote the one before.

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::path;

/// Where a path is written, which decides what has to be escaped in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// The destination of a link.
    Link,
    /// A destination in angle brackets.
    Angle,
    /// A word between others.
    Word,
}

/// The path as components without `.`, as written.
pub(super) fn parts(written: &str) -> Vec<&str> {
    let parts = written.split('/');
    parts.filter(|part| !matches!(*part, "" | ".")).collect()
}

/// The components that lead from a folder to a path.
pub(super) fn relative<'a>(folder: &str, path: &'a str) -> Vec<&'a str> {
    let (from, to) = (parts(folder), parts(path));
    let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let mut found = vec![".."; from.len() - shared];
    found.extend(&to[shared..]);
    found
}

/// True when a path is written as one would write it from a folder, whatever is escaped in it.
pub(super) fn is_plain(folder: &str, path: &str, written: &str) -> bool {
    let written = parts(written);
    let wanted = relative(folder, path);
    written.len() == wanted.len()
        && written
            .iter()
            .zip(&wanted)
            .all(|(a, b)| path::decode(a) == *b)
}

/// Components in the style of a written path: `./` and `/` in front, `/` at the end, what is escaped
/// and how. `None` where they cannot be written in that place.
pub(super) fn spell(written: &str, components: &[&str], place: Place) -> Option<String> {
    let old = parts(written);
    let encodes = written.contains('%');
    let mut out = Vec::with_capacity(components.len());
    for component in components {
        let same = old.iter().find(|part| path::decode(part) == *component);
        out.push(match same {
            Some(same) => Cow::Borrowed(*same),
            None => escape(component, place, encodes)?,
        });
    }
    if out.is_empty() {
        out.push(Cow::Borrowed("."));
    }
    let front = ["./", "/"]
        .into_iter()
        .find(|front| written.starts_with(front));
    let back = if written.ends_with('/') { "/" } else { "" };
    let dot = front.filter(|_| out.first().is_none_or(|first| first != "."));
    Some(format!(
        "{}{}{back}",
        dot.unwrap_or_default(),
        out.join("/")
    ))
}

fn escape(component: &str, place: Place, encodes: bool) -> Option<Cow<'_, str>> {
    match place {
        Place::Angle => {
            (!component.contains(['<', '>', '\\', '\n'])).then_some(Cow::Borrowed(component))
        }
        Place::Link if encodes => Some(Cow::Owned(encoded(component))),
        Place::Link => {
            if !component.contains([' ', '(', ')', '<', '>', '%', '#', '?', '\\', '\t']) {
                return Some(Cow::Borrowed(component));
            }
            Some(Cow::Owned(encoded(component)))
        }
        Place::Word => component
            .chars()
            .all(|c| super::words::is_inside(c) && !matches!(c, '\\' | '%' | '$' | '{' | '}'))
            .then_some(Cow::Borrowed(component)),
    }
}

/// A component of a path with everything escaped that need not stand in a URL as it is.
pub(super) fn encoded(component: &str) -> String {
    let mut out = String::with_capacity(component.len());
    for byte in component.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~@+,'!$&=:".contains(&byte) {
            out.push(byte as char);
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_keeps_the_style_of_the_one_before() {
        for (written, folder, to, place, expected) in [
            (
                "x.md",
                "docs/a",
                "docs/b/x.md",
                Place::Link,
                Some("../b/x.md"),
            ),
            (
                "./x.md",
                "docs/a",
                "docs/b/x.md",
                Place::Link,
                Some("./../b/x.md"),
            ),
            (
                "./../b/x.md",
                "docs/a",
                "docs/a/x.md",
                Place::Link,
                Some("./x.md"),
            ),
            (
                "/docs/x.md",
                "",
                "docs/b/x.md",
                Place::Link,
                Some("/docs/b/x.md"),
            ),
            ("f/", "docs", "old/f", Place::Link, Some("../old/f/")),
            (
                "my%20x.md",
                "a",
                "b b/my x.md",
                Place::Link,
                Some("../b%20b/my%20x.md"),
            ),
            (
                "my x.md",
                "a",
                "b b/my x.md",
                Place::Angle,
                Some("../b b/my x.md"),
            ),
            ("x.md", "a", "b/ü/x.md", Place::Link, Some("../b/ü/x.md")),
            ("x.md", "a", "b b/x.md", Place::Word, None),
            ("../", "a/b", "a/b", Place::Link, Some("./")),
        ] {
            let found = spell(written, &relative(folder, to), place);
            assert_eq!(found.as_deref(), expected, "{written}");
        }
        assert!(is_plain("a/b", "a/c d.md", "../c%20d.md"));
        assert!(!is_plain("a/b", "a/b/c.md", "../b/c.md"));
    }
}
