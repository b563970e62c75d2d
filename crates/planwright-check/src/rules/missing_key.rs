use std::collections::HashMap;

use planwright_dialect::template::KeyRule;
use serde::{Deserialize, Serialize};

use crate::facts::Facts;
use crate::finding::Findings;
use crate::form::{Held, listed};
use crate::project::{Doc, Project};
use crate::rule::{Category, Check, Rule, page};

pub(super) static RULE: Rule = Rule {
    code: "PW114",
    name: "missing-key",
    category: Category::Structure,
    reason: "whoever reads the plans by this key does not see this one",
    page: page!("missing-key"),
    folds: true,
    check: Check::All(&[Check::Form(alone), Check::Project(check)]),
    ..Rule::DEFAULT
};

/// What a document lacks whatever the others have.
fn alone(held: &Held<'_>, findings: &mut Findings) {
    if is_meant(held) {
        empty(held, findings);
        labels(held, findings);
    }
}

fn check(project: &Project<'_>, findings: &mut Findings) {
    let customs = Customs::of(project);
    let lacks_any = |doc: &Doc<'_>| {
        let claim = doc.facts().claims.keys.as_ref();
        claim.is_some_and(|claim| claim.is_meant && claim.missing.iter().any(|key| customs.is_kept(doc.dialect(), &doc.facts().kind, key)))
    };
    let docs: Vec<Doc<'_>> = project.docs().filter(lacks_any).collect();
    findings.in_each(&docs, |doc, findings| {
        if let Some(held) = Held::of(doc, project.workspace().dialects()) {
            front_matter(&held, &customs, findings);
        }
    });
}

/// Which of the keys that its form owes a document has.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Keys {
    /// The team wrote the form.
    is_own: bool,
    /// The document is held to them.
    is_meant: bool,
    missing: Vec<String>,
    present: Vec<String>,
}

impl Keys {
    pub(super) fn of(held: &Held<'_>) -> Self {
        let missing = held.form.missing_keys(held.front_matter());
        let missing: Vec<String> = missing.into_iter().map(|key| key.name.clone()).collect();
        let keys = held.form.front_matter.iter().flat_map(|rule| &rule.keys);
        let keys = keys.filter(|key| key.required && !missing.contains(&key.name));
        Self {
            is_own: held.is_own(),
            is_meant: is_meant(held),
            present: keys.map(|key| key.name.clone()).collect(),
            missing,
        }
    }
}

fn is_meant(held: &Held<'_>) -> bool {
    held.is_own() || held.is_written_in_its_form() && is_sure(held)
}

/// True for a document that more than its name or its folder makes one of its kind: a bare
/// `ADR-001.md` is nobody's form, and a plan has something to do.
fn is_sure(held: &Held<'_>) -> bool {
    let document = held.doc.document();
    let is_tooled = is_tooled(&document.dialect, held.doc.path());
    let holds_something = document.kind != "plan" || !document.items.is_empty() || !document.phases.is_empty();
    // A report lies among plans, and owes what nobody wrote down.
    is_tooled || held.doc.parsed().front_matter.is_some() && holds_something && document.kind != "doc"
}

/// True where a program asks for the keys.
fn is_tooled(dialect: &str, path: &str) -> bool {
    dialect == "archcore" || path.contains("dev_ops")
}

/// What the documents of each form have: a key that several could have and hardly one has is none of
/// this repository's.
#[derive(Default)]
struct Customs<'a> {
    /// Documents without the key and with it, by dialect, kind and key.
    counts: HashMap<(&'a str, &'a str, &'a str), (u32, u32)>,
}

impl<'a> Customs<'a> {
    fn of(project: &'a Project<'_>) -> Self {
        let mut customs = Self::default();
        for doc in project.docs() {
            let Some(keys) = doc.facts().claims.keys.as_ref().filter(|keys| !keys.is_own) else {
                continue;
            };
            for key in &keys.missing {
                customs.counts.entry(place(doc.facts(), key)).or_default().0 += 1;
            }
            for key in &keys.present {
                customs.counts.entry(place(doc.facts(), key)).or_default().1 += 1;
            }
        }
        customs
    }

