//! Sets of paths as plans write them.

use globset::{GlobBuilder, GlobMatcher};

/// Paths, folders and globs.
#[derive(Clone, Debug, Default)]
pub struct PathSet {
    rules: Vec<Rule>,
}

#[derive(Clone, Debug)]
pub(crate) enum Rule {
    /// A file, or a folder with everything in it; `""` is the root.
    Path(String),
    /// A file of this name or path in whatever folder: the glob `**/x` without further signs.
    Ending(String),
    /// A glob, and what its matches begin with.
    Glob(GlobMatcher, String),
}

impl PathSet {
    /// A set of paths from the root. Each is a file, a folder (with or without its `/`), or a glob
    /// in which `*` stops at `/` and `**` does not. A glob that cannot be read is a path.
    ///
    /// ```
    /// use planwright_workspace::history::PathSet;
    ///
    /// let set = PathSet::new(["src/db/", "docs/*.md", "Cargo.toml"]);
    /// assert!(set.contains("src/db/pool.rs"));
    /// assert!(set.contains("docs/a.md"));
    /// assert!(!set.contains("docs/plans/a.md"));
    /// ```
    pub fn new<T: AsRef<str>>(paths: impl IntoIterator<Item = T>) -> Self {
        let rules = paths.into_iter().map(|path| rule(path.as_ref()));
        Self {
            rules: rules.collect(),
        }
    }

    /// True when the set was made from nothing.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// True for a path that belongs to the set.
    pub fn contains(&self, path: &str) -> bool {
        self.rules.iter().any(|rule| match rule {
            Rule::Path(rule) => is_at_or_below(path, rule),
            Rule::Ending(end) => ends_with(path, end),
            Rule::Glob(glob, _) => glob.is_match(path),
        })
    }

    pub(crate) fn rules(&self) -> &[Rule] {
        &self.rules
    }
}

/// True for the path itself and for what lies in it.
pub(crate) fn is_at_or_below(path: &str, folder: &str) -> bool {
    match path.strip_prefix(folder) {
        Some(rest) => rest.is_empty() || folder.is_empty() || rest.starts_with('/'),
        None => false,
    }
}

/// True for a path that is `end`, or ends in it after a `/`.
pub(crate) fn ends_with(path: &str, end: &str) -> bool {
    let before = path.strip_suffix(end);
    before.is_some_and(|before| before.is_empty() || before.ends_with('/'))
}

fn rule(path: &str) -> Rule {
    let path = path.strip_prefix("./").unwrap_or(path);
    if let Some(end) = path.strip_prefix("**/")
        && !end.is_empty()
        && !end.ends_with('/')
        && !end.contains(['*', '?', '[', ']', '{', '}', '\\'])
    {
        return Rule::Ending(end.to_owned());
    }
    if let Some(at) = path.find(['*', '?', '[', '{']) {
        let built = GlobBuilder::new(path).literal_separator(true).build();
        if let Ok(glob) = built {
            // A backslash in front of the first special character is one itself.
            let plain = path[..at]
                .find('\\')
                .map_or(&path[..at], |end| &path[..end]);
            return Rule::Glob(glob.compile_matcher(), plain.to_owned());
        }
    }
    Rule::Path(path.trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_files_folders_and_globs() {
        for (rule, path, expected) in [
            ("src", "src/a.rs", true),
            ("src/", "src/a/b.rs", true),
            ("src", "src", true),
            ("src", "srcs/a.rs", false),
            ("./src/a.rs", "src/a.rs", true),
            ("", "anything", true),
            ("src/*.rs", "src/a.rs", true),
            ("src/*.rs", "src/a/b.rs", false),
            ("src/**/*.rs", "src/a/b.rs", true),
            ("src/{a,b}.rs", "src/b.rs", true),
            ("src/[", "src/[", true),
            ("**/b/c.rs", "a/b/c.rs", true),
            ("**/b/c.rs", "b/c.rs", true),
            ("**/b/c.rs", "a/bb/c.rs", false),
        ] {
            let set = PathSet::new([rule]);
            assert_eq!(set.contains(path), expected, "{rule} {path}");
        }
        assert!(PathSet::default().is_empty());
    }
}
