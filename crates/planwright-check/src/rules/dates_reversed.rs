use crate::config::Context;
use crate::dates;
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::rule::{Category, Check, Rule, page};

pub(super) static RULE: Rule = Rule {
    code: "PW404",
    name: "dates-reversed",
    category: Category::Time,
    reason: "one of the two dates is wrong, and nobody can tell how old the document is",
    page: page!("dates-reversed"),
    archived: true,
    check: Check::Document(check),
    ..Rule::DEFAULT
};

fn check(doc: &DocumentView, _: &Context, findings: &mut Findings) {
    let Some((created, made)) = dates::of_field(doc, "created").next() else {
        return;
    };
    for (field, what) in [("updated", "updated"), ("reviewed", "reviewed"), ("completed", "completed"), ("expires", "expired")] {
        if let Some((date, span)) = dates::of_field(doc, field).next()
            && date < created
        {
            findings
                .at(doc, span, format!("{what} {date}, before it was created {created}"))
                .help("correct the date that is wrong; git knows when the file was added")
                .label(doc, made, "created");
        }
    }
}
