//! Where a missing file may have gone.

use std::collections::HashMap;

use planwright_workspace::path::{name, parent};

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

/// Where git knows that the file or folder of a path went, and how to say so.
pub(crate) fn moved(project: &Project<'_>, path: &str) -> Option<(String, String)> {
    let moved = project.history()?.moved_to(path)?;
    let how = format!("moved to `{}` in {}", moved.to, moved.commit.id().short());
    project.exists(&moved.to).then_some((moved.to, how))
}

/// True for a path in another repository that is checked out within this one: whether it is there
/// says nothing about the documents.
pub(crate) fn is_in_submodule(project: &Project<'_>, path: &str) -> bool {
    let Some(modules) = project.file(".gitmodules") else {
        return false;
    };
    let places = modules.source.text().lines().filter_map(|line| {
        let (key, place) = line.split_once('=')?;
        (key.trim() == "path").then(|| place.trim().trim_end_matches('/'))
    });
    let mut places = places.filter(|place| !place.is_empty());
    places.any(|place| {
        path.strip_prefix(place)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

/// The files of the tree by their names and by their folders.
#[derive(Debug)]
pub(crate) struct Files {
    by_name: HashMap<String, Vec<String>>,
    by_folder: HashMap<String, Vec<String>>,
}

impl Files {
    pub(crate) fn new(paths: impl Iterator<Item = String>) -> Self {
        let (mut by_name, mut by_folder) = (HashMap::new(), HashMap::new());
        let add = |map: &mut HashMap<String, Vec<String>>, key: String, value: String| {
            map.entry(key).or_default().push(value);
        };
        for path in paths {
            add(
                &mut by_folder,
                parent(&path).to_owned(),
                name(&path).to_owned(),
            );
            add(&mut by_name, name(&path).to_lowercase(), path);
        }
        Self { by_name, by_folder }
    }

    /// The file that was probably meant by a path that leads nowhere.
    pub(crate) fn like(&self, path: &str) -> Option<Candidate> {
        let wanted = name(path).to_lowercase();
        if !COMMON.contains(&wanted.as_str())
            && let Some([only]) = self.by_name.get(&wanted).map(Vec::as_slice)
        {
            return Some(Candidate {
                path: only.clone(),
                moved: true,
            });
        }
        let folder = parent(path);
        let beside = self.by_folder.get(folder)?.iter().map(String::as_str);
        let near = nearest(name(path), beside)?;
        let path = if folder.is_empty() {
            near.to_owned()
        } else {
            format!("{folder}/{near}")
        };
        Some(Candidate { path, moved: false })
    }
}
