//! Dialects as data: reads a Markdown file in the dialect it is written in.
//!
//! A dialect is a folder: `dialect.toml` (how its files are recognised, its words for states,
//! sections and relations, where its work stands) and its templates. The five built-in dialects
//! and the generic reader are such folders, embedded; a team's own lie in
//! `.planwright/dialects/NAME/`.
#![expect(
    clippy::case_sensitive_file_extension_comparisons,
    reason = "names inside documents count as they are written"
)]

mod board;
pub mod convert;
pub mod folders;
mod globs;
mod json;
mod manifest;
mod outline;
mod reader;
mod recognise;
mod relations_file;
pub mod template;
mod times;
mod vocabulary;
mod words;
pub mod writer;

use std::sync::{Arc, OnceLock};

use planwright_model::{Diagnostic, Document, DocumentState, Level, Relation, RelationType};
use planwright_syntax::Parsed;

pub use board::{Column, ORIGIN, column_of, how_far};
use globs::{Collector, Globs};
use manifest::{Conditions, Headings, Manifest};
pub use reader::aliases::id_of;
pub use recognise::Recognition;
pub use template::Template;
use template::Templates;
use vocabulary::Vocabulary;
pub use words::slug;

/// The built-in dialects: name and manifest, in the order in which they are tried.
const BUILT_IN: [(&str, &str); 6] = [
    (
        "archcore",
        include_str!("../dialects/archcore/dialect.toml"),
    ),
    (
        "execplan",
        include_str!("../dialects/execplan/dialect.toml"),
    ),
    (
        "spec-kit",
        include_str!("../dialects/spec-kit/dialect.toml"),
    ),
    ("dev-ops", include_str!("../dialects/dev-ops/dialect.toml")),
    ("ai-docs", include_str!("../dialects/ai-docs/dialect.toml")),
    ("generic", include_str!("../dialects/generic/dialect.toml")),
];

/// Where a built-in dialect comes from.
const BUILT_IN_ORIGIN: &str = "built-in";

const COMMON: &str = include_str!("../dialects/common/dialect.toml");

/// The dialects of a repository: the built-in ones and a team's own.
#[derive(Debug)]
#[expect(clippy::struct_field_names, reason = "they are what they are")]
pub struct Dialects {
    dialects: Vec<Dialect>,
    patterns: Vec<String>,
    headings: Headings,
    globs: OnceLock<Globs>,
    initiatives: OnceLock<Globs>,
    board_globs: Vec<usize>,
    relation_globs: Vec<usize>,
    archive: Vec<String>,
}

/// One dialect.
#[derive(Debug)]
pub struct Dialect {
    /// Its name: `archcore`, `ai-docs`, `execplan`, `dev-ops`, `spec-kit`, `generic`.
    pub name: String,
    /// What it is, in one line.
    pub title: String,
    /// `built-in`, or the folder it was loaded from.
    pub origin: String,
    manifest: Manifest,
    common: Arc<Manifest>,
    /// Made when the first file is read in it: most calls read none, or few.
    words: OnceLock<Vocabulary>,
    templates: Templates,
    detect_globs: Vec<Vec<(usize, usize)>>,
    kind_globs: Vec<Vec<(usize, usize)>>,
}

/// A file that was read.
#[derive(Debug)]
pub struct Reading {
    /// What it says.
    pub document: Document,
    /// Why it was read so.
    pub recognition: Recognition,
    /// Its bytes and blocks.
    pub parsed: Parsed,
}

/// A relation that a file states about another file (`.sync-state.json`).
#[derive(Clone, Debug)]
pub struct StatedRelation {
    /// Path of the source document from the repository's root.
    pub path: String,
    /// The relation.
    pub relation: Relation,
}

/// A team's dialect as it lies in the repository.
#[derive(Clone, Debug)]
pub struct DialectFolder {
    /// The folder's name.
    pub name: String,
    /// Where it lies, from the repository's root.
    pub origin: String,
    /// The text of `dialect.toml`; empty where the folder holds none and only adds templates to the
    /// built-in dialect of its name.
    pub manifest: String,
    /// Its templates: path from the folder, and text.
    pub templates: Vec<(String, String)>,
}

