use std::collections::BTreeMap;

use planwright_model::DocumentState;

use crate::finding::Findings;
use crate::project::{Doc, Project};
use crate::rule::{Category, Check, Rule, Setting, Value, page};
use crate::text::counted;

/// How many of the others a finding points at.
const SHOWN: usize = 3;

pub(super) static RULE: Rule = Rule {
    code: "PW211",
    name: "too-many-active",
    category: Category::State,
    level: None,
    reason: "a team that does one thing at a time has to see when it does two",
    page: page!("too-many-active"),
    settings: &[Setting {
        name: "limit",
        default: Value::Number(1),
        help: "how many plans may be active at a time",
    }],
    check: Check::Project(check),
    ..Rule::DEFAULT
};

fn check(project: &Project<'_>, findings: &mut Findings) {
    let limit = project.context().number(&RULE, "limit") as usize;
    // The plan and the tasks of one feature are one undertaking.
    let mut active: BTreeMap<&str, Doc<'_>> = BTreeMap::new();
    for doc in project.docs() {
        let facts = doc.facts();
        if facts.holds_work && !facts.archived && facts.state == DocumentState::Active {
            active.entry(&facts.initiative).or_insert(doc);
        }
    }
    if active.len() <= limit {
        return;
    }
    for doc in active.values() {
        let plans = counted(active.len(), "plan is", "plans are");
        let message = format!("{plans} active, and {limit} may be");
        let finding = findings.at_spot(doc.path(), doc.facts().stated, message);
        finding.help("pause those that wait, and close those that are done");
        for other in active.values().filter(|other| other.path() != doc.path()).take(SHOWN) {
            finding.label_spot(other.path(), other.facts().stated, "active too");
        }
    }
}
