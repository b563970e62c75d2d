use planwright_model::Level;

use crate::config::Context;
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::rule::{Category, Check, Rule, page};
use crate::text::short;

pub(super) static RULE: Rule = Rule {
    code: "PW205",
    name: "all-items-done",
    category: Category::State,
    level: Some(Level::Warning),
    reason: "a finished plan that still counts as active hides the ones that are",
    page: page!("all-items-done"),
    check: Check::Document(check),
    ..Rule::DEFAULT
};

fn check(doc: &DocumentView, _: &Context, findings: &mut Findings) {
    // The reader decides whether it is so.
    if doc.diagnostics(RULE.name).next().is_some() {
        let document = doc.document();
        let native = short(document.state.native.as_deref().unwrap_or_default());
        let message = match document.progress.total {
            1 => format!("says `{native}`, and its only task is done"),
            total => format!("says `{native}`, and all {total} tasks are done"),
        };
        findings
            .at(doc, doc.state_span(), message)
            .help("set the state to done, or add the task that is missing");
    }
}
