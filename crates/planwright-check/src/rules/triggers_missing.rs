use crate::config::Context;
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::rule::{Category, Check, Rule, page};
use crate::tables::is_unsaid;

pub(super) static RULE: Rule = Rule {
    code: "PW803",
    name: "triggers-missing",
    category: Category::Context,
    reason: "a document that is loaded on demand and has no triggers is never loaded",
    page: page!("triggers-missing"),
    check: Check::Document(check),
    ..Rule::DEFAULT
};

fn check(doc: &DocumentView, _: &Context, findings: &mut Findings) {
    let document = doc.document();
    let Some(load) = document.field("context_load").next() else {
        return;
    };
    let word = load.to_lowercase().replace(['-', ' '], "_");
    let on_demand = ["on_demand", "ondemand", "demand", "on_trigger", "triggered", "when_relevant", "conditional"];
    let has_triggers = document.field("triggers").any(|trigger| !is_unsaid(trigger));
    if !on_demand.contains(&word.as_str()) || has_triggers || document.state.value.is_closed() {
        return;
    }
    let span = ["triggers", "ai.triggers", "context_load", "ai.context_load"]
        .iter()
        .find_map(|key| doc.front_matter(key))
        .unwrap_or_else(|| doc.title_span());
    findings
        .at(doc, span, format!("is loaded `{load}` and names no triggers"))
        .help("list under `triggers` the words at which the document is wanted");
}