impl Dialects {
    /// The built-in dialects and a team's own, which come first. What is wrong with a team's
    /// dialect is reported with the manifest's path, and that dialect is left out.
    pub fn load(folders: &[DialectFolder]) -> (Self, Vec<(String, Diagnostic)>) {
        let common = Arc::new(parse(COMMON).unwrap_or_default());
        let mut diagnostics = Vec::new();
        let mut collector = Collector::default();
        let mut dialects = Vec::new();
        let own = |name: &str| {
            let found = folders.iter().find(|folder| folder.name == name);
            found.map_or_else(Templates::default, |folder| {
                Templates::new(&folder.origin, &folder.templates)
            })
        };
        for folder in folders {
            if folder.manifest.trim().is_empty() {
                if !BUILT_IN.iter().any(|(name, _)| *name == folder.name) {
                    let names = BUILT_IN.map(|(name, _)| name).join(", ");
                    let message = "there is no dialect.toml in this folder";
                    diagnostics.push((
                        format!("{}/dialect.toml", folder.origin),
                        Diagnostic::new("dialect-invalid", Level::Error, 1, message)
                            .with_help(format!("write one, or name the folder after the dialect that its templates are for: {names}")),
                    ));
                }
                continue;
            }
            match Dialect::new(&folder.name, &folder.origin, &folder.manifest, &common, &mut collector) {
                Ok(mut dialect) => {
                    dialect.templates = own(&folder.name);
                    dialects.push(dialect);
                }
                Err((line, message)) => diagnostics.push((
                    format!("{}/dialect.toml", folder.origin),
                    Diagnostic::new("dialect-invalid", Level::Error, line, message)
                        .with_help("the dialect is left out until this is put right; `plan dialects show archcore` shows a working one"),
                )),
            }
        }
        for (name, manifest) in BUILT_IN {
            // A team's folder of the same name stands in for the built-in dialect.
            if !dialects
                .iter()
                .any(|dialect: &Dialect| dialect.name == name)
                && let Ok(mut dialect) =
                    Dialect::new(name, BUILT_IN_ORIGIN, manifest, &common, &mut collector)
            {
                dialect.templates = own(name);
                dialects.push(dialect);
            }
        }
        let mut all = |list: fn(&Manifest) -> &Vec<String>| -> Vec<usize> {
            dialects
                .iter()
                .flat_map(|dialect| list(&dialect.manifest))
                .map(|pattern| collector.add(pattern))
                .collect()
        };
        let board_globs = all(|manifest| &manifest.board_file);
        let relation_globs = all(|manifest| &manifest.relations_file);
        let mut archive = common.archive.clone();
        archive.extend(
            dialects
                .iter()
                .flat_map(|dialect| dialect.manifest.archive.iter().cloned()),
        );
        let Collector { patterns, headings } = collector;
        (
            Self {
                dialects,
                patterns,
                headings,
                globs: OnceLock::new(),
                initiatives: OnceLock::new(),
                board_globs,
                relation_globs,
                archive,
            },
            diagnostics,
        )
    }

    /// All dialects in the order in which they are tried.
    pub fn iter(&self) -> impl Iterator<Item = &Dialect> {
        self.dialects.iter()
    }

    /// One dialect by its name.
    pub fn get(&self, name: &str) -> Option<&Dialect> {
        self.dialects.iter().find(|dialect| dialect.name == name)
    }

    fn globs(&self) -> &Globs {
        self.globs.get_or_init(|| Globs::new(&self.patterns))
    }

    /// True for a path (from the root, with `/`) that may hold a plan: Markdown, and the JSON files
    /// that a dialect names, but for what describes a team's dialects. Cheap: decides before the
    /// file is read.
    pub fn is_candidate(&self, path: &str) -> bool {
        // What lies there describes documents, and is none.
        if path.starts_with(".planwright/dialects/") {
            return false;
        }
        let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
        if ending.eq_ignore_ascii_case("md")
            || ending.eq_ignore_ascii_case("markdown")
            || ending.eq_ignore_ascii_case("mdx")
        {
            return true;
        }
        ending == "json" && self.any(path, &self.board_globs)
    }

