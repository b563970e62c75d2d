//! The built-in templates: each is read as what it is a form of, and owes what its system asks for.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::LazyLock;

use planwright_dialect::template::{KeyRule, Values};
use planwright_dialect::{Dialect, Dialects, Template};
use planwright_model::Document;

static DIALECTS: LazyLock<Dialects> = LazyLock::new(|| Dialects::load(&[]).0);

fn values() -> Values {
    Values::new()
        .with("title", "Find it faster: \"search\"")
        .with("slug", "faster-search")
        .with("id", "PLN-007")
        .with("number", "7")
        .with("date", "2026-03-01")
        .with("time", "2026-03-01T08:00Z")
        .with("author", "Ada Byron")
        .with("parent", "search.prd.md")
        .with("branch", "007-faster-search")
}

fn place(form: &Template) -> String {
    form.file.as_ref().unwrap().path("", &values()).unwrap()
}

fn read(form: &Template, text: String) -> Document {
    DIALECTS.read(&place(form), text.into_bytes()).document
}

/// A filled form with a person's words in it: `[words]` without their brackets.
fn by_hand(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(open) = rest.find('[') {
        let close = rest[open..].find(']').map(|close| open + close);
        let Some(close) = close.filter(|close| rest[open + 1..*close].contains(' ')) else {
            out.push_str(&rest[..=open]);
            rest = &rest[open + 1..];
            continue;
        };
        let words = &rest[open + 1..close];
        out.push_str(&rest[..open]);
        // Boxes stay, and an example of a list element stays one.
        match words.trim() {
            "" => out.push_str("[ ]"),
            words => out.push_str(&words.to_lowercase().replace(" or ", " and ")),
        }
        rest = &rest[close + 1..];
    }
    out + rest
}

fn name(dialect: &Dialect, form: &Template) -> String {
    format!("{}/{}", dialect.name, form.name)
}

#[test]
fn nothing_is_wrong_with_them() {
    for (dialect, form) in DIALECTS.templates() {
        assert_eq!(form.diagnostics, [], "{}", name(dialect, form));
        assert_eq!(form.origin, "built-in");
    }
    assert_eq!(DIALECTS.templates().count(), 50);
}

#[test]
fn a_form_is_a_template_where_it_lies() {
    for (dialect, form) in DIALECTS.templates() {
        let document = read(form, form.text.to_string());
        assert!(document.template, "{}", name(dialect, form));
        assert_eq!(DIALECTS.template_of(&document).map(|form| &form.name), None);
    }
}

#[test]
fn a_filled_form_is_a_document_of_its_kind_and_lacks_nothing() {
    for (dialect, form) in DIALECTS.templates() {
        let text = form.fill(&values());
        let document = read(form, text.clone());
        let name = name(dialect, form);
        assert_eq!(document.dialect, dialect.name, "{name}");
        assert_eq!(document.kind, form.kind, "{name}");
        assert!(!document.template, "{name}");
        assert_eq!(document.diagnostics, [], "{name}");
        // Of several forms of a kind, the path finds the one that it was made from.
        let found = DIALECTS.template_of(&document).unwrap();
        assert_eq!(found.name, form.name, "{name}");
        let missing: Vec<_> = form.missing_sections(&document).collect();
        assert!(missing.is_empty(), "{name}: {missing:?}");
        if let Some(path) = &form.path {
            assert!(path.matches(&place(form)), "{name}");
        }
        // What is left to fill in is a person's, and no mark is left.
        assert!(!text.contains("{{"), "{name}: {text}");
        for mark in [
            "optional -->",
            "items -->",
            "<!-- file",
            "also:",
            "# optional",
        ] {
            assert!(!text.contains(mark), "{name}: {text}");
        }
        assert!(!text.contains("\n\n\n"), "{name}: {text}");
    }
}

fn owed(rules: &[KeyRule]) -> Vec<&str> {
    let owed = rules.iter().filter(|rule| rule.required);
    owed.map(|rule| rule.name.as_str()).collect()
}

/// What each form says that documents owe: keys, header lines, sections, items.
#[test]
fn what_they_owe() {
    let mut out = String::new();
    for (dialect, form) in DIALECTS.templates() {
        let _ = writeln!(out, "{}", name(dialect, form));
        if form.kind != form.name {
            let _ = writeln!(out, "  kind: {}", form.kind);
        }
        let _ = writeln!(out, "  file: {}", form.file.as_ref().unwrap().as_str());
        if let Some(path) = &form.path {
            let _ = writeln!(out, "  name: {}", path.as_str());
        }
        if let Some(matter) = &form.front_matter {
            let word = if matter.required {
                "keys"
            } else {
                "keys, where it has some"
            };
            let _ = writeln!(out, "  {word}: {}", owed(&matter.keys).join(", "));
        }
        let labels = owed(&form.labels);
        if !labels.is_empty() {
            let _ = writeln!(out, "  header lines: {}", labels.join(", "));
        }
        let sections = form.sections.iter().filter(|section| section.required);
        for section in sections {
            let also = match section.also.join(", ") {
                also if also.is_empty() => also,
                also => format!(" (also {also})"),
            };
            let _ = writeln!(out, "  section: {}{also}", section.title);
        }
        for role in &form.holds {
            let _ = writeln!(out, "  at least one {role}");
        }
    }
    insta::assert_snapshot!(out);
}

/// What is read from each form once a person has filled it in.
#[test]
fn what_is_read_from_them() {
    let mut out = String::new();
    for (dialect, form) in DIALECTS.templates() {
        let document = read(form, by_hand(&form.fill(&values())));
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        let mut count = |word: &str, n: usize| {
            if n > 0 {
                *counts.entry(word.to_owned()).or_default() += n;
            }
        };
        count("phases", document.phases.len());
        for item in &document.items {
            count(item.role.as_str(), 1);
        }
        count("log", document.log.len());
        count("risks", document.risks.len());
        count("metrics", document.metrics.len());
        count("milestones", document.milestones.len());
        count("questions", document.questions.len());
        count("requirements", document.requirements.len());
        count("relations", document.relations.len());
        count("left to fill in", document.placeholders.len());
        let counts: Vec<String> = counts
            .iter()
            .map(|(word, n)| format!("{word} {n}"))
            .collect();
        let _ = writeln!(
            out,
            "{:<23} {:<9} {}",
            name(dialect, form),
            document.state.value.as_str(),
            counts.join(", ")
        );
    }
    insta::assert_snapshot!(out);
}
