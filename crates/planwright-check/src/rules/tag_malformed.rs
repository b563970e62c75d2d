use std::collections::HashSet;

use planwright_model::Level;
use planwright_syntax::Span;
use planwright_syntax::splice::Edit;
use planwright_syntax::yaml::{Value, ValueKind};

use crate::config::Context;
use crate::document::DocumentView;
use crate::finding::{Findings, Fix};
use crate::rule::{Category, Check, Rule, page};
use crate::text::short;

pub(super) static RULE: Rule = Rule {
    code: "PW121",
    name: "tag-malformed",
    category: Category::Structure,
    level: Some(Level::Info),
    dialects: &["archcore"],
    reason: "who looks for a tag does not find the documents that spell it in another way",
    page: page!("tag-malformed"),
    fixable: true,
    check: Check::Document(check),
    ..Rule::DEFAULT
};

fn check(doc: &DocumentView, _: &Context, findings: &mut Findings) {
    let Some(matter) = doc.parsed().front_matter.as_ref() else {
        return;
    };
    let Some(tags) = matter.get("tags") else {
        return;
    };
    let all: &[Value] = match &tags.kind {
        ValueKind::Sequence(values) => values,
        _ => std::slice::from_ref(tags),
    };
    let mut seen = HashSet::new();
    for value in all {
        let ValueKind::Scalar(tag, _) = &value.kind else {
            continue;
        };
        // What a form leaves to be filled in is told where it stands.
        if tag.trim().is_empty() || tag.contains(['[', '{', '<']) {
            continue;
        }
        if !seen.insert(tag.as_str()) {
            findings
                .at(doc, value.span, format!("the tag `{}` is there twice", short(tag)))
                .help("remove one of the two");
        } else if !is_tag(tag) {
            let tidy = tidy(tag);
            let finding = findings.at(
                doc,
                value.span,
                format!("`{}` is no tag: tags are lower-case words joined by hyphens", short(tag)),
            );
            if !is_tag(&tidy) {
                continue;
            }
            finding.help(format!("write `{tidy}`"));
            let is_known = all.iter().any(|other| matches!(&other.kind, ValueKind::Scalar(text, _) if *text == tidy));
            if let Some(at) = doc.text(value.span).find(tag.as_str()).filter(|_| !is_known) {
                let start = value.span.start as usize + at;
                let edit = Edit::replace(Span::new(start, start + tag.len()), tidy.clone());
                finding.fix(Fix::new(doc.path(), format!("write `{tidy}`"), vec![edit]));
            }
        }
    }
}

/// True for `search`, `full-text`, `v2.1` and, behind what it is a tag of, `source:readme`.
fn is_tag(tag: &str) -> bool {
    let is_word = |word: &str| {
        !word.is_empty()
            && word
                .chars()
                .all(|c| c == '.' || c == '+' || c.is_alphanumeric() && !c.is_uppercase())
    };
    let mut parts = tag.splitn(2, [':', '/']);
    parts.all(|part| part.split('-').all(is_word))
}

/// The tag that was meant.
fn tidy(tag: &str) -> String {
    let lower = tag.trim().trim_start_matches('#').to_lowercase();
    let words: Vec<&str> = lower
        .split([' ', '_', '-', '\t'])
        .filter(|word| !word.is_empty())
        .collect();
    words.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_lower_case_words_joined_by_hyphens() {
        for tag in ["search", "full-text", "v2.1", "c++", "source:read-me", "поиск"] {
            assert!(is_tag(tag), "{tag}");
        }
        for (tag, expected) in [
            ("Search", "search"),
            ("full text", "full-text"),
            ("full_text", "full-text"),
            ("-search--index-", "search-index"),
            ("#search", "search"),
        ] {
            assert!(!is_tag(tag), "{tag}");
            assert_eq!(tidy(tag), expected);
        }
    }
}
