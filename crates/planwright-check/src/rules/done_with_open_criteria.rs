use std::collections::BTreeMap;

use planwright_model::{DocumentState, ItemRole};
use serde::{Deserialize, Serialize};

use crate::document::DocumentView;
use crate::finding::{Findings, Spot};
use crate::project::{Doc, Project};
use crate::rule::{Category, Check, Rule, page};
use crate::text::{is_plain_state, short};

/// How many open criteria a finding points at.
const SHOWN: usize = 3;

/// So many finished tasks that have all their criteria ticked show that they are ticked here.
const MANY: usize = 3;

pub(super) static RULE: Rule = Rule {
    code: "PW216",
    name: "done-with-open-criteria",
    category: Category::State,
    reason: "either the task is not done or nobody looked whether it is right",
    page: page!("done-with-open-criteria"),
    archived: true,
    check: Check::Project(check),
    ..Rule::DEFAULT
};

fn check(project: &Project<'_>, findings: &mut Findings) {
    let mut kinds: BTreeMap<(&str, &str), (usize, Vec<Doc<'_>>)> = BTreeMap::new();
    for doc in project.docs() {
        let facts = doc.facts();
        if let Some(criteria) = &facts.claims.criteria {
            let (kept, open) = kinds.entry((doc.dialect(), facts.kind.as_str())).or_default();
            if criteria.open.is_empty() {
                *kept += 1;
            } else {
                open.push(doc);
            }
        }
    }
    for (kept, docs) in kinds.values() {
        // Where criteria are written down and never ticked, an open one tells nothing.
        let are_ticked = *kept >= MANY && *kept >= docs.len() * 4;
        for doc in docs {
            report(doc, are_ticked, findings);
        }
    }
}

/// The acceptance criteria of a task that says it is done.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Criteria {
    total: usize,
    open: Vec<Spot>,
    /// A note speaks of every open one.
    is_explained: bool,
}

impl Criteria {
    pub(super) fn of(doc: &DocumentView) -> Option<Self> {
        let document = doc.document();
        let said = document.stated_progress();
        // What is open beside them is told by the rule on tasks.
        let is_done = document.holds_work() && document.state.value == DocumentState::Done && said.done == said.total;
        if !is_done || !is_plain_state(document.state.native.as_deref()?) {
            return None;
        }
        let items = document.items.iter();
        let criteria = items.filter(|item| item.role == ItemRole::Criterion && item.mark.is_some());
        let (mut total, mut open, mut is_explained) = (0, Vec::new(), true);
        let text = doc.parsed().source.text().to_lowercase();
        for item in criteria {
            total += 1;
            if !item.state.is_closed() {
                open.push(doc.spot(doc.item_span(item)));
                is_explained &= doc.is_put_off(item) || is_spoken_of(&text, doc.text(doc.item_span(item)));
            }
        }
        (total > 0).then_some(Self { total, open, is_explained })
    }
}

/// True for a criterion with a number that a note comes back to: `AC #3 was superseded`, `(#6) not verified`.
fn is_spoken_of(text: &str, line: &str) -> bool {
    let behind = line.split_once("] #").map_or("", |(_, behind)| behind);
    let end = behind.find(|c: char| !c.is_ascii_digit()).unwrap_or(behind.len());
    let number = &behind[..end];
    let marks = ["ac #", "ac#", "ac", "(#", "criterion ", "criterion #"];
    !number.is_empty()
        && marks.iter().any(|mark| {
            let words = format!("{mark}{number}");
            let mut found = text.match_indices(&words).map(|(at, _)| &text[at + words.len()..]);
            found.any(|behind| !behind.starts_with(|c: char| c.is_ascii_digit()))
        })
}

fn report(doc: &Doc<'_>, is_sure: bool, findings: &mut Findings) {
    let facts = doc.facts();
    let Some(criteria) = &facts.claims.criteria else {
        return;
    };
    let native = short(facts.native());
    let (open, total) = (criteria.open.len(), criteria.total);
    let message = match (open, total) {
        (1, 1) => format!("says `{native}`, and its only acceptance criterion is open"),
        (1, _) => format!("says `{native}`, and 1 of {total} acceptance criteria is open"),
        _ => format!("says `{native}`, and {open} of {total} acceptance criteria are open"),
    };
    // A task of which most is ticked ticks its own.
    let finding = findings.at_spot(doc.path(), facts.stated, message);
    finding.help("tick what holds, strike out what no longer counts, or set the state back").sure_if(!criteria.is_explained && (is_sure || open * 2 <= total));
    for spot in criteria.open.iter().take(SHOWN) {
        finding.label_spot(doc.path(), *spot, "open");
    }
}

#[cfg(test)]
mod tests {
    use super::is_spoken_of;

    #[test]
    fn a_note_is_told_by_the_number_of_its_criterion() {
        let line = "- [ ] #3 The shelf holds";
        for (text, expected) in [
            ("ac #3 was waived", true),
            ("ac3 waived by the owner", true),
            ("the test (#3) comes later", true),
            ("ac #31 was waived", false),
            ("- [ ] #3 the shelf holds", false),
        ] {
            assert_eq!(is_spoken_of(text, line), expected, "{text}");
        }
        assert!(!is_spoken_of("ac #3 was waived", "- [ ] The shelf holds"));
    }
}
