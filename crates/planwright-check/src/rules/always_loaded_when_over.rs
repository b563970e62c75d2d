use jiff::civil::Date;

use crate::config::Context;
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::rule::{Category, Check, Rule, page};
use crate::text::short;

pub(super) static RULE: Rule = Rule {
    code: "PW802",
    name: "always-loaded-when-over",
    category: Category::Context,
    reason: "every session pays for a document that no longer speaks for the present",
    page: page!("always-loaded-when-over"),
    archived: true,
    check: Check::Document(check),
    ..Rule::DEFAULT
};

fn check(doc: &DocumentView, context: &Context, findings: &mut Findings) {
    let document = doc.document();
    let load = document.field("context_load").next();
    if load.is_none_or(|load| !load.eq_ignore_ascii_case("always")) {
        return;
    }
    let expired = document.field("expires").next().and_then(|text| {
        let date: Date = text.get(..10)?.parse().ok()?;
        context.is_past(date).then_some(date)
    });
    let state = &document.state;
    let why = if state.value.is_closed() {
        let native = short(state.native.as_deref().unwrap_or_default());
        format!("the document is `{native}`")
    } else if let Some(date) = expired {
        format!("it expired on {date}")
    } else if document.archived {
        "it lies in an archive".to_owned()
    } else {
        return;
    };
    let span = ["context_load", "ai.context_load"]
        .iter()
        .find_map(|key| doc.front_matter(key))
        .unwrap_or_else(|| doc.title_span());
    let finding = findings.at(doc, span, format!("is loaded always, though {why}"));
    finding.help("load it on demand, or set the state back when it still holds");
    if state.value.is_closed() && state.line.is_some() {
        finding.label(doc, doc.state_span(), "over");
    }
}
