//! Documents, each with the form that it is held against.

use planwright_dialect::template::KeyRule;
use planwright_dialect::{Dialect, Dialects, Template};
use planwright_model::DocumentState;
use planwright_syntax::{FrontMatter, Span};

use crate::document::DocumentView;

/// A document and its form.
#[derive(Debug)]
pub struct Held<'a> {
    pub(crate) doc: &'a DocumentView,
    pub(crate) form: &'a Template,
    pub(crate) dialect: &'a Dialect,
}

/// True for a file that tells what lies in its folder, whatever that is.
fn is_signpost(doc: &DocumentView) -> bool {
    const NAMES: [&str; 4] = ["readme", "index", "agents", "claude"];
    let stem = doc.stem().to_lowercase();
    NAMES.contains(&stem.as_str())
}

/// True for a form that the reader did not take for one.
pub(crate) fn is_form(path: &str) -> bool {
    path.to_lowercase()
        .split('/')
        .any(|part| part.contains("template") || part.ends_with("-contract.md"))
}

/// True for a folder of what is done.
pub(crate) fn is_put_away(folder: &str) -> bool {
    let mut parts = folder.split('/');
    parts.any(|part| {
        matches!(
            part,
            "completed"
                | "complete"
                | "done"
                | "implemented"
                | "closed"
                | "archive"
                | "archived"
                | "superseded"
        )
    })
}

/// True for a file that lies among what was copied from elsewhere, or what programs and readers are
/// shown: nobody here keeps it true.
pub(crate) fn is_aside(path: &str) -> bool {
    const FOLDERS: [&str; 18] = [
        ".specstory",
        "get-shit-done",
        "references",
        "raw",
        "vendor",
        "vendored",
        "third_party",
        "third-party",
        "external",
        "upstream",
        "fixtures",
        "__fixtures__",
        "testdata",
        "test-data",
        "__snapshots__",
        "examples",
        "example",
        "samples",
    ];
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    // What tells agents how plans are written shows one as an example.
    let is_manual = name == "PLANS.md" && folders.starts_with('.');
    is_manual
        || folders
            .split('/')
            .any(|folder| FOLDERS.contains(&folder.to_lowercase().as_str()))
}

/// True for a folder of what was found out: the steps and states in there are of what is spoken of.
pub(crate) fn is_of_findings(path: &str) -> bool {
    const FOLDERS: [&str; 10] = [
        "investigations",
        "research",
        "analysis",
        "analyses",
        "audits",
        "audit",
        "reports",
        "reviews",
        "findings",
        "evaluations",
    ];
    let folders = path.rsplit_once('/').map_or("", |(folders, _)| folders);
    folders
        .split('/')
        .any(|folder| FOLDERS.contains(&folder.to_lowercase().as_str()))
}

/// True for a document that is one of work by more than its boxes: a dialect or front matter says so,
/// or its name, its folder or its title.
pub(crate) fn is_surely_work(doc: &DocumentView) -> bool {
    const WORDS: [&str; 20] = [
        "plan",
        "task",
        "todo",
        "to-do",
        "backlog",
        "roadmap",
        "milestone",
        "phase",
        "sprint",
        "epic",
        "stor",
        "spec",
        "proposal",
        "feature",
        "initiative",
        "ticket",
        "change",
        "project",
        "adr",
        "rfc",
    ];
    let document = doc.document();
    let words = format!("{} {}", doc.path(), document.title.text).to_lowercase();
    let is_named = || WORDS.iter().any(|word| words.contains(word));
    !is_of_findings(doc.path())
        && (document.dialect != "generic" || doc.parsed().front_matter.is_some() || is_named())
}

/// True for text that agents are to follow, not a document of the project: commands, prompts, skills,
/// and what a package lays out in other repositories.
pub(crate) fn is_for_agents(path: &str) -> bool {
    const FOLDERS: [&str; 18] = [
        ".claude",
        ".codex",
        ".cursor",
        ".gemini",
        ".github",
        ".opencode",
        ".windsurf",
        ".roo",
        ".qwen",
        ".clinerules",
        "_bmad",
        ".bmad-core",
        "commands",
        "prompts",
        "skills",
        "payload",
        "_payload",
        "scaffold",
    ];
    let folders = path.rsplit_once('/').map_or("", |(folders, _)| folders);
    folders
        .split('/')
        .any(|folder| FOLDERS.contains(&folder.to_lowercase().as_str()))
}