    /// True for a file that states relations between documents (`.archcore/.sync-state.json`).
    pub fn is_relations_file(&self, path: &str) -> bool {
        path.ends_with(".json") && self.any(path, &self.relation_globs)
    }

    /// The file in which the relations of a document are stated, where its dialect has one: it lies
    /// in a folder above.
    pub fn relations_file_of(&self, dialect: &str, path: &str) -> Option<String> {
        let names = &self.get(dialect)?.manifest.relations_file;
        let folders = path
            .match_indices('/')
            .rev()
            .map(|(at, _)| &path[..=at])
            .chain([""]);
        let files = folders.flat_map(|folder| {
            let names = names.iter().filter_map(|glob| glob.rsplit('/').next());
            names.map(move |name| format!("{folder}{name}"))
        });
        files.into_iter().find(|file| self.is_relations_file(file))
    }

    /// The bytes of such a file with one more relation between two documents; all paths are from the
    /// root. `bytes` is `None` where there is no such file yet.
    ///
    /// # Errors
    /// Says in one sentence why the relation cannot be stated there.
    pub fn state_relation(
        &self,
        file: &str,
        bytes: Option<&[u8]>,
        from: &str,
        kind: RelationType,
        to: &str,
    ) -> Result<Vec<u8>, String> {
        relations_file::add(file, bytes, from, kind, to)
    }

    fn any(&self, path: &str, globs: &[usize]) -> bool {
        !globs.is_empty()
            && self
                .globs()
                .matches(path)
                .iter()
                .any(|id| globs.contains(id))
    }

    /// The relation that says the same from the other end, where a dialect has a key for each side:
    /// `upstream` and `downstream`.
    pub fn inverse(&self, dialect: &str, relation: RelationType) -> Option<RelationType> {
        let relations = &self.get(dialect)?.manifest.relations;
        let has = |relation: RelationType, key: &str| {
            let keys = relations.get(relation.as_str());
            keys.is_some_and(|keys| keys.iter().any(|known| known == key))
        };
        let is_paired =
            has(RelationType::DependsOn, "upstream") && has(RelationType::Output, "downstream");
        match relation {
            RelationType::DependsOn if is_paired => Some(RelationType::Output),
            RelationType::Output if is_paired => Some(RelationType::DependsOn),
            _ => None,
        }
    }

    /// Reads the relations of such a file. `path` is its own path from the root.
    pub fn read_relations(
        &self,
        path: &str,
        bytes: &[u8],
    ) -> (Vec<StatedRelation>, Vec<Diagnostic>) {
        relations_file::read(path, bytes)
    }

    /// Prefixes of ids that mean the same: `PLAN` and `PLN`.
    pub fn id_prefixes(&self) -> impl Iterator<Item = &[String]> {
        self.dialects
            .iter()
            .take(1)
            .flat_map(|dialect| [&*dialect.common, &dialect.manifest])
            .flat_map(|manifest| manifest.id_prefixes.iter().map(Vec::as_slice))
    }

    /// Reads of a file what lists, the overview and the graph need; `None` for a file that is no plan
    /// document. Sections, code references, commands, risks, metrics, milestones, questions,
    /// requirements, the review schedule, placeholders and the fingerprints of items are left empty.
    pub fn summarise(&self, path: &str, bytes: Vec<u8>) -> Option<Document> {
        let reading = self.read_to(path, bytes, reader::Depth::Summary);
        reading.recognition.listed.then_some(reading.document)
    }

    /// Reads a file in the dialect it is written in. Never fails.
    ///
    /// Relations and code references are left unresolved (`resolved: false`, `exists: null`): only
    /// the workspace knows the other files.
    pub fn read(&self, path: &str, bytes: Vec<u8>) -> Reading {
        self.read_to(path, bytes, reader::Depth::Whole)
    }

