//! Paths from the root as text: `/` between the parts, no `.` and no `..`. Nothing here looks at files.

use std::borrow::Cow;
use std::path::Path;

/// The folder of a path; empty for the root.
pub fn parent(path: &str) -> &str {
    path.rfind('/').map_or("", |at| &path[..at])
}

/// The last part of a path.
pub fn name(path: &str) -> &str {
    path.rfind('/').map_or(path, |at| &path[at + 1..])
}

/// The last part of a path without its extension.
pub fn stem(path: &str) -> &str {
    let name = name(path);
    match name.rfind('.') {
        Some(at) if at > 0 => &name[..at],
        _ => name,
    }
}

/// Joins a folder and a path written in it. `None` when it leads out of the root.
pub fn join(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in folder
        .split('/')
        .chain(path.split(['/', std::path::MAIN_SEPARATOR]))
    {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// A path from the root without `.` and `..`. `None` when it leads out of the root.
pub(crate) fn inside(root: &Path, path: &str) -> Option<String> {
    if Path::new(path).is_absolute() {
        let rest = Path::new(path).strip_prefix(root).ok()?;
        return join("", &slashed(rest));
    }
    join("", path)
}

/// The paths from the root that a path may mean: one from the user's folder, then one from the root.
pub(crate) fn meant(root: &Path, folder: &str, written: &str) -> Vec<String> {
    if Path::new(written).is_absolute() {
        return inside(root, written).into_iter().collect();
    }
    let bases = [folder, ""];
    let mut paths: Vec<String> = bases
        .iter()
        .filter_map(|base| join(base, written))
        .collect();
    paths.dedup();
    paths
}

/// A relative path as text with `/`.
pub(crate) fn slashed(path: &Path) -> String {
    let text = path.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' {
        text.into_owned()
    } else {
        text.replace(std::path::MAIN_SEPARATOR, "/")
    }
}

/// How many leading folders two paths share.
pub(crate) fn shared_folders(a: &str, b: &str) -> usize {
    let folders = parent(a).split('/').zip(parent(b).split('/'));
    folders.take_while(|(a, b)| a == b && !a.is_empty()).count()
}

/// How a link in a document of a folder writes a path; blanks are escaped.
pub fn relative(folder: &str, path: &str) -> String {
    let from: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    let to: Vec<&str> = path.split('/').collect();
    let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let mut parts = vec![".."; from.len() - shared];
    parts.extend(&to[shared..]);
    parts.join("/").replace(' ', "%20")
}

/// `%20` and the like as the bytes that they stand for.
pub fn decode(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let digits = bytes
            .get(at + 1..at + 3)
            .and_then(|digits| std::str::from_utf8(digits).ok());
        let value = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match value {
            Some(value) if bytes[at] == b'%' => {
                decoded.push(value);
                at += 3;
            }
            _ => {
                decoded.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8(decoded).map_or(Cow::Borrowed(text), Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_written_from_where_the_document_lies() {
        for (folder, path, expected) in [
            ("docs/plans", "docs/adr/1.md", "../adr/1.md"),
            ("docs", "docs/x y.md", "x%20y.md"),
            ("", "a/b.md", "a/b.md"),
            ("a/b", "c.md", "../../c.md"),
        ] {
            assert_eq!(relative(folder, path), expected);
            assert_eq!(join(folder, &decode(expected)).as_deref(), Some(path));
        }
    }
    #[test]
    fn escapes_are_decoded_where_they_are_valid() {
        assert_eq!(decode("a%20b.md"), "a b.md");
        assert_eq!(decode("100%"), "100%");
        assert_eq!(decode("%zz%C3%A9"), "%zzé");
        assert_eq!(decode("%FF"), "%FF");
    }

    #[test]
    fn joins_inside_the_root_only() {
        for (folder, path, expected) in [
            ("docs/plans", "../adr/1.md", Some("docs/adr/1.md")),
            ("docs", "./x.md", Some("docs/x.md")),
            ("", "a//b/", Some("a/b")),
            ("docs", "..", Some("")),
            ("docs", "../..", None),
            ("", "../x.md", None),
            ("a", "../../a/x.md", None),
        ] {
            assert_eq!(join(folder, path).as_deref(), expected, "{folder} + {path}");
        }
    }

    #[test]
    fn takes_names_apart() {
        assert_eq!(
            (parent("a/b.md"), name("a/b.md"), stem("a/b.plan.md")),
            ("a", "b.md", "b.plan")
        );
        assert_eq!(
            (parent("b"), name("b"), stem(".hidden")),
            ("", "b", ".hidden")
        );
    }
}
