//! Paths from the root as text: `/` between the parts, no `.` and no `..`.

/// The folder of a path; empty for the root.
pub(crate) fn parent(path: &str) -> &str {
    path.rfind('/').map_or("", |at| &path[..at])
}

/// The last part of a path.
pub(crate) fn name(path: &str) -> &str {
    path.rfind('/').map_or(path, |at| &path[at + 1..])
}

/// The last part of a path without its extension.
pub(crate) fn stem(path: &str) -> &str {
    let name = name(path);
    match name.rfind('.') {
        Some(at) if at > 0 => &name[..at],
        _ => name,
    }
}

/// Joins a folder and a path written in it. `None` when it leads out of the root.
pub(crate) fn join(folder: &str, path: &str) -> Option<String> {
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

/// How many leading folders two paths share.
pub(crate) fn shared_folders(a: &str, b: &str) -> usize {
    let folders = parent(a).split('/').zip(parent(b).split('/'));
    folders.take_while(|(a, b)| a == b && !a.is_empty()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

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