impl<'a> Held<'a> {
    /// A document that owes what a form says: a plan that is listed, not archived, and no form
    /// itself, whose kind has a form.
    pub(crate) fn of(doc: &'a DocumentView, dialects: &'a Dialects) -> Option<Self> {
        let document = doc.document();
        if document.archived
            || !doc.is_listed()
            || is_form(doc.path())
            || is_for_agents(doc.path())
            || is_signpost(doc)
        {
            return None;
        }
        Some(Self {
            doc,
            form: dialects.template_of(document)?,
            dialect: dialects.get(&document.dialect)?,
        })
    }

    /// True for a document that nobody goes on with: what it owes nobody wants any more.
    pub(crate) fn is_given_up(&self) -> bool {
        matches!(
            self.doc.document().state.value,
            DocumentState::Rejected | DocumentState::Abandoned | DocumentState::Superseded
        )
    }

    /// True for a document that is written in its form: its name says so, or nearly all that the form
    /// owes is there. What has less merely lies among such documents, or looks like them.
    pub(crate) fn is_written_in_its_form(&self) -> bool {
        let place = self.form.path.as_ref();
        let rules = self.form.sections.iter();
        let owed = rules.filter(|rule| rule.required).count();
        let missing = self.form.missing_sections(self.doc.document()).count();
        // `ADR-001` with none of the sections is written in another form, or another language.
        let is_named = place.is_some_and(|place| place.matches(self.doc.path()))
            || self.has_its_prefix() && (missing < owed || self.is_own());
        // Headings in another script are not those of a form in this one.
        let titles = self
            .doc
            .document()
            .sections
            .iter()
            .map(|section| section.title.as_str());
        let is_foreign = |title: &str| title.chars().any(|c| c.is_alphabetic() && c as u32 > 0x370);
        let foreign = titles.clone().filter(|title| is_foreign(title)).count();
        if missing > 0 && !self.is_own() && foreign * 4 > titles.count() {
            return false;
        }
        let is_near = missing < owed && (missing == 1 || missing * 3 <= owed);
        is_named || missing == 0 || is_near
    }

    /// True for a file whose name begins as the form says: `BUG-` of `BUG-{{nnn}}-{{slug}}.md`.
    fn has_its_prefix(&self) -> bool {
        let name = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
        let form = self.form.file.as_ref().map(|place| name(place.as_str()));
        let prefix = form.as_deref().and_then(|form| form.split_once("{{"));
        prefix.is_some_and(|(prefix, _)| {
            !prefix.is_empty() && name(self.doc.path()).starts_with(prefix)
        })
    }

    /// Its front matter, where YAML could read it. What is wrong with it otherwise is another
    /// rule's, and what it lacks nobody can say.
    pub(crate) fn front_matter(&self) -> Option<&'a FrontMatter> {
        let matter = self.doc.parsed().front_matter.as_ref();
        matter.filter(|matter| matter.valid)
    }

    /// The value behind a label at the top: of `**Status**: Draft | **Owner**: Ann` each.
    pub(crate) fn label(&self, label: &KeyRule) -> Option<Span> {
        let doc = self.doc;
        let sections = doc.document().sections.iter();
        let below_title = sections
            .filter(|section| section.level > 1)
            .map(|section| section.line);
        let end = below_title
            .min()
            .unwrap_or(doc.parsed().source.line_count() + 1);
        (1..end).map(|line| doc.line_span(line)).find_map(|line| {
            let mut start = line.start as usize;
            doc.text(line).split('|').find_map(|part| {
                let from = start;
                start += part.len() + 1;
                let colon = part.find([':', '：'])?;
                let marks = ['*', '_', '>', '-', '+', ' ', '\t'];
                label.is_met_by(part[..colon].trim_matches(marks)).then(|| {
                    let value = &part[colon..];
                    let bare = value.trim_start_matches([':', '：', '*', '_', ' ', '\t', '`']);
                    let begin = from + colon + value.len() - bare.len();
                    let len = bare.trim_end_matches(['*', '_', ' ', '\t', '`']).len();
                    Span::new(begin, begin + len)
                })
            })
        })
    }

    /// True where the team wrote the form itself, and means what it says to the letter.
    pub(crate) fn is_own(&self) -> bool {
        self.form.origin != "built-in"
    }
}

/// `a`, `b` and `c`.
pub(crate) fn listed<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let words: Vec<String> = words.into_iter().map(|word| format!("`{word}`")).collect();
    match words.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [all @ .., last] => format!("{} and {last}", all.join(", ")),
    }
}
