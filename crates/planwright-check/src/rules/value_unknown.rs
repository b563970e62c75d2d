use planwright_dialect::template::{KeyRule, ValueRule};
use planwright_model::DocumentState;
use planwright_syntax::Span;
use planwright_syntax::splice::Edit;

use super::state_unknown;
use crate::finding::{Findings, Fix};
use crate::form::Held;
use crate::rule::{Category, Check, Rule, page};
use crate::text::{nearest, short};

pub(super) static RULE: Rule = Rule {
    code: "PW115",
    name: "value-unknown",
    category: Category::Structure,
    reason: "programs that know the words of the form do not know this one",
    page: page!("value-unknown"),
    fixable: true,
    check: Check::Form(check),
    ..Rule::DEFAULT
};

fn check(held: &Held<'_>, findings: &mut Findings) {
    labels(held, findings);
    let Some((matter, rule)) = held.front_matter().zip(held.form.front_matter.as_ref()) else {
        return;
    };
    for key in &rule.keys {
        let (ValueRule::Choice(words), Some(value)) = (&key.value, key.find(matter)) else {
            continue;
        };
        let Some(native) = value.as_str().filter(|_| !value.is_null()) else {
            continue;
        };
        if !words.iter().any(|word| word == native) {
            report(held, key, words, native, value.span, findings);
        }
    }
}

/// The lines at the top for which the form offers a choice. What it offers people may add to:
/// `High (two readers asked)` is `High`.
fn labels(held: &Held<'_>, findings: &mut Findings) {
    for label in &held.form.labels {
        let (ValueRule::Choice(words), Some(span)) = (&label.value, held.label(label)) else {
            continue;
        };
        let native = held.doc.text(span);
        let lower = native.to_lowercase();
        let is_one = words.iter().any(|word| {
            let rest = lower.strip_prefix(&word.to_lowercase());
            rest.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
        });
        if !native.is_empty() && !is_one {
            report(held, label, words, native, span, findings);
        }
    }
}

fn report(
    held: &Held<'_>,
    key: &KeyRule,
    words: &[String],
    native: &str,
    span: Span,
    findings: &mut Findings,
) {
    let doc = held.doc;
    let differs_by_case = words.iter().find(|word| folded(word) == folded(native));
    // Words for states make the key one that says how far the document is.
    let is_state = words.iter().all(|word| held.dialect.state(word).is_some());
    let same = differs_by_case.or_else(|| synonym(held, words, native).filter(|_| is_state));
    let is_counted = if is_state {
        is_closed(held, words) && !state_unknown::is_reported(doc)
    } else {
        differs_by_case.is_none() || held.is_own()
    };
    if !is_counted || native.starts_with(['[', '{']) {
        return;
    }
    let offered = words.join(", ");
    let message = format!("`{}` is `{}`, which is none of {offered}", key.name, short(native));
    let near = same.map_or_else(|| nearest(native, words.iter().map(String::as_str)), |word| Some(word));
    let finding = findings.at(doc, span, message);
    match near {
        Some(word) => finding.help(format!("did you mean `{word}`?")),
        None => finding.help(format!("write one of {offered}")),
    };
    if let Some(word) = same.filter(|_| !doc.text(span).contains('\n')) {
        let fix = Fix::new(doc.path(), format!("write `{word}`"), vec![Edit::replace(span, word.clone())]);
        finding.fix(fix);
    }
}

/// A word without its case, and with one sign between its parts.
fn folded(word: &str) -> String {
    word.trim().to_lowercase().replace(['_', ' '], "-")
}

/// True where the words of the form are all there are: the team's own, and those of a dialect that
/// knows no further words for states.
fn is_closed(held: &Held<'_>, words: &[String]) -> bool {
    let own: Vec<&String> = held.dialect.state_words().flat_map(|(_, words)| words).collect();
    held.is_own() || !own.is_empty() && own.iter().all(|word| words.contains(word))
}

/// The only word of the form that means the same state.
fn synonym<'a>(held: &Held<'_>, words: &'a [String], native: &str) -> Option<&'a String> {
    let state: DocumentState = held.dialect.state(native)?;
    let mut same = words.iter().filter(|word| held.dialect.state(word) == Some(state));
    let word = same.next()?;
    same.next().is_none().then_some(word)
}