    fn is_kept(&self, dialect: &str, kind: &str, key: &str) -> bool {
        let (without, with) = self.counts.get(&(dialect, kind, key)).copied().unwrap_or_default();
        // The files below `.archcore` are its own tool's, which asks for the keys.
        dialect == "archcore" || without < 2 || with >= without
    }
}

impl Customs<'_> {
    /// True for a key that nearly all have.
    fn is_usual(&self, dialect: &str, kind: &str, key: &str) -> bool {
        let (without, with) = self.counts.get(&(dialect, kind, key)).copied().unwrap_or_default();
        with >= USUAL && with >= without * USUAL
    }
}

/// So many documents with a key for each without it show that the team keeps it.
const USUAL: u32 = 3;

fn place<'a>(facts: &'a Facts, key: &'a str) -> (&'a str, &'a str, &'a str) {
    (&facts.dialect, &facts.kind, key)
}

fn front_matter(held: &Held<'_>, customs: &Customs<'_>, findings: &mut Findings) {
    let doc = held.doc;
    let matter = held.front_matter();
    let is_broken = matter.is_none()
        && (doc.parsed().front_matter.is_some() || doc.diagnostics("front-matter-unclosed").next().is_some());
    if is_broken {
        return;
    }
    let missing: Vec<&KeyRule> = held
        .form
        .missing_keys(matter)
        .into_iter()
        .filter(|key| {
            let document = doc.document();
            !is_said_otherwise(held, key) && customs.is_kept(&document.dialect, &document.kind, &key.name)
        })
        .collect();
    let is_sure = held.is_own()
        || is_tooled(&held.doc.document().dialect, held.doc.path())
        || missing.iter().all(|key| customs.is_usual(&doc.document().dialect, &doc.document().kind, &key.name));
    let names = || listed(missing.iter().map(|key| key.name.as_str()));
    match matter {
        _ if missing.is_empty() => {}
        None => {
            findings
                .at(doc, doc.line_span(1), format!("has no front matter, which owes {}", names()))
                .help("begin the file with `---`, a line for each key, and `---`")
                .sure_if(is_sure);
        }
        Some(matter) => {
            let line = doc.line_span(doc.line(matter.outer.start));
            findings
                .at(doc, line, format!("the front matter lacks {}", names()))
                .help(format!("add a line for {}", if missing.len() == 1 { "it" } else { "each" }))
                .sure_if(is_sure);
        }
    }
}

/// Keys that are there without a value.
fn empty(held: &Held<'_>, findings: &mut Findings) {
    let doc = held.doc;
    let Some((matter, rule)) = held.front_matter().zip(held.form.front_matter.as_ref()) else {
        return;
    };
    for key in rule.keys.iter().filter(|key| key.required) {
        if let Some(value) = key.find(matter).filter(|value| value.is_null() || value.as_str() == Some(""))
            && !is_said_otherwise(held, key)
        {
            let line = doc.line(value.span.start.saturating_sub(1));
            findings
                .at(doc, doc.line_span(line), format!("`{}` has no value", key.name))
                .help("write its value behind the colon");
        }
    }
}

/// True where another key of the same meaning, or the heading, says it.
fn is_said_otherwise(held: &Held<'_>, key: &KeyRule) -> bool {
    let Some(matter) = held.front_matter() else {
        return false;
    };
    let Some(field) = held.dialect.field_name(&key.name) else {
        return false;
    };
    // Where the form has a heading for the title, that is title enough.
    let mut lines = held.form.text.lines();
    if field == "title"
        && held.doc.document().title.line.is_some()
        && (lines.any(|line| line.starts_with("# ") && line.contains("{{title}}")) || matter.get("name").is_some())
    {
        return true;
    }
    let mut entries = matter.entries().iter();
    entries.any(|entry| held.dialect.field_name(&entry.key) == Some(field) && !entry.value.is_null() && entry.value.as_str() != Some(""))
}

fn labels(held: &Held<'_>, findings: &mut Findings) {
    let missing: Vec<&str> = held
        .form
        .labels
        .iter()
        .filter(|label| label.required && held.label(label).is_none())
        .map(|label| label.name.as_str())
        .collect();
    if !missing.is_empty() {
        let message = format!("has no line for {} at the top", listed(missing.iter().copied()));
        findings
            .at(held.doc, held.doc.title_span(), message)
            .help(format!("write `**{}:**` and the value below the title", missing[0]))
            .sure_if(held.is_own());
    }
}
