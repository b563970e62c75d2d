use planwright_model::{DocumentState, Level, Progress};

use crate::config::Context;
use crate::coverage::{Feature, features};
use crate::document::DocumentView;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::project::{Doc, Project};
use crate::rule::{Category, Check, Rule, page};
use crate::text::{is_sentence, short};

pub(super) static RULE: Rule = Rule {
    code: "PW205",
    name: "all-items-done",
    category: Category::State,
    level: Some(Level::Warning),
    reason: "a finished plan that still counts as active hides the ones that are",
    page: page!("all-items-done"),
    yields_to: &["folder-disagrees"],
    check: Check::All(&[Check::Document(alone), Check::Project(check)]),
    ..Rule::DEFAULT
};

fn check(project: &Project<'_>, findings: &mut Findings) {
    for feature in features(project) {
        of_feature(&feature, findings);
    }
}

fn alone(doc: &DocumentView, _: &Context, findings: &mut Findings) {
    let document = doc.document();
    let native = document.state.native.as_deref().unwrap_or_default();
    // A sentence tells more than a state, and may well tell why.
    if doc.diagnostics(RULE.name).next().is_some() && !is_sentence(native) {
        let native = short(native);
        let message = match document.progress.total {
            1 => format!("says `{native}`, and its only task is done"),
            total => format!("says `{native}`, and all {total} tasks are done"),
        };
        findings
            .at(doc, doc.state_span(), message)
            .help("set the state to done, or add the task that is missing");
    }
}

/// A specification says that it is a draft while all the tasks of its feature are done.
fn of_feature(feature: &Feature<'_>, findings: &mut Findings) {
    let is_open = |doc: &&Doc<'_>| {
        let facts = doc.facts();
        matches!(facts.state, DocumentState::Draft | DocumentState::Active) && !is_sentence(facts.native())
    };
    let mut specs = feature.sources.iter().filter(|doc| doc.facts().kind == "spec");
    let (Some(spec), Some(list)) = (specs.find(is_open), feature.tasks.first()) else {
        return;
    };
    let mut sum = Progress::default();
    for doc in &feature.tasks {
        let Facts { said, progress, .. } = doc.facts();
        // A list with tasks of which nobody says how far they are is not done.
        if said.total < progress.total {
            return;
        }
        sum.done += said.done;
        sum.total += said.total;
    }
    // Where the plan has boxes of its own that are open, two lists disagree and nothing is sure.
    let is_planned = feature.sources.iter().any(|doc| {
        let facts = doc.facts();
        facts.holds_work && facts.progress.done < facts.progress.total
    });
    if sum.total < 2 || sum.done < sum.total || is_planned {
        return;
    }
    let native = short(spec.facts().native());
    let message = match feature.tasks.len() {
        1 => format!("says `{native}`, and all {} tasks of `{}` are done", sum.total, list.path()),
        lists => format!("says `{native}`, and all {} tasks of its {lists} lists are done", sum.total),
    };
    findings
        .at_spot(spec.path(), spec.facts().stated, message)
        .help("set the state to what holds now, or add the task that is missing")
        .label_spot(list.path(), list.facts().title, "all done");
}
