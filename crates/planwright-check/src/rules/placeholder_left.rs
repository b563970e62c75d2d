use std::collections::BTreeMap;

use planwright_dialect::Dialect;
use planwright_model::{Level, Placeholder};
use planwright_syntax::Span;

use crate::config::Context;
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::form::{is_for_agents, is_form};
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
    folds: true,
    check: Check::Dialect(check),
    ..Rule::DEFAULT
};

fn check(doc: &DocumentView, dialect: &Dialect, context: &Context, findings: &mut Findings) {
    let allowed = context.words(&RULE, "allow");
    if is_form(doc.path()) || is_for_agents(doc.path()) {
        return;
    }
    let sections = &doc.document().sections;
    let home = |line: u32| sections.iter().rfind(|section| section.line <= line).map(|section| section.line);
    // Those that are left of one section are one finding.
    let mut left: BTreeMap<Option<u32>, Vec<(&str, Span)>> = BTreeMap::new();
    for placeholder in &doc.document().placeholders {
        let text = placeholder.text.as_str();
        let span = doc.words_in_line(placeholder.line, text);
        if allowed.iter().any(|allowed| allowed == text) || !is_unfilled(doc, placeholder, span) {
            continue;
        }
        if text.starts_with("[NEEDS CLARIFICATION") {
            findings
                .at(doc, span, format!("`{}` is still to be clarified", short(text)))
                .help("answer the question and remove the mark");
        } else {
            left.entry(home(placeholder.line)).or_default().push((text, span));
        }
    }
    for all in left.into_values() {
        let Some(((text, span), others)) = all.split_first() else {
            continue;
        };
        // Texts in brackets may be labels of buttons, columns or slots, all of them meant as they stand,
        // unless one of them shows that a template wrote it.
        let in_matter = |span: &Span| doc.parsed().front_matter.as_ref().is_some_and(|matter| matter.outer.contains(*span));
        // `Date: YYYY-MM-DD` is one as well; in the cell of a table it may be the form of the column.
        let is_labelled = |text: &str, span: &Span| {
            text.contains("YYYY") && doc.text(Span::new(0, span.start as usize)).trim_end_matches([' ', '*', '_']).ends_with(':')
        };
        let is_of_form = |text: &str| {
            let mut forms = dialect.templates().filter(|form| form.kind == doc.document().kind);
            text.contains(' ') && forms.any(|form| form.text.contains(text))
        };
        let is_sure = all
            .iter()
            .any(|(text, span)| is_telling(text) || is_labelled(text, span) || in_matter(span) || is_of_form(text));
        let text = short(text);
        let (message, help) = match others.len() {
            0 => (format!("`{text}` is left of the template"), "fill it in, or remove the line where it does not apply"),
            more => (
                format!("`{text}` and {more} more of this section are left of the template"),
                "fill them in, or remove the lines that do not apply",
            ),
        };
        let finding = findings.at(doc, *span, message);
        finding.help(help).sure_if(is_sure);
        for (_, span) in others.iter().take(SHOWN) {
            finding.label(doc, *span, "as well");
        }
    }
}

/// True for a placeholder that is nothing else: an example, a date, a mark, or a name in capitals.
fn is_telling(text: &str) -> bool {
    // A single word in capitals may be a tag: `[BUILT]`.
    const NAMES: [&str; 8] = ["DATE", "NAME", "FEATURE", "TITLE", "AUTHOR", "OWNER", "VERSION", "PROJECT"];
    const STARTS: [&str; 8] = ["e.g.", "E.g.", "TODO", "TBD", "FIXME", "NEEDS ", "例如", "예:"];
    let inner = text.trim_matches(['[', ']', '{', '}', '<', '>']).trim();
    // `[TBD: the owner decides in May]` is a note of the authors' own.
    let is_note = inner.split_once(": ").is_some_and(|(mark, note)| STARTS.contains(&mark) && note.split(' ').count() > 2);
    let letters = || inner.chars().filter(|c| c.is_alphabetic());
    let is_loud = letters().count() > 2
        && inner.chars().all(|c| c.is_ascii_uppercase() || matches!(c, ' ' | '_' | '-'))
        && (NAMES.contains(&inner) || inner.contains([' ', '_']));
    is_loud && !text.starts_with("{{") || text.starts_with('[') && inner.contains("YYYY") || !is_note && STARTS.iter().any(|word| inner.starts_with(word))
}

