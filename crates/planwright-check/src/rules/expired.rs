use crate::config::Context;
use crate::dates;
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::rule::{Category, Check, Rule, page};
use crate::text::counted;

pub(super) static RULE: Rule = Rule {
    code: "PW405",
    name: "expired",
    category: Category::Time,
    reason: "the document says itself that it no longer speaks for the present",
    page: page!("expired"),
    check: Check::Document(check),
    ..Rule::DEFAULT
};

fn check(doc: &DocumentView, context: &Context, findings: &mut Findings) {
    // What is over may be out of date.
    if doc.document().state.value.is_closed() {
        return;
    }
    for (date, span) in dates::of_field(doc, "expires") {
        if context.is_past(date) {
            let days = dates::days(date, context.today()) as usize;
            findings
                .at(doc, span, format!("expired {date}, {} ago", counted(days, "day", "days")))
                .help("look whether it still holds, then set a later date, or close it");
        }
    }
}