    fn read_to(&self, path: &str, bytes: Vec<u8>, depth: reader::Depth) -> Reading {
        if path.ends_with(".json") {
            return self.read_board(path, bytes);
        }
        let parsed = Parsed::new(bytes);
        let explain = depth == reader::Depth::Whole;
        let recognition = recognise::recognise(self, path, &parsed, explain);
        if depth == reader::Depth::Summary && !recognition.listed {
            return Reading {
                document: Document::default(),
                recognition,
                parsed,
            };
        }
        let Some(dialect) = self
            .get(&recognition.dialect)
            .or_else(|| self.dialects.last())
        else {
            return Reading {
                document: Document {
                    path: path.to_owned(),
                    ..Document::default()
                },
                recognition,
                parsed,
            };
        };
        let initiative = self.initiative(dialect, path);
        let document = reader::read(
            path,
            &parsed,
            &recognition,
            dialect.words(),
            initiative,
            self.is_archived(path),
            depth,
        );
        Reading {
            document,
            recognition,
            parsed,
        }
    }

    fn read_board(&self, path: &str, bytes: Vec<u8>) -> Reading {
        let mut parsed = Parsed::new(Vec::new());
        let mut problems = Vec::new();
        parsed.source = planwright_syntax::Source::new(bytes, &mut problems);
        let mut recognition = Recognition {
            dialect: "dev-ops".to_owned(),
            score: 100,
            reasons: vec!["path names a board".to_owned()],
            kind: "index".to_owned(),
            template: path.contains("template"),
            listed: true,
        };
        let mut document = match self
            .get("dev-ops")
            .map(|dialect| board::read(&parsed, path, dialect.words()))
        {
            Some(Ok(Some(document))) => document,
            // Cut off by whatever was to write it.
            Some(Ok(None)) if parsed.source.text().trim().is_empty() => Document {
                kind: "index".to_owned(),
                ..Document::default()
            },
            Some(Err(error)) => {
                let line = parsed
                    .source
                    .line(error.offset.min(parsed.source.text().len() as u32));
                let diagnostic = Diagnostic::new(
                    "board-invalid",
                    Level::Error,
                    line,
                    format!("not valid JSON: {}", error.message),
                );
                Document {
                    kind: "index".to_owned(),
                    diagnostics: vec![diagnostic],
                    ..Document::default()
                }
            }
            _ => {
                recognition.listed = false;
                Document {
                    kind: "doc".to_owned(),
                    ..Document::default()
                }
            }
        };
        if recognition.listed
            && document.diagnostics.is_empty()
            && let Some((line, reason)) = json::flaw(&parsed.source)
        {
            let diagnostic = Diagnostic::new("board-invalid", Level::Error, line, reason);
            document.diagnostics.push(diagnostic);
        }
        path.clone_into(&mut document.path);
        document.dialect.clone_from(&recognition.dialect);
        recognition.kind.clone_from(&document.kind);
        document.template = recognition.template;
        document.archived = self.is_archived(path);
        path.clone_into(&mut document.initiative);
        reader::finish_board(&mut document);
        Reading {
            document,
            recognition,
            parsed,
        }
    }

    /// The undertaking that a file belongs to: the folder that a dialect's rule names, else itself.
    fn initiative(&self, dialect: &Dialect, path: &str) -> String {
        if dialect.manifest.initiative.is_empty() {
            return path.to_owned();
        }
        let globs = self.initiatives.get_or_init(|| {
            Globs::new(
                &self
                    .dialects
                    .iter()
                    .flat_map(|dialect| dialect.manifest.initiative.iter().cloned())
                    .collect::<Vec<_>>(),
            )
        });
        let mut folder = path;
        while let Some((above, _)) = folder.rsplit_once('/') {
            if !globs.matches(above).is_empty() {
                return above.to_owned();
            }
            folder = above;
        }
        path.to_owned()
    }