/// So many further placeholders of a section are pointed at.
const SHOWN: usize = 3;

/// True for a line that shows how something is to be written: below `... in this format:`, and one
/// that is in italics as a whole.
fn is_sample(doc: &DocumentView, line: u32) -> bool {
    let text = |line: u32| doc.parsed().source.line_text(line);
    let indent = |text: &str| text.len() - text.trim_start().len();
    let own = indent(text(line));
    let above = (line.saturating_sub(8).max(1)..line).rev().map(text);
    let above = above.filter(|text| !text.trim().is_empty()).find(|text| indent(text) < own);
    // What was not chosen needs no details.
    if above.is_some_and(|above| above.trim_start_matches([' ', '-', '*', '+']).starts_with("[ ]")) {
        return true;
    }
    let asks = above.is_some_and(|above| {
        let lower = above.trim_end().to_lowercase();
        ["format:", "template:", "as follows:", "like this:", "structure:"].iter().any(|end| lower.ends_with(end))
    });
    // A document that is shown within a list has headings as far in as its text.
    let inside = (1..line).rev().map(text).take_while(|text| text.trim().is_empty() || indent(text) > 0);
    let is_shown = own > 0 && inside.take(60).any(|text| text.trim_start().starts_with("## "));
    // A table that shows the format stands below the words that say so.
    let is_row = |text: &&str| text.trim_start().starts_with('|');
    let before_table = || (1..line).rev().map(text).find(|text| !text.trim().is_empty() && !is_row(text));
    let shows = Some(text(line)).filter(is_row).and_then(|_| before_table());
    let asks = asks || shows.is_some_and(|text| text.trim_end().to_lowercase().ends_with("format:"));
    let bare = text(line).trim().trim_start_matches(['-', '+', ' ']);
    let is_italic = bare.starts_with('_') && bare.ends_with('_') && !bare.starts_with("__") && bare.contains("YYYY");
    asks || is_shown || is_italic
}

