use planwright_model::{DocumentState, Level, Progress};

use crate::coverage::{Feature, features};
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::project::Project;
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
    check: Check::Project(check),
    ..Rule::DEFAULT
};

fn check(project: &Project<'_>, findings: &mut Findings) {
    for doc in project.documents() {
        alone(doc, findings);
    }
    for feature in features(project) {
        of_feature(&feature, findings);
    }
}

fn alone(doc: &DocumentView, findings: &mut Findings) {
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
    let is_open = |doc: &&&DocumentView| {
        let document = doc.document();
        let native = document.state.native.as_deref().unwrap_or_default();
        matches!(document.state.value, DocumentState::Draft | DocumentState::Active) && !is_sentence(native)
    };
    let mut specs = feature.sources.iter().filter(|doc| doc.document().kind == "spec");
    let (Some(spec), Some(list)) = (specs.find(is_open), feature.tasks.first()) else {
        return;
    };
    let mut sum = Progress::default();
    for doc in &feature.tasks {
        let said = doc.document().stated_progress();
        let progress = doc.document().progress;
        // A list with tasks of which nobody says how far they are is not done.
        if said.total < progress.total {
            return;
        }
        sum.done += said.done;
        sum.total += said.total;
    }
    // Where the plan has boxes of its own that are open, two lists disagree and nothing is sure.
    let is_planned = feature.sources.iter().any(|doc| {
        let progress = doc.document().progress;
        doc.document().holds_work() && progress.done < progress.total
    });
    if sum.total < 2 || sum.done < sum.total || is_planned {
        return;
    }
    let native = short(spec.document().state.native.as_deref().unwrap_or_default());
    let message = match feature.tasks.len() {
        1 => format!("says `{native}`, and all {} tasks of `{}` are done", sum.total, list.path()),
        lists => format!("says `{native}`, and all {} tasks of its {lists} lists are done", sum.total),
    };
    findings
        .at(spec, spec.state_span(), message)
        .help("set the state to what holds now, or add the task that is missing")
        .label_in(list.path(), list.title_span(), "all done");
}
