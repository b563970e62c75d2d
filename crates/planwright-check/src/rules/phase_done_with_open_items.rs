use planwright_model::{Item, ItemState};

use crate::config::Context;
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::rule::{Category, Check, Rule, page};
use crate::text::{counted, short};

/// How many open tasks a finding points at.
const SHOWN: usize = 3;

pub(super) static RULE: Rule = Rule {
    code: "PW206",
    name: "phase-done-with-open-items",
    category: Category::State,
    reason: "either the phase is not done or its boxes were never ticked",
    page: page!("phase-done-with-open-items"),
    archived: true,
    check: Check::Document(check),
    ..Rule::DEFAULT
};

fn check(doc: &DocumentView, _: &Context, findings: &mut Findings) {
    let document = doc.document();
    for phase in document.phases.iter().filter(|phase| phase.state == Some(ItemState::Done)) {
        let work = document.items.iter().filter(|item| {
            // What has no box cannot be ticked.
            item.role.is_work() && item.mark.is_some() && item.line > phase.line && item.line <= phase.end_line
        });
        let work: Vec<&Item> = work.collect();
        let open: Vec<&Item> = work.iter().copied().filter(|item| !item.state.is_closed()).collect();
        if open.is_empty() {
            continue;
        }
        let native = short(phase.native.as_deref().unwrap_or("done"));
        let are = if open.len() == 1 { "is" } else { "are" };
        let message = format!(
            "this phase says `{native}`, and {} of {} {are} open",
            open.len(),
            counted(work.len(), "task", "tasks"),
        );
        let finding = findings.at(doc, doc.line_span(phase.line), message);
        finding.help("tick what is done, cancel what will not be, or take the mark off the heading");
        // What is put off to later may stay open.
        finding.sure_if(!open.iter().all(|item| doc.is_put_off(item)));
        for item in open.into_iter().take(SHOWN) {
            finding.label(doc, doc.item_span(item), "open");
        }
    }
}