/// True where the text stands in the place of a value: alone in its line or cell, or behind a label.
/// In a sentence, or behind or before other words, brackets are tags and asides.
fn is_unfilled(doc: &DocumentView, placeholder: &Placeholder, span: Span) -> bool {
    let matter = doc.parsed().front_matter.as_ref();
    if matter.is_some_and(|matter| matter.outer.contains(span)) {
        // Brackets within a sentence are its own.
        let text = doc.parsed().source.line_text(placeholder.line);
        let rest = text.trim().trim_start_matches(['-', ' ']);
        let value = rest.split_once(": ").filter(|(key, _)| !key.contains(' ')).map_or(rest, |(_, value)| value);
        // `links: [a → b]` is a list of YAML.
        let is_list = value.starts_with('[') && value.contains(['→', ',', '/', '.']);
        return !is_list && value.trim_matches(['"', '\'', ' ']).len() <= placeholder.text.len() + 20;
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
    // What is struck out is answered.
    if before.matches("~~").count() % 2 == 1 && after.contains("~~") {
        return false;
    }
    // Alone in a quotation, brackets hold what the quoting hand adds, or show a prompt's.
    let is_quoted = before.trim_start().starts_with('>');
    if is_quoted && (before.trim_matches(['>', ' ']).is_empty() || placeholder.text.starts_with("{{")) {
        return false;
    }
    if inner.starts_with("NEEDS CLARIFICATION") {
        return inner.contains(": ") && !inner.ends_with("...") && !inner.contains("specific question");
    }
    if is_sample(doc, placeholder.line) {
        return false;
    }
    if placeholder.text.starts_with("{{") {
        // An expression of another program is no placeholder of a template.
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | ' ' | '|');
        let is_in_code = before.contains('{')
            || before.matches('"').count() % 2 == 1 && !(before.ends_with('"') && after.starts_with('"'));
        // `Placeholders: {{name}}, {{unit}}` speaks of them.
        let lower = before.to_lowercase();
        let is_listed = lower.contains("placeholder") || lower.contains("variable") || after.trim_start().starts_with(", {{");
        return inner.chars().all(is_name) && !before.ends_with('$') && !is_in_code && !is_listed;
    }
    // `[ header ]` above `[ basket ]` draws a page.
    if placeholder.text.starts_with("[ ") && placeholder.text.ends_with(" ]") {
        return false;
    }
    // `[PR 12]: https://…` further down makes a link of it.
    if doc.parsed().source.text().contains(&format!("\n{}:", placeholder.text)) {
        return false;
    }
    // A table of parameters tells how a date is written.
    let is_row = before.contains('|') && placeholder.text.starts_with("YYYY");
    if is_row && (before.contains("string") || before.contains("date |") || before.contains('`')) {
        return false;
    }
    // `(the first 10 letters: YYYY-MM-DD)` tells how a date is written.
    let is_aside = before.rfind('(') > before.rfind(')');
    if is_aside && !placeholder.text.starts_with('[') {
        return false;
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
    // `[All config.Entry fields]` names code, and `[empty initially]` is an answer.
    let words = || inner.split(' ');
    // `TODO:` before what is to be written is a mark, not code.
    let is_mark = |word: &str| matches!(word, "TODO:" | "TBD:" | "FIXME:");
    let names_code = !inner.starts_with("e.g.")
        && words().any(|word| !is_mark(word) && word.trim_end_matches('.').contains(['.', '_', ':']));
    let lower = inner.to_lowercase();
    let is_nothing = ["none", "no ", "n/a", "all "].iter().any(|word| lower.starts_with(word)) && !is_sentence;
    // `[the routing table of the skill]` behind a label is an answer; a form asks with a capital.
    let is_answer = is_nothing || inner.starts_with("the ") && words().count() > 4 || lower.starts_with("continue ") || lower.contains("empty") && lower.contains("initially");
    let is_tag = inner.len() < 12 && !inner.contains(' ') && !inner.contains("YYYY") && !is_label;
    (is_label || is_bare)
        && ends
        && !is_list
        && !is_tag
        && !names_code
        && !is_answer
        && !is_slot(&lower)
        && !heads_text(doc, placeholder)
}

/// True for the line of a log or an archive that stays below its entries: `[Add future changes here]`.
fn is_slot(inner: &str) -> bool {
    const LATER: [&str; 8] = ["future", "archived", "deprecated", "superseded", "additional", "further", "more ", "new "];
    // `[Other skills...]` goes on with a list.
    let goes_on = ["other ", "more ", "其他"].iter().any(|word| inner.starts_with(word)) && inner.ends_with(['.', '…']);
    goes_on || inner.starts_with("add ") && LATER.iter().any(|word| inner.contains(word))
}

/// So many lines in brackets above text make headings of them.
const HEADINGS: usize = 3;

/// True for a heading that is written in brackets as the others of the document are: alone in its
/// line, right above the text it heads.
fn heads_text(doc: &DocumentView, placeholder: &Placeholder) -> bool {
    let source = &doc.parsed().source;
    let text = |line: u32| source.line_text(line).trim();
    let is_heading = |line: u32| {
        let own = text(line).trim_matches('*');
        let below = if line < source.line_count() { text(line + 1) } else { "" };
        own.starts_with('[') && own.ends_with(']') && own.split(' ').count() <= 4 && !below.is_empty() && !below.starts_with('[')
    };
    text(placeholder.line).trim_matches('*') == placeholder.text
        && is_heading(placeholder.line)
        && (1..=source.line_count()).filter(|line| is_heading(*line)).count() >= HEADINGS
}
