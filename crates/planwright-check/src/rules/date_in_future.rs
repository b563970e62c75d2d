use jiff::ToSpan;
use jiff::civil::Date;
use planwright_model::Level;
use planwright_syntax::Span;

use crate::config::Context;
use crate::dates;
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::rule::{Category, Check, Rule, page};
use crate::text::counted;

pub(super) static RULE: Rule = Rule {
    code: "PW401",
    name: "date-in-future",
    category: Category::Time,
    level: Some(Level::Warning),
    reason: "what is dated ahead of today was not done, decided or reviewed then",
    page: page!("date-in-future"),
    archived: true,
    check: Check::Document(check),
    ..Rule::DEFAULT
};

/// Fields that tell of the past, and what they tell.
const PAST: [(&str, &str); 4] = [
    ("created", "created"),
    ("updated", "updated"),
    ("reviewed", "reviewed"),
    ("completed", "completed"),
];

fn check(doc: &DocumentView, context: &Context, findings: &mut Findings) {
    // Somewhere it is tomorrow already.
    let is_ahead = |date: Date| {
        let day = date.checked_sub(2.days());
        day.is_ok_and(|day| !context.is_past(day))
    };
    let mut report = |span: Span, what: &str, date: Date| {
        let days = context.today().until(date).map_or(0, |span| span.get_days());
        let ahead = counted(days.unsigned_abs() as usize, "day", "days");
        findings
            .at(doc, span, format!("{what} {date}, which is {ahead} ahead"))
            .help("write the day on which it happened");
    };
    let document = doc.document();
    for (field, what) in PAST {
        for (date, span) in dates::of_field(doc, field) {
            if is_ahead(date) {
                report(span, what, date);
            }
        }
    }
    // What is still to be done may name the day on which it is to be.
    let is_open = |line: u32| {
        let mut items = document.items.iter();
        items.any(|item| item.line == line && !item.state.is_closed())
    };
    for entry in document.log.iter().filter(|entry| !is_open(entry.line)) {
        if let Some(date) = entry.time.as_deref().and_then(dates::read).filter(|date| is_ahead(*date)) {
            let native = entry.time_native.as_deref().unwrap_or_default();
            let span = doc.words_in_line(entry.line, native);
            report(span, &format!("{} entry of", entry.role.as_str()), date);
        }
    }
}
