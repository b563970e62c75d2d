//! Relations that a file states between other documents: `.archcore/.sync-state.json`.

use std::collections::BTreeMap;

use planwright_dialect::Dialects;
use planwright_model::{Diagnostic, Level, Relation};
use serde::{Deserialize, Serialize};

use crate::path;
use crate::stored::StoredRelation;

/// What such a file states, as the snapshot keeps it.
pub(crate) type StatedFile = Vec<u8>;

/// The files that state relations, by path. In bytes: a sequence of path and content.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct StatedFiles(BTreeMap<String, StatedFile>);

impl StatedFiles {
    /// `None` when the bytes are not what [`StatedFiles::store`] makes.
    pub(crate) fn load(bytes: &[u8]) -> Option<Self> {
        if bytes.is_empty() {
            Some(Self::default())
        } else {
            postcard::from_bytes(bytes).ok()
        }
    }

    pub(crate) fn store(&self) -> Vec<u8> {
        if self.0.is_empty() {
            return Vec::new();
        }
        postcard::to_stdvec(self).unwrap_or_default()
    }

    /// Takes in what files state now; `None` for one that is gone. False when nothing changed.
    pub(crate) fn apply(&mut self, changed: BTreeMap<String, Option<StatedFile>>) -> bool {
        let mut is_changed = false;
        for (path, file) in changed {
            is_changed |= match file {
                Some(file) => {
                    self.0.get(&path) != Some(&file) && {
                        self.0.insert(path, file);
                        true
                    }
                }
                None => self.0.remove(&path).is_some(),
            };
        }
        is_changed
    }
}

#[derive(Serialize, Deserialize)]
struct StoredFile<'a> {
    #[serde(borrow)]
    relations: Vec<(&'a str, StoredRelation<'a>)>,
    problems: Vec<StoredProblem<'a>>,
}

#[derive(Serialize, Deserialize)]
struct StoredProblem<'a> {
    code: &'a str,
    level: Level,
    line: u32,
    message: &'a str,
    help: Option<&'a str>,
}

/// Reads a file that states relations.
pub(crate) fn read(dialects: &Dialects, path: &str, bytes: &[u8]) -> StatedFile {
    let (stated, problems) = dialects.read_relations(path, bytes);
    let relations: Vec<(String, Relation)> = stated
        .into_iter()
        .filter_map(|stated| Some((path::join("", &stated.path)?, stated.relation)))
        .collect();
    let stored = StoredFile {
        relations: relations
            .iter()
            .map(|(source, relation)| (source.as_str(), StoredRelation::new(relation)))
            .collect(),
        problems: problems
            .iter()
            .map(|problem| StoredProblem {
                code: &problem.code,
                level: problem.level,
                line: problem.line,
                message: &problem.message,
                help: problem.help.as_deref(),
            })
            .collect(),
    };
    postcard::to_stdvec(&stored).unwrap_or_default()
}

/// What all such files state.
#[derive(Debug, Default)]
pub(crate) struct Stated {
    /// Each with the path of its source document, in the order of those paths.
    pub(crate) relations: Vec<(String, Relation)>,
    /// What is wrong with such files, each with the file's path.
    pub(crate) problems: Vec<(String, Diagnostic)>,
}

impl Stated {
    pub(crate) fn new(files: &[u8]) -> Self {
        let mut stated = Self::default();
        for (path, bytes) in StatedFiles::load(files).unwrap_or_default().0 {
            let Ok(file) = postcard::from_bytes::<StoredFile<'_>>(&bytes) else {
                continue;
            };
            let relations = file.relations.into_iter();
            stated.relations.extend(
                relations.map(|(source, relation)| (source.to_owned(), relation.to_relation())),
            );
            stated
                .problems
                .extend(file.problems.into_iter().map(|problem| {
                    let diagnostic = Diagnostic {
                        code: problem.code.to_owned(),
                        level: problem.level,
                        line: problem.line,
                        message: problem.message.to_owned(),
                        help: problem.help.map(str::to_owned),
                    };
                    (path.clone(), diagnostic)
                }));
        }
        stated.relations.sort_by(|a, b| a.0.cmp(&b.0));
        stated
    }

    /// The relations that are stated about one document.
    pub(crate) fn about(&self, path: &str) -> impl Iterator<Item = &Relation> {
        let first = self
            .relations
            .partition_point(|(source, _)| source.as_str() < path);
        let same = self.relations[first..]
            .iter()
            .take_while(move |(source, _)| source == path);
        same.map(|(_, relation)| relation)
    }
}
