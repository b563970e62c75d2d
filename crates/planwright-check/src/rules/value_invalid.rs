use jiff::civil::Date;
use planwright_dialect::template::ValueRule;
use planwright_syntax::yaml::{Entry, Value, ValueKind};

use crate::finding::Findings;
use crate::form::Held;
use crate::rule::{Category, Check, Rule, page};
use crate::text::short;

pub(super) static RULE: Rule = Rule {
    code: "PW116",
    name: "value-invalid",
    category: Category::Structure,
    reason: "a value that cannot be read counts for nothing, as if it were not there",
    page: page!("value-invalid"),
    check: Check::Form(check),
    ..Rule::DEFAULT
};

/// Fields that are days, whatever their keys.
const DAYS: [&str; 6] = ["created", "updated", "reviewed", "next_review", "completed", "expires"];

fn check(held: &Held<'_>, findings: &mut Findings) {
    let Some(matter) = held.front_matter() else {
        return;
    };
    let mut owed = Vec::new();
    for key in held.form.front_matter.iter().flat_map(|rule| &rule.keys) {
        if let Some(value) = key.find(matter) {
            owed.push((key.name.as_str(), &key.value, value));
        }
    }
    let days = matter.entries().iter().filter(|entry| is_day(held, entry));
    for entry in days {
        if !owed.iter().any(|(_, _, value)| value.span == entry.value.span) {
            owed.push((&entry.key, &ValueRule::Date, &entry.value));
        }
    }
    for (name, rule, value) in owed {
        report(held, name, rule, value, findings);
    }
}

fn is_day(held: &Held<'_>, entry: &Entry) -> bool {
    let field = held.dialect.field_name(&entry.key);
    field.is_some_and(|field| DAYS.contains(&field))
}

fn report(held: &Held<'_>, name: &str, rule: &ValueRule, value: &Value, findings: &mut Findings) {
    let doc = held.doc;
    let raw = doc.text(value.span).trim();
    if value.is_null() || is_unfilled(raw, value) {
        return;
    }
    let (message, help) = match (rule, &value.kind) {
        (ValueRule::Date, ValueKind::Scalar(text, _)) => match day(text) {
            Day::Real => return,
            Day::Impossible => (
                format!("`{name}` is {}, a day that does not exist", short(text)),
                "write the day as YYYY-MM-DD",
            ),
            Day::None => (
                format!("`{name}` is `{}`, which is no day", short(text)),
                "write the day as YYYY-MM-DD",
            ),
        },
        (ValueRule::Number, ValueKind::Scalar(text, _)) => {
            if text.trim().replace(['_', ','], "").parse::<f64>().is_ok() {
                return;
            }
            (
                format!("`{name}` is `{}`, which is no number", short(text)),
                "write digits",
            )
        }
        (ValueRule::Mapping, ValueKind::Scalar(text, _)) => (
            format!("`{name}` is `{}`, and should have keys of its own", short(text)),
            "write its keys below it, each indented by two blanks",
        ),
        (ValueRule::Date | ValueRule::Number | ValueRule::Choice(_), ValueKind::Sequence(_) | ValueKind::Mapping(_)) => (
            format!("`{name}` holds several values, and should be one"),
            "write one value behind the colon",
        ),
        (ValueRule::Text, ValueKind::Mapping(_)) => (
            format!("`{name}` has keys of its own, and should be text"),
            "write text behind the colon, in quotes where it has a colon itself",
        ),
        _ => return,
    };
    findings.at(doc, value.span, message).help(help);
}

/// True for nothing in quotes, and for what a form leaves to be filled in: `[YYYY-MM-DD]`, `{{date}}`,
/// `<date>`.
fn is_unfilled(raw: &str, value: &Value) -> bool {
    let bare = raw.trim_matches(['"', '\'']);
    let is_bracketed = match &value.kind {
        ValueKind::Sequence(values) => bare.starts_with('[') && values.len() == 1,
        _ => bare.starts_with('['),
    };
    bare.is_empty() || is_bracketed || bare.starts_with("{{") || bare.starts_with('<')
}

enum Day {
    Real,
    Impossible,
    None,
}

/// What a value that should begin with a day is.
fn day(text: &str) -> Day {
    let text = text.trim();
    let is_day = |start: &str| start.bytes().enumerate().all(|(at, b)| match at {
        4 | 7 => matches!(b, b'-' | b'/' | b'.'),
        _ => b.is_ascii_digit(),
    });
    let Some(start) = text.get(..10).filter(|start| is_day(start)) else {
        return Day::None;
    };
    if start.replace(['/', '.'], "-").parse::<Date>().is_ok() {
        Day::Real
    } else {
        Day::Impossible
    }
}
