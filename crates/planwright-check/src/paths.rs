//! Paths as documents write them, and where a missing file may have gone.

use std::collections::HashMap;

use crate::project::Project;
use crate::text::nearest;

/// Names that many folders hold: one of them elsewhere is not the one that was meant.
const COMMON: [&str; 12] = [
    "readme.md",
    "index.md",
    "plan.md",
    "spec.md",
    "tasks.md",
    "research.md",
    "design.md",
    "proposal.md",
    "quickstart.md",
    "data-model.md",
    "skill.md",
    "changelog.md",
];

pub(crate) struct Candidate {
    pub(crate) path: String,
    /// It has the very name, and nothing else has it.
    pub(crate) moved: bool,
}

/// The files of the tree by their names, gathered when the first link breaks.
#[derive(Default)]
pub(crate) struct Files {
    by_name: Option<HashMap<String, Vec<String>>>,
}

impl Files {
    /// The file that was probably meant by a path that leads nowhere.
    pub(crate) fn like(&mut self, project: &Project<'_>, path: &str) -> Option<Candidate> {
        let by_name = self.by_name.get_or_insert_with(|| {
            let mut all: HashMap<String, Vec<String>> = HashMap::new();
            for path in project.workspace().candidates() {
                all.entry(name(&path).to_lowercase())
                    .or_default()
                    .push(path);
            }
            all
        });
        let wanted = name(path).to_lowercase();
        if !COMMON.contains(&wanted.as_str())
            && let Some([only]) = by_name.get(&wanted).map(Vec::as_slice)
        {
            return Some(Candidate {
                path: only.clone(),
                moved: true,
            });
        }
        let folder = folder(path);
        let beside = by_name
            .values()
            .flatten()
            .filter(|other| self::folder(other) == folder)
            .map(|other| name(other));
        let near = nearest(name(path), beside)?;
        let path = if folder.is_empty() {
            near.to_owned()
        } else {
            format!("{folder}/{near}")
        };
        Some(Candidate { path, moved: false })
    }
}

pub(crate) fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

pub(crate) fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// A folder and a path written in it; `None` where it leads out of the root.
pub(crate) fn join(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
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

/// How a document in a folder writes a path.
pub(crate) fn relative(folder: &str, path: &str) -> String {
    let from: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    let to: Vec<&str> = path.split('/').collect();
    let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let mut parts = vec![".."; from.len() - shared];
    parts.extend(&to[shared..]);
    parts.join("/").replace(' ', "%20")
}

/// `%20` and the like as what they stand for.
pub(crate) fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let digits = bytes.get(at + 1..at + 3);
        let value = digits
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match value {
            Some(value) if bytes[at] == b'%' => {
                out.push(value);
                at += 3;
            }
            _ => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
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
        assert_eq!(join("docs", "../../x.md"), None);
    }
}
