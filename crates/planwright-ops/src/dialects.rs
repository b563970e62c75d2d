//! `plan dialects`: which dialects are read, and why a file was taken for one.

use std::collections::BTreeMap;

use planwright_dialect::template::{KeyRule, Template};
use planwright_model::Diagnostic;
use planwright_workspace::{Entry, Workspace};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{ErrorKind, Hint, OpsError, Unreadable, answer};

/// The dialects in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Answer {
    /// The contract's name.
    #[schemars(extend("const" = "planwright/dialects@1"))]
    pub schema: &'static str,
    /// In the order in which they are tried.
    pub dialects: Vec<Dialect>,
    /// What is wrong with dialects of the repository's own.
    pub problems: Vec<Problem>,
    /// What could not be read.
    pub unreadable: Vec<Unreadable>,
}

/// One dialect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Dialect {
    /// Its name.
    pub name: String,
    /// What it is, in one line.
    pub title: String,
    /// `built-in`, or the folder it was loaded from.
    pub origin: String,
    /// Documents of the repository that are read in it.
    pub documents: u32,
}

/// Something wrong in a dialect's manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Problem {
    /// Path of the manifest.
    pub path: String,
    /// What is wrong.
    pub diagnostic: Diagnostic,
}

/// What to explain: a dialect, a file, or how the one takes the other.
#[derive(Clone, Debug, Default)]
pub struct ShowRequest {
    /// Name of the dialect.
    pub name: Option<String>,
    /// Path of a file from the root.
    pub file: Option<String>,
}

/// A dialect as the repository uses it, and how a file was recognised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ShowAnswer {
    /// The contract's name.
    #[schemars(extend("const" = "planwright/dialect@1"))]
    pub schema: &'static str,
    /// The dialect asked for, else the one that the file was taken for.
    pub dialect: Dialect,
    /// The rules by which it recognises a file.
    pub rules: Vec<Rule>,
    /// Its own words for each canonical state, beside those that all dialects share.
    pub states: BTreeMap<String, Vec<String>>,
    /// Its templates, in the order in which they are listed.
    pub templates: Vec<Form>,
    /// Kinds of its documents here, each with its count.
    pub kinds: BTreeMap<String, u32>,
    /// Words for states that its documents use here.
    pub words: Vec<Word>,
    /// How the file was recognised.
    pub file: Option<Recognised>,
    /// What is wrong with its manifest.
    pub problems: Vec<Problem>,
}

/// A rule by which a dialect recognises a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Rule {
    /// What a match adds to the dialect's score.
    pub score: u32,
    /// What has to be the case, in words.
    pub text: String,
}

/// A template of a dialect, and what a document made from it owes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Form {
    /// The name by which it is asked for.
    pub name: String,
    /// The kind of the documents made from it.
    pub kind: String,
    /// `built-in`, or the path of the file that it was read from.
    pub origin: String,
    /// Where a new document goes; `{{slug}}` and the like are gaps.
    pub file: Option<String>,
    /// Keys of the front matter that a document owes.
    pub keys: Vec<String>,
    /// True where a document without front matter owes none of them.
    pub keys_optional: bool,
    /// Header lines that a document owes.
    pub labels: Vec<String>,
    /// Sections that a document owes.
    pub sections: Vec<String>,
    /// Roles of items of which a document owes at least one.
    pub items: Vec<String>,
}

/// A word for a state.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Word {
    /// As documents write it.
    pub native: String,
    /// The canonical word.
    pub state: String,
    /// How many documents use it.
    pub documents: u32,
}

/// Why a file was given to a dialect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Recognised {
    /// Path of the file.
    pub path: String,
    /// Name of the dialect that it was given to.
    pub dialect: String,
    /// What the document is.
    pub kind: String,
    /// False for Markdown that is no plan document and is left out of lists.
    pub listed: bool,
    /// Sum of the scores of the rules that matched.
    pub score: u32,
    /// The rules that matched, in words.
    pub reasons: Vec<String>,
}

/// Lists the dialects.
pub fn run(ws: &Workspace) -> Answer {
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    for entry in ws.entries() {
        *counts.entry(entry.dialect).or_default() += 1;
    }
    Answer {
        schema: "planwright/dialects@1",
        dialects: ws
            .dialects()
            .iter()
            .map(|dialect| Dialect {
                name: dialect.name.clone(),
                title: dialect.title.clone(),
                origin: dialect.origin.clone(),
                documents: counts
                    .get(dialect.name.as_str())
                    .copied()
                    .unwrap_or_default(),
            })
            .collect(),
        problems: problems(ws),
        unreadable: answer::unreadable(ws),
    }
}

