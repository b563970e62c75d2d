use planwright_model::{Level, Placeholder};
use planwright_syntax::Span;

use crate::config::Context;
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::form::is_form;
use crate::rule::{Category, Check, Rule, Setting, Value, page};
use crate::text::short;

pub(super) static RULE: Rule = Rule {
    code: "PW105",
    name: "placeholder-left",
    category: Category::Structure,
    level: Some(Level::Warning),
    reason: "text of the template that nobody filled in looks like an answer and is none",
    page: page!("placeholder-left"),
    settings: &[Setting {
        name: "allow",
        default: Value::Words(&[]),
        help: "texts that look like placeholders and are meant as they stand, with their brackets",
    }],
    check: Check::Document(check),
    ..Rule::DEFAULT
};

fn check(doc: &DocumentView, context: &Context, findings: &mut Findings) {
    let allowed = context.words(&RULE, "allow");
    if is_form(doc.path()) {
        return;
    }
    for placeholder in &doc.document().placeholders {
        let text = placeholder.text.as_str();
        let span = doc.words_in_line(placeholder.line, text);
        if allowed.iter().any(|allowed| allowed == text) || !is_unfilled(doc, placeholder, span) {
            continue;
        }
        let (message, help) = if text.starts_with("[NEEDS CLARIFICATION") {
            let message = format!("`{}` is still to be clarified", short(text));
            (message, "answer the question and remove the mark")
        } else {
            let message = format!("`{}` is left of the template", short(text));
            (message, "fill it in, or remove the line where it does not apply")
        };
        findings.at(doc, span, message).help(help);
    }
}

/// True where the text stands in the place of a value: alone in its line or cell, or behind a label.
/// In a sentence, or behind or before other words, brackets are tags and asides.
fn is_unfilled(doc: &DocumentView, placeholder: &Placeholder, span: Span) -> bool {
    let matter = doc.parsed().front_matter.as_ref();
    if matter.is_some_and(|matter| matter.outer.contains(span)) {
        return true;
    }
    let line = doc.parsed().source.line_span(placeholder.line);
    let [before, after] = [
        Span {
            start: line.start,
            end: span.start,
        },
        Span {
            start: span.end,
            end: line.end,
        },
    ]
    .map(|span| doc.text(span));
    let inner = placeholder.text.trim_matches(['[', ']', '{', '}']).trim();
    if inner.starts_with("NEEDS CLARIFICATION") {
        return inner.contains(": ") && !inner.ends_with("...") && !inner.contains("specific question");
    }
    if placeholder.text.starts_with("{{") {
        // An expression of another program is no placeholder of a template.
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | ' ' | '|');
        return inner.chars().all(is_name) && !before.ends_with('$');
    }
    let before = before.trim_end_matches([' ', '\t', '*', '_', '(', '"']);
    let after = after.trim_start_matches([' ', '\t', '*', '_', ')', '"', '.', '\\']);
    let is_label = before.ends_with([':', '|']);
    let is_bare = before
        .trim_start_matches([' ', '\t', '>', '-', '+', '#'])
        .trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ')'))
        .trim()
        .is_empty();
    let ends = after.is_empty() || after.starts_with('|');
    // `[What has to be there, and who brings it]` is a sentence, `[Ann, Bob]` a list.
    let is_sentence = inner.split_whitespace().count() > 5 && inner.starts_with(char::is_uppercase);
    let is_list = inner.contains([',', '→', '=', '(']) && !inner.starts_with("e.g.") && !is_sentence;
    let is_tag = inner.len() < 12 && !inner.contains(' ') && !inner.contains("YYYY") && !is_label;
    (is_label || is_bare) && ends && !is_list && !is_tag
}
