//! Keys and sections that the form of a document owes and it lacks, as the form has them.

use planwright_syntax::splice::Edit;

use super::Proposal;
use crate::template::{SectionRule, Template, Values};
use crate::writer::{Subject, section};

/// The form with what is known of the document filled in.
fn filled(subject: &Subject<'_>, form: &Template) -> String {
    let title = subject.document.title.text.as_str();
    let values = match title {
        "" => Values::new(),
        title => Values::new().with("title", title),
    };
    form.fill(&values)
}

/// Lines of the front matter, each behind the one that the form has before it.
pub(super) fn keys(subject: &Subject<'_>) -> Vec<Proposal> {
    let matter = subject.parsed.front_matter.as_ref();
    let Some(matter) = matter.filter(|matter| matter.valid) else {
        return Vec::new();
    };
    let Some(form) = subject.dialects.template_of(subject.document) else {
        return Vec::new();
    };
    let text = filled(subject, form);
    let source = &subject.parsed.source;
    let newline = subject.newline();
    let rules = form.front_matter.iter().flat_map(|rule| &rule.keys);
    let rules: Vec<_> = rules.collect();
    let mut found = Vec::new();
    for key in form.missing_keys(Some(matter)) {
        let head = format!("{}:", key.name);
        let mut lines = text.lines().skip(1).take_while(|line| *line != "---");
        let line = lines.find(|line| line.starts_with(&head));
        // What nobody can know here is left for `check` to ask for.
        let Some(line) = line.filter(|line| !line.contains("{{")) else {
            continue;
        };
        let field = subject.dialect.field_name(&key.name);
        let mut entries = matter.entries().iter();
        if field.is_some() && entries.any(|entry| subject.dialect.field_name(&entry.key) == field) {
            continue;
        }
        let own = rules.iter().position(|rule| rule.name == key.name);
        let above = rules[..own.unwrap_or(0)].iter().rev();
        let before = above.filter(|rule| !rule.name.contains('.'));
        let before = before.into_iter().find_map(|rule| {
            let mut entries = matter.entries().iter();
            entries.find(|entry| rule.is_met_by(&entry.key))
        });
        let at = match before {
            Some(entry) => {
                // Behind all that hangs under it.
                let mut next = matter.entries().iter().map(|entry| entry.key_span.start);
                let next = next.find(|start| *start > entry.key_span.start);
                next.map_or(matter.inner.end, |start| {
                    source.line_span(source.line(start)).start
                })
            }
            None => matter.inner.start,
        };
        found.push(Proposal {
            word: Some(key.name.clone()),
            ways: vec![vec![Edit::insert(at, format!("{line}{newline}"))]],
        });
    }
    found
}

/// Sections with what the form has in them: all of it, else what is no item, else a line to fill in.
pub(super) fn sections(subject: &Subject<'_>) -> Vec<Proposal> {
    let Some(form) = subject.dialects.template_of(subject.document) else {
        return Vec::new();
    };
    let text = filled(subject, form);
    let newline = subject.newline();
    let missing: Vec<&SectionRule> = form.missing_sections(subject.document).collect();
    let proposals = missing.into_iter().map(|rule| {
        let body = body(&text, rule);
        let plain: Vec<&str> = body
            .iter()
            .copied()
            .filter(|line| !is_entry(line))
            .collect();
        let mut ways = Vec::new();
        for lines in [body, plain, vec!["[To be written.]"]] {
            let text = lines.join(newline);
            let text = text.trim();
            if text.is_empty() || text.contains("{{") {
                continue;
            }
            let own = |other: &SectionRule| other.line == rule.line;
            let (_, places) = section::make(subject, own, &rule.title, text);
            ways.extend(places);
        }
        Proposal {
            word: Some(rule.title.clone()),
            ways,
        }
    });
    proposals.collect()
}

/// What stands in a section of the form itself, not in those below it.
fn body<'t>(text: &'t str, rule: &SectionRule) -> Vec<&'t str> {
    let heading = format!("{} {}", "#".repeat(usize::from(rule.level)), rule.title);
    let lines = text.lines().skip_while(|line| line.trim_end() != heading);
    let lines = lines.skip(1).take_while(|line| !line.starts_with('#'));
    let mut lines: Vec<&str> = lines.filter(|line| *line != "---").collect();
    while lines.last().is_some_and(|line| line.trim().is_empty()) {
        lines.pop();
    }
    lines
}

/// True for an entry of a list or table, and for what hangs under one.
fn is_entry(line: &str) -> bool {
    line.starts_with([' ', '\t'])
        || line.starts_with(['-', '*', '+', '|'])
        || line.starts_with(|c: char| c.is_ascii_digit())
}