    fn is_archived(&self, path: &str) -> bool {
        path.rsplit_once('/').is_some_and(|(folder, _)| {
            folder.split('/').any(|part| {
                self.archive
                    .iter()
                    .any(|name| name.eq_ignore_ascii_case(part))
            })
        })
    }
}

impl Dialect {
    fn new(
        name: &str,
        origin: &str,
        manifest: &str,
        common: &Arc<Manifest>,
        collector: &mut Collector,
    ) -> Result<Self, (u32, String)> {
        let text = manifest;
        let mut manifest = parse(text)?;
        let rules = manifest
            .detect
            .iter_mut()
            .map(|rule| &mut rule.when)
            .chain(manifest.kind.iter_mut().map(|rule| &mut rule.when));
        rules.for_each(|when| when.prepare(&mut collector.headings));
        let is_checked = origin == BUILT_IN_ORIGIN;
        let words = OnceLock::new();
        // Checking takes time; a test has checked the built-in ones.
        if !is_checked {
            let made = Vocabulary::new(&[common, &manifest])
                .map_err(|(word, message)| (manifest::places::line(text, &word), message))?;
            words.get_or_init(|| made);
        }
        let check = |pattern: &String| {
            if is_checked {
                return Ok(());
            }
            globs::check(pattern).map_err(|message| {
                let glob = manifest::places::Word::Glob(pattern.clone());
                let line = manifest::places::line(text, &glob);
                (line, format!("`{pattern}` is no glob: {message}"))
            })
        };
        let mut named = manifest.relations_file.iter().chain(&manifest.board_file);
        named.try_for_each(check)?;
        manifest.initiative.iter().try_for_each(check)?;
        let mut compile = |conditions: &Conditions| -> Result<Vec<(usize, usize)>, (u32, String)> {
            conditions
                .path
                .iter()
                .enumerate()
                .map(|(at, pattern)| {
                    check(pattern)?;
                    Ok((collector.add(pattern), at))
                })
                .collect()
        };
        let detect_globs = manifest
            .detect
            .iter()
            .map(|rule| compile(&rule.when))
            .collect::<Result<_, _>>()?;
        let kind_globs = manifest
            .kind
            .iter()
            .map(|rule| compile(&rule.when))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            name: name.to_owned(),
            title: manifest.title.clone(),
            origin: origin.to_owned(),
            manifest,
            common: Arc::clone(common),
            words,
            templates: Templates::default(),
            detect_globs,
            kind_globs,
        })
    }

    /// Its words over the common ones.
    fn words(&self) -> &Vocabulary {
        let layers = [&*self.common, &self.manifest];
        self.words
            .get_or_init(|| Vocabulary::new(&layers).unwrap_or_default())
    }

    /// The text of the manifest's rules for people: what makes a file one of this dialect.
    pub fn rules(&self) -> impl Iterator<Item = (u32, String)> {
        self.manifest
            .detect
            .iter()
            .map(|rule| (rule.score, rule.when.describe()))
    }

    /// The canonical name of a front matter key or header label, where the dialect knows it.
    pub fn field_name(&self, key: &str) -> Option<&str> {
        self.words().field(key)
    }

    /// The relation that a front matter key or header label states.
    pub fn relation_of(&self, key: &str) -> Option<RelationType> {
        self.words().relation(key)
    }

    /// What an author's word for a state means.
    pub fn state(&self, native: &str) -> Option<DocumentState> {
        self.words().state(native)
    }

    /// Every word for a state that is understood, in lower case, with what it means; in no order.
    pub fn known_states(&self) -> impl Iterator<Item = (&str, DocumentState)> {
        self.words().known_states()
    }

    /// The native words of each canonical state, as the dialect adds them to the common ones.
    pub fn state_words(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.manifest
            .states
            .iter()
            .map(|(state, words)| (state.as_str(), words.as_slice()))
    }
}

fn parse(manifest: &str) -> Result<Manifest, (u32, String)> {
    toml::from_str(manifest).map_err(|error| {
        let line = error
            .span()
            .map_or(1, |span| manifest::places::line_at(manifest, span.start));
        (line, error.message().to_owned())
    })
}
