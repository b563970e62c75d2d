use planwright_model::{Item, ItemRole, ItemState, Phase};

use crate::config::Context;
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::rule::{Category, Check, Rule, page};
use crate::text::{counted, short};

/// How many open gates a finding points at.
const SHOWN: usize = 3;

pub(super) static RULE: Rule = Rule {
    code: "PW602",
    name: "gate-skipped",
    category: Category::Governance,
    reason: "a gate that work passes while it is open guards nothing",
    page: page!("gate-skipped"),
    check: Check::Document(check),
    ..Rule::DEFAULT
};

fn check(doc: &DocumentView, _: &Context, findings: &mut Findings) {
    let document = doc.document();
    if !document.holds_work() {
        return;
    }
    let phases = &document.phases;
    for phase in phases {
        let gates: Vec<&Item> = document
            .items
            .iter()
            .filter(|item| is_open_gate(item) && item.phase == Some(phase.line))
            .collect();
        let Some(first) = gates.first() else {
            continue;
        };
        let later = |other: &&Phase| {
            other.line > phase.end_line && other.parent == phase.parent && !other.parallel
        };
        let passed = phases.iter().filter(later).find_map(|other| {
            let done = document.items.iter().find(|item| {
                item.role == ItemRole::Task
                    && item.state == ItemState::Done
                    && (other.line..=other.end_line).contains(&item.line)
            });
            done.map(|item| (other, item))
        });
        let Some((after, done)) = passed else {
            continue;
        };
        let gate = short(&first.text);
        let more = match gates.len() {
            1 => format!("the gate `{gate}` is open"),
            count => {
                let more = counted(count - 1, "more gate", "more gates");
                format!("the gate `{gate}` and {more} are open")
            }
        };
        let message = format!("{more}, and `{}` has begun", short(&after.title));
        let finding = findings.at(doc, doc.item_span(first), message);
        finding.help("tick the gate that was passed, or waive it with a reason (`[-]`)");
        for item in gates.iter().skip(1).take(SHOWN) {
            finding.label(doc, doc.item_span(item), "open as well");
        }
        finding.label(doc, doc.item_span(done), "done behind the gate");
    }
}

fn is_open_gate(item: &Item) -> bool {
    item.role == ItemRole::Gate && item.mark.is_some() && !item.state.is_closed()
}
