//! Which files and folders have another path from now on.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::path;

/// Files and folders that get another path, and names of documents that become others with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Moves {
    files: BTreeMap<String, String>,
    folders: BTreeMap<String, String>,
    names: BTreeMap<String, String>,
    file_names: BTreeMap<String, String>,
    titles: BTreeMap<String, (String, String)>,
}

impl Moves {
    /// A file moves; both paths are from the root.
    pub fn file(&mut self, from: impl Into<String>, to: impl Into<String>) {
        self.files.insert(from.into(), to.into());
    }

    /// A folder moves, with all that is in it.
    pub fn folder(&mut self, from: impl Into<String>, to: impl Into<String>) {
        self.folders.insert(from.into(), to.into());
    }

    /// A name that means a document is another from now on. It is replaced where a document states a
    /// relation, in `[[name]]` and in `name#item`.
    pub fn name(&mut self, from: impl Into<String>, to: impl Into<String>) {
        let (from, to) = (from.into(), to.into());
        if from != to && !from.is_empty() {
            self.names.insert(from, to);
        }
    }

    /// The name of a file that no other file of the repository has is another from now on. It is
    /// replaced wherever Markdown mentions it.
    pub fn file_name(&mut self, from: impl Into<String>, to: impl Into<String>) {
        let (from, to) = (from.into(), to.into());
        if from != to {
            self.file_names.insert(from, to);
        }
    }

    /// The title of the document at a path is another from now on: links that have it for their text
    /// get the new one.
    pub fn title(
        &mut self,
        path: impl Into<String>,
        from: impl Into<String>,
        to: impl Into<String>,
    ) {
        self.titles.insert(path.into(), (from.into(), to.into()));
    }

    /// The path that what lies at `path` has from now on.
    pub fn now<'a>(&'a self, path: &'a str) -> Cow<'a, str> {
        if let Some(to) = self.files.get(path).or_else(|| self.folders.get(path)) {
            return Cow::Borrowed(to);
        }
        let mut above = path::parent(path);
        while !above.is_empty() {
            if let Some(to) = self.folders.get(above) {
                return Cow::Owned(format!("{to}{}", &path[above.len()..]));
            }
            above = path::parent(above);
        }
        Cow::Borrowed(path)
    }

    /// True when what lies at `path` moves.
    pub fn is_moved(&self, path: &str) -> bool {
        *self.now(path) != *path
    }

    /// What moves, as it was asked for: old path and new.
    pub fn roots(&self) -> impl Iterator<Item = (&str, &str)> {
        let all = self.files.iter().chain(&self.folders);
        all.map(|(from, to)| (from.as_str(), to.as_str()))
    }

    /// The new form of a name.
    pub(super) fn named(&self, name: &str) -> Option<&str> {
        self.names.get(name).map(String::as_str)
    }

    /// The new form of the name of a file.
    pub(super) fn file_named(&self, name: &str) -> Option<&str> {
        self.file_names.get(name).map(String::as_str)
    }

    /// The old and the new title of the document at a path.
    pub(super) fn titled(&self, path: &str) -> Option<(&str, &str)> {
        let (from, to) = self.titles.get(path)?;
        Some((from, to))
    }

    /// True when the last part of a path, with or without `.md`, is that of something that moves.
    pub(super) fn has_name(&self, written: &str) -> bool {
        let written = path::decode(written);
        let is_like = |path: &str| {
            let name = path::name(path);
            [name, name.strip_suffix(".md").unwrap_or(name)]
                .iter()
                .any(|name| written.contains(name))
        };
        self.roots().any(|(from, _)| is_like(from))
    }

    /// What a file must hold to refer to any of it.
    pub(super) fn needles(&self) -> Vec<String> {
        let mut found = Vec::new();
        for (from, _) in self.roots() {
            let name = path::name(from);
            let stem = name.strip_suffix(".md").unwrap_or(name);
            found.push(stem.to_owned());
            found.push(stem.replace(' ', "%20"));
            found.push(super::spell::encoded(stem));
        }
        found.extend(self.names.keys().chain(self.file_names.keys()).cloned());
        found.sort();
        found.dedup();
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_in_a_folder_moves_with_it() {
        let mut moves = Moves::default();
        moves.file("docs/a.md", "docs/done/a.md");
        moves.folder("specs/001-x", "specs/old/001-x");
        for (from, to) in [
            ("docs/a.md", "docs/done/a.md"),
            ("specs/001-x", "specs/old/001-x"),
            ("specs/001-x/b/c.md", "specs/old/001-x/b/c.md"),
            ("specs/001-xy/c.md", "specs/001-xy/c.md"),
            ("docs", "docs"),
        ] {
            assert_eq!(moves.now(from), to);
            assert_eq!(moves.is_moved(from), from != to);
        }
    }
}
