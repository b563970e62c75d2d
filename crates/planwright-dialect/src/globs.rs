//! All globs of all dialects, matched in one go.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use crate::manifest::Headings;

/// The globs, each known by its number.
#[derive(Debug)]
pub(crate) struct Globs {
    set: GlobSet,
}

/// Collects what the rules of all dialects look for, to be looked for together.
#[derive(Debug, Default)]
pub(crate) struct Collector {
    /// Globs that are still to be compiled.
    pub(crate) patterns: Vec<String>,
    pub(crate) headings: Headings,
}

impl Collector {
    /// The number of a glob; equal globs share one.
    pub(crate) fn add(&mut self, pattern: &str) -> usize {
        if let Some(at) = self.patterns.iter().position(|other| other == pattern) {
            return at;
        }
        self.patterns.push(pattern.to_owned());
        self.patterns.len() - 1
    }
}

/// Checks one pattern.
///
/// # Errors
/// Says what is wrong with it.
pub(crate) fn check(pattern: &str) -> Result<(), String> {
    glob(pattern).map(|_| ()).map_err(|error| error.to_string())
}

/// Smart case: `plan.md` finds `PLAN.md` too, `AGENTS.md` is meant as it stands.
fn glob(pattern: &str) -> Result<globset::Glob, globset::Error> {
    let exact = pattern.contains(char::is_uppercase);
    GlobBuilder::new(pattern)
        .literal_separator(true)
        .case_insensitive(!exact)
        .build()
}

impl Globs {
    /// Compiles patterns that were checked; one that is not valid matches nothing.
    pub(crate) fn new(patterns: &[String]) -> Self {
        let mut builder = GlobSetBuilder::new();
        for pattern in patterns {
            let never = || globset::Glob::new("\u{0}").map_err(|_| ());
            if let Ok(glob) = glob(pattern).map_err(|_| ()).or_else(|()| never()) {
                builder.add(glob);
            }
        }
        Self {
            set: builder.build().unwrap_or_default(),
        }
    }

    /// The numbers of the globs that match a path, ascending.
    pub(crate) fn matches(&self, path: &str) -> Vec<usize> {
        let mut found = self.set.matches(path);
        found.sort_unstable();
        found
    }
}