/// Explains a dialect, or how a file was recognised.
pub fn show(ws: &Workspace, request: &ShowRequest) -> Result<ShowAnswer, OpsError> {
    let file = match &request.file {
        Some(path) => {
            let reading = ws.read(path)?;
            let recognition = reading.recognition;
            Some(Recognised {
                path: reading.document.path,
                dialect: recognition.dialect,
                kind: recognition.kind,
                listed: recognition.listed,
                score: recognition.score,
                reasons: recognition.reasons,
            })
        }
        None => None,
    };
    let all = run(ws);
    let name = request
        .name
        .as_deref()
        .or(file.as_ref().map(|file| file.dialect.as_str()));
    let Some(name) = name else {
        return Err(
            OpsError::new(ErrorKind::Usage, "name a dialect, or a file with --file")
                .with_hint(Hint::Run("plan dialects".to_owned())),
        );
    };
    let dialect = find(&all.dialects, name)?;
    let entries: Vec<Entry<'_>> = ws
        .entries()
        .filter(|entry| entry.dialect == dialect.name)
        .collect();
    let (kinds, words) = usage(&entries);
    let problems = all
        .problems
        .into_iter()
        .filter(|problem| {
            let folder = format!(".planwright/dialects/{}/", dialect.name);
            problem.path.starts_with(&folder)
        })
        .collect();
    let manifest = ws.dialects().get(&dialect.name);
    let rules = manifest.iter().flat_map(|dialect| dialect.rules());
    let states = manifest.iter().flat_map(|dialect| dialect.state_words());
    let templates = manifest.iter().flat_map(|dialect| dialect.templates());
    Ok(ShowAnswer {
        schema: "planwright/dialect@1",
        rules: rules.map(|(score, text)| Rule { score, text }).collect(),
        states: states
            .map(|(state, words)| (state.to_owned(), words.to_vec()))
            .collect(),
        templates: templates.map(form).collect(),
        dialect,
        kinds,
        words,
        file,
        problems,
    })
}

fn form(template: &Template) -> Form {
    let keys = |rules: &[KeyRule]| {
        let owed = rules.iter().filter(|rule| rule.required);
        owed.map(|rule| rule.name.clone()).collect()
    };
    let matter = template.front_matter.as_ref();
    let sections = template.sections.iter().filter(|rule| rule.required);
    Form {
        name: template.name.clone(),
        kind: template.kind.clone(),
        origin: template.origin.clone(),
        file: template
            .file
            .as_ref()
            .map(|place| place.as_str().to_owned()),
        keys: matter.map_or_else(Vec::new, |rule| keys(&rule.keys)),
        keys_optional: matter.is_some_and(|rule| !rule.required),
        labels: keys(&template.labels),
        sections: sections.map(|rule| rule.title.clone()).collect(),
        items: template.holds.iter().map(ToString::to_string).collect(),
    }
}

fn problems(ws: &Workspace) -> Vec<Problem> {
    let manifests = ws.dialect_diagnostics().iter().cloned();
    let templates = ws.dialects().template_diagnostics();
    manifests
        .chain(templates)
        .map(|(path, diagnostic)| Problem { path, diagnostic })
        .collect()
}

fn find(dialects: &[Dialect], name: &str) -> Result<Dialect, OpsError> {
    if let Some(found) = dialects
        .iter()
        .find(|dialect| dialect.name.eq_ignore_ascii_case(name))
    {
        return Ok(found.clone());
    }
    let mut near: Vec<(f64, String)> = dialects
        .iter()
        .map(|dialect| {
            (
                strsim::jaro_winkler(name, &dialect.name),
                dialect.name.clone(),
            )
        })
        .filter(|(likeness, _)| *likeness > 0.7)
        .collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0));
    Err(
        OpsError::new(ErrorKind::NotFound, format!("there is no dialect `{name}`"))
            .with_hint(Hint::Nearest(
                near.into_iter().map(|(_, name)| name).collect(),
            ))
            .with_hint(Hint::Run("plan dialects".to_owned())),
    )
}

fn usage(entries: &[Entry<'_>]) -> (BTreeMap<String, u32>, Vec<Word>) {
    let mut kinds: BTreeMap<String, u32> = BTreeMap::new();
    let mut words: BTreeMap<(&str, &str), u32> = BTreeMap::new();
    for entry in entries {
        *kinds.entry(entry.kind.to_owned()).or_default() += 1;
        if let Some(native) = entry.native {
            *words.entry((entry.state.as_str(), native)).or_default() += 1;
        }
    }
    let words = words
        .into_iter()
        .map(|((state, native), documents)| Word {
            native: native.to_owned(),
            state: state.to_owned(),
            documents,
        })
        .collect();
    (kinds, words)
}

#[cfg(test)]
mod tests {
    use planwright_model::DocumentState;

    use super::*;

    fn dialect(name: &str) -> Dialect {
        Dialect {
            name: name.to_owned(),
            title: String::new(),
            origin: "built-in".to_owned(),
            documents: 0,
        }
    }

    #[test]
    fn a_misspelt_dialect_is_answered_with_the_nearest() {
        let dialects = ["archcore", "ai-docs", "execplan"].map(dialect);
        let error = find(&dialects, "exec-plan").unwrap_err();
        assert_eq!(error.hints[0], Hint::Nearest(vec!["execplan".to_owned()]));
        assert_eq!(find(&dialects, "Archcore").unwrap().name, "archcore");
    }

    #[test]
    fn the_words_in_use_are_counted() {
        let entry = |native, state| Entry {
            kind: "plan",
            native,
            state,
            ..Entry::default()
        };
        let (kinds, words) = usage(&[
            entry(Some("Doing"), DocumentState::Active),
            entry(Some("Doing"), DocumentState::Active),
            entry(None, DocumentState::Unknown),
        ]);
        assert_eq!(kinds["plan"], 3);
        assert_eq!(words.len(), 1);
        assert_eq!((words[0].native.as_str(), words[0].documents), ("Doing", 2));
    }
}
