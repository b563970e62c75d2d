//! The templates of a dialect: a team's own first, then the built-in ones.

use std::borrow::Cow;
use std::sync::OnceLock;

use planwright_model::{Diagnostic, Document};

use super::{Template, parse};
use crate::vocabulary::Vocabulary;
use crate::{BUILT_IN_ORIGIN, Dialect, Dialects};

/// A template as it lies there, read when it is first asked for.
#[derive(Debug)]
struct Source {
    name: String,
    origin: String,
    text: Cow<'static, str>,
    /// The built-in form that this one stands in for.
    base: Option<&'static str>,
    read: OnceLock<Template>,
}

/// The templates of one dialect. Nothing is done until somebody asks.
#[derive(Debug, Default)]
pub(crate) struct Templates {
    /// File names and texts of the team's own.
    own: Vec<(String, String)>,
    folder: String,
    sources: OnceLock<Vec<Source>>,
}

impl Templates {
    pub(crate) fn new(folder: &str, own: &[(String, String)]) -> Self {
        Self {
            own: own.to_vec(),
            folder: folder.to_owned(),
            sources: OnceLock::new(),
        }
    }

    fn sources(&self, dialect: &str) -> &[Source] {
        self.sources.get_or_init(|| {
            let built_in = BUILT_IN.iter().find(|(name, _)| *name == dialect);
            let built_in = built_in.map_or(&[][..], |(_, forms)| forms);
            let mut sources: Vec<Source> = Vec::new();
            for (file, text) in &self.own {
                let name = name_of(file);
                let seen = sources.iter().any(|other| other.name == name);
                if seen || name.eq_ignore_ascii_case("readme") {
                    continue;
                }
                let base = built_in.iter().find(|(other, _)| *other == name);
                sources.push(Source {
                    name: name.to_owned(),
                    origin: format!("{}/{file}", self.folder),
                    text: Cow::Owned(text.clone()),
                    base: base.map(|(_, text)| *text),
                    read: OnceLock::new(),
                });
            }
            for (name, text) in built_in {
                if !sources.iter().any(|other| other.name == *name) {
                    sources.push(Source {
                        name: (*name).to_owned(),
                        origin: BUILT_IN_ORIGIN.to_owned(),
                        text: Cow::Borrowed(text),
                        base: None,
                        read: OnceLock::new(),
                    });
                }
            }
            sources
        })
    }
}

/// `plan` of `plan.md`, `templates/plan.md` and `plan-template.md`.
fn name_of(file: &str) -> &str {
    let name = file.rsplit('/').next().unwrap_or(file);
    let stem = name.strip_suffix(".md").unwrap_or(name);
    stem.strip_suffix("-template").unwrap_or(stem)
}

impl Source {
    fn read(&self, words: &Vocabulary) -> &Template {
        self.read.get_or_init(|| {
            let parse = |text| parse::parse(&self.name, &self.origin, text, words);
            let mut template = parse(self.text.clone());
            // Where it goes and what it is, the built-in form says that it stands in for.
            if let Some(base) = self.base.map(|text| parse(Cow::Borrowed(text))) {
                template.file = template.file.or(base.file);
                template.path = template.path.or(base.path);
                if template.kind == template.name {
                    template.kind = base.kind;
                }
            }
            template
        })
    }
}

impl Dialect {
    /// The names of its templates, of which none is read for that.
    pub fn template_names(&self) -> impl Iterator<Item = &str> {
        let sources = self.templates.sources(&self.name).iter();
        sources.map(|source| source.name.as_str())
    }

    /// Its templates, each read when it is first asked for.
    pub fn templates(&self) -> impl Iterator<Item = &Template> {
        let sources = self.templates.sources(&self.name).iter();
        sources.map(|source| source.read(self.words()))
    }

    /// The template of a name (`plan`, `checklist`), else the first one of that kind.
    pub fn template(&self, name: &str) -> Option<&Template> {
        let sources = self.templates.sources(&self.name);
        let named = sources.iter().find(|source| source.name == name);
        named
            .map(|source| source.read(self.words()))
            .or_else(|| self.templates().find(|template| template.kind == name))
    }

    /// Reads a form in the words of this dialect.
    pub fn parse_template(&self, name: &str, text: &str) -> Template {
        parse::parse(name, "", Cow::Owned(text.to_owned()), self.words())
    }
}

impl Dialects {
    /// The template of a dialect by its name or kind.
    pub fn template(&self, dialect: &str, name: &str) -> Option<&Template> {
        self.get(dialect)?.template(name)
    }

    /// All templates, each with its dialect, in the order in which dialects are tried.
    pub fn templates(&self) -> impl Iterator<Item = (&Dialect, &Template)> {
        self.iter()
            .flat_map(|dialect| dialect.templates().map(move |template| (dialect, template)))
    }

    /// The template that a document is held against: of those of its dialect and kind the one that
    /// its path is named for, else the one that carries the name of its kind. `None` for a form,
    /// and for a document whose kind has no template.
    pub fn template_of(&self, document: &Document) -> Option<&Template> {
        if document.template {
            return None;
        }
        let dialect = self.get(&document.dialect)?;
        let mut named = None;
        for template in dialect.templates() {
            if template.kind != document.kind {
                continue;
            }
            match &template.path {
                Some(place) if place.matches(&document.path) => return Some(template),
                _ if template.name == document.kind => named = Some(template),
                _ => {}
            }
        }
        named
    }

    /// What is wrong with the team's own templates, each with the path of its file.
    pub fn template_diagnostics(&self) -> Vec<(String, Diagnostic)> {
        let own = |template: &&Template| template.origin != BUILT_IN_ORIGIN;
        let mut found = Vec::new();
        for dialect in self.iter().filter(|dialect| dialect.has_own_templates()) {
            for template in dialect.templates().filter(own) {
                let diagnostics = template.diagnostics.iter().cloned();
                found.extend(diagnostics.map(|diagnostic| (template.origin.clone(), diagnostic)));
            }
        }
        found
    }
}

impl Dialect {
    fn has_own_templates(&self) -> bool {
        !self.templates.own.is_empty()
    }
}

macro_rules! forms {
    ($($dialect:literal: $($name:literal)*;)*) => {
        /// Dialect -> name and text of its templates, in the order in which they are listed.
        const BUILT_IN: [(&str, &[(&str, &str)]); 6] = [$((
            $dialect,
            &[$((
                $name,
                include_str!(concat!("../../dialects/", $dialect, "/templates/", $name, ".md")),
            ),)*],
        ),)*];
    };
}

forms! {
    "archcore": "plan" "prd" "idea" "adr" "rfc" "rule" "spec" "guide" "doc" "task-type" "cpat" "rnd"
        "mrd" "brd" "urd" "brs" "strs" "syrs" "srs" "evidence" "scenario" "journey";
    "ai-docs": "plan" "adr" "rfc" "research" "guide" "doc";
    "execplan": "plan" "index";
    "dev-ops": "plan" "task" "bug" "research" "adr" "prd" "story" "workflow";
    "spec-kit": "spec" "plan" "tasks" "research" "data-model" "quickstart" "checklist" "constitution";
    "generic": "plan" "tasks" "spec" "adr";
}
