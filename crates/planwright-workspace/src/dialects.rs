//! The dialects in force: the built-in ones and those that lie in the repository.

use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use planwright_dialect::{DialectFolder, Dialects};
use planwright_model::Diagnostic;

use crate::names::Prefixes;
use crate::sys::hash;

/// Where a team keeps its dialects, from the root.
const FOLDER: &str = ".planwright/dialects";

/// A manifest or template of this many bytes is none.
const LIMIT: u64 = 1024 * 1024;

/// The dialects of a repository, made when they are first needed: a call that reads no file does
/// without them.
#[derive(Debug)]
pub(crate) struct Team {
    folders: Vec<DialectFolder>,
    loaded: OnceLock<(Dialects, Vec<(String, Diagnostic)>)>,
    prefixes: OnceLock<Prefixes>,
}

impl Team {
    /// Reads the team's own dialects.
    pub(crate) fn find(root: &Path) -> Self {
        let mut folders = Vec::new();
        for (name, path) in children(&root.join(FOLDER)) {
            let manifest = text(&path.join("dialect.toml"));
            let templates = templates(&path);
            if manifest.is_none() && templates.is_empty() {
                continue;
            }
            let origin = format!("{FOLDER}/{name}");
            folders.push(DialectFolder {
                name,
                origin,
                manifest: manifest.unwrap_or_default(),
                templates,
            });
        }
        Self {
            folders,
            loaded: OnceLock::new(),
            prefixes: OnceLock::new(),
        }
    }

    pub(crate) fn dialects(&self) -> &Dialects {
        &self.loaded().0
    }

    pub(crate) fn diagnostics(&self) -> &[(String, Diagnostic)] {
        // Nothing is wrong with the built-in dialects, which therefore need not be loaded.
        if self.folders.is_empty() {
            &[]
        } else {
            &self.loaded().1
        }
    }

    /// The names of their folders.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.folders.iter().map(|folder| folder.name.as_str())
    }

    /// Folders that should hold a dialect and hold nothing of one, from the root.
    pub(crate) fn empty(&self, root: &Path) -> Vec<String> {
        let all = children(&root.join(FOLDER)).into_iter();
        let empty = all.filter(|(name, path)| path.is_dir() && self.names().all(|own| own != name));
        empty.map(|(name, _)| format!("{FOLDER}/{name}")).collect()
    }

    pub(crate) fn prefixes(&self) -> &Prefixes {
        self.prefixes.get_or_init(|| Prefixes::new(self.dialects()))
    }

    /// Takes over the prefixes that a snapshot of the same dialects has kept, which spares loading
    /// the dialects for their sake.
    pub(crate) fn know_prefixes(&self, prefixes: Prefixes) {
        let _ = self.prefixes.set(prefixes);
    }

    fn loaded(&self) -> &(Dialects, Vec<(String, Diagnostic)>) {
        /// Where a team has none of its own, all repositories have the same.
        static BUILT_IN: OnceLock<(Dialects, Vec<(String, Diagnostic)>)> = OnceLock::new();

        if self.folders.is_empty() {
            return BUILT_IN.get_or_init(|| Dialects::load(&[]));
        }
        self.loaded.get_or_init(|| Dialects::load(&self.folders))
    }

    /// Stands for everything that decides how a file is read: this build and the team's dialects.
    pub(crate) fn fingerprint(&self) -> u64 {
        let mut all = env!("CARGO_PKG_VERSION").as_bytes().to_vec();
        // Two builds of one version differ while the program is being worked on.
        let build = std::env::current_exe().and_then(fs::metadata);
        let build = build.map_or(0, |metadata| crate::sys::Stat::of(&metadata).key);
        all.extend_from_slice(&build.to_le_bytes());
        let mut add = |text: &str| {
            all.extend_from_slice(&(text.len() as u64).to_le_bytes());
            all.extend_from_slice(text.as_bytes());
        };
        for folder in &self.folders {
            add(&folder.origin);
            add(&folder.manifest);
            for (name, text) in &folder.templates {
                add(name);
                add(text);
            }
            add("");
        }
        hash(&all)
    }
}

/// The Markdown files of a dialect's folder and of `templates` in it, by their paths from it.
fn templates(folder: &Path) -> Vec<(String, String)> {
    let mut templates = Vec::new();
    for (below, folder) in [
        ("", folder.to_owned()),
        ("templates/", folder.join("templates")),
    ] {
        for (name, path) in children(&folder) {
            if Path::new(&name)
                .extension()
                .is_some_and(|extension| extension == "md")
            {
                templates.extend(text(&path).map(|text| (format!("{below}{name}"), text)));
            }
        }
    }
    templates
}

/// The entries of a folder in the order of their names; none where it cannot be listed.
fn children(folder: &Path) -> Vec<(String, std::path::PathBuf)> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut all: Vec<_> = entries
        .flatten()
        .map(|entry| {
            (
                entry.file_name().to_string_lossy().into_owned(),
                entry.path(),
            )
        })
        .collect();
    all.sort();
    all
}

/// A small regular file as text.
fn text(path: &Path) -> Option<String> {
    let metadata = fs::symlink_metadata(path).ok()?;
    if !metadata.is_file() || metadata.len() > LIMIT {
        return None;
    }
    fs::read(path)
        .ok()
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}
