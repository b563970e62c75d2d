//! One pass of the library over every file.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use anyhow::{Context as _, Result};
use planwright_dialect::{Dialects, Reading};

/// What was made of one file.
#[derive(Debug, Default)]
pub(crate) struct File {
    /// Path in the corpus.
    pub(crate) path: String,
    /// First folder of the path.
    pub(crate) corpus: String,
    pub(crate) bytes: usize,
    pub(crate) seconds: f64,
    pub(crate) dialect: String,
    pub(crate) kind: String,
    pub(crate) listed: bool,
    /// A plan or a task list that is no template.
    pub(crate) work: bool,
    pub(crate) items: usize,
    pub(crate) phases: usize,
    /// The author's word for a state that no table holds.
    pub(crate) unknown_state: Option<String>,
    /// Codes of its diagnostics.
    pub(crate) codes: Vec<String>,
    pub(crate) panic: Option<String>,
    pub(crate) unreadable: Option<String>,
}

/// What was made of all files.
#[derive(Debug, Default)]
pub(crate) struct Survey {
    pub(crate) files: Vec<File>,
    /// `<dialect>/<repository>`.
    pub(crate) repositories: Vec<String>,
    /// Files that state relations, and how many they state.
    pub(crate) relation_files: usize,
    pub(crate) stated_relations: usize,
}

impl Survey {
    /// Reads every file that a dialect would read.
    pub(crate) fn of(corpus: &Path) -> Result<Self> {
        let (dialects, _) = Dialects::load(&[]);
        let panic = Arc::new(Mutex::new(String::new()));
        let seen = Arc::clone(&panic);
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if let Ok(mut text) = seen.lock() {
                *text = info.to_string().replace('\n', " ");
            }
        }));
        let mut survey = Self::default();
        let walk = ignore::WalkBuilder::new(corpus)
            .standard_filters(false)
            .sort_by_file_name(Ord::cmp)
            .build();
        for entry in walk {
            let entry = entry.context("cannot walk the corpus")?;
            let relative = entry
                .path()
                .strip_prefix(corpus)?
                .to_string_lossy()
                .replace('\\', "/");
            if entry.file_type().is_some_and(|kind| kind.is_dir()) {
                if entry.depth() == 2 {
                    survey.repositories.push(relative);
                }
                continue;
            }
            if entry.depth() < 3 {
                continue;
            }
            let path = in_repository(&relative);
            if !dialects.is_candidate(&path) && !dialects.is_relations_file(&path) {
                continue;
            }
            let mut file = File {
                corpus: relative.split('/').next().unwrap_or_default().to_owned(),
                path: relative,
                ..File::default()
            };
            match std::fs::read(entry.path()) {
                Ok(bytes) => survey.read(&dialects, &path, bytes, &mut file, &panic),
                Err(error) => file.unreadable = Some(error.to_string()),
            }
            survey.files.push(file);
        }
        std::panic::set_hook(usual);
        Ok(survey)
    }

    fn read(
        &mut self,
        dialects: &Dialects,
        path: &str,
        bytes: Vec<u8>,
        file: &mut File,
        panic: &Mutex<String>,
    ) {
        file.bytes = bytes.len();
        let started = Instant::now();
        if dialects.is_relations_file(path) {
            match catch_unwind(AssertUnwindSafe(|| dialects.read_relations(path, &bytes))) {
                Ok((relations, diagnostics)) => {
                    self.relation_files += 1;
                    self.stated_relations += relations.len();
                    file.codes
                        .extend(diagnostics.into_iter().map(|diagnostic| diagnostic.code));
                    "(relations)".clone_into(&mut file.dialect);
                }
                Err(_) => file.panic = Some(message(panic)),
            }
        } else {
            match catch_unwind(AssertUnwindSafe(|| dialects.read(path, bytes))) {
                Ok(reading) => file.note(reading),
                Err(_) => file.panic = Some(message(panic)),
            }
        }
        file.seconds = started.elapsed().as_secs_f64();
    }
}

impl File {
    fn note(&mut self, reading: Reading) {
        let document = reading.document;
        self.work = reading.recognition.listed
            && !document.template
            && matches!(document.kind.as_str(), "plan" | "tasks");
        self.listed = reading.recognition.listed;
        self.items = document.items.len();
        self.phases = document.phases.len();
        if document.state.value == planwright_model::DocumentState::Unknown && !document.template {
            self.unknown_state = document.state.native;
        }
        self.dialect = reading.recognition.dialect;
        self.kind = document.kind;
        self.codes = document
            .diagnostics
            .into_iter()
            .map(|diagnostic| diagnostic.code)
            .collect();
    }
}

/// The path that a file of the corpus has in its own repository.
fn in_repository(path: &str) -> String {
    let parts: Vec<&str> = path.split('/').skip(2).collect();
    let skip = usize::from(parts.len() > 1 && parts[0].starts_with('@'));
    parts[skip..].join("/")
}

fn message(panic: &Mutex<String>) -> String {
    panic
        .lock()
        .map_or_else(|_| "unknown".to_owned(), |text| text.clone())
}

#[cfg(test)]
mod tests {
    use super::in_repository;

    #[test]
    fn a_path_loses_corpus_repository_and_commit() {
        assert_eq!(in_repository("a/r/docs/plan.md"), "docs/plan.md");
        assert_eq!(in_repository("a/r/@0badcafe/docs/plan.md"), "docs/plan.md");
        assert_eq!(in_repository("a/r/@handle.md"), "@handle.md");
    }
}
