//! A repository in memory: what lies in its tree, and how it came there.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};

use super::page::Page;

pub(crate) const ARCHCORE: &str = "archcore";
pub(crate) const AI_DOCS: &str = "ai-docs";
pub(crate) const EXECPLAN: &str = "execplan";
pub(crate) const DEV_OPS: &str = "dev-ops";
pub(crate) const SPEC_KIT: &str = "spec-kit";
pub(crate) const GENERIC: &str = "generic";

/// The dialects, in the order of the report.
pub(crate) const DIALECTS: [&str; 6] = [ARCHCORE, AI_DOCS, EXECPLAN, DEV_OPS, SPEC_KIT, GENERIC];

/// The bytes of a file; copies of a repository share them.
pub(crate) type Bytes = Arc<[u8]>;

/// What one commit changed: new bytes, or none for what it removed.
#[derive(Clone, Debug)]
pub(crate) struct Commit {
    /// `YYYY-MM-DD`; commits are made at noon.
    pub(crate) day: String,
    /// The branch, which leaves `main` where that stands; `origin/...` for one that was fetched.
    pub(crate) branch: String,
    pub(crate) files: BTreeMap<String, Option<Bytes>>,
}

/// A repository whose documents are written in one dialect.
#[derive(Clone, Debug)]
pub(crate) struct Repository {
    pub(crate) name: String,
    pub(crate) dialect: &'static str,
    pub(crate) files: BTreeMap<String, Bytes>,
    /// Oldest first; none where there is no history.
    pub(crate) history: Vec<Commit>,
    /// The branch that is checked out.
    branch: String,
}

/// The branch on which all begins.
pub(crate) const MAIN: &str = "main";

impl Repository {
    /// Reads the text of an archive: `-- path --` lines, each followed by the file's content.
    pub(crate) fn parse(name: &str, text: &str) -> Result<Self> {
        let dialect = DIALECTS.iter().find(|dialect| name.starts_with(**dialect));
        let Some(dialect) = dialect else {
            bail!("`{name}` does not begin with the name of a dialect");
        };
        let mut files: BTreeMap<String, String> = BTreeMap::new();
        let mut path = None;
        for line in text.split_inclusive('\n') {
            let marker = line
                .trim_end()
                .strip_prefix("-- ")
                .and_then(|rest| rest.strip_suffix(" --"));
            if let Some(marker) = marker {
                path = Some(marker.to_owned());
                files.insert(marker.to_owned(), String::new());
            } else if let Some(file) = path.as_ref().and_then(|path| files.get_mut(path)) {
                file.push_str(line);
            }
        }
        let files = files
            .into_iter()
            .map(|(path, text)| (path, Bytes::from(text.into_bytes())));
        Ok(Self {
            name: name.to_owned(),
            dialect,
            files: files.collect(),
            history: Vec::new(),
            branch: MAIN.to_owned(),
        })
    }

    /// Reads every archive of a folder, in the order of their names.
    pub(crate) fn read_all(dir: &Path) -> Result<Vec<Self>> {
        let mut all = Vec::new();
        for entry in fs::read_dir(dir).with_context(|| format!("cannot read {}", dir.display()))? {
            let path = entry?.path();
            let is_archive = path.extension().is_some_and(|end| end == "txtar");
            if let Some(name) = path.file_stem().filter(|_| is_archive) {
                let text = fs::read_to_string(&path)?;
                all.push(Self::parse(&name.to_string_lossy(), &text)?);
            }
        }
        all.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(all)
    }

    /// The plans and what belongs to them, in the order of their paths.
    pub(crate) fn pages(&self) -> Vec<Page<'_>> {
        let pages = self.files.iter().filter_map(|(path, bytes)| {
            let text = std::str::from_utf8(bytes).ok()?;
            // Where nobody says which files are plans, a readme is none.
            let is_other = self.dialect == GENERIC && path.ends_with("README.md");
            (ends_in(path, "md") && !is_other).then(|| Page::new(path, text))
        });
        pages.collect()
    }

    /// A file as text; empty where there is none.
    pub(crate) fn text(&self, path: &str) -> &str {
        let bytes = self.files.get(path);
        bytes
            .and_then(|bytes| std::str::from_utf8(bytes).ok())
            .unwrap_or_default()
    }

    /// The same with another file, or with one of other content.
    pub(crate) fn with(&self, path: &str, content: impl AsRef<[u8]>) -> Self {
        let mut changed = self.clone();
        changed
            .files
            .insert(path.to_owned(), Bytes::from(content.as_ref()));
        changed
    }

    /// The same without a file.
    pub(crate) fn without(&self, path: &str) -> Self {
        let mut changed = self.clone();
        changed.files.remove(path);
        changed
    }

    /// The same with a file under another path.
    pub(crate) fn moved(&self, from: &str, to: &str) -> Self {
        let mut changed = self.clone();
        if let Some(bytes) = changed.files.remove(from) {
            changed.files.insert(to.to_owned(), bytes);
        }
        changed
    }

    /// The same with one more commit, which changes the tree too.
    pub(crate) fn commit(&self, day: &str, files: &[(&str, Option<&str>)]) -> Self {
        let mut changed = self.clone();
        let mut commit = BTreeMap::new();
        for (path, text) in files {
            let bytes = text.map(|text| Bytes::from(text.as_bytes()));
            match &bytes {
                Some(bytes) => changed.files.insert((*path).to_owned(), bytes.clone()),
                None => changed.files.remove(*path),
            };
            commit.insert((*path).to_owned(), bytes);
        }
        changed.history.push(Commit {
            day: day.to_owned(),
            branch: self.branch.clone(),
            files: commit,
        });
        changed
    }

    /// The same with a branch checked out, on which the commits to come are made.
    pub(crate) fn on(&self, branch: &str) -> Self {
        let mut changed = self.clone();
        branch.clone_into(&mut changed.branch);
        changed
    }

    /// The same with a commit on another branch, of which the tree has nothing.
    pub(crate) fn elsewhere(
        &self,
        branch: &str,
        day: &str,
        files: &[(&str, Option<&str>)],
    ) -> Self {
        let aside = self.on(branch).commit(day, files);
        let mut changed = self.clone();
        changed.history = aside.history;
        changed
    }

    pub(crate) fn head(&self) -> &str {
        &self.branch
    }

    /// The same with all that lies in the tree committed on one day.
    pub(crate) fn committed(&self, day: &str) -> Self {
        let mut changed = self.clone();
        let files = self.files.iter();
        changed.history.push(Commit {
            day: day.to_owned(),
            branch: self.branch.clone(),
            files: files
                .map(|(path, bytes)| (path.clone(), Some(bytes.clone())))
                .collect(),
        });
        changed
    }
}

/// True for a path with this ending.
pub(crate) fn ends_in(path: &str, ending: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, own)| own == ending)
}
