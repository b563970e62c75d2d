use std::collections::BTreeSet;

use crate::coverage::{Citation, Feature, Id, citations, features, ids};
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::project::Project;
use crate::rule::{Category, Check, Rule, page};
use crate::text::short;

pub(super) static RULE: Rule = Rule {
    code: "PW703",
    name: "story-without-tasks",
    category: Category::Coverage,
    reason: "a story that no phase and no task serves will not be told",
    page: page!("story-without-tasks"),
    check: Check::Project(check),
    ..Rule::DEFAULT
};

/// What a story says of itself that asks for no tasks any more, or not yet.
const EXCUSES: [&str; 6] = ["complete", "done", "out of scope", "deferred", "future", "descoped"];

fn check(project: &Project<'_>, findings: &mut Findings) {
    for feature in features(project) {
        let served = ids(&feature.tasks);
        let sorted = sorted_by(&feature);
        let specs = feature.sources.iter().filter(|doc| doc.document().kind == "spec");
        for doc in specs.filter(|doc| !doc.document().state.value.is_closed()) {
            let stories = stories(doc);
            let unserved: Vec<_> = stories.iter().filter(|(story, _)| !served.contains(&story.id)).collect();
            // Tasks that are not sorted by stories may well serve one that they do not name.
            let is_sorted = stories.iter().filter(|(story, _)| sorted.contains(&story.id)).count() * 2 >= stories.len();
            if !is_sorted {
                continue;
            }
            for (story, text) in unserved {
                let lower = text.to_lowercase();
                if EXCUSES.iter().any(|excuse| lower.contains(excuse)) {
                    continue;
                }
                let name = doc.text(story.span);
                findings
                    .at(doc, story.span, format!("no task serves `{name}` ({})", short(text)))
                    .help(format!(
                        "add its tasks with `[US{}]`, or say in the specification that it is out of scope",
                        story.id.number
                    ));
            }
        }
    }
}

/// The stories by which tasks are sorted: those that headings name, and marks like `[US1]`.
fn sorted_by(feature: &Feature<'_>) -> BTreeSet<Id> {
    let mut sorted = BTreeSet::new();
    for doc in &feature.tasks {
        let is_mark = |one: &Citation| {
            let line = doc.text(doc.line_span(doc.line(one.span.start)));
            line.starts_with('#') || line.starts_with("**") || line.contains("[US") || line.contains("[Story")
        };
        sorted.extend(citations(doc).into_iter().filter(is_mark).map(|one| one.id));
    }
    sorted
}

/// The stories that a specification tells, each once.
fn stories(doc: &DocumentView) -> Vec<(Citation, &str)> {
    let all = citations(doc);
    let mut stories: Vec<(Citation, &str)> = doc
        .document()
        .requirements
        .iter()
        .filter_map(|story| {
            let mut cited = all.iter().filter(|one| doc.line(one.span.start) == story.line);
            let stated = cited.find(|one| one.id.prefix == "US")?;
            Some((stated.clone(), story.text.as_str()))
        })
        .collect();
    stories.dedup_by(|a, b| a.0.id == b.0.id);
    stories
}
